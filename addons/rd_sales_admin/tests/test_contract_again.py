# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .contract import EACH, USUAL
from .test_contract_stage import DAY, StageCase

LATE = (("Deposit", 60, "signature", 10, 100, "signature"),) + (
    ("Acceptance", 30, "handover", 10, 0, "handover"),
    ("Retention", 10, "warranty_end", 0, 0, "warranty_end"),
)


@tagged("post_install", "-at_install")
class TestContractAgain(StageCase):
    """A stage whose invoice is gone is invoiced again, exactly once."""

    def test_a_full_credit_note_reopens_the_stage_once(self):
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        stage = self._stage(contract, "Deposit")
        line, move = order.order_line, self._get_moves(order)
        with self.assertRaisesRegex(UserError, "nothing is to be invoiced again"):
            stage.with_user(self.clerk).action_invoice_again()
        move.action_post()
        self._credit(move)
        self.assertEqual(line.qty_invoiced, 0.0)
        self.assertTrue(stage.invoice_gone)
        self.assertEqual(stage.covered_amount, 0.0)
        found = self.env["rd.contract.stage"].search([("invoice_gone", "=", True)])
        self.assertIn(stage, found)
        stage.with_user(self.clerk).action_invoice_again()
        anew = self._get_moves(order).filtered(lambda one: one.state == "draft")
        self.assertEqual(anew.amount_untaxed, move.amount_untaxed)
        self.assertFalse(stage.invoice_gone)
        with self.assertRaisesRegex(UserError, "nothing is to be invoiced again"):
            stage.with_user(self.clerk).action_invoice_again()
        anew.action_post()
        self.assertAlmostEqual(line.qty_invoiced, 0.3)
        self._credit(anew)
        self.assertTrue(stage.invoice_gone)

    def test_two_credit_notes_that_come_to_the_whole(self):
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        move.action_post()
        for price, gone in ((100.0, False), (200.0, True)):
            credit = self._credit(move, post=False)
            credit.invoice_line_ids.price_unit = price
            credit.action_post()
            contract.stage_ids.invalidate_recordset()
            self.assertEqual(self._stage(contract, "Deposit").invoice_gone, gone)

    def test_a_note_on_the_invoice_keeps_no_stage_closed(self):
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        note = {"display_type": "line_note", "name": "Thank you"}
        move.invoice_line_ids = [Command.create(note)]
        move.action_post()
        self._credit(move)
        self.assertTrue(self._stage(contract, "Deposit").invoice_gone)

    def test_stages_are_found_by_whether_their_invoice_is_gone(self):
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        move.action_post()
        self._credit(move)
        deposit = self._stage(contract, "Deposit")
        stages = contract.stage_ids
        for value, found in (
            (("=", True), deposit),
            (("=", False), stages - deposit),
            (("in", [True, False]), stages),
        ):
            with self.subTest(value=value):
                domain = [("invoice_gone", *value), ("id", "in", stages.ids)]
                own = self.env["rd.contract.stage"].with_user(self.clerk)
                self.assertEqual(own.search(domain), found)

    def test_one_credit_note_pays_what_the_other_need_not(self):
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        for name in ("Deposit", "Dispatch"):
            self._pay(self._stage(contract, name), 339.0)
        self._trigger("dispatch", order.order_line)
        moves = self._get_moves(order)
        moves.action_post()
        credits_ = self.env["account.move"].union(*map(self._credit, moves))
        claims = contract.sudo()._get_credit_claims()
        self.assertEqual(claims.move_id, credits_)
        stage = self._stage(contract, "Deposit")
        stage.with_user(self.clerk).action_invoice_again()
        anew = stage.line_ids._get_items().move_id
        anew.action_post()
        self.assertEqual(anew.amount_residual, 0.0)
        self.assertEqual(sum(claims.mapped("amount_residual")), -339.0)

    def test_the_credit_note_taken_back(self):
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        stage, move = self._stage(contract, "Deposit"), self._get_moves(order)
        move.action_post()
        credit = self._credit(move)
        with self.assertRaisesRegex(UserError, "take that credit note back"):
            move.button_draft()
        credit.button_draft()
        self.assertFalse(stage.invoice_gone)
        self.assertEqual(stage.line_ids._get_items().move_id, move)
        credit.action_post()
        stage.with_user(self.clerk).action_invoice_again()
        with self.assertRaisesRegex(UserError, "invoiced anew"):
            credit.button_draft()
        self.assertEqual(len(stage.line_ids._get_items()), 1)

    def test_odoos_own_way_to_invoice_anew_is_closed(self):
        _contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        move.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id})
        )
        with self.assertRaisesRegex(UserError, "stages of its contract only"):
            with self.env.cr.savepoint():
                wizard.modify_moves()
        self.assertEqual(self._get_moves(order), move)

    def test_cancelled_and_deleted(self):
        contract, order = self._begin(EACH, [(self.equipment, 1, 1000.0)])
        stage = self._stage(contract, "Deposit")
        old = self._get_moves(order)
        old.button_cancel()
        stage.with_user(self.clerk).action_invoice_again()
        with self.assertRaisesRegex(UserError, "cancel that one first"):
            old.button_draft()
        (self._get_moves(order) - old).unlink()
        self.assertTrue(stage.invoice_gone)
        stage.with_user(self.clerk).action_invoice_again()
        self.assertEqual(len(stage.line_ids._get_items()), 1)

    def test_only_the_desk(self):
        contract, order = self._begin(EACH)
        self._get_moves(order).button_cancel()
        for user in (self.auditor, self.finance, self.signer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._rpc(
                    user,
                    "rd.contract.stage",
                    "action_invoice_again",
                    contract.stage_ids[:1].ids,
                )
        item = self._get_moves(order).invoice_line_ids
        with self.assertRaisesRegex(UserError, "not by hand"):
            self._rpc(
                self.finance,
                "account.move.line",
                "write",
                item.ids,
                {"rd_former_stage_line_id": item.rd_stage_line_id.id},
            )

    def test_what_was_paid_pays_the_new_invoice(self):
        contract, order = self._begin(USUAL, [(self.equipment, 1, 1000.0)])
        self._pay(self._stage(contract, "Deposit"), 339.0)
        self._trigger("handover", order.order_line)
        move = self._get_moves(order)
        move.action_post()
        self.assertEqual(contract.amount_paid, 339.0)
        self._credit(move)
        contract.stage_ids.invalidate_recordset()
        self.assertTrue(self._stage(contract, "Deposit").settled)
        stage = self._stage(contract, "Acceptance")
        stage.with_user(self.clerk).action_invoice_again()
        anew = stage.line_ids._get_items().move_id
        anew.action_post()
        self.assertEqual(anew.amount_residual, 791.0)


@tagged("post_install", "-at_install")
class TestContractDue(StageCase):
    """What waits for a trigger falls due when it comes, whenever that is."""

    def _claims(self, move):
        return {
            claim.rd_due_stage_id.name: claim
            for claim in move.line_ids
            if claim.display_type == "payment_term"
        }

    def test_a_late_trigger_moves_the_due_date(self):
        contract, order = self._begin(LATE, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        with freeze_time("2026-09-02 04:00:00"):
            move.action_post()
        claims = self._claims(move)
        self.assertEqual(claims["Deposit"].date_maturity, date(2026, 9, 11))
        self.assertEqual(claims["Acceptance"].balance, 339.0)
        with freeze_time("2026-12-01 04:00:00"):
            self._trigger("handover", order.order_line, date(2026, 11, 30))
        self.assertEqual(claims["Acceptance"].date_maturity, date(2026, 12, 10))
        self.assertEqual(claims["Retention"].date_maturity, date(2027, 11, 30))
        self.assertEqual(claims["Deposit"].date_maturity, date(2026, 9, 11))
        self.assertEqual(move.invoice_date_due, date(2027, 11, 30))
        self.assertIn("instead of", move.message_ids[0].body)
        self.assertEqual(len(self._claims(move)), 3)
        self.assertEqual(move.amount_residual, 1130.0)
        # again, nothing moves
        contract._move_maturities()
        self.assertEqual(claims["Acceptance"].date_maturity, date(2026, 12, 10))

    def test_a_draft_follows_too_and_stays_whole(self):
        _contract, order = self._begin(LATE, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        self._trigger("handover", order.order_line, date(2026, 11, 30))
        move.narration = "changed by a person"
        move.action_post()
        claims = self._claims(move)
        self.assertEqual(claims["Acceptance"].date_maturity, date(2026, 12, 10))
        self.assertEqual(sum(one.balance for one in claims.values()), 1130.0)

    def test_what_is_not_reached_is_never_overdue(self):
        contract, order = self._begin(LATE, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        with freeze_time("2026-09-02 04:00:00"):
            move.action_post()
        claim = self._claims(move)["Acceptance"]
        first = claim.date_maturity
        with freeze_time("2026-09-05 04:00:00"):
            self._run_parted("rd.contract")
        self.assertEqual(claim.date_maturity, first)
        with freeze_time("2027-03-01 04:00:00"):
            self._run_parted("rd.contract")
            self.assertGreaterEqual(claim.date_maturity, date(2027, 3, 1))
            self.assertEqual(
                self._claims(move)["Deposit"].date_maturity, date(2026, 9, 11)
            )
        self.assertEqual(self._stage(contract, "Acceptance").progress, "waiting")

    def test_what_is_paid_keeps_its_day(self):
        contract, order = self._begin(LATE, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        move.action_post()
        claim = self._claims(move)["Acceptance"]
        before = claim.date_maturity
        payment = self._pay(self._stage(contract, "Acceptance"), 1130.0)
        move.js_assign_outstanding_line(payment._rd_get_claims().id)
        self._trigger("handover", order.order_line, date(2027, 1, 30))
        self.assertEqual(claim.date_maturity, before)

    def test_due_days_go_over_to_the_next_version(self):
        contract, order = self._begin(LATE, [(self.equipment, 1, 1000.0)])
        move = self._get_moves(order)
        move.action_post()
        later = self.env["rd.contract"].browse(
            contract.with_user(self.clerk).action_amend()["res_id"]
        )
        self._sign(later)
        self._trigger("handover", order.order_line, date(2026, 11, 30))
        claim = self._claims(move)["Acceptance"]
        self.assertEqual(claim.rd_due_stage_id.contract_id, later)
        self.assertEqual(claim.date_maturity, date(2026, 12, 10))

    def test_due_stage_is_not_written_from_outside(self):
        contract, _order = self._begin(LATE, [(self.equipment, 1, 1000.0)])
        other = self._create_order([(self.equipment, 1, 10.0)], partner=self.customer)
        other.order_line.qty_delivered = 1
        item = other._create_invoices().line_ids[:1]
        with self.assertRaisesRegex(UserError, "come from its plan"):
            self._rpc(
                self.finance,
                "account.move.line",
                "write",
                item.ids,
                {"rd_due_stage_id": contract.stage_ids[0].id},
            )
        item.with_user(self.finance).write({"rd_due_stage_id": False, "name": "Plain"})
        self.assertEqual(item.name, "Plain")
        row = {
            "name": "By hand",
            "price_unit": 1.0,
            "rd_due_stage_id": contract.stage_ids[0].id,
        }
        add = {"invoice_line_ids": [Command.create(row)]}
        with self.assertRaisesRegex(UserError, "come from its plan"):
            self._rpc(self.finance, "account.move", "write", item.move_id.ids, add)
        self.assertNotIn("By hand", item.move_id.invoice_line_ids.mapped("name"))


@tagged("post_install", "-at_install")
class TestContractNote(StageCase):
    """By hand is noted what does not come by itself; the rest needs a reason."""

    def test_goods_are_dispatched_by_their_delivery(self):
        plan = [("All", 100, "dispatch", 5, 100, "dispatch")]
        contract, _order = self._begin(plan, [(self.p100, 5, 10.0)])
        stage = contract.stage_ids
        with self.assertRaisesRegex(UserError, "by its deliveries; only a supervisor"):
            stage.with_user(self.clerk).action_record_reached("by phone")
        with self.assertRaisesRegex(UserError, "with a reason"):
            stage.with_user(self.supervisor).action_record_reached()
        self.assertFalse(stage.due_reached)
        stage.with_user(self.supervisor).action_record_reached("sent by courier", DAY)
        self.assertEqual(stage.due_reached, DAY)
        said = "".join(contract.message_ids.mapped("body"))
        self.assertIn("sent by courier", said)

    def test_the_day_lies_between_signature_and_today(self):
        contract, _order = self._begin(USUAL)
        stage = self._stage(contract, "Acceptance")
        for day in (date(2026, 8, 1), date(2999, 1, 1), "never"):
            with self.subTest(day), self.assertRaisesRegex(UserError, "between"):
                stage.with_user(self.clerk).action_record_reached(False, day)
        wizard = (
            self.env["rd.contract.reached"]
            .with_user(self.clerk)
            .create({"stage_id": stage.id, "day": DAY})
        )
        self.assertFalse(wizard.own_way)
        wizard.action_apply()
        self.assertEqual(stage.due_reached, DAY)


@tagged("post_install", "-at_install")
class TestContractPaper(StageCase):
    """The paper both parties sign, and how long it is kept."""

    def _html(self, contract):
        report = self.env.ref("rd_sales_admin.action_report_contract")
        return report._render_qweb_html(report.report_name, contract.ids)[0].decode()

    def test_all_clauses(self):
        contract = self._create_contract(
            USUAL, [(self.p100, 0, 12.5, date(2026, 1, 1))], amount=113000
        )
        self._order_under(contract, [(self.equipment, 1, 100000.0)], confirm=False)
        contract.note = "<p>Delivered to the dock.</p>"
        html = self._html(contract)
        for text in (
            *("DRAFT", contract.name, "Harbour Motors", "113,000.00", "P-100"),
            *("Retention", "End of warranty", "33,900.00", "Delivered to the dock"),
            *("12 months", "Buyer (seal)", "Seller (seal)", "12.50"),
        ):
            self.assertIn(text, html)
        self._sign(contract)
        html = self._html(contract)
        self.assertNotIn("DRAFT", html)
        self.assertIn(contract.content_hash, html)

    def test_what_is_not_there_has_no_clause(self):
        html = self._html(self._create_contract(amount=10, warranty_months=0))
        for text in ("Plan of payment", "Agreed prices", "Warranty", "Terms"):
            self.assertNotIn(text, html)
        self.assertIn("1. Amount", html.replace("<t>", ""))

    def test_a_framework_that_replaces_another_says_so(self):
        currency = self._give_rate("CNY", 7.0)
        contract = self._create_contract(
            kind="framework", amount=113000, currency_id=currency.id
        )
        self._sign(contract)
        later = contract.browse(contract.action_amend()["res_id"])
        later.write({"document": "dGV4dA==", "document_name": "text.pdf"})
        html = self._html(later)
        for text in (
            *("Framework Contract of Sale", "Amends and replaces"),
            *(f"{contract.name} V2", "壹拾壹万叁仟元整"),
            "The text “text.pdf” is part of this contract.",
        ):
            self.assertIn(text, html)

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        self.assertIn('lang="zh-CN"', self._html(self._create_contract(USUAL)))

    def test_papers_are_filed_and_kept_from_the_end_on(self):
        contract = self._create_contract(amount=100)
        contract.write({"document": "dGV4dA==", "document_name": "text.pdf"})
        with freeze_time("2026-09-01 04:00:00"):
            self._sign(contract)
        papers = self.env["rd.document"].search(
            [("res_model", "=", "rd.contract"), ("res_id", "=", contract.id)]
        )
        self.assertEqual(papers.kind, "contract")
        self.assertEqual(
            set(papers.attachment_ids.mapped("name")), {"text.pdf", "signed.pdf"}
        )
        self.assertFalse(papers.retain_until)
        contract.action_start()
        with freeze_time("2028-03-01 04:00:00"):
            contract.action_complete()
        self.assertEqual(contract.ended_on, date(2028, 3, 1))
        self.assertEqual(papers.ended_date, date(2028, 3, 1))
        self.assertEqual(papers.retain_until, date(2038, 12, 31))
        with freeze_time("2029-03-01 04:00:00"):
            contract.action_archive_contract()
            later = self.env["rd.document"]._file(
                "contract", "Letter", [("l.pdf", b"%PDF- l")], contract
            )
        self.assertEqual(contract.ended_on, date(2028, 3, 1))
        self.assertEqual(later.ended_date, later.date)
        # eleven years on they are free, and go by a destruction list only
        with freeze_time("2039-03-01 04:00:00"):
            papers.invalidate_recordset(["free"])
            self.assertTrue(papers.free)
            with self.assertRaisesRegex(UserError, "destruction list"):
                papers.with_user(self.supervisor).unlink()
        with freeze_time("2038-12-31 04:00:00"):
            papers.invalidate_recordset(["free"])
            self.assertFalse(papers.free)

    def test_nobody_writes_the_end(self):
        contract = self._create_contract(amount=100)
        with self.assertRaises(UserError):
            self._rpc(
                self.clerk,
                "rd.contract",
                "write",
                contract.ids,
                {"ended_on": "2020-01-01"},
            )
