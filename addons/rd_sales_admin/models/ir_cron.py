# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging
import random
import time

import psycopg2

from odoo import api, models

_logger = logging.getLogger(__name__)
RETRIES = 5


class IrCron(models.Model):
    """How the desk's scheduled actions go through many records."""

    _inherit = "ir.cron"

    @api.model
    def _rd_run_each(self, records, act, failed=None, step=False):
        """Call ``act(record)`` for each record, each in a transaction of its own.

        A conflict with somebody else is tried again at once: the framework retries no
        scheduled action, so the record would wait for the next run. One that fails is
        logged and stops no other; each failure is an incident that the supervisors are
        told of, until the record runs well again.

        What the time does not suffice for is done by the run that Odoo starts next. It
        leaves out what this one has dealt with today: the last of many gets its turn,
        and the action ends. After a call that was cut short, those that follow it in
        the same run only say how much they leave.

        :param failed: ``failed(record, error)``, called for one that fails when all of
            its transaction is undone
        :param str step: a ``step`` of rd.cron.incident, where an action goes through
            the same records more than once
        """
        incidents = self.env["rd.cron.incident"]
        progress = self._rd_get_progress()
        turns = progress._rd_get_turns(records, step)
        todo = records - progress._rd_get_seen(records, turns)
        failing = incidents._get_failing(records, step)
        incidents._keep_open([failing.get(record) for record in records - todo])
        left = progress.remaining
        self._commit_progress(remaining=left + len(todo))
        if left:
            return
        seen = []
        for record in todo:
            seen.append(record)
            if self._rd_run_one(record, act, failed, step) and record in failing:
                failing[record]._end()
            if not self._commit_progress(1):
                break
        progress._rd_note_seen(seen, turns)

    @api.model
    def _rd_find_each(self, companies, find):
        """Return ``{company: find(company)}``, what there is to do for each company.

        One whose search fails is noted as a failure and left out; the others go on.
        """
        found = {}

        def look(company):
            found[company] = find(company)

        for company in companies:
            self._rd_run_one(company, look, step="find")
        return found

    @api.model
    def _rd_get_progress(self):
        """Return the progress of the run of a scheduled action; none for a person."""
        own = self.env["ir.cron.progress"].sudo()
        own = own.browse(self.env.context.get("ir_cron_progress_id")).exists()
        return own.filtered(
            lambda one: one.cron_id.id == self.env.context.get("cron_id")
        )

    @api.model
    def _rd_run_one(self, record, act, failed=None, step=False):
        """Return whether it went well."""
        for attempt in range(1, RETRIES + 1):
            try:
                act(record)
                self.env.flush_all()
                return True
            except psycopg2.errors.OperationalError as error:
                self.env.cr.rollback()
                _logger.info("%s starts again: %s", record, error.pgcode)
                time.sleep(random.uniform(0.0, 0.1 * attempt))
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("The scheduled action failed for %s", record)
                self._rd_note_failure(record, error, failed, step)
                return False
        _logger.info("%s was in use all the time and waits for the next run", record)
        return False

    @api.model
    def _rd_note_failure(self, record, error, failed, step):
        """Note the failure; where not even that can be done, the rest goes on."""
        try:
            self.env["rd.cron.incident"]._note_failure(record, step)
            if failed:
                failed(record, error)
            self.env.flush_all()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("The failure of %s could not be noted", record)
