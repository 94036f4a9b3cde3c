# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What was promised or disputed follows each reconciliation at once."""

    _name = "account.partial.reconcile"
    _inherit = ["account.partial.reconcile"]

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._rd_tell_chasing(partials._rd_get_touched_partners())
        return partials

    def unlink(self):
        """Let the promises open again that rested on what is taken back."""
        partners = self._rd_get_touched_partners()
        res = super().unlink()
        self._rd_tell_chasing(partners)
        return res

    def _rd_get_touched_partners(self):
        items = self.sudo().debit_move_id
        return items.partner_id.commercial_partner_id

    @api.model
    def _rd_tell_chasing(self, partners):
        """Refresh promises and disputes of these customers."""
        if not partners:
            return
        theirs = [("partner_id", "in", partners.ids)]
        # Whoever books a payment need not see what was promised.
        promises = self.env["rd.promise"].sudo()
        promises.search(
            [*theirs, ("state", "in", ("open", "kept", "partly", "broken"))]
        )._refresh()
        notes = self.env["rd.chase.note"].sudo()
        notes.search([*theirs, ("is_dispute_open", "=", True)])._close_settled()
