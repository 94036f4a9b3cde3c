# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdDocumentCheckLine(models.Model):
    """One paper that should be in the box."""

    _name = "rd.document.check.line"
    _description = "Paper Looked For"
    _inherit = ["rd.guarded.mixin"]
    _order = "check_id, id"
    _rec_name = "document_id"

    check_id = fields.Many2one(
        "rd.document.check", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="check_id.state")
    company_id = fields.Many2one(related="check_id.company_id", store=True, index=True)
    document_id = fields.Many2one(
        "rd.document", string="Paper", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(related="document_id.name")
    title = fields.Char(related="document_id.title")
    partner_id = fields.Many2one(related="document_id.partner_id")
    result = fields.Selection(
        [
            ("unseen", "To look for"),
            ("found", "Found"),
            ("missing", "Missing"),
            ("misplaced", "Misplaced"),
        ],
        required=True,
        default="unseen",
    )
    found_place_id = fields.Many2one(
        "rd.document.place", string="Was in", ondelete="restrict"
    )
    note = fields.Char()

    _once = models.UniqueIndex(
        "(check_id, document_id)", "This paper is on the list already."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"check_id", "document_id", "company_id"}

    def write(self, vals):
        self.check_id._check_frozen(["line_ids"])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_checked(self):
        self.check_id._check_frozen(["line_ids"])

    @api.constrains("found_place_id", "check_id")
    def _check_place(self):
        for line in self:
            place = line.found_place_id
            if place and place.company_id != line.company_id:
                raise UserError(
                    self.env._("%s belongs to another company.", place.complete_name)
                )

    def action_found(self):
        """The paper is where it belongs."""
        return self._say("found")

    def action_missing(self):
        """The paper is not in the box and was not found elsewhere."""
        return self._say("missing")

    def action_misplaced(self):
        """The paper was found, but not where it belongs."""
        return self._say("misplaced")

    def _say(self, result):
        self.check_access("write")
        self.write({"result": result})
        return True

    def _report(self):
        """Note on each paper what was found, and make tasks of the differences."""
        for line in self:
            line.document_id._note_located(line.result, line._get_task())

    def _get_task(self):
        document = self.document_id
        return f"{self._get_sentence(document)} {self.note or ''}".strip()

    def _get_sentence(self, document):
        box = document.place_id.complete_name or ""
        if self.result == "missing":
            return self.env._(
                "Look for %(paper)s: not in %(box)s.",
                paper=document.display_name,
                box=box,
            )
        return self.env._(
            "Put %(paper)s back to %(box)s; it was in %(found)s.",
            paper=document.display_name,
            box=box,
            found=self.found_place_id.complete_name or self.env._("another place"),
        )
