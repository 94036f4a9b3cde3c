# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ROLES, CustodyCommon

MAY_CREATE_CARD = {"clerk", "supervisor"}
MAY_REGISTER = {"warehouse", "clerk", "supervisor"}
MAY_DELETE_CARD = {"supervisor"}


@tagged("post_install", "-at_install")
class TestRdPropertyAccess(CustodyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_held()

    def _assert_allowed(self, allowed, method, *args, **kwargs):
        if allowed:
            method(*args, **kwargs)
            return
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            method(*args, **kwargs)

    def test_every_role_reads(self):
        for role in ROLES:
            with self.subTest(role=role):
                card = self.card.with_user(self.users[role])
                self.assertEqual(card.quantity, 10)
                self.assertEqual(card.event_ids.kind, "receive")

    def test_who_is_not_of_the_desk_sees_nothing(self):
        portal = new_test_user(self.env, "custody_portal", groups="base.group_portal")
        for user in (self.bare_user, portal, self.env.ref("base.public_user")):
            for model in ("rd.property", "rd.property.event"):
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(AccessError):
                        self.env[model].with_user(user).search_count([])

    def test_who_opens_changes_and_deletes_cards(self):
        values = {"partner_id": self.owner.id, "description": "New"}
        for role in ROLES:
            spare = self._create_card().with_user(self.users[role])
            may_create = role in MAY_CREATE_CARD
            with self.subTest(role=role):
                self._assert_allowed(may_create, spare.create, values)
                self._assert_allowed(may_create, spare.write, {"mark": "A"})
                self._assert_allowed(role in MAY_DELETE_CARD, spare.unlink)

    def test_what_papers_name_of_a_card_that_is_over(self):
        """A clerk corrects it while we hold the thing, then only a supervisor."""
        yen = self.env.ref("base.JPY")
        named = {"value": 7, "serial": "S-7", "currency_id": yen.id}
        clerk, supervisor = (
            self.card.with_user(self.users[role]) for role in ("clerk", "supervisor")
        )
        clerk.write({"value": 5, "serial": "S-5"})
        for kind in ("return", "lose", "dispose", "use"):
            with self.subTest(kind=kind), self.env.cr.savepoint(flush=True) as point:
                self._register(self.card, kind, quantity=10, note="So agreed")
                for name, value in named.items():
                    with self.assertRaises(UserError):
                        clerk.write({name: value})
                clerk.write({"value": 5, "note": "Left on a Monday"})
                supervisor.write(named)
                self.assertRecordValues(self.card, [named])
                point.rollback()

    def test_who_registers_events(self):
        for role in ROLES:
            user = self.users[role]
            with self.subTest(role=role):
                self._assert_allowed(
                    role in MAY_REGISTER,
                    *(self._register, self.card, "move"),
                    user=user,
                    place=role,
                )

    def test_no_role_changes_events(self):
        for role in ROLES:
            event = self.card.event_ids[-1].with_user(self.users[role])
            with self.subTest(role=role):
                with self.assertRaises(UserError):
                    event.write({"note": "x"})
                with self.assertRaises(UserError):
                    event.unlink()

    def test_other_company_is_out_of_sight(self):
        """Fails without the record rule of either model."""
        second = self._create_company()
        theirs = self._create_card(company_id=second.id)
        self._register(theirs, "receive", quantity=5)
        supervisor = self.users["supervisor"]
        for model in ("rd.property", "rd.property.event"):
            records = self.env[model].with_user(supervisor)
            with self.subTest(model=model):
                self.assertNotIn(second, records.search([]).company_id)
                groups = records._read_group([], ["company_id"], ["__count"])
                self.assertNotIn(second, [group[0] for group in groups])
        with self.assertRaises(AccessError):
            theirs.with_user(supervisor).read(["quantity"])
        with self.assertRaises(AccessError):
            theirs.event_ids.with_user(supervisor).read(["quantity"])
        with self.assertRaises(AccessError):
            self._register(theirs, "move", user=supervisor, place="Mine")
        forged = theirs.with_user(supervisor).with_context(
            allowed_company_ids=[second.id]
        )
        with self.assertRaises(AccessError):
            forged.read(["quantity"])

    def test_no_company_crossover(self):
        second = self._create_company()
        foreign = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": second.id}
        )
        with self.assertRaises(UserError):
            self._create_card(partner_id=foreign.id)
        with self.assertRaises(UserError):
            self._register(self.card, "lend", holder_id=foreign.id)
        with self.assertRaises(UserError):
            self._create_card(company_id=second.id, custodian_id=self.users["clerk"].id)
