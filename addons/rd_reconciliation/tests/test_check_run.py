# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import closing
from datetime import date
from unittest.mock import patch

from psycopg2.errors import ReadOnlySqlTransaction

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.rd_reconciliation.tools import invariants

from .common import ReconciliationCommon

LOGGER = "odoo.addons.rd_reconciliation.models.rd_check_run"
FIND = "odoo.addons.rd_reconciliation.tools.invariants.find"


@tagged("post_install", "-at_install")
class TestCheckRun(ReconciliationCommon):
    """The daily check of the invariants: what it finds, whom it tells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        part = cls.parts[0]
        cls.order = cls._create_order([(part, 100, 10.0)])
        cls._deliver(cls.order, {part: 30}, "DN-1", date(2026, 9, 10))
        cls.statement = cls._build(cls._open_close(date(2026, 9, 1)))
        cls.runs = cls.env["rd.check.run"]

    def _plant(self):
        """Take an index away behind Odoo's back: the database guarantees less."""
        self.env.cr.execute("DROP INDEX rd_drift_once")

    def _check(self):
        self.runs._cron_check()
        return self.runs.search([], limit=1)

    def _told(self, run):
        return run.activity_ids.user_id

    def _changed(self):
        """Return the rows that this transaction wrote, by table."""
        self.env.cr.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del"
            "  FROM pg_stat_xact_user_tables"
        )
        return dict(self.env.cr.fetchall())

    def test_green_run_says_so_and_tells_nobody(self):
        run = self._check()
        self.assertRecordValues(
            run, [{"state": "green", "finding_count": 0, "new_count": 0}]
        )
        self.assertGreater(run.duration, 0)
        self.assertFalse(self._told(run))

    def test_writes_nothing_but_its_own_row(self):
        self.env.flush_all()
        before = self._changed()
        self._check()
        self.env.flush_all()
        written = {
            table: count - before.get(table, 0)
            for table, count in self._changed().items()
            if count != before.get(table, 0)
        }
        self.assertEqual(written, {"rd_check_run": 1})

    def test_a_rule_that_writes_is_stopped(self):
        def write(cursor):
            cursor.execute("UPDATE rd_statement SET name = 'x'")

        with patch(FIND, write), mute_logger(LOGGER, "odoo.sql_db"):
            self.assertRaises(ReadOnlySqlTransaction, self.runs._look)
            run = self._check()
        self.assertEqual(run.state, "failed")
        self.assertIn("read-only", run.error)
        self.statement.invalidate_recordset()
        self.assertNotEqual(self.statement.name, "x")
        self.affiliate.ref = "the transaction can write again"
        self.env.flush_all()

    def test_violation_is_told_once(self):
        self._plant()
        run = self._check()
        self.assertRecordValues(
            run, [{"state": "found", "finding_count": 1, "new_count": 1}]
        )
        finding = run.finding_ids
        self.assertEqual((finding.rule, finding.is_new), ("guarantees", True))
        self.assertIn("rd_drift_once is missing", finding.sentence)
        self.assertIn(self.supervisor, self._told(run))
        self.assertNotIn(self.clerk, self._told(run))
        again = self._check()
        self.assertEqual((again.finding_count, again.new_count), (1, 0))
        self.assertEqual(again.finding_ids.since, finding.since)
        self.assertFalse(self._told(again))

    def test_what_came_back_is_told_again(self):
        found = [("lost", "3 nothing lost: order line 1.")]
        with patch(FIND, lambda cursor: found):
            self.assertEqual(self._check().new_count, 1)
        self._check()
        with patch(FIND, lambda cursor: found):
            self.assertEqual(self._check().new_count, 1)

    def test_an_index_that_means_something_else_is_named(self):
        self._plant()
        self.env.cr.execute("CREATE INDEX rd_drift_once ON rd_drift (id)")
        (sentence,) = self._check().finding_ids.mapped("sentence")
        self.assertRegex(sentence, r"rd_drift_once is .*\(id\).* instead of UNIQUE")

    def test_what_was_agreed_and_is_another_by_now_is_named(self):
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.statement.action_agree()
        self.assertFalse(self._check().finding_ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rd_statement SET content_hash = 'x' WHERE id = %s",
            [self.statement.id],
        )
        said = self._check().finding_ids.mapped("sentence")
        self.assertIn("its content is no longer the one that was agreed", said[0])

    def test_of_very_many_the_rest_is_counted(self):
        many = invariants.SHOWN + 3
        found = invariants._rows(
            self.env.cr,
            "1 billed: {0} on {1}",
            f"SELECT number, DATE '2026-09-10' FROM generate_series(1, {many}) number",
        )
        self.assertEqual(len(found), invariants.SHOWN + 1)
        self.assertEqual(found[0], "1 billed: 1 on 2026-09-10")
        self.assertEqual(found[-1], "1 billed: and 3 more of these.")

    def test_where_there_is_no_desk_there_is_nothing_to_find(self):
        self.env.flush_all()
        with closing(self.env.cr.savepoint(flush=False)):
            self.env.cr.execute("SET LOCAL search_path TO pg_catalog")
            for rule in (
                invariants.check_guarantees,
                invariants.check_tax_invoices,
                invariants.check_balance,
            ):
                self.assertEqual(rule(self.env.cr), [])

    def test_failed_run_is_told_and_forgets_nothing(self):
        def fail(cursor):
            cursor.execute("SELECT 1 / 0")

        self._plant()
        self._check()
        with patch(FIND, fail), mute_logger(LOGGER, "odoo.sql_db"):
            run = self._check()
        self.assertEqual((run.state, run.finding_count), ("failed", 0))
        self.assertIn("division by zero", run.error)
        self.assertIn(self.supervisor, self._told(run))
        self.assertEqual(self._check().new_count, 0)

    def test_every_rule_has_its_headline(self):
        field = self.env["rd.check.finding"]._fields["rule"]
        self.assertEqual(field.get_values(self.env), list(invariants.get_rules()))

    def test_supervisor_reads_checks_and_ends_the_reminder(self):
        self._plant()
        action = self.runs.with_user(self.supervisor).action_check_now()
        run = self.runs.with_user(self.supervisor).browse(action["res_id"])
        self.assertEqual(run.finding_ids.mapped("rule"), ["guarantees"])
        own = run.activity_ids.filtered(lambda one: one.user_id == self.supervisor)
        own.action_feedback("Index made again")
        self.assertNotIn(self.supervisor, self._told(run))

    def test_readers_read_and_others_are_refused(self):
        run = self._check()
        for group in (
            "rd_sales_admin.rd_sales_admin_group_auditor",
            "base.group_system",
        ):
            reader = new_test_user(self.env, f"check {group}", groups=group)
            self.assertEqual(run.with_user(reader).read(["state"])[0]["state"], "green")
            with self.assertRaises(AccessError):
                run.with_user(reader).action_check_now()
        portal = new_test_user(self.env, "check portal", groups="base.group_portal")
        for user in (self.clerk, portal):
            for model in ("rd.check.run", "rd.check.finding"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.runs.with_user(user).action_check_now()

    def test_nobody_changes_what_was_found(self):
        self._plant()
        run = self._check()
        for record in (run.finding_ids, run):
            with self.assertRaises(AccessError):
                record.unlink()
            with self.assertRaisesRegex(UserError, "stays on record"):
                record.sudo().unlink()
        with self.assertRaises(UserError):
            run.state = "green"
        with self.assertRaises(UserError):
            run.finding_ids.sentence = "nothing"
        with self.assertRaises(UserError):
            run.with_user(self.supervisor).state = "green"
