# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .rd_cockpit import Figure, Section
from .res_partner import BY_STATEMENT

# The pages of those who read amounts.
READERS = ("month", "supervisor", "finance", "auditor")


class RdCockpit(models.AbstractModel):
    """Where the goods and the money of the month are: the chain as a waterfall."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    @api.model
    def _get_sections(self):
        return [
            *super()._get_sections(),
            Section(
                "chain",
                15,
                self.env._("Where the month's money is"),
                "chain",
                "_read_chain",
                READERS,
                self.env._("Nothing was delivered for this month yet."),
            ),
        ]

    @api.model
    def _get_chain(self, scope):
        """Return the :class:`Figure` list of the places of the chain.

        The places exclude each other: what is shipped is at exactly one of them.
        Amounts are without tax. Add-ons append the places they know.
        """
        rest = [
            ("company_id", "=", scope.company.id),
            ("partner_id.rd_settlement_mode", "in", list(BY_STATEMENT)),
            ("date", "<=", fields.Date.end_of(scope.close.month, "month")),
        ]
        labels = {
            "1_unsigned": self.env._("Shipped, not signed"),
            "2_signed": self.env._("Signed, on no statement"),
        }
        return [
            Figure(
                f"rest_{place}",
                number,
                label,
                "rd.dispatched.report",
                [*rest, ("place", "=", place)],
                "amount",
            )
            for number, (place, label) in enumerate(labels.items(), 1)
        ]

    def _read_chain(self, scope):
        """Return one waterfall per currency.

        ``reached`` of a place is what has come at least as far: its own amount and
        those of all later places. ``start`` and ``width`` are percent of the whole.
        """
        if not scope.close or not self.env["rd.dispatched.report"].has_access("read"):
            return None
        places = sorted(self._get_chain(scope), key=lambda place: place.sequence)
        amounts = {place.code: self._read_figure(place) for place in places}
        currencies = {one for found in amounts.values() for one in found}
        return [
            self._read_waterfall(currency, places, amounts)
            for currency in sorted(currencies, key=lambda one: one.name)
        ]

    def _read_waterfall(self, currency, places, amounts):
        rows = [amounts[place.code].get(currency, (0.0, 0)) for place in places]
        left = whole = currency.round(sum(amount for amount, _count in rows))
        # What came back lowers a place below zero: a bar is no shorter than nothing.
        scale = sum(max(amount, 0.0) for amount, _count in rows) or 1.0
        start, bars = 0.0, []
        for place, (amount, count) in zip(places, rows, strict=True):
            width = 100.0 * max(amount, 0.0) / scale
            domain = [*place.domain, (place.currency_field, "=", currency.id)]
            bars.append(
                {
                    "code": place.code,
                    "label": place.label,
                    "amount": currency.round(amount),
                    "text": self._money(amount, currency),
                    "reached": self._money(left, currency),
                    "count": count,
                    "start": round(start, 2),
                    "width": round(width, 2),
                    "action": self._open(place.label, place.model, domain),
                }
            )
            start += width
            left = currency.round(left - amount)
        return {
            "currency": currency.name,
            "total": self._money(whole, currency),
            "places": bars,
        }
