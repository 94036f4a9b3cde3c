# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .. import ledger
from ..ledger.fields import NEGATIVE_WORDS


class RdLedgerProfile(models.Model):
    """How one side's spreadsheets are laid out: an affiliate's or a warehouse's."""

    _name = "rd.ledger.profile"
    _description = "Spreadsheet Profile"
    _inherit = ["mail.thread", "rd.guarded.mixin"]
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="restrict"
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", index=True, check_company=True, ondelete="restrict"
    )
    purpose = fields.Selection(
        [("account", "Ledgers and lists of goods"), ("orders", "Order lists")],
        default="account",
        required=True,
        help="What the files are: their order lists are laid out otherwise than their "
        "ledgers.",
    )
    sheet = fields.Char(help="Name of the sheet; empty: the first that fits.")
    header_row = fields.Integer(help="Row of the headings; 0: found by itself.")
    key_pattern = fields.Char(
        string="Note pattern",
        help="Regular expression that takes the note number out of its cell, where "
        "other words stand beside it.",
    )
    negative_words = fields.Char(
        string="Words for a return",
        default=lambda self: ",".join(NEGATIVE_WORDS),
        help="Transaction types that turn the quantity negative, separated by commas.",
    )
    red_is_return = fields.Boolean(
        string="Red means a return",
        help="Figures written in red count negative. Without it they count as they "
        "stand, and the rows are named.",
    )
    tax_basis = fields.Selection(
        [("excluded", "Without tax"), ("included", "With tax")],
        default="included",
        help="Whether the amounts of the file include the tax.",
    )
    date_order = fields.Selection(
        [
            ("ymd", "Year, month, day"),
            ("dmy", "Day, month, year"),
            ("mdy", "Month, day, year"),
        ],
        default="ymd",
        required=True,
    )
    quantity_basis = fields.Selection(
        [("accepted", "Accepted quantity"), ("sent", "Sent quantity")],
        default="accepted",
        required=True,
        help="Which of their quantities is compared where they state both.",
    )
    crosstab = fields.Selection(
        [
            ("partner", "Customers or suppliers"),
            ("part", "Part numbers"),
            ("name", "Names of goods"),
            ("warehouse", "Warehouses"),
            ("date", "Dates"),
        ],
        string="Cross table of",
        help="What the headings across mean where the sheet is a cross table: every "
        "filled cell becomes a line. Empty: the sheet has one line per row.",
    )
    crosstab_figures = fields.Selection(
        [
            ("quantity", "Quantities"),
            ("accepted", "Accepted quantities"),
            ("amount", "Amounts without tax"),
            ("total", "Amounts with tax"),
        ],
        string="Its cells are",
        default="quantity",
        required=True,
    )
    sign = fields.Selection(
        [("debit", "Debit adds"), ("credit", "Credit adds")],
        string="Debit and credit",
        help="Which of the two columns raises the amount; the other one lowers it.",
    )
    owed_negative = fields.Boolean(
        string="Minus means owed",
        help="Opening, increase and closing of the file are negative where money is "
        "owed to us.",
    )
    keep_partners = fields.Char(
        string="Only rows of",
        help="Codes in the customer or supplier column whose rows concern us, "
        "separated by commas; empty: all rows. The others are counted as left out.",
    )
    column_ids = fields.One2many("rd.ledger.profile.column", "profile_id", copy=True)
    active = fields.Boolean(default=True)

    _partner_unique = models.UniqueIndex(
        "(company_id, partner_id, purpose) "
        "WHERE active IS TRUE AND partner_id IS NOT NULL",
        "This customer already has a spreadsheet profile; change that one.",
    )
    _warehouse_unique = models.UniqueIndex(
        "(company_id, warehouse_id) WHERE active IS TRUE AND warehouse_id IS NOT NULL",
        "This warehouse already has a spreadsheet profile; change that one.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"proposed", "layouts"}

    @api.constrains("key_pattern")
    def _check_key_pattern(self):
        for profile in self:
            try:
                re.compile(profile.key_pattern or "")
            except re.error as error:
                raise ValidationError(
                    self.env._(
                        "The note pattern of %(profile)s is not a valid regular "
                        "expression (position %(position)s).",
                        profile=profile.name,
                        position=error.pos or 0,
                    )
                ) from error

    def _prepare_profile(self, **overrides):
        """Return the ``ledger.Profile`` to read with."""
        required = {"required": ["note", "part", "quantity"]}
        values = self._prepare_profile_values()
        return ledger.Profile.from_dict({**required, **values, **overrides})

    def _prepare_profile_values(self):
        self.ensure_one()
        values = {
            "sheet": self.sheet or None,
            "header_row": self.header_row or None,
            "key_pattern": self.key_pattern or None,
            "negative": _words(self.negative_words),
            "red_is_return": self.red_is_return,
            "tax_basis": self.tax_basis or None,
            "date_order": self.date_order,
            "crosstab": self.crosstab or None,
            "crosstab_figures": self.crosstab_figures or "quantity",
            "sign": self.sign or None,
            "owed_negative": self.owed_negative,
            "usual": self._get_usual(),
        }
        if kept := _words(self.keep_partners):
            values["keep"] = {"partner": kept}
        if self.column_ids:
            values["columns"] = {
                column.field: column.header or None for column in self.column_ids
            }
        return values

    def _get_usual(self):
        """Return how files of this purpose head columns, before the usual names."""
        return ledger.ORDER_WORDS if self.purpose == "orders" else {}

    @api.model
    def _read_file(self, data, filename, profile):
        """Return the ``ledger.Table`` of a file.

        :raise UserError: one sentence in the user's language that names file,
            sheet and cell when the file is refused; nothing has been written
        """
        try:
            return ledger.read(data, filename, profile)
        except ledger.Refused as refused:
            raise UserError(self._text(refused.reason)) from refused

    @api.model
    def _mismatch_texts(self, table):
        """Return a sentence for each total of the file that its rows do not give."""
        return [
            self.env._(
                "%(cell)s states %(stated)s, the rows come to %(computed)s.",
                cell=item.cell,
                stated=item.stated,
                computed=item.computed,
            )
            for item in table.mismatches
        ]

    @api.model
    def _warning_texts(self, table):
        """Return what else a person should know of a file, with its cell if it has."""
        return [
            f"{item.cell}: {self._text(item.reason)}"
            if item.cell
            else self._text(item.reason)
            for item in table.warnings
        ]

    @api.model
    def _text(self, text):
        """Return a sentence of the pure packages in the user's language.

        A value may be a sentence or word of them itself.
        """
        values = {
            name: self._text(value) if hasattr(value, "template") else value
            for name, value in text.values.items()
        }
        return self.env._(text.template, **values)


def _words(text):
    """Return the words of a comma-separated setting, Chinese commas too."""
    return [word for word in re.split(r"[,，;；\s]+", text or "") if word]
