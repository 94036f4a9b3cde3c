# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_cockpit import OVERSEERS, Section


class RdCockpit(models.AbstractModel):
    """This month beside what the last one was when it was frozen."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    @api.model
    def _get_sections(self):
        return [
            *super()._get_sections(),
            Section(
                "compare",
                45,
                self.env._("Against the month before"),
                "figures",
                "_read_compare",
                OVERSEERS,
                self.env._("No month is frozen yet."),
            ),
        ]

    def _read_compare(self, scope):
        """Return each figure of this month and as it was frozen the month before.

        A closed month is read as it was frozen; one that is open, as it is now.
        """
        freezes = self.env["rd.close.freeze"]
        if not scope.close or not freezes.has_access("read"):
            return None
        live = freezes.search(
            [
                ("company_id", "=", scope.company.id),
                ("close_id.month", "<=", scope.close.month),
                ("reopened_date", "=", False),
            ],
            order="close_id desc",
        ).sorted(lambda one: one.close_id.month, reverse=True)
        own = live.filtered(lambda one: one.close_id == scope.close)[:1]
        before = (live - own)[:1]
        if not before:
            return []
        labels = scope.close._get_values()
        now = own._get_content()["values"] if own else self._as_content(labels)
        then = before._get_content()["values"]
        return [
            {
                "key": value.code,
                "label": value.label,
                "now": self._write(now.get(value.code)),
                "before": self._write(then.get(value.code)),
                "before_label": before.close_id.name,
            }
            for value in sorted(labels, key=lambda one: one.sequence)
        ]

    def _as_content(self, values):
        return {value.code: [value.value, value.unit] for value in values}

    def _write(self, pair):
        """Return a figure as a person reads it; what cannot be counted is n/a."""
        number, unit = pair or (None, "")
        if number is None:
            return self.env._("n/a")
        if not unit:
            return f"{number:g}"
        if unit == "%":
            return f"{number:.0f} %"
        currency = self.env["res.currency"].search([("name", "=", unit)], limit=1)
        return self._money(number, currency)
