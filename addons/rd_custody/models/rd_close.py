# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import models


class RdClose(models.Model):
    """A month does not close while a count that fell due in it is not signed off.

    When it closes, the register of customers' property is frozen.
    """

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "closed":
            self._freeze_property()
        return res

    def _freeze_property(self):
        # who closes the month need not be the one who keeps the property
        months = self.env["rd.property.month"].sudo()
        for close in self:
            months._freeze(close.company_id, close.month)

    def _get_kpis(self):
        """Add how far the counted cards agreed with the register."""
        agreeing, counted, _domain = self.env["rd.property"]._get_agreement(
            self.company_id, self.month
        )
        value = f"{100 * agreeing / counted:.0f} %" if counted else self.env._("n/a")
        return [
            *super()._get_kpis(),
            (
                self.env._("Customer property agrees"),
                value,
                self.env._(
                    "%(agreeing)s of %(counted)s counted cards without a difference",
                    agreeing=agreeing,
                    counted=counted,
                ),
            ),
        ]

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
