# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

SEPTEMBER = date(2026, 9, 1)


class ScorecardMixin:
    """A scorecard of September and how to read one figure of it."""

    def _count(self, month=SEPTEMBER):
        card = self.env["rd.scorecard"].search(
            [("company_id", "=", self.company.id), ("month", "=", month)]
        ) or self.env["rd.scorecard"].with_user(self.clerk).create(
            {"company_id": self.company.id, "month": month}
        )
        card.with_user(self.clerk).action_count()
        return card.sudo()

    def _figure(self, code, card=None):
        """Return (numerator, denominator, value as shown) of a measure."""
        line = self._score_line(code, card or self._count())
        return line.numerator, line.denominator, line.value_text

    def _score_line(self, code, card):
        return card.line_ids.filtered(lambda line: line.measure_id.code == code)
