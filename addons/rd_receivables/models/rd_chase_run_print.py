# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import format_date, formatLang


class RdChaseRunLine(models.Model):
    """What mail, letter and workbook of one customer say: one computation."""

    _name = "rd.chase.run.line"
    _inherit = ["rd.chase.run.line"]

    def _get_report_base_filename(self):
        self.ensure_one()
        line = self.with_context(lang=self._get_lang())
        return line.env._(
            "Open items %(partner)s %(day)s",
            partner=self.partner_id.name,
            day=self.run_id.date,
        ).replace("/", "-")

    def _prepare_letter(self):
        """Return all that is said, in the customer's language.

        - ``record``, ``title``, ``greeting``, ``text``, ``closing``, ``sender``;
        - ``heads`` [(label, value)];
        - ``columns`` [(label, class, width in percent, summed)], ``rows`` texts,
          ``values`` plain values of the same rows, ``sums`` texts;
        - ``bank`` [(label, value)]: where to pay.
        """
        self.ensure_one()
        self = self.sudo().with_context(lang=self._get_lang())
        values = self._get_letter_values()
        columns = self._get_letter_columns()
        sums = [
            self._show(sum(row[number] for row in values), "money") if summed else ""
            for number, (_label, _kind, _width, summed) in enumerate(columns)
        ]
        return {
            "record": self,
            "title": self.env._("Open items"),
            "greeting": self.env._("Dear %s,", self.partner_id.name),
            "text": self.level_id.text or "",
            "closing": self.env._(
                "Has the payment crossed this message, please disregard it."
            ),
            "sender": self.run_id.user_id.name,
            "heads": [
                (self.env._("From"), self.company_id.name),
                (self.env._("To"), self.partner_id.name),
                (self.env._("As of"), format_date(self.env, self.run_id.date)),
                (self.env._("Overdue"), self.currency_id.format(self.amount_overdue)),
            ],
            "columns": columns,
            "values": values,
            "rows": [
                [
                    self._show(value, kind)
                    for value, (_l, kind, _w, _s) in zip(row, columns, strict=True)
                ]
                for row in values
            ],
            "sums": sums,
            "total": self.env._("Total"),
            "bank": self._get_payment_data(),
        }

    def _get_letter_columns(self):
        return [
            (self.env._("Number"), "text", 24, False),
            (self.env._("Date"), "date", 15, False),
            (self.env._("Due on"), "date", 15, False),
            (self.env._("Days overdue"), "number", 12, False),
            (self.env._("Amount"), "money", 17, True),
            (self.env._("Open"), "money", 17, True),
        ]

    def _get_letter_values(self):
        today = self.company_id._rd_today()
        items = self.item_ids.sorted(
            lambda one: (one.date_maturity or one.date, one.id)
        )
        return [
            [
                item.move_id.name or item.name or "",
                item.move_id.invoice_date or item.date,
                item.date_maturity or item.date,
                max(item._rd_days_overdue(today), 0),
                item.balance,
                item.amount_residual,
            ]
            for item in items
        ]

    def _show(self, value, kind):
        if kind == "money":
            return formatLang(self.env, value, digits=self.currency_id.decimal_places)
        if kind == "date":
            return format_date(self.env, value)
        return str(value)

    def _get_payment_data(self):
        """Return ``[(label, value)]``: whom to pay, and where."""
        account = self.company_id.partner_id.bank_ids[:1]
        rows = [(self.env._("Payee"), self.company_id.name)]
        if account:
            rows += [
                (self.env._("Bank"), account.bank_id.name or ""),
                (self.env._("Account"), account.acc_number),
            ]
        numbers = ", ".join(row[0] for row in self._get_letter_values())
        return [*rows, (self.env._("Please quote"), numbers)]
