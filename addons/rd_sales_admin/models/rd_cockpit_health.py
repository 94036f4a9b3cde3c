# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_approval import SUPERVISOR
from .rd_cockpit import OVERSEERS, Section


class RdCockpit(models.AbstractModel):
    """Whether everything runs that is to run by itself."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    @api.model
    def _get_sections(self):
        return [
            *super()._get_sections(),
            Section(
                "health",
                60,
                self.env._("What runs by itself"),
                "list",
                "_read_health",
                (*OVERSEERS, "month"),
            ),
        ]

    def _read_health(self, scope):
        """Return what is late, failed or off, whether the server stood still, and
        one row that opens all scheduled actions."""
        model = self.env["rd.cron.health"]
        if not model.has_access("read"):
            return None
        healths = model.search([("module", "!=", False)])
        bad = healths.filtered(lambda one: one.state != "1_well")
        labels = dict(model._fields["state"]._description_selection(self.env))
        rows = self._read_downtime()
        rows += [self._read_bad(health, labels) for health in bad]
        name = self.env._("Scheduled actions")
        last = max((one.lastcall for one in healths if one.lastcall), default=False)
        rows.append(
            {
                "key": "all",
                "label": name,
                "count": len(healths),
                "detail": self.env._(
                    "%(well)s of %(count)s run well; the last one ran on %(last)s.",
                    well=len(healths) - len(bad),
                    count=len(healths),
                    last=self._moment(last) or "–",
                ),
                "tone": "danger" if bad else "success",
                "action": self._open(name, "rd.cron.health", []),
            }
        )
        return rows

    def _read_bad(self, health, labels):
        buttons = []
        if self.env.user.has_group(SUPERVISOR):
            is_off = health.state == "4_off"
            buttons.append(
                {
                    "label": self.env._("Switch on")
                    if is_off
                    else self.env._("Run now"),
                    "model": "rd.cron.health",
                    "method": "action_switch_on" if is_off else "action_run_now",
                    "id": health.id,
                }
            )
        return {
            "key": f"cron_{health.id}",
            "label": health.name,
            "who": labels[health.state],
            "due": self._moment(health.since),
            "detail": health.failing_count
            and self.env._(
                "Records for which it fails: %(count)s; all others are done.",
                count=health.failing_count,
            ),
            "tone": "danger",
            "buttons": buttons,
            "action": self._open(
                health.name, "rd.cron.health", [("id", "=", health.id)]
            ),
        }

    def _read_downtime(self):
        """Return that the server stood still, as long as not all is caught up."""
        incidents = self.env["rd.cron.incident"]
        if not incidents.has_access("read"):
            return []
        label = self.env._("Catching up after a standstill")
        return [
            {
                "key": f"down_{incident.id}",
                "label": label,
                "detail": self.env._(
                    "Nothing ran from %(since)s to %(until)s; %(count)s actions are "
                    "still behind.",
                    since=self._moment(incident.since),
                    until=self._moment(incident.found_date),
                    count=incidents._count_behind(),
                ),
                "count": 0,
                "tone": "warning",
                "action": self._open_record(label, incident._name, incident.id),
            }
            for incident in incidents.search(
                [("kind", "=", "down"), ("ended_date", "=", False)]
            )
        ]
