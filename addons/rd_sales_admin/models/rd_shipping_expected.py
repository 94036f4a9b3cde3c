# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.flags import flag_search

TODO = "mail.mail_activity_data_todo"


class RdShippingExpected(models.Model):
    """A list that a warehouse owes for a period: here, missing, or not needed.

    It is here once lists that were checked cover every day of the period. A missing
    one is reminded from its due day on, once a day, and told to a supervisor later.
    """

    _name = "rd.shipping.expected"
    _description = "Expected Shipping List"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date_due desc, warehouse_id, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        index=True,
        ondelete="cascade",
    )
    date_from = fields.Date(string="First day", required=True)
    date_to = fields.Date(string="Last day", required=True)
    date_due = fields.Date(string="Due", required=True)
    state = fields.Selection(
        [
            ("expected", "Expected"),
            ("received", "Received"),
            ("waived", "Nothing shipped"),
        ],
        default="expected",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    late = fields.Boolean(
        compute="_compute_late", search="_search_late", help="Due and not here."
    )
    reason = fields.Char(
        readonly=True, copy=False, help="Why no list is to come for the period."
    )
    reminded_date = fields.Date(string="Last reminded", readonly=True, copy=False)
    reminder_count = fields.Integer(string="Reminders", readonly=True, copy=False)
    escalated_date = fields.Date(string="Supervisor told", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(warehouse_id, date_from)", "The list of this period is already expected."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to AND date_to <= date_due)",
        "A list is due after its period.",
    )

    @api.depends("warehouse_id.name", "date_from", "date_to")
    def _compute_name(self):
        for item in self:
            item.name = (
                f"{item.warehouse_id.name or ''} {item.date_from}–{item.date_to}"
            )

    @api.depends("state", "date_due", "company_id")
    def _compute_late(self):
        for item in self:
            today = item.company_id._rd_today()
            item.late = bool(item.state == "expected" and item.date_due <= today)

    @api.model
    @flag_search
    def _search_late(self):
        past = self.env["res.company"]._rd_compare_today("date_due", "<=")
        return past & Domain("state", "=", "expected")

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "received": ("expected",),
            "waived": ("expected",),
            "expected": ("received", "waived"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "company_id",
            "warehouse_id",
            "date_from",
            "date_to",
            "date_due",
            "reason",
            "reminded_date",
            "reminder_count",
            "escalated_date",
        }

    def action_waive(self, reason=None):
        """Say that nothing was shipped in the period, so that no list comes.

        :raise UserError: without a reason
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why no list comes for %s.", self[:1].display_name)
            )
        self._move_to("waived", {"reason": reason.strip()})
        return True

    def action_nothing_shipped(self):
        """Say with one tap that nothing left the warehouse in the period."""
        return self.action_waive(self.env._("Nothing was shipped."))

    def action_expect_again(self):
        """Expect the list after all."""
        self.check_access("write")
        self.filtered(lambda item: item.state == "waived")._move_to(
            "expected", {"reason": False}
        )
        self._note_received()
        return True

    def _after_transition(self, target):
        if target != "expected":
            planned = self.sudo().filtered("activity_ids")
            planned.activity_feedback([TODO], only_automated=False)
            for item in self:
                closes = self.env["rd.close"].sudo()
                closes.search(
                    [("company_id", "=", item.company_id.id), ("state", "=", "open")]
                )._wake()
        return super()._after_transition(target)

    # ------------------------------------------------------------------
    # What is expected, and what has come
    # ------------------------------------------------------------------
    @api.model
    def _ensure(self, company):
        """Make the expectations of a company's warehouses up to today; return all."""
        # Nobody enters an expectation: it follows from what the warehouse agreed to.
        self = self.sudo()
        known = {
            (item.warehouse_id.id, item.date_from): item
            for item in self.search([("company_id", "=", company.id)])
        }
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id), ("rd_list_rhythm", "!=", False)]
        )
        values = [
            item
            for warehouse in warehouses
            for item in self._prepare_missing(company, warehouse, known)
        ]
        made = self._as_internal().create(values)
        made._note_received()
        return self.union(*known.values()) | made

    @api.model
    def _prepare_missing(self, company, warehouse, known):
        start = company.rd_start_date
        # A change of rhythm goes on where the last period ended.
        ends = [
            item.date_to
            for (house, _day), item in known.items()
            if house == warehouse.id
        ]
        if ends:
            start = max(ends) + timedelta(days=1)
        if not start:
            return []
        delay = timedelta(days=max(0, warehouse.rd_list_due_days))
        return [
            {
                "company_id": company.id,
                "warehouse_id": warehouse.id,
                "date_from": first,
                "date_to": last,
                "date_due": last + delay,
            }
            for first, last in warehouse._rd_get_list_periods(
                start, company._rd_today()
            )
        ]

    def _note_received(self):
        """Move to *received* what is covered by lists, and back what no longer is."""
        for item in self.filtered(lambda one: one.state != "waived"):
            item._move_to("received" if item._is_covered() else "expected")

    def _is_covered(self):
        """Tell whether checked lists of the warehouse cover each day of the period."""
        self.ensure_one()
        lists = self.env["rd.shipping.list"].search(
            [
                ("warehouse_id", "=", self.warehouse_id.id),
                ("state", "in", ("checked", "applied")),
                ("date_to", ">=", self.date_from),
                ("date_from", "<=", self.date_to),
            ],
            order="date_from, date_to",
        )
        day = self.date_from
        for one in lists:
            if one.date_from > day:
                return False
            day = max(day, one.date_to + timedelta(days=1))
        return day > self.date_to

    def _get_days_received(self):
        """Return ``{expectation: company's day on which the last list that its period
        needed was handed in}``; one that is not covered is left out."""
        found = {}
        for item in self.filtered(lambda one: one.state == "received"):
            lists = self.env["rd.shipping.list"].search(
                [
                    ("warehouse_id", "=", item.warehouse_id.id),
                    ("state", "in", ("checked", "applied")),
                    ("date_to", ">=", item.date_from),
                    ("date_from", "<=", item.date_to),
                    ("received_date", "!=", False),
                ],
                order="received_date, id",
            )
            open_days = {
                item.date_from + timedelta(days=number)
                for number in range((item.date_to - item.date_from).days + 1)
            }
            for one in lists:
                open_days = {
                    day for day in open_days if not one.date_from <= day <= one.date_to
                }
                if not open_days:
                    found[item] = item.company_id._rd_local_date(one.received_date)
                    break
        return found

    @api.model
    def _get_missing(self, company, until):
        """Return what is not here and begins by ``until``, oldest first."""
        return (
            self._ensure(company)
            .filtered(lambda item: item.state == "expected" and item.date_from <= until)
            .sorted(lambda item: (item.date_from, item.id))
        )

    # ------------------------------------------------------------------
    # Reminding
    # ------------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Remind of each list that is due and not here, once a day at most.

        Companies and lists are transactions of their own: a bad one stops no other.
        """
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        crons._rd_run_each(companies, self._ensure)
        waiting = self.search(
            [("company_id", "in", companies.ids), ("state", "=", "expected")]
        )
        due = waiting.filtered(lambda item: item._is_to_remind())
        crons._rd_run_each(due, lambda item: item._in_company_language()._remind())

    def _in_company_language(self):
        company = self.company_id
        return company._rd_in_language(self.with_company(company))

    def _is_to_remind(self):
        """Tell whether the list is due, not here and not reminded of today."""
        self.ensure_one()
        today = self.company_id._rd_today()
        return (
            self.state == "expected"
            and self.date_due <= today
            and self.reminded_date != today
        )

    def _remind(self):
        """Write to the warehouse's contacts, plan an activity, and note it."""
        self.ensure_one()
        if not self._is_to_remind():
            # It has come since it was looked for.
            return
        today = self.company_id._rd_today()
        self._as_internal().write(
            {"reminded_date": today, "reminder_count": self.reminder_count + 1}
        )
        for partner in self.warehouse_id.rd_list_contact_ids:
            translated = self.with_context(lang=partner.lang or self.env.lang)
            translated.message_post(
                body=translated._get_reminder(),
                partner_ids=partner.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        user = self.warehouse_id.rd_list_user_id
        if user and user not in self.activity_ids.user_id:
            self._plan(user, self.env._("Ask for the list of %s", self.name))
        self._escalate(today)

    def _get_reminder(self):
        return self.env._(
            "The shipping list of %(warehouse)s for %(first)s to %(last)s was due on "
            "%(due)s and has not come. Please send it, or say that nothing was "
            "shipped.",
            warehouse=self.warehouse_id.name,
            first=self.date_from,
            last=self.date_to,
            due=self.date_due,
        )

    def _escalate(self, today):
        """Tell a supervisor, once, of a list that is missing for too long."""
        patience = timedelta(days=max(0, self.warehouse_id.rd_list_escalation_days))
        if self.escalated_date or self.date_due + patience > today:
            return
        supervisor = self.company_id._rd_get_supervisors()[:1]
        if supervisor:
            self._as_internal().write({"escalated_date": today})
            self._plan(supervisor, self.env._("List still missing: %s", self.name))

    def _plan(self, user, summary):
        self.activity_schedule(
            TODO, date_deadline=self.date_due, summary=summary, user_id=user.id
        )
