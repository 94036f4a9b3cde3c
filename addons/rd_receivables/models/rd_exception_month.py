# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

PDF = "rd_receivables.action_report_exceptions"
XLSX = "rd_receivables.action_report_exceptions_xlsx"
# What is kept of each exception, in the order in which it is printed.
NAMES = (
    ("customer", "text", 13),
    ("rule", "text", 8),
    ("reason", "text", 25),
    ("currency", "text", 5),
    ("amount", "money", 9),
    ("found", "date", 8),
    ("owner", "text", 7),
    ("decision", "text", 10),
    ("outcome", "text", 15),
)


class RdExceptionMonth(models.Model):
    """The exceptions of a month, for the supervisor; it is made once and stays.

    What was found in the month, what was open before, and how each stood at its end.
    """

    _name = "rd.exception.month"
    _description = "Monthly Exception Report"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.guarded.mixin"]
    _order = "month desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    month = fields.Date(required=True, help="First day of the calendar month.")
    name = fields.Char(compute="_compute_name", store=True)
    made_date = fields.Datetime(string="Made on", required=True)
    rows = fields.Json(readonly=True)
    found_count = fields.Integer(string="Found in the month")
    before_count = fields.Integer(string="Open before")
    done_count = fields.Integer(string="Done")
    closed_count = fields.Integer(string="Closed by itself")
    left_count = fields.Integer(string="Not over at its end")

    _month_once = models.UniqueIndex(
        "(company_id, month)", "The exception report of this month is already there."
    )

    @api.depends("month")
    def _compute_name(self):
        for record in self:
            record.name = record.month.strftime("%Y-%m") if record.month else ""

    @api.model
    def _get_guarded_fields(self):
        own = {
            name
            for name in self._get_stored_names()
            if not name.startswith(("message_", "activity_", "my_activity"))
            and name not in ("website_message_ids", "rating_ids")
        }
        return super()._get_guarded_fields() | own

    @api.model_create_multi
    def create(self, vals_list):
        """Take reports from the calendar only."""
        if not self._is_internal():
            raise UserError(
                self.env._("The exception report of a month is made by the system.")
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The exception report of a month stays."))

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    @api.model
    def _cron_make(self):
        """Make the report of the month before, once, and hand it to the supervisor.

        It catches up after days or months in which nothing ran.
        """
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        self.env["ir.cron"]._rd_run_each(
            companies, lambda company: self._make_for(company)
        )

    @api.model
    def _make_for(self, company):
        own = self.with_company(company).with_context(
            lang=company.partner_id.lang or self.env.lang
        )
        last = company._rd_today().replace(day=1) - relativedelta(months=1)
        month = own._get_first_missing(company, last)
        while month <= last:
            own._make(company, month)._hand_over()
            month += relativedelta(months=1)

    @api.model
    def _get_first_missing(self, company, last):
        """Return the first month without a report: after the newest one, else that of
        the first exception, and never before the company began."""
        newest = self.search(
            [("company_id", "=", company.id)], order="month desc", limit=1
        )
        if newest:
            return newest.month + relativedelta(months=1)
        found = self.env["rd.receivable.exception"].search(
            [("company_id", "=", company.id)], order="raised_date", limit=1
        )
        first = min(found.raised_date or last, last).replace(day=1)
        return max(first, company.rd_start_date.replace(day=1))

    @api.model
    def _make(self, company, month):
        """Return the report of a month; its rows are kept as they are now."""
        last = month + relativedelta(months=1, days=-1)
        found = self._get_exceptions(company, month, last)
        states = {record: record._get_state_at(last) for record in found}
        return (
            self.sudo()
            ._as_internal()
            .create(
                {
                    "company_id": company.id,
                    "month": month,
                    "made_date": fields.Datetime.now(),
                    "rows": [
                        self._prepare_row(record, states[record]) for record in found
                    ],
                    "found_count": sum(one.raised_date >= month for one in found),
                    "before_count": sum(one.raised_date < month for one in found),
                    "done_count": list(states.values()).count("done"),
                    "closed_count": list(states.values()).count("closed"),
                    "left_count": list(states.values()).count("live"),
                }
            )
        )

    @api.model
    def _get_exceptions(self, company, first, last):
        """Return what was found by the end of the month and not over before it."""
        found = self.env["rd.receivable.exception"].search(
            [("company_id", "=", company.id), ("raised_date", "<=", last)],
            order="partner_id, raised_date, id",
        )
        return found.filtered(
            lambda one: (one.done_date or one.closed_date or last) >= first
        )

    @api.model
    def _prepare_row(self, record, state):
        labels = {
            name: dict(record._fields[name]._description_selection(self.env))
            for name in ("code", "decision")
        }
        return {
            "id": record.id,
            "state": state,
            "customer": record.partner_id.name or "",
            "rule": labels["code"][record.code],
            "reason": record.reason,
            "currency": record.currency_id.name,
            "amount": record.amount or record.raised_amount,
            "places": record.currency_id.decimal_places,
            "found": str(record.raised_date),
            "owner": record.user_id.name or "",
            "decision": labels["decision"].get(record.decision, ""),
            "outcome": self._get_outcome(record, state),
        }

    @api.model
    def _get_outcome(self, record, state):
        if state == "done":
            return record.result or ""
        if state == "closed":
            return record.closed_reason or ""
        if record.decided_date:
            return self.env._("decided, not done")
        if record.deadline:
            return self.env._("to decide by %(day)s", day=record.deadline)
        return ""

    def _hand_over(self):
        """Keep paper and workbook on the record, and tell the supervisors."""
        self.ensure_one()
        supervisors = self.company_id._rd_get_supervisors()
        reports = self.env["ir.actions.report"].sudo()
        base = self._get_report_base_filename()
        workbook = reports._render_xlsx(XLSX, self.ids, {})[0]
        paper, kind = reports._render_qweb_pdf(PDF, self.ids)
        files = [(f"{base}.xlsx", workbook), (f"{base}.{kind}", paper)]
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "datas": base64.b64encode(data),
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, data in files
            ]
        )
        self.message_post(
            body=self._get_summary(),
            partner_ids=supervisors[:1].partner_id.ids,
            attachment_ids=attachments.ids,
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Exceptions of %(month)s", month=self.name),
            note=self._get_summary(),
            user_id=(supervisors[:1] or self.env.user).id,
        )

    def _get_summary(self):
        """Return the month in one sentence."""
        self.ensure_one()
        return self.env._(
            "Exceptions of %(month)s: %(found)s found and %(before)s open before; "
            "%(done)s done, %(closed)s closed by themselves, %(left)s not over.",
            month=self.name,
            found=self.found_count,
            before=self.before_count,
            done=self.done_count,
            closed=self.closed_count,
            left=self.left_count,
        )

    def action_view_exceptions(self):
        """Open the exceptions of the report, as they are now."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_receivables.rd_receivable_exception_action"
        )
        action["domain"] = [("id", "in", [row["id"] for row in self.rows or []])]
        action["context"] = {}
        action.pop("path", None)
        return action

    # ------------------------------------------------------------------
    # Printing
    # ------------------------------------------------------------------
    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Exceptions %(month)s", month=self.name)

    def _get_labels(self):
        """Return the header of each column."""
        return {
            "customer": self.env._("Customer"),
            "rule": self.env._("Rule"),
            "reason": self.env._("Reason"),
            "currency": self.env._("Currency"),
            "amount": self.env._("Amount"),
            "found": self.env._("Found on"),
            "owner": self.env._("Owner"),
            "decision": self.env._("Decision"),
            "outcome": self.env._("What came of it"),
        }

    def _get_values(self):
        """Return the kept rows in the order of the columns."""
        self.ensure_one()
        return [[row[name] for name, *_rest in NAMES] for row in self.rows or []]

    def _prepare_print_data(self):
        """Return every word and figure of the paper, in the reader's language."""
        self.ensure_one()
        labels = self._get_labels()
        return {
            "title": self.env._("Monthly exception report"),
            "heads": [
                (self.env._("Company"), self.company_id.name),
                (self.env._("Month"), self.name),
            ],
            "summary": self._get_summary(),
            "columns": [(labels[name], kind, width) for name, kind, width in NAMES],
            "rows": [self._format_row(row) for row in self.rows or []],
            "signs": [self.env._("Made by"), self.env._("Seen by")],
        }

    def _format_row(self, row):
        return [
            formatLang(self.env, row[name], digits=row["places"])
            if kind == "money"
            else str(row[name])
            for name, kind, _width in NAMES
        ]
