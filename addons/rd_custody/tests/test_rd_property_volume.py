# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import tagged

from ..standing import Standing
from .common import CustodyCommon


@tagged("post_install", "-at_install")
class TestRdPropertyVolume(CustodyCommon):
    """The number of queries does not grow with the number of cards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cards = cls.env["rd.property"].create(
            [
                {
                    "partner_id": cls.owner.id,
                    "description": f"Gauge {number}",
                    "name": f"V-{number}",
                }
                for number in range(1000)
            ]
        )
        events = cls.env["rd.property.event"]
        for kind, values in (
            ("receive", {"quantity": 2, "date": "2025-01-01"}),
            ("move", {"place": "Room 1", "date": "2025-01-02"}),
            ("lend", {"holder_id": cls.subsupplier.id, "date": "2025-01-03"}),
        ):
            events.create(
                [{"property_id": card.id, "kind": kind, **values} for card in cls.cards]
            )
        cls.env.flush_all()

    def _count_queries(self, call, cards):
        self.env.flush_all()
        self.env.invalidate_all()
        cards.fetch(["name"])
        before = self.env.cr.sql_log_count
        call(cards)
        return self.env.cr.sql_log_count - before

    def test_standing_is_computed_in_bulk(self):
        """Fails with a query per card; the answer is checked as well."""

        def compute(cards):
            for name in Standing.__slots__:
                self.env.add_to_compute(cards._fields[name], cards)
            cards.mapped("quantity")

        def read(cards):
            cards.read(["quantity", "holder_id", "place", "state", "condition"])

        for call in (compute, read):
            with self.subTest(call=call.__name__):
                call(self.cards[:1])  # what is read once for all and kept
                few = self._count_queries(call, self.cards[:10])
                many = self._count_queries(call, self.cards)
                self.assertEqual(few, many)
                self.assertLess(many, 20)
        self.assertEqual(set(self.cards.mapped("quantity")), {2.0})
        self.assertEqual(self.cards.holder_id, self.subsupplier)

    def test_history_is_checked_in_bulk(self):
        def check(cards):
            cards.event_ids._check_history()

        few = self._count_queries(check, self.cards[:10])
        many = self._count_queries(check, self.cards)
        self.assertLessEqual(many - few, 6, "prefetch works in slices of 1,000 events")
