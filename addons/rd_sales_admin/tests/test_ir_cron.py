# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from psycopg2.errors import OperationalError, SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeskCommon

CRON = "odoo.addons.rd_sales_admin.models.ir_cron"


@tagged("post_install", "-at_install")
class TestRunEach(DeskCommon):
    """Scheduled actions go through records one by one, and keep what is done."""

    def setUp(self):
        super().setUp()
        self.records = self.env["res.partner"].create(
            [{"name": name} for name in ("first", "second", "third")]
        )
        self.acts = []

    def _run(self, act=None, **options):
        """Run the records; return what was told of the progress."""

        def note(record):
            self.acts.append(record)
            record.ref = "done"
            if act:
                act(record)

        with self._parted(**options) as told:
            self.env["ir.cron"]._rd_run_each(self.records, note)
        return told

    def _get_done(self):
        return self.records.filtered(lambda one: one.ref == "done").mapped("name")

    def test_what_is_left_is_said_first(self):
        """Else Odoo takes a run that was killed for one that is finished."""
        told = self._run()
        self.assertEqual(told, [(0, 3), (1, None), (1, None), (1, None)])
        self.assertEqual(self._get_done(), ["first", "second", "third"])

    def test_progress_follows_the_work(self):
        """Else what was killed in between counts as done."""
        counted = []
        with self._parted() as told:
            self.env["ir.cron"]._rd_run_each(
                self.records,
                lambda _one: counted.append(sum(count for count, _left in told)),
            )
        self.assertEqual(counted, [0, 1, 2])

    @mute_logger(CRON)
    def test_a_bad_one_stops_no_other(self):
        def fail(record):
            if record.name == "second":
                raise ZeroDivisionError

        self._run(fail)
        self.assertEqual(self.acts, list(self.records))
        self.assertEqual(self._get_done(), ["first", "third"])

    @mute_logger(CRON)
    def test_one_whose_failure_cannot_be_noted_stops_no_other(self):
        def fail(record):
            if record.name == "second":
                raise ZeroDivisionError

        incidents = type(self.env["rd.cron.incident"])
        with patch.object(incidents, "_note_failure", side_effect=OperationalError):
            self._run(fail)
        self.assertEqual(self._get_done(), ["first", "third"])
        self.assertFalse(self.env["rd.cron.incident"].search([("kind", "=", "failed")]))

    @mute_logger(CRON)
    def test_a_conflict_is_tried_again_at_once(self):
        def meet(record):
            if record.name == "second" and self.acts.count(record) < 3:
                raise SerializationFailure

        with patch(f"{CRON}.time.sleep"):
            self._run(meet)
        self.assertEqual(self.acts.count(self.records[1]), 3)
        self.assertEqual(self._get_done(), ["first", "second", "third"])

    @mute_logger(CRON)
    def test_who_is_always_in_use_waits_for_the_next_run(self):
        def meet(record):
            if record.name == "second":
                raise SerializationFailure

        with patch(f"{CRON}.time.sleep"):
            self._run(meet)
        self.assertEqual(self._get_done(), ["first", "third"])

    def test_the_rest_is_left_when_the_time_is_over(self):
        self.assertEqual(self._run(seconds=0), [(0, 3), (1, None)])
        self.assertEqual(self._get_done(), ["first"])
