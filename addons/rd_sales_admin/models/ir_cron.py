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
    def _rd_run_each(self, records, act, failed=None):
        """Call ``act(record)`` for each record, each in a transaction of its own.

        A conflict with somebody else is tried again at once: the framework retries no
        scheduled action, so the record would wait for the next run. One that fails is
        logged and stops no other; what the time does not suffice for is done by the
        run that Odoo starts next.

        Each failure is an incident that the supervisors are told of, until the record
        runs well again.

        :param failed: ``failed(record, error)``, called for one that fails when all of
            its transaction is undone
        """
        failing = self.env["rd.cron.incident"]._get_failing(records)
        self._commit_progress(remaining=len(records))
        for record in records:
            if self._rd_run_one(record, act, failed) and record in failing:
                failing[record]._end()
            if not self._commit_progress(1):
                break

    @api.model
    def _rd_run_one(self, record, act, failed=None):
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
                self._rd_note_failure(record, error, failed)
                return False
        _logger.info("%s was in use all the time and waits for the next run", record)
        return False

    @api.model
    def _rd_note_failure(self, record, error, failed):
        """Note the failure; where not even that can be done, the rest goes on."""
        try:
            self.env["rd.cron.incident"]._note_failure(record)
            if failed:
                failed(record, error)
            self.env.flush_all()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("The failure of %s could not be noted", record)
