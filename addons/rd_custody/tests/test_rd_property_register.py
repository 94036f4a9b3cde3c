# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import ROLES, CustodyCommon


@tagged("post_install", "-at_install")
class TestRdPropertyRegister(CustodyCommon):
    """The short form, as a person at the desk or at the shelf uses it."""

    def _open(self, card, kind=None, user=None):
        card = card.with_user(user or self.users["clerk"])
        if kind:
            card = card.with_context(default_kind=kind)
        action = card.action_register_event()
        forms = self.env[action["res_model"]].with_user(card.env.user)
        return Form(forms.with_context(**action["context"]))

    def test_few_taps(self):
        """One field and one button: the form proposes the rest."""
        card = self._create_card()
        for kind, place in (("receive", "Shelf 1"), ("move", "Shelf 2")):
            form = self._open(card)
            form.place = place
            form.save().action_register()
            self.assertEqual(card.event_ids.sorted("id")[-1].kind, kind)
            self.assertRecordValues(card, [{"quantity": 1, "place": place}])

    def test_form_that_is_left_makes_no_event(self):
        """Fails when the form is the event: closing the tab would save it for good."""
        card = self._create_held()
        form = self._open(card, "return")
        form.save()
        self.assertEqual(card.event_ids.mapped("kind"), ["receive"])
        self.assertEqual(card.quantity, 10)

    def test_pressed_twice_registers_once(self):
        card = self._create_card()
        form = self._open(card).save()
        form.action_register()
        form.action_register()
        self.assertEqual(card.quantity, 1)

    def test_proposals(self):
        card = self._create_held(4)
        form = self._open(card, "return")
        self.assertEqual(form.quantity, 4)
        form.kind = "lend"
        form.holder_id = self.subsupplier
        form.kind = "damage"
        self.assertEqual((form.quantity, form.condition), (0, "damaged"))
        form.note = "Fell from the crane"
        event = form.save().action_register() and card.event_ids.sorted("id")[-1]
        self.assertFalse(event.holder_id, "typed for another kind of event")
        self.assertRecordValues(
            card, [{"condition": "damaged", "quantity": 4, "state": "held"}]
        )

    def test_rules_of_the_event_hold(self):
        card = self._create_held(4)
        form = self._open(card, "return")
        form.quantity = 5
        with self.assertRaises(ValidationError):
            form.save().action_register()
        self.assertEqual(card.quantity, 4)

    def test_who_may(self):
        card = self._create_held(50)
        for role in ROLES:
            with self.subTest(role=role):
                if role in ("warehouse", "clerk", "supervisor"):
                    self._open(card, "count", self.users[role]).save().action_register()
                else:
                    with self.assertRaises(AccessError):
                        self._open(card, "count", self.users[role]).save()

    def test_other_company_is_not_shown(self):
        """Fails when the quantity beside a foreign card is read with all rights."""
        theirs = self._create_held(7, company_id=self._create_company().id)
        forms = self.env["rd.property.register"].with_user(self.users["clerk"])
        with self.assertRaises(AccessError):
            forms.create({"property_id": theirs.id, "kind": "count"}).read(
                ["held_quantity"]
            )

    def test_forms_left_behind_bind_nothing(self):
        """Fails when an old form keeps a contact or a card from being deleted."""
        card = self._create_card()
        partner = self.env["res.partner"].create({"name": "Short stay"})
        self.env["rd.property.register"].create(
            {"property_id": card.id, "kind": "lend", "holder_id": partner.id}
        )
        partner.unlink()
        card.unlink()
