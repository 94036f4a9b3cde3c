# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_deputy import Queue

OPEN_COUNT = ("planned", "counting", "review")


class RdCockpit(models.AbstractModel):
    """What customers' property asks of the month."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    def _get_blocker_rows(self, scope):
        """Add the counts that fell due in the month and are not signed off."""
        rows = super()._get_blocker_rows(scope)
        domain = [
            ("company_id", "=", scope.company.id),
            ("state", "in", OPEN_COUNT),
            ("date_due", "<=", scope.close.month + relativedelta(day=31)),
        ]
        counts = self.env["rd.property.count"].search(domain)
        if counts:
            label = self.env._("Counts that are not signed off")
            rows.append(
                {
                    "key": "counts",
                    "label": label,
                    "count": len(counts),
                    "detail": self._join(counts.mapped("name")),
                    "tone": "warning",
                    "action": self._open(label, "rd.property.count", domain),
                }
            )
        return rows

    @api.model
    def _get_late_work(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            *super()._get_late_work(scope),
            Queue(
                "counts",
                40,
                self.env._("Counts of customer property"),
                "",
                "rd.property.count",
                [company, ("state", "in", OPEN_COUNT), ("date_due", "<", scope.today)],
                "date_due",
                "user_id",
            ),
            Queue(
                "incidents",
                12,
                self.env._("Owners to be told of an incident"),
                "",
                "rd.property.incident",
                [
                    company,
                    ("state", "=", "draft"),
                    ("report_deadline", "<", self._this_hour()),
                ],
                "report_deadline",
                "user_id",
            ),
        ]

    def _get_floor_queues(self, scope):
        return [*super()._get_floor_queues(scope), self._get_count_queue(scope)]

    def _get_warehouse_queues(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            *super()._get_warehouse_queues(scope),
            self._get_count_queue(scope),
            Queue(
                "incidents",
                60,
                self.env._("Incidents with customers' property"),
                self.env._("Keep it apart and say what was done at once."),
                "rd.property.incident",
                [company, ("state", "=", "draft")],
                "report_deadline",
            ),
        ]

    def _get_count_queue(self, scope):
        company = ("company_id", "=", scope.company.id)
        return Queue(
            "counts",
            50,
            self.env._("Counts of customer property"),
            self.env._("Scan each card at its place."),
            "rd.property.count",
            [company, ("state", "in", ("planned", "counting"))],
            "date_due",
        )
