# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_close import READY
from .rd_cockpit import Section
from .rd_deputy import OPEN_VERDICTS


class RdCockpit(models.AbstractModel):
    """The month's page: the affiliates, who is waited for, what changed."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    @api.model
    def _get_sections(self):
        desk, month = ("month",), ("month", "supervisor")
        return [
            *super()._get_sections(),
            Section(
                "waiting",
                10,
                self.env._("What waits for whom"),
                "list",
                "_read_waiting",
                month,
                self.env._("Nobody is waited for."),
            ),
            Section(
                "board",
                20,
                self.env._("Affiliate by affiliate"),
                "board",
                "_read_board",
                desk,
                self.env._("No affiliate is settled by statement in this month."),
            ),
            Section(
                "blockers",
                25,
                self.env._("What keeps the month from closing"),
                "list",
                "_read_blockers",
                desk,
                self.env._("Nothing: the month can be closed."),
            ),
            Section(
                "changes",
                40,
                self.env._("What changed since yesterday"),
                "list",
                "_read_changes",
                (*month, "auditor"),
                self.env._("Nothing changed since yesterday."),
            ),
            Section(
                "work",
                50,
                self.env._("Work of the desk"),
                "list",
                "_read_work",
                desk,
                self.env._("The desk has nothing to do."),
            ),
        ]

    # ------------------------------------------------------------------
    # Affiliate by affiliate
    # ------------------------------------------------------------------
    def _read_board(self, scope):
        """Return each affiliate's steps: owner, due day, state, what it waits for."""
        if not scope.close:
            return None
        steps = scope.close.step_ids
        steps.fetch(
            ["partner_id", "code", "sequence", "state", "message", "role"]
            + ["state_date", "left_reason", "left_by_id"]
        )
        plan = scope.close._get_step_plan()
        labels = {step.code: step.label for step in scope.close._get_steps()}
        codes = {step.code: step.sequence for step in steps}
        pauses = self._get_pauses(scope.close)
        rows = [
            self._read_affiliate(scope, partner, own, (plan, labels), pauses)
            for partner, own in steps.grouped("partner_id").items()
        ]
        rank = {"failed": 0, "late": 1, "waiting": 2, "todo": 3, "ready": 4}
        rows.sort(key=lambda row: (rank[row["group"]], row["due_day"], row["name"]))
        for row in rows:
            row.pop("due_day")
        return {
            "columns": [
                {"code": code, "label": labels.get(code, code)}
                for code in sorted(codes, key=codes.get)
            ],
            "rows": rows,
        }

    def _read_affiliate(self, scope, partner, steps, names, pauses):
        plan, labels = names
        roles = dict(steps._fields["role"]._description_selection(self.env))
        states = dict(steps._fields["state"]._description_selection(self.env))
        cells, current = [], None
        for step in steps.sorted(lambda one: (one.sequence, one.id)):
            cell = self._read_step(scope, step, plan, labels, roles, states)
            cells.append(cell)
            if current is None and step.state not in READY:
                current = (step, cell)
        left = steps.filtered(lambda one: one.state == "left")[:1]
        pause = pauses.get(partner)
        return {
            "id": partner.id,
            "name": partner.name,
            "cutoff": self._day(partner._rd_cutoff(scope.close.month)),
            "steps": cells,
            "current": current[1] if current else False,
            "left": left.left_reason or "" if left else False,
            "paused": pause._describe_pause() if pause else False,
            "group": self._get_group(*current) if current else "ready",
            "due_day": current[1]["due_day"] if current else "",
            "done": sum(cell["state"] in READY for cell in cells),
        }

    def _get_group(self, step, cell):
        if step.state == "failed":
            return "failed"
        if cell["late"]:
            return "late"
        return "waiting" if step.state == "waiting" else "todo"

    def _read_step(self, scope, step, plan, labels, roles, states):
        owner, due = plan.get(step.code, ("clerk", None))
        day = due(step.partner_id._rd_cutoff(scope.close.month)) if due else False
        role = (step.state in ("waiting", "failed") and step.role) or owner
        return {
            "id": step.id,
            "code": step.code,
            "label": labels.get(step.code, step.code),
            "state": step.state,
            "state_label": states[step.state],
            "owner": roles.get(role, ""),
            "due": self._day(day),
            "due_day": str(day or ""),
            "late": bool(day and step.state not in READY and day < scope.today),
            "since": self._moment(step.state_date),
            "message": step.message or "",
            "action": self._open_step(scope, step, labels.get(step.code, step.code)),
        }

    def _open_step(self, scope, step, label):
        """Return the action that opens what a step is about; add-ons know theirs."""
        if step.code == "lists":
            return self._open(
                label,
                "rd.shipping.list.line",
                [
                    ("company_id", "=", scope.company.id),
                    ("verdict", "in", list(OPEN_VERDICTS)),
                    ("list_id.state", "!=", "cancelled"),
                    "|",
                    ("partner_id", "=", step.partner_id.id),
                    ("partner_id", "=", False),
                ],
            )
        return self._open(label, "rd.close.step", [("id", "=", step.id)])

    # ------------------------------------------------------------------
    # Who is waited for
    # ------------------------------------------------------------------
    def _read_waiting(self, scope):
        """Return for each role how many affiliates wait for it, since when."""
        if not scope.close:
            return None
        domain = [
            ("close_id", "=", scope.close.id),
            ("state", "in", ("waiting", "failed")),
        ]
        model = self.env["rd.close.step"]
        roles = dict(model._fields["role"]._description_selection(self.env))
        groups = model._read_group(
            domain,
            ["role"],
            ["partner_id:recordset", "state_date:min"],
        )
        return [
            {
                "key": role or "nobody",
                "label": roles.get(role) or self.env._("Nobody named"),
                "count": len(partners),
                "detail": self._join(partners.mapped("name")),
                "due": self._moment(since),
                "since": True,
                "tone": "warning",
                "action": self._open(
                    roles.get(role) or self.env._("Nobody named"),
                    "rd.close.step",
                    [*domain, ("role", "=", role)],
                ),
            }
            for role, partners, since in groups
        ]

    @api.model
    def _join(self, names, most=5):
        """Return the first few names in one line, and how many more there are."""
        if len(names) <= most:
            return ", ".join(names)
        return self.env._(
            "%(names)s and %(count)s more",
            names=", ".join(names[:most]),
            count=len(names) - most,
        )

    def _read_blockers(self, scope):
        """Return what keeps the month from closing beside the steps on the board."""
        if not scope.close or scope.close.state != "open":
            return None
        steps = scope.close.step_ids.filtered(lambda one: one.state not in READY)
        rows = self._get_blocker_rows(scope)
        if steps:
            label = self.env._("Steps that are not done")
            rows.insert(
                0,
                {
                    "key": "steps",
                    "label": label,
                    "count": len(steps),
                    "detail": self.env._("Each is on the board above."),
                    "tone": "warning",
                    "action": self._open(
                        label,
                        "rd.close.step",
                        [
                            ("close_id", "=", scope.close.id),
                            ("state", "not in", list(READY)),
                        ],
                    ),
                },
            )
        return rows + self._get_rest_of_blockers(scope, rows)

    def _get_rest_of_blockers(self, scope, rows):
        """Return why the month cannot be closed where no other row says so, and that
        it is not over yet."""
        is_over = scope.today >= scope.close._get_over_from()
        why_not = "" if rows and is_over else scope.close._why_not("closed")
        if not why_not:
            return []
        sentence, *more = why_not.split("\n")
        return [
            {
                "key": "why_not",
                "label": sentence,
                "detail": "; ".join(more),
                "tone": "warning",
                "action": self._open_record(
                    scope.close.name, "rd.close", scope.close.id
                ),
            }
        ]

    def _get_blocker_rows(self, scope):
        """Return further rows of what blocks the month; add-ons append theirs."""
        return []

    # ------------------------------------------------------------------
    # What changed
    # ------------------------------------------------------------------
    @api.model
    def _get_changes(self, scope):
        """Return the ``(code, sequence, label, model, domain)`` of what can have
        changed since ``scope.since``; each add-on appends its own."""
        company = ("company_id", "=", scope.company.id)
        labels = {
            "done": self.env._("Steps done"),
            "waiting": self.env._("Steps that began to wait"),
            "failed": self.env._("Steps that failed"),
            "left": self.env._("Steps left open"),
        }
        changes = [
            (
                f"step_{state}",
                10 + number,
                label,
                "rd.close.step",
                [company, ("state", "=", state), ("state_date", ">=", scope.since)],
            )
            for number, (state, label) in enumerate(labels.items())
        ]
        return [
            *changes,
            (
                "asked",
                80,
                self.env._("Approvals asked for"),
                "rd.approval",
                [company, ("requested_date", ">=", scope.since)],
            ),
            (
                "answered",
                81,
                self.env._("Approvals answered"),
                "rd.approval",
                [company, ("answered_date", ">=", scope.since)],
            ),
            (
                "lists",
                82,
                self.env._("Shipping lists handed in"),
                "rd.shipping.list",
                [company, ("create_date", ">=", scope.since)],
            ),
        ]

    def _read_changes(self, scope):
        rows = []
        changes = sorted(self._get_changes(scope), key=lambda item: item[1])
        for code, _sequence, label, model, domain in changes:
            if not self.env[model].has_access("read"):
                continue
            if count := self.env[model].search_count(domain):
                rows.append(
                    {
                        "key": code,
                        "label": label,
                        "count": count,
                        "tone": "danger" if code == "step_failed" else "info",
                        "action": self._open(label, model, domain),
                    }
                )
        return rows

    # ------------------------------------------------------------------
    # The desk's own work
    # ------------------------------------------------------------------
    def _read_work(self, scope):
        """Return the desk's open work: the same kinds as on a deputy's list."""
        deputy = self.env["rd.deputy"].new(
            {"company_id": scope.company.id, "user_id": self.env.uid}
        )
        queues = [
            queue
            for queue in deputy._get_queues()
            if queue.code not in ("close", "approvals")
        ]
        return self._read_queues(scope, queues)
