# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from .test_query_counts import QueryCountCase

SMALL, LARGE = 10, 1000
# What the ORM needs for each further hundred records: it inserts and updates a
# hundred rows by one statement.
PER_HUNDRED = 12
MANY = 5000


@tagged("post_install", "-at_install")
class TestDeskScale(QueryCountCase):
    """A desk with thousands of differences opens and settles as one with ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.close = cls._open_close(date(2026, 9, 1))

    def test_many_are_settled_as_one_set(self):
        few, many = (self._differing(f"{n}", n) for n in (SMALL, LARGE))
        for action in ("accept_theirs", "keep_ours", "carry", "write_off", "reopen"):
            with self.subTest(action=action):
                small = self._count_settling(action, few)
                large = self._count_settling(action, many)
                limit = small + PER_HUNDRED * LARGE // 100
                self.assertLessEqual(large, limit, f"{small} at {SMALL}")

    def test_desk_with_thousands_opens_by_the_same_queries(self):
        statement = self._differing("thousands", SMALL).statement_id
        few = self._count_opening(statement, SMALL)
        self._copy_differences(statement, MANY // SMALL)
        many = self._count_opening(statement, MANY)
        self.assertLessEqual(many, few + 2, f"{few} at {SMALL}, {many} at {MANY}")

    def _count_opening(self, statement, count):
        counts = {}
        desk = self.env["rd.difference"].with_user(self.clerk)
        with self._counting(counts, "open"):
            found = desk.get_desk({"statement_id": statement.id})
        self.assertEqual(found["total"], count)
        self.assertEqual(len(found["rows"]), min(count, 100))
        return counts["open"]

    def _count_settling(self, action, items):
        """Count the queries of an action; the items are left as they were."""
        counts = {}
        with self.env.cr.savepoint() as before:
            if action == "reopen":
                items.act("keep_ours")
            # As a client names them: by their ids.
            with self._counting(counts, "settle"):
                answer = items.browse(items.ids).act(action)
            before.rollback()
        self.env.invalidate_all(flush=False)
        done = answer["open" if action == "reopen" else "settled"]
        self.assertEqual(len(done), len(items))
        return counts["settle"]

    # ------------------------------------------------------------------
    # Many differences
    # ------------------------------------------------------------------
    def _differing(self, name, count):
        """Return ``count`` differences of a new affiliate: half of each piece came."""
        partner = self._create_delivered(count, name)
        statement = self._build(self.close, partner)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE rd_statement_line SET note = 'QN' || id * 7919 "
                "WHERE statement_id = %s",
                statement.id,
            )
        )
        self.env.invalidate_all()
        rows = [
            ("2026-09-10", line.note, line.part, 0.5, 5.65)
            for line in statement.line_ids
        ]
        self._read_ledger(statement, rows, f"{name}.csv")
        statement.action_match()
        items = statement.difference_ids.with_user(self.clerk)
        self.assertEqual(len(items), count)
        self.assertEqual(set(items.mapped("code")), {"quantity"})
        return items

    def _copy_differences(self, statement, factor):
        """Write as many equal differences as wanted, by SQL."""
        items = statement.difference_ids
        names = [
            name
            for name, field in items._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        self.env.cr.execute(
            SQL(
                "INSERT INTO rd_difference (%s) SELECT %s FROM rd_difference, "
                "generate_series(2, %s) WHERE id IN %s",
                columns,
                columns,
                factor,
                tuple(items.ids),
            )
        )
        self.env.invalidate_all()
