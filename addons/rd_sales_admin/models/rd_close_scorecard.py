# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, models


class RdClose(models.Model):
    """When the month closes, its scorecard is counted for the last time and frozen."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _after_transition(self, target):
        """Freeze the scorecard before the month as a whole; reopened, it runs again."""
        cards = self._get_scorecards()
        if target == "closed":
            cards._freeze()
        else:
            cards._move_to("draft", {"content_hash": False})
        return super()._after_transition(target)

    def _get_scorecards(self):
        """Return the scorecards of these months, made where there is none."""
        # Whoever closes the month need not be allowed to read what it counts.
        cards = self.env["rd.scorecard"].sudo()
        found = cards.browse()
        for close in self:
            values = {"company_id": close.company_id.id, "month": close.month}
            domain = [(name, "=", value) for name, value in values.items()]
            found |= cards.search(domain) or cards.create(values)
        return found

    @api.model
    def _get_counting_month(self, company, day):
        """Return the month whose scorecard counts what belongs to ``day`` and is known
        only now: its own, or the first one after it that is not closed."""
        # Whoever notes a fact need not read the months.
        closed = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "closed"),
                ("month", ">=", day.replace(day=1)),
            ]
        )
        closed, month = set(closed.mapped("month")), day.replace(day=1)
        while month in closed:
            month += relativedelta(months=1)
        return month

    def _prepare_freeze_content(self):
        """Add the figures of the scorecard and what was counted for each."""
        lines = self._get_scorecards().line_ids
        return {
            **super()._prepare_freeze_content(),
            "scorecard": [
                [
                    line.measure_id.code,
                    f"{line.numerator:.6f}",
                    f"{line.denominator:.6f}",
                    line.result,
                ]
                for line in lines
            ],
        }
