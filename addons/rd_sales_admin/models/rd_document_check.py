# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

TODO = "mail.mail_activity_data_todo"


class RdDocumentCheck(models.Model):
    """The quarterly look into one box: is each paper there, and nothing else?"""

    _name = "rd.document.check"
    _description = "Check of a Box"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "quarter_date desc, place_id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    place_id = fields.Many2one(
        "rd.document.place",
        string="Box",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    quarter_date = fields.Date(
        string="Quarter",
        required=True,
        default=lambda self: self._get_quarter(self.env.company._rd_today()),
    )
    user_id = fields.Many2one(
        "res.users", string="Checked by", default=lambda self: self.env.user
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done")],
        required=True,
        default="open",
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("rd.document.check.line", "check_id", copy=False)
    extra_ids = fields.Many2many(
        "rd.document",
        "rd_document_check_extra_rel",
        "check_id",
        "document_id",
        string="Found here, but belongs elsewhere",
        check_company=True,
        copy=False,
    )
    done_date = fields.Datetime(readonly=True, copy=False)
    open_count = fields.Integer(string="Still to look for", compute="_compute_counts")
    fault_count = fields.Integer(
        string="Missing or misplaced", compute="_compute_counts"
    )

    _once = models.UniqueIndex(
        "(place_id, quarter_date)", "This box is checked in this quarter already."
    )
    _quarter_is_first = models.Constraint(
        "CHECK (EXTRACT(day FROM quarter_date) = 1 "
        "AND EXTRACT(month FROM quarter_date) IN (1, 4, 7, 10))",
        "A quarter begins on the first of January, April, July or October.",
    )

    @api.model
    def _get_quarter(self, day):
        """Return the first day of the quarter."""
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)

    @api.depends("place_id.complete_name", "quarter_date")
    def _compute_name(self):
        for check in self:
            day = check.quarter_date
            quarter = f"{day.year} Q{(day.month + 2) // 3}" if day else ""
            check.name = f"{check.place_id.complete_name or ''} {quarter}".strip()

    @api.depends("line_ids.result", "extra_ids")
    def _compute_counts(self):
        for check in self:
            results = check.line_ids.mapped("result")
            check.open_count = results.count("unseen")
            check.fault_count = (
                results.count("missing")
                + results.count("misplaced")
                + len(check.extra_ids)
            )

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {"done": ("open",)}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"name", "done_date"}

    def _check_frozen(self, names):
        if set(names) <= self._get_open_fields():
            return
        for check in self:
            if check.state == "done":
                raise UserError(
                    self.env._(
                        "%s is done and stays as it was found.", check.display_name
                    )
                )
            if {"place_id", "company_id", "quarter_date"} & set(names):
                raise UserError(
                    self.env._(
                        "%s keeps its box and quarter; make another check.",
                        check.display_name,
                    )
                )

    def _why_not(self, target):
        unseen = self.line_ids.filtered(lambda line: line.result == "unseen")
        if unseen:
            return self.env._(
                "%(count)s papers have not been looked for yet, first %(paper)s.",
                count=len(unseen),
                paper=unseen[0].document_id.display_name,
            )
        return super()._why_not(target)

    def _prepare_transition_values(self, target):
        values = super()._prepare_transition_values(target)
        return {**values, "done_date": fields.Datetime.now()}

    def _after_transition(self, target):
        res = super()._after_transition(target)
        self.sudo().activity_ids.action_feedback()
        for check in self:
            check.line_ids._report()
            for document in check.extra_ids:
                document._note_located("misplaced", check._get_extra_task(document))
        return res

    def _get_extra_task(self, document):
        return self.env._(
            "Put %(paper)s back to %(place)s; it was in %(box)s.",
            paper=document.display_name,
            place=document.place_id.complete_name or self.env._("its place"),
            box=self.place_id.complete_name,
        )

    @api.model_create_multi
    def create(self, vals_list):
        checks = super().create(vals_list)
        checks._add_lines()
        return checks

    def _add_lines(self):
        """List what should be in the box."""
        for check in self:
            documents = self.env["rd.document"].search(
                [
                    ("place_id", "child_of", check.place_id.ids),
                    ("company_id", "=", check.company_id.id),
                ],
                order="name",
            )
            # The list follows from the register; nobody types it.
            self.env["rd.document.check.line"].sudo()._as_internal().create(
                [
                    {"check_id": check.id, "document_id": document.id}
                    for document in documents
                ]
            )

    def action_all_found(self):
        """Say that all that is still to be looked for is here."""
        self.check_access("write")
        lines = self.line_ids.filtered(lambda line: line.result == "unseen")
        return lines.action_found()

    def action_done(self):
        """End the check: what is missing or misplaced becomes a task."""
        self.check_access("write")
        self._move_to("done")
        return True

    # ------------------------------------------------------------------
    # The schedule
    # ------------------------------------------------------------------
    @api.model
    def _open_sessions(self, company):
        """Open this quarter's check of each box that holds papers; once."""
        quarter = self._get_quarter(company._rd_today())
        groups = self.env["rd.document"]._read_group(
            [("company_id", "=", company.id), ("place_id", "!=", False)], ["place_id"]
        )
        places = self.env["rd.document.place"]
        for (place,) in groups:
            places |= place._get_checked_place()
        known = self.search(
            [("company_id", "=", company.id), ("quarter_date", "=", quarter)]
        ).place_id
        made = self.create(
            [
                {
                    "company_id": company.id,
                    "place_id": place.id,
                    "quarter_date": quarter,
                    "user_id": place.user_id.id,
                }
                for place in places - known
            ]
        )
        for check in made.filtered("user_id"):
            check.activity_schedule(
                TODO,
                date_deadline=fields.Date.add(quarter, months=3, days=-1),
                summary=self.env._("Check %s", check.name),
                user_id=check.user_id.id,
            )
        return made
