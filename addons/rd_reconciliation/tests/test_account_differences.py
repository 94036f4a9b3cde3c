# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_account import AccountCase

# Our one line of the statement, as they book it: 10 at 10.00 + 13 %.
LINE = ("2026-09-10", "DN-1", "P-100", 10, 113)


class ComparedCase(AccountCase):
    """September: 500 owed before, 200 paid on the 20th, 113 delivered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge = cls._charge(500, date(2026, 8, 3))
        cls.payment = cls._pay(200, date(2026, 9, 20), memo="BT-0920")

    def _compare(self, *rows, lines=(LINE,), statement=None, **balances):
        """Read their ledger, match, and return the differences of the accounts."""
        statement = statement or self.statement
        payments = [(day, number, "", "", amount) for day, number, amount in rows]
        self._read_account(statement, [*lines, *payments], **balances)
        statement.action_match()
        return statement.difference_ids.filtered("account_section")

    def _proof(self, statement=None):
        return (statement or self.statement)._get_accounts().proof


@tagged("post_install", "-at_install")
class TestAccountDifferences(ComparedCase):
    """Their opening, payments and closing against ours, and what is left of it."""

    # --- what agrees ---

    def test_the_same_account_needs_nobody(self):
        found = self._compare(
            ("2026-09-20", "收款 BT-0920", 200), opening=500, closing=413
        )
        self.assertFalse(found)
        self.assertTrue(self._proof().balanced)
        self.assertFalse(self.statement.difference_count)

    def test_the_raw_cell_is_kept(self):
        self._compare(opening=500, receipts="200.00", closing="413.00 ")
        entries = self.statement.ledger_ids.entry_ids
        self.assertEqual(
            [(entry.kind, entry.amount, entry.cell) for entry in entries],
            [("opening", 500, "E3"), ("receipts", 200, "E4"), ("closing", 413, "E5")],
        )
        self.assertEqual(entries[1].raw, {"receipts": "200.00"})
        with self.assertRaises(UserError):
            entries[0].with_user(self.clerk).unlink()

    def test_a_payment_is_no_line_of_the_ledger(self):
        self._compare(("2026-09-20", "收款 BT-0920", 200))
        ledger = self.statement.ledger_ids
        self.assertEqual(len(ledger.line_ids), 1)
        self.assertEqual(ledger.entry_ids.kind, "payment")
        self.assertEqual(ledger.rows_read, ledger.rows_used + ledger.rows_skipped)

    def test_debts_written_with_a_minus(self):
        self.env["rd.ledger.profile"].create(
            {
                "name": "N",
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "owed_negative": True,
            }
        )
        self.assertFalse(self._compare(opening=-500, receipts=200, closing=-413))

    # --- one difference each ---

    def test_opening(self):
        item = self._compare(opening=480, receipts=200, closing=393)
        self.assertEqual((item.code, item.amount), ("opening", 20))
        self.assertEqual((item.ours_amount, item.theirs_amount), (500, 480))
        self.assertEqual((item.role, item.blocks), ("supervisor", "statement"))
        self.assertTrue(item.blocks_dunning)
        self.assertEqual(item.ledger_entry_ids.cell, "E3")
        self.assertIn("They begin with 480.00", item.reason)
        self.assertTrue(self._proof().balanced)
        with self.assertRaisesRegex(UserError, "cannot be agreed"):
            self.statement.action_agree()

    def test_payment_of_ours_only(self):
        item = self._compare(opening=500, receipts=0, closing=613)
        self.assertEqual((item.code, item.amount), ("payment", 200))
        self.assertEqual((item.role, item.blocks), ("finance", "no"))
        self.assertEqual(item.account_item_ids.move_id, self.payment)
        self.assertTrue(self._proof().balanced)

    def test_payment_of_theirs_only(self):
        item = self._compare(
            ("2026-09-20", "收款 BT-0920", 200),
            ("2026-09-24", "收款 BT-0924", 50),
            opening=500,
            closing=363,
        )
        self.assertEqual((item.code, item.amount), ("payment", -50))
        self.assertEqual(item.ledger_entry_ids.number, "收款 BT-0924")
        self.assertTrue(self._proof().balanced)

    def test_a_payment_in_transit_needs_nobody(self):
        self._pay(50, date(2026, 10, 2))
        found = self._compare(
            ("2026-09-20", "收款 BT-0920", 200),
            ("2026-09-29", "收款 BT-0929", 50),
            opening=500,
            closing=363,
        )
        self.assertFalse(found)
        proof = self._proof()
        self.assertTrue(proof.balanced)
        self.assertEqual(
            {item.code for item in proof.items if item.section == "payment"}, {"timing"}
        )

    def test_payment_booked_under_a_sister(self):
        sister = self.env["res.partner"].create({"name": "Southern Works"})
        entry = self._pay(50, date(2026, 9, 25), sister)
        item = self._compare(
            ("2026-09-20", "收款 BT-0920", 200),
            ("2026-09-24", "收款 BT-0924", 50),
            opening=500,
            closing=363,
        )
        self.assertEqual((item.code, item.sister_id), ("party", sister))
        self.assertEqual(item.account_item_ids.move_id, entry)
        self.assertIn("Southern Works", item.reason)

    def test_opening_that_holds_the_balance_of_a_sister(self):
        sister = self.env["res.partner"].create({"name": "Southern Works"})
        self._charge(70, date(2026, 8, 9), sister)
        item = self._compare(opening=570, receipts=200, closing=483)
        self.assertEqual((item.code, item.sister_id), ("party", sister))

    def test_openings_that_mirror_each_other(self):
        sister = self.env["res.partner"].create(
            {"name": "Southern Works", "rd_partner_class": "affiliate"}
        )
        other = self._state(sister, "DN-2", self.close)
        self._charge(90, date(2026, 8, 9), sister)
        line = ("2026-09-10", "DN-2", "P-100", 10, 113)
        first = self._compare(
            statement=other, lines=[line], opening=110, receipts=0, closing=223
        )
        self.assertEqual(first.code, "opening")
        item = self._compare(opening=480, receipts=200, closing=393)
        self.assertEqual((item.code, item.sister_id), ("party", sister))

    def test_invoices_on_the_basis_of_invoices(self):
        self.env["rd.ledger.profile"].create(
            {
                "name": "I",
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "balance_basis": "invoiced",
            }
        )
        self._charge(80, date(2026, 9, 5))
        item = self._compare(opening=500, increase=0, receipts=200, closing=300)
        self.assertEqual((item.code, item.amount), ("invoiced_not_received", 80))
        proof = self._proof()
        self.assertTrue(proof.balanced)
        # Both sides add what was delivered and is on no invoice yet.
        stated = {
            part.side: part.amount for part in proof.items if part.section == "stated"
        }
        self.assertEqual(stated, {"ours": 113, "theirs": 113})
        opened = [
            self.statement.action_view_account(part["key"])["res_model"]
            for side in self.statement.account_view["sides"]
            for part in side["items"]
        ]
        self.assertIn("rd.ledger.line", opened)
        self.assertIn("account.move.line", opened)
        self.statement.action_agree()
        self.assertEqual(self.statement.known_gap, 80)

    def test_their_invoice_that_we_do_not_have(self):
        self.env["rd.ledger.profile"].create(
            {
                "name": "I",
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "balance_basis": "invoiced",
            }
        )
        item = self._compare(opening=500, increase=60, receipts=200, closing=360)
        self.assertEqual((item.code, item.amount), ("received_not_invoiced", -60))
        self.assertEqual((item.role, item.blocks), ("us", "no"))
        self.assertTrue(self._proof().balanced)

    # --- the proof ---

    def test_what_nothing_explains_is_said(self):
        self.unexplained = True
        found = self._compare(opening=500, increase=113, receipts=200, closing=420)
        self.assertFalse(found)
        proof = self._proof()
        self.assertFalse(proof.balanced)
        self.assertEqual(proof.unexplained, -7)

    def test_lines_that_differ_are_items(self):
        short = ("2026-09-10", "DN-1", "P-100", 8, 90.4)
        self._compare(lines=[short], opening=500, receipts=200, closing=390.4)
        (item,) = (part for part in self._proof().items if part.section == "line")
        self.assertEqual((item.code, float(item.amount)), ("quantity", 22.6))
        self.assertTrue(self._proof().balanced)

    def test_shipped_and_not_invoiced_is_a_line_of_its_own(self):
        self._compare(opening=500, receipts=200, closing=413)
        proof = self._proof()
        self.assertEqual((proof.ours, proof.theirs), (300, 413))
        (item,) = proof.items
        self.assertEqual(
            (item.section, item.side, item.amount), ("stated", "ours", 113)
        )

    def test_next_month_begins_with_what_was_known(self):
        self._compare(opening=500, receipts=0, closing=613)
        self.statement.action_agree()
        self.statement.action_invoice()
        self.statement.action_post()
        october = self._open_close(date(2026, 10, 1))
        statement = self._state(
            self.affiliate, "DN-9", october, quantity=1, day=date(2026, 10, 8)
        )
        self._pay(30, date(2026, 10, 5))
        line = ("2026-10-08", "DN-9", "P-100", 1, 11.3)
        found = self._compare(
            statement=statement,
            lines=[line],
            opening=613,
            receipts=230,
            closing=394.3,
            filename="october.csv",
        )
        # They book the 200 now: the opening is no news, the payments are.
        self.assertEqual(found.mapped("code"), ["payment"])
        proof = self._proof(statement)
        self.assertTrue(proof.balanced)
        self.assertIn("brought", {item.section for item in proof.items})

    def test_balances_without_rows_are_compared_all_the_same(self):
        found = self._compare(lines=(), opening=480, closing=393)
        self.assertEqual(found.mapped("code"), ["opening"])
        self.assertFalse(self.statement.ledger_ids.line_ids)
        self.assertTrue(self._proof().balanced)

    def test_next_month_before_this_one_is_agreed(self):
        """Fails when what is known of a month still open cannot be reckoned with."""
        self._compare(opening=480, receipts=200, closing=393)
        october = self._open_close(date(2026, 10, 1))
        statement = self._state(
            self.affiliate, "DN-9", october, quantity=1, day=date(2026, 10, 8)
        )
        found = self._compare(
            statement=statement,
            lines=[("2026-10-08", "DN-9", "P-100", 1, 11.3)],
            opening=393,
            closing=404.3,
        )
        self.assertFalse(found, "the 20 are asked about in September")
        proof = self._proof(statement)
        self.assertTrue(proof.balanced)
        self.assertIn("brought", {item.section for item in proof.items})

    def test_amounts_without_tax_are_weighed_as_ours(self):
        self.env["rd.ledger.profile"].create(
            {
                "name": "N",
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "tax_basis": "excluded",
            }
        )
        text = "\n".join(
            (
                "送货日期,送货单号,料号,数量,不含税金额",
                "2026-09-10,DN-1,P-100,8,80",
                "期末余额,,,,390.4",
            )
        )
        self.env["rd.ledger"].create(
            {
                "statement_id": self.statement.id,
                "file": base64.b64encode(text.encode()),
                "filename": "net.csv",
            }
        )
        self.statement.action_match()
        (item,) = (part for part in self._proof().items if part.section == "line")
        self.assertEqual((item.code, float(item.amount)), ("quantity", 22.6))

    def test_a_ledger_without_balances_is_proved_by_its_lines(self):
        self._read_ledger(self.statement, [("2026-09-10", "DN-1", "P-100", 8, 90.4)])
        self.statement.action_match()
        accounts = self.statement._get_accounts()
        self.assertEqual(accounts.basis, "period")
        self.assertTrue(accounts.proof.balanced)
        self.assertEqual(float(accounts.proof.theirs), 90.4)


@tagged("post_install", "-at_install")
class TestAccountDesk(ComparedCase):
    """What a person does about a difference of the accounts."""

    def _paid(self):
        """Their payment of 50 that we have not received."""
        item = self._compare(
            ("2026-09-20", "收款 BT-0920", 200),
            ("2026-09-24", "收款 BT-0924", 50),
            opening=500,
            closing=363,
        )
        return item.with_user(self.clerk)

    def _keys(self, item):
        return [action["key"] for action in item._get_actions()]

    def test_the_desk_shows_both_sides_and_the_evidence(self):
        item = self._paid()
        desk = self.env["rd.difference"].with_user(self.clerk).get_desk()
        self.assertEqual([group["code"] for group in desk["groups"]], ["payment"])
        (row,) = desk["rows"]
        self.assertEqual(row["id"], item.id)
        self.assertEqual(row["rule"], "Payment in their books only")
        self.assertEqual(row["theirs"][0]["amount"], 50)
        self.assertFalse(row["ours"])
        slots = {slot["kind"]: slot["present"] for slot in row["evidence"]}
        self.assertEqual(slots, {"entry": False, "cell": True, "word": False})

    def test_finance_is_told_and_asked(self):
        finance = self._create_user("finance")
        item = self._paid()
        self.assertEqual(item.user_id, finance)
        self.assertEqual(self._keys(item)[0], "ask_finance")
        answer = item.act("ask_finance", {"reason": "Did the 50 come in?"})
        self.assertEqual(answer["open"], item.ids)
        notes = item.activity_ids.filtered("note").mapped("note")
        self.assertIn("Did the 50 come in?", "".join(notes))
        self.assertEqual(item.activity_ids.user_id, finance)
        self.assertIn("answers next", answer["message"])
        self.assertEqual(self._keys(item)[0], "found")

    def test_the_entry_of_the_rest_is_found_under_another_name(self):
        """Fails when 300.30 − 100.10 is looked for as 200.20000000000002."""
        item = self._paid()
        item._as_internal().write({"theirs_amount": 300.3, "ours_amount": 100.1})
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        entry = self._pay(200.2, date(2026, 9, 24), partner=other)
        shown = item.find_lines("ours")
        self.assertIn(
            entry.line_ids.filtered("credit").id, [one["id"] for one in shown]
        )

    def test_found_names_the_entry(self):
        item = self._paid()
        entry = self._pay(50, date(2026, 10, 20))
        line = entry.line_ids.filtered("credit")
        shown = item.find_lines("ours")[0]
        self.assertEqual((shown["id"], shown["amount"]), (line.id, 50))
        item.act("found", {"line_ids": line.ids})
        self.assertEqual((item.state, item.account_item_ids), ("explained", line))
        self.assertIn(entry.name, item.evidence)

    def test_found_takes_one_receivable_entry_of_the_company(self):
        item = self._paid()
        bank = self.payment.line_ids.filtered("debit")
        for wrong in ([], bank.ids, [bank.id, self.payment.line_ids[0].id], "x", [0]):
            with self.assertRaisesRegex(UserError, "Choose the one entry"):
                item.action_found(wrong)

    def test_found_once_booked_by_itself(self):
        item = self._paid()
        self._pay(50, date(2026, 9, 25))
        self.statement.action_match()
        self.assertFalse(item.exists())
        self.assertFalse(self.statement.difference_ids)

    def test_explaining_needs_evidence(self):
        item = self._paid()
        with self.assertRaisesRegex(UserError, "Give the reason"):
            item.action_explain()
        item.action_explain("Netted against their invoice 77")
        self.assertEqual(item.state, "explained")

    def test_what_is_settled_is_not_settled_again(self):
        item = self._paid()
        item.action_explain("Netted against their invoice 77")
        with self.assertRaisesRegex(UserError, "is already settled"):
            item.action_explain("Once more")
        with self.assertRaisesRegex(UserError, "is already settled"):
            item.action_transfer("Once more")
        self.assertEqual(item.evidence, "Netted against their invoice 77")

    def test_the_rule_names_its_owner(self):
        rules = self.env["rd.difference.rule"]._get_by_code(self.company)
        rules["payment"].user_id = self.supervisor
        self.assertEqual(self._paid().user_id, self.supervisor)

    def test_a_settled_payment_leaves_a_short_line_open(self):
        found = self._compare(
            ("2026-09-20", "收款 BT-0920", 200),
            ("2026-09-24", "收款 BT-0924", 50),
            lines=[("2026-09-10", "DN-1", "P-100", 8, 90.4)],
            opening=500,
            closing=340.4,
        )
        found.with_user(self.clerk).action_explain("Netted against invoice 77")
        self.assertEqual(found.state, "explained")
        self.assertEqual(self.statement._get_holding_differences().code, "quantity")

    def test_one_tap_does_what_is_proposed(self):
        finance = self._create_user("finance")
        sister = self.env["res.partner"].create({"name": "Southern Works"})
        self._pay(50, date(2026, 9, 25), sister)
        transfer = self._paid()
        with self.assertRaisesRegex(UserError, "Give the reason"):
            transfer.action_settle()
        transfer.evidence = "Belongs to Northern Works"
        transfer.action_settle()
        self.assertEqual(transfer.state, "agreed")
        self.assertEqual(transfer.activity_ids.user_id, finance)

    def test_one_tap_asks_who_is_proposed(self):
        rules = self.env["rd.difference.rule"]._get_by_code(self.company)
        self.assertEqual(rules["payment"].proposal, "ask_finance")
        finance = self._create_user("finance")
        paid = self._paid()
        paid.action_settle()
        self.assertRecordValues(
            paid, [{"state": "open", "role": "finance", "user_id": finance.id}]
        )

    def test_one_tap_has_the_month_before_checked(self):
        rules = self.env["rd.difference.rule"]._get_by_code(self.company)
        rules["payment"].proposal = "check_before"
        paid = self._paid()
        paid.action_settle()
        self.assertEqual((paid.role, paid.state), ("supervisor", "open"))
        self.assertIn(paid.user_id, self.statement.activity_ids.user_id)

    def test_a_question_nobody_is_there_for_plans_no_task(self):
        item = self._paid()
        self.assertFalse(item._get_people("finance", self.company))
        item.user_id = False
        item.action_ask_finance("Did the 50 come in?")
        self.assertEqual((item.role, item.state), ("finance", "open"))
        self.assertFalse(item.user_id or item.activity_ids)

    def test_a_new_match_keeps_what_people_decided(self):
        item = self._paid()
        item.action_explain("Netted against their invoice 77")
        self.statement.action_match()
        self.assertEqual(item.state, "explained")
        self.assertEqual(
            self.statement.difference_ids, item.sudo(False).with_user(self.env.user)
        )
        item.action_reopen()
        self.assertEqual(item.state, "open")

    def test_what_was_asked_for_ends_when_it_is_booked(self):
        item = self._paid()
        item.act("ask_finance")
        self._pay(50, date(2026, 9, 25))
        self.statement.action_match()
        self.assertEqual(item.state, "agreed")
        self.assertFalse(item.activity_ids)

    def test_it_is_settled_when_the_statement_is_agreed(self):
        item = self._paid()
        self.assertFalse(self.statement._get_holding_differences())
        self.statement.action_agree()
        self.assertEqual(item.state, "open")
        total = self.statement.amount_total
        item.act("carry")
        self.assertEqual((item.state, self.statement.amount_total), ("carried", total))
        item.act("reopen")
        self.assertEqual(item.state, "open")

    def test_dispute(self):
        item = self._paid()
        item.act("dispute", {"reason": "No such receipt", "user_id": self.clerk.id})
        self.assertEqual(item.dispute_reason, "No such receipt")
        self.statement.action_match()
        self.assertTrue(item.exists())

    def test_opening_goes_to_the_closing_before(self):
        item = self._compare(opening=480, receipts=200, closing=393)
        item = item.with_user(self.clerk)
        group = "rd_sales_admin.rd_sales_admin_group_supervisor"
        self.assertTrue(item.user_id.has_group(group))
        self.assertEqual(
            self._keys(item), ["check_before", "explain", "ask_finance", "dispute"]
        )
        item.act("check_before", {"reason": "Who changed August?"})
        task = self.statement.activity_ids
        self.assertEqual(task.user_id, item.user_id)
        self.assertIn("Who changed August?", task.note)
        item.act("explain", {"reason": "Credit note 12 of August"})
        self.statement.action_agree()

    def test_transfer_leaves_a_note_for_finance(self):
        finance = self._create_user("finance")
        sister = self.env["res.partner"].create({"name": "Southern Works"})
        self._pay(50, date(2026, 9, 25), sister)
        item = self._paid()
        self.assertEqual(self._keys(item)[0], "transfer")
        item.act("transfer", {"reason": "Belongs to Northern Works"})
        self.assertEqual(item.state, "agreed")
        self.assertEqual(item.activity_ids.user_id, finance)
        self.assertIn("Southern Works", item.activity_ids.summary)

    def test_actions_of_accounts_fit_accounts_only(self):
        self._read_ledger(self.statement, [("2026-09-10", "DN-1", "P-100", 8, 90.4)])
        self.statement.action_match()
        item = self.statement.difference_ids.with_user(self.clerk)
        for call in ("action_ask_finance", "action_check_before", "action_transfer"):
            with self.assertRaisesRegex(UserError, "not the account"):
                getattr(item, call)()
        with self.assertRaisesRegex(UserError, "not the account"):
            item.action_found([1])

    def test_actions_of_lines_do_not_fit_accounts(self):
        item = self._paid()
        for call, values in (
            ("action_link", [[1]]),
            ("action_credit", []),
            ("action_keep_ours", []),
            ("action_accept_theirs", []),
            ("action_write_off", []),
            ("action_split", [1]),
            ("action_return", []),
            ("action_wait_price", []),
            ("action_correct_price", []),
            ("action_learn", []),
            ("action_unlink", []),
        ):
            with self.subTest(call=call), self.assertRaises(UserError):
                getattr(item, call)(*values)
        self.assertEqual(item.state, "open")

    def test_whoever_only_reads_settles_nothing(self):
        item = self._paid()
        auditor = self._create_user("auditor")
        for call in ("action_ask_finance", "action_explain", "action_carry"):
            with self.assertRaises(AccessError):
                getattr(item.with_user(auditor), call)()


@tagged("post_install", "-at_install")
class TestAccountView(ComparedCase):
    """The page of the statement: figures, proof, and what each of them opens."""

    def _view(self, **balances):
        self._compare(("2026-09-20", "收款 BT-0920", 200), **balances)
        return self.statement.with_user(self.clerk).account_view

    def _opened(self, key):
        action = self.statement.with_user(self.clerk).action_view_account(key)
        return self.env[action["res_model"]].search(action["domain"])

    def test_balances_of_both_sides(self):
        view = self._view(opening=480, closing=393)
        rows = {row["key"]: row for row in view["balances"]}
        self.assertEqual(
            {key: (row["ours"], row["theirs"]) for key, row in rows.items()},
            {
                "opening": (500, 480),
                "increase": (113, 113),
                "receipts": (200, 200),
                "closing": (413, 393),
            },
        )
        self.assertEqual(rows["opening"]["difference"], 20)
        self.assertEqual(rows["opening"]["cell"], "account.csv E4")
        self.assertTrue(view["balanced"])
        self.assertEqual(view["sides"][0]["adjusted"], view["sides"][1]["adjusted"])

    def test_what_is_not_explained_is_said(self):
        self.unexplained = True
        view = self._view(opening=500, increase=113, closing=420)
        self.assertEqual((view["balanced"], view["unexplained"]), (False, -7))
        self.assertFalse(self.statement.account_balanced)

    def test_without_a_ledger_there_is_no_proof(self):
        view = self.statement.account_view
        self.assertEqual((view["proved"], view["stated"]), (False, False))
        self.assertFalse(self.statement.account_balanced)
        self.assertEqual(view["balances"][3]["ours"], 413)
        self.assertIsNone(view["balances"][3]["theirs"])

    def test_before_it_is_compared_nothing_has_a_reason(self):
        """Fails when a ledger that was only read passes for one that was compared."""
        self._read_account(self.statement, [LINE])
        self.assertFalse(self.statement.account_view["compared"])
        self.statement.action_match()
        self.assertTrue(self.statement.account_view["compared"])

    def test_every_figure_opens_its_rows(self):
        view = self._view(opening=480, closing=393)
        self.assertEqual(self._opened("ours_opening").move_id, self.charge)
        self.assertEqual(self._opened("ours_receipts").move_id, self.payment)
        self.assertFalse(self._opened("ours_increase"))
        self.assertEqual(len(self._opened("ours_closing")), 2)
        self.assertEqual(self._opened("theirs_opening").amount, 480)
        self.assertEqual(self._opened("theirs_receipts").kind, "payment")
        for side in view["sides"]:
            for item in side["items"]:
                self.assertTrue(self._opened(item["key"]), item)

    def _count_view(self, lines):
        """Queries of the view of a statement of so many lines, each of them short."""
        partner = self.env["res.partner"].create(
            {"name": f"Works {lines}", "rd_partner_class": "affiliate"}
        )
        for number in range(lines):
            order = self._create_order([(self.p100, 10, 10.0)], partner=partner)
            note = f"N{lines:03}-{number:03}"
            self._deliver(order, {self.p100: 10}, note, date(2026, 9, 10))
        statement = self._build(self.close, partner)
        rows = [
            ("2026-09-10", f"N{lines:03}-{number:03}", "P-100", 8, 90.4)
            for number in range(lines)
        ]
        self._read_account(statement, rows, opening=0, closing=lines * 90.4)
        statement.action_match()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        view = statement.account_view
        self.assertEqual(len(view["sides"][1]["items"]), lines)
        self.assertTrue(view["balanced"])
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_lines(self):
        self._count_view(2)
        self.assertLessEqual(self._count_view(20), self._count_view(3) + 2)

    def test_what_is_no_statement_yet_has_no_balances(self):
        new = self.env["rd.statement"].new({"currency_id": self.company.currency_id.id})
        (found,) = new._get_account_balances().values()
        self.assertFalse(any(found.values()))

    def test_each_side_of_the_proof_opens_what_it_is_about(self):
        """A short line, a row of theirs only, a payment of theirs only."""
        self._compare(
            ("2026-09-20", "收款 BT-0920", 200),
            ("2026-09-24", "收款 BT-0924", 50),
            lines=[
                ("2026-09-10", "DN-1", "P-100", 8, 90.4),
                ("2026-09-11", "XX-9", "P-900", 1, 5),
            ],
            opening=500,
            closing=345.4,
        )
        view = self.statement.account_view
        items = [item for side in view["sides"] for item in side["items"]]
        opened = {
            item["what"] or item["code"]: self._opened(item["key"]) for item in items
        }
        self.assertEqual(opened["DN-1 P-100"], self.statement.line_ids)
        self.assertEqual(opened["XX-9"]._name, "rd.ledger.line")
        self.assertEqual(opened["XX-9"].note, "XX-9")
        self.assertEqual(opened["payment"].amount, 50)

    def test_what_was_brought_opens_the_month_before(self):
        self._compare(("2026-09-20", "收款 BT-0920", 200), opening=480, closing=393)
        october = self._open_close(date(2026, 10, 1))
        order = self._create_order([(self.p100, 10, 10.0)])
        self._deliver(order, {self.p100: 10}, "DN-2", date(2026, 10, 10))
        following = self._build(october)
        self._compare(
            lines=[("2026-10-10", "DN-2", "P-100", 10, 113)],
            statement=following,
            opening=393,
            closing=506,
        )
        view = following.account_view
        items = [item for side in view["sides"] for item in side["items"]]
        (brought,) = [i for i in items if i["what"] == self.statement.name]
        action = following.with_user(self.clerk).action_view_account(brought["key"])
        self.assertEqual(action["res_id"], self.statement.id)
        stated = following.with_user(self.clerk)
        opened = {i["key"]: stated.action_view_account(i["key"]) for i in items}
        self.assertTrue(all(opened.values()))

    def test_the_workbook_bears_the_account(self):
        self.unexplained = True
        self._view(opening=500, increase=113, closing=420)
        (sheet,) = load_workbook(BytesIO(self.statement._render_workbook()))
        rows = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.rows}
        self.assertIn("Reconciliation of the balances", rows)
        self.assertEqual(
            [value for value in rows["Opening balance"] if value is not None][:2],
            [500, 500],
        )
        said = [text for text in rows if str(text).startswith("Not explained")]
        self.assertIn("7", said[0])

    def test_the_workbook_leaves_open_what_they_do_not_state(self):
        self.unexplained = True
        self._compare(closing=413)
        (sheet,) = load_workbook(BytesIO(self.statement._render_workbook()))
        rows = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.rows}
        figures = [value for value in rows["Opening balance"] if value is not None]
        self.assertEqual(figures, [500])

    def test_no_such_figure(self):
        for key in (
            "item_99",
            "item_x",
            "ours_name",
            "theirs_id",
            "",
            None,
            "x_opening",
        ):
            with self.assertRaisesRegex(UserError, "no such figure"):
                self.statement.action_view_account(key)

    def test_it_is_printed_once_they_state_a_closing(self):
        self.assertFalse(self.statement._prepare_print_data()["account"])
        self._view(opening=480, closing=393)
        account = self.statement._prepare_print_data()["account"]
        self.assertEqual(account["balances"][0][1:], [500, 480, 20])
        self.assertEqual(
            account["sides"][0]["total"][1], account["sides"][1]["total"][1]
        )
