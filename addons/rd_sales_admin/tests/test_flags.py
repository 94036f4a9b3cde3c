# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged

from ..tools.flags import flag_search


@tagged("post_install", "-at_install")
class TestFlags(TransactionCase):
    """Each computed flag of the desk's is found set, not set, and both."""

    def _flags(self):
        models = [model for model in self.env.values() if model._auto]
        for flag in (flag for model in models for flag in model._fields.values()):
            ours = any(module.startswith("rd_") for module in flag._modules)
            own = flag.search and not flag.store and not flag.related
            if flag.type == "boolean" and own and ours:
                yield flag.model_name, flag.name

    def test_the_three_questions(self):
        where = Domain("state", "=", "open")
        search = flag_search(lambda _records: [("state", "=", "open")])
        self.assertEqual(search(self.env["rd.feedback"], "in", [True]), where)
        self.assertEqual(search(self.env["rd.feedback"], "in", [False]), ~where)
        both = search(self.env["rd.feedback"], "in", [True, False])
        self.assertEqual(both, Domain.TRUE)
        other = search(self.env["rd.feedback"], "not in", [True])
        self.assertIs(other, NotImplemented, "Odoo makes the opposite itself")

    def test_every_flag_parts_the_records_in_two(self):
        """Fails when a search method knows no answer to one of the questions."""
        found = list(self._flags())
        self.assertIn(("rd.feedback", "is_overdue"), found)
        for name, flag in found:
            records = self.env[name].with_context(active_test=False)
            with self.subTest(model=name, flag=flag):
                counts = [
                    records.search_count([(flag, "in", values)])
                    for values in ([True], [False], [True, False])
                ]
                self.assertEqual(counts[0] + counts[1], counts[2])
                self.assertEqual(counts[2], records.search_count([]))
