# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

from .rd_statement import OPEN_STATES

# Marks what `_post` itself writes; a client can send JSON only, never this object.
POSTING = object()


class AccountMove(models.Model):
    """Invoices made beside the statements bill nothing above what was delivered."""

    _name = "account.move"
    _inherit = ["account.move"]

    def _post(self, soft=True):
        """Refuse an invoice beside the statements that bills too much.

        :raise UserError: names the order line and how much is still to be invoiced
        """
        outside = self.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and not move.rd_statement_id
                and not move.rd_deposit_statement_id
            )
        )
        outside._rd_check_not_above_delivered()
        marked = self.with_context(rd_posting=POSTING)
        return super(AccountMove, marked)._post(soft=soft).with_env(self.env)

    def write(self, vals):
        """Let nobody post a customer's invoice by writing its state."""
        by_hand = self.env.context.get("rd_posting") is not POSTING
        if by_hand and vals.get("state") == "posted":
            self._rd_check_not_posted_by_hand()
        return super().write(vals)

    def _rd_check_not_posted_by_hand(self):
        """Refuse: what posting checks would be left out."""
        for move in self:
            if move.state != "posted" and move.is_sale_document():
                raise UserError(
                    self.env._(
                        "%(move)s is posted by its button, which compares it with "
                        "what was agreed; its state is not written by hand.",
                        move=move.display_name,
                    )
                )

    def _rd_check_not_above_delivered(self):
        # Whoever keeps invoices need not read orders and statements.
        lines = self.sudo().invoice_line_ids.sale_line_ids
        goods = lines.filtered(
            lambda line: (
                not line.is_downpayment
                and not line.display_type
                and line._rd_is_settled_by_statement()
            )
        )
        if not goods:
            return
        # What is not agreed yet gives way to an invoice that is there.
        waiting = goods.rd_statement_line_ids.statement_id.filtered(
            lambda statement: statement.state in OPEN_STATES
        )
        for line, rest in goods._rd_get_open_quantity(waiting).items():
            if line.product_uom_id.compare(rest, 0.0) < 0:
                raise UserError(self._rd_above_delivered_refusal(line, -rest))

    def _rd_above_delivered_refusal(self, line, excess):
        return self.env._(
            "%(order)s, %(part)s: %(excess)s %(unit)s more would be billed than was "
            "delivered and is not agreed on a statement yet; lower the quantity, or "
            "invoice from the statement.",
            order=line.order_id.name,
            part=line.product_id.display_name,
            excess=f"{excess:g}",
            unit=line.product_uom_id.name,
        )
