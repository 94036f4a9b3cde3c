# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.tools.capitals import amount_in_capitals

from .rd_invoice_request import BUYER


class RdInvoiceRequest(models.Model):
    """What the printed request and its workbook show."""

    _name = "rd.invoice.request"
    _inherit = ["rd.invoice.request"]

    def _get_buyer_names(self):
        return BUYER

    def _get_report_base_filename(self):
        self.ensure_one()
        return (self.name or "").replace("/", "-")

    def _prepare_print_data(self):
        """Return every word and figure of the paper, in the reader's language."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        ways = dict(self._fields["delivery_way"]._description_selection(self.env))
        numbers = self.statement_id._get_print_formats()
        return {
            "record": self,
            "title": self.env._("Invoice request"),
            "mark": self.env._("CANCELLED") if self.state == "cancelled" else "",
            "heads": [
                (self.env._("Number"), self.name),
                (self.env._("Date"), self._get_print_day()),
                (self.env._("Asked by"), self.requested_by_id.name or ""),
                (self.env._("Statement no."), self.statement_id.name or ""),
                (self._label("buyer_name"), self.buyer_name),
                (self._label("buyer_vat"), self.buyer_vat or ""),
                (
                    self.env._("Address and phone"),
                    f"{self.buyer_address or ''} {self.buyer_phone or ''}".strip(),
                ),
                (
                    self.env._("Bank and account"),
                    f"{self.buyer_bank or ''} {self.buyer_account or ''}".strip(),
                ),
                (self._label("kind"), kinds[self.kind]),
                (self._label("delivery_way"), ways[self.delivery_way]),
            ],
            "columns": self._get_print_columns(),
            "rows": [self._prepare_print_row(line, numbers) for line in self.line_ids],
            "sums": [
                numbers["money"](self[name])
                for name in ("amount_untaxed", "amount_tax", "amount_total")
            ],
            "total": self.env._("Total"),
            "words": (
                self.env._("Amount in capitals (RMB)"),
                amount_in_capitals(self.amount_total),
            )
            if self.currency_id.name == "CNY"
            else (self.env._("Total amount"), numbers["money"](self.amount_total)),
            "remark": (self._label("remark"), self.remark or ""),
            "signs": [
                self.env._("Asked by"),
                self.env._("Approved by"),
                self.env._("Invoice number"),
                self.env._("Received by and on"),
            ],
        }

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _get_print_day(self):
        moment = self.requested_date or self.create_date
        return self.company_id._rd_local_date(moment).isoformat()

    def _get_print_columns(self):
        """Return (label, class, width in percent) of each column."""
        lines = self.env["rd.invoice.request.line"]._fields
        text = {
            name: lines[name]._description_string(self.env)
            for name in ("tax_code", "name", "specification", "uom_name", "quantity")
        }
        return [
            (self.env._("No."), "number", 4),
            (text["name"], "text", 18),
            (text["specification"], "text", 12),
            (text["tax_code"], "text", 14),
            (text["uom_name"], "unit", 5),
            (text["quantity"], "quantity", 8),
            (self.env._("Unit price (tax excluded)"), "price", 11),
            (self.env._("Amount (tax excluded)"), "money", 9),
            (self.env._("Tax rate"), "rate", 5),
            (self.env._("Tax amount"), "money", 7),
            (self.env._("Total (tax included)"), "money", 9),
        ]

    def _prepare_print_row(self, line, numbers):
        return [
            str(line.sequence),
            line.name,
            line.specification or "",
            line.tax_code or "",
            line.uom_name or "",
            numbers["quantity"](line.quantity),
            line.price_text,
            numbers["money"](line.amount_untaxed),
            numbers["rate"](line.tax_rate),
            numbers["money"](line.amount_tax),
            numbers["money"](line.amount_total),
        ]
