# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .rd_customer_review import BEST
from .rd_scorecard import Figure


class RdScorecard(models.Model):
    """What is measured of the desk itself: work plan, reports, what customers say."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _figure_of(self, model, numerator, denominator, domain):
        rows = self.env[model].search(domain)
        return Figure(numerator, denominator, model, tuple(rows.ids))

    def _measure_work_achieved(self):
        """Weight of the tasks done on time ÷ weight due."""
        items = self.env["rd.work.item"]
        achieved = items._get_achievement(self.company_id, self.month)
        return self._figure_of(items._name, *achieved)

    def _measure_reports_on_time(self):
        """Reports handed in by their day ÷ reports due."""
        dues = self.env["rd.report.due"]
        timely = dues._get_timeliness(self.company_id, self.month)
        return self._figure_of(dues._name, *timely)

    def _measure_reports_right(self):
        """Reports that were right at the first time ÷ reports handed in."""
        dues = self.env["rd.report.due"]
        right = dues._get_accuracy(self.company_id, self.month)
        return self._figure_of(dues._name, *right)

    def _measure_reviewed(self):
        """Mean of the marks customers gave in the period so far."""
        reviews = self.env["rd.customer.review"]
        got, best, domain = reviews._get_score(self.company_id, self.month)
        return self._figure_of(reviews._name, got, best / BEST, domain)
