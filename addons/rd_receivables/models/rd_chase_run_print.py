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

        Each item stands in the currency it was invoiced in; currencies are never
        added up.

        - ``record``, ``title``, ``greeting``, ``text``, ``closing``, ``sender``;
        - ``heads`` [(label, value)];
        - ``columns`` [(label, class, width in percent, summed)], ``rows`` texts,
          ``values`` plain values of the same rows, ``digits`` of each row's money;
        - ``totals``: a dict per currency with ``values``, ``texts`` and ``digits``;
        - ``bank`` [(label, value)]: where to pay.
        """
        self.ensure_one()
        self = self.sudo().with_context(lang=self._get_lang())
        items = self._get_letter_items()
        columns = self._get_letter_columns()
        values = [self._get_letter_row(item) for item in items]
        return {
            "record": self,
            "title": self.env._("Open items"),
            "greeting": self.env._("Dear %s,", self.partner_id.name),
            "text": self.level_id.text or "",
            "closing": self.env._(
                "If your payment has crossed this message, please disregard it."
            ),
            "sender": self.run_id.user_id.name,
            "heads": [
                (self.env._("From"), self.company_id.name),
                (self.env._("To"), self.partner_id.name),
                (self.env._("As of"), format_date(self.env, self.run_id.date)),
                (self.env._("Overdue"), self._get_overdue_text(items)),
            ],
            "columns": columns,
            "values": values,
            "digits": [item.currency_id.decimal_places for item in items],
            "rows": [
                self._show_row(row, columns, item.currency_id)
                for row, item in zip(values, items, strict=True)
            ],
            "totals": self._get_letter_totals(columns, items, values),
            "bank": self._get_payment_data(items),
        }

    def _get_letter_columns(self):
        return [
            (self.env._("Number"), "text", 36, False),
            (self.env._("Date"), "date", 14, False),
            (self.env._("Due on"), "date", 14, False),
            (self.env._("Days overdue"), "number", 11, False),
            (self.env._("Currency"), "text", 9, False),
            (self.env._("Amount"), "money", 15, True),
            (self.env._("Open"), "money", 15, True),
        ]

    def _get_letter_items(self):
        return self.item_ids.sorted(lambda one: (one.date_maturity or one.date, one.id))

    def _get_letter_row(self, item):
        return [
            self._get_letter_name(item),
            item.move_id.invoice_date or item.date,
            item.date_maturity or item.date,
            max(item._rd_days_overdue(self.company_id._rd_today()), 0),
            item.currency_id.name,
            item.amount_currency,
            item.amount_residual_currency,
        ]

    def _get_letter_name(self, item):
        """Return what an item is called: its number, and what they know it by."""
        move = item.move_id
        name = move.name or item.name or ""
        return f"{name} ({move.ref})" if move.ref else name

    def _get_letter_totals(self, columns, items, values):
        """Return one row of sums for each currency, in the order of its first item."""
        totals = []
        for currency in items.currency_id:
            rows = [
                row
                for row, item in zip(values, items, strict=True)
                if item.currency_id == currency
            ]
            sums = [
                currency.round(sum(row[number] for row in rows)) if summed else None
                for number, (_label, _kind, _width, summed) in enumerate(columns)
            ]
            sums[0], sums[4] = self.env._("Total"), currency.name
            totals.append(
                {
                    "values": sums,
                    "texts": self._show_row(sums, columns, currency),
                    "digits": currency.decimal_places,
                }
            )
        return totals

    def _get_overdue_text(self, items):
        """Return what is overdue, each currency for itself."""
        today = self.company_id._rd_today()
        overdue = items.filtered(lambda item: item._rd_days_overdue(today) > 0)
        sums = [
            currency.format(
                sum(
                    overdue.filtered(
                        lambda item, own=currency: item.currency_id == own
                    ).mapped("amount_residual_currency")
                )
            )
            for currency in overdue.currency_id
        ]
        return "; ".join(sums) or self.currency_id.format(0.0)

    def _show_row(self, row, columns, currency):
        return [
            self._show(value, kind, currency)
            for value, (_label, kind, _width, _summed) in zip(row, columns, strict=True)
        ]

    def _show(self, value, kind, currency):
        if value is None:
            return ""
        if kind == "money":
            return formatLang(self.env, value, digits=currency.decimal_places)
        if kind == "date":
            return format_date(self.env, value)
        return str(value)

    def _get_payment_data(self, items):
        """Return ``[(label, value)]``: whom to pay, and where."""
        account = self.company_id.partner_id.bank_ids[:1]
        rows = [(self.env._("Payee"), self.company_id.name)]
        if account:
            rows += [
                (self.env._("Bank of the payee"), account.bank_id.name or ""),
                (self.env._("Account number"), account.acc_number),
            ]
        numbers = ", ".join(item.move_id.name or item.name or "" for item in items)
        return [*rows, (self.env._("Please quote"), numbers)]
