# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdDocumentDestruction(models.Model):
    """A list of papers whose time is over; approved by a second person it is done.

    What is left is the protocol: number, title, dates and check sums of each paper,
    who asked, who approved, when, and how.
    """

    _name = "rd.document.destruction"
    _description = "Destruction List"
    _inherit = ["mail.thread", "rd.workflow.mixin", "rd.approval.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Made on",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._rd_today(),
    )
    method = fields.Selection(
        [
            ("shred", "Shredded, files deleted"),
            ("burn", "Burnt, files deleted"),
            ("delete", "Files deleted (no paper)"),
        ],
        string="How",
        required=True,
        default="shred",
    )
    witness = fields.Char(help="Who is present besides the one who does it.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waits for approval"),
            ("done", "Destroyed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("rd.document.destruction.line", "destruction_id")
    line_count = fields.Integer(string="Papers", compute="_compute_line_count")
    asked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    done_date = fields.Datetime(string="Destroyed on", readonly=True, copy=False)

    @api.depends("date")
    def _compute_name(self):
        for record in self:
            record.name = self.env._("Destruction list of %s", record.date or "")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for record in self:
            record.line_count = len(record.line_ids)

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "waiting": ("draft",),
            "draft": ("waiting",),
            "done": ("waiting",),
            "cancelled": ("draft", "waiting"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "name",
            "date",
            "company_id",
            "asked_by_id",
            "approved_by_id",
            "done_date",
        }

    @api.model
    def _get_frozen_states(self):
        return ("waiting", "done", "cancelled")

    def _check_frozen(self, names):
        if set(names) <= self._get_open_fields():
            return
        for record in self:
            if record.state in self._get_frozen_states():
                raise UserError(
                    self.env._(
                        "%s has been handed on and stays as it is.", record.display_name
                    )
                )

    def _why_not(self, target):
        if target in ("waiting", "done"):
            kept = self.line_ids.document_id.filtered(lambda paper: not paper.free)
            if not self.line_ids:
                return self.env._("%s names no paper yet.", self.display_name)
            if kept:
                return kept[0]._get_why_kept()
        return super()._why_not(target)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_collect(self):
        """Put all papers on the list that no longer have to be kept."""
        self.check_access("write")
        for record in self:
            record._check_frozen(["line_ids"])
            free = self.env["rd.document"].search(
                [("free", "=", True), ("company_id", "=", record.company_id.id)]
            )
            self.env["rd.document.destruction.line"].create(
                [
                    {"destruction_id": record.id, "document_id": document.id}
                    for document in free - record.line_ids.document_id
                ]
            )
        return True

    def action_ask(self, reason=None):
        """Ask a second person to approve the list."""
        self.check_access("write")
        for record in self._move_to("waiting", {"asked_by_id": self.env.uid}):
            record._ask_approval(
                "destroy",
                self.env._(
                    "Destroy %(count)s papers: %(list)s",
                    count=record.line_count,
                    list=record.name,
                ),
                reason=reason,
                effects=record._get_effects(),
            )
        return True

    def _get_effects(self):
        return "\n".join(
            f"{paper.name} {paper.title} ({paper.retain_until})"
            for paper in self.line_ids.document_id
        )

    def action_cancel(self):
        """Give the list up; nothing is destroyed."""
        self.check_access("write")
        self._withdraw_approvals()
        self._move_to("cancelled")
        return True

    def _approved(self, approval):
        res = super()._approved(approval)
        # The one who approves answers for it; he need not be able to file.
        self.sudo()._destroy()
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        self.sudo()._move_to("draft")
        return res

    def _destroy(self):
        """Keep the protocol, destroy the papers, delete their files."""
        self.ensure_one()
        self.line_ids._keep_protocol()
        values = {"approved_by_id": self.env.uid, "done_date": fields.Datetime.now()}
        documents = self.line_ids.document_id
        self._move_to("done", values)
        documents._destroy(self)

    def _get_protocol_rows(self):
        """Return the rows of the protocol as they stand or will stand."""
        self.ensure_one()
        return [line._get_protocol_row() for line in self.line_ids]

    def _rd_prepare_paper(self):
        """Return all that is printed of the protocol, see ``rd.document.paper``."""
        self.ensure_one()
        return self.env["rd.document.paper"]._prepare_protocol(self)
