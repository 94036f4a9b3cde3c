# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import importlib.util
from datetime import date, timedelta
from email.message import EmailMessage
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_path

from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_ADJUSTMENT

from ..models.rd_statement_answer_file import PROOFS_OF_ONE
from .portal_common import PNG, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalAnswers(PortalCommon):
    """What an answer comes to, whatever way it came."""

    def _as(self, user):
        return self.statement.with_user(user)

    def _answer(self, line, user=None, **values):
        return self._as(user or self.finance)._portal_answer_line(
            line.id, self._seen(line=line, **values), "192.0.2.1"
        )

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------
    def test_agree_to_a_line(self):
        result = self._answer(self.lines[0], decision="confirmed")
        self.assertEqual(result["verdict"], "confirmed")
        self.assertEqual(result["counts"]["open"], 2)
        answer = self.statement.answer_ids
        self.assertRecordValues(
            answer,
            [
                {
                    "decision": "confirmed",
                    "who": self.finance.name,
                    "user_id": self.finance.id,
                    "ip_address": "192.0.2.1",
                    "revision": 1,
                    "content_hash": self.statement.content_hash,
                    "channel": "portal",
                }
            ],
        )
        self.assertEqual(self.statement.state, "sent")
        # a second tap is harmless
        self._answer(self.lines[0], decision="confirmed")
        self.assertEqual(len(self.statement.answer_ids), 1)

    def test_dispute_a_quantity(self):
        line = self.lines[0]
        self._answer(line, decision="disputed", reason="short", quantity=8)
        self.assertEqual(self.statement.state, "disputed")
        difference = self.statement.difference_ids
        self.assertRecordValues(
            difference,
            [{"code": "quantity_short", "ours_qty": 10.0, "theirs_qty": 8.0}],
        )
        self.assertAlmostEqual(difference.theirs_amount, 90.4)
        self.assertEqual(line.verdict, "difference")
        self.assertIn(self.finance.name, difference.dispute_reason)
        difference.with_user(self.clerk).action_accept_theirs()
        self.assertEqual(line.quantity, 8.0)

    def test_dispute_kinds(self):
        """Each reason gives the kind of difference that a ledger would give."""
        one, two, three = self.lines
        self._answer(one, decision="disputed", reason="not_received")
        self._answer(two, decision="disputed", reason="price", price=20)
        self._answer(three, decision="disputed", reason="other", note="Our order ended")
        codes = {item.line_ids: item.code for item in self.statement.difference_ids}
        self.assertEqual(codes, {one: "not_in_theirs", two: "price", three: "quantity"})
        price = self.statement.difference_ids.filtered(lambda x: x.code == "price")
        self.assertAlmostEqual(price.theirs_amount, round(80 * 1.13, 2))
        self.assertAlmostEqual(price._get_price_ratio(), 20 / 25.5, 4)

    def test_change_of_mind(self):
        line = self.lines[0]
        self._answer(line, decision="disputed", reason="quantity", quantity=8)
        self._answer(line, decision="disputed", reason="quantity", quantity=7)
        self.assertEqual(self.statement.difference_ids.theirs_qty, 7.0)
        self._answer(line, decision="confirmed")
        self.assertEqual(line.verdict, "confirmed")
        self.assertEqual(self.statement.difference_ids.state, "agreed")
        self.assertEqual(len(self.statement.answer_ids), 3)

    def test_same_figures_are_no_dispute(self):
        with self.assertRaisesRegex(UserError, "agree to the line instead"):
            self._answer(
                self.lines[0], decision="disputed", reason="quantity", quantity=10
            )

    def test_bad_answers(self):
        line = self.lines[0]
        cases = (
            {"decision": "sudo"},
            {"decision": "disputed", "reason": "nonsense"},
            {"decision": "disputed", "reason": "other"},
            {"decision": "disputed", "reason": "quantity"},
            {"decision": "disputed", "reason": "quantity", "quantity": "8"},
            {"decision": "disputed", "reason": "quantity", "quantity": float("nan")},
            {"decision": "disputed", "reason": "quantity", "quantity": True},
            {"decision": "disputed", "reason": "price", "price": 1e12},
            {"decision": "disputed", "reason": "price"},
        )
        for values in cases:
            with self.assertRaises(UserError, msg=str(values)):
                self._answer(line, **values)
        self.assertFalse(self.statement.answer_ids)
        self.assertEqual(line.verdict, "pending")

    def test_a_line_that_has_left_is_not_answered(self):
        line = self.lines[0]
        line._carry_over({line: "They ask for it next month"})
        for values in ({"decision": "confirmed"}, {"decision": "disputed"}):
            with self.assertRaisesRegex(UserError, "no longer on this statement"):
                self._answer(line, **values)
        self.assertFalse(self.statement.answer_ids)

    def test_no_change_of_mind_once_it_is_being_decided(self):
        """A write-off waits for the supervisor, or is done: they write a message."""
        self.company.rd_write_off_limit = 1.0
        line = self.lines[0]
        dispute = {"decision": "disputed", "reason": "short"}
        self._answer(line, **dispute, quantity=8)
        item = self.statement.difference_ids
        item.with_user(self.clerk).action_write_off()
        with self.assertRaisesRegex(UserError, "together with other lines"):
            self._answer(line, decision="confirmed")
        with self.assertRaisesRegex(UserError, "is being settled"):
            self._answer(line, **dispute, quantity=7)
        self.assertEqual((item.state, item.theirs_qty), ("open", 8))
        item.with_user(self.supervisor).action_approve()
        with self.assertRaisesRegex(UserError, "has been settled"):
            self._answer(line, **dispute, quantity=7)
        self.assertEqual((item.state, line.quantity), ("written_off", 8))

    def test_what_they_say_of_what_their_ledger_differs_by(self):
        """It is added to the difference that is there, and makes no second one."""
        self._upload("ours.csv", self.LEDGER)
        line = self.lines[0]
        item = line.match_id.difference_ids
        before = self.statement.difference_ids
        self._answer(
            line, decision="disputed", reason="short", quantity=8, note="2 broken"
        )
        self.assertEqual(self.statement.difference_ids, before)
        self.assertIn("2 broken", item.dispute_reason)
        self.assertEqual(item.ledger_line_ids.note, "SH-1")

    def test_nobody_answers_for_another_affiliate_by_a_link(self):
        """A link opens the page as the system; whoever acts is looked at himself."""
        opened = self._as(self.stranger).sudo()
        with self.assertRaisesRegex(AccessError, "not yours"):
            opened._portal_answer_line(
                self.lines[0].id, self._seen(line=self.lines[0], decision="confirmed")
            )
        self.assertFalse(self.statement.answer_ids)

    def test_whoever_has_no_role_has_nothing_to_answer(self):
        Statement = self.env["rd.statement"]
        self.assertEqual(Statement.with_user(self.finance)._count_to_answer(), 1)
        employee = new_test_user(self.env, "employee", groups="base.group_user")
        for user in (self.roleless, employee):
            self.assertEqual(Statement.with_user(user)._count_to_answer(), 0)

    def test_lines_of_one_kind_and_one_plant(self):
        Line = self.env["rd.statement.line"]
        plant = self.picking.partner_id
        self.lines[0]._as_internal().write({"settlement_class": "tooling"})
        rest = self.lines[1:]

        def find(**values):
            return Line.search(Line._get_portal_domain(self.statement, **values))

        self.assertEqual(find(kind="tooling") & rest, Line)
        self.assertEqual(find(plant=plant.id), self.lines)
        self.assertFalse(find(plant=self.other.id))
        self.assertEqual(find(kind="nonsense", search="p-200"), self.lines[1])

    def test_why_is_said_to_purchasing_without_amounts(self):
        line = self.lines[1]
        self._answer(line, decision="disputed", reason="price", price=20)
        self.assertIn("22.6", line._get_portal_why(True))
        self.assertEqual(line._get_portal_why(False), "Price difference")
        self.assertFalse(line._get_portal_remark(False))
        other = self.lines[2]
        other._as_internal().write({"zero_reason": "short"})
        self.statement._recompute_amounts()
        self.assertTrue(other._get_portal_remark(False))

    def test_proof(self):
        photo = base64.b64encode(PNG).decode()
        self._answer(
            self.lines[0],
            decision="disputed",
            reason="short",
            quantity=8,
            file=photo,
            file_name="../../<b>crate</b>\n.png",
        )
        proof = self.statement.answer_ids.attachment_ids
        self.assertEqual(proof.name, "b>.png")
        self.assertEqual(proof.mimetype, "image/png")
        message = self.statement.difference_ids.message_ids.filtered("attachment_ids")
        self.assertEqual(message.attachment_ids, proof)

    def test_proof_that_is_none(self):
        self.env["ir.attachment"].create(
            [
                {"name": "x", "res_model": "rd.statement", "res_id": self.theirs.id}
                for _number in range(PROOFS_OF_ONE)
            ]
        )
        with self.assertRaisesRegex(UserError, "has too many files"):
            self.theirs.sudo()._keep_proof("photo.png", PNG)
        for data in (b"", b"<svg onload=alert(1)></svg>", b"MZ" + b"x" * 100):
            with self.assertRaises(UserError):
                self.statement.sudo()._keep_proof("photo.png", data)
        with self.assertRaises(UserError):
            self.statement.sudo()._keep_proof("x.png", PNG + b"0" * (10 << 20))
        with self.assertRaises(UserError):
            self._answer(
                self.lines[0],
                decision="disputed",
                reason="short",
                quantity=1,
                file="no base64!",
            )

    # ------------------------------------------------------------------
    # The whole statement
    # ------------------------------------------------------------------
    def _confirm(self, user=None, **kwargs):
        return self._as(user or self.finance)._portal_confirm(
            self.statement.revision, self.statement.content_hash, "192.0.2.1", **kwargs
        )

    def test_confirm_all(self):
        self._confirm()
        self.assertEqual(self.statement.state, "confirmed")
        self.assertEqual(set(self.lines.mapped("verdict")), {"confirmed"})
        self.assertEqual(self.statement.confirmation_channel, "portal")
        self.assertEqual(self.statement.answer_ids.ip_address, "192.0.2.1")
        self._confirm()
        self.assertEqual(len(self.statement.answer_ids), 1)
        self.statement.with_user(self.clerk).action_agree()
        self.assertEqual(self.statement.state, "agreed")

    def test_confirm_the_rest(self):
        """What is disputed stays so; the rest is confirmed by the one act."""
        self._answer(self.lines[0], decision="disputed", reason="short", quantity=8)
        self._confirm()
        self.assertEqual(self.statement.state, "disputed")
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "confirmed", "confirmed"]
        )
        self.assertTrue(self.statement.confirmed_date)
        self.statement.difference_ids.with_user(self.clerk).action_keep_ours()
        self.statement.with_user(self.clerk).action_agree()
        self.assertEqual(self.statement.state, "agreed")

    def test_finance_agreed_to_every_line(self):
        """Fails when the statement waits for an answer that has been given."""
        for line in self.lines:
            result = self._answer(line, decision="confirmed")
        self.assertTrue(result["confirmed"])
        self.assertRecordValues(
            self.statement,
            [{"state": "confirmed", "confirmed_by": self.finance.name}],
        )
        self.statement.with_user(self.clerk).action_agree()
        self.assertEqual(self.statement.state, "agreed")

    def _may(self, user):
        viewer = self._as(user).env["rd.statement"]
        rights = self.statement.sudo()._prepare_portal_rights(viewer, False)
        return rights["may_confirm"], rights["may_sign"]

    def test_signs_after_agreeing_line_by_line(self):
        """Fails when who answers each line has no way to sign any more."""
        second = self._make_portal("north_chief", self.affiliate, "finance")
        drawn = base64.b64encode(PNG).decode()
        for line in self.lines:
            self._answer(line, decision="confirmed")
        moment = self.statement.confirmed_date
        self.assertEqual(self._may(self.finance), (False, True))
        self.assertEqual(self._may(self.buyer), (False, False))
        for user, error in (
            (self.buyer, UserError),
            (self.roleless, AccessError),
            (self.stranger, AccessError),
        ):
            with self.assertRaises(error):
                self._confirm(user, signature=drawn)
        with self.assertRaisesRegex(UserError, "has changed since"):
            self._as(self.finance)._portal_confirm(
                self.statement.revision, "another", None, signature=drawn
            )
        self.statement.with_user(self.clerk).action_agree()
        self._confirm(signature=drawn)
        signed = self.statement.answer_ids.filtered("signature")
        self.assertRecordValues(
            signed,
            [
                {
                    "decision": "all",
                    "user_id": self.finance.id,
                    "ip_address": "192.0.2.1",
                    "revision": self.statement.revision,
                    "content_hash": self.statement.content_hash,
                }
            ],
        )
        self.assertEqual(self.statement.state, "agreed")
        self.assertEqual(self.statement.confirmed_date, moment)
        self.assertTrue(self.statement._prepare_print_confirmation()["signature"])
        self._confirm(signature=drawn)
        with self.assertRaisesRegex(UserError, "has been confirmed"):
            self._confirm(second, signature=drawn)
        self.assertEqual(self.statement.answer_ids.filtered("signature"), signed)
        self.assertEqual(self._may(second), (False, False))

    def test_another_one_of_finance_signs_or_stamps(self):
        second = self._make_portal("north_chief", self.affiliate, "finance")
        for line in self.lines:
            self._answer(line, decision="confirmed")
        self.assertEqual(self._may(second), (False, True))
        self._confirm(second, scan=("stamped.png", PNG))
        scan = self.statement.answer_ids.filtered(lambda one: one.channel == "scan")
        self.assertEqual((scan.user_id, len(scan.attachment_ids)), (second, 1))
        self.assertEqual(self.statement.confirmed_by, self.finance.name)
        self.assertEqual(self._may(self.finance), (False, False))

    def test_finance_answered_every_line_and_disputes_one(self):
        self._answer(self.lines[0], decision="disputed", reason="short", quantity=8)
        for line in self.lines[1:]:
            self._answer(line, decision="confirmed")
        self.assertFalse(self.statement.confirmed_date)
        self._confirm(signature=base64.b64encode(PNG).decode())
        self.assertEqual(self.statement.state, "disputed")
        self.assertTrue(self.statement.confirmed_date)

    def test_purchasing_agrees_to_lines_and_not_to_the_whole(self):
        for line in self.lines[:2]:
            self._answer(line, user=self.buyer, decision="confirmed")
        self._answer(self.lines[2], decision="confirmed")
        self.assertFalse(self.statement.confirmed_date)
        self.assertEqual(self.statement.state, "sent")
        self._confirm()
        self.assertEqual(self.statement.state, "confirmed")

    def test_sign(self):
        self._confirm(signature=base64.b64encode(PNG).decode())
        answer = self.statement.answer_ids
        self.assertTrue(answer.signature)
        self.assertEqual(answer.content_hash, self.statement.content_hash)
        with self.assertRaises(UserError):
            self.statement.sudo()._check_signature(base64.b64encode(b"x").decode())

    def test_stamped_scan(self):
        self._confirm(scan=("stamped.png", PNG))
        self.assertEqual(self.statement.confirmation_channel, "scan")
        self.assertEqual(self.statement.answer_ids.attachment_ids.name, "stamped.png")

    def test_confirm_all_is_offered_while_something_waits(self):
        """Not when every line is answered; then the agreed rest may be signed."""
        offers = []
        for line, decision in zip(
            self.lines, ("disputed", "confirmed", "disputed"), strict=True
        ):
            offers.append(self._offer())
            values = (
                {"reason": "other", "note": "no"} if decision != "confirmed" else {}
            )
            self._answer(line, decision=decision, **values)
        offers.append(self._offer())
        self._answer(self.lines[1], decision="disputed", reason="other", note="no")
        offers.append(self._offer())
        self.assertEqual(offers, ["all", "all", "all", "rest", ""])
        with self.assertRaisesRegex(UserError, "Every line of"):
            self._confirm()
        self.assertFalse(self.statement.answer_ids.filtered("signature"))

    def _offer(self):
        page = self.statement._prepare_portal_page(1, "all", "", "", 0, False)
        return page["offer"]

    def test_only_finance_confirms(self):
        with self.assertRaisesRegex(UserError, "finance department"):
            self._confirm(self.buyer)
        for user in (self.roleless, self.stranger, self.clerk):
            with self.assertRaises(AccessError):
                self._confirm(user)
            with self.assertRaises(AccessError):
                self._answer(self.lines[0], user, decision="confirmed")
        self.assertEqual(self.statement.state, "sent")

    def test_stale_revision(self):
        old = self._seen(line=self.lines[0], decision="confirmed")
        self.statement._as_internal().write({"revision": 2, "content_hash": "new"})
        with self.assertRaisesRegex(UserError, "revision 2"):
            self._as(self.finance)._portal_answer_line(self.lines[0].id, old)
        with self.assertRaisesRegex(UserError, "revision 2"):
            self._as(self.finance)._portal_confirm(1, old["content_hash"])
        with self.assertRaisesRegex(UserError, "revision 2"):
            self._as(self.finance)._portal_upload("a.csv", b"x", 1, "x")

    def test_changed_content(self):
        """What we changed after sending is not confirmed by a page seen before."""
        seen = self._seen(line=self.lines[0], decision="confirmed")
        self.lines[0]._as_internal().write({"price_unit": 11.0})
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            self._as(self.finance)._portal_answer_line(self.lines[0].id, seen)
        with self.assertRaisesRegex(UserError, "has changed since"):
            self._confirm()

    def test_no_answer_after_confirming(self):
        self._confirm()
        with self.assertRaisesRegex(UserError, "has been confirmed"):
            self._answer(self.lines[0], decision="disputed", reason="not_received")

    def test_purchasing_says_no_price(self):
        with self.assertRaisesRegex(UserError, "answers prices"):
            self._answer(
                self.lines[0], self.buyer, decision="disputed", reason="price", price=9
            )
        self._answer(
            self.lines[0],
            self.buyer,
            decision="disputed",
            reason="quantity",
            quantity=8,
            price=1,
        )
        self.assertEqual(self.statement.difference_ids.code, "quantity")
        self.assertEqual(self.statement.answer_ids.price, 10.0)

    # ------------------------------------------------------------------
    # Their ledger
    # ------------------------------------------------------------------
    LEDGER = (
        "送货日期,送货单号,料号,数量,价税合计\n"
        "2026-09-10,SH-1,P-100,8,90.40\n"
        "2026-09-10,SH-1,P-200,4,115.26\n"
        "2026-09-12,XX-9,P-900,1,5.00\n"
    ).encode()

    def _upload(self, name, data, user=None):
        seen = self.statement.revision, self.statement.content_hash
        return self._as(user or self.finance)._portal_upload(name, data, *seen, "::1")

    def test_ledger(self):
        total = "合计,,,12,205.66\n".encode()
        outcome = self._upload("ours.csv", self.LEDGER + total)
        self.assertIn("1 of our 3 lines agree", outcome)
        self.assertIn("1 rows were left out", outcome)
        self.assertIn("1 lines differ", outcome)
        self.assertIn("1 lines are not in your file", outcome)
        self.assertIn("1 rows of your file are not on our statement", outcome)
        self.assertEqual(self.statement.state, "disputed")
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "confirmed", "difference"]
        )
        rows = self.lines._prepare_portal_rows(True)
        self.assertIn("8", rows[0]["why"])
        self.assertNotIn("quantity", rows[0]["why"])

    def test_ledger_after_a_dispute(self):
        """Their row of a disputed line belongs to it, and does not stand alone."""
        self._answer(self.lines[0], decision="disputed", reason="short", quantity=7)
        self._upload("ours.csv", self.LEDGER)
        difference = self.lines[0].match_id.difference_ids
        self.assertEqual(difference.theirs_qty, 7.0)
        self.assertEqual(difference.ledger_line_ids.note, "SH-1")
        alone = self.statement.difference_ids.filtered(
            lambda item: item.code == "not_in_ours"
        )
        self.assertEqual(alone.ledger_line_ids.note, "XX-9")

    def test_a_ledger_that_has_every_line_names_none_missing(self):
        rest = b"2026-09-10,SH-1,P-300,100,38.42\n"
        outcome = self._upload("ours.csv", self.LEDGER + rest)
        self.assertIn("2 of our 3 lines agree", outcome)
        self.assertIn("1 lines differ", outcome)
        self.assertNotIn("not in your file", outcome)

    def test_what_waits_for_its_price_is_counted_on_the_page(self):
        Line = self.env["rd.statement.line"]
        self.lines[0]._as_internal().write({"live": False, "verdict": "short"})
        domain = Line._get_portal_domain(self.statement)
        self.assertEqual(
            Line._count_for_portal(domain),
            {
                "open": 2,
                "disputed": 0,
                "confirmed": 0,
                "waiting": 0,
                "carried": 0,
                "all": 2,
            },
        )

    # Nobody can tell whether its amounts bear the tax.
    UNKNOWN = "送货日期,送货单号,料号,数量,金额\n2026-09-10,SH-1,P-100,8,77\n".encode()

    def test_a_ledger_left_unread_is_handed_in_for_the_new_statement(self):
        """Fails when they read that it was read, and cannot take it away."""
        self._upload("new.csv", self.UNKNOWN)
        left = self.statement.ledger_ids
        self.statement.action_cancel()
        self.statement = self._build(self.close)
        self.statement.action_send()
        outcome = self._upload("new.csv", self.UNKNOWN)
        self.assertIn("new.csv has arrived", outcome)
        self.assertEqual(self.statement.ledger_ids.layout_state, "asked")
        self.assertFalse(left.exists())

    def test_a_ledger_whose_layout_is_open_waits(self):
        """Fails when a file nobody has read yet takes back what they agreed to."""
        self._answer(self.lines[0], decision="confirmed")
        outcome = self._upload("new.csv", self.UNKNOWN)
        ledger = self.statement.ledger_ids
        self.assertEqual(ledger.layout_state, "asked")
        self.assertEqual(
            outcome,
            "new.csv has arrived; it is written in a way new to us, so we look at it "
            "first and compare it then.",
        )
        self.assertEqual(self.lines[0].verdict, "confirmed")
        self.assertEqual(self.statement.state, "sent")
        said = self.statement.answer_ids.sorted("id").mapped("decision")
        self.assertEqual(said, ["confirmed", "ledger"])
        self.statement._match()
        self.assertEqual(self.lines[0].verdict, "confirmed", "no row says otherwise")
        ledger.layout_tax_basis = "included"
        ledger.action_accept_layout()
        self.statement._match()
        self.assertEqual(self.lines[0].verdict, "difference")

    def test_why_a_line_comes_late(self):
        """Fails when the page counts a line's age otherwise than the paper does."""
        line, other, priced = self.lines
        line._as_internal().write({"carried_age": 2, "late": True})
        sentence = "2026-08: delivered quantity corrected from 4 to 3"
        other._as_internal().write({"late": True, "late_reason": sentence})
        priced._as_internal().write(
            {
                "late": True,
                "source_kind": KIND_ADJUSTMENT,
                "late_reason": "2026-08: price adjusted from 7 to 6",
            }
        )
        rows = self.lines._prepare_portal_rows(True)
        self.assertEqual(
            [row["remark"] for row in rows],
            [
                "carried over, third month",
                sentence,
                "2026-08: price adjusted from 7 to 6",
            ],
        )
        rows = self.lines._prepare_portal_rows(False)
        self.assertEqual(rows[1]["remark"], sentence)
        self.assertEqual(rows[2]["remark"], "of an earlier period")

    def test_purchasing_hands_in_no_ledger(self):
        with self.assertRaisesRegex(UserError, "finance department"):
            self._upload("ours.csv", self.LEDGER, self.buyer)

    def test_unreadable_ledger(self):
        with self.assertRaises(UserError):
            self._upload("ours.xlsx", b"PK\x03\x04 broken")
        self.assertFalse(self.statement.ledger_ids)

    # ------------------------------------------------------------------
    # The marked workbook
    # ------------------------------------------------------------------
    def _marked(self, **marks):
        """Return the workbook with ``part=(quantity, price, reason)``."""

        def edit(sheet, rows, heads):
            for part, values in marks.items():
                row = rows[part.replace("_", "-")]
                names = ("Confirmed quantity", "Your price", "Reason")
                for head, value in zip(names, values, strict=True):
                    sheet.cell(row, heads[head]).value = value

        return self._mark(self._workbook(), edit)

    def test_workbook(self):
        data = self._marked(P_100=(8, None, "2 broken"), P_200=(4, 25.5, None))
        outcome = self._upload("marked.xlsx", data)
        self.assertIn("1 lines confirmed, 1 disputed, 1 not answered", outcome)
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "confirmed", "pending"]
        )
        self.assertEqual(self.statement.difference_ids.code, "quantity")
        self.assertIn("2 broken", self.statement.difference_ids.dispute_reason)
        self.assertFalse(self.statement.confirmed_date)
        self.assertFalse(self.statement.ledger_ids)

    def test_workbook_twice(self):
        data = self._marked(P_100=(8, None, None))
        self._upload("marked.xlsx", data)
        answers = self.statement.answer_ids
        self.assertIn("read already", self._upload("again.xlsx", data))
        self.assertEqual(self.statement.answer_ids, answers)
        self.assertEqual(len(self.statement.difference_ids), 1)

    def test_workbook_all_agreed(self):
        data = self._marked(
            P_100=(10, None, None), P_200=("4", None, None), P_300=(None, None, "无误")
        )
        self._upload("marked.xlsx", data)
        self.assertEqual(self.statement.state, "confirmed")

    def test_workbook_price_and_reason(self):
        data = self._marked(P_100=(10, 9, None), P_200=(None, None, "not ours"))
        self._upload("marked.xlsx", data)
        codes = {
            item.line_ids.part: item.code for item in self.statement.difference_ids
        }
        self.assertEqual(codes, {"P-100": "price", "P-200": "quantity"})

    def _broken(self, change):
        def edit(sheet, rows, heads):
            sheet.cell(rows["P-100"], heads["Confirmed quantity"]).value = 8
            change(sheet, rows, heads)

        return self._mark(self._workbook(), edit)

    def test_workbook_that_was_changed(self):
        def alien(sheet, rows, heads):
            sheet.cell(rows["P-100"], heads["id"]).value = "999999999"

        def cleared(sheet, rows, heads):
            sheet.cell(rows["P-100"], heads["id"]).value = None

        def doubled(sheet, rows, heads):
            twin = sheet.cell(rows["P-200"], heads["id"]).value
            sheet.cell(rows["P-100"], heads["id"]).value = twin

        def pasted(sheet, rows, heads):
            # A whole row copied below the others: nothing is missing, one id is there
            # twice and says something else the second time.
            row = max(rows.values()) + 1
            sheet.insert_rows(row)
            for column in range(1, heads["id"] + 1):
                value = sheet.cell(rows["P-100"], column).value
                sheet.cell(row, column).value = value
            sheet.cell(row, heads["Confirmed quantity"]).value = 3

        def removed(sheet, rows, heads):
            sheet.delete_rows(rows["P-200"])

        def emptied(sheet, rows, heads):
            sheet.delete_rows(min(rows.values()), sheet.max_row)

        def overwritten(sheet, rows, heads):
            sheet.cell(rows["P-200"], heads["Quantity"]).value = 5

        def text(sheet, rows, heads):
            sheet.cell(rows["P-200"], heads["Confirmed quantity"]).value = "many"

        def renamed(sheet, rows, heads):
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value == "Reason":
                        cell.value = "Why"

        cases = (
            (alien, "no longer says which line"),
            (cleared, "no longer says which line"),
            (doubled, "Row [0-9]+|Rows [0-9]+ and [0-9]+"),
            (pasted, "Rows [0-9]+ and [0-9]+ both stand for .*P-100"),
            (removed, "P-200.* is missing"),
            (emptied, "P-100.* is missing"),
            (overwritten, "our quantity has been changed"),
            (text, "is not a number"),
            (renamed, "headings of marked.xlsx have been changed"),
        )
        for change, sentence in cases:
            with self.assertRaisesRegex(UserError, sentence, msg=change.__name__):
                with self.env.cr.savepoint():
                    self._upload("marked.xlsx", self._broken(change))
        self.assertFalse(self.statement.answer_ids)
        self.assertEqual(set(self.lines.mapped("verdict")), {"pending"})

    def _set_layout(self, *columns):
        self.env["rd.statement.column"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.affiliate.id,
                    "sequence": place,
                    "key": key,
                    "label": label,
                }
                for place, (key, label) in enumerate(columns)
            ]
        )

    def test_workbook_in_their_own_words(self):
        """Their headings, even ones that are those of the answer, change nothing."""
        self._set_layout(
            ("note", "Reason"),
            ("part", False),
            ("quantity", "送货数量"),
            ("total", "计"),
        )
        data = self._marked(P_100=(8, None, "2 broken"), P_200=(4, None, None))
        outcome = self._upload("marked.xlsx", data)
        self.assertIn("1 lines confirmed, 1 disputed, 1 not answered", outcome)
        item = self.statement.difference_ids
        self.assertEqual((item.ours_qty, item.theirs_qty), (10.0, 8.0))

        def overwrite(sheet, rows, heads):
            sheet.cell(rows["P-300"], heads["送货数量"]).value = 5

        with self.assertRaisesRegex(UserError, "our quantity has been changed"):
            self._upload("again.xlsx", self._mark(self._workbook(), overwrite))

    def test_workbook_without_our_quantity(self):
        self._set_layout(("note", False), ("part", False))
        data = self._marked(P_100=(8, None, None), P_200=(4, None, None))
        self._upload("marked.xlsx", data)
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "confirmed", "pending"]
        )

    def test_workbook_sent_before_rows_bore_the_quantity(self):
        def edit(sheet, rows, heads):
            for row in rows.values():
                cell = sheet.cell(row, heads["id"])
                cell.value = cell.value.rpartition("|")[0]
            sheet.cell(rows["P-100"], heads["Confirmed quantity"]).value = 10

        self._upload("marked.xlsx", self._mark(self._workbook(), edit))
        self.assertEqual(self.lines[0].verdict, "confirmed")

        def overwrite(sheet, rows, heads):
            edit(sheet, rows, heads)
            sheet.cell(rows["P-200"], heads["Quantity"]).value = 5

        with self.assertRaisesRegex(UserError, "our quantity has been changed"):
            self._upload("again.xlsx", self._mark(self._workbook(), overwrite))

    def test_workbook_after_a_part_was_settled(self):
        """What a line was sent with is no dispute of what is left of it."""
        data = self._marked(P_100=(10, None, None), P_200=(4, None, None))
        self.lines[0]._as_internal().write({"qty_to": 8, "quantity": 8})
        self.statement._recompute_amounts()
        self._upload("marked.xlsx", data)
        self.assertEqual(self.lines[0].verdict, "pending")
        self.assertEqual(self.lines[1].verdict, "confirmed")

    def test_workbook_beside_a_line_without_a_price(self):
        """A column filled to its end is taken; their price is noted, not answered."""
        line, short = self.lines[1:]
        line._as_internal().write(
            {"zero_reason": "no_price", "verdict": "no_price", "price_unit": 0}
        )
        short._as_internal().write({"zero_reason": "short", "verdict": "short"})
        self.statement._recompute_amounts()
        self.statement.action_send()
        self.env["rd.difference"]._open_for_missing_price(line)
        data = self._marked(
            P_100=(10, None, None),
            P_200=(4, 24.5, "as offered"),
            P_300=(100, None, "x"),
        )
        outcome = self._upload("marked.xlsx", data)
        self.assertIn("1 lines confirmed, 0 disputed, 0 not answered", outcome)
        self.assertIn(f"No answer was asked for {line.display_name}, ", outcome)
        self.assertEqual(
            self.lines.mapped("verdict"), ["confirmed", "no_price", "short"]
        )
        said = self.statement.difference_ids.dispute_reason
        for word in ("24.5", "as offered", self.finance.name):
            self.assertIn(word, said)
        self.assertIn("P-300: x", self.statement.message_ids[:1].preview)
        filled = self._marked(P_100=(10, None, None), P_200=(4, None, None))
        self.assertNotIn("No answer", self._upload("filled.xlsx", filled))

    def test_workbook_with_a_word_below_its_lines(self):
        """A note of theirs under the list is none of our rows; a figure is."""

        def remark(sheet, rows, heads):
            row = max(rows.values()) + 1
            sheet.insert_rows(row)
            sheet.cell(row, heads["id"]).value = "checked"

        self._upload("marked.xlsx", self._broken(remark))
        self.assertEqual(self.lines[0].verdict, "difference")

    def test_workbook_without_its_total(self):
        def cut(sheet, rows, heads):
            last = max(rows.values())
            sheet.delete_rows(last + 1, sheet.max_row - last)

        self._upload("marked.xlsx", self._broken(cut))
        self.assertEqual(self.lines[0].verdict, "difference")

    def test_workbook_of_another_language_than_the_first(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._upload("marked.xlsx", self._marked(P_100=(8, None, None)))
        self.assertEqual(self.lines[0].verdict, "difference")

    def test_another_quantity_of_what_waits_for_nobody_is_noted(self):
        line = self.lines[2]
        line._as_internal().write({"zero_reason": "short", "verdict": "short"})
        self.statement._recompute_amounts()
        self.statement.action_send()
        data = self._marked(P_100=(10, None, None), P_300=(90, None, None))
        outcome = self._upload("marked.xlsx", data)
        self.assertIn(f"No answer was asked for {line.display_name}", outcome)
        self.assertIn("their quantity 90", self.statement.message_ids[:1].preview)

    def test_workbook_of_another(self):
        data = self._workbook(self.theirs)
        with self.assertRaisesRegex(UserError, "belongs to another statement"):
            self._upload("marked.xlsx", data)
        old = self._workbook()
        self.statement._as_internal().write({"revision": 2})
        with self.assertRaisesRegex(UserError, "revision 2"):
            self._upload("marked.xlsx", old)

    def test_workbook_is_no_ledger(self):
        with self.assertRaisesRegex(UserError, "our own statement"):
            self.env["rd.ledger"].create(
                {
                    "statement_id": self.statement.id,
                    "file": base64.b64encode(self._workbook()),
                    "filename": "back.xlsx",
                }
            )

    def test_a_workbook_of_theirs_is_no_marked_one(self):
        with self.assertRaisesRegex(UserError, "not the workbook we sent"):
            self.statement.with_user(self.clerk)._take_recorded_workbook(
                "ours.csv", self.LEDGER, "Ms Lin"
            )
        self.assertFalse(self.statement.answer_ids)

    def test_workbook_at_the_desk(self):
        wizard = (
            self.env["rd.confirm.recorded"]
            .with_user(self.clerk)
            .create(
                {
                    "statement_id": self.statement.id,
                    "who": "Ms Lin",
                    "channel": "workbook",
                    "file": base64.b64encode(self._marked(P_100=(8, None, None))),
                    "filename": "marked.xlsx",
                }
            )
        )
        action = wizard.action_apply()
        self.assertIn("1 disputed", action["params"]["message"])
        self.assertEqual(self.statement.answer_ids[:1].who, "Ms Lin")

    # ------------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------------
    def _mail(self, sender, files):
        message = self.statement.message_post(body="Please answer")
        self.statement.with_user(self.clerk).sudo().message_update(
            {
                "email_from": sender,
                "message_id": "<1@works.example>",
                "references": message.message_id,
                "attachments": files,
            }
        )

    def test_mail_with_workbook(self):
        data = self._marked(P_100=(8, None, None), P_200=(4, None, None))
        self._mail("Lin <north_finance@works.example>", [("back.xlsx", data, {})])
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "confirmed", "pending"]
        )
        answer = self.statement.answer_ids[:1]
        self.assertIn("north_finance", answer.who)
        reply = self.statement.message_ids[:1]
        self.assertIn("1 disputed", reply.body)
        self.assertIn(self.finance.partner_id, reply.partner_ids)

    def test_reply_through_the_gateway(self):
        """A reply with the marked workbook lands on its statement and is read."""
        number = self._reply_by_mail(
            self._marked(P_100=(8, None, None), P_200=(4, None, None))
        )
        self.assertEqual(
            self.lines.mapped("verdict"), ["difference", "confirmed", "pending"]
        )
        reply = self.statement.message_ids.filtered(
            lambda message: message.message_id == number
        )
        self.assertEqual(reply.author_id, self.finance.partner_id)
        self.assertEqual(reply.attachment_ids.name, "back.xlsx")

    def test_mail_of_a_stranger(self):
        data = self._marked(P_100=(8, None, None))
        for sender in ("south_finance@works.example", "nobody@else.example", ""):
            self._mail(sender, [("back.xlsx", data, {})])
        self.assertFalse(self.statement.answer_ids)
        self.assertEqual(set(self.lines.mapped("verdict")), {"pending"})

    def test_mail_with_their_ledger(self):
        self._mail("north_finance@works.example", [("ours.csv", self.LEDGER, {})])
        self.assertEqual(self.lines[1].verdict, "confirmed")
        self.assertEqual(self.statement.ledger_ids.filename, "ours.csv")

    def test_a_mailed_ledger_of_others_names_nobody(self):
        text = self.LEDGER.decode().replace("SH-1", "SO-1")
        files = [("theirs.csv", text.encode(), {})]
        self._mail("north_finance@works.example", files)
        self.assertFalse(self.statement.ledger_ids)
        body = self.statement.message_ids[:1].body
        self.assertIn("none of its delivery notes is on this statement", body)
        self.assertNotIn(self.other.name, body)
        self._mail("north_finance@works.example", self._rename(files, "SO-1", "ZZ-1"))
        self.assertEqual(self.statement.message_ids[:1].body, body)
        self.assertFalse(self.statement.ledger_ids)
        reminders = self.statement.activity_ids.sorted("id")
        self.assertIn(self.other.name, reminders[0].note)
        self.assertNotIn(self.other.name, reminders[1].note)

    def _rename(self, files, old, new):
        return [
            (name, data.replace(old.encode(), new.encode()), info)
            for name, data, info in files
        ]

    def test_rows_of_others_beside_their_own(self):
        """A file of theirs is read as before, whoever else has a note of it."""
        answers = []
        for note in ("SO-1", "ZZ-1"):
            savepoint = self.env.cr.savepoint()
            data = self.LEDGER.replace(b"XX-9", note.encode())
            answers.append(self._upload("ours.csv", data))
            savepoint.close(rollback=True)
        self.assertEqual(*answers)
        self.assertIn("1 rows of your file are not on our statement", answers[0])

    def test_an_answer_to_our_mail_lands_on_the_statement(self):
        """Fails when their answer goes to somebody's own mailbox."""
        self.env["mail.alias.domain"].search([]).unlink()
        domain = self.env["mail.alias.domain"].create({"name": "desk.example"})
        self.company.alias_domain_id = domain
        self.clerk.email = "clerk@private.example"
        self.statement.user_id = self.clerk
        self.affiliate.email = "ap@works.example"
        self.statement.with_user(self.clerk).action_send_mail()
        template = self.env.ref("rd_reconciliation.mail_template_statement")
        sent = self.statement.sending_ids.mail_id[:1]
        self.assertTrue(sent)
        self.assertIn(f"{domain.catchall_alias}@desk.example", sent.reply_to)
        self.assertNotIn("private", sent.reply_to)
        kinds = template | self.env.ref(
            "rd_reconciliation.mail_template_statement_reminder"
        )
        kinds |= self.env.ref("rd_reconciliation.mail_template_statement_ledger")
        self.assertFalse(any(kinds.mapped("reply_to")))
        mail = EmailMessage()
        mail["From"] = "north_finance@works.example"
        mail["To"] = sent.reply_to
        mail["Subject"] = "Re: statement"
        mail["Message-Id"] = "<answer-2@works.example>"
        mail["In-Reply-To"] = mail["References"] = sent.message_id
        mail.set_content("Please find our ledger.")
        mail.add_attachment(
            self.LEDGER, maintype="text", subtype="csv", filename="ours.csv"
        )
        self.env["mail.thread"].message_process(None, mail.as_bytes())
        self.assertEqual(self.statement.ledger_ids.filename, "ours.csv")
        self.assertEqual(self.lines[1].verdict, "confirmed")

    def test_an_upgrade_clears_the_address_it_was_delivered_with(self):
        path = file_path("rd_reconciliation/migrations/19.0.1.1.0/post-reply_to.py")
        spec = importlib.util.spec_from_file_location("rd_reply_to", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        names = ("statement", "statement_reminder", "statement_ledger")
        first, second, own = (
            self.env.ref(f"rd_reconciliation.mail_template_{name}") for name in names
        )
        (first | second).reply_to = script.DELIVERED
        own.reply_to = "billing@desk.example"
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertFalse(first.reply_to or second.reply_to)
        self.assertEqual(own.reply_to, "billing@desk.example")

    def test_mail_that_cannot_be_read(self):
        """One plain sentence goes back; the mail itself is kept by the thread."""
        self._mail("north_finance@works.example", [("x.xlsx", b"PK\x03\x04", {})])
        self.assertFalse(self.statement.ledger_ids)
        self.assertIn("x.xlsx", self.statement.message_ids[:1].body)

    def test_message_update_by_hand(self):
        """The same message by RPC is not mail: nothing is read from it."""
        data = self._marked(P_100=(8, None, None))
        self.statement.with_user(self.clerk).message_update(
            {
                "email_from": "north_finance@works.example",
                "attachments": [("back.xlsx", data, {})],
            }
        )
        self.assertFalse(self.statement.answer_ids)

    # ------------------------------------------------------------------
    # Recorded, silent
    # ------------------------------------------------------------------
    def test_recorded_with_evidence(self):
        wizard = (
            self.env["rd.confirm.recorded"]
            .with_user(self.clerk)
            .create(
                {
                    "statement_id": self.statement.id,
                    "who": "Mr Wu",
                    "channel": "fax",
                    "note": "fax 7",
                    "file": base64.b64encode(PNG),
                    "filename": "fax.png",
                }
            )
        )
        wizard.action_apply()
        self.assertEqual(self.statement.confirmation_channel, "fax")
        answer = self.statement.answer_ids
        self.assertRecordValues(
            answer, [{"who": "Mr Wu", "channel": "fax", "user_id": self.clerk.id}]
        )
        self.assertEqual(answer.attachment_ids.name, "fax.png")

    def _note(self, **values):
        wizard = (
            self.env["rd.confirm.recorded"]
            .with_user(self.clerk)
            .create({"statement_id": self.statement.id, "who": "Mr Wu", **values})
        )
        return wizard.action_apply()

    def test_recorded_on_the_day_they_said_it(self):
        """Fails when the day of a call is the day somebody found time to note it."""
        self.statement._as_internal().write(
            {"sent_date": fields.Datetime.to_datetime("2026-10-05 09:00:00")}
        )
        self._note(note="he called", day=date(2026, 10, 7))
        company = self.company
        for moment in (
            self.statement.confirmed_date,
            self.statement.answer_ids.date,
        ):
            self.assertEqual(company._rd_local_date(moment), date(2026, 10, 7))
        self.assertEqual(self.statement.answer_ids.user_id, self.clerk)
        printed = self.statement._prepare_print_confirmation()
        self.assertEqual(printed["day"], "2026-10-07")

    def test_recorded_on_the_day_it_was_sent(self):
        """Not before the hour at which it went out."""
        sent = fields.Datetime.to_datetime("2026-10-05 09:00:00")
        self.statement._as_internal().write({"sent_date": sent})
        self._note(note="he called", day=date(2026, 10, 5))
        self.assertEqual(self.statement.confirmed_date, sent)

    def test_recorded_on_a_day_that_cannot_be(self):
        sent = self.company._rd_local_date(self.statement.sent_date)
        for day in (sent - timedelta(1), self.company._rd_today() + timedelta(1)):
            with self.assertRaisesRegex(UserError, "cannot have been confirmed on"):
                self._note(note="he called", day=day)
        with self.assertRaisesRegex(UserError, "is not a date"):
            self.statement.action_confirm_recorded("Wu", "phone", "x", "some day")
        self.assertEqual(self.statement.state, "sent")

    def test_recorded_with_nothing_to_show(self):
        for channel in ("phone", "fax", "paper", "message", "scan"):
            with self.assertRaisesRegex(UserError, "Attach what shows"):
                self._note(channel=channel, note="  ")
        for proof in ("no dict", {"name": "x.png", "data": 7}):
            with self.assertRaisesRegex(UserError, "has not arrived whole"):
                with self.env.cr.savepoint():
                    self.statement.action_confirm_recorded("Wu", proof=proof)
        self.assertEqual(self.statement.state, "sent")
        self._note(channel="paper", file=base64.b64encode(PNG), filename="p.png")
        self.assertEqual(self.statement.answer_ids.attachment_ids.name, "p.png")

    def _run_silence(self, day):
        crons = type(self.env["ir.cron"])
        with (
            patch.object(type(self.company), "_rd_today", lambda company: day),
            # a test has one transaction; how it is parted is tested on a server
            patch.object(crons, "_commit_progress", lambda *args, **kwargs: 1),
        ):
            self.env["rd.statement"]._cron_silence()

    def _send_on(self, day):
        self.statement._as_internal().write(
            {"sent_date": fields.Datetime.to_datetime(day)}
        )
        self.theirs.action_cancel()

    def test_silence_is_escalated(self):
        self._send_on(date(2026, 10, 5))
        self._run_silence(date(2026, 10, 12))
        self.assertFalse(self.statement.silence_date)
        self._run_silence(date(2026, 10, 13))
        self.assertEqual(self.statement.silence_date, date(2026, 10, 13))
        activity = self.statement.activity_ids
        self.assertEqual(len(activity), 1)
        self._run_silence(date(2026, 10, 14))
        self.assertEqual(self.statement.activity_ids, activity)
        self.assertEqual(self.statement.state, "sent", "silence alone agrees nothing")

    def test_who_answers_while_silence_is_looked_at_is_not_called(self):
        self._answer(self.lines[0], decision="confirmed")
        self.statement._follow_silence()
        self.assertFalse(self.statement.activity_ids)
        self.assertFalse(self.statement.silence_date)
        self.assertEqual(self.statement.state, "sent")

    def test_deemed_agreed(self):
        self.affiliate.write(
            {"rd_deemed_clause": "Frame contract 7.3", "rd_deemed_days": 3}
        )
        self._send_on(date(2026, 10, 8))
        self._run_silence(date(2026, 10, 13))
        self.assertEqual(self.statement.state, "sent")
        self._run_silence(date(2026, 10, 14))
        self.assertEqual(self.statement.state, "confirmed")
        self.assertEqual(self.statement.confirmation_channel, "deemed")
        self.assertIn("7.3", self.statement.confirmation_note)
        self.assertIn("7.3", self.statement.message_ids[0].body)

    def test_why_not_deemed_is_said_once(self):
        """Fails when each night's run writes the same sentence once more."""
        self.affiliate.write({"rd_deemed_clause": "7.3", "rd_deemed_days": 3})
        self._send_on(date(2026, 10, 8))
        self.lines[0]._as_internal().note = "another"
        for day in (14, 15, 16):
            self._run_silence(date(2026, 10, day))
        self.assertEqual(self.statement.state, "sent")
        bodies = self.statement.message_ids.mapped("body")
        self.assertEqual(sum("has changed since" in body for body in bodies), 1)

    def test_not_deemed_when_something_was_answered(self):
        self.affiliate.write({"rd_deemed_clause": "7.3", "rd_deemed_days": 3})
        self._answer(self.lines[0], decision="confirmed")
        self._send_on(date(2026, 10, 8))
        self._run_silence(date(2026, 11, 14))
        self.assertEqual(self.statement.state, "sent")

    def test_clause_and_days_go_together(self):
        for values in (
            {"rd_deemed_days": 3},
            {"rd_deemed_clause": "7.3"},
            {"rd_deemed_clause": "  ", "rd_deemed_days": 3},
            {"rd_deemed_clause": "7.3", "rd_deemed_days": -1},
        ):
            with self.assertRaises(ValidationError, msg=str(values)):
                with self.env.cr.savepoint():
                    self.affiliate.write(values)

    def test_messenger_text(self):
        text = self.statement.with_user(self.clerk).messenger_text
        for part in (self.statement.name, "266.68", self.statement.access_token):
            self.assertIn(part, text)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    def test_answers_are_append_only(self):
        self._answer(self.lines[0], decision="confirmed")
        answer = self.statement.answer_ids.with_user(self.clerk)
        with self.assertRaises(UserError):
            answer.write({"who": "Somebody else"})
        with self.assertRaises(AccessError):
            answer.unlink()
        with self.assertRaisesRegex(UserError, "is kept"):
            answer.sudo().unlink()
        with self.assertRaises(UserError):
            answer.create(
                {
                    "statement_id": self.statement.id,
                    "decision": "all",
                    "channel": "portal",
                    "who": "Forged",
                }
            )

    def test_role_is_given_at_once(self):
        """A role taken away is gone at the next request."""
        self.assertTrue(self._as(self.finance).has_access("read"))
        self.finance.partner_id.rd_portal_role = False
        self.assertFalse(self._as(self.finance).has_access("read"))
        self.assertFalse(
            self.env["rd.statement"].with_user(self.finance).search_count([])
        )

    def test_continuous(self):
        """A delivery is confirmed as it arrives, by a person of its affiliate only."""
        first, second, third = self.picking.move_ids
        wanted = {str(first.id): 9, str(second.id): 4, str(third.id): 100}
        for user in (self.stranger, self.roleless):
            with self.assertRaises(AccessError):
                self.picking.with_user(user)._portal_confirm_delivery(wanted)
        self.picking.with_user(self.buyer)._portal_confirm_delivery(wanted, "192.0.2.1")
        self.assertEqual(self.picking.rd_portal_user_id, self.buyer)
        self.assertEqual(first.rd_confirmed_qty, 9.0)
        whole = self._ship(self.affiliate, "SH-2", date(2026, 9, 12))
        whole.with_user(self.buyer)._portal_confirm_delivery(None, "192.0.2.1")
        self.assertEqual(whole.move_ids.mapped("rd_confirmed_qty"), [10, 4, 100])
        with self.assertRaises(UserError):
            self.picking.with_user(self.buyer)._portal_confirm_delivery(
                {"x": 1, "y": 2}, "192.0.2.1"
            )

    def test_confirmed_on_arrival_survives_a_reopening(self):
        """Fails when taking the paper back forgets what was said of the goods."""
        picking = self._ship(self.affiliate, "SH-3", date(2026, 10, 10))
        first, second, third = picking.move_ids
        picking.with_user(self.buyer)._portal_confirm_delivery(
            {str(first.id): 10, str(second.id): 0, str(third.id): 100}, "192.0.2.1"
        )
        statement = self._build(self._open_close(date(2026, 10, 1)))
        early = statement.line_ids.filtered("pre_confirmed")
        self.assertEqual(early.move_id, first | third)
        statement.with_user(self.clerk).action_confirm_recorded(who="Ms Lin", note="1")
        self.assertEqual(set(statement._lines().mapped("verdict")), {"confirmed"})
        statement.with_user(self.clerk).action_ask_reopen("one note is missing")
        waiting = self.env["rd.approval"].search([("state", "=", "waiting")])
        self.assertIn("1 confirmed lines are open again", waiting.effects)
        waiting.with_user(self.supervisor).action_approve()
        self.assertEqual(statement.state, "draft")
        self.assertEqual(set(early.mapped("verdict")), {"confirmed"})
        rest = statement._lines() - early
        self.assertEqual(rest.mapped("verdict"), ["pending"])
