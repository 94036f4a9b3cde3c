# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdLedgerProfileColumn(models.Model):
    """One column of a spreadsheet: what it means and how it is found."""

    _name = "rd.ledger.profile.column"
    _description = "Spreadsheet Column"
    _order = "profile_id, id"

    profile_id = fields.Many2one(
        "rd.ledger.profile", required=True, index=True, ondelete="cascade"
    )
    field = fields.Selection(
        selection=[
            ("date", "Date"),
            ("receipt_date", "Receipt date"),
            ("note", "Delivery note"),
            ("order", "Order"),
            ("order_line", "Order line"),
            ("part", "Part number"),
            ("name", "Name and specification"),
            ("unit", "Unit"),
            ("quantity", "Quantity"),
            ("accepted", "Accepted quantity"),
            ("price", "Unit price"),
            ("amount", "Amount without tax"),
            ("tax_rate", "Tax rate"),
            ("tax_amount", "Tax"),
            ("total", "Amount with tax"),
            ("kind", "Transaction type"),
            ("partner", "Customer or supplier"),
            ("warehouse", "Warehouse"),
            ("remark", "Remark"),
            ("due_date", "Due date"),
            ("settled_date", "Day of settlement"),
            ("debit", "Debit"),
            ("credit", "Credit"),
            ("balance", "Running balance"),
            ("opening", "Opening balance"),
            ("increase", "Increase of the period"),
            ("receipts", "Receipts of the period"),
            ("closing", "Closing balance"),
        ],
        string="Meaning",
        required=True,
    )
    header = fields.Char(
        help="Heading of the column, or its letter; empty: found by usual headings.",
    )

    _field_unique = models.UniqueIndex(
        "(profile_id, field)", "Each meaning stands for one column of a profile only."
    )
