# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.roles import DESK
from .res_partner import BY_STATEMENT
from .sale_order import SETTLED_BY

CLASS_OF = {"tooling": "tooling", "material": "material"}
# Milestones that were reached without a handover.
REACHED_BY_HAND = [("is_reached", "=", True), ("rd_handover_ids", "=", False)]


class SaleOrderLine(models.Model):
    """A service line with milestones is delivered by accepted handovers."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    rd_handover_ids = fields.One2many(
        "rd.handover", "sale_line_id", string="Handovers", readonly=True, groups=DESK
    )
    rd_needs_handover = fields.Boolean(
        string="Invoiced by handover",
        compute="_compute_rd_needs_handover",
        help="Its milestones are reached by accepted handovers only, for the order is "
        "settled by the desk or a handover was begun; lines that a settlement plan "
        "invoices are left to that.",
    )

    rd_is_handed_over = fields.Boolean(
        string="Handed over",
        compute="_compute_rd_needs_handover",
        help="Services with milestones, whether the handover itself is invoiced or the "
        "stages of the contract that wait for it.",
    )

    @api.depends(
        "rd_settlement_way",
        "qty_delivered_method",
        "rd_handover_ids.state",
        *(f"order_id.{path}" for path in SETTLED_BY),
    )
    def _compute_rd_needs_handover(self):
        for line in self:
            milestones = line.qty_delivered_method == "milestones"
            staged = line.rd_settlement_way == "stages"
            line.rd_is_handed_over = milestones
            line.rd_needs_handover = (
                milestones and not staged and line._rd_is_handed_over_by_desk()
            )

    def _rd_is_handed_over_by_desk(self):
        """Tell whether the desk settles the order, or has begun to hand this over."""
        self.ensure_one()
        if self.order_id._rd_is_of_desk():
            return True
        # Whoever keeps orders need not see handovers.
        handovers = self.sudo().rd_handover_ids
        return any(handover.state != "cancelled" for handover in handovers)

    @api.depends("product_id.service_type")
    def _compute_rd_settlement_class(self):
        """What is handed over settles as a project, whatever its category."""
        res = super()._compute_rd_settlement_class()
        for line in self:
            if line.product_id.service_type == "milestones":
                line.rd_settlement_class = "project"
        return res

    @api.depends("rd_needs_handover")
    def _compute_qty_to_invoice(self):
        """Count what was handed over, whatever the product's invoicing policy."""
        res = super()._compute_qty_to_invoice()
        for line in self:
            if line.state == "sale" and line.rd_needs_handover:
                line.qty_to_invoice = (
                    line.qty_delivered - line.qty_invoiced - line.rd_settled_short
                )
        return res

    def _rd_is_settled_by_statement(self):
        return super()._rd_is_settled_by_statement() or (
            self.rd_needs_handover
            and self.rd_settlement_way == "handover"
            and self.order_id._rd_settles_by_statement()
        )

    def _rd_get_shares(self, without=None):
        """Return ``{line: (percent, released quantity)}`` of their live handovers.

        :param without: handovers that do not count
        """
        # Whoever asks need not see every handover of the line.
        groups = (
            self.env["rd.handover"]
            .sudo()
            ._read_group(
                [
                    ("sale_line_id", "in", self._origin.ids),
                    ("state", "!=", "cancelled"),
                    ("id", "not in", without._origin.ids if without else []),
                ],
                ["sale_line_id"],
                ["share:sum", "accepted_qty:sum"],
            )
        )
        return {
            line.with_env(self.env): (share, accepted)
            for line, share, accepted in groups
        }

    def _rd_get_reached_by_hand(self):
        """Return ``{line: percent}`` of what was reached without a handover: before
        the desk came to settle the order."""
        groups = (
            self.env["project.milestone"]
            .sudo()
            ._read_group(
                [("sale_line_id", "in", self._origin.ids), *REACHED_BY_HAND],
                ["sale_line_id"],
                ["quantity_percentage:sum"],
            )
        )
        return {line.with_env(self.env): 100.0 * part for line, part in groups}

    @api.model
    def _rd_find_unbilled_by_hand(self, company):
        """Return ``{line: quantity}`` of all orders of a company settled by statement
        that was reached by hand and is billed by nothing, see below."""
        partner = "sale_line_id.order_id.partner_invoice_id.commercial_partner_id"
        # Whoever asks need not read projects.
        groups = (
            self.env["project.milestone"]
            .sudo()
            ._read_group(
                [
                    *REACHED_BY_HAND,
                    ("sale_line_id.company_id", "=", company.id),
                    ("sale_line_id.state", "=", "sale"),
                    ("sale_line_id.rd_settlement_way", "=", "handover"),
                    (f"{partner}.rd_settlement_mode", "in", list(BY_STATEMENT)),
                ],
                [],
                ["sale_line_id:recordset"],
            )
        )
        return groups[0][0].with_env(self.env)._rd_get_unbilled_by_hand()

    def _rd_get_unbilled_by_hand(self):
        """Return ``{line: quantity}`` of what was reached by hand and is not invoiced.

        A statement bills accepted handovers only, and an order settled by statement
        bills nothing by itself: it waits until its milestone is taken back and handed
        over. What was invoiced beside the statements is taken for it.
        """
        stated = self._rd_get_invoiced_by_statement()
        unbilled = {}
        # What is settled by whom is no secret; the caller shows what he may read.
        for line, percent in self.sudo()._rd_get_reached_by_hand().items():
            beside = line.qty_invoiced - stated.get(line.id, 0.0)
            rest = line.product_uom_qty * percent / 100.0 - max(beside, 0.0)
            if line.rd_needs_handover and line.product_uom_id.compare(rest, 0.0) > 0:
                unbilled[line.with_env(self.env)] = rest
        return unbilled

    def _rd_get_invoiced_by_statement(self):
        """Return ``{line id: quantity}`` invoiced from statements; none here."""
        return {}

    def _rd_get_released(self, without=None):
        """Return the quantity that may be invoiced: accepted, or reached by hand.

        :param without: handovers that do not count
        """
        self.ensure_one()
        accepted = self._rd_get_shares(without).get(self, (0.0, 0.0))[1]
        percent = self._rd_get_reached_by_hand().get(self, 0.0)
        return accepted + self.product_uom_qty * percent / 100.0

    def _rd_prepare_handover_line(self):
        """Return the handover line of goods that Odoo's transfers deliver."""
        self.ensure_one()
        product = self.product_id
        return {
            "handover_class": CLASS_OF.get(self.rd_settlement_class, "accessory"),
            "number": product.default_code or False,
            "name": product.name,
            "product_id": product.id,
            "uom_id": self.product_uom_id.id,
            "qty_due": self.product_uom_qty,
            "delivery_line_id": self.id,
            "priced": self._rd_is_priced(),
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; what is handed over is never born delivered."""
        lines = super().create(vals_list)
        milestones = lines.filtered(
            lambda line: (
                line.product_id.service_type == "milestones"
                and line.rd_settlement_way != "stages"
                and line._rd_is_handed_over_by_desk()
            )
        )
        self._rd_refuse_handed_over(
            milestones.filtered(
                lambda line: (
                    line.qty_delivered_method != "milestones"
                    or line.product_uom_id.compare(line.qty_delivered, 0.0)
                )
            ),
            self.env._("its delivered quantity comes from its handovers"),
        )
        return lines

    def write(self, vals):
        """Keep what handovers decide: delivered quantity, way, and the order size."""
        self._rd_check_handed_over(vals)
        return super().write(vals)

    def _rd_check_handed_over(self, vals):
        refuse = self._rd_refuse_handed_over
        if {"qty_delivered", "qty_delivered_method"} & vals.keys():
            refuse(
                self.filtered("rd_needs_handover"),
                self.env._("its delivered quantity comes from its handovers"),
            )
        if "rd_settlement_way" in vals:
            way = vals["rd_settlement_way"]
            changed = self.filtered(lambda line: line.rd_settlement_way != way)
            refuse(
                changed.filtered(lambda line: line._rd_get_shares()),
                self.env._("it has a handover, so it is settled by that"),
            )
        if "product_uom_qty" in vals:
            quantity = vals["product_uom_qty"]
            shares = self._rd_get_shares()
            refuse(
                self.filtered(
                    lambda line: (
                        line.product_uom_id.compare(line.product_uom_qty, quantity)
                        and shares.get(line, (0.0, 0.0))[1]
                    )
                ),
                self.env._("a part of it was handed over and accepted"),
            )

    @api.model
    def _rd_refuse_handed_over(self, lines, reason):
        for line in lines:
            raise UserError(
                self.env._(
                    "%(line)s of %(order)s cannot be changed so: %(reason)s.",
                    line=line.name,
                    order=line.order_id.name,
                    reason=reason,
                )
            )
