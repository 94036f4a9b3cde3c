# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar"]

    def _rd_get_public_days(self, company):
        """Return the time off and the working time that is everybody's."""
        return (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id", "=", False),
                    ("calendar_id", "in", (False, self.id)),
                    ("company_id", "in", (False, company.id)),
                ]
            )
        )
