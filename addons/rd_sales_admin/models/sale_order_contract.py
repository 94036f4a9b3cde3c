# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """An order under a contract."""

    _name = "sale.order"
    _inherit = ["sale.order"]

    rd_contract_id = fields.Many2one(
        "rd.contract",
        string="Contract",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        tracking=True,
        domain="[('partner_id', '=', partner_id), "
        "('state', 'in', ('draft', 'signature', 'signed', 'execution'))]",
    )

    @api.constrains("rd_contract_id", "partner_invoice_id")
    def _check_rd_contract(self):
        for order in self.filtered("rd_contract_id"):
            # Whoever writes orders need not read contracts.
            contract = order.sudo().rd_contract_id
            partner = order.partner_invoice_id.commercial_partner_id
            if contract.partner_id != partner:
                raise UserError(
                    self.env._(
                        "%(order)s is for %(partner)s, but %(contract)s is with "
                        "%(other)s.",
                        order=order.name,
                        partner=partner.name,
                        contract=contract.display_name,
                        other=contract.partner_id.name,
                    )
                )

    def write(self, vals):
        if "rd_contract_id" in vals and not self.env["rd.contract"]._is_internal():
            self._rd_check_contract_change(vals["rd_contract_id"])
        res = super().write(vals)
        if "rd_contract_id" in vals:
            self.order_line._rd_take_stages()
        return res

    def _rd_check_contract_change(self, contract_id):
        # The shares are read whoever changes the order.
        for order in self.sudo().filtered("order_line.rd_stage_line_ids"):
            current = order.rd_contract_id
            later = self.env["rd.contract"].sudo().browse(contract_id or [])
            if later != current and later.previous_id != current:
                raise UserError(
                    self.env._(
                        "Stages of %(contract)s have been invoiced for %(order)s; it "
                        "stays under this contract.",
                        contract=current.display_name,
                        order=order.name,
                    )
                )

    def _action_confirm(self):
        """Let the stages that are reached already count for the order's lines."""
        res = super()._action_confirm()
        for order in self.sudo().filtered("rd_contract_id"):
            order.rd_contract_id._catch_up()
        return res

    # ------------------------------------------------------------------
    # One way of settlement
    # ------------------------------------------------------------------
    def _get_invoiceable_lines(self, final=False):
        """Leave out what contract stages settle, and what is never invoiced."""
        lines = super()._get_invoiceable_lines(final)
        return lines.filtered(
            lambda line: line.rd_settlement_way not in ("stages", "none")
        )

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Say what invoices these orders, where contract stages do."""
        for order in self:
            staged = order._rd_get_staged()
            rest = order._get_invoiceable_lines(final).filtered(
                lambda line: not line.display_type
            )
            if staged and not rest:
                raise UserError(order._rd_stages_refusal())
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _rd_get_staged(self):
        return self.order_line.filtered(lambda line: line.rd_settlement_way == "stages")

    def _rd_stages_refusal(self):
        self.ensure_one()
        return self.env._(
            "%(order)s is invoiced by the stages of its contract %(contract)s and not "
            "from the order.",
            order=self.name,
            contract=self.sudo().rd_contract_id.display_name or "",
        )
