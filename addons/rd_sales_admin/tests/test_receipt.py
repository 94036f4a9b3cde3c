# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date, datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import DeskCommon

PHOTO = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQ"
    "DwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestReceipt(DeskCommon):
    """Who signed, when, what was taken; and what is due by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.order = cls._create_order([(cls.p100, 100, 10.0), (cls.p200, 50, 25.5)])
        cls.picking = cls._deliver(
            cls.order, {cls.p100: 10, cls.p200: 4}, "DN-1", date(2026, 9, 10)
        )
        cls.porter = cls._create_user("warehouse")
        cls.photo = {"name": "note.png", "data": PHOTO}

    def _move(self, part):
        return self.picking.move_ids.filtered(lambda move: move.product_id == part)

    def _sign(self, day=12, hour=4, who="Li Si"):
        moment = datetime(2026, 9, day, hour)
        self.picking._rd_sign(who, moment, self.env["ir.attachment"])

    def _portions(self, basis):
        self.affiliate.rd_basis = basis
        portions = self.env["stock.move"]._rd_get_portions(
            self.company, self.affiliate, date(2026, 12, 31)
        )
        return [
            (item.res_id, item.sign, item.start, item.until, item.due, item.zero_reason)
            for item in portions
        ]

    # ------------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------------
    def test_two_taps_with_a_photo(self):
        waiting = self.env["stock.picking"].with_user(self.porter)
        found = waiting.search([("rd_receipt_state", "=", "waiting")])
        self.assertIn(self.picking, found)
        self.picking.with_user(self.porter).action_rd_sign_all([self.photo])
        self.assertEqual(self.picking.rd_receipt_state, "signed")
        self.assertEqual(self.picking.rd_recorded_by_id, self.porter)
        self.assertEqual(self.picking.rd_receipt_ids.raw, base64.b64decode(PHOTO))
        self.assertEqual(self.picking.rd_receipt_ids.res_id, self.picking.id)
        self.assertEqual(self._move(self.p100).rd_accepted_qty, 10)
        self.assertNotIn(
            self.picking, waiting.search([("rd_receipt_state", "=", "waiting")])
        )
        with self.assertRaisesRegex(UserError, "already signed"):
            self.picking.with_user(self.porter).action_rd_sign_all()

    def test_what_does_not_wait_is_found_too(self):
        later = self._deliver(self.order, {self.p100: 1}, "DN-2", date(2026, 9, 20))
        self._sign()
        both = [("id", "in", (self.picking | later).ids)]
        pickings = self.env["stock.picking"].with_user(self.porter)
        found = pickings.search([("rd_receipt_state", "!=", "waiting"), *both])
        self.assertEqual(found, self.picking)

    def test_the_last_signer_is_proposed(self):
        self._sign(who="Wang Wu")
        later = self._deliver(self.order, {self.p100: 1}, "DN-2", date(2026, 9, 20))
        self.assertEqual(later._rd_guess_signer(), "Wang Wu")

    def test_a_signer_whom_nobody_named_is_marked(self):
        """Fails when what was only assumed reads like what somebody has seen."""
        self._sign(who="Wang Wu")
        self.assertEqual(self.picking.rd_signer, "Wang Wu")
        later = self._deliver(self.order, {self.p100: 1}, "DN-2", date(2026, 9, 20))
        later.with_user(self.porter).action_rd_sign_all()
        self.assertTrue(later.rd_signer_assumed)
        self.assertEqual(later.rd_signer, "Wang Wu (as last time, not named)")
        later._rd_sign("Zhao Liu", datetime(2026, 9, 21, 4), self.env["ir.attachment"])
        self.assertEqual(later.rd_signer, "Zhao Liu")
        with self.assertRaises(UserError):
            later.rd_signer_assumed = True
        # an assumption is not what the next one rests on
        third = self._deliver(self.order, {self.p100: 1}, "DN-3", date(2026, 9, 22))
        third.action_rd_sign_all()
        later.action_rd_withdraw_receipt("wrong note")
        self.assertFalse(later.rd_signer)
        self.assertEqual(later._rd_guess_signer(), "Wang Wu")

    def test_form_with_figures_and_correction(self):
        context = self.picking.with_user(self.porter).action_rd_sign()["context"]
        wizard = self.env["rd.receipt.sign"].with_user(self.porter)
        form = Form(wizard.with_context(**context))
        form.signed_by = "Li Si"
        form.signed_date = datetime(2026, 9, 12, 4)
        with form.line_ids.edit(0) as line:
            line.short = 1
            line.rejected = 2
            line.conceded = 3
            self.assertEqual(line.accepted, 7)
        form.save().action_sign()
        move = self._move(self.p100)
        self.assertEqual(self.picking.rd_receipt_state, "partial")
        self.assertEqual((move.rd_accepted_qty, move.rd_conceded_qty), (7, 3))
        form = Form(self.env["rd.receipt.sign"].with_context(**context))
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.rejected, 2)
            line.rejected = 0
        form.save().action_sign()
        self.assertEqual(move.rd_accepted_qty, 9)
        trace = self.picking.message_ids.filtered(lambda one: "→" in (one.body or ""))
        self.assertEqual(len(trace), 2)
        self.assertIn("rejected 2", trace[0].body)

    def test_figures_must_fit(self):
        move = self._move(self.p100)
        for figures in ({"short": 11}, {"short": -1}, {"rejected": 6, "conceded": 5}):
            with self.assertRaisesRegex(UserError, "10 of"), self.cr.savepoint():
                self.picking._rd_sign(
                    "Li Si",
                    datetime(2026, 9, 12),
                    self.env["ir.attachment"],
                    {move.id: figures},
                )
        self.assertFalse(self.picking.rd_signed_date)

    def test_day_and_name_must_fit(self):
        with self.assertRaisesRegex(UserError, "left on 2026-09-10"):
            self._sign(day=9)
        with self.assertRaisesRegex(UserError, "Say who"):
            self._sign(who=" ")
        # 17:00 UTC on the 9th is the 10th for the company.
        self._sign(day=9, hour=17)
        self.assertEqual(
            self.company._rd_local_date(self.picking.rd_signed_date), date(2026, 9, 10)
        )

    def test_only_pictures_and_pdf(self):
        drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
        for data in ("", "no!", "PHNjcmlwdD4=", base64.b64encode(drawing).decode()):
            with self.assertRaisesRegex(UserError, "no picture or PDF"):
                self.picking.action_rd_sign_all([{"name": "x", "data": data}])
        with self.assertRaisesRegex(UserError, "at most 10 pages"):
            self.picking.action_rd_sign_all([self.photo] * 11)

    def test_no_foreign_file_becomes_a_receipt(self):
        secret = self.env["ir.attachment"].create({"name": "s", "raw": b"secret"})
        wizard = (
            self.env["rd.receipt.sign"]
            .with_user(self.porter)
            .create({"picking_id": self.picking.id, "signed_by": "Li"})
        )
        wizard.sudo().attachment_ids = secret
        with self.assertRaisesRegex(UserError, "not a file you have uploaded"):
            wizard.with_user(self.porter).action_sign()
        as_porter = secret.with_user(self.porter).sudo()
        with self.assertRaisesRegex(UserError, "not a file you have uploaded"):
            self.picking.with_user(self.porter)._rd_adopt_papers(as_porter)

    def test_ones_own_upload_becomes_a_receipt(self):
        values = {"name": "note.png", "raw": base64.b64decode(PHOTO)}
        paper = self.env["ir.attachment"].with_user(self.porter).create(values)
        wizard = self.env["rd.receipt.sign"].with_user(self.porter)
        wizard = wizard.create({"picking_id": self.picking.id, "signed_by": "Li"})
        wizard.attachment_ids = paper
        wizard.action_sign()
        self.assertEqual(self.picking.rd_receipt_ids, paper)
        self.assertEqual(
            (paper.res_model, paper.res_id), (self.picking._name, self.picking.id)
        )

    def test_what_is_not_agreed_yet_may_lose_its_picture(self):
        self.picking.with_user(self.porter).action_rd_sign_all([self.photo])
        self.picking.rd_receipt_ids.unlink()
        self.assertFalse(self.picking.rd_receipt_ids)
        self.assertEqual(self.picking.rd_receipt_state, "signed")

    def test_others_do_not_sign(self):
        for role in ("auditor", "floor", "salesperson", "finance"):
            user = self._create_user(role)
            with self.subTest(role=role), self.assertRaises(UserError):
                self.picking.with_user(user).action_rd_sign_all()
        with self.assertRaisesRegex(UserError, "kept by the system"):
            self.picking.with_user(self.clerk).write({"rd_signed_by": "me"})
        with self.assertRaisesRegex(UserError, "kept by the system"):
            self.picking.move_ids.with_user(self.clerk).write({"rd_rejected_qty": 1})

    def test_withdrawn_receipt(self):
        self._sign()
        with self.assertRaisesRegex(UserError, "Say why"):
            self.picking.with_user(self.clerk).action_rd_withdraw_receipt(" ")
        self.picking.with_user(self.clerk).action_rd_withdraw_receipt("wrong note")
        self.assertEqual(self.picking.rd_receipt_state, "waiting")
        self.assertIn("wrong note", self.picking.message_ids[0].body)
        with self.assertRaises(UserError):
            self.picking.with_user(self.porter).action_rd_withdraw_receipt("x")

    def test_what_came_back_whole_needs_no_signature(self):
        domain = [("rd_receipt_state", "=", "waiting")]
        self._return(self.picking, {self.p100: 10}, "R-1", date(2026, 9, 15))
        self.assertIn(self.picking, self.env["stock.picking"].search(domain))
        self._return(self.picking, {self.p200: 4}, "R-2", date(2026, 9, 15))
        self.assertNotIn(self.picking, self.env["stock.picking"].search(domain))

    # ------------------------------------------------------------------
    # Basis
    # ------------------------------------------------------------------
    def test_every_part_is_told_on_every_basis(self):
        one, two = self._move(self.p100), self._move(self.p200)
        whole = [(one.id, 1, 0, 10, True, ""), (two.id, 1, 0, 4, True, "")]
        self.assertEqual(self._portions("dispatched"), whole)
        waiting = [(*item[:4], False, "") for item in whole]
        self.assertEqual(self._portions("signed"), waiting)
        self.assertEqual(self._portions("accepted"), waiting)
        self.picking._rd_sign(
            "Li Si",
            datetime(2026, 9, 12),
            self.env["ir.attachment"],
            {one.id: {"rejected": 2, "conceded": 1}},
        )
        self.assertEqual(self._portions("dispatched"), whole)
        self.assertEqual(self._portions("signed"), whole)
        self.assertEqual(
            self._portions("accepted"),
            [
                (one.id, 1, 0, 8, True, ""),
                (one.id, 1, 8, 10, True, "not_accepted"),
                (two.id, 1, 0, 4, True, ""),
            ],
        )

    def test_what_comes_to_nothing_says_why(self):
        one, two = self._move(self.p100), self._move(self.p200)
        self.order.order_line[0].rd_settlement_way = "none"
        day, kept = date(2026, 9, 15), {"to_refund": False}
        back = self._return(self.picking, {self.p200: 4}, "R-1", day, **kept)
        again = self._return(back, {self.p200: 3}, "R-2", day, **kept)
        self.assertCountEqual(
            self._portions("dispatched"),
            [
                (one.id, 1, 0, 10, True, "not_settled"),
                (two.id, 1, 0, 4, True, ""),
                (back.move_ids.id, -1, 0, 4, True, "no_refund"),
                (again.move_ids.id, 1, 0, 3, True, "no_refund"),
            ],
        )

    def test_a_return_of_what_left_before_the_start_waits_for_no_receipt(self):
        back = self._return(self.picking, {self.p100: 3}, "R-1", date(2026, 9, 15))
        move = back.move_ids
        self.assertIsNone(move._rd_get_due_return("signed", self.company))
        self.company.rd_start_date = date(2026, 9, 11)
        due = move._rd_get_due_return("signed", self.company)
        self.assertEqual((due.quantity, due.date), (3, date(2026, 9, 15)))

    def test_signature_day_dates_the_portion(self):
        self.affiliate.rd_basis = "signed"
        self._sign(day=25, hour=17)  # the 26th for the company
        portion = self.env["stock.move"]._rd_get_portions(
            self.company, self.affiliate, date(2026, 12, 31)
        )[0]
        self.assertEqual(portion.date, date(2026, 9, 26))
        self.assertEqual(portion.moved_on, date(2026, 9, 10))

    def test_a_return_takes_first_what_was_never_accepted(self):
        one = self._move(self.p100)
        self.picking._rd_sign(
            "Li Si",
            datetime(2026, 9, 12),
            self.env["ir.attachment"],
            {one.id: {"rejected": 2}},
        )
        back = self._return(self.picking, {self.p100: 1}, "R-1", date(2026, 9, 15))
        more = self._return(self.picking, {self.p100: 4}, "R-2", date(2026, 9, 16))
        first, second = back.move_ids, more.move_ids
        found = [
            item
            for item in self._portions("accepted")
            if item[0] in (one.id, first.id, second.id)
        ]
        self.assertEqual(
            found,
            [
                (one.id, 1, 0, 8, True, ""),
                (one.id, 1, 8, 10, False, ""),
                (first.id, -1, 0, 1, False, ""),
                (second.id, -1, 0, 1, False, ""),
                (second.id, -1, 1, 4, True, ""),
            ],
        )

    def test_a_return_is_not_due_before_its_delivery(self):
        self._return(self.picking, {self.p100: 3}, "R-1", date(2026, 9, 15))
        self.assertFalse(any(item[4] for item in self._portions("signed")))
        self._sign(day=20)
        self.affiliate.rd_basis = "signed"
        portions = self.env["stock.move"]._rd_get_portions(
            self.company, self.affiliate, date(2026, 12, 31)
        )
        self.assertTrue(all(item.due for item in portions))
        self.assertEqual({item.date for item in portions}, {date(2026, 9, 20)})

    # ------------------------------------------------------------------
    # Confirmed on the portal
    # ------------------------------------------------------------------
    def _portal_user(self, partner, login):
        return new_test_user(
            self.env,
            login=login,
            name=login,
            groups="base.group_portal",
            partner_id=self.env["res.partner"]
            .create(
                {"name": login, "parent_id": partner.id, "email": f"{login}@e.test"}
            )
            .id,
        )

    def test_portal_user_confirms_once(self):
        user = self._portal_user(self.affiliate, "buyer")
        one, two = self._move(self.p100), self._move(self.p200)
        given = {one.id: 8, two.id: 4}
        self.assertTrue(self.picking._rd_confirm_by_portal(user, given, "192.0.2.7"))
        self.assertFalse(self.picking._rd_confirm_by_portal(user, given, "192.0.2.8"))
        self.assertEqual(self.picking.rd_portal_ip, "192.0.2.7")
        self.assertEqual(self.picking.rd_portal_user_id, user)
        self.assertEqual(len(self.picking.rd_portal_hash), 64)
        self.assertEqual(self.picking.rd_signed_by, "buyer")
        self.assertEqual((one.rd_short_qty, one.rd_confirmed_qty), (2, 8))
        with self.assertRaisesRegex(UserError, "stays as it was given"):
            self.picking._rd_confirm_by_portal(user, {one.id: 9, two.id: 4})
        with self.assertRaisesRegex(UserError, "only corrected"):
            self.picking.action_rd_withdraw_receipt("oops")

    def test_what_was_signed_for_is_confirmed_whole_and_stays_signed(self):
        self._sign(who="Li Si")
        user = self._portal_user(self.affiliate, "buyer")
        self.assertTrue(self.picking._rd_confirm_by_portal(user))
        self.assertEqual(self.picking.rd_signed_by, "Li Si")
        self.assertEqual(self.picking.rd_portal_user_id, user)
        moves = self._move(self.p100) | self._move(self.p200)
        self.assertEqual(moves.mapped("rd_confirmed_qty"), [10, 4])

    def test_nobody_else_confirms(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        stranger = self._portal_user(other, "stranger")
        for user in (stranger, self.clerk, self.env["res.users"]):
            with self.assertRaises(AccessError):
                self.picking._rd_confirm_by_portal(user)
        user = self._portal_user(self.affiliate, "buyer")
        one, two = self._move(self.p100), self._move(self.p200)
        for given in (
            {one.id: 11, two.id: 4},
            {one.id: -1, two.id: 4},
            {one.id: "8", two.id: 4},
            {one.id: True, two.id: 4},
            {one.id: 8},
            {one.id: 8, two.id: 4, 0: 1},
            [1],
        ):
            with self.subTest(given=given), self.assertRaises(UserError):
                self.picking._rd_confirm_by_portal(user, given)
        self.assertFalse(self.picking.rd_signed_date)

    def test_other_company_sees_no_delivery(self):
        company = self.env["res.company"].create({"name": "Other house"})
        user = new_test_user(
            self.env,
            login="rd_other_porter",
            groups="rd_sales_admin.rd_sales_admin_group_warehouse",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(self.env["stock.picking"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.picking.with_user(user).action_rd_sign_all()
