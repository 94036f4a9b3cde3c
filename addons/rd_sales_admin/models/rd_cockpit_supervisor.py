# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_close import READY
from .rd_cockpit import OVERSEERS, Figure, Section
from .rd_deputy import Queue

MOST = 30
OWN = ("supervisor",)


class RdCockpit(models.AbstractModel):
    """The supervisor's page: what is asked, late, at risk, and against last month."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    @api.model
    def _get_sections(self):
        return [
            *super()._get_sections(),
            Section(
                "approvals",
                5,
                self.env._("Approvals"),
                "approvals",
                "_read_approvals",
                OWN,
                self.env._("Nobody asks for anything."),
            ),
            Section(
                "late",
                12,
                self.env._("What is late, and with whom"),
                "list",
                "_read_late_work",
                OWN,
                self.env._("Nothing is late."),
            ),
            Section(
                "risks",
                13,
                self.env._("Money at risk"),
                "list",
                "_read_risks",
                OVERSEERS,
                self.env._("No money is at risk that the desk knows of."),
            ),
        ]

    # ------------------------------------------------------------------
    # Approvals
    # ------------------------------------------------------------------
    def _read_approvals(self, scope):
        """Return what waits for an answer, with what the answer needs to know."""
        model = self.env["rd.approval"]
        if not model.has_access("read"):
            return None
        found = model.search(
            [("company_id", "=", scope.company.id), ("state", "=", "waiting")],
            order="requested_date, id",
            limit=MOST,
        )
        return [
            {
                "id": one.id,
                "name": one.name,
                "partner": one.partner_id.name or "",
                "amount": self._money(one.amount, one.currency_id)
                if one.currency_id
                else "",
                "reason": one.reason or "",
                "effects": one.effects or "",
                # The name of who asks is all that is told of him.
                "asked_by": one.requested_by_id.sudo().name,
                "asked_on": self._moment(one.requested_date),
                "can_answer": one.can_answer,
                "why_not": one._why_not_answer() or "",
                "action": self._open_record(one.name, one.res_model, one.res_id),
            }
            for one in found
        ]

    # ------------------------------------------------------------------
    # What is late
    # ------------------------------------------------------------------
    @api.model
    def _get_late_work(self, scope):
        """Return the kinds of work that can be late with somebody.

        Each is a :class:`Queue` whose domain takes only what is late; its
        ``note_field`` names who has it. Add-ons append theirs.
        """
        company = ("company_id", "=", scope.company.id)
        return [
            Queue(
                "lists",
                20,
                self.env._("Shipping list"),
                "",
                "rd.shipping.expected",
                [
                    company,
                    ("state", "=", "expected"),
                    ("date_due", "<", scope.today),
                ],
                "date_due",
                "warehouse_id",
            ),
            Queue(
                "releases",
                30,
                self.env._("Order release without an answer"),
                "",
                "rd.order.release",
                [
                    company,
                    ("state", "=", "sent"),
                    ("answer_due", "<", self._this_hour()),
                ],
                "answer_due",
                "department_id",
            ),
            Queue(
                "promises",
                35,
                self.env._("Orders past their promised day"),
                "",
                "rd.order.release",
                [
                    company,
                    ("state", "in", ("sent", "accepted")),
                    ("promised_date", "<", scope.today),
                    ("ready_date", "=", False),
                ],
                "promised_date",
                "department_id",
            ),
        ]

    def _read_late_work(self, scope):
        """Return one row per kind of work and who has it, the longest late first."""
        rows = self._read_late_steps(scope) if scope.close else []
        for kind in self._get_late_work(scope):
            rows += self._read_late_kind(scope, kind)
        rows.sort(key=lambda row: (row.pop("day"), row["label"]))
        return rows

    def _read_late_kind(self, scope, kind):
        model = self.env[kind.model]
        if not model.has_access("read"):
            return []
        groups = model._read_group(
            kind.domain, [kind.note_field], ["__count", f"{kind.date_field}:min"]
        )
        is_moment = model._fields[kind.date_field].type == "datetime"
        return [
            self._prepare_late(
                f"{kind.code}_{who.id or 0}",
                kind.label,
                who.sudo().display_name or self.env._("nobody"),
                count,
                scope.company._rd_local_date(first) if is_moment else first,
                self._open(
                    kind.label,
                    kind.model,
                    [*kind.domain, (kind.note_field, "=", who.id)],
                ),
            )
            for who, count, first in groups
        ]

    def _prepare_late(self, key, label, who, count, day, action):
        return {
            "key": key,
            "label": label,
            "who": who,
            "count": count,
            "due": self._day(day),
            "day": str(day or ""),
            "tone": "danger",
            "action": action,
        }

    def _read_late_steps(self, scope):
        """Return the steps of the month past their day, by who is waited for."""
        plan = scope.close._get_step_plan()
        roles = dict(
            self.env["rd.close.step"]._fields["role"]._description_selection(self.env)
        )
        found = {}
        for step in scope.close.step_ids.filtered(lambda one: one.state not in READY):
            owner, due = plan.get(step.code, ("clerk", None))
            day = due and due(step.partner_id._rd_cutoff(scope.close.month))
            if day and day < scope.today:
                found.setdefault(step.role or owner, []).append((day, step))
        return [
            self._prepare_late(
                f"steps_{role}",
                self.env._("Steps of %(month)s", month=scope.close.name),
                roles.get(role, role),
                len(late),
                min(day for day, _step in late),
                self._open(
                    roles.get(role, role),
                    "rd.close.step",
                    [("id", "in", [step.id for _day, step in late])],
                ),
            )
            for role, late in found.items()
        ]

    # ------------------------------------------------------------------
    # Money at risk
    # ------------------------------------------------------------------
    @api.model
    def _get_risks(self, scope):
        """Return the :class:`Figure` list of money that may not come."""
        company = ("company_id", "=", scope.company.id)
        return [
            Figure(
                "too_old",
                30,
                self.env._("Dispatched too long ago, not invoiced"),
                "rd.dispatched.report",
                [company, ("age_level", "=", "late")],
                "amount",
            )
        ]

    def _read_risks(self, scope):
        return self._read_figures(self._get_risks(scope), "danger")

    def _read_figures(self, figures, tone):
        """Return one row per figure and currency."""
        return [
            {
                "key": f"{figure.code}_{currency.name}",
                "label": figure.label,
                "count": count,
                "amount": currency.round(amount),
                "text": self._money(amount, currency),
                "tone": tone,
                "action": self._open(
                    figure.label,
                    figure.model,
                    [*figure.domain, (figure.currency_field, "=", currency.id)],
                ),
            }
            for figure in sorted(figures, key=lambda item: item.sequence)
            for currency, (amount, count) in self._read_figure(figure).items()
        ]
