# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_close import Outcome, Step

CODE = "figures"


class RdClose(models.Model):
    """The desk's own step of the month: is its plan judged, what is still to do?

    It stands under the company's own name, beside the affiliates.
    """

    _name = "rd.close"
    _inherit = ["rd.close"]

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step(CODE, self.env._("Work plan and reports"), 90, "_run_step_figures"),
        ]

    def _get_company_steps(self):
        return [step for step in super()._get_company_steps() if step.code != CODE]

    def _add_steps(self):
        """Add the desk's own step to the months of companies that plan its work."""
        res = super()._add_steps()
        [step] = [step for step in self._get_steps() if step.code == CODE]
        self.env["rd.close.step"]._as_internal().create(
            [
                {
                    "close_id": close.id,
                    "partner_id": close.company_id.partner_id.id,
                    "code": step.code,
                    "sequence": step.sequence,
                }
                for close in self
                if CODE not in close.step_ids.mapped("code") and close._wants_figures()
            ]
        )
        return res

    def _wants_figures(self):
        """Tell whether the desk plans its work in this month."""
        self.ensure_one()
        own = [("company_id", "=", self.company_id.id)]
        month = [*own, ("month", "=", self.month)]
        return bool(
            self.env["rd.work.item"].sudo().search_count(month, limit=1)
            or self.env["rd.work.template"].sudo().search_count(own, limit=1)
        )

    def _run_step_figures(self, partner):
        """Wait until a supervisor has approved and scored the month's tasks."""
        waits = self._get_figures_waits()
        if not waits:
            return Outcome(True, " ".join(self._get_figures_notes()))
        return Outcome(False, " ".join(text for text, _role in waits), waits[0][1])

    def _get_figures_waits(self):
        """Return what holds the step up: ``[(sentence, who is waited for)]``."""
        self.ensure_one()
        month = [("company_id", "=", self.company_id.id), ("month", "=", self.month)]
        waits = []
        # Whoever runs the month need not see each task of others.
        items = self.env["rd.work.item"].sudo()
        if unseen := items.search([*month, ("state", "in", ("proposed", "done"))]):
            waits.append(
                (
                    self.env._(
                        "%(count)s tasks are to be approved or scored, first: "
                        "%(task)s.",
                        count=len(unseen),
                        task=unseen[0].name,
                    ),
                    "supervisor",
                )
            )
        return waits

    def _get_figures_notes(self):
        """Return sentences that tell how the month's own work went."""
        self.ensure_one()
        return [self._get_achievement_note()]

    def _get_achievement_note(self):
        items = self.env["rd.work.item"].sudo()
        points, weight, _domain = items._get_achievement(self.company_id, self.month)
        if not weight:
            return self.env._("Work plan: nothing was due (n/a).")
        return self.env._(
            "Work plan: %(rate).0f %% (%(points)g done on time of %(weight)g due, by "
            "weight).",
            rate=100 * points / weight,
            points=points,
            weight=weight,
        )

    def _get_kpis(self):
        """Add the achievement of the work plan."""
        items = self.env["rd.work.item"].sudo()
        points, weight, _domain = items._get_achievement(self.company_id, self.month)
        value = f"{100 * points / weight:.0f} %" if weight else self.env._("n/a")
        return [
            *super()._get_kpis(),
            (
                self.env._("Work plan achieved"),
                value,
                self.env._(
                    "%(points)g of %(weight)g: weight done on time (half if partly "
                    "met) ÷ weight due",
                    points=points,
                    weight=weight,
                ),
            ),
        ]

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "closed":
            self._freeze_figures()
        return res

    def _freeze_figures(self):
        """Fix the month's plan, and keep on its step what it came to."""
        for close in self:
            # Who closes the month need not be the one who plans.
            self.env["rd.work.item"].sudo()._freeze(close.company_id, close.month)
            step = close.step_ids.filtered(lambda one: one.code == CODE)
            notes = " ".join(close._get_figures_notes())
            left = step.filtered(lambda one: one.state == "left")
            (step - left)._as_internal().write({"message": notes})
            if step:
                close.message_post(body=notes)
