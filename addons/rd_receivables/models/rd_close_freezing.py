# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_close_freezing import Value


class RdClose(models.Model):
    """The plan's baseline and what is overdue are frozen with the month."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _get_values(self):
        domain = (
            ("company_id", "=", self.company_id.id),
            ("days_overdue", ">", 0),
            ("amount_residual", ">", 0),
        )
        groups = self.env["rd.ageing.report"]._read_group(
            list(domain),
            ["currency_id"],
            ["amount_residual:sum"],
        )
        return [
            *super()._get_values(),
            *(
                Value(
                    f"overdue:{currency.name}",
                    80,
                    self.env._("Overdue (%(currency)s)", currency=currency.name),
                    currency.round(amount or 0.0),
                    currency.name,
                    "rd.ageing.report",
                    (*domain, ("currency_id", "=", currency.id)),
                )
                for currency, amount in groups
            ),
        ]

    def _prepare_freeze_content(self):
        """Add the baseline of the month's plan and of the next one's."""
        freezes = self.env["rd.close.freeze"]
        plans = self._get_plan() | self._get_plan(months=1)
        return {
            **super()._prepare_freeze_content(),
            "plans": [
                [
                    str(plan.month),
                    plan.state,
                    freezes._get_rows_hash(
                        [
                            [line.item_id, line.partner_id.id, str(line.planned_date)]
                            + [f"{line.planned_amount:.2f}", line.way]
                            for line in plan.line_ids.sorted("id")
                        ]
                    ),
                ]
                for plan in plans.sorted("month")
            ],
        }
