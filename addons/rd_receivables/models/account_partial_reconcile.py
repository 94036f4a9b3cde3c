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
        partials._rd_tell_chasing(
            partials._rd_get_touched_partners(), partials._rd_get_first_day()
        )
        return partials

    def unlink(self):
        """Let the promises open again that rested on what is taken back."""
        partners, day = self._rd_get_touched_partners(), self._rd_get_first_day()
        res = super().unlink()
        self._rd_tell_chasing(partners, day)
        return res

    def _rd_get_touched_partners(self):
        items = self.sudo().debit_move_id
        return items.partner_id.commercial_partner_id

    def _rd_get_first_day(self):
        """Return the first day on which these change what was received."""
        return min(self.sudo().mapped("max_date"), default=None)

    @api.model
    def _rd_tell_chasing(self, partners, day):
        """Refresh disputes of these customers, and the promises that run on ``day``
        or later: what was over before is not changed by it."""
        if not partners:
            return
        theirs = [("partner_id", "in", partners.ids)]
        # Whoever books a payment need not see what was promised.
        self.env["rd.promise"].sudo()._find_touched(partners, day)._refresh()
        notes = self.env["rd.chase.note"].sudo()
        notes.search([*theirs, ("is_dispute_open", "=", True)])._close_settled()
