# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.tools import float_compare

from .rd_customer_review import BEST
from .rd_scorecard import Figure


class RdScorecard(models.Model):
    """What is measured of the desk itself: work plan, reports, what customers say."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _figure_of(self, model, counted, is_wrong):
        """Return the figure of ``(numerator, denominator, domain of the rows)``."""
        numerator, denominator, domain = counted
        rows = self.env[model].search(domain)
        wrong = rows.filtered(is_wrong)
        ids = tuple(rows.ids), tuple(wrong.ids)
        return Figure(numerator, denominator, model, *ids)

    def _measure_work_achieved(self):
        """Weight of the tasks done on time ÷ weight due."""
        items = self.env["rd.work.item"]
        achieved = items._get_achievement(self.company_id, self.month)
        return self._figure_of(
            items._name,
            achieved,
            lambda item: float_compare(item.points, item.weight, precision_digits=2),
        )

    def _measure_reports_on_time(self):
        """Reports handed in by their day ÷ reports due."""
        dues = self.env["rd.report.due"]
        timely = dues._get_timeliness(self.company_id, self.month)
        return self._figure_of(dues._name, timely, lambda due: not due.timely)

    def _measure_reports_right(self):
        """Reports that were right at the first time ÷ reports handed in."""
        dues = self.env["rd.report.due"]
        right = dues._get_accuracy(self.company_id, self.month)
        return self._figure_of(
            dues._name, right, lambda due: due.corrected_month == self.month
        )

    def _measure_reviewed(self):
        """Mean of the marks customers gave in the period so far."""
        reviews = self.env["rd.customer.review"]
        got, best, domain = reviews._get_score(self.company_id, self.month)
        rows = reviews.search(domain)
        values = {row.id: row._get_worst_mark() for row in rows}
        return Figure(got, best / BEST, rows._name, tuple(rows.ids), (), values)
