# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models

from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_STAGE


class RdStatementLine(models.Model):
    """Lines that stand for the stage of a contract."""

    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    def _prepare_invoice_line(self, sequence, sign):
        """Tie the invoice line to stage and order line, so that it is billed once."""
        values = super()._prepare_invoice_line(sequence, sign)
        stage_line = self._get_stage_line()
        if stage_line:
            values.update(
                rd_stage_line_id=stage_line.id,
                sale_line_ids=[Command.link(stage_line.sale_line_id.id)],
                **stage_line._prepare_no_goods(),
            )
        return values

    def _get_invoiced_product(self):
        product = super()._get_invoiced_product()
        no_goods = self._get_stage_line() and product.is_storable
        return product.browse() if no_goods else product

    def _prepare_price_now(self):
        """Take a stage's price and tax from its share anew: it says both."""
        stage_line = self._get_stage_line()
        if not stage_line:
            return super()._prepare_price_now()
        names = ("price_unit", "order_price", "price_source", "discount")
        names += ("tax_ids", "tax_rate", "zero_reason", "verdict")
        stated = stage_line._prepare_statement_line()
        return {} if stated["zero_reason"] else {name: stated[name] for name in names}

    def _get_sold(self):
        return super()._get_sold() or self._get_stage_line().sale_line_id

    def _get_stage_line(self):
        """Return the share of a stage that this line states, or none."""
        self.ensure_one()
        shares = self.env["rd.contract.stage.line"].sudo()
        return shares.browse(self.source_id if self.source_kind == KIND_STAGE else [])
