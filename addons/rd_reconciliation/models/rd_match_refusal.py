# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdMatchRefusal(models.Model):
    """A pair that a person has parted and that is not to be proposed again.

    It is kept by the delivery, so that it stands when the line is carried over,
    and by their row. Deleting it allows the pair again.
    """

    _name = "rd.match.refusal"
    _description = "Parted Pair"
    _inherit = ["rd.guarded.mixin"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Affiliate", required=True, index=True, ondelete="cascade"
    )
    source_kind = fields.Integer(required=True)
    source_id = fields.Integer(required=True)
    ours_text = fields.Char(string="Our line", required=True)
    ledger_line_id = fields.Many2one(
        "rd.ledger.line",
        string="Their line",
        required=True,
        index=True,
        ondelete="cascade",
    )

    _pair_unique = models.UniqueIndex(
        "(source_kind, source_id, ledger_line_id)",
        "These two are already parted.",
    )

    @api.depends("ours_text", "ledger_line_id.display_name")
    def _compute_display_name(self):
        for refusal in self:
            theirs = refusal.ledger_line_id.display_name or ""
            refusal.display_name = f"{refusal.ours_text} ≠ {theirs}"

    @api.model
    def _part(self, ours, theirs):
        """Keep every pair of these lines apart from now on."""
        known = self._get_pairs(ours, theirs)
        return self.create(
            [
                {
                    "company_id": line.company_id.id,
                    "partner_id": line.partner_id.id,
                    "source_kind": line.source_kind,
                    "source_id": line.source_id,
                    "ours_text": line.display_name,
                    "ledger_line_id": row.id,
                }
                for line in ours
                for row in theirs
                if (line.id, row.id) not in known
            ]
        )

    @api.model
    def _get_pairs(self, ours, theirs):
        """Return ``{(our line's id, their row's id)}`` of what is kept apart."""
        return {pair for pair, _refusal in self._find_pairs(ours, theirs)}

    @api.model
    def _find_pairs(self, ours, theirs):
        """Return ``((our line's id, their row's id), refusal)`` of what is kept apart,
        the newest first."""
        by_source = {}
        for line in ours:
            by_source.setdefault((line.source_kind, line.source_id), []).append(line.id)
        refusals = self.search(
            [
                ("company_id", "in", ours.company_id.ids),
                ("partner_id", "in", ours.partner_id.ids),
                ("ledger_line_id", "in", theirs.ids),
            ]
        )
        return [
            ((line_id, refusal.ledger_line_id.id), refusal)
            for refusal in refusals
            for line_id in by_source.get((refusal.source_kind, refusal.source_id), ())
        ]
