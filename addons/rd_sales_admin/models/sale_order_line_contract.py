# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.roles import DESK

# Ways in which only the suite itself bills, or nobody does.
CLOSED_WAYS = ("stages", "none")


class SaleOrderLine(models.Model):
    """The one way of settlement of an order line, and its stages."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    rd_stage_line_ids = fields.One2many(
        "rd.contract.stage.line",
        "sale_line_id",
        string="Invoiced stages",
        groups=DESK,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take links to invoice lines from Odoo's own code and ours only."""
        lines = super().create(vals_list)
        # the way may be the contract's, the link a default
        lines._rd_get_closed()._rd_get_linked()._rd_check_links()
        return lines

    def write(self, vals):
        """Keep to one way of settlement once something of the line is billed."""
        if "rd_settlement_way" in vals and not self._rd_may_link():
            self._rd_check_way_change(vals["rd_settlement_way"])
        res = super().write(vals)
        if "invoice_lines" in vals:
            self._rd_get_closed()._rd_check_links()
        return res

    def _rd_may_link(self):
        return self.env["rd.contract"]._is_internal()

    def _rd_get_closed(self):
        return self.filtered(lambda line: line.rd_settlement_way in CLOSED_WAYS)

    def _rd_get_linked(self):
        # Whoever writes orders need not read invoices.
        return self.filtered(lambda line: line.sudo().invoice_lines)

    def _rd_check_links(self):
        for line in self:
            if not line._rd_may_link():
                raise UserError(line._rd_closed_refusal())

    def _rd_check_way_change(self, way):
        for line in self:
            if line.rd_settlement_way == way:
                continue
            if line._rd_is_settled_in_part():
                raise UserError(
                    self.env._(
                        "%(line)s has been settled in part already; its way of "
                        "settlement stays.",
                        line=line.display_name,
                    )
                )
            if way == "stages" and not line.sudo().order_id.rd_contract_id:
                raise UserError(
                    self.env._(
                        "%(line)s has no contract whose stages could settle it; "
                        "choose the contract on the order first.",
                        line=line.display_name,
                    )
                )

    def _rd_is_settled_in_part(self):
        """Tell whether something of the line is billed, or on its way to it."""
        return self._rd_is_billed()

    def _rd_is_billed(self):
        """Tell whether an invoice that stands, or a stage, has some of the line."""
        self.ensure_one()
        # Whoever writes orders need not read invoices.
        line = self.sudo()
        billed = line.invoice_lines.filtered(lambda item: item.parent_state != "cancel")
        return bool(billed or line.rd_stage_line_ids)

    def _rd_closed_refusal(self):
        if self.rd_settlement_way == "none":
            return self.env._(
                "%(line)s is free of charge, a sample or warranty: it is never "
                "invoiced.",
                line=self.display_name,
            )
        return self.env._(
            "%(line)s is invoiced by the stages of its contract only.",
            line=self.display_name,
        )

    def _rd_take_stages(self):
        """Let a contract with a plan settle the lines of which nothing is billed."""
        for line in self:
            contract = line.sudo().order_id.rd_contract_id
            if line.rd_settlement_way not in ("deliveries", "handover", "stages"):
                continue
            if line._rd_is_settled_in_part():
                continue
            if contract.stage_ids:
                line.rd_settlement_way = "stages"
            elif line.rd_settlement_way == "stages":
                line._compute_rd_settlement_way()

    @api.depends("order_id.rd_contract_id")
    def _compute_rd_settlement_way(self):
        """Settle lines of an order under a contract with a plan by its stages.

        What is billed in part keeps its way, and what somebody said is free stays so.
        """
        saved = self.filtered(lambda line: line._origin.id)
        free = saved.filtered(lambda line: line.rd_settlement_way == "none")
        billed = (saved - free).filtered(lambda line: line._rd_is_settled_in_part())
        for line in free:
            line.rd_settlement_way = "none"
        for line in billed:
            line.rd_settlement_way = line._origin.rd_settlement_way
        kept = free | billed
        rest = self - kept
        res = super(SaleOrderLine, rest)._compute_rd_settlement_way()
        for line in rest:
            planned = line.sudo().order_id.rd_contract_id.stage_ids
            if planned and line.rd_settlement_way in ("deliveries", "handover"):
                line.rd_settlement_way = "stages"
        return res

    def _rd_get_stages_of(self, kind):
        """Return the stages of the contract that a trigger of this line reached."""
        return self.order_id.rd_contract_id.stage_ids.filtered(
            lambda stage: (
                (stage.due_trigger == kind and self in stage.due_line_ids)
                or (
                    stage.invoice_trigger == kind
                    and self in stage.invoice_line_reached_ids
                )
            )
        )

    def _rd_get_stage_amount(self):
        """Return the amount that the stages divide, as the prices count it."""
        self.ensure_one()
        net = self.price_unit * (1 - (self.discount or 0.0) / 100)
        return self.order_id.currency_id.round(net * self.product_uom_qty)

    def _rd_concerned_by(self, kind):
        """Return the lines for which a trigger has to come before a stage is reached.

        What is dispatched are goods; a contract of services only is dispatched with
        whatever it has.
        """
        if kind != "dispatch":
            return self
        goods = self.filtered(lambda line: line.product_id.type != "service")
        return goods or self

    # ------------------------------------------------------------------
    # Odoo's own figures
    # ------------------------------------------------------------------
    def _prepare_qty_invoiced(self):
        """Count stages by their amount: 30 % of the amount is 30 % of the quantity."""
        result = super()._prepare_qty_invoiced()
        for line in self:
            if line.rd_settlement_way == "stages":
                result[line] = line._rd_as_quantity(
                    sum(
                        -item.move_id.direction_sign * line._rd_get_item_amount(item)
                        for item in line._get_invoice_lines()
                        if item.parent_state != "cancel"
                    )
                )
        return result

    @api.depends("invoice_lines.price_unit", "rd_settlement_way", "product_uom_qty")
    def _compute_qty_invoiced(self):
        return super()._compute_qty_invoiced()

    def _compute_qty_invoiced_posted(self):
        res = super()._compute_qty_invoiced_posted()
        for line in self:
            if line.rd_settlement_way == "stages":
                line.qty_invoiced_posted = line._rd_as_quantity(
                    sum(
                        -item.move_id.direction_sign * line._rd_get_item_amount(item)
                        for item in line._get_invoice_lines()
                        if item.parent_state == "posted"
                    )
                )
        return res

    @api.depends("rd_stage_line_ids.amount", "rd_settlement_way")
    def _compute_qty_to_invoice(self):
        """Of stages: what is reached and not invoiced; of free lines: nothing."""
        res = super()._compute_qty_to_invoice()
        for line in self:
            if line.rd_settlement_way == "none":
                line.qty_to_invoice = 0.0
            elif line.rd_settlement_way == "stages":
                reached = sum(line.sudo().rd_stage_line_ids.mapped("amount"))
                line.qty_to_invoice = (
                    line._rd_as_quantity(reached) - line.qty_invoiced
                    if line.state == "sale"
                    else 0.0
                )
        return res

    def _rd_get_item_amount(self, item):
        return item.price_unit * item.quantity * (1 - (item.discount or 0.0) / 100)

    def _rd_as_quantity(self, amount):
        """Return an amount as the part of the ordered quantity it stands for."""
        self.ensure_one()
        whole = self._rd_get_stage_amount()
        return self.product_uom_qty * amount / whole if whole else 0.0
