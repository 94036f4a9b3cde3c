# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.tests.common import DeskCommon

from .common import ReceivablesCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestDueAnchor(ReceivablesCommon):
    """The due date on the entry follows the event that the terms count from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rd_tax_invoices = True
        cls.thirty = cls._make_terms(("percent", 100, "days_after", 30))
        cls.outside.write(
            {
                "rd_due_anchor": "fapiao",
                "property_payment_term_id": cls.thirty.id,
            }
        )

    @classmethod
    def _make_terms(cls, *lines):
        return cls.env["account.payment.term"].create(
            {
                "name": "terms",
                "line_ids": [
                    Command.create(
                        {
                            "value": value,
                            "value_amount": amount,
                            "delay_type": delay,
                            "nb_days": days,
                            "days_next_month": "25",
                        }
                    )
                    for value, amount, delay, days in lines
                ],
            }
        )

    def _invoice(self, amount=100, day="2025-01-31", terms=None, **values):
        return self._create_open(
            amount,
            due=False,
            invoice_date=day,
            invoice_payment_term_id=(terms or self.thirty).id,
            **values,
        )

    def _fapiao(self, move, number="12345678"):
        return (
            self.env["rd.fapiao"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.outside.id,
                    "move_ids": [Command.set(move.ids)],
                    "number": number,
                    "date": move.invoice_date,
                    "amount_untaxed": move.amount_untaxed,
                    "amount_tax": move.amount_tax,
                    "currency_id": move.currency_id.id,
                }
            )
        )

    def _receive(self, fapiao, day):
        fapiao.action_issue()
        fapiao.action_send(way="email", day=fapiao.date)
        fapiao.action_receive(who="Wang", day=day, proof="aGk=")

    def _terms_of(self, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def _dues(self, move):
        return sorted(self._terms_of(move).mapped("date_maturity"))

    # ------------------------------------------------------------------
    def test_waits_and_says_so(self):
        move = self._invoice()
        self.assertEqual(move.rd_due_waits_for, "fapiao")
        row = self._rows(move)
        self.assertRecordValues(
            row,
            [
                {
                    "due_date": False,
                    "bucket": "0",
                    "waits_for": "fapiao",
                    "amount_overdue": 0,
                    "amount_residual": 100,
                }
            ],
        )

    def test_follows_the_receipt_and_its_return(self):
        """Fails when the tax invoice does not tell, or tells only once."""
        move = self._invoice()
        fapiao = self._fapiao(move)
        self._receive(fapiao, date(2025, 2, 10))
        self.assertEqual(self._dues(move), [date(2025, 3, 12)])
        self.assertEqual(move.invoice_date_due, date(2025, 3, 12))
        self.assertFalse(move.rd_due_waits_for)
        bodies = " ".join(move.message_ids.mapped("body"))
        self.assertIn("2025-03-02", bodies)
        self.assertIn("2025-03-12", bodies)
        self.assertIn("2025-02-10", bodies)
        fapiao.action_return(reason="wrong address")
        self.assertEqual(move.rd_due_waits_for, "fapiao")
        self.assertEqual(self._dues(move), [date(2025, 3, 2)])
        fapiao.action_send(way="email", day=fapiao.date)
        fapiao.action_receive(who="Wang", day=date(2025, 2, 20), proof="aGk=")
        self.assertEqual(self._dues(move), [date(2025, 3, 22)])

    def _row_at(self, move, day):
        self.env.invalidate_all()
        report = self.env["rd.ageing.report"].with_context(rd_as_of=day)
        row = report.search([("move_id", "=", move.id)])
        return row.due_date or False, row.days_overdue, row.waits_for

    def test_a_past_day_takes_the_due_date_it_knew(self):
        """Fails when an invoice was overdue on a day on which it still waited."""
        with freeze_time("2025-02-01 04:00:00"):
            move = self._invoice()
            fapiao = self._fapiao(move)
        with freeze_time("2025-03-10 04:00:00"):
            self._receive(fapiao, date(2025, 2, 10))
        first, second = date(2025, 3, 12), date(2025, 4, 17)
        with freeze_time("2025-03-20 04:00:00"):
            fapiao.action_return(reason="wrong address")
            fapiao.action_send(way="email", day=fapiao.date)
            fapiao.action_receive(who="Wang", day=date(2025, 3, 18), proof="aGk=")
        for day, known in (
            ("2025-03-09", (False, 0, "fapiao")),
            ("2025-03-10", (first, -2, False)),
            ("2025-03-19", (first, 7, False)),
            ("2025-03-20", (second, -28, False)),
            ("2025-04-20", (second, 3, False)),
        ):
            self.assertEqual(self._row_at(move, day), known, day)
        changes = self.env["rd.due.change"].search(
            [("move_line_id", "in", self._terms_of(move).ids)]
        )
        self.assertEqual(changes.mapped("until"), [date(2025, 3, 19), date(2025, 3, 9)])
        with self.assertRaisesRegex(UserError, "known of a due date stays"):
            changes.sudo().unlink()

    def test_what_was_posted_late_was_never_known_otherwise(self):
        """Fails when the terms alone count for the days before it was posted."""
        with freeze_time("2025-03-10 04:00:00"):
            move = self._invoice()
        self.assertEqual(self._row_at(move, "2025-03-05"), (False, 0, "fapiao"))
        self.assertFalse(self.env["rd.due.change"].search_count([]))

    def test_a_day_written_by_hand_holds_from_then_on(self):
        with freeze_time("2025-02-01 04:00:00"):
            move = self._create_open(due="2025-01-31", partner=self.affiliate)
        with freeze_time("2025-02-20 04:00:00"):
            for day in ("2025-02-28", "2025-03-31"):
                self._terms_of(move).date_maturity = day
        self.assertEqual(self._row_at(move, "2025-02-19")[1], 19)
        self.assertEqual(self._row_at(move, "2025-02-20")[0], date(2025, 3, 31))

    def test_what_was_known_is_kept_in_as_many_queries(self):
        counts = []
        for number in (3, 30):
            moves = self.env["account.move"]
            for _each in range(number):
                moves += self._create_open(1)
            known = self._terms_of(moves)._rd_get_known_dues()
            self.assertEqual(len(known), number)
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["rd.due.change"]._note(known)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)

    def test_what_was_known_is_read_only(self):
        move = self._create_open()
        changes = self.env["rd.due.change"]
        changes._note(self._terms_of(move)._rd_get_known_dues())
        change = changes.search([("move_line_id", "in", self._terms_of(move).ids)])
        values = {"move_line_id": self._terms_of(move).id, "until": "2025-03-01"}
        for act in (
            lambda: changes.create(values),
            lambda: change.write({"due_date": "2025-03-01"}),
            change.unlink,
        ):
            with self.assertRaises(UserError):
                act()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.users["clerk"].write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        mine = changes.with_user(self.users["clerk"])
        self.assertFalse(mine.search([("id", "=", change.id)]))

    def test_waits_for_the_tax_invoices_beside_its_own(self):
        """Fails when an invoice does not follow a tax invoice that stands for another
        one, with which it shares its own."""
        first, second = moves = self._invoice() | self._invoice()
        shared = self._fapiao(moves[0])
        shared.write({"move_ids": [Command.set(moves.ids)], "amount_untaxed": 150})
        rest = self._fapiao(second, "12345679")
        rest.amount_untaxed = 50
        self._receive(shared, date(2025, 2, 10))
        self.assertEqual(set(moves.mapped("rd_due_waits_for")), {"fapiao"})
        self._receive(rest, date(2025, 2, 20))
        for move in moves:
            self.assertFalse(move.rd_due_waits_for)
            self.assertEqual(self._dues(move), [date(2025, 3, 22)])
        rest.action_return(reason="wrong address")
        self.assertEqual(first.rd_due_waits_for, "fapiao")

    def test_survives_draft_and_posting_again(self):
        move = self._invoice()
        fapiao = self._fapiao(move)
        self._receive(fapiao, date(2025, 2, 10))
        item = self._terms_of(move)
        # With its tax invoice out, core's reset is refused by the desk: go around.
        fapiao._as_internal().write({"state": "requested"})
        move.button_draft()
        move.action_post()
        self.assertEqual(move.rd_due_waits_for, "fapiao")
        fapiao._as_internal().write({"state": "received"})
        self.assertEqual(self._dues(move), [date(2025, 3, 12)])
        self.assertEqual(self._terms_of(move), item)

    def test_survives_a_changed_amount(self):
        self.outside.rd_due_anchor = "invoice"
        self.outside.rd_due_grace_days = 15
        move = self._invoice()
        self.assertEqual(self._dues(move), [date(2025, 3, 17)])
        move.button_draft()
        move.invoice_line_ids.price_unit = 250
        move.action_post()
        self.assertEqual(self._dues(move), [date(2025, 3, 17)])
        self.assertEqual(self._terms_of(move).balance, 250)
        move.button_draft()
        move.action_post()
        self.assertEqual(self._dues(move), [date(2025, 3, 17)])

    def test_shares_stay_with_their_instalment(self):
        """Fails when instalments are told apart by their order: it changes.

        From 31 January “25th of next month” comes before “30 days”, from 1 January
        it comes after.
        """
        terms = self._make_terms(
            ("percent", 30, "days_after", 30),
            ("percent", 70, "days_end_of_month_on_the", 0),
        )
        move = self._invoice(99.99, terms=terms)
        self._receive(self._fapiao(move), date(2025, 2, 1))
        found = {line.date_maturity: line.balance for line in self._terms_of(move)}
        self.assertEqual(found, {date(2025, 3, 3): 30.00, date(2025, 3, 25): 69.99})
        self.assertEqual(sum(found.values()), move.amount_residual)

    def test_parts_always_add_up(self):
        """Σ instalments = residual, whatever the terms and the day."""
        self.outside.rd_due_anchor = "invoice"
        self.outside.rd_due_grace_days = 3
        for amount in (0.01, 0.05, 33.33, 99999.99):
            terms = self._make_terms(
                *(
                    ("percent", share, "days_after", days)
                    for share, days in ((33.33, 10), (33.33, 20), (33.34, 30))
                )
            )
            move = self._invoice(amount, terms=terms)
            items = self._terms_of(move)
            self.assertAlmostEqual(sum(items.mapped("amount_residual")), amount, 2)

    def test_terms_of_the_trade(self):
        self.outside.rd_due_anchor = "invoice"
        for delay, number, expected in (
            ("rd_first_of_next_month", 30, date(2025, 5, 1)),
            ("rd_months_after", 12, date(2026, 3, 10)),
            ("days_end_of_month_on_the", 0, date(2025, 4, 25)),
        ):
            terms = self._make_terms(("percent", 100, delay, number))
            self.assertEqual(
                self._dues(self._invoice(day="2025-03-10", terms=terms)), [expected]
            )
        self.outside.rd_due_grace_days = 15
        terms = self._make_terms(("percent", 100, "rd_first_of_next_month", 30))
        move = self._invoice(day="2025-03-10", terms=terms)
        self.assertEqual(self._dues(move), [date(2025, 5, 16)])

    def test_days_off(self):
        """The company's calendar: weekends and public holidays, in its zone."""
        self.outside.write({"rd_due_anchor": "invoice", "rd_due_shift": "next"})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                # 3 to 4 March in Shanghai
                "date_from": "2025-03-02 16:00:00",
                "date_to": "2025-03-04 15:59:59",
            }
        )
        # 31 January + 30 days is Sunday, 2 March.
        self.assertEqual(self._dues(self._invoice()), [date(2025, 3, 5)])
        self.outside.rd_due_shift = "previous"
        self.assertEqual(self._dues(self._invoice()), [date(2025, 2, 28)])

    def test_a_date_written_by_hand_stands(self):
        """Until the anchor itself moves."""
        move = self._invoice()
        fapiao = self._fapiao(move)
        self._receive(fapiao, date(2025, 2, 10))
        self._terms_of(move).date_maturity = date(2025, 6, 1)
        move._rd_follow_anchor()
        self.assertEqual(self._dues(move), [date(2025, 6, 1)])

    def test_a_date_written_by_hand_stands_through_a_draft(self):
        """Fails when the days of grace are added to what somebody wrote."""
        self.outside.write({"rd_due_anchor": "invoice", "rd_due_grace_days": 15})
        move = self._invoice()
        self._terms_of(move).date_maturity = date(2025, 6, 1)
        move.button_draft()
        move.action_post()
        self.assertEqual(self._dues(move), [date(2025, 6, 1)])

    def test_without_terms_the_days_between_run_from_the_event(self):
        move = self._create_open(due="2025-01-21", invoice_date="2025-01-01")
        self._receive(self._fapiao(move), date(2025, 2, 10))
        self.assertEqual(self._dues(move), [date(2025, 3, 2)])
        self._terms_of(move)
        move._rd_follow_anchor()
        self.assertEqual(self._dues(move), [date(2025, 3, 2)])

    def test_statement_agreed_delivery_and_none(self):
        self.outside.rd_due_anchor = "statement"
        move = self._invoice()
        self.assertFalse(move.rd_due_waits_for)
        self.assertEqual(self._dues(move), [date(2025, 3, 2)])
        for anchor in ("delivery", "stage"):
            self.outside.rd_due_anchor = anchor
            move = self._invoice()
            self.assertFalse(move.rd_due_waits_for)
        self.company.rd_tax_invoices = False
        self.outside.rd_due_anchor = "fapiao"
        self.assertFalse(self._invoice().rd_due_waits_for)

    def _contract(self, **values):
        return (
            self.env["rd.contract"]
            .sudo()
            .create(
                {
                    "subject": "Frame",
                    "partner_id": self.outside.id,
                    "company_id": self.company.id,
                    **values,
                }
            )
        )

    def test_the_contract_goes_before_the_customer(self):
        """Fails when terms agreed in a contract are counted as with the customer."""
        for values, waits, due in (
            ({"rd_due_anchor": "invoice", "rd_due_grace_days": 15}, False, (3, 17)),
            ({}, "fapiao", (3, 2)),
        ):
            with self.subTest(**values):
                contract = self._contract(**values)
                move = self._invoice()
                move.button_draft()
                move._rd_anchored().write({"rd_contract_id": contract.id})
                move.action_post()
                self.assertEqual(move.rd_due_waits_for, waits)
                self.assertEqual(self._dues(move), [date(2025, *due)])

    def test_grace_of_a_contract(self):
        with self.assertRaisesRegex(ValidationError, "days of grace of"):
            self._contract(rd_due_anchor="invoice", rd_due_grace_days=-1)

    def test_credit_notes_keep_their_date(self):
        move = self._create_open(move_type="out_refund", invoice_date="2025-01-31")
        self.assertFalse(move.rd_due_anchor)

    def test_daily_look(self):
        """Fails when what came without a word is not seen the next day."""
        move = self._invoice()
        fapiao = self._fapiao(move)
        fapiao._as_internal().write({"state": "received", "received_date": False})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rd_fapiao SET received_date = '2025-02-10' WHERE id = %s",
            [fapiao.id],
        )
        self.env.cr.execute(
            "UPDATE account_move SET rd_fapiao_received_date = '2025-02-10' "
            "WHERE id = %s",
            [move.id],
        )
        self.env.invalidate_all()
        with DeskCommon._parted(self):
            self.env["account.move"]._rd_cron_follow_anchor()
        self.assertEqual(self._dues(move), [date(2025, 3, 12)])

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_a_bad_one_stops_no_other(self):
        """Fails when all that waits is one transaction."""
        moves = self.env["account.move"].browse()
        for _each in range(3):
            moves |= self._invoice()
        self.assertEqual(set(moves.mapped("rd_due_waits_for")), {"fapiao"})
        self.env.flush_all()
        model = type(moves)
        plain = model._rd_apply_anchor

        def fail(move, day):
            if move == moves[1]:
                raise ZeroDivisionError
            return plain(move, date(2025, 2, 10) if move in moves else day)

        with patch.object(model, "_rd_apply_anchor", fail), DeskCommon._parted(self):
            self.env["account.move"]._rd_cron_follow_anchor()
        self.assertEqual(moves.mapped("rd_due_waits_for"), [False, "fapiao", False])

    # ------------------------------------------------------------------
    def test_nobody_writes_what_is_kept(self):
        move = self._invoice()
        finance = move.with_user(self.users["finance"])
        for vals in (
            {"rd_due_anchor": "invoice"},
            {"rd_due_anchor_date": "2020-01-01"},
            {"rd_due_waits_for": "stage"},
            {"rd_due_waits_for": False},
            {"rd_due_anchor": False},
        ):
            with self.assertRaises(UserError, msg=vals):
                finance.write(vals)
        for day in ("2020-01-01", False):
            with self.assertRaises(UserError, msg=day):
                self._terms_of(finance).write({"rd_due_date": day})
        with self.assertRaises(UserError):
            self.env["account.move"].with_user(self.users["finance"]).with_context(
                default_rd_due_anchor="stage"
            ).create({"move_type": "out_invoice"})

    def test_grace_is_checked(self):
        with self.assertRaises(ValidationError):
            self.outside.rd_due_grace_days = -1
        with self.assertRaises(ValidationError):
            self.outside.rd_due_grace_days = 1000

    def test_contacts_follow_their_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.outside.id}
        )
        self.assertEqual(contact.rd_due_anchor, "fapiao")
        self.assertEqual(self._invoice(partner=contact).rd_due_waits_for, "fapiao")


@tagged("post_install", "-at_install")
class TestTermsAgainstCore(ReceivablesCommon):
    def test_odoos_own_ways_are_ours(self):
        """Each way of Odoo that we name gives the same day as the calculation."""
        from ..dues import base_date

        line = self.env["account.payment.term.line"].create(
            {
                "payment_id": self.env.ref("account.account_payment_term_30days").id,
                "value": "percent",
                "value_amount": 0,
                "nb_days": 0,
                "days_next_month": "25",
            }
        )
        with freeze_time("2025-01-01"):
            for offset in range(0, 800, 7):
                day = date(2024, 1, 1) + offset * DAY
                line.write({"delay_type": "days_after", "nb_days": 30})
                self.assertEqual(line._get_due_date(day), base_date(day, "days", 30))
                line.write({"delay_type": "days_end_of_month_on_the", "nb_days": 0})
                self.assertEqual(
                    line._get_due_date(day), base_date(day, "day_of_month", 1, 25)
                )
