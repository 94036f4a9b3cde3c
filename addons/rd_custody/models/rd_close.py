# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import models


class RdClose(models.Model):
    """A month does not close while a count that fell due in it is not signed off."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _get_blockers(self):
        last_day = self.month + relativedelta(day=31)
        counts = self.env["rd.property.count"]._get_overdue(self.company_id, last_day)
        return [
            *super()._get_blockers(),
            *(
                self.env._(
                    "The count “%(count)s”, due on %(day)s, is not signed off.",
                    count=count.name,
                    day=count.date_due,
                )
                for count in counts
            ),
        ]
