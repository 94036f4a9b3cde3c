# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What each act refuses beside its usual ways, in one sentence each."""

import base64
import io
import zipfile
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import rd_property_import, rd_return_portal
from .return_common import ReturnCommon
from .test_rd_loan import TODAY, LoanCommon
from .test_rd_property_check import picture
from .test_rd_property_confirmation import LetterCommon
from .test_rd_property_import import MOULD, workbook


@tagged("post_install", "-at_install")
class TestRefusedLoans(LoanCommon):
    """Samples and checks."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(f"{TODAY} 08:00:00"))

    def test_what_is_not_lent_does_not_come_back(self):
        with self._refused("Front cover is not lent"):
            self.own.action_bring_back()

    def test_how_it_came_back_has_to_be_known(self):
        loan = self._lend(self.own)
        with self._refused("in what state"):
            loan.line_ids._bring_back("eaten")
        self.assertTrue(loan.line_ids.is_out)

    def test_a_must_is_not_left_out(self):
        card = self._create_held(kind="mould")
        point = card.check_ids.filtered("is_mandatory")[:1]
        with self._refused("is a must"):
            point.result = "na"

    def test_a_figure_that_is_not_on_the_page(self):
        page = self.env["rd.property.agreement"].create({})
        with self._refused("which figure"):
            page.action_open("weather")
        self.assertEqual(page.action_open("counted")["view_mode"], "list,form")


@tagged("post_install", "-at_install")
class TestRefusedLetters(LetterCommon):
    """Letters to owners, and what is written down of their answers."""

    def _assert_refused(self, sentence, act, *args, **values):
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            act(*args, **values)
            self.env.flush_all()

    def test_no_letter_states_a_day_to_come(self):
        self._assert_refused("future", self._create_letter, "2999-12-31")

    def test_an_answer_names_who_how_and_what(self):
        letter = self._create_letter()
        letter.action_send()
        record = letter.action_record_answer
        self._assert_refused("how the answer came", record, {}, "Wen", "pigeon")
        self._assert_refused("who of the owner", record, {}, "  ")
        unknown = {10**9: ("condition", "Rusty", 0)}
        self._assert_refused("no such line", record, unknown, "Wen")
        self.assertEqual(letter.state, "sent")

    # ------------------------------------------------------------------
    # Registers handed in as workbooks
    # ------------------------------------------------------------------
    def _import(self, *rows, **values):
        imports = self.env["rd.property.import"].with_user(self.users["clerk"])
        record = imports.create(
            {"file": workbook(rows), "filename": "台账.xlsx", **values}
        )
        record.action_check()
        return record

    def _zip(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("m1.png", base64.b64decode(picture()))
        papers = self.env["ir.attachment"].with_user(self.users["clerk"])
        return papers.create({"name": "p.zip", "raw": packed.getvalue()})

    def test_photos_too_many_or_too_large(self):
        for name in ("MOST_PHOTOS", "MOST_BYTES", "PHOTO_BYTES"):
            with self.subTest(limit=name), patch.object(rd_property_import, name, 0):
                self._assert_refused(
                    "p.zip is too large", self._import, MOULD, photo_ids=self._zip().ids
                )

    def test_a_photo_that_cannot_be_read(self):
        record = self._import(MOULD, photo_ids=self._zip().ids)
        with patch.object(zipfile.ZipFile, "open", side_effect=RuntimeError):
            self._assert_refused("m1.png in p.zip", record.action_apply)
        self.assertFalse(record.line_ids.property_id)

    def test_rows_are_answered_and_not_deleted(self):
        record = self._import(MOULD)
        self._assert_refused("not deleted", record.line_ids.sudo().unlink)
        record.line_ids.action_dismiss()
        self._assert_refused("nothing new", record.action_apply)
        again = self._import(["M-9", *MOULD[1:]])
        again.action_apply()
        self._assert_refused("is settled", again.line_ids.action_dismiss)


@tagged("post_install", "-at_install")
class TestRefusedReturns(ReturnCommon):
    """Returns of goods, at the desk and on the portal."""

    def test_what_is_delivered_again_is_not_credited(self):
        record = self._create_return({self.move: 2})
        self._inspect(record)
        with self._refused("credited only if"):
            record.line_ids.write({"disposition": "replace", "is_credited": True})

    def test_nothing_comes_back_of_what_has_not_left(self):
        order = self._create_order([(self.first, 2, 10.0)])
        with self._refused("has not left yet"):
            order.picking_ids.action_rd_ask_return()

    def _customer(self):
        user = new_test_user(
            self.env,
            "north_refused",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        user.partner_id.parent_id = self.affiliate
        return self.env["rd.return"].with_user(user)

    def test_a_photo_too_large(self):
        photos = [("thread.png", b"more than nothing")]
        with patch.object(rd_return_portal, "MAX_BYTES", 1), self._refused("larger"):
            self._customer()._portal_request(
                {self.move.id: "1"}, self.reason.id, "Short", photos
            )
        self.assertFalse(self.env["rd.return"].search([("portal_key", "!=", False)]))

    def test_who_comes_second_at_once_is_asked_to_look_again(self):
        """Fails when the database speaks to the customer."""
        record = self._create_return({self.move: 1})
        with (
            mute_logger("odoo.sql_db"),
            patch.object(type(record), "flush_recordset", side_effect=UniqueViolation),
            self.assertRaises(ConcurrencyError),
        ):
            record._portal_keep_key("page")
