# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, models


class RdStatement(models.Model):
    """Down payments of a statement's orders are given back when goods are invoiced.

    They are no part of what was agreed, so they stand on a credit note of their own
    beside the statement's invoices: those stay equal to the statement to the cent.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    @api.depends("deposit_move_ids.state")
    def _compute_invoice_count(self):
        """Count what waits to be posted with the invoices, also where they are."""
        res = super()._compute_invoice_count()
        for statement in self:
            statement.draft_invoice_count = len(statement._get_draft_invoices())
        return res

    @api.depends("deposit_move_ids.rd_request_ids.state")
    def _compute_may_post(self):
        return super()._compute_may_post()

    def _create_invoices_as_system(self):
        """Deduct the down payments that the invoiced goods have reached by now."""
        moves = super()._create_invoices_as_system()
        self._deduct_down_payments()
        return moves

    def _deduct_down_payments(self):
        """Make the credit note of the down payments that are due, once each."""
        self.ensure_one()
        lines = self._lines().order_id._rd_get_due_down_payments()
        if not lines:
            return self.env["account.move"]
        values = {
            **lines.order_id[0]._prepare_invoice(),
            "move_type": "out_refund",
            "partner_id": self.partner_id.id,
            "ref": self.name,
            "invoice_origin": ", ".join(sorted(set(lines.order_id.mapped("name")))),
            "invoice_date": self.invoice_date or self.company_id._rd_today(),
            "payment_reference": False,
            "transaction_ids": False,
            "narration": False,
            "rd_deposit_statement_id": self.id,
            "invoice_line_ids": [
                Command.create(line._prepare_invoice_line(quantity=line.qty_invoiced))
                for line in lines
            ],
        }
        return self.env["account.move"]._rd_internal().create(values)

    def _get_draft_invoices(self):
        """Post the down payments' credit note together with the invoices."""
        deposits = self.sudo().deposit_move_ids
        return super()._get_draft_invoices() | deposits.filtered(
            lambda move: move.state == "draft"
        )

    def _invoice_gone(self):
        """Cancel with the invoices the credit note that was made beside them."""
        res = super()._invoice_gone()
        for statement in self.sudo().filtered(lambda item: item.state == "agreed"):
            statement.deposit_move_ids.filtered(
                lambda move: move.state == "draft"
            ).button_cancel()
        return res
