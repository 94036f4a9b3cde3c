# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

KEYS = [
    ("number", "No."),
    ("date", "Delivery date"),
    ("note", "Delivery note"),
    ("order", "Order no."),
    ("order_line", "Order line"),
    ("customer_part", "Their part no."),
    ("part", "Our part no."),
    ("name", "Name and specification"),
    ("plant", "Receiving plant"),
    ("uom", "Unit"),
    ("quantity", "Quantity"),
    ("price", "Unit price"),
    ("rate", "Tax rate"),
    ("untaxed", "Amount (tax excluded)"),
    ("tax", "Tax amount"),
    ("total", "Total (tax included)"),
    ("remark", "Remarks"),
]
# Our own layout; their part number and ours share a column on paper.
DEFAULT = [
    *("number", "date", "note", "order", "order_line", "customer_part", "part"),
    *("name", "uom", "quantity", "price", "rate", "untaxed", "tax", "total", "remark"),
]
SUMMED = ("quantity", "untaxed", "tax", "total")


class RdStatementColumn(models.Model):
    """One column of the statement: which, in which place, under which heading.

    Rows without an affiliate are the company's own layout; an affiliate that has
    rows gets exactly these, on paper, in the workbook and wherever it is shown.
    """

    _name = "rd.statement.column"
    _description = "Column of the Statement"
    _inherit = ["rd.guarded.mixin"]
    _order = "company_id, partner_id, sequence, id"
    _rec_name = "key"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        index=True,
        ondelete="cascade",
        check_company=True,
        help="Empty: for all who have no layout of their own.",
    )
    sequence = fields.Integer(default=10)
    key = fields.Selection(KEYS, string="Column", required=True)
    label = fields.Char(
        string="Heading", translate=True, help="Empty: the usual heading."
    )
    below = fields.Boolean(
        string="Below the one before",
        help="On paper it shares the column before it, on a second line.",
    )

    _key_once = models.UniqueIndex(
        "(company_id, COALESCE(partner_id, 0), key)",
        "Each column stands in a layout once.",
    )

    @api.constrains("key", "below", "sequence", "partner_id", "company_id")
    def _check_layout(self):
        """The total needs a column that names it, so none may be the first."""
        for column in self:
            rows = self.search(
                [
                    ("company_id", "=", column.company_id.id),
                    ("partner_id", "=", column.partner_id.id),
                ]
            )
            if rows[:1].key in SUMMED:
                raise ValidationError(
                    self.env._(
                        "“%(column)s” cannot be the first column; begin with a text.",
                        column=rows[0]._get_key_label(),
                    )
                )

    def _get_key_label(self):
        return dict(self._fields["key"]._description_selection(self.env))[self.key]

    @api.depends("key", "label", "partner_id.name")
    def _compute_display_name(self):
        for column in self:
            parts = [column.partner_id.name, column.label or column._get_key_label()]
            column.display_name = ": ".join(part for part in parts if part)

    @api.model
    def _get_layout(self, company, partner):
        """Return ``[(key, heading or False, below)]`` for one affiliate's papers."""
        # Who may print a statement need not read its layout.
        rows = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", (False, partner.id)),
            ]
        )
        own = rows.filtered("partner_id") or rows
        if not own:
            return [(key, False, key == "part") for key in DEFAULT]
        return [(row.key, row.label, row.below) for row in own]

    @api.model
    def _ensure_all(self):
        """Give every company that has none its layout."""
        everyone = [("active", "in", (True, False))]
        for company in self.env["res.company"].search(everyone, order="id"):
            self._ensure(company)

    @api.model
    def _ensure(self, company):
        """Write the usual layout down, if the company has none."""
        known = self.search_count(
            [("company_id", "=", company.id), ("partner_id", "=", False)], limit=1
        )
        if not known:
            self.create(self._prepare_layout(company, self.env["res.partner"]))

    @api.model
    def _prepare_layout(self, company, partner):
        rows = self._get_layout(company, self.env["res.partner"])
        return [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "sequence": 10 * place,
                "key": key,
                "label": label,
                "below": below,
            }
            for place, (key, label, below) in enumerate(rows, start=1)
        ]

    @api.model
    def _copy_for(self, company, partner):
        """Give an affiliate the company's layout to change."""
        known = self.search(
            [("company_id", "=", company.id), ("partner_id", "=", partner.id)]
        )
        return known or self.create(self._prepare_layout(company, partner))
