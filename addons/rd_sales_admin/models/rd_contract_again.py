# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdContract(models.Model):
    """Money that a credit note of a stage holds until it is invoiced again."""

    _name = "rd.contract"
    _inherit = ["rd.contract"]

    def _get_credit_notes(self):
        """Return the posted credit notes of invoices whose stages they reopened."""
        # Whoever runs contracts need not read entries.
        items = self.sudo().stage_ids.line_ids.former_item_ids
        return items.move_id._rd_get_credits()

    def _get_credit_claims(self):
        """Return what is left of them on the customer's account."""
        return self._get_credit_notes().line_ids.filtered(
            lambda item: (
                item.account_id.account_type == "asset_receivable"
                and not item.reconciled
            )
        )

    def _get_credit_left(self):
        """Return how much of the customer's money waits on such credit notes."""
        return -sum(self._get_credit_claims().mapped("amount_residual_currency"))
