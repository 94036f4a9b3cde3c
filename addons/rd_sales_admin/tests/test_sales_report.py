# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import random
from collections import defaultdict
from datetime import date, datetime

from python_calamine import CalamineWorkbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskCommon
from .guards import GuardMixin

KEYS = ("settlement_class", "partner_id", "project_id", "date", "state")


class SalesCase(GuardMixin, DeskCommon):
    """Outside customers, a second currency, a project, and random trade."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outside = cls.env["res.partner"].create(
            {"name": "Outside", "is_company": True, "rd_partner_class": "outside"}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.outside.id}
        )
        cls.project = (
            cls.env["project.project"]
            .sudo()
            .create(
                {
                    "name": "Programme",
                    "allow_billable": True,
                    "company_id": cls.company.id,
                    "partner_id": cls.outside.id,
                }
            )
        )
        category = cls.env["product.category"].create(
            {"name": "Tools", "rd_settlement_class": "tooling"}
        )
        cls.parts[1].categ_id = category
        cls.foreign = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.125)])
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": cls.foreign.id}
        )

    @classmethod
    def _sell(cls, lines, day, **values):
        order = cls._create_order(lines, **values)
        order.date_order = datetime(day.year, day.month, day.day, 4)
        return order

    @classmethod
    def _bill(cls, order, day):
        bill = order._create_invoices()
        bill.invoice_date = day
        bill.action_post()
        return bill

    @classmethod
    def _pay(cls, bill, amount, day):
        cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"amount": amount, "payment_date": day})._create_payments()

    def _sums(self, domain=()):
        self.env.flush_all()
        rows = self.env["rd.sales.report"].search(
            [("company_id", "=", self.company.id), *domain]
        )
        return self._add_up(
            (
                row.settlement_class,
                row.partner_id,
                row.project_id,
                row.date,
                row.state,
                row.amount,
                row.quantity,
            )
            for row in rows
            if row.state != "4_agreed"
        )

    def _add_up(self, rows):
        sums = defaultdict(lambda: [0.0, 0.0])
        for *key, amount, quantity in rows:
            sums[tuple(key)][0] += amount
            sums[tuple(key)][1] += quantity
        places = self.company.currency_id.decimal_places
        return {
            key: (round(amount, places), round(quantity, 3))
            for key, (amount, quantity) in sums.items()
            if round(amount, places) or round(quantity, 3)
        }

    # ------------------------------------------------------------------
    # The same figures by another way: record by record, without SQL
    # ------------------------------------------------------------------
    def _recompute(self, orders):
        rows = []
        for order in orders:
            for line in order.order_line:
                rows += self._recompute_line(order, line)
            for bill in order.invoice_ids:
                rows += self._recompute_bill(order, bill)
        return self._add_up(rows)

    def _key(self, order, line):
        return (
            line.rd_settlement_class,
            order.partner_invoice_id.commercial_partner_id,
            line.project_id or order.project_id,
        )

    def _home(self, order, amount):
        return self.company.currency_id.round(amount / order.currency_rate)

    def _recompute_line(self, order, line):
        key = self._key(order, line)
        day = self.company._rd_local_date
        unit = line.price_subtotal / line.product_uom_qty
        amount = self._home(order, line.price_subtotal)
        ordered = day(order.date_order)
        yield (*key, ordered, "1_ordered", amount, line.product_uom_qty)
        for move in line.move_ids.filtered(lambda item: item.state == "done"):
            back = move.location_id.usage == "customer"
            size = -move.quantity if back else move.quantity
            if move.to_refund or not move.origin_returned_move_id:
                amount = self._home(order, size * unit)
                yield (*key, day(move.date), "2_shipped", amount, size)
            if move.picking_id.rd_signed_date and not back:
                size = move.rd_accepted_qty
                amount = self._home(order, size * unit)
                signed = day(move.picking_id.rd_signed_date)
                yield (*key, signed, "3_signed", amount, size)

    def _recompute_bill(self, order, bill):
        if bill.state != "posted":
            return
        terms = bill.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        whole = abs(sum(terms.mapped("balance")))
        partials = (terms.matched_debit_ids | terms.matched_credit_ids).sorted(
            lambda item: (item.max_date, item.id)
        )
        sign = -1 if bill.move_type == "out_refund" else 1
        for line in bill.invoice_line_ids:
            key = self._key(order, line.sale_line_ids)
            size = sign * line.quantity
            yield (*key, bill.invoice_date, "5_invoiced", -line.balance, size)
            running = told = 0.0
            for partial in partials:
                running += partial.amount
                until = self.company.currency_id.round(-line.balance * running / whole)
                yield (*key, partial.max_date, "6_paid", until - told, 0.0)
                told = until


@tagged("post_install", "-at_install")
class TestSalesReport(SalesCase):
    """What was ordered, shipped, signed, invoiced and paid."""

    def _trade(self, dice):
        """Return an order with random lines and what became of it."""
        lines = [
            (part, dice.randint(1, 40), round(dice.uniform(0.3, 900), 2))
            for part in dice.sample(list(self.parts), dice.randint(1, 3))
        ]
        values = {"partner": dice.choice([self.outside, self.contact])}
        if dice.random() < 0.5:
            values["pricelist_id"] = self.pricelist.id
        if dice.random() < 0.5:
            values["project_id"] = self.project.id
        order = self._sell(lines, date(2026, dice.randint(1, 9), 5), **values)
        day = date(2026, 9, dice.randint(1, 28))
        shipped = {part: dice.randint(1, size) for part, size, _price in lines}
        picking = self._deliver(order, shipped, f"DN-{order.id}", day)
        if dice.random() < 0.5:
            move = picking.move_ids.filtered(lambda item: item.state == "done")[0]
            lacking = {move.id: {"short": dice.randint(0, int(move.quantity))}}
            moment = datetime(2026, 10, dice.randint(1, 28), 3)
            picking._rd_sign("Li", moment, self.env["ir.attachment"], lacking)
        if dice.random() < 0.4:
            back = {part: dice.randint(1, size) for part, size in shipped.items()}
            self._return(picking, back, "R", date(2026, 11, 2))
        if any(line.qty_to_invoice > 0 for line in order.order_line):
            bill = self._bill(order, date(2026, 11, dice.randint(3, 20)))
            self._settle(dice, bill)
        return order

    def _settle(self, dice, bill):
        rest = bill.amount_residual
        for turn in range(dice.randint(0, 3)):
            part = rest if turn == 2 else round(rest * dice.uniform(0.1, 0.6), 2)
            if part > 0:
                self._pay(bill, part, date(2026, 11, 20 + turn))
            rest = bill.amount_residual

    def test_random_trade_against_recomputation(self):
        dice = random.Random(20261125)
        orders = self.env["sale.order"]
        for _turn in range(12):
            orders |= self._trade(dice)
        expected = self._recompute(orders)
        stages = {key[-1] for key in expected}
        self.assertEqual(len(stages), 5, "every stage comes up")
        self.assertEqual(self._sums(), expected)

    def test_paid_in_parts_comes_to_what_was_invoiced(self):
        order = self._sell(
            [(part, 7, 33.33) for part in self.parts],
            date(2026, 9, 1),
            partner=self.outside,
        )
        self._deliver(order, dict.fromkeys(self.parts, 7), "DN-1", date(2026, 9, 2))
        bill = self._bill(order, date(2026, 9, 3))
        for turn in range(7):
            self._pay(bill, 100.01, date(2026, 9, 10 + turn))
        self._pay(bill, bill.amount_residual, date(2026, 9, 20))
        totals = dict(
            self.env["rd.sales.report"]._read_group(
                [("order_id", "=", order.id)], ["state"], ["amount:sum"]
            )
        )
        self.assertAlmostEqual(totals["6_paid"], totals["5_invoiced"], 2)
        self.assertAlmostEqual(totals["5_invoiced"], bill.amount_untaxed, 2)

    def test_invoice_and_its_credit_note_are_no_money(self):
        order = self._sell(
            [(self.parts[0], 7, 10.0)], date(2026, 9, 1), partner=self.outside
        )
        self._deliver(order, {self.parts[0]: 7}, "DN-1", date(2026, 9, 2))
        bill = self._bill(order, date(2026, 9, 3))
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"journal_id": bill.journal_id.id, "date": date(2026, 9, 4)})
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        if credit.state == "draft":
            credit.action_post()
        lines = (bill | credit).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()
        sums = self.env["rd.sales.report"]._read_group(
            [("order_id", "=", order.id), ("state", "in", ("5_invoiced", "6_paid"))],
            ["state"],
            ["amount:sum"],
        )
        for _state, amount in sums:
            self.assertAlmostEqual(amount, 0.0, 2)

    def test_ids_are_unique(self):
        self._trade(random.Random(1))
        self.env.flush_all()
        rows = self.env["rd.sales.report"].search([])
        self.assertEqual(len(rows), len(set(rows.ids)))
        self.assertGreater(len(rows), 3)

    def test_local_day(self):
        order = self._create_order([(self.parts[0], 1, 10.0)], partner=self.outside)
        order.date_order = datetime(2026, 9, 30, 16)
        row = self.env["rd.sales.report"].search([("order_id", "=", order.id)])
        self.assertEqual(row.date, date(2026, 10, 1))

    def test_currencies_are_not_added_up(self):
        other = self.env["res.company"].create(
            {"name": "Other house", "currency_id": self.foreign.id}
        )
        for company in (self.company, other):
            self.env["rd.sales.plan"].create(
                {"company_id": company.id, "month": "2026-09-01", "amount": 100}
            )
        report = self.env["rd.sales.report"].with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        domain = [("company_id", "in", [self.company.id, other.id])]
        ((total,),) = report._read_group(domain, [], ["amount_plan:sum"])
        self.assertFalse(total)
        groups = report._read_group(
            domain, ["company_currency_id"], ["amount_plan:sum"]
        )
        self.assertEqual({amount for _currency, amount in groups}, {100.0})

    def test_stages_are_not_added_up(self):
        """The same goods, ordered and shipped, are not twice as much."""
        order = self._sell([(self.parts[0], 5, 10.0)], date(2026, 9, 1))
        self._deliver(order, {self.parts[0]: 5}, "DN-1", date(2026, 9, 2))
        report = self.env["rd.sales.report"]
        domain = [("order_id", "=", order.id)]
        ((total,),) = report._read_group(domain, [], ["amount:sum"])
        self.assertFalse(total)
        sums = dict(report._read_group(domain, ["state"], ["amount:sum"]))
        self.assertEqual(sums, {"1_ordered": 50.0, "2_shipped": 50.0})

    def test_rows_open_their_source(self):
        order = self._trade(random.Random(3))
        for row in self.env["rd.sales.report"].search([("order_id", "=", order.id)]):
            action = row.action_open_source()
            self.assertEqual(action["res_model"], row.res_model)
            self.assertEqual(action["res_id"], row.res_id)

    def test_what_one_may_not_open_is_told_so(self):
        order = self._sell([(self.parts[0], 1, 10.0)], date(2026, 9, 1))
        self.env.flush_all()
        row = self.env["rd.sales.report"].search([("order_id", "=", order.id)])
        open_source = (self.clerk, row._name, "action_open_source", row.ids)
        self.assertEqual(self._rpc(*open_source)["res_model"], "sale.order")
        rights = self.env["ir.model.access"].sudo()
        rights.search([("model_id.model", "=", "sale.order")]).active = False
        with self.assertRaisesRegex(UserError, "behind this row is not for you"):
            self._rpc(*open_source)

    # ------------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------------
    def test_who_sees_what(self):
        salesperson = self._create_user("salesperson")
        mine = self._sell(
            [(self.parts[0], 1, 10.0)],
            date(2026, 9, 1),
            partner=self.outside,
            user_id=salesperson.id,
        )
        others = self._sell(
            [(self.parts[0], 1, 10.0)],
            date(2026, 9, 1),
            partner=self.outside,
            user_id=self.clerk.id,
        )
        self.env.flush_all()
        for user, expected in (
            (salesperson, mine),
            (self.clerk, mine | others),
            (self._create_user("finance"), mine | others),
            (self._create_user("auditor"), mine | others),
        ):
            rows = self.env["rd.sales.report"].with_user(user).search([])
            self.assertEqual(rows.sudo().order_id, expected, user.login)
        for role in ("floor", "warehouse"):
            with mute_logger("odoo.addons.base.models.ir_model"):
                with self.assertRaises(AccessError):
                    self._rpc(
                        self._create_user(role), "rd.sales.report", "search_count", []
                    )
        portal = new_test_user(self.env, login="rd_port", groups="base.group_portal")
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                self._rpc(portal, "rd.sales.report", "formatted_read_group", [], [])

    def test_isolated(self):
        self._trade(random.Random(4))
        self.env["rd.sales.plan"].create({"month": "2026-09-01", "amount": 5})
        stranger = self._create_other_clerk()
        self._assert_isolated("rd.sales.plan", stranger)
        found = self._rpc(stranger, "rd.sales.report", "search_count", [])
        self.assertEqual(found, 0)

    # ------------------------------------------------------------------
    # The plan
    # ------------------------------------------------------------------
    def test_plan(self):
        plan = self.env["rd.sales.plan"].with_user(self.supervisor)
        line = plan.create({"month": "2026-09-01", "amount": 1000})
        with self.assertRaises(ValidationError):
            plan.create({"month": "2026-09-02", "amount": 1})
        with self.assertRaises(ValidationError):
            plan.create(
                {"month": "2026-09-01", "amount": 1, "partner_id": self.contact.id}
            )
        customer = self.contact.commercial_partner_id
        own = plan.create(
            {"month": "2026-09-01", "amount": 1, "partner_id": customer.id}
        )
        self.assertEqual(own.display_name, f"2026-09 {customer.name} Invoiced")
        for values in ({"amount": 1}, {"amount": -1, "settlement_class": "tooling"}):
            with mute_logger("odoo.sql_db"), self.assertRaises(UserError):
                self._rpc(
                    self.supervisor,
                    "rd.sales.plan",
                    "create",
                    [{"month": "2026-09-01", **values}],
                )
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                self._rpc(self.clerk, "rd.sales.plan", "write", line.ids, {"amount": 2})


@tagged("post_install", "-at_install")
class TestSalesSummary(SalesCase):
    """A month, its year to date and its year, and what they are compared with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day, size in (
            (date(2025, 9, 3), 4),
            (date(2025, 11, 3), 7),
            (date(2026, 2, 3), 1),
            (date(2026, 8, 3), 2),
            (date(2026, 9, 3), 6),
            (date(2026, 12, 3), 9),
        ):
            cls._sell([(cls.parts[0], size, 10.0)], day, partner=cls.outside)
        cls._sell([(cls.parts[1], 3, 10.0)], date(2026, 9, 9), partner=cls.outside)
        for month, amount in (("2026-01-01", 50), ("2026-09-01", 120)):
            cls.env["rd.sales.plan"].create(
                {"month": month, "amount": amount, "state": "1_ordered"}
            )
        cls.summary = (
            cls.env["rd.sales.summary"]
            .with_user(cls.clerk)
            .create({"company_id": cls.company.id, "month": date(2026, 9, 15)})
        )

    def _line(self, **values):
        self.summary.write(values)
        return self.summary.line_ids.filtered(lambda line: line.state == "1_ordered")

    def test_periods(self):
        for period, now, before, last_year, plan in (
            ("month", 90, 20, 40, 120),
            ("to_date", 120, 40, 40, 170),
            ("year", 210, 110, 110, 170),
        ):
            with self.subTest(period=period):
                self.assertRecordValues(
                    self._line(period=period),
                    [
                        {
                            "amount_now": now,
                            "amount_before": before,
                            "amount_last_year": last_year,
                            "amount_plan": plan,
                        }
                    ],
                )
        line = self._line(period="month")
        self.assertAlmostEqual(line.change, 350.0)
        self.assertAlmostEqual(line.change_year, 125.0)
        self.assertAlmostEqual(line.reached, 75.0)

    def test_every_figure_opens_its_rows(self):
        for by in ("all", "class", "partner", "project"):
            for line in self._line(by=by, period="month"):
                action = line.action_open_rows()
                rows = self.env["rd.sales.report"].search(action["domain"])
                self.assertAlmostEqual(sum(rows.mapped("amount")), line.amount_now)

    def test_by_class(self):
        lines = self._line(by="class", period="month")
        self.assertEqual(
            sorted(lines.filtered("amount_now").mapped("amount_now")), [30.0, 60.0]
        )

    def test_constant_queries(self):
        """One query per period and column, however many customers there are."""
        self.env.flush_all()

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.summary._get_figures(["partner_id"], "month")
            return self.env.cr.sql_log_count - before

        few = count()
        partners = self.env["res.partner"].create(
            [{"name": f"Works {number}"} for number in range(40)]
        )
        for partner in partners:
            self._sell([(self.parts[0], 1, 1.0)], date(2026, 9, 4), partner=partner)
        self.env.flush_all()
        self.assertLessEqual(count(), few)

    def test_workbook(self):
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.clerk)
            ._render("rd_sales_admin.sales_xlsx", self.summary.ids)
        )
        self.assertEqual(kind, "xlsx")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.assertEqual(
            book.sheet_names, ["Month", "Year to date", "Year", "Comparison"]
        )
        rows = book.get_sheet_by_name("Month").to_python()
        head = next(row for row in rows if "Customer" in row)
        column = head.index("Ordered")
        self.assertEqual(rows[-1][0], "Total")
        self.assertAlmostEqual(rows[-1][column], 90.0)
        self.assertAlmostEqual(rows[-1][head.index("Ordered, plan")], 120.0)
        body = rows[rows.index(head) + 1 : -1]
        self.assertAlmostEqual(sum(row[column] for row in body), 90.0)
        compared = book.get_sheet_by_name("Comparison").to_python()
        line = next(row for row in compared if row[:2] == ["Year", "Ordered"])
        self.assertEqual(line[2:4], [210.0, 110.0])

    def test_workbook_leaves_out_whom_the_period_has_nothing_of(self):
        gift = self.env["res.partner"].create({"name": "Free Sample Ltd"})
        self._sell([(self.parts[0], 5, 0.0)], date(2026, 9, 4), partner=gift)
        self.env.flush_all()
        report = self.env["ir.actions.report"].with_user(self.clerk)
        data = report._render("rd_sales_admin.sales_xlsx", self.summary.ids)[0]
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [row[1] for row in book.get_sheet_by_name("Month").to_python()]
        self.assertIn("Outside", names)
        self.assertNotIn("Free Sample Ltd", names)

    def test_own_questions_only(self):
        found = self.env["rd.sales.summary"].with_user(self.supervisor).search([])
        self.assertFalse(found)
