# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.rd_sales_admin.tools.roles import DESK


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line"]

    rd_statement_line_ids = fields.One2many(
        "rd.statement.line", "sale_line_id", string="Statement lines", groups=DESK
    )
    rd_opening_line_ids = fields.One2many(
        "rd.opening.line", "sale_line_id", string="Opening list", groups=DESK
    )

    @api.depends(
        "rd_statement_line_ids.live",
        "rd_statement_line_ids.verdict",
        "rd_statement_line_ids.quantity",
        "rd_opening_line_ids.quantity",
        "rd_opening_line_ids.opening_id.state",
    )
    def _compute_rd_settled_short(self):
        """Add what was lost at the customer and what the opening list left out."""
        res = super()._compute_rd_settled_short()
        for line in self:
            line.rd_settled_short = line._rd_get_opening_cut()
        groups = (
            self.env["rd.statement.line"]
            .sudo()
            ._read_group(
                [
                    ("sale_line_id", "in", self.ids),
                    ("live", "=", True),
                    ("verdict", "=", "short"),
                ],
                ["sale_line_id"],
                ["quantity:sum"],
            )
        )
        for line, quantity in groups:
            line.rd_settled_short += quantity
        return res

    def _rd_get_opening_cut(self):
        """Return what an approved opening list left out of this line, with a reason."""
        return sum(
            item.delivered - item.invoiced - item.quantity
            for item in self.sudo().rd_opening_line_ids
            if item.opening_id.state == "approved"
        )

    def _rd_get_open_quantity(self, statements):
        """Return per order line what is delivered and still to be stated.

        That is delivered − invoiced − what other live statement lines hold that
        is not invoiced yet; in the unit of the order line.

        :param statements: their own lines are not counted as held
        """
        held = dict.fromkeys(self.ids, 0.0)
        lines = (
            self.env["rd.statement.line"]
            .sudo()
            .search_fetch(
                [
                    ("sale_line_id", "in", self.ids),
                    ("live", "=", True),
                    ("statement_id", "not in", statements.ids),
                ],
                ["sale_line_id", "quantity", "zero_reason", "verdict"],
                order="id",
            )
        )
        # A line whose invoice is gone is stated anew; it holds nothing itself.
        done = lines._get_invoiced() | lines._get_stated_anew()
        for line in lines - done:
            waits = line.zero_reason == "not_accepted"
            if not line.zero_reason or waits or line.verdict in ("short", "no_price"):
                held[line.sale_line_id.id] += line.quantity
        return {
            line: line.qty_delivered
            - line.qty_invoiced
            - line._rd_get_opening_cut()
            - held[line.id]
            for line in self
        }

    def _rd_get_invoiced_by_statement(self):
        """Add what stands on an invoice that is not cancelled."""
        lines = (
            self.env["rd.statement.line"]
            .sudo()
            .search([("sale_line_id", "in", self.ids), ("live", "=", True)])
        )
        groups = lines._get_invoiced().grouped("sale_line_id")
        invoiced = {
            line.id: sum(stated.mapped("quantity")) for line, stated in groups.items()
        }
        return {**super()._rd_get_invoiced_by_statement(), **invoiced}

    def _rd_prepare_snapshots(self, company, partner):
        """Return ``{order line: what a statement line keeps of it}``.

        A snapshot stays as it is, whatever becomes of product, unit or order.
        """
        aliases = self.env["rd.part.alias"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("product_id", "in", self.product_id.ids),
                ("source", "=", "typed"),
            ],
            order="id desc",
        )
        codes = {alias.product_id: alias.code for alias in aliases}
        return {line: line._rd_prepare_snapshot(codes) for line in self}

    def _rd_prepare_snapshot(self, codes):
        product = self.product_id
        return {
            "product_id": product.id,
            "part": product.default_code or product.name,
            "customer_part": codes.get(product, False),
            "product_name": product.name,
            "settlement_class": self.rd_settlement_class or "other",
            "uom_id": self.product_uom_id.id,
            "uom_name": self.product_uom_id.name,
            "plant": self.order_id.partner_shipping_id.name,
            "customer_order": self.order_id.client_order_ref or "",
            "customer_order_line": self.rd_customer_line or "",
        }
