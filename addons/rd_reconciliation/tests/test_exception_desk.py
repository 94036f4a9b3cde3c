# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import ReconciliationCommon

# Our three lines of note DN-1: pieces and total with 13 % tax.
P100, P200, P300 = (
    ("2026-09-10", "DN-1", "P-100", 60, 678.0),
    ("2026-09-10", "DN-1", "P-200", 20, 576.3),
    ("2026-09-10", "DN-1", "P-300", 3, 1.15),
)


class DeskCase(ReconciliationCommon):
    """A statement of three lines and what becomes of one that differs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.order = cls._create_order(
            [(cls.p100, 60, 10.0), (cls.p200, 20, 25.5), (cls.p300, 3, 0.34)]
        )
        cls.picking = cls._deliver(
            cls.order,
            {cls.p100: 60, cls.p200: 20, cls.p300: 3},
            "DN-1",
            date(2026, 9, 10),
        )
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.statement = cls._build(cls.close)
        cls.Desk = cls.env["rd.difference"].with_user(cls.clerk)

    def _differ(self, *rows):
        """Match with a ledger of these rows; return the open differences."""
        self._read_ledger(self.statement, rows)
        self.statement.action_match()
        found = self.statement.difference_ids.filtered(lambda one: one.state == "open")
        return found.with_user(self.clerk)

    def _short(self):
        """One difference: 58 of 60 pieces."""
        return self._differ((*P100[:3], 58, 655.4), P200, P300)

    def _line(self, part):
        return self.statement.line_ids.filtered(
            lambda line: line.part == part and line.live
        )

    def _check_chain(self):
        """Odoo's "to invoice" is what is still open in the chain, line by line."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH open AS (
                    SELECT sale_line_id, SUM(quantity) AS quantity
                      FROM rd_statement_line line
                     WHERE (live AND verdict != 'short' OR verdict = 'carried')
                       AND NOT EXISTS (
                           SELECT FROM account_move_line item
                            WHERE item.rd_statement_line_id = line.id
                              AND item.parent_state != 'cancel')
                     GROUP BY sale_line_id)
                SELECT line.name, line.qty_to_invoice, COALESCE(open.quantity, 0)
                  FROM sale_order_line line LEFT JOIN open ON sale_line_id = line.id
                 WHERE line.order_id = %s
                   AND abs(line.qty_to_invoice - COALESCE(open.quantity, 0)) > 0.0001
                """,
                self.order.id,
            )
        )
        self.assertFalse(self.env.cr.fetchall())

    def _act(self, item, key, **values):
        answer = item.act(key, values)
        self._check_chain()
        return answer

    def _agree_and_invoice(self):
        self.statement.action_agree()
        self.statement.action_invoice()
        self._check_chain()
        return {
            line.rd_statement_line_id.part: (line.quantity, line.price_unit)
            for line in self.statement.invoice_ids.invoice_line_ids
        }


@tagged("post_install", "-at_install")
class TestExceptionDesk(DeskCase):
    """Every action of the desk, what it does to the quantity, and how it is undone."""

    # --- what ends the quantity ---

    def test_accept_theirs(self):
        item = self._short()
        answer = self._act(item, "accept_theirs")
        self.assertEqual(answer["settled"], item.ids)
        self.assertEqual((item.state, item.settled_by_id), ("agreed", self.clerk))
        self.assertEqual(self._agree_and_invoice()["P-100"], (58, 10))

    def test_keep_ours_with_the_reason(self):
        item = self._short()
        self._act(item, "keep_ours", reason="Mr Tan found the two pieces")
        self.assertEqual(item.evidence, "Mr Tan found the two pieces")
        self.assertEqual(self._agree_and_invoice()["P-100"], (60, 10))

    def test_carry(self):
        self._act(self._short(), "carry")
        self.assertNotIn("P-100", self._agree_and_invoice())

    def test_write_off_within_the_limit(self):
        item = self._short()
        self._act(item, "write_off")
        self.assertEqual(item.state, "written_off")
        self.assertEqual(self._agree_and_invoice()["P-100"], (58, 10))
        self.assertEqual(self.order.order_line[0].qty_to_invoice, 0)

    def test_another_price_does_not_hide_what_is_written_off(self):
        """Fails when 6 pieces given up pass four eyes, as theirs cost more."""
        self.company.rd_write_off_limit = 50.0
        # 54 pieces at 12.5 with tax come to 3 less than our 60 at 11.3.
        item = self._differ((*P100[:3], 54, 675.0), P200, P300)
        self.assertAlmostEqual(item.amount, 3.0)
        item.action_write_off()
        self.assertEqual((item.state, item.requested_action), ("open", "write_off"))
        waiting = self.env["rd.approval"].search(
            [("res_model", "=", "rd.difference"), ("res_id", "=", item.id)]
        )
        self.assertAlmostEqual(waiting.amount, 67.8)
        self.assertFalse(self.statement._is_above(60.0))
        item.with_user(self.supervisor).action_approve()
        self._check_chain()
        self.assertEqual(item.state, "written_off")
        self.assertTrue(self.statement._is_above(60.0))
        self.assertFalse(self.statement._is_above(70.0))

    def test_a_ledger_of_pieces_differs_by_pieces_at_our_price(self):
        """Fails when one piece short of 60 is shown as the whole line."""
        text = "送货日期,送货单号,料号,数量\n" + "\n".join(
            ",".join(str(cell) for cell in row)
            for row in ((*P100[:3], 59), P200[:4], P300[:4])
        )
        self.env["rd.ledger"].create(
            {
                "statement_id": self.statement.id,
                "file": base64.b64encode(text.encode()),
                "filename": "pieces.csv",
            }
        )
        self.statement.action_match()
        item = self.statement.difference_ids.with_user(self.clerk)
        self.assertRecordValues(
            item, [{"ours_qty": 60.0, "theirs_qty": 59.0, "amount": 11.3}]
        )
        self.company.rd_write_off_limit = 20.0
        self._act(item, "write_off")
        self.assertEqual(item.state, "written_off")
        self.assertFalse(self.statement._is_above(20.0))
        self.assertTrue(self.statement._is_above(11.0))

    def test_the_limit_is_one_of_the_companys_currency(self):
        item = self._short()
        self.company.rd_write_off_limit = 100.0
        self.assertFalse(item._needs_approval(item.amount))
        for name, rate, needs in (("EUR", 0.125, True), ("JPY", 20, False)):
            currency = self._give_rate(name, rate)
            self.statement._as_internal().write({"currency_id": currency.id})
            self.assertEqual(item._needs_approval(-20.0), needs, name)
            self.assertEqual(self.statement._is_above(100.0), needs, name)

    def test_write_off_above_the_limit_needs_a_second_person(self):
        self.company.rd_write_off_limit = 1.0
        item = self._short()
        answer = self._act(item, "write_off")
        self.assertEqual(answer["open"], item.ids)
        self.assertIn("Waits for approval", answer["message"])
        self.assertFalse(answer["rows"][0]["actions"])
        boss = item.with_user(self.supervisor)
        self.env.invalidate_all()
        self.assertIn(boss.sudo().activity_ids.user_id, item._get_supervisors())
        keys = [one["key"] for one in boss._get_actions()]
        self.assertEqual(keys, ["approve", "refuse"])
        with self.assertRaisesRegex(UserError, "reason"):
            boss.act("refuse", {"reason": " "})
        boss.act("refuse", {"reason": "Look again"})
        self.assertFalse(item.requested_by_id)
        item.act("write_off")
        boss.act("approve")
        self.assertEqual(item.state, "written_off")
        self._check_chain()

    def test_correct_price_with_approval(self):
        item = self._differ((*P100[:4], 610.2), P200, P300)
        self.assertEqual((item.code, self._line("P-100").price_unit), ("price", 10))
        self._act(item, "correct_price", reason="New price list")
        self.assertEqual(self._line("P-100").price_unit, 10)
        item.with_user(self.supervisor).act("approve")
        line = self._line("P-100")
        self.assertEqual((line.price_unit, line.verdict), (9, "confirmed"))
        self.assertIn(self.supervisor.name, line.price_source)
        self.assertIn(self.clerk.name, line.price_source)
        item.act("reopen")
        self.assertEqual((line.price_unit, line.amount_total), (10, 678))
        item.act("correct_price", {"reason": "New price list"})
        item.with_user(self.supervisor).act("approve")
        self.assertEqual(self._agree_and_invoice()["P-100"], (60, 9))

    def test_correct_price_where_the_quantity_differs_too(self):
        item = self._differ((*P100[:3], 50, 508.5), P200, P300)
        self.assertEqual({item.code, *item.also_codes}, {"quantity", "price"})
        self._act(item, "correct_price", reason="New price list")
        item.with_user(self.supervisor).act("approve")
        self._check_chain()
        self.assertEqual(self._agree_and_invoice()["P-100"], (50, 9))

    def test_return_of_what_is_short(self):
        item = self._short()
        self._act(item, "return")
        back = item.sudo().return_picking_ids
        self.assertRecordValues(
            back.move_ids, [{"product_uom_qty": 2, "to_refund": True}]
        )
        self.assertEqual(self._agree_and_invoice()["P-100"], (58, 10))
        back.move_ids.write({"quantity": 2, "picked": True})
        back.rd_note = "RT-1"
        back._action_done()
        back.date_done = "2026-10-09 04:00:00"
        following = self._build(self._open_close(date(2026, 10, 1)))
        self.assertEqual(sorted(following.line_ids.mapped("quantity")), [-2, 2])
        self._read_ledger(following, [("2026-10-02", "DN-9", "P-200", 1, 28.82)])
        following.action_match()
        self.assertEqual(
            set(following.line_ids.mapped("match_id.rule")), {"taken_back"}
        )
        self.assertEqual(set(following.line_ids.mapped("verdict")), {"confirmed"})

    def test_return_is_taken_back_with_the_settlement(self):
        item = self._short()
        self._act(item, "return")
        self._act(item, "reopen")
        self.assertEqual(item.sudo().return_picking_ids.state, "cancel")
        self.assertEqual(sum(item.line_ids.mapped("quantity")), 60)

    def test_credit_note_for_a_deduction(self):
        rows = [P100, P200, P300, ("2026-09-30", "", "", "", "")]
        rows[3] = ("2026-09-20", "", "Quality claim 扣款", -1, -113.0)
        item = self._differ(*rows)
        self.assertEqual(item.theirs_amount, -113)
        self.assertFalse(item.line_ids)
        self._act(item, "credit", reason="Granted by sales")
        move = item.sudo().credit_move_id
        self.assertEqual((move.move_type, move.state), ("out_refund", "draft"))
        self.assertEqual((move.amount_total, move.amount_untaxed), (113, 100))
        self.assertEqual(item.state, "agreed")
        item.act("reopen")
        self.assertEqual(move.state, "cancel")
        self.company.rd_write_off_limit = 1.0
        item.act("credit", {"reason": "Granted by sales"})
        self.assertEqual((item.state, item.requested_action), ("open", "credit"))

    def test_credit_note_comes_to_what_they_took_off(self):
        """Fails when 13 % of a rounded amount makes a cent of difference."""
        rows = [P100, P200, P300, ("2026-09-20", "", "Quality claim 扣款", -1, -100.0)]
        item = self._differ(*rows)
        self._act(item, "credit", reason="Granted by sales")
        move = item.sudo().credit_move_id
        self.assertEqual((move.amount_untaxed, move.amount_total), (88.5, 100))
        move.action_post()
        self.assertEqual(move.amount_total, 100)

    def test_credit_note_by_a_tax_that_prices_include(self):
        item = self._differ(
            P100, P200, P300, ("2026-09-20", "", "Quality claim 扣款", -1, -113.0)
        )
        self.statement.line_ids.tax_ids.price_include_override = "tax_included"
        self._act(item, "credit", reason="Granted by sales")
        move = item.sudo().credit_move_id
        self.assertEqual((move.amount_untaxed, move.amount_total), (100, 113))

    def test_a_posted_credit_note_is_not_taken_back_with_the_settlement(self):
        rows = [P100, P200, P300, ("2026-09-20", "", "Quality claim 扣款", -1, -113.0)]
        item = self._differ(*rows)
        self._act(item, "credit", reason="Granted by sales")
        move = item.sudo().credit_move_id
        move.action_post()
        with self.assertRaisesRegex(UserError, f"{move.name} for .* is posted"):
            item.act("reopen")
        self.assertEqual((item.state, move.state), ("agreed", "posted"))

    def test_nothing_is_credited_where_they_take_nothing_off(self):
        item = self._differ((*P100[:3], 62, 700.6), P200, P300)
        with self.assertRaisesRegex(UserError, "takes nothing off"):
            item.action_credit("Granted by sales")
        self.assertFalse(item.sudo().credit_move_id)
        self.assertEqual(item.state, "open")

    def test_nothing_comes_back_where_nothing_is_short(self):
        item = self._differ((*P100[:4], 610.2), P200, P300)
        with (
            self.assertRaisesRegex(UserError, "nothing is to be taken back"),
            self.env.cr.savepoint(),
        ):
            item.action_return("They paid less")
        self.assertEqual(item.state, "open")
        self.assertEqual(self._line("P-100").verdict, "difference")

    def test_goods_that_have_come_back_are_not_taken_back_with_the_settlement(self):
        item = self._short()
        self._act(item, "return")
        back = item.sudo().return_picking_ids
        back.move_ids.write({"quantity": 2, "picked": True})
        back._action_done()
        with self.assertRaisesRegex(UserError, f"come back with {back.name}"):
            item.act("reopen")
        self.assertEqual((item.state, back.state), ("agreed", "done"))

    def test_what_is_agreed_is_not_reopened(self):
        item = self._short()
        item.act("accept_theirs")
        match = item.match_id
        self.statement.action_agree()
        with self.assertRaisesRegex(UserError, "already agreed; what is settled"):
            item.act("reopen")
        with self.assertRaisesRegex(UserError, "already agreed; its matches stay"):
            match.action_part_again()
        with self.assertRaisesRegex(UserError, "is not matched again"):
            self.statement.with_user(self.clerk).action_match()
        with self.assertRaisesRegex(UserError, "enters the next month"):
            self.statement.with_user(self.clerk).action_refresh()
        self.assertEqual((item.state, item.match_id), ("agreed", match))

    def test_a_price_nobody_states_is_not_corrected(self):
        """Their ledger counts pieces, or states two prices for one line of ours."""
        text = "送货日期,送货单号,料号,数量,含税单价\n" + "\n".join(
            ",".join(str(cell) for cell in row)
            for row in (
                (*P100[:3], 29, 11.3),
                (*P100[:3], 29, 10.17),
                (*P200[:4], 28.815),
                (*P300[:3], 2, ""),
            )
        )
        self.env["rd.ledger"].create(
            {
                "statement_id": self.statement.id,
                "file": base64.b64encode(text.encode()),
                "filename": "prices.csv",
            }
        )
        self.statement.action_match()
        for item in self.statement.difference_ids.with_user(self.clerk):
            with self.assertRaisesRegex(UserError, "states no price or amount"):
                item.action_correct_price("New price list")
            self.assertFalse(item.requested_action)
        self.assertEqual(
            self.statement.difference_ids.line_ids.sorted("part").mapped("part"),
            ["P-100", "P-300"],
        )

    def test_the_price_they_state_is_one_without_amounts(self):
        text = "送货日期,送货单号,料号,数量,含税单价\n" + "\n".join(
            ",".join(str(cell) for cell in row)
            for row in ((*P100[:4], 10.17), (*P200[:4], 28.815), (*P300[:4], 0.3842))
        )
        self.env["rd.ledger"].create(
            {
                "statement_id": self.statement.id,
                "file": base64.b64encode(text.encode()),
                "filename": "prices.csv",
            }
        )
        self.statement.action_match()
        item = self.statement.difference_ids.with_user(self.clerk)
        self.assertEqual((item.code, item.line_ids.part), ("price", "P-100"))
        item.action_correct_price("New price list")
        item.with_user(self.supervisor).action_approve()
        self.assertEqual(self._line("P-100").price_unit, 9)

    def test_explain_only_what_is_not_ours(self):
        item = self._differ(P100, P200, P300, ("2026-09-11", "DN-7", "P-100", 1, 11.3))
        self.assertEqual(item.code, "not_in_ours")
        self._act(item, "explain", reason="Their own sample")
        self.assertEqual((item.state, item.evidence), ("explained", "Their own sample"))
        with self.assertRaisesRegex(UserError, "already settled"):
            item.act("explain", {"reason": "again"})

    def test_split(self):
        item = self._short()
        for wrong in (0, 60, 61, -1):
            with self.assertRaisesRegex(UserError, "between 0"):
                item.act("split", {"quantity": wrong})
        self._act(item, "split", quantity=58.0)
        rest = self.statement.difference_ids - item
        self.assertRecordValues(
            rest, [{"state": "open", "ours_qty": 2, "code": item.code, "theirs_qty": 0}]
        )
        self._act(rest.with_user(self.clerk), "carry")
        self.assertEqual(self._agree_and_invoice()["P-100"], (58, 10))

    def test_a_proposed_dispute_is_not_one_of_a_single_tap(self):
        rules = self.env["rd.difference.rule"]._get_by_code(self.company)
        rules["quantity"].proposal = "dispute"
        item = self._short()
        with self.assertRaisesRegex(UserError, "say who answers the dispute"):
            item.action_settle()
        self.assertEqual((item.state, item.settled_by_id.ids), ("open", []))

    # --- what keeps it open, with somebody and a clock ---

    def test_send_proof(self):
        item = self._short()
        with self.assertRaisesRegex(UserError, "no e-mail"):
            item.act("send_proof")
        self.affiliate.email = "books@works.example"
        with self.assertRaisesRegex(UserError, "attach it to the delivery"):
            item.act("send_proof")
        self.env["ir.attachment"].create(
            {
                "name": "DN-1.png",
                "raw": b"x",
                "res_model": "stock.picking",
                "res_id": self.picking.id,
            }
        )
        slots = {slot["kind"]: slot for slot in item._prepare_rows()[0]["evidence"]}
        self.assertEqual(slots["receipt"]["text"], "DN-1.png")
        answer = self._act(item, "send_proof")
        self.assertIn("Proof sent", answer["message"])
        self.assertEqual((item.state, item.role), ("open", "them"))
        message = item.message_ids.filtered("attachment_ids")
        self.assertEqual(message.partner_ids, self.affiliate)
        self.assertEqual(message.attachment_ids.name, "DN-1.png")

    def test_dispute_with_owner_and_clock(self):
        item = self._short()
        self.statement.action_send()
        with self.assertRaisesRegex(UserError, "reason"):
            item.act("dispute", {"user_id": self.supervisor.id})
        day = date(2026, 10, 20)
        self._act(
            item,
            "dispute",
            user_id=self.supervisor.id,
            deadline=str(day),
            reason="They counted a box twice",
        )
        self.assertRecordValues(
            item,
            [{"state": "open", "user_id": self.supervisor.id, "deadline": day}],
        )
        self.assertEqual(item.activity_ids.user_id, self.supervisor)
        self.assertEqual(self.statement.state, "disputed")
        self.statement.action_match()
        self.assertTrue(item.exists(), "a new match keeps what a person has decided")

    def test_dispute_goes_to_a_colleague_of_the_desk_only(self):
        item = self._short()
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal-desk",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        for user_id in (portal.id, 10**8):
            with self.assertRaisesRegex(UserError, "Choose a colleague of the desk"):
                item.act("dispute", {"user_id": user_id, "reason": "x"})

    # --- link and unlink ---

    def test_link_by_hand_and_part_again(self):
        one, two = self._differ(
            ("2026-09-10", "GR-55", "P-100", 60, 678.0), P200, P300
        ).sorted("code")
        ours = (one | two).filtered("line_ids")
        theirs = (one | two) - ours
        found = ours.find_lines("theirs", "gr-55")
        self.assertEqual([line["id"] for line in found], theirs.ledger_line_ids.ids)
        self.assertFalse(ours.find_lines("theirs", "nothing"))
        self._act(ours, "link", line_ids=[found[0]["id"]])
        self.assertRecordValues(
            ours.match_id, [{"status": "manual", "rule": "by_hand", "code": "match"}]
        )
        self.assertFalse(theirs.exists())
        self.assertEqual(
            (ours.state, self._line("P-100").verdict), ("agreed", "confirmed")
        )
        self.statement.action_match()
        self.assertEqual(ours.match_id.status, "manual")
        self._act(ours, "reopen")
        self._act(ours, "unlink", again=True)
        self.assertEqual(
            sorted(self.statement.difference_ids.mapped("code")),
            ["not_in_ours", "not_in_theirs"],
        )

    def test_link_only_with_free_lines_of_the_affiliate(self):
        items = self._differ(("2026-09-10", "GR-55", "P-100", 60, 678.0), P200, P300)
        ours = items.filtered("line_ids")
        taken = self.statement.ledger_ids.line_ids.filtered(
            lambda row: row.part == "P-200"
        )
        for wrong in ([taken.id], [], [10**8]):
            with self.assertRaisesRegex(UserError, "Choose open lines"):
                ours.act("link", {"line_ids": wrong})

    def test_unlink_keeps_them_apart_unless_told(self):
        item = self._short()
        self._act(item, "unlink", again=False)
        self.assertFalse(item.exists())
        self.assertEqual(
            self.env["rd.match.refusal"].search_count(
                [("partner_id", "=", self.affiliate.id)]
            ),
            1,
        )
        self.statement.action_match()
        codes = self.statement.difference_ids.mapped("code")
        self.assertNotIn("quantity", codes)
        self.assertEqual(len(codes), 2)
        self.env["rd.match.refusal"].search([]).with_user(self.clerk).unlink()
        self.statement.action_match()
        self.assertEqual(self.statement.difference_ids.mapped("code"), ["quantity"])

    def test_their_line_is_linked_with_ours(self):
        items = self._differ(("2026-09-10", "GR-55", "P-100", 58, 655.4), P200, P300)
        theirs = items.filtered("ledger_line_ids")
        ours = items - theirs
        (found,) = theirs.find_lines("ours", "dn-1 p-100")
        self.assertEqual(found["id"], ours.line_ids.id)
        with self.assertRaisesRegex(UserError, "our side or of theirs"):
            theirs.find_lines("both")
        self._act(theirs, "link", line_ids=[found["id"]])
        self.assertFalse(ours.exists())
        self.assertRecordValues(
            theirs,
            [
                {
                    "state": "open",
                    "code": "quantity",
                    "ours_qty": 60,
                    "theirs_qty": 58,
                    "proposal": "accept_theirs",
                }
            ],
        )
        self.assertEqual(self._line("P-100").verdict, "difference")
        with self.assertRaisesRegex(UserError, "both sides already"):
            theirs.action_link([found["id"]])

    def test_what_is_left_of_others_shrinks(self):
        """One of two rows that stood together is linked away, the other stays."""
        row = ("2026-09-12", "GR-9", "P-900")
        items = self._differ((*row, 1, 11.3), (*row, 2, 22.6), P200, P300)
        both = items.filtered("ledger_line_ids")
        self.assertEqual(len(both.ledger_line_ids), 2)
        ours = items - both
        (found,) = [
            one for one in ours.find_lines("theirs", "gr-9") if one["quantity"] == 1
        ]
        self._act(ours, "link", line_ids=[found["id"]])
        self.assertRecordValues(both, [{"theirs_qty": 2, "theirs_amount": 22.6}])
        self.assertEqual(ours.theirs_qty, 1)

    def test_one_side_alone_is_not_parted(self):
        item = self._differ(P200, P300)
        self.assertFalse(item.ledger_line_ids)
        with self.assertRaisesRegex(UserError, "one side only"):
            item.match_id.action_part_for_good()
        with self.assertRaisesRegex(UserError, "one side only"):
            item.action_unlink()
        self.assertTrue(item.exists().match_id)
        self.assertFalse(
            self.env["rd.match.refusal"].search(
                [("partner_id", "=", self.affiliate.id)]
            )
        )

    def test_a_parted_pair_says_which_two(self):
        item = self._short()
        line, row = item.line_ids, item.ledger_line_ids
        self._act(item, "unlink", again=False)
        refusal = self.env["rd.match.refusal"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertEqual(
            refusal.display_name, f"{line.display_name} ≠ {row.display_name}"
        )

    def test_a_match_not_yet_made_names_no_rule(self):
        """What a client asks of a new record, which no match is made by."""
        match = self.env["rd.match"].with_user(self.clerk)
        shown = match.onchange({}, [], {"rule_label": {}, "reason": {}})["value"]
        self.assertFalse(shown.get("rule_label") or shown.get("reason"))

    def test_exact_match_can_be_parted(self):
        self._differ(P100, P200, P300)
        match = self._line("P-100").match_id
        match.with_user(self.clerk).action_part_for_good()
        self.assertEqual(len(self.statement.difference_ids), 2)
        self.statement.action_match()
        self.assertEqual(len(self.statement.difference_ids), 2)
        self._check_chain()

    def test_why_not(self):
        items = self._differ(("2026-09-10", "DN-2", "P-100", 58, 655.4), P200, P300)
        answer = items.filtered("line_ids").get_why_not()
        self.assertIn("60 against 58", answer["sentence"])
        self.assertEqual(answer["nearest"]["side"], "theirs")
        back = items.filtered(lambda item: not item.line_ids).get_why_not()
        self.assertEqual(back["nearest"]["side"], "ours")

    def test_why_not_where_nothing_is_alike(self):
        items = self._differ(("2026-08-02", "ZZ-9", "X-77", 7, 3.0))
        self.assertEqual(len(items), 4)
        for item in items:
            answer = item.get_why_not()
            self.assertFalse(answer["nearest"])
            side = "on our side" if item.ledger_line_ids else "in their ledger"
            self.assertIn(f"Nothing {side}", answer["sentence"])

    def test_why_not_where_neither_states_a_note(self):
        self._line("P-100")._as_internal().note = False
        items = self._differ(("", "", "P-100", 60, ""), P200, P300)
        self.assertEqual(len(items), 2)
        for item in items:
            answer = item.get_why_not()
            self.assertIn("neither states a note number", answer["sentence"])
            self.assertIn("P-100", answer["nearest"]["text"])

    def test_why_not_where_the_other_has_become_free(self):
        """At the last match it stood with another; now nothing but time is between."""
        self._differ(P200, P300)
        self._read_ledger(self.statement, [P100], "more.csv")
        rows = self.statement.ledger_ids.line_ids
        row = rows.filtered(lambda one: one.part == "P-100")
        self._line("P-200").match_id.with_user(self.clerk).action_part_for_good()
        other = self._line("P-200").match_id.difference_id.with_user(self.clerk)
        self._act(other, "link", line_ids=row.ids)
        self.statement.action_match()
        item = self._line("P-100").match_id.difference_id.with_user(self.clerk)
        self.assertIn("already belongs", item.get_why_not()["sentence"])
        linked = self._line("P-200").match_id.difference_id.with_user(self.clerk)
        self._act(linked, "unlink", again=True)
        self.assertIn("has become free", item.get_why_not()["sentence"])

    def test_why_not_where_two_were_parted_only_for_now(self):
        self._differ(P100, P200, P300)
        self._line("P-100").match_id.with_user(self.clerk).action_part_again()
        for item in self.statement.difference_ids:
            answer = item.get_why_not()
            sentence = answer["sentence"]
            self.assertTrue(sentence.startswith(f"{self.clerk.name} parted it from"))
            self.assertTrue(sentence.endswith("may propose the two again."))
            self.assertIn("P-100", answer["nearest"]["text"])
        self.statement.action_match()
        self.assertFalse(
            self.statement.difference_ids.filtered(lambda one: one.state == "open")
        )

    def test_why_not_where_two_were_parted_for_good(self):
        """The next match keeps them apart, and for the same reason."""
        self._act(self._short(), "unlink", again=False)
        for _turn in range(2):
            for item in self.statement.difference_ids:
                answer = item.with_user(self.supervisor).get_why_not()
                sentence = answer["sentence"]
                self.assertIn(f"{self.clerk.name} parted it from", sentence)
                self.assertIn("not proposed again. The quantity is 60", sentence)
                self.assertNotIn("A person", sentence)
                self.assertIn("P-100", answer["nearest"]["text"])
            self.statement.action_match()

    def test_why_not_where_nothing_is_alike_but_a_person_parted_them(self):
        items = self._differ(("2026-08-02", "ZZ-9", "X-77", 7, 3.0), P200, P300)
        ours = items.filtered("line_ids")
        row = (items - ours).ledger_line_ids
        self._act(ours, "link", line_ids=row.ids)
        self._act(ours, "unlink", again=True)
        for item in self.statement.difference_ids:
            answer = item.get_why_not()
            self.assertIn(f"{self.clerk.name} parted it", answer["sentence"])
            self.assertTrue(answer["nearest"])

    def test_why_not_where_another_is_nearer_than_the_one_parted(self):
        near = ("2026-09-10", "DN-2", "P-100", 60, 678.0)
        items = self._differ(("2026-08-02", "ZZ-9", "X-77", 7, 3.0), near, P200, P300)
        ours = items.filtered("line_ids")
        rows = items.ledger_line_ids
        self._act(
            ours, "link", line_ids=rows.filtered(lambda row: row.note == "ZZ-9").ids
        )
        self._act(ours, "unlink", again=False)
        item = self._line("P-100").match_id.difference_id
        answer = item.with_user(self.clerk).get_why_not()
        self.assertRegex(
            answer["sentence"], "parted it from .*ZZ-9.* Nearest is .*DN-2"
        )
        self.assertIn("DN-2", answer["nearest"]["text"])

    def test_why_not_of_two_that_were_parted_and_found_others(self):
        """What one was parted from stands with another: that is no reason any more."""
        row = ("2026-09-12", "GR-9", "P-900", 20, 576.3)
        items = self._differ((*P100[:3], 58, 655.4), row, P300)
        short = items.filtered(lambda item: item.line_ids and item.ledger_line_ids)
        theirs = short.ledger_line_ids
        self._act(short, "unlink", again=True)
        other = self._line("P-200").match_id.difference_id.with_user(self.clerk)
        self._act(other, "link", line_ids=theirs.ids)
        item = self._line("P-100").match_id.difference_id
        self.assertNotIn(
            "parted it", item.with_user(self.clerk).get_why_not()["sentence"]
        )

    def test_why_not_where_their_row_came_after_the_match(self):
        ours = self._differ(P200, P300)
        self._read_ledger(self.statement, [P100])
        answer = ours.get_why_not()
        self.assertRegex(
            answer["sentence"], "^DN-1 P-100 .* came after the last match;"
        )
        self.assertEqual(answer["nearest"]["side"], "theirs")
        self.statement.action_match()
        self.assertEqual(self._line("P-100").match_id.status, "exact")

    # --- learning ---

    def test_learned_note_is_shown_and_revocable(self):
        self.picking.rd_note = "DN-10001"
        self.statement.action_cancel()
        self.statement = self._build(self.close)
        rows = [("2026-09-10", "CNDN-10001", *row[2:]) for row in (P100, P200, P300)]
        items = self._differ(*rows)
        self.assertEqual(set(items.mapped("code")), {"doc_ref"})
        self._act(items[0], "learn")
        habit = self.env["rd.match.habit"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertRecordValues(habit, [{"kind": "note_rule", "prefix": "CN"}])
        self.statement.action_match()
        self.assertFalse(
            self.statement.difference_ids.filtered(lambda one: one.state == "open")
        )
        rest = self._line("P-200").match_id
        self.assertEqual(rest.rule, "learned_note")
        self.assertIn(self.clerk.name, rest.reason)
        self._act(items[0], "reopen")
        self.assertFalse(habit.active)
        self.statement.action_match()
        self.assertEqual(self._line("P-200").match_id.rule, "note_similar")

    def test_learned_part_and_unit(self):
        items = self._differ(
            ("2026-09-10", "DN-1", "X-9", 60, 678.0), (*P200[:3], 2, 576.3), P300
        )
        unit = items.filtered(lambda item: item.code == "uom")
        self._act(unit, "learn")
        ours = items.filtered(lambda item: item.line_ids.part == "P-100")
        (found,) = ours.find_lines("theirs", "x-9")
        self._act(ours, "link", line_ids=[found["id"]], remember=True)
        alias = self.env["rd.part.alias"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertRecordValues(alias, [{"code": "X-9", "source": "learned"}])
        habit = self.env["rd.match.habit"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertRecordValues(
            habit, [{"kind": "unit", "part": "P-200", "factor": 10}]
        )
        self.assertEqual(
            (self.statement.state, self.statement.invoice_ids.ids), ("draft", [])
        )
        (ours | unit).act("reopen")
        self.assertFalse(alias.active or habit.active)

    def test_a_known_part_learns_its_unit_only(self):
        alias = self.env["rd.part.alias"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "code": "X-9",
                "product_id": self.p100.id,
            }
        )
        (item,) = self._differ(("2026-09-10", "DN-1", "X-9", 6, 678.0), P200, P300)
        self.assertEqual(item.code, "uom")
        self._act(item, "learn")
        self.assertEqual((alias.factor, alias.source), (10, "typed"))
        self.assertFalse(item.alias_id)

    def test_a_number_of_another_part_is_not_learned_over(self):
        alias = self.env["rd.part.alias"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "code": "X-9",
                "product_id": self.p200.id,
            }
        )
        items = self._differ(("2026-09-10", "DN-8", "X-9", 60, 678.0), P200, P300)
        ours = items.filtered("line_ids")
        (found,) = ours.find_lines("theirs", "x-9")
        self._act(ours, "link", line_ids=[found["id"]], remember=True)
        self.assertEqual((alias.product_id, alias.factor), (self.p200, 1))
        self.assertFalse(ours.alias_id)

    def test_a_unit_learned_again_is_known_by_its_last_factor(self):
        values = {
            "company_id": self.company.id,
            "partner_id": self.affiliate.id,
            "kind": "unit",
            "part": "P-200",
        }
        habit = self.env["rd.match.habit"].create({**values, "factor": 5})
        self.assertEqual(habit.display_name, "P-200 × 5")
        item = self._differ(P100, (*P200[:3], 2, 576.3), P300)
        item._remember()
        self.assertEqual(habit.factor, 10)
        self.assertFalse(item.habit_ids)

    def test_a_habit_says_something(self):
        values = {"company_id": self.company.id, "partner_id": self.affiliate.id}
        habits = self.env["rd.match.habit"].with_user(self.supervisor)
        for wrong in (
            {"kind": "note_rule"},
            {"kind": "unit", "part": "P-100"},
            {"kind": "unit", "factor": 10},
            {"kind": "cutoff_days", "days": 0},
        ):
            with self.assertRaisesRegex(UserError, "says nothing yet"):
                habits.create({**values, **wrong})
        habit = habits.create({**values, "kind": "note_rule", "prefix": "CN"})
        self.assertEqual(habit.display_name, "CN…")

    def test_tolerances_and_clocks_are_not_below_zero(self):
        tolerance = self.env["rd.match.tolerance"].with_user(self.supervisor)
        tolerance = tolerance.create(
            {"company_id": self.company.id, "partner_id": self.affiliate.id}
        )
        for name in ("tolerance", "percent", "quantity", "days"):
            with self.assertRaisesRegex(UserError, "Northern Works .* below zero"):
                tolerance.write({name: -1})
        rule = self.env["rd.difference.rule"]._get_by_code(self.company)["quantity"]
        for name in ("days", "periods", "escalation_days"):
            with self.assertRaisesRegex(UserError, "“Quantity.*” cannot be below"):
                rule.with_user(self.supervisor).write({name: -1})

    # --- rules and clock ---

    def test_the_salesperson_of_the_order_owns_it_where_the_rule_says_so(self):
        rules = self.env["rd.difference.rule"]._get_by_code(self.company)
        rules["quantity"].role = "salesperson"
        self.order.user_id = self._create_user("salesperson")
        self.assertEqual(self._short().user_id, self.order.user_id)

    def test_every_company_has_its_rules(self):
        new = self.env["res.company"].sudo().create({"name": "New"})
        self.env["rd.difference.rule"].sudo()._ensure_all()
        rules = self.env["rd.difference.rule"].sudo()
        self.assertEqual(
            rules.search_count([("company_id", "=", new.id)]),
            rules.search_count([("company_id", "=", self.company.id)]),
        )

    def test_rules_of_the_company_decide_owner_clock_and_proposal(self):
        rules = self.env["rd.difference.rule"]._get_by_code(self.company)
        rules["quantity"].with_user(self.supervisor).write(
            {"user_id": self.supervisor.id, "days": 0, "proposal": "dispute"}
        )
        item = self._short()
        today = self.company._rd_today()
        self.assertRecordValues(
            item,
            [
                {
                    "user_id": self.supervisor.id,
                    "deadline": today,
                    "proposal": "dispute",
                }
            ],
        )
        self.assertEqual(item.activity_ids.user_id, self.supervisor)
        item.act("keep_ours")
        self.env.invalidate_all()
        self.assertFalse(item.activity_ids)
        with self.assertRaises(AccessError):
            rules["quantity"].with_user(self.clerk).write({"days": 9})

    def test_days_are_those_of_the_company(self):
        """Fails when an evening in UTC, the next morning here, names the day before."""
        moment = "2026-10-01 20:00:00"
        item = self._short()
        item._as_internal().write({"proof_sent_date": moment})
        self.assertIn("2026-10-02", item._get_waits_for())
        habit = self.env["rd.match.habit"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "kind": "cutoff_days",
                "days": 2,
            }
        )
        self.env.cr.execute(
            "UPDATE rd_match_habit SET create_date = %s WHERE id = %s",
            [moment, habit.id],
        )
        habit.invalidate_recordset(["create_date"])
        self.assertIn("2026-10-02", habit._origin_of(habit))

    def test_a_clock_runs_by_the_day_of_its_company(self):
        """Fails when the day of the company that is switched to counts."""
        item = self._short()
        item.deadline = date(2026, 10, 5)
        far = self.env["res.company"].create(
            {"name": "Far", "rd_tz": "Pacific/Honolulu"}
        )
        with freeze_time("2026-10-05 20:00:00"):  # the 6th in Shanghai
            items = self.env["rd.difference"].with_company(far)
            found = items.sudo().search([("late", "=", True)])
        self.assertIn(item, found)

    def test_what_is_learned_stays_with_its_company(self):
        far = self.env["res.company"].create({"name": "Far"})
        values = {"company_id": self.company.id, "partner_id": self.affiliate.id}
        records = (
            self.env["rd.match.habit"].create(
                {**values, "kind": "cutoff_days", "days": 2}
            ),
            self.env["rd.match.tolerance"].create({**values, "tolerance": 1.0}),
        )
        stranger = self.env["res.partner"].create(
            {"name": "Far Works", "company_id": far.id}
        )
        for record in records:
            with self.assertRaisesRegex(UserError, "stays with"):
                record.company_id = far
            with self.assertRaises(UserError), self.env.cr.savepoint():
                record.partner_id = stranger

    def test_reminder_ends_when_the_rest_is_agreed(self):
        item = self._short()
        item.act("dispute", {"user_id": self.supervisor.id, "reason": "Counted twice"})
        self.assertEqual(item.activity_ids.user_id, self.supervisor)
        self.statement.action_agree()
        self.env.invalidate_all()
        self.assertEqual(item.state, "carried")
        self.assertFalse(item.activity_ids)

    def test_carried_too_often_goes_to_the_supervisor(self):
        rules = self.env["rd.difference.rule"]._get_by_code(self.company)
        rules["quantity"].periods = 2
        self._line("P-100")._as_internal().write({"carried_age": 2})
        item = self._short()
        self.assertRecordValues(
            item, [{"age": 2, "role": "supervisor", "proposal": "dispute"}]
        )

    def test_clock_that_runs_out_is_escalated_once(self):
        item = self._short()
        self._run_parted("rd.difference", "_cron_escalate")
        self.assertFalse(item.escalated_date)
        item.deadline = self.company._rd_today() - timedelta(days=9)
        self.assertTrue(item.late)
        self.assertIn(item, self.Desk.search([("late", "=", True)]))
        self._run_parted("rd.difference", "_cron_escalate")
        self._run_parted("rd.difference", "_cron_escalate")
        self.assertEqual(item.escalated_date, self.company._rd_today())
        self.assertEqual(len(item.sudo().activity_ids), 1)

    def test_it_is_escalated_once_and_only_while_it_is_open(self):
        item = self._short()
        item.deadline = self.company._rd_today() - timedelta(days=9)
        item._escalate()
        item._escalate()
        self.assertEqual(len(item.sudo().activity_ids), 1)
        item._as_internal().write({"escalated_date": False})
        item.act("keep_ours")
        item._escalate()
        self.assertFalse(item.escalated_date)
        self.assertFalse(item.sudo().activity_ids)

    def test_late_and_not_late_are_all(self):
        item = self._short()
        item.deadline = self.company._rd_today() - timedelta(days=9)
        own = [("statement_id", "=", self.statement.id)]
        for domain, found in (
            ([("late", "=", True)], True),
            ([("late", "=", False)], False),
            ([("late", "in", [True, False])], True),
            ([("late", "not in", [True, False])], False),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(bool(self.Desk.search(own + domain)), found)

    def test_what_waits_for_approval_is_answered_in_the_list_of_approvals(self):
        self.company.rd_write_off_limit = 1.0
        item = self._short()
        item.act("write_off")
        self.assertEqual(self.statement._who_is_waited_for(), "supervisor")
        waiting = self.env["rd.approval"].search(
            [("res_model", "=", "rd.difference"), ("res_id", "=", item.id)]
        )
        waiting.with_user(self.supervisor).action_refuse("Look again")
        self.assertEqual((waiting.state, item.state), ("refused", "open"))
        self.assertFalse(item.requested_by_id)
        self.assertIn("Look again", item.message_ids[:1].preview)
        self.assertEqual(item._get_actions()[0]["key"], "accept_theirs")

    def test_a_lone_supervisor_is_asked_by_nobody_but_waits(self):
        self.company.rd_write_off_limit = 1.0
        item = self._short()
        group = self.env.ref("rd_sales_admin.rd_sales_admin_group_supervisor")
        others = item._get_supervisors() - self.supervisor
        others.sudo().group_ids = [Command.unlink(group.id)]
        self.assertEqual(item._get_supervisors(), self.supervisor)
        item.with_user(self.supervisor).act("write_off")
        self.assertEqual(item.requested_by_id, self.supervisor)
        self.assertFalse(item.sudo().activity_ids)
        others.sudo().group_ids = [Command.link(group.id)]

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_one_that_fails_keeps_no_other_from_being_escalated(self):
        bad, good = self._differ((*P100[:3], 58, 655.4), (*P200[:3], 19, 547.49), P300)
        (bad | good).write({"deadline": self.company._rd_today() - timedelta(days=9)})
        escalate = type(bad)._escalate

        def fail(item):
            escalate(item)
            if item == bad:
                raise ZeroDivisionError

        with patch.object(type(bad), "_escalate", fail):
            self._run_parted("rd.difference", "_cron_escalate")
        self.assertFalse(bad.escalated_date)
        self.assertEqual(good.escalated_date, self.company._rd_today())

    # --- what the desk shows ---

    def test_row_shows_both_sides_and_one_primary_action(self):
        item = self._short()
        desk = self.Desk.get_desk({"statement_id": self.statement.id})
        self.assertEqual((desk["total"], len(desk["rows"])), (1, 1))
        row = desk["rows"][0]
        self.assertEqual((row["ours_qty"], row["theirs_qty"]), (60, 58))
        self.assertIn(["quantity", "58"], row["theirs"][0]["raw"])
        self.assertEqual(
            [one["key"] for one in row["actions"] if one["primary"]], ["accept_theirs"]
        )
        self.assertEqual(row["rule"], "Same note and part, other quantity")
        slots = {slot["kind"]: slot for slot in row["evidence"]}
        self.assertFalse(slots["receipt"]["present"])
        self.assertIn("DN-1", slots["receipt"]["missing"])
        self.assertEqual(item.get_like(), item.ids)

    def test_progress_and_settled(self):
        item = self._short()
        item.act("keep_ours")
        desk = self.Desk.get_desk({"statement_id": self.statement.id})
        self.assertFalse(desk["rows"])
        self.assertEqual(
            (desk["progress"]["open"], desk["progress"]["settled"]), (0, 1)
        )
        settled = self.Desk.get_desk(
            {"statement_id": self.statement.id, "state": "settled"}
        )
        self.assertTrue(settled["rows"][0]["undo"]["possible"])

    def test_pages_follow_the_groups(self):
        """Every difference stands on one page, in the order of the groups."""
        rows = [("2026-09-10", f"X{n}0{n}", "P-200", n + 1, 5) for n in range(5)]
        self._differ((*P100[:3], 58, 655.4), P200, *rows)
        chosen = {"statement_id": self.statement.id}
        whole = [row["id"] for row in self.Desk.get_desk(chosen)["rows"]]
        pages = [
            row["id"]
            for offset in range(0, len(whole), 2)
            for row in self.Desk.get_desk(chosen, offset, 2)["rows"]
        ]
        self.assertEqual(len(whole), 7)
        self.assertEqual(pages, whole)

    def test_filters(self):
        item = self._short()
        for filters, count in (
            ({"text": "dn-1 p-100"}, 1),
            ({"text": "dn-1 nothing"}, 0),
            ({"mine": True}, int(item.user_id == self.clerk)),
            ({"late": True}, 0),
            ({"approval": True}, 0),
            ({"code": "quantity"}, 1),
            ({"partner_id": self.affiliate.id}, 1),
        ):
            with self.subTest(filters=filters):
                filters = {**filters, "statement_id": self.statement.id}
                self.assertEqual(self.Desk.get_desk(filters)["total"], count)

    def test_act_trusts_nothing(self):
        item = self._short()
        for key, values in (
            ("unlink_all", {}),
            ("_settle_carry", {}),
            ("carry", {"verdict": "confirmed"}),
            ("approve", {}),
            ("link", {"line_ids": [1]}),
            ("split", {"quantity": "many"}),
            ("split", {"quantity": True}),
            ("dispute", {"reason": "x", "deadline": "soon"}),
            ("dispute", {"reason": "x", "user_id": "him"}),
        ):
            with self.subTest(key=key), self.assertRaises(UserError):
                item.act(key, values)
        auditor = self._create_user("auditor")
        self.assertFalse(self.Desk.with_user(auditor).get_desk()["may"]["settle"])
        with self.assertRaises(UserError):
            item.with_user(auditor).act("carry")
        nobody = self.env["res.users"].create({"name": "No desk", "login": "nodesk"})
        with self.assertRaises(AccessError):
            self.Desk.with_user(nobody).get_desk()
        self.assertEqual(item.state, "open")

    def test_several_candidates_are_listed_and_none_is_picked(self):
        items = self._differ(
            ("2026-09-10", "", "P-100", 60, 678.0),
            ("2026-09-10", "", "P-100", 60, 678.0),
            P200,
            P300,
        )
        row = next(row for row in items._prepare_rows() if row["ours"])
        self.assertEqual(len(row["candidates"]), 2)
        self.assertEqual({one["side"] for one in row["candidates"]}, {"theirs"})

    def test_queries_do_not_grow_with_the_differences(self):
        ten, thousand = self._count_queries(10), self._count_queries(1000)
        self.assertLessEqual(thousand, ten + 12, f"{ten} at 10, {thousand} at 1,000")

    def _count_queries(self, count):
        """Queries of the desk with ``count`` differences of one new affiliate."""
        partner = self.env["res.partner"].create(
            {"name": f"Works {count}", "rd_partner_class": "affiliate"}
        )
        order = self._create_order([(self.p100, 5, 10.0)], partner=partner)
        self._deliver(order, {self.p100: 5}, f"W-{count}", date(2026, 9, 10))
        statement = self._build(self.close, partner)
        rows = [("2026-09-10", f"X{n}0{n}", "P-200", n + 1, 5) for n in range(count)]
        self._read_ledger(statement, rows, f"{count}.csv")
        statement.action_match()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        desk = self.Desk.get_desk({"statement_id": statement.id})
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(desk["total"], count + 1)
        self.assertEqual(len(desk["rows"]), min(count + 1, 100))
        return queries
