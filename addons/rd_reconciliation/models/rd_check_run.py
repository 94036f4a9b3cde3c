# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import time
from contextlib import closing

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ..tools import invariants
from .rd_difference_approval import SUPERVISOR
from .rd_difference_clock import TODO

_logger = logging.getLogger(__name__)


class RdCheckRun(models.Model):
    """One check of the invariants of the settlement chain, in raw SQL.

    A run looks at the whole database, whatever the company: what it finds names
    records of all of them, for supervisors, auditors and administrators.
    """

    _name = "rd.check.run"
    _description = "Check of the Invariants"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.guarded.mixin"]
    _order = "date desc, id desc"
    # Who may read a check may end the reminder of it.
    _mail_post_access = "read"

    date = fields.Datetime(string="Checked on", required=True, index=True)
    duration = fields.Float(string="Seconds", help="How long the check took.")
    state = fields.Selection(
        [
            ("green", "All hold"),
            ("found", "Violated"),
            ("failed", "Could not be checked"),
        ],
        required=True,
        index=True,
    )
    finding_ids = fields.One2many("rd.check.finding", "run_id", string="Findings")
    finding_count = fields.Integer(string="Number of findings")
    new_count = fields.Integer(
        string="New ones", help="Findings that the check before did not have."
    )
    error = fields.Text(help="What stopped the check.")

    @api.model
    def _get_guarded_fields(self):
        return (
            super()._get_guarded_fields() | self._get_stored_names() | {"finding_ids"}
        )

    @api.depends("date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for run in self:
            run.display_name = format_datetime(self.env, run.date, dt_format="short")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("A check of the invariants stays on record."))

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------
    @api.model
    def action_check_now(self):
        """Check the invariants at once and show what came of it.

        :raises AccessError: for whoever is no supervisor
        """
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(
                self.env._("Only a supervisor checks the invariants at once.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self._run().id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _cron_check(self):
        """Check the invariants, once a day."""
        self._run()

    @api.model
    def _run(self):
        """Check, keep the result, and tell supervisors of what is new in it."""
        # Nobody writes a run; whoever may start one has been asked.
        runs = self.sudo()._as_internal()
        run = runs.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        run = run.create(runs._prepare_run())
        run._tell()
        return run

    def _prepare_run(self):
        """Return the values of a run that checks now."""
        self.env.flush_all()
        values = {"date": fields.Datetime.now()}
        started = time.perf_counter()
        try:
            values |= self._prepare_findings(self._look(), values["date"])
        except Exception as error:
            # Whatever stops a check is told: silence would read as all being well.
            _logger.exception("The invariants could not be checked")
            values |= {"state": "failed", "error": str(error) or repr(error)}
        return {**values, "duration": time.perf_counter() - started}

    def _look(self):
        """Return what the invariants find, in a transaction that cannot write."""
        cursor = self.env.cr
        # Rolled back whatever happens, and with it the transaction being read only.
        with closing(cursor.savepoint(flush=False)):
            cursor.execute("SET TRANSACTION READ ONLY")
            return invariants.find(cursor)

    def _prepare_findings(self, found, now):
        before = self.search([("state", "!=", "failed")], limit=1).finding_ids
        since = {(item.rule, item.sentence): item.since for item in before}
        new = [pair for pair in found if pair not in since]
        return {
            "state": "found" if found else "green",
            "finding_count": len(found),
            "new_count": len(new),
            "finding_ids": [
                fields.Command.create(
                    {
                        "rule": rule,
                        "sentence": sentence,
                        "since": since.get((rule, sentence), now),
                        "is_new": (rule, sentence) not in since,
                    }
                )
                for rule, sentence in found
            ],
        }

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------
    def _tell(self):
        """Remind each supervisor of new findings, or that the check failed."""
        if self.state != "failed" and not self.new_count:
            return
        users = self.env.ref(SUPERVISOR).all_user_ids
        for user in users.filtered(lambda user: user.active and not user.share):
            self.activity_schedule(
                TODO,
                date_deadline=user.company_id._rd_today(),
                user_id=user.id,
                summary=self.with_context(lang=user.lang)._describe_result(),
            )

    def _describe_result(self):
        """Return what a supervisor reads: the rules that do not hold any more."""
        if self.state == "failed":
            return self.env._("The invariants could not be checked")
        rules = self.finding_ids.filtered("is_new").mapped("rule")
        labels = dict(self.finding_ids._fields["rule"]._description_selection(self.env))
        return self.env._(
            "%(count)s new findings: %(rules)s",
            count=self.new_count,
            rules=", ".join(labels[rule] for rule in dict.fromkeys(rules)),
        )
