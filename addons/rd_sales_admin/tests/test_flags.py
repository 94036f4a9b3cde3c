# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestFlags(TransactionCase):
    """Each computed flag of the desk's is found set, not set, and both."""

    def _flags(self):
        for name, model in self.env.items():
            for flag in model._fields.values():
                ours = any(module.startswith("rd_") for module in flag._modules)
                if flag.type == "boolean" and flag.search and not flag.store and ours:
                    yield name, flag.name

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
