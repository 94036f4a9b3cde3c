# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Prices that deviate from a contract need a second person."""

    _name = "sale.order"
    _inherit = ["sale.order", "rd.approval.mixin"]

    rd_price_reason = fields.Char(
        string="Why the price deviates",
        copy=False,
        tracking=True,
        help="Asked for when a price is not the one of the contract.",
    )
    rd_price_deviates = fields.Boolean(
        string="A price deviates", compute="_compute_rd_price_deviates"
    )

    rd_price_asked = fields.Boolean(
        string="Approval of the price asked for", compute="_compute_rd_price_asked"
    )

    @api.depends("order_line.rd_price_state")
    def _compute_rd_price_deviates(self):
        for order in self:
            order.rd_price_deviates = bool(order._rd_get_deviating())

    @api.depends("waiting_approval_id")
    def _compute_rd_price_asked(self):
        waiting = self._get_waiting("price").mapped("res_id")
        for order in self:
            order.rd_price_asked = order._origin.id in waiting

    def _rd_get_deviating(self):
        return self.order_line.filtered(lambda line: line.rd_price_state == "deviates")

    def action_quotation_send(self):
        """Quote what deviates from a contract only after approval was asked for."""
        for order in self:
            if order._rd_get_deviating() and not order._get_waiting("price"):
                raise UserError(order._rd_price_refusal())
        return super().action_quotation_send()

    def action_confirm(self):
        """Confirm no price that deviates from a contract without approval."""
        for order in self:
            if order._rd_get_deviating():
                raise UserError(order._rd_price_refusal())
        return super().action_confirm()

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Invoice no price that deviates from a contract without approval."""
        for order in self:
            invoiced = order._get_invoiceable_lines(final)
            if invoiced & order._rd_get_deviating():
                raise UserError(order._rd_price_refusal())
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _rd_price_refusal(self, line=None):
        """Return what to do about a line that deviates, the first one by default."""
        self.ensure_one()
        line = line or self._rd_get_deviating()[0]
        return self.env._(
            "%(order)s, %(part)s: the price is %(price)s, the contract says "
            "%(agreed)s; take the agreed price, or give a reason and ask for approval.",
            order=self.name,
            part=line.product_id.display_name,
            price=self.currency_id.format(line._rd_get_net_price()),
            agreed=self.currency_id.format(line.rd_expected_price),
        )

    def action_rd_take_prices(self):
        """Put the prices in force on all lines that deviate."""
        self.check_access("write")
        self._rd_get_deviating().action_rd_take_price()
        self._withdraw_approvals("price")
        return True

    def action_rd_ask_price(self):
        """Ask a second person to approve the prices that deviate.

        :raise UserError: without a reason, or when nothing deviates
        """
        self.check_access("write")
        for order in self:
            lines = order._rd_get_deviating()
            if not lines:
                raise UserError(
                    self.env._(
                        "No price of %(order)s deviates from a contract.",
                        order=order.name,
                    )
                )
            if not (order.rd_price_reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(order)s: say why the price deviates, then ask.",
                        order=order.name,
                    )
                )
            order._rd_ask_price(lines)
        return True

    def _rd_ask_price(self, lines):
        self.ensure_one()
        gap = sum(
            (line._rd_get_net_price() - line.rd_expected_price) * line.product_uom_qty
            for line in lines
        )
        self._ask_approval(
            "price",
            self.env._(
                "Price of %(order)s deviates from the contract", order=self.name
            ),
            reason=self.rd_price_reason,
            partner_id=self.partner_invoice_id.commercial_partner_id.id,
            amount=gap,
            currency_id=self.currency_id.id,
            effects="\n".join(
                self.env._(
                    "%(part)s: %(price)s instead of %(agreed)s",
                    part=line.product_id.display_name,
                    price=self.currency_id.format(line._rd_get_net_price()),
                    agreed=self.currency_id.format(line.rd_expected_price),
                )
                for line in lines
            ),
        )

    def _approved(self, approval):
        res = super()._approved(approval)
        if approval.kind == "price":
            # Who approves need not be able to write the order.
            for line in self.sudo()._rd_get_deviating():
                line.with_context(
                    rd_guard=self.env["rd.contract"]
                    ._as_internal()
                    .env.context["rd_guard"]
                ).write(
                    {
                        "rd_approved_price": line._rd_get_net_price(),
                        "rd_price_approved": True,
                    }
                )
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        if approval.kind == "price":
            self.sudo().message_post(
                body=self.env._(
                    "Not approved: %(reason)s", reason=approval.answer_reason
                )
            )
        return res
