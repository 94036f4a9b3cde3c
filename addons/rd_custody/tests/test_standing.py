# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import BaseCase, tagged

from ..standing import Standing, Step

HOME, OWNER, SHOP = 1, 2, 3


def stand(*steps):
    """Return the standing after the steps, given as (kind, values)."""
    standing = Standing()
    for day, (kind, values) in enumerate(steps, start=1):
        standing.apply(
            Step(kind, day, **values),
            home=HOME,
            owner=OWNER,
            rounded=lambda quantity: round(quantity, 2),
        )
    return standing


RECEIVE = ("receive", {"quantity": 10, "place": "A"})
SHOP_HAS = ("to_subsupplier", {"holder": SHOP, "place": "Hall 2"})


@tagged("post_install", "-at_install")
class TestStanding(BaseCase):
    """Each table row fails when its kind is counted, placed or dated wrongly."""

    def test_quantity_state_holder_place(self):
        rows = [
            ((), (0, "expected", False, False)),
            ((RECEIVE,), (10, "held", HOME, "A")),
            ((RECEIVE, ("receive", {"quantity": 0.1})), (10.1, "held", HOME, False)),
            ((RECEIVE, ("move", {"place": "B"})), (10, "held", HOME, "B")),
            ((RECEIVE, ("issue", {"holder": SHOP})), (10, "held", SHOP, False)),
            ((RECEIVE, ("use", {"quantity": 4})), (6, "held", HOME, "A")),
            ((RECEIVE, ("use", {"quantity": 10})), (0, "used", False, False)),
            ((RECEIVE, SHOP_HAS), (10, "out", SHOP, "Hall 2")),
            ((RECEIVE, SHOP_HAS, ("move", {"place": "A"})), (10, "held", HOME, "A")),
            (
                (RECEIVE, SHOP_HAS, ("lose", {"quantity": 1})),
                (9, "out", SHOP, "Hall 2"),
            ),
            ((RECEIVE, ("lend", {"holder": SHOP})), (10, "out", SHOP, False)),
            ((RECEIVE, ("lose", {"quantity": 10})), (0, "lost", False, False)),
            ((RECEIVE, ("return", {"quantity": 3})), (7, "held", HOME, "A")),
            ((RECEIVE, ("return", {"quantity": 10})), (0, "returned", OWNER, False)),
            ((RECEIVE, ("dispose", {"quantity": 10})), (0, "disposed", False, False)),
            ((RECEIVE, ("count", {"quantity": 8})), (8, "held", HOME, "A")),
            ((RECEIVE, ("count", {"quantity": 0})), (0, "lost", False, False)),
            (
                (RECEIVE, ("lose", {"quantity": 10}), ("count", {"quantity": 2})),
                (2, "held", HOME, False),
            ),
            ((RECEIVE, ("damage", {"quantity": 2})), (10, "held", HOME, "A")),
            ((RECEIVE, ("maintain", {})), (10, "held", HOME, "A")),
        ]
        for steps, expected in rows:
            with self.subTest(steps=[kind for kind, _values in steps]):
                got = stand(*steps)
                self.assertEqual(
                    (got.quantity, got.state, got.holder_id, got.place), expected
                )

    def test_condition_is_the_last_one_said(self):
        bad = ("damage", {"condition": "damaged"})
        rows = [
            ((RECEIVE,), "unchecked"),
            ((RECEIVE, ("verify", {"condition": "good"})), "good"),
            ((RECEIVE, bad), "damaged"),
            ((RECEIVE, bad, ("move", {"place": "B"})), "damaged"),
            ((RECEIVE, bad, ("maintain", {"condition": "good"})), "good"),
            ((RECEIVE, bad, ("return", {"quantity": 10}), RECEIVE), "unchecked"),
        ]
        for steps, expected in rows:
            with self.subTest(steps=[kind for kind, _values in steps]):
                self.assertEqual(stand(*steps).condition, expected)

    def test_days(self):
        standing = stand(
            ("receive", {"quantity": 10, "document": "DN 7"}),
            ("mark", {}),
            ("verify", {"condition": "good"}),
            ("receive", {"quantity": 1, "document": "DN 8"}),
            ("return", {"quantity": 11}),
        )
        self.assertEqual(
            (standing.received_on, standing.received_document), (1, "DN 7")
        )
        self.assertEqual((standing.marked_on, standing.verified_on), (2, 3))
        self.assertEqual((standing.returned_on, standing.last_event_on), (5, 5))

    def test_coming_again_begins_anew(self):
        standing = stand(RECEIVE, ("return", {"quantity": 10}), RECEIVE)
        self.assertEqual((standing.received_on, standing.returned_on), (3, False))
        self.assertEqual((standing.quantity, standing.state), (10, "held"))

    def test_why_not(self):
        gone = ("return", {"quantity": 10})
        rows = [
            ((), "receive", 1, None),
            ((), "move", 0, "unreceived"),
            ((), "count", 1, "unreceived"),
            ((RECEIVE, SHOP_HAS), "receive", 1, "away"),
            ((RECEIVE, gone), "move", 0, "nothing"),
            ((RECEIVE, gone), "count", 1, None),
            ((RECEIVE, gone), "receive", 1, None),
            ((RECEIVE,), "return", 10, None),
            ((RECEIVE,), "return", 10.01, "short"),
            ((RECEIVE,), "damage", 11, "short"),
        ]
        for steps, kind, quantity, expected in rows:
            with self.subTest(steps=steps, kind=kind):
                problem = stand(*steps).why_not(Step(kind, 9, quantity))
                self.assertEqual(problem, expected)
