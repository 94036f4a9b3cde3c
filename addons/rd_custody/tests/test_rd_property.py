# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..standing import Standing
from .common import CustodyCommon


@tagged("post_install", "-at_install")
class TestRdProperty(CustodyCommon):
    # ------------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------------
    def test_number_runs_per_company(self):
        """Fails when one sequence serves all companies."""
        second = self._create_company()
        first_here, first_there = (
            self._create_card(company_id=company.id)
            for company in (self._create_company("Third centre"), second)
        )
        self.assertEqual(first_here.name, "CP/00001")
        self.assertEqual(first_there.name, "CP/00001")
        self.assertEqual(self._create_card(company_id=second.id).name, "CP/00002")

    def test_number_typed_is_kept_and_blank_is_replaced(self):
        self.assertEqual(self._create_card(name=" KC-17 ").name, "KC-17")
        for blank in ("", "  ", "/", False):
            self.assertRegex(self._create_card(name=blank).name, r"^CP/\d{5}$")

    def test_number_never_changes(self):
        card = self._create_card(name="KC-1")
        card.write({"name": "KC-1"})
        with self.assertRaises(UserError):
            card.write({"name": "KC-2"})

    def test_number_twice_is_refused(self):
        """Fails without the index, or with a check before the insert only."""
        self._create_card(name="KC-1")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_card(name="KC-1")

    def test_sequence_leaves_with_the_module(self):
        """Fails when the sequence has no external id: it would stay for ever."""
        company = self._create_company()
        self._create_card(company_id=company.id)
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "rd.property"), ("company_id", "=", company.id)]
        )
        known = self.env["ir.model.data"].search(
            [("model", "=", "ir.sequence"), ("res_id", "=", sequence.id)]
        )
        self.assertEqual(known.module, "rd_custody")
        self.assertTrue(known.noupdate, "an update would delete it")

    # ------------------------------------------------------------------
    # Serial numbers, owners, merging of contacts
    # ------------------------------------------------------------------
    def test_serial_is_unique_per_owner_and_company(self):
        self._create_card(serial="S-1")
        self._create_card(serial="S-1", partner_id=self.other_owner.id)
        self._create_card(serial="S-1", company_id=self._create_company().id)
        for _twice in range(2):
            self._create_card(serial=False)
            self._create_card(serial=" ")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_card(serial=" S-1 ")

    def test_no_constraint_names_a_partner(self):
        """Merging contacts deletes rows where a constraint covers the partner."""
        self.env.cr.execute(
            """
            SELECT con.conname
              FROM pg_constraint con
              JOIN pg_attribute att
                ON att.attrelid = con.conrelid AND att.attnum = ANY(con.conkey)
             WHERE con.contype IN ('c', 'u', 'x')
               AND con.conrelid IN
                   ('rd_property'::regclass, 'rd_property_event'::regclass)
               AND att.attname IN ('partner_id', 'holder_id')
            """
        )
        self.assertFalse(self.env.cr.fetchall())

    def test_merge_of_contacts_keeps_every_row(self):
        card = self._create_held(partner_id=self.other_owner.id)
        self._register(card, "lend", holder_id=self.other_owner.id)
        events = card.event_ids
        self.env.flush_all()
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.owner | self.other_owner).ids, self.owner)
        self.env.invalidate_all()
        self.assertEqual(card.partner_id, self.owner)
        self.assertEqual(card.holder_id, self.owner)
        self.assertEqual(card.event_ids, events)
        lent = events.filtered(lambda event: event.kind == "lend")
        self.assertEqual(lent.holder_id, self.owner)

    def test_merge_that_would_clash_fails_and_loses_nothing(self):
        cards = self._create_card(serial="S-1") | self._create_card(
            serial="S-1", partner_id=self.other_owner.id
        )
        self.env.flush_all()
        merge = self.env["base.partner.merge.automatic.wizard"]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            merge._merge((self.owner | self.other_owner).ids, self.owner)
        self.assertEqual(len(cards.exists()), 2)

    def test_owner_of_a_used_card_is_for_the_supervisor(self):
        card = self._create_held()
        change = {"partner_id": self.other_owner.id}
        with self.assertRaises(UserError):
            card.with_user(self.users["clerk"]).write(change)
        card.with_user(self.users["supervisor"]).write(change)
        self.assertEqual(card.partner_id, self.other_owner)

    # ------------------------------------------------------------------
    # What is computed or kept
    # ------------------------------------------------------------------
    def test_computed_fields_cannot_be_written(self):
        """Fails when ``readonly`` is the only guard."""
        card = self._create_held()
        values = {
            "quantity": 99,
            "state": "returned",
            "condition": "good",
            "holder_id": self.subsupplier.id,
            "place": "Elsewhere",
            "received_on": "2020-01-01",
            "received_document": "X",
            "marked_on": "2020-01-01",
            "verified_on": "2020-01-01",
            "maintained_on": "2020-01-01",
            "returned_on": "2020-01-01",
            "last_event_on": "2020-01-01",
        }
        self.assertEqual(set(values), set(Standing.__slots__))
        for name, value in values.items():
            for user in (self.users["clerk"], self.env.ref("base.user_root")):
                with self.subTest(field=name, user=user.login):
                    with self.assertRaises(UserError):
                        card.with_user(user).write({name: value})
                    with self.assertRaises(UserError):
                        card.with_user(user).with_context(rd_guard=True).write(
                            {name: value}
                        )
                    with self.assertRaises(UserError):
                        card.with_user(user).web_save({name: value}, {})
            with self.subTest(create=name), self.assertRaises(UserError):
                self._create_card(**{name: value})

    def test_computed_follow_the_events(self):
        card = self._create_held(3.0)
        home = self.company.partner_id
        self.assertRecordValues(
            card,
            [
                {
                    "quantity": 3,
                    "state": "held",
                    "holder_id": home.id,
                    "place": "Shelf 1",
                }
            ],
        )
        self._register(
            card, "to_subsupplier", holder_id=self.subsupplier.id, place="Hall 2"
        )
        found = self.env["rd.property"].search(
            [("holder_id", "=", self.subsupplier.id), ("state", "=", "out")]
        )
        self.assertEqual(found, card)

    def test_unit_and_company_are_kept_once_used(self):
        """Fails when another unit relabels what was counted: 10 pieces → 10 dozens."""
        dozen = self.env.ref("uom.product_uom_dozen")
        card = self._create_card()
        card.write({"uom_id": dozen.id})
        self._register(card, "receive", quantity=1)
        for values in (
            {"uom_id": self.env.ref("uom.product_uom_unit").id},
            {"company_id": self._create_company().id},
        ):
            with self.assertRaises(UserError):
                card.write(values)

    def test_held_card_is_not_archived_nor_deleted(self):
        card = self._create_held(2.0)
        with self.assertRaises(ValidationError):
            card.action_archive()
        with self.assertRaises(UserError):
            card.unlink()
        self._register(card, "return", quantity=2)
        card.action_archive()
        self.assertFalse(card.active)
        with self.assertRaises(UserError):
            card.unlink()
        self._create_card().unlink()

    def test_value_is_not_negative(self):
        with self.assertRaises(ValidationError):
            self._create_card(value=-0.01)

    def test_copy_is_a_new_card(self):
        card = self._create_held(serial="S-1")
        copy = card.copy()
        self.assertNotEqual(copy.name, card.name)
        self.assertRecordValues(
            copy, [{"serial": False, "quantity": 0, "state": "expected"}]
        )
        self.assertFalse(copy.event_ids)

    def test_found_by_what_is_on_the_thing(self):
        card = self._create_card(
            serial="SN-4711", mark="PROPERTY OF A", specification="AB12-0301"
        )
        for text in ("4711", "OF A", "0301", "window", card.name):
            with self.subTest(text=text):
                found = self.env["rd.property"].name_search(text)
                self.assertIn(card.id, [row[0] for row in found])
