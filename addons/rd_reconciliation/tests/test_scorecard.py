# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.rd_sales_admin.tests.scorecard_common import ScorecardMixin

from .invoicing import InvoicingCase
from .test_adjustments import AfterwardsCase

CUT_OFF = date(2026, 9, 30)


@tagged("post_install", "-at_install")
class TestScorecardStatements(ScorecardMixin, InvoicingCase):
    """How right, how fast and how much by hand a month's statements were."""

    def _agree_on(self, day, note="DN-1"):
        with freeze_time(f"{day} 04:00:00"):
            return self._agree([(self.p100, 10, 10.0), (self.p200, 4, 25.5)], note=note)

    def test_lines_as_first_sent(self):
        order = self._create_order([(self.p100, 10, 10.0), (self.p200, 4, 25.5)])
        self._deliver(order, {self.p100: 10, self.p200: 4}, "DN-1", date(2026, 9, 10))
        statement = self._build(self.close)
        self._read_ledger(
            statement,
            [
                ("2026-09-10", "DN-1", "P-100", 10, "113.00"),
                ("2026-09-10", "DN-1", "P-200", 3, "86.45"),
            ],
        )
        statement._match()
        self.assertEqual(self._figure("agreed_as_sent")[1], 0.0, "not agreed yet")
        statement.with_user(self.clerk).action_agree()
        card = self._count()
        self.assertEqual(self._figure("agreed_as_sent", card)[:2], (1.0, 2.0))
        line = self._score_line("agreed_as_sent", card)
        action = line.with_user(self.clerk).action_view_against()
        wrong = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(wrong.product_id, self.p200)

    def test_a_line_made_anew_was_not_sent_first(self):
        order = self._create_order([(self.p100, 10, 10.0), (self.p200, 4, 25.5)])
        self._deliver(order, {self.p100: 10, self.p200: 4}, "DN-1", date(2026, 9, 10))
        statement = self._build(self.close).with_user(self.clerk)
        statement.action_send()
        order.order_line[0].price_unit = 11.0
        statement._reopen("wrong price")
        self._build(self.close)
        self.assertEqual(sorted(statement._lines().mapped("price_unit")), [11.0, 25.5])
        statement.action_send()
        statement.action_confirm_recorded(who="Mr Tan", note="By phone")
        statement.action_agree()
        self.assertEqual(self._figure("agreed_as_sent")[:2], (1.0, 2.0))

    def test_days_to_agree(self):
        # 1 to 8 October 2026 hold six working days of the company's calendar.
        statement = self._agree_on("2026-10-08")
        self.assertEqual(statement.agreed_date, date(2026, 10, 8))
        with freeze_time("2026-10-09 04:00:00"):
            numerator, denominator, text = self._figure("days_to_agree")
        self.assertEqual((numerator, denominator), (6.0, 1.0))
        self.assertEqual(text, "6.0 days")
        line = self._score_line("days_to_agree", self._count())
        self.assertEqual(line.against_ids, statement.ids, "five days are the target")

    def test_invoiced_within_three_working_days(self):
        statement = self._agree_on("2026-10-01")
        october = date(2026, 10, 1)

        def figure(day):
            with freeze_time(f"{day} 04:00:00"):
                return self._figure("invoiced_in_time", self._count(october))[:2]

        # Thursday; three working days end on Tuesday.
        self.assertEqual(figure("2026-10-06"), (0.0, 0.0), "there is time")
        self.assertEqual(figure("2026-10-07"), (0.0, 1.0))
        with freeze_time("2026-10-06 04:00:00"):
            self._invoice(statement).action_post()
        self.assertEqual(statement.invoiced_date, date(2026, 10, 6))
        self.assertEqual(figure("2026-10-09"), (1.0, 1.0))
        statement._as_internal().invoiced_date = date(2026, 10, 7)
        self.assertEqual(figure("2026-10-09"), (0.0, 1.0))

    def test_a_draft_of_the_desk_is_no_invoice(self):
        statement = self._agree_on("2026-10-01")
        with freeze_time("2026-10-02 04:00:00"):
            invoice = self._invoice(statement)
        self.assertFalse(statement.invoiced_date, "finance has not posted it")
        with freeze_time("2026-10-16 04:00:00"):
            invoice.with_user(self.finance).action_post()
            card = self._count(date(2026, 10, 1))
        self.assertEqual(statement.invoiced_date, date(2026, 10, 16))
        self.assertEqual(self._figure("invoiced_in_time", card)[:2], (0.0, 1.0))
        with freeze_time("2026-10-17 04:00:00"):
            invoice.button_draft()
            self.assertFalse(statement.invoiced_date)
            self.assertFalse(invoice.rd_posted_date)
            invoice.action_post()
        self.assertEqual(statement.invoiced_date, date(2026, 10, 17))

    def test_agreed_at_the_end_of_a_month_counts_in_the_next(self):
        statement = self._agree_on("2026-10-30")
        with freeze_time("2026-11-02 04:00:00"):
            october = self._count(date(2026, 10, 1))
        self.assertEqual(self._figure("invoiced_in_time", october)[1], 0.0)
        with freeze_time("2026-11-03 04:00:00"):
            self._invoice(statement).action_post()
        with freeze_time("2026-11-12 04:00:00"):
            november = self._count(date(2026, 11, 1))
            october = self._count(date(2026, 10, 1))
        self.assertEqual(self._figure("invoiced_in_time", november)[:2], (1.0, 1.0))
        self.assertEqual(self._figure("invoiced_in_time", october)[1], 0.0)

    def test_the_moment_of_posting_is_not_written_by_hand(self):
        move = self._invoice(self._agree_on("2026-10-01"))
        moment = {"rd_posted_date": "2026-10-01 08:00:00"}
        for user in (self.clerk, self.finance):
            self._assert_refused(
                move, self._rpc, user, "account.move", "write", move.ids, moment
            )

    def test_taken_back_has_no_day(self):
        statement = self._agree_on("2026-10-01")
        with freeze_time("2026-10-02 04:00:00"):
            invoice = self._invoice(statement)
            invoice.button_cancel()
            self.assertEqual(statement.state, "agreed")
        self.assertEqual(statement.agreed_date, date(2026, 10, 1))
        self.assertFalse(statement.invoiced_date)
        statement._reopen("wrong price")
        self.assertFalse(statement.agreed_date)

    def test_billed_at_the_price_first_stated(self):
        statement = self._agree_on("2026-10-01")
        with freeze_time("2026-10-02 04:00:00"):
            self._invoice(statement).action_post()
        line = statement.line_ids[0]
        card = self._count(self._invoice_month(statement))
        self.assertEqual(self._figure("agreed_price", card)[:2], (2.0, 2.0))
        line._as_internal().order_price = line.price_unit + 0.01
        card = self._count(card.month)
        self.assertEqual(self._figure("agreed_price", card)[:2], (1.0, 2.0))

    def _invoice_month(self, statement):
        return statement.sudo().invoice_ids[0].invoice_date.replace(day=1)

    def test_tax_invoices(self):
        statement = self._agree_on("2026-10-01")
        fapiao = self._issue(self._accept(statement), day=date(2026, 10, 2))
        self._receive(fapiao, date(2026, 10, 6))
        october = date(2026, 10, 1)
        card = self._count(october)
        self.assertEqual(self._figure("fapiao_days", card)[:2], (4.0, 1.0))
        self.assertEqual(self._figure("never_red", card)[:2], (1.0, 1.0))
        fapiao.with_user(self.clerk).action_red("Wrong buyer")
        card = self._count(october)
        self.assertEqual(self._figure("never_red", card)[:2], (0.0, 1.0))
        with self.assertRaisesRegex(UserError, "only a supervisor says"):
            fapiao.with_user(self.finance).red_ours = False
        with self.assertRaisesRegex(UserError, "only a supervisor says"):
            self.env["rd.fapiao"].with_user(self.finance).create(
                {"partner_id": self.affiliate.id, "red_ours": False}
            )
        fapiao.with_user(self.supervisor).red_ours = False
        card = self._count(october)
        self.assertEqual(self._figure("never_red", card)[:2], (1.0, 1.0))

    # ------------------------------------------------------------------
    # What comes after the month was closed
    # ------------------------------------------------------------------
    def _close_left_open(self, day="2026-10-12"):
        """Close September with the affiliate left open."""
        with freeze_time(f"{day} 04:00:00"):
            steps = self.close.sudo().step_ids._as_internal()
            steps.write({"state": "done"})
            own = steps.filtered(lambda step: step.partner_id == self.affiliate)
            own.write({"state": "left", "left_reason": "their system is down"})
            self.close.sudo()._move_to("closed")
        return self.env["rd.scorecard"].search(
            [("company_id", "=", self.company.id), ("month", "=", date(2026, 9, 1))]
        )

    def test_left_open_counts_and_is_agreed_in_the_next_open_month(self):
        order = self._create_order([(self.p100, 10, 10.0)])
        self._deliver(order, {self.p100: 10}, "DN-1", date(2026, 9, 10))
        statement = self._build(self.close).with_user(self.clerk)
        september = self._close_left_open()
        self.assertEqual(self._figure("left_open", september)[:2], (1.0, 1.0))
        left = self._score_line("left_open", september)
        self.assertEqual(left.against_ids, self.affiliate.ids)
        self.assertEqual(self._figure("agreed_as_sent", september)[1], 0.0)
        with freeze_time("2026-10-15 04:00:00"):
            statement.action_confirm_recorded(who="Mr Tan", note="By phone")
            statement.action_agree()
            card = self._count(date(2026, 10, 1))
            self.assertEqual(self._figure("agreed_as_sent", card)[:2], (1.0, 1.0))
            # The 1st to the 15th of October hold eleven working days.
            self.assertEqual(self._figure("days_to_agree", card)[:2], (11.0, 1.0))
            self.assertEqual(self._figure("days_per_affiliate", card)[1], 0.0)
        with freeze_time("2026-10-20 04:00:00"):
            self._invoice(statement).action_post()
            card = self._count(date(2026, 10, 1))
        self.assertEqual(self._figure("days_per_affiliate", card)[:2], (20.0, 1.0))

    def test_nothing_counts_twice_when_the_month_is_reopened(self):
        order = self._create_order([(self.p100, 10, 10.0)])
        self._deliver(order, {self.p100: 10}, "DN-1", date(2026, 9, 10))
        statement = self._build(self.close).with_user(self.clerk)
        self._close_left_open()
        with freeze_time("2026-10-15 04:00:00"):
            statement.action_confirm_recorded(who="Mr Tan", note="By phone")
            statement.action_agree()
            self.close.sudo()._move_to("open")
            cards = [self._count(), self._count(date(2026, 10, 1))]
        self.assertEqual(
            [self._figure("agreed_as_sent", card)[1] for card in cards], [0.0, 1.0]
        )

    def test_a_fault_found_after_its_month_closed_counts_in_the_next(self):
        statement = self._agree_on("2026-09-29")
        with freeze_time("2026-09-30 04:00:00"):
            fapiao = self._issue(self._accept(statement), day=date(2026, 9, 30))
        september = self._close_left_open()
        self.assertEqual(self._figure("never_red", september)[:2], (1.0, 1.0))
        october = date(2026, 10, 1)
        with freeze_time("2026-10-20 04:00:00"):
            self.assertEqual(
                self._figure("never_red", self._count(october))[:2], (0.0, 0.0)
            )
            fapiao.with_user(self.clerk).action_red("Wrong buyer")
            card = self._count(october)
            self.assertEqual(self._figure("never_red", card)[:2], (0.0, 1.0))
            fapiao.with_user(self.supervisor).red_ours = False
            card = self._count(october)
            self.assertEqual(self._figure("never_red", card)[:2], (1.0, 1.0))

    def test_a_receipt_noted_after_its_month_closed_counts_in_the_next(self):
        statement = self._agree_on("2026-09-21")
        with freeze_time("2026-09-22 04:00:00"):
            fapiao = self._issue(self._accept(statement), day=date(2026, 9, 22))
        september = self._close_left_open()
        self.assertEqual(self._figure("fapiao_days", september)[1], 0.0)
        with freeze_time("2026-10-20 04:00:00"):
            self._receive(fapiao, date(2026, 9, 28))
            card = self._count(date(2026, 10, 1))
        self.assertEqual(self._figure("fapiao_days", card)[:2], (6.0, 1.0))

    def _acts(self, month=date(2026, 9, 1)):
        """Return (acts by hand, affiliates, events of the acts, oldest first)."""
        card = self._count(month)
        acts, partners, _text = self._figure("acts_per_affiliate", card)
        rows = self._score_line("acts_per_affiliate", card).row_ids
        found = self.env["rd.statement.revision"].sudo().browse(rows).sorted("id")
        self.assertEqual(acts, len(found), "the rows add up")
        return acts, partners, found.mapped("event")

    def test_what_people_do_by_hand(self):
        statement = self._agree_on("2026-10-01")
        # Mr Tan's word was noted by the clerk, and she agreed what he confirmed.
        self.assertEqual(self._acts(), (2.0, 1.0, ["confirmed", "agreed"]))
        self.assertEqual(self._figure("days_per_affiliate")[1], 0.0)
        with freeze_time("2026-10-05 04:00:00"):
            self._request(statement).with_user(self.finance).action_accept()
        self.assertEqual(
            self._acts()[2],
            ["confirmed", "agreed", "invoiced", "requested", "posted"],
        )
        self.assertEqual(self._figure("days_per_affiliate")[:2], (5.0, 1.0))

    def test_a_disputed_statement_counts_with_what_was_done(self):
        order = self._create_order([(self.p100, 10, 10.0), (self.p200, 4, 25.5)])
        self._deliver(order, {self.p100: 10, self.p200: 4}, "DN-1", date(2026, 9, 10))
        statement = self._build(self.close).with_user(self.clerk)
        self.assertEqual(self._acts()[:2], (0.0, 0.0), "nobody has seen the draft")
        statement.action_send()
        self._read_ledger(
            statement,
            [
                ("2026-09-10", "DN-1", "P-100", 10, "113.00"),
                ("2026-09-10", "DN-1", "P-200", 3, "86.45"),
            ],
        )
        statement.action_match()
        statement._as_internal().state = "disputed"
        self.assertEqual(self._acts(), (1.0, 1.0, ["fixed"]))
        statement.difference_ids.act("accept_theirs")
        self.assertEqual(self._acts()[2], ["fixed", "settled"])

    def test_what_a_step_or_a_customer_does_is_no_act(self):
        order = self._create_order([(self.p100, 10, 10.0)])
        self._deliver(order, {self.p100: 10}, "DN-1", date(2026, 9, 10))
        statement = self._build(self.close).with_user(self.clerk)
        portal = new_test_user(self.env, "rd_portal", groups="base.group_portal")
        step = self.close.with_user(self.clerk).step_ids[0]
        running = statement.with_context(**step._as_running().env.context)
        self.assertFalse(statement.with_user(portal)._is_by_hand())
        self.assertFalse(running._is_by_hand())
        running.action_send()
        self.assertEqual(self._acts()[:2], (0.0, 1.0))
        self.assertTrue(statement._is_by_hand())
        forged = statement.with_context(rd_by_step=True)
        self.assertTrue(forged._is_by_hand(), "a client cannot say so")

    def test_an_outside_customer_is_no_affiliate(self):
        statement = self._agree_on("2026-10-01")
        self._invoice(statement)
        self.affiliate.rd_partner_class = "outside"
        self.assertEqual(self._acts()[:2], (0.0, 0.0))

    def test_an_act_after_the_close_counts_in_the_next_month(self):
        order = self._create_order([(self.p100, 10, 10.0)])
        self._deliver(order, {self.p100: 10}, "DN-1", date(2026, 9, 10))
        statement = self._build(self.close).with_user(self.clerk)
        with freeze_time("2026-10-02 04:00:00"):
            statement.action_send()
        self._close_left_open()
        with freeze_time("2026-10-15 04:00:00"):
            statement.action_confirm_recorded(who="Mr Tan", note="By phone")
            october = self._acts(date(2026, 10, 1))
        self.assertEqual(october, (1.0, 1.0, ["confirmed"]))


@tagged("post_install", "-at_install")
class TestScorecardAdjustments(ScorecardMixin, AfterwardsCase):
    """What corrects a price was not billed at the agreed one."""

    def test_an_adjustment_is_billed_and_not_right(self):
        with freeze_time("2026-10-25 04:00:00"):
            self._invoice()
            october = date(2026, 10, 1)
            card = self._count(october)
            self.assertEqual(self._figure("agreed_price", card)[:2], (2.0, 2.0))
            self._agree_price(self.p100, 10.55)
            self._invoice(self._build(self.october), self.clerk)
            card = self._count(october)
        self.assertEqual(self._figure("agreed_price", card)[:2], (2.0, 3.0))
