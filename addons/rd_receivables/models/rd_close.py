# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_close import Outcome, Step


class RdClose(models.Model):
    """The month ends with the plan of what the next one is to collect."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step("plan", self.env._("Collection plan"), 90, "_run_step_plan"),
        ]

    def _get_company_steps(self):
        """Leave the plan out where the close does not wait for it."""
        steps = super()._get_company_steps()
        if self.company_id.rd_close_waits_for_plan:
            return steps
        return [step for step in steps if step.code != "plan"]

    def _get_plan(self, months=0):
        """Return the collection plan of the month, or of one so many months later."""
        self.ensure_one()
        return self.env["rd.collection.plan"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("month", "=", self.month + relativedelta(months=months)),
            ]
        )

    def _run_step_plan(self, partner):
        """Wait until the plan of the next month is approved."""
        if not self.company_id.rd_close_waits_for_plan:
            return Outcome(True)
        plan = self._get_plan(months=1)
        if plan.state in ("approved", "closed"):
            return Outcome(True)
        month = (self.month + relativedelta(months=1)).strftime("%Y-%m")
        if plan.state == "submitted":
            return Outcome(
                False,
                self.env._(
                    "The collection plan of %(month)s waits for approval.", month=month
                ),
                "supervisor",
            )
        return Outcome(
            False,
            self.env._(
                "The collection plan of %(month)s has to be submitted.", month=month
            ),
            "clerk",
        )

    def _after_transition(self, target):
        """Keep the results of the month's plan before the month is frozen.

        A reopened month leaves them as they are: what a plan has kept is kept for
        ever.
        """
        if target == "closed":
            for close in self:
                # Whoever may close the month closes its plan, too.
                plan = close._get_plan().sudo()
                plan.filtered(lambda one: one.state == "approved")._close()
        return super()._after_transition(target)

    def _get_kpis(self):
        plan = self._get_plan()
        return [
            *super()._get_kpis(),
            (
                self.env._("Collection rate"),
                plan.due_rate_text or self.env._("n/a"),
                plan.due_formula or self.env._("no collection plan of this month"),
            ),
        ]
