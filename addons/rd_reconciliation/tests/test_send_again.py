# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What becomes of a statement that changes after it was sent."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestSendAgain(PortalCommon):
    """It goes out anew as a revision that can be confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.affiliate.email = "ap@northern.example"
        cls.desk = cls.statement.with_user(cls.clerk)
        cls.desk.action_send_mail()

    def _dispute(self, line):
        self.statement.with_user(self.finance)._portal_answer_line(
            line.id,
            self._seen(line=line, decision="disputed", reason="short", quantity=1),
        )
        return line.match_id.difference_id.with_user(self.clerk)

    def _confirm_rest(self):
        self.statement.with_user(self.finance)._portal_confirm(
            self.statement.revision, self.statement.content_hash
        )

    def test_dispute_carried_sent_again_and_confirmed(self):
        """Fails when there is no way on: not confirmed, not agreed, not sent."""
        self._dispute(self.lines[0]).action_carry()
        with self.assertRaisesRegex(UserError, "send it again"):
            self._confirm_rest()
        self.assertTrue(self.desk.changed_since_sent)
        self.desk.action_send_mail()
        self.assertEqual((self.statement.state, self.statement.revision), ("sent", 2))
        self.assertFalse(self.desk.changed_since_sent)
        sent = self.statement.sending_ids.sorted("id")
        self.assertEqual(sent.mapped("revision"), [1, 2])
        self.assertEqual(sent[-1].content_hash, self.statement.content_hash)
        self.desk.action_send_mail()
        self.assertEqual(self.statement.sending_ids, sent)
        self.assertEqual(self.statement.answer_ids.mapped("decision"), ["disputed"])
        self._confirm_rest()
        self.assertEqual(self.statement.state, "confirmed")
        self.desk.action_agree()
        self.assertEqual((self.statement.state, self.statement.revision), ("agreed", 2))

    def test_open_disputes_stay_with_what_was_confirmed(self):
        """A confirmation of the earlier revision is none of this one."""
        one, _two = (self._dispute(line) for line in self.lines[:2])
        self._confirm_rest()
        one.action_accept_theirs()
        self.assertTrue(self.desk.changed_since_sent)
        self.desk.action_send()
        self.assertEqual(
            (self.statement.state, self.statement.revision), ("disputed", 2)
        )
        self.assertEqual(
            self.lines.mapped("verdict"), ["confirmed", "difference", "confirmed"]
        )
        self.assertFalse(self.statement.confirmed_date)
        self.assertFalse(self.statement._prepare_print_confirmation())
        self._confirm_rest()
        self.assertEqual(self.statement.state, "disputed")
        self.assertEqual(self.statement._get_confirmed_revision().revision, 2)

    def test_price_found_after_sending(self):
        self.lines[1]._as_internal().write(
            {"zero_reason": "no_price", "verdict": "no_price", "price_unit": 0}
        )
        self.statement._recompute_amounts()
        self.desk.action_send()
        self.assertEqual(self.statement.revision, 2)
        sent = self.statement.amount_total
        self.assertFalse(self.desk.changed_note)
        self.desk.action_refresh()
        told = self.desk.changed_note
        self.assertIn("Revision 2 was sent", told)
        for amount in (sent, self.statement.amount_total):
            self.assertIn(f"{amount:,.2f}", told)
        with self.assertRaisesRegex(UserError, "send it again"):
            self.desk.action_confirm_recorded(who="Ms Lin", note="call 7")
        self.desk.action_send()
        self.assertEqual((self.statement.state, self.statement.revision), ("sent", 3))
        self.desk.action_confirm_recorded(who="Ms Lin", note="call 7")
        self.assertEqual(set(self.lines.mapped("verdict")), {"confirmed"})

    def _agree_to(self, *lines):
        for line in lines:
            self.statement.with_user(self.finance)._portal_answer_line(
                line.id, self._seen(line=line, decision="confirmed")
            )

    def _change_price(self, line):
        line._as_internal().write({"price_unit": line.price_unit + 1})
        self.statement._recompute_amounts()

    def test_last_line_answered_after_a_change(self):
        """Fails when the answer to the last line is refused, and lost."""
        self._change_price(self.lines[0])
        self._agree_to(*self.lines)
        self.assertEqual(set(self.lines.mapped("verdict")), {"confirmed"})
        self.assertEqual(len(self.statement.answer_ids), 3)
        self.assertEqual(self.statement.state, "sent")
        self.assertFalse(self.statement.confirmed_date)
        with self.assertRaisesRegex(UserError, "what you have answered stays"):
            self._confirm_rest()
        self.desk.action_send()
        self._confirm_rest()
        self.assertEqual(
            (self.statement.state, self.statement.revision), ("confirmed", 2)
        )

    def test_workbook_sent_back_after_a_change(self):
        """Fails when it is refused, or when it agrees to a price it never showed."""

        def agree(sheet, rows, heads):
            for row in rows.values():
                sheet.cell(row, heads["Reason"]).value = "ok"

        def upload(data):
            seen = self._seen()
            return self.statement.with_user(self.finance)._portal_upload(
                "marked.xlsx", data, seen["revision"], seen["content_hash"]
            )

        data = self._mark(self._workbook(), agree)
        self._change_price(self.lines[0])
        self.assertIn("2 lines confirmed, 0 disputed, 1 not answered", upload(data))
        self.assertEqual(
            self.lines.mapped("verdict"), ["pending", "confirmed", "confirmed"]
        )
        self.assertIn("3 lines confirmed", upload(self._mark(self._workbook(), agree)))
        self.assertEqual(self.statement.state, "sent")
        self.desk.action_send()
        self._confirm_rest()
        self.assertEqual(self.statement.state, "confirmed")

    def test_changed_with_the_same_total(self):
        self.assertEqual(self.statement.revision, 1)
        self.lines[0]._as_internal().write({"note": "DN-OTHER"})
        self.env.invalidate_all()
        self.assertIn("Lines have changed since revision 1", self.desk.changed_note)

    def test_unchanged_is_not_sent_again(self):
        self._dispute(self.lines[0])
        with self.assertRaisesRegex(UserError, "has not changed since revision 1"):
            self.desk.action_send()
        self.assertFalse(self.desk.changed_since_sent)
        self.desk.action_send_mail()
        self.assertEqual(len(self.statement.sending_ids), 1)
