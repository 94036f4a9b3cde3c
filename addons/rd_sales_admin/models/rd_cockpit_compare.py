# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_cockpit import OVERSEERS, Section

# Place of what is not known to have one: behind all others.
LAST = 1000


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

        A closed month is read as it was frozen; one that is open, as it is now. A
        figure that only one of them has stands beside nothing to count.
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
        values = scope.close._get_values()
        kept = before._get_content()
        now = own._get_content() if own else self._as_content(values)
        labels = {**kept.get("labels", {}), **now.get("labels", {})}
        labels.update(self._as_content(values)["labels"])
        actions = self._get_frozen_actions(own) if own else self._get_actions(values)
        frozen = self._open_freeze(before)
        # A month frozen before the labels were kept has the codes alone.
        codes = {**kept["values"], **now["values"]}
        names = {code: tuple(labels.get(code, (LAST, code))) for code in codes}
        return [
            {
                "key": code,
                "label": names[code][1],
                "now": self._write(now["values"].get(code)),
                "action": actions.get(code, False),
                "before": self._write(kept["values"].get(code)),
                "before_label": before.close_id.name,
                "before_action": frozen,
            }
            for code in sorted(codes, key=lambda code: (*names[code], code))
        ]

    def _as_content(self, values):
        """Return figures as a month keeps them when it is frozen."""
        return {
            "values": {value.code: [value.value, value.unit] for value in values},
            "labels": {value.code: [value.sequence, value.label] for value in values},
        }

    def _get_actions(self, values):
        """Return what opens the rows that each figure is made of."""
        return {
            value.code: self._open(value.label, value.model, list(value.domain))
            for value in values
            if value.model and self.env[value.model].has_access("read")
        }

    def _get_frozen_actions(self, freeze):
        """What was frozen is opened as it was; its rows may be others by now."""
        action = self._open_freeze(freeze)
        return dict.fromkeys(freeze._get_content()["values"], action)

    def _open_freeze(self, freeze):
        return self._open_record(freeze.display_name, freeze._name, freeze.id)

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
