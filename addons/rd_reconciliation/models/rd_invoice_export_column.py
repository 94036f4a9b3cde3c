# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

# Heading as the tax system's batch sheets usually have it, and what stands there.
DEFAULT = (
    ("发票流水号", "request"),
    ("发票类型", "kind"),
    ("购买方名称", "buyer_name"),
    ("购买方纳税人识别号", "buyer_vat"),
    ("购买方地址", "buyer_address"),
    ("购买方电话", "buyer_phone"),
    ("购买方开户银行", "buyer_bank"),
    ("购买方银行账号", "buyer_account"),
    ("项目名称", "name"),
    ("商品和服务税收编码", "tax_code"),
    ("规格型号", "specification"),
    ("单位", "unit"),
    ("商品数量", "quantity"),
    ("商品单价", "price"),
    ("金额", "untaxed"),
    ("税率", "rate"),
    ("税额", "tax"),
    ("备注", "remark"),
)


class RdInvoiceExportColumn(models.Model):
    """One column of the workbook for batch entry in the site's tax system."""

    _name = "rd.invoice.export.column"
    _description = "Column of the Batch Entry"
    _inherit = ["rd.guarded.mixin"]
    _order = "company_id, sequence, id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Heading", required=True)
    content = fields.Selection(
        [
            ("request", "Number of the request"),
            ("kind", "Kind"),
            ("buyer_name", "Buyer"),
            ("buyer_vat", "Buyer's tax number"),
            ("buyer_address", "Buyer's address"),
            ("buyer_phone", "Buyer's phone"),
            ("buyer_bank", "Buyer's bank"),
            ("buyer_account", "Buyer's account number"),
            ("line", "Line number"),
            ("name", "Goods"),
            ("tax_code", "Tax classification code"),
            ("specification", "Specification"),
            ("unit", "Unit"),
            ("quantity", "Quantity"),
            ("price", "Unit price (tax excluded)"),
            ("untaxed", "Amount (tax excluded)"),
            ("rate", "Tax rate"),
            ("tax", "Tax amount"),
            ("total", "Total (tax included)"),
            ("remark", "Remark"),
            ("empty", "Stays empty"),
        ],
        required=True,
    )

    @api.model
    def _ensure(self, company):
        """Return the columns of a company, made from the usual ones at first."""
        # The usual layout is the suite's, whoever prints first.
        columns = self.sudo().search([("company_id", "=", company.id)])
        if not columns:
            columns = self.sudo().create(
                [
                    {
                        "company_id": company.id,
                        "sequence": 10 * number,
                        "name": heading,
                        "content": content,
                    }
                    for number, (heading, content) in enumerate(DEFAULT, start=1)
                ]
            )
        return columns

    def _get_values(self, line):
        """Return the cells of one line of a request, in the order of the columns."""
        request = line.request_id
        figures = line._get_tax_system_figures()
        kinds = {"special": "增值税专用发票", "ordinary": "普通发票"}
        values = {
            "request": request.name,
            "kind": kinds[request.kind],
            "line": line.sequence,
            "name": line.name,
            "tax_code": line.tax_code,
            "specification": line.specification,
            "unit": line.uom_name,
            "quantity": line.quantity,
            "rate": line.tax_rate / 100,
            **figures,
            "remark": request.remark,
            **{name: request[name] for name in request._get_buyer_names()},
        }
        return [values.get(column.content) for column in self]
