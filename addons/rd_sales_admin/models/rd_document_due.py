# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.flags import flag_search

TODO = "mail.mail_activity_data_todo"
# What is done for each company once a day, in this order.
DAILY = (
    ("papers", "rd.document.due", "_refresh"),
    ("remind", "rd.document.due", "_remind"),
    ("review", "rd.document", "_remind_reviews"),
    ("check", "rd.document.check", "_open_sessions"),
)


class RdDocumentDue(models.Model):
    """One paper that one record needs: here, missing, or not needed after all."""

    _name = "rd.document.due"
    _description = "Paper Due"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "date_due, id"
    _rec_name = "res_name"

    requirement_id = fields.Many2one(
        "rd.document.requirement",
        string="Paper",
        required=True,
        index=True,
        ondelete="cascade",
    )
    document_kind = fields.Selection(
        related="requirement_id.document_kind", store=True, string="Kind"
    )
    model_id = fields.Many2one(
        related="requirement_id.model_id", store=True, string="Of"
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    res_name = fields.Char(string="Record")
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", string="Brought by", index=True)
    date_due = fields.Date(string="Due", required=True, index=True)
    state = fields.Selection(
        [
            ("missing", "Missing"),
            ("filed", "Filed"),
            ("waived", "Not needed"),
        ],
        required=True,
        default="missing",
        copy=False,
        index=True,
        tracking=True,
    )
    document_id = fields.Many2one(
        "rd.document",
        string="Filed as",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    place_id = fields.Many2one(related="document_id.place_id")
    filed_date = fields.Date(string="Filed on", readonly=True, copy=False)
    reason = fields.Char(string="Why not needed", readonly=True, copy=False)
    reminded_date = fields.Date(string="Reminded", readonly=True, copy=False)
    late = fields.Boolean(compute="_compute_late", search="_search_late")

    _once = models.UniqueIndex(
        "(requirement_id, res_id, company_id)",
        "This paper of the record is already asked for.",
    )
    _of_record = models.Index("(res_model, res_id)")

    @api.depends("state", "date_due")
    def _compute_late(self):
        for due in self:
            today = due.company_id._rd_today()
            due.late = bool(due.state == "missing" and due.date_due < today)

    @api.model
    @flag_search
    def _search_late(self):
        past = self.env["res.company"]._rd_compare_today("date_due", "<")
        return past & Domain("state", "=", "missing")

    @api.depends("requirement_id.name", "res_name")
    def _compute_display_name(self):
        for due in self:
            due.display_name = f"{due.requirement_id.name}: {due.res_name or ''}"

    # ------------------------------------------------------------------
    # Workflow and guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "filed": ("missing", "waived"),
            "waived": ("missing",),
            "missing": ("waived", "filed"),
        }

    @api.model
    def _get_guarded_fields(self):
        names = self._get_stored_names() - {"user_id", "date_due"}
        kept = {
            name
            for name in names
            if name.startswith(("message_", "activity_", "my_activity", "rating_"))
            or name == "website_message_ids"
        }
        return super()._get_guarded_fields() | (names - kept)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_moved(self):
        """What is due follows from the record; it is waived, not deleted."""
        if not self._is_internal():
            raise UserError(
                self.env._(
                    "%s is needed; say that it is not, with the reason.",
                    self[:1].display_name,
                )
            )

    def action_waive(self, reason=None):
        """Say with a reason that the record needs no such paper.

        :raise UserError: without a reason
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why %s is not needed.", self[:1].display_name)
            )
        self._move_to("waived", {"reason": reason.strip()})
        return True

    def action_need_again(self):
        """Ask for the paper after all."""
        self.check_access("write")
        self.filtered(lambda due: due.state == "waived")._move_to(
            "missing", {"reason": False}
        )
        self._settle()
        return True

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target != "missing":
            planned = self.sudo().filtered("activity_ids")
            planned.activity_feedback([TODO], only_automated=False)
        return res

    # ------------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------------
    def action_file(self, files=None):
        """File scans or photos as this paper; it is here from now on.

        :param files: ``[{"name", "data"}]``, base64
        :raise UserError: without a readable file, or where the record is gone
        """
        self.check_access("write")
        documents = self.env["rd.document"]
        for due in self:
            papers = documents._decode_files(files or [])
            record = due._get_record()
            record.check_access("read")
            due._take(
                documents._file(
                    due.document_kind,
                    due.requirement_id.name,
                    papers,
                    record,
                    user_id=due.user_id.id or self.env.uid,
                )
            )
        return True

    def _get_record(self):
        self.ensure_one()
        model = self.env.get(self.res_model)
        record = model.browse(self.res_id).exists() if model is not None else None
        if not record:
            raise UserError(
                self.env._("The record of %s no longer exists.", self.display_name)
            )
        return record

    def _take(self, document):
        """Note that the paper is here."""
        for due in self.filtered(lambda one: one.state != "filed"):
            due._move_to(
                "filed",
                {
                    "document_id": document.id,
                    "filed_date": due.company_id._rd_today(),
                    "reason": False,
                },
            )

    def action_open(self):
        """Open the paper, or the record that waits for it."""
        self.ensure_one()
        record = self.document_id or self._get_record()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # Looking again
    # ------------------------------------------------------------------
    @api.model
    def _refresh(self, company, records=None):
        """Ask for what records need, drop what they no longer do, note what came.

        The number of queries does not depend on the number of records.

        :param records: look at these only
        """
        # What is needed follows from the records, not from who looks.
        self = self.sudo().with_company(company)
        requirements = self.env["rd.document.requirement"].search(
            [("company_id", "in", (False, company.id))]
        )
        if records is not None:
            requirements = requirements.filtered_domain([("model", "=", records._name)])
        made = self.browse()
        for requirement in requirements.with_company(company):
            if requirement._is_thread():
                made |= self._refresh_requirement(company, requirement, records)
        made._settle()
        return made

    @api.model
    def _refresh_requirement(self, company, requirement, records):
        """Return what is missing by one requirement, made where it was not there."""
        scope = Domain("requirement_id", "=", requirement.id)
        scope &= Domain("company_id", "=", company.id)
        domain = requirement._get_domain(company)
        if records is not None:
            scope &= Domain("res_id", "in", records.ids)
            domain &= Domain("id", "in", records.ids)
        needing = self.env[requirement.model].sudo().search(domain)
        known = self.search(scope)
        missing = known.filtered(lambda due: due.state == "missing")
        wanted, there = set(needing.ids), set(known.mapped("res_id"))
        gone = missing.filtered(lambda due: due.res_id not in wanted)
        new = needing.filtered(lambda record: record.id not in there)
        made = (
            self._as_internal()
            .with_context(tracking_disable=True)
            .create(requirement._prepare_dues(new))
        )
        gone._as_internal().unlink()
        return (missing - gone) | made.with_env(self.env)

    def _settle(self):
        """Note the papers that are here already: one query for all of them."""
        missing = self.filtered(lambda due: due.state == "missing")
        if not missing:
            return
        documents = self.env["rd.document"].search(
            [
                ("res_model", "in", list(set(missing.mapped("res_model")))),
                ("res_id", "in", missing.mapped("res_id")),
                ("state", "=", "filed"),
            ]
        )
        by_record = documents.grouped(lambda one: (one.res_model, one.res_id, one.kind))
        alone = missing._get_alone()
        for due in missing:
            found = by_record.get(
                (due.res_model, due.res_id, due.document_kind), documents.browse()
            )
            named = found.filtered(
                lambda one, due=due: one.title == due.requirement_id.name
            )
            if chosen := named[:1] or (due.requirement_id in alone and found[:1]):
                due._take(chosen)

    def _get_alone(self):
        """Return the requirements that alone ask for their kind of paper."""
        groups = self.env["rd.document.requirement"]._read_group(
            [("model", "in", list(set(self.mapped("res_model"))))],
            ["model", "document_kind"],
            ["id:recordset"],
        )
        alone = self.env["rd.document.requirement"]
        for _model, _kind, requirements in groups:
            if len(requirements) == 1:
                alone |= requirements
        return alone

    @api.model
    def _note_filed(self, documents):
        """Note for papers just filed what they were waited for."""
        linked = documents.filtered("res_id")
        if linked:
            self.sudo().search(
                [
                    ("state", "=", "missing"),
                    ("res_model", "in", list(set(linked.mapped("res_model")))),
                    ("res_id", "in", linked.mapped("res_id")),
                ]
            )._settle()

    # ------------------------------------------------------------------
    # Figures and reminders
    # ------------------------------------------------------------------
    @api.model
    def _get_completeness(self, company, until):
        """Return (papers here, papers due by ``until``); waived ones do not count."""
        groups = self._read_group(
            [
                ("company_id", "=", company.id),
                ("date_due", "<=", until),
                ("state", "in", ("missing", "filed")),
            ],
            ["state"],
            ["__count"],
        )
        counts = dict(groups)
        return counts.get("filed", 0), sum(counts.values())

    def _remind(self, company):
        """Ask each person once for all that is due and missing, and not asked yet."""
        today = company._rd_today()
        due = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "missing"),
                ("date_due", "<=", today),
                ("reminded_date", "=", False),
            ]
        )
        supervisor = company._rd_get_supervisors()[:1]
        told = self.browse()
        for user, papers in due.grouped(lambda one: one.user_id or supervisor).items():
            if not user or papers._is_being_asked(user):
                continue
            papers[0].activity_schedule(
                TODO,
                date_deadline=papers[0].date_due,
                summary=papers._get_reminder(),
                user_id=user.id,
            )
            told |= papers
        told._as_internal().write({"reminded_date": today})
        return told

    def _is_being_asked(self, user):
        """Tell whether the user still has a reminder before him; one is enough."""
        return bool(
            self.env["mail.activity"]
            .sudo()
            .search_count(
                [("res_model", "=", self._name), ("user_id", "=", user.id)], limit=1
            )
        )

    def _get_reminder(self):
        """Return the one sentence that asks for all of these papers."""
        if len(self) == 1:
            return self.env._("Bring %s", self.display_name)
        return self.env._(
            "Bring %(count)s papers, the first is %(paper)s; the others are among the "
            "missing papers",
            count=len(self),
            paper=self[0].display_name,
        )

    @api.model
    def _cron_papers(self):
        """Look at all papers of all companies: what is due, reviewed, checked.

        Each of it is a transaction of its own: a bad one stops no other.
        """
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        for step, model, method in DAILY:
            self.env["ir.cron"]._rd_run_each(
                companies, partial(self._run_daily, model, method), step=step
            )

    @api.model
    def _run_daily(self, model, method, company):
        """Call one of the daily methods for a company, in the company's language."""
        lang = company.partner_id.lang or self.env.lang
        model = self.env[model].with_company(company).with_context(lang=lang)
        getattr(model, method)(company)
