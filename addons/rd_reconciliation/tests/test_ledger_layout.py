# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.rd_sales_admin import ledger

from .common import ReconciliationCommon

CLEAR = "日期,送货单号,料号,数量,价税合计"
OPEN = "日期,送货单号,料号,数量,金额"


@tagged("post_install", "-at_install")
class TestLedgerLayout(ReconciliationCommon):
    """A first file proposes how it is read; a changed one asks before it counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        part = cls.parts[0]
        order = cls._create_order([(part, 90, 10.0)])
        for note in ("DN-1", "DN-2", "DN-3"):
            cls._deliver(order, {part: 30}, note, date(2026, 9, 10))
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.statement = cls._build(cls.close)

    def _hand_in(self, head, *rows, filename="ledger.csv"):
        data = "\n".join([head, *rows]).encode()
        return (
            self.env["rd.ledger"]
            .with_user(self.clerk)
            .create(
                {
                    "statement_id": self.statement.id,
                    "file": base64.b64encode(data),
                    "filename": filename,
                }
            )
        )

    # ------------------------------------------------------------------
    # The first file
    # ------------------------------------------------------------------
    def test_first_file_that_leaves_nothing_open_counts_at_once(self):
        book = self._hand_in(CLEAR, "2026-09-10,DN-1,P-100,30,339")
        self.assertRecordValues(
            book, [{"layout_state": "known", "layout_note": False, "rows_used": 1}]
        )
        profile = book.profile_id
        self.assertTrue(profile.proposed)
        self.assertEqual(profile.partner_id, self.affiliate)
        self.assertEqual(
            {column.field: column.header for column in profile.column_ids},
            dict(
                zip(
                    ("date", "note", "part", "quantity", "total"),
                    CLEAR.split(","),
                    strict=True,
                )
            ),
        )
        self.assertEqual(len(profile.preview["rows"]), 1)

    def test_first_file_waits_where_the_tax_is_open(self):
        book = self._hand_in(OPEN, "2026-09-10,DN-1,P-100,30,290")
        self.assertEqual(book.layout_state, "asked")
        self.assertIn("金额", book.layout_note)
        self.assertFalse(book.line_ids)
        self.assertEqual(len(book.layout_preview["rows"]), 1)
        self.assertEqual(self.statement.ledger_question, book._ask_sentence())
        outcome = self.close._run_step_match(self.affiliate)
        self.assertFalse(outcome.done)
        self.assertEqual(outcome.message, book._ask_sentence())
        self.assertTrue(self.statement._needs_confirmation())
        book.layout_tax_basis = "excluded"
        book.action_accept_layout()
        self.assertEqual(book.line_ids.tax_basis, "excluded")
        self.assertRecordValues(
            book.profile_id, [{"proposed": False, "tax_basis": "excluded"}]
        )
        self.assertFalse(self.statement.ledger_question)

    def test_our_own_amounts_tell_the_tax_side(self):
        """300 without and 339 with tax: what one line agrees on, all others follow."""
        for amount, basis in ((300, "excluded"), (339, "included")):
            with self.subTest(basis=basis):
                book = self._hand_in(
                    OPEN,
                    f"2026-09-10,DN-1,P-100,30,{amount}",
                    "2026-09-10,DN-9,P-100,30,77",
                )
                self.assertEqual(book.layout_state, "known")
                self.assertEqual(book.profile_id.tax_basis, basis)
                book.profile_id.unlink()
                book.unlink()

    def test_amounts_that_contradict_each_other_tell_nothing(self):
        book = self._hand_in(
            OPEN, "2026-09-10,DN-1,P-100,30,300", "2026-09-10,DN-2,P-100,30,339"
        )
        self.assertEqual(book.layout_state, "asked")

    def test_first_file_waits_where_a_sign_is_open(self):
        head = f"{CLEAR},事务类型"
        book = self._hand_in(head, "2026-09-10,DN-1,P-100,30,339,调整")
        self.assertEqual(book.layout_state, "asked")
        self.assertIn("调整", book.layout_note)
        profile = book.profile_id
        self.assertEqual(book.action_open_profile()["res_id"], profile.id)
        with Form(profile.with_user(self.clerk)) as form:
            form.negative_words += ",调整"
            self.assertIn("-30", form.preview["rows"][0]["cells"])
        profile.with_user(self.clerk).action_confirm()
        self.assertEqual(book.line_ids.quantity, -30)
        self.assertEqual(book.layout_state, "known")

    # ------------------------------------------------------------------
    # Next month's file
    # ------------------------------------------------------------------
    def test_a_renamed_heading_is_named_and_adopted(self):
        first = self._hand_in(CLEAR, "2026-09-10,DN-1,P-100,30,339")
        head = CLEAR.replace("送货单号", "交货单号")
        book = self._hand_in(head, "2026-09-10,DN-2,P-100,30,339")
        self.assertEqual(book.layout_state, "asked")
        self.assertIn("交货单号", book.layout_note)
        self.assertIn("送货单号", book.layout_note)
        self.assertFalse(book.line_ids)
        self.assertIn("DN-2", str(book.layout_preview["rows"]))
        book.action_accept_layout()
        self.assertEqual(book.line_ids.note, "DN-2")
        profile = first.profile_id
        self.assertFalse(profile.proposed)
        self.assertIn("交货单号", profile.column_ids.mapped("header"))
        later = self._hand_in(head, "2026-09-11,DN-3,P-100,30,339")
        self.assertEqual(later.layout_state, "known")

    def test_a_column_that_is_gone_is_noticed(self):
        self._hand_in(f"{CLEAR},备注", "2026-09-10,DN-1,P-100,30,339,x")
        book = self._hand_in(CLEAR, "2026-09-10,DN-2,P-100,30,339")
        self.assertEqual(book.layout_state, "asked")
        self.assertIn("备注", book.layout_note)

    def test_the_same_layout_asks_nothing(self):
        self._hand_in(CLEAR, "2026-09-10,DN-1,P-100,30,339")
        book = self._hand_in(CLEAR, "2026-09-11,DN-2,P-100,30,339")
        self.assertEqual(book.layout_state, "known")

    def test_a_profile_made_by_hand_remembers_its_first_file(self):
        profile = self.env["rd.ledger.profile"].create(
            {"name": "By hand", "partner_id": self.affiliate.id}
        )
        book = self._hand_in(OPEN, "2026-09-10,DN-1,P-100,30,290")
        self.assertEqual((book.layout_state, book.profile_id), ("known", profile))
        table = ledger.read(book._get_content(), "a.csv", profile._prepare_profile())
        self.assertEqual(profile.layouts, [ledger.layout_of(table)])

    def test_what_a_person_said_stays_when_a_layout_is_adopted(self):
        profile = self.env["rd.ledger.profile"].create(
            {
                "name": "By hand",
                "partner_id": self.affiliate.id,
                "tax_basis": "excluded",
                "key_pattern": r"DN-\d+",
                "column_ids": [
                    (0, 0, {"field": field, "header": header})
                    for field, header in zip(
                        ("date", "note", "part", "quantity", "amount"),
                        OPEN.split(","),
                        strict=True,
                    )
                ],
            }
        )
        self._hand_in(OPEN, "2026-09-10,DN-1 甲厂,P-100,30,300")
        head = OPEN.replace("料号", "物料编码")
        book = self._hand_in(head, "2026-09-10,DN-2 甲厂,P-100,30,300")
        self.assertIn("物料编码", book.layout_note)
        book.action_accept_layout()
        self.assertRecordValues(
            book.line_ids, [{"note": "DN-2", "part": "P-100", "tax_basis": "excluded"}]
        )
        self.assertEqual(profile.key_pattern, r"DN-\d+")

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------
    def test_unreadable_files_leave_neither_ledger_nor_profile(self):
        with self.assertRaises(UserError):
            self._hand_in("a,b", "1,2")
        self.assertFalse(
            self.env["rd.ledger.profile"].search_count(
                [("partner_id", "=", self.affiliate.id)]
            )
        )

    def test_only_what_is_asked_is_accepted_by_who_may(self):
        book = self._hand_in(OPEN, "2026-09-10,DN-1,P-100,30,290")
        auditor = self._create_user("auditor")
        with self.assertRaises(AccessError):
            book.with_user(auditor).action_accept_layout()
        with self.assertRaisesRegex(UserError, "kept by the system"):
            book.layout_state = "known"
        with self.assertRaisesRegex(UserError, "kept by the system"):
            book.profile_id.with_user(self.clerk).layouts = ["x"]
        book.action_accept_layout()
        with self.assertRaisesRegex(UserError, "Nothing is asked"):
            book.action_accept_layout()

    def test_nothing_is_accepted_on_an_agreed_statement(self):
        book = self._hand_in(OPEN, "2026-09-10,DN-1,P-100,30,290")
        self.statement._as_internal().state = "agreed"
        with self.assertRaisesRegex(UserError, "no longer open"):
            book.action_accept_layout()
        book.profile_id.action_confirm()
        self.assertEqual(book.layout_state, "asked")

    def test_a_profile_stays_while_a_statement_can_be_taken_back(self):
        """Its ledger is read by the profile once the statement is open again."""
        book = self._hand_in(OPEN, "2026-09-10,DN-1,P-100,30,290")
        profile = book.profile_id.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "accept its layout or withdraw it"):
            profile.unlink()
        self.statement._as_internal().state = "agreed"
        with self.assertRaisesRegex(UserError, "taken back; archive the profile"):
            profile.unlink()
        profile.action_archive()
        self.statement._reopen("their ledger is to be read")
        book.layout_tax_basis = "excluded"
        book.action_accept_layout()
        self.assertEqual(book.line_ids.note, "DN-1")

    def test_nothing_is_asked_once_a_statement_never_opens_again(self):
        book = self._hand_in(OPEN, "2026-09-10,DN-1,P-100,30,290")
        self.statement._as_internal().state = "closed"
        self.assertFalse(book.layout_preview)
        with self.assertRaisesRegex(UserError, "Nothing is asked about the layout"):
            book.action_accept_layout()
        with self.assertRaisesRegex(UserError, "it stays"):
            book.unlink()
        book.profile_id.with_user(self.clerk).unlink()
        self.assertFalse(book.profile_id)

    def test_an_unread_file_of_a_cancelled_statement_is_handed_in_anew(self):
        row = "2026-09-10,DN-1,P-100,30,290"
        book = self._hand_in(OPEN, row)
        self.statement.action_cancel()
        self.statement = self._build(self.close)
        self.assertEqual(self._hand_in(OPEN, row).layout_state, "asked")
        self.assertFalse(book.exists())

    def test_an_unread_file_of_a_cancelled_statement_may_go(self):
        book = self._hand_in(OPEN, "2026-09-10,DN-1,P-100,30,290")
        self.statement.action_cancel()
        book.unlink()
        self.assertFalse(book.exists())

    def test_an_unread_file_of_an_open_statement_is_not_handed_in_twice(self):
        row = "2026-09-10,DN-1,P-100,30,290"
        self._hand_in(OPEN, row)
        with self.assertRaisesRegex(UserError, "has already been read"):
            self._hand_in(OPEN, row)

    def test_a_read_file_of_a_cancelled_statement_stays(self):
        book = self._hand_in(CLEAR, "2026-09-10,DN-1,P-100,30,339")
        self.statement.action_cancel()
        with self.assertRaisesRegex(UserError, "it stays"):
            book.unlink()
