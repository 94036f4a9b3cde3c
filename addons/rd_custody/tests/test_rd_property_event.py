# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CustodyCommon


@tagged("post_install", "-at_install")
class TestRdPropertyEvent(CustodyCommon):
    # ------------------------------------------------------------------
    # Append only
    # ------------------------------------------------------------------
    def _snapshot(self, event):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT *, xmin FROM rd_property_event WHERE id = %s", [event.id]
        )
        return self.env.cr.fetchall()

    def _ways_to_change(self, event):
        card = event.property_id
        commands = (
            Command.update(event.id, {"quantity": 1}),
            Command.delete(event.id),
            Command.unlink(event.id),
            Command.clear(),
            Command.set([]),
        )
        for command in commands:
            yield (
                f"command {command[0]}",
                lambda command=command: card.write({"event_ids": [command]}),
            )
        yield "write", lambda: event.write({"note": "x"})
        yield "assign", lambda: setattr(event, "note", "x")
        yield "web_save", lambda: event.web_save({"note": "x"}, {})
        yield "web_save_multi", lambda: event.web_save_multi([{"note": "x"}], {})
        yield "unlink", lambda: event.unlink()
        yield (
            "with the keys of context",
            lambda: event.with_context(
                rd_guard=True,
                _force_unlink=True,
                install_mode=True,
                tracking_disable=True,
            ).write({"note": "x"}),
        )

    def test_nobody_changes_or_deletes_an_event(self):
        """Fails for any way in that is left open, for the administrator too."""
        event = self._create_held().event_ids
        before = self._snapshot(event)
        for user in (self.env.ref("base.user_root"), self.users["supervisor"]):
            for way, change in self._ways_to_change(event.with_user(user)):
                with (
                    self.subTest(way=way, user=user.login),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    change()
                    self.env.flush_all()
                self.env.invalidate_all()
        self.assertEqual(self._snapshot(event), before)
        self.assertTrue(event.browse().write({"note": "x"}), "of none nothing is asked")

    def test_import_does_not_change_an_event(self):
        event = self._create_held().event_ids
        before = self._snapshot(event)
        result = self.env["rd.property.event"].load(
            [".id", "note"], [[str(event.id), "changed"]]
        )
        self.assertFalse(result["ids"])
        self.assertEqual(self._snapshot(event), before)

    def test_company_is_not_given(self):
        card = self._create_card()
        with self.assertRaises(UserError):
            self._register(
                card, "receive", quantity=1, company_id=self._create_company().id
            )

    # ------------------------------------------------------------------
    # Guards of create
    # ------------------------------------------------------------------
    def test_future_is_refused_by_the_day_of_the_company(self):
        """Fails with the server's day: 16:30 UTC is already tomorrow in Shanghai."""
        card = self._create_card()
        self.company.rd_tz = "Asia/Shanghai"
        with freeze_time("2025-10-31 16:30:00"):
            self._register(card, "receive", "2025-11-01", quantity=1)
            with self.assertRaises(ValidationError):
                self._register(card, "receive", "2025-11-02", quantity=1)
        self.company.rd_tz = "America/New_York"
        with freeze_time("2025-11-30 03:00:00"), self.assertRaises(ValidationError):
            self._register(card, "receive", "2025-11-30", quantity=1)

    def test_quantity_must_be_sensible(self):
        card = self._create_held(1.0)
        refused = [
            ("receive", quantity)
            for quantity in (0, -1, 0.001, float("nan"), float("inf"), float("-inf"))
        ]
        refused += [("count", -1), ("return", 0), ("move", 1), ("verify", 1)]
        for kind, quantity in refused:
            with (
                self.subTest(kind=kind, quantity=quantity),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self._register(
                    card, kind, quantity=quantity, place="B", condition="good"
                )
        self.assertEqual(card.quantity, 1)

    def test_never_below_zero(self):
        card = self._create_held(0.3)
        for _third in range(3):
            # 0.3 - 0.1 - 0.1 - 0.1 is not zero in floats
            self._register(card, "use", quantity=0.1)
        self.assertRecordValues(card, [{"quantity": 0.0, "state": "used"}])
        with self.assertRaises(ValidationError):
            self._register(card, "use", quantity=0.01)

    def test_past_event_is_judged_with_what_follows(self):
        """Fails when only the present quantity is looked at."""
        card = self._create_held(10, "2025-01-10")
        self._register(card, "use", "2025-02-10", quantity=10, condition=False)
        refused = [
            ("move", "2025-01-09", {"place": "B"}),
            ("use", "2025-01-20", {"quantity": 1}),
            ("return", "2025-02-10", {"quantity": 1}),
        ]
        for kind, date, values in refused:
            with (
                self.subTest(kind=kind, date=date),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self._register(card, kind, date, **values)
        self._register(card, "receive", "2025-01-20", quantity=5)
        self.assertEqual(card.quantity, 5)

    def test_past_event_takes_its_place_in_the_row(self):
        card = self._create_held(10, "2025-01-10")
        self._register(card, "move", "2025-03-01", place="C")
        self._register(card, "move", "2025-02-01", place="B")
        self.assertEqual(card.place, "C")

    def test_count_puts_right(self):
        card = self._create_held(10)
        self._register(card, "count", quantity=1, note="Typed 10 for 1")
        self.assertEqual(card.quantity, 1)
        self._register(card, "count", "2025-02-01", quantity=7)
        self.assertEqual(card.quantity, 1, "a later count outweighs an earlier one")

    def test_what_a_kind_cannot_do_without(self):
        card = self._create_held()
        home = self.company.partner_id.id
        refused = [
            ("lend", {}),
            ("lend", {"holder_id": home}),
            ("to_subsupplier", {"place": "Hall 2"}),
            ("move", {}),
            ("issue", {}),
            ("verify", {}),
            ("verify", {"condition": "unchecked"}),
            ("damage", {"note": "Fell"}),
            ("damage", {"note": "Fell", "condition": "good"}),
            ("damage", {"condition": "damaged"}),
            ("damage", {"condition": "damaged", "note": "Fell", "quantity": 11}),
            ("lose", {"quantity": 1, "note": "  "}),
            ("dispose", {"quantity": 1}),
        ]
        for kind, values in refused:
            with (
                self.subTest(kind=kind, values=values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self._register(card, kind, **values)
        self.assertEqual(len(card.event_ids), 1)

    def test_not_received_while_outside(self):
        card = self._create_held()
        self._register(card, "lend", holder_id=self.subsupplier.id)
        with self.assertRaises(ValidationError):
            self._register(card, "receive", quantity=1)

    def test_archived_card_takes_no_event(self):
        card = self._create_card()
        card.action_archive()
        with self.assertRaises(ValidationError):
            self._register(card, "receive", quantity=1)
