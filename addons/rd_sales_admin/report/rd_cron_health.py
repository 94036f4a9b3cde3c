# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..models.rd_approval import SUPERVISOR

# How long after its time a scheduled action counts as late.
LATE_HOURS = 2


class RdCronHealth(models.Model):
    """The scheduled actions of the desk: when each ran, and whether all is well.

    Scheduled actions belong to the whole database, so they have no company.
    """

    _name = "rd.cron.health"
    _description = "Scheduled Action of the Desk"
    _auto = False
    _order = "state desc, nextcall, id"

    name = fields.Char(compute="_compute_name")
    module = fields.Char(readonly=True)
    is_active = fields.Boolean(string="Switched on", readonly=True)
    interval_number = fields.Integer(string="Every", readonly=True, aggregator=None)
    interval_type = fields.Selection(
        "_selection_interval_type", string="Interval", readonly=True
    )
    lastcall = fields.Datetime(string="Last run", readonly=True)
    nextcall = fields.Datetime(string="Next run", readonly=True)
    failure_count = fields.Integer(
        string="Failed in a row", readonly=True, aggregator=None
    )
    failing_count = fields.Integer(
        string="Records that fail",
        readonly=True,
        aggregator=None,
        help="The action goes on without them; each one is an incident.",
    )
    since = fields.Datetime(
        readonly=True, help="Since when it is late, fails or is switched off."
    )
    done = fields.Integer(string="Done by the last run", readonly=True, aggregator=None)
    remaining = fields.Integer(
        string="Still to do",
        readonly=True,
        aggregator=None,
        help="What the last run left to the next one.",
    )
    state = fields.Selection(
        [
            # the keys sort as bad things do
            ("1_well", "In order"),
            ("2_late", "Late"),
            ("3_failed", "Failed"),
            ("4_off", "Switched off"),
        ],
        readonly=True,
    )

    _depends = {
        "ir.cron": [
            *("active", "failure_count", "first_failure_date", "interval_number"),
            *("interval_type", "lastcall", "nextcall"),
        ],
        "ir.cron.progress": ["cron_id", "done", "remaining"],
        "rd.cron.incident": ["cron_id", "ended_date", "kind", "res_model", "since"],
        "ir.model.data": ["model", "module", "res_id"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT cron.*,
                   CASE cron.state
                       WHEN '4_off' THEN cron.changed
                       WHEN '3_failed'
                       THEN COALESCE(cron.first_failure_date, cron.failing_since)
                       WHEN '2_late' THEN cron.nextcall
                   END AS since
              FROM (
                SELECT cron.id, data.module, cron.active AS is_active,
                       cron.interval_number,
                       cron.interval_type, cron.lastcall, cron.nextcall,
                       COALESCE(cron.failure_count, 0) AS failure_count,
                       cron.first_failure_date, cron.write_date AS changed,
                       COALESCE(progress.done, 0) AS done,
                       COALESCE(progress.remaining, 0) AS remaining,
                       COALESCE(failing.failing_count, 0) AS failing_count,
                       failing.failing_since,
                       CASE WHEN NOT cron.active THEN '4_off'
                            WHEN cron.failure_count > 0 THEN '3_failed'
                            -- a record that fails does not hide that it stopped
                            WHEN cron.nextcall < %(now)s - %(late)s * interval '1 hour'
                            THEN '2_late'
                            WHEN failing.failing_count > 0 THEN '3_failed'
                            ELSE '1_well' END AS state
                  FROM ir_cron cron
                  JOIN (
                      SELECT res_id, MIN(module) AS module FROM ir_model_data
                       WHERE model = 'ir.cron' AND module LIKE 'rd\\_%%'
                       GROUP BY res_id
                  ) data ON data.res_id = cron.id
                  LEFT JOIN LATERAL (
                      SELECT last.done, last.remaining FROM ir_cron_progress last
                       WHERE last.cron_id = cron.id ORDER BY last.id DESC LIMIT 1
                  ) progress ON TRUE
                  LEFT JOIN (
                      SELECT cron_id, COUNT(*) AS failing_count,
                             MIN(since) AS failing_since
                        FROM rd_cron_incident
                       WHERE kind = 'failed' AND res_model IS NOT NULL
                         AND ended_date IS NULL
                       GROUP BY cron_id
                  ) failing ON failing.cron_id = cron.id
              ) cron
            """,
            now=fields.Datetime.now(),
            late=LATE_HOURS,
        )

    @api.model
    def _selection_interval_type(self):
        # the words of the scheduled actions themselves
        return (
            self.env["ir.cron"]
            ._fields["interval_type"]
            ._description_selection(self.env)
        )

    @api.depends_context("lang")
    def _compute_name(self):
        # The name of a scheduled action is all that is told of it here.
        crons = self.env["ir.cron"].sudo().browse(self.ids)
        names = {cron.id: cron.name for cron in crons}
        for health in self:
            health.name = names.get(health.id, "")

    # ------------------------------------------------------------------
    # What a supervisor does about it
    # ------------------------------------------------------------------
    def action_switch_on(self):
        """Switch these actions on again and let them run at once.

        :raise AccessError: for whoever is no supervisor
        """
        self._check_supervisor()
        self._switch_on()
        return True

    def action_run_now(self):
        """Let these actions run with the scheduler's next turn.

        :raise AccessError: for whoever is no supervisor
        """
        self._check_supervisor()
        self._trigger()
        return True

    def _check_supervisor(self):
        self.check_access("read")
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(
                self.env._("Only a supervisor sees to the scheduled actions.")
            )

    def _switch_on(self):
        # A supervisor has been asked for; the rest of an action stays closed to him.
        self._get_crons().write({"active": True})
        self._trigger()
        self.env["rd.cron.incident"]._note_switched_on(self)
        self.invalidate_recordset()

    def _trigger(self):
        for cron in self._get_crons():
            cron._trigger()

    def _get_crons(self):
        """Return the desk's own actions as the system; any other has no row here."""
        return self.env["ir.cron"].sudo().browse(self.exists().ids)
