# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

SNAPSHOT = ("number", "title", "paper_date", "kept_until", "place_name", "checksums")


class RdDocumentDestructionLine(models.Model):
    """One paper of a destruction list, as it was when it was destroyed."""

    _name = "rd.document.destruction.line"
    _description = "Paper to be Destroyed"
    _inherit = ["rd.guarded.mixin"]
    _order = "destruction_id, document_id"
    _rec_name = "document_id"

    destruction_id = fields.Many2one(
        "rd.document.destruction", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="destruction_id.company_id", store=True, index=True
    )
    document_id = fields.Many2one(
        "rd.document", string="Paper", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="document_id.kind")
    retain_until = fields.Date(related="document_id.retain_until")
    number = fields.Char(readonly=True)
    title = fields.Char(readonly=True)
    paper_date = fields.Date(readonly=True)
    kept_until = fields.Date(readonly=True)
    place_name = fields.Char(readonly=True)
    checksums = fields.Text(readonly=True)

    _paper_once = models.UniqueIndex(
        "(destruction_id, document_id)", "This paper is on the list already."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | set(SNAPSHOT)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        res = super().write(vals)
        self._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_on(self):
        self._check_draft()

    def _check_draft(self):
        """A list that was handed on keeps its papers."""
        if not self._is_internal():
            self.destruction_id._check_frozen(["line_ids"])
        for line in self:
            if line.document_id.company_id != line.company_id:
                raise UserError(
                    self.env._(
                        "%s belongs to another company.", line.document_id.display_name
                    )
                )

    def _keep_protocol(self):
        """Write down what each paper was, before it is gone."""
        for line in self:
            line._as_internal().write(line._prepare_snapshot())

    def _prepare_snapshot(self):
        document = self.document_id
        sums = document.version_ids.filtered("checksums").mapped(
            lambda version: f"{version.label}: {version.checksums}"
        )
        return {
            "number": document.name,
            "title": document.title,
            "paper_date": document.date,
            "kept_until": document.retain_until,
            "place_name": document.place_id.complete_name,
            "checksums": "\n".join(sums),
        }

    def _get_protocol_row(self):
        """Return number, title and dates of the paper for the printed protocol."""
        done = self.destruction_id.state == "done"
        values = (
            {name: self[name] for name in SNAPSHOT}
            if done
            else self._prepare_snapshot()
        )
        return {
            "kind": dict(self._fields["kind"]._description_selection(self.env)).get(
                self.kind
            ),
            **values,
        }
