# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_cockpit import Figure
from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdCockpit(models.AbstractModel):
    """What receivables know of the month."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    def _open_step(self, scope, step, label):
        if step.code != "plan":
            return super()._open_step(scope, step, label)
        return self._open(
            label,
            "rd.collection.plan",
            [
                ("company_id", "=", scope.company.id),
                ("month", ">", scope.close.month),
            ],
        )

    def _get_overdue(self, scope):
        """Return the domain of what is owed past its due day; what is paid and not
        assigned yet is nobody's debt."""
        return [
            ("company_id", "=", scope.company.id),
            ("days_overdue", ">", 0),
            ("amount_residual", ">", 0),
        ]

    @api.model
    def _get_risks(self, scope):
        overdue = self._get_overdue(scope)
        return [
            *super()._get_risks(scope),
            Figure(
                "overdue",
                5,
                self.env._("Overdue"),
                "rd.ageing.report",
                overdue,
                "amount_residual",
            ),
        ]

    @api.model
    def _get_late_work(self, scope):
        overdue = self._get_overdue(scope)
        return [
            *super()._get_late_work(scope),
            Queue(
                "overdue",
                5,
                self.env._("Overdue invoices"),
                "",
                "rd.ageing.report",
                overdue,
                "due_date",
                "partner_id",
            ),
        ]

    def _get_finance_queues(self, scope):
        overdue = self._get_overdue(scope)
        return [
            *super()._get_finance_queues(scope),
            Queue(
                "overdue",
                50,
                self.env._("Overdue"),
                self.env._("See whether the money is here already."),
                "rd.ageing.report",
                overdue,
                "due_date",
            ),
        ]
