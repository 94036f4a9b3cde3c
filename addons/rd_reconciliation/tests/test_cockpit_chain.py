# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..tools import invariants
from .invoicing import InvoicingCase


@tagged("post_install", "-at_install")
class TestCockpitChain(InvoicingCase):
    """Goods and money of the month are at one place each, and the figure opens it."""

    def _chain(self, currency=None, user=None):
        self.env.flush_all()
        page = (
            self.env["rd.cockpit"]
            .with_user(user or self.clerk)
            .read_page(page="month", close_id=self.close.id)
        )
        [data] = [one["data"] for one in page["sections"] if one["code"] == "chain"]
        name = (currency or self.company.currency_id).name
        [chain] = [one for one in data if one["currency"] == name]
        return {place["code"]: place for place in chain["places"]}

    def _where(self):
        """Return the places that hold anything, having opened the rows of each."""
        places = self._chain()
        for place in places.values():
            action = place["action"]
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(rows), place["count"], place["code"])
            name = {
                "rd.dispatched.report": "amount",
                "rd.statement.line": "amount_untaxed",
                "account.move": "amount_untaxed_in_currency_signed",
            }[action["res_model"]]
            self.assertAlmostEqual(sum(rows.mapped(name)), place["amount"], 2)
        # Add-ons part what is unpaid.
        return {
            "unpaid" if code.startswith("unpaid") else code: place["amount"]
            for code, place in places.items()
            if place["amount"]
        }

    def test_the_whole_way_one_place_at_a_time(self):
        order = self._create_order([(self.p100, 10, 10.0)])
        picking = self._deliver(order, {self.p100: 10}, "DN-1", date(2026, 9, 10))
        self.assertEqual(self._where(), {"rest_1_unsigned": 100.0})
        signed = datetime(2026, 9, 11, 4)
        move = picking.move_ids.filtered("quantity")
        papers = self.env["ir.attachment"]
        picking._rd_sign("Li Si", signed, papers, {move.id: {}})
        self.assertEqual(self._where(), {"rest_2_signed": 100.0})
        statement = self._build(self.close).with_user(self.clerk)
        self.assertEqual(self._where(), {"stated": 100.0})
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        self.assertEqual(self._where(), {"agreed": 100.0})
        fapiao = self._accept(statement)
        self.assertEqual(self._where(), {"posted": 100.0})
        self._receive(self._issue(fapiao))
        self.assertEqual(self._where(), {"unpaid": 100.0})
        self._pay_all(statement.sudo().invoice_ids)
        self.assertEqual(self._where(), {"paid": 100.0})

    def _pay_all(self, invoices):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create({})._create_payments()

    def test_credited_by_other_lines_is_at_a_place_of_its_own(self):
        """Fails when an invoice drops out of the month's money once it is credited."""
        invoice = self._credit(lambda line: line.write({"quantity": 1}))
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(self._where(), {"credited": 100.0})

    def test_credited_whole_is_agreed_once_more(self):
        """It may be invoiced again, and is not counted twice."""
        self._credit(lambda line: None)
        self.assertEqual(self._where(), {"agreed": 100.0})

    def _credit(self, change):
        """Credit the only invoice of the month over its amount; return it."""
        statement = self._agree([(self.p100, 10, 10.0)])
        self._invoice(statement)
        statement.sudo().action_post()
        invoice = statement.sudo().invoice_ids
        reversal = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(invoice.ids)],
                "journal_id": invoice.journal_id.id,
                "reason": "sent back",
            }
        )
        reversal.reverse_moves()
        credit = reversal.new_move_ids
        for line in credit.invoice_line_ids:
            amount = line.price_subtotal
            change(line)
            line.price_unit = amount / line.quantity
        credit.action_post()
        items = (invoice | credit).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        items.filtered(lambda line: not line.reconciled).reconcile()
        return invoice

    def test_draft_invoice_and_dispute_have_places_of_their_own(self):
        statement = self._agree([(self.p100, 10, 10.0)])
        self._invoice(statement)
        self.assertEqual(self._where(), {"drafted": 100.0})

    def test_disputed_line_is_not_counted_as_stated(self):
        order = self._create_order([(self.p100, 60, 10.0)])
        self._deliver(order, {self.p100: 60}, "DN-1", date(2026, 9, 10))
        statement = self._build(self.close)
        self._read_ledger(statement, [("2026-09-10", "DN-1", "P-100", 58, 655.4)])
        statement.with_user(self.clerk).action_match()
        self.assertEqual(self._where(), {"disputed": 600.0})

    def test_what_reached_a_place_is_its_own_and_all_later(self):
        self._agree([(self.p100, 10, 10.0)])
        order = self._create_order([(self.p200, 4, 25.0)])
        self._deliver(order, {self.p200: 4}, "DN-2", date(2026, 9, 12))
        places = self._chain()
        self.assertIn("200", places["rest_1_unsigned"]["reached"])
        self.assertIn("100", places["agreed"]["reached"])
        self.assertEqual(places["agreed"]["start"], 50.0)
        self.assertEqual(places["agreed"]["width"], 50.0)

    @freeze_time("2026-10-20 08:00:00")
    def test_steps_are_due_by_the_affiliates_own_cut_off(self):
        self.affiliate.rd_cutoff_day = 25
        page = self.env["rd.cockpit"].with_user(self.clerk).read_page()
        [board] = [one["data"] for one in page["sections"] if one["code"] == "board"]
        row = next(row for row in board["rows"] if row["id"] == self.affiliate.id)
        due = {step["code"]: step["due_day"] for step in row["steps"]}
        # Friday 25 September; the following Monday is the first working day.
        self.assertEqual(due["build"], "2026-09-28")
        self.assertEqual(due["agree"], "2026-10-07")
        owners = {step["code"]: step["owner"] for step in row["steps"]}
        self.assertEqual((owners["match"], owners["post"]), ("Affiliate", "Finance"))

    def test_posted_and_noted_today_changed_today(self):
        statement = self._agree([(self.p100, 10, 10.0)])
        with freeze_time("2026-10-02 04:00:00"):
            invoice = self._invoice(statement)
        self.assertEqual(invoice.invoice_date, date(2026, 10, 2))
        with freeze_time("2026-10-16 04:00:00"):
            invoice.with_user(self.finance).action_post()
            self.assertEqual(self._read_changes()["posted"], invoice)
        with freeze_time("2026-10-20 04:00:00"):
            self.assertNotIn("posted", self._read_changes())
            fapiao = self._issue(self._accept(statement))
            self._receive(fapiao, date(2026, 10, 5))
            self.assertEqual(self._read_changes()["received"], fapiao)

    def _read_changes(self):
        """Return the rows behind each change since yesterday, by its key."""
        self.env.flush_all()
        page = self.env["rd.cockpit"].with_user(self.supervisor).read_page()
        [data] = [one["data"] for one in page["sections"] if one["code"] == "changes"]
        return {
            item["key"]: self.env[item["action"]["res_model"]].search(
                item["action"]["domain"]
            )
            for item in data
        }

    def test_queries_do_not_grow_with_statements(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for page in ("month", "supervisor"):
                self.env["rd.cockpit"].with_user(self.supervisor).read_page(page=page)
            return self.cr.sql_log_count - before

        self._add(3)
        count()
        few = count()
        self._add(20)
        self.assertLessEqual(count(), few)

    def _add(self, number):
        """Add so many affiliates with a statement of one line each."""
        partners = self.env["res.partner"].create(
            [
                {"name": f"Works {number} {turn}", "rd_partner_class": "affiliate"}
                for turn in range(number)
            ]
        )
        self.close._add_steps()
        for partner in partners:
            order = self._create_order([(self.p100, 5, 10.0)], partner=partner)
            self._deliver(order, {self.p100: 5}, f"DN-{partner.id}", date(2026, 9, 10))
            self._build(self.close, partner)

    def test_frozen_month_keeps_its_statements_and_shows_a_change(self):
        statement = self._agree([(self.p100, 10, 10.0)])
        self._invoice(statement)
        statement.sudo().action_post()
        self.close.step_ids._as_internal().write({"state": "done"})
        self.close.action_close()
        freeze = self.close.freeze_ids
        [kept] = freeze._get_content()["statements"]
        self.assertEqual((kept[0], kept[2]), (statement.name, "closed"))
        self.assertEqual(kept[-1], statement.content_hash)
        self.assertEqual(self._findings(), [])
        self.env.flush_all()
        self.cr.execute(
            "UPDATE rd_close_freeze SET content = replace(content, %s, 'X')",
            [statement.name],
        )
        self.assertEqual(len(self._findings()), 1)

    def test_what_last_month_came_to_stands_beside_nothing_yet(self):
        """Fails when only what there is this month is compared."""
        statement = self._agree([(self.p100, 10, 10.0)])
        self._invoice(statement)
        statement.sudo().action_post()
        self.close.step_ids._as_internal().write({"state": "done"})
        self.close.action_close()
        later = self._open_close(date(2026, 10, 1))
        rows = self._compare(later)
        name = self.company.currency_id.name
        row = rows[f"agreed:{name}"]
        self.assertEqual((row["label"], row["now"]), (f"Agreed ({name})", "n/a"))
        self.assertIn("113.00", row["before"])
        self.assertFalse(row["action"])
        order = self._create_order([(self.p200, 4, 25.0)])
        self._deliver(order, {self.p200: 4}, "DN-2", date(2026, 10, 12))
        later_one = self._build(later)
        later_one.action_confirm_recorded(who="Mr Tan", note="By phone")
        later_one.action_agree()
        row = self._compare(later)[f"agreed:{name}"]
        self.assertIn("113.00", row["now"])
        opened = row["action"]
        rows = self.env[opened["res_model"]].search(opened["domain"])
        self.assertEqual(rows, later_one)

    def _compare(self, close):
        page = (
            self.env["rd.cockpit"]
            .with_user(self.supervisor)
            .read_page(page="supervisor", close_id=close.id)
        )
        [data] = [one["data"] for one in page["sections"] if one["code"] == "compare"]
        return {row["key"]: row for row in data}

    def _findings(self):
        self.env.flush_all()
        return [
            sentence
            for sentence in invariants.check_months(self.cr)
            if "no longer has its hash" in sentence
        ]
