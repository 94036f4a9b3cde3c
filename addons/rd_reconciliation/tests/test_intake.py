# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.intake_common import IntakeCases

from .common import ReconciliationCommon

OPENING = "Order,Order line,Part number,Quantity not invoiced,Reason"
CARRIED = (
    "Order,Order line,Part number,Quantity in dispute,Carried for (periods),"
    "What is in dispute"
)
FAPIAO = (
    "Number,Invoice date,Customer,Untaxed amount,Tax amount,Our invoices,Sent on,"
    "Received on,Received by,Invoice code"
)


@tagged("post_install", "-at_install")
class TestIntakeOpening(IntakeCases, ReconciliationCommon):
    """The desk's own list of what is open, against the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        part = cls.parts[0]
        cls.order = cls._create_order(
            [(part, 100, 10.0), (cls.parts[1], 50, 25.5)], client_order_ref="PO-77"
        )
        quantities = {part: 20, cls.parts[1]: 10}
        cls._deliver(cls.order, quantities, "DN-0", date(2026, 8, 10))

    def _line(self, part):
        lines = self.env["rd.opening"]._ensure(self.company).line_ids
        return lines.filtered(lambda one: one.sale_line_id.product_id == part)


@tagged("post_install", "-at_install")
class TestIntakeDelivered(TestIntakeOpening):
    """What was delivered and not invoiced."""

    def test_compared_with_the_books(self):
        name = self.order.name
        record = self._hand_in(
            "opening",
            OPENING,
            f"{name},,P-100,20,",
            "PO-77,,P-200,8,two were lost",
            "PO-77,,P-300,8,",
            "PO-99,,P-100,8,",
        )
        self.assertEqual(self._verdicts(record), ["known", "ready", "mend", "mend"])
        self.assertIn("column “Part number”", self._message(record, 4))
        self.assertIn("column “Order”", self._message(record, 5))
        record.action_take()
        line = self._line(self.parts[1])
        self.assertEqual((line.quantity, line.reason), (8, "two were lost"))
        self.assertEqual(self._line(self.parts[0]).quantity, 20)

    def test_reason_in_the_remarks(self):
        record = self._hand_in(
            "opening",
            "客户订单号,品号,已送未开票数量,备注,品名",
            "PO-77,P-200,8,客户已退两件,壳体",
        )
        self.assertEqual(self._verdicts(record), ["ready"])
        self.assertEqual(record.foreign_note, "品名")
        record.action_take()
        self.assertEqual(self._line(self.parts[1]).reason, "客户已退两件")

    def test_list_with_both_numbers(self):
        """Fails when a list that has our number beside the customer's is refused."""
        record = self._hand_in(
            "opening",
            "销售订单号,客户订单号,料号,客户料号,未开票数量,原因",
            f"{self.order.name},PO-77,P-200,NW-2,8,客户已退两件",
            ",PO-77,P-100,NW-1,20,",
        )
        self.assertEqual(self._verdicts(record), ["ready", "known"])
        self.assertFalse(record.foreign_note)
        with self.assertRaisesRegex(UserError, "two columns that both mean"):
            self._hand_in(
                "opening", "销售订单号,订单号,料号,未开票数量", "A,PO-77,P-100,20"
            )
        with self.assertRaisesRegex(UserError, "two columns that both mean"):
            self._hand_in(
                "opening",
                "订单号,料号,客户料号,对方料号,未开票数量",
                "PO-77,P-100,A,B,20",
            )

    def test_what_is_refused(self):
        record = self._hand_in(
            "opening",
            OPENING,
            "PO-77,,P-200,8,",
            "PO-77,,P-100,21,",
            "PO-77,,P-100,-1,",
        )
        self.assertEqual(self._verdicts(record), ["mend"] * 3)
        self.assertIn("say why 8 instead of 10", self._message(record, 2))
        self.assertIn("Odoo knows of 20 delivered", self._message(record, 3))
        self.assertIn("cannot be below zero", self._message(record, 4))

    def test_approved_list_does_not_change(self):
        self.env["rd.opening"]._ensure(self.company).action_approve()
        record = self._hand_in(
            "opening", OPENING, "PO-77,,P-200,8,lost", "PO-77,,P-100,20,"
        )
        self.assertEqual(self._verdicts(record), ["mend", "known"])
        self.assertIn("is approved and does not change", self._message(record, 2))

    def test_no_start_date(self):
        self.company.rd_start_date = False
        record = self._hand_in("opening", OPENING, "PO-77,,P-200,8,lost")
        self.assertIn("day on which the desk starts", self._message(record, 2))

    def test_part_twice_in_an_order(self):
        part = self.parts[2]
        order = self._create_order(
            [(part, 9, 1.0), (part, 9, 1.0)], client_order_ref="PO-78"
        )
        order.order_line[0].rd_customer_line = "10"
        order.order_line[1].rd_customer_line = "20"
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity = 9
            move.picked = True
        picking._action_done()
        picking.date_done = "2026-08-12 04:00:00"
        record = self._hand_in(
            "opening", OPENING, "PO-78,,P-300,5,lost", "PO-78,20,P-300,5,lost"
        )
        self.assertEqual(self._verdicts(record), ["mend", "ready"])
        self.assertIn("2 lines of the order fit", self._message(record, 2))


@tagged("post_install", "-at_install")
class TestIntakeCarried(TestIntakeOpening):
    """What was carried from month to month keeps its age."""

    def test_age_goes_on(self):
        record = self._hand_in(
            "carried", CARRIED, "PO-77,,P-100,5,3,weighed short", "PO-77,,P-200,99,1,x"
        )
        self.assertEqual(self._verdicts(record), ["ready", "mend"])
        self.assertIn("at most 10", self._message(record, 3))
        record.action_take()
        line = self._line(self.parts[0])
        self.assertEqual((line.carried_quantity, line.carried_periods), (5, 3))
        line.opening_id.action_approve()
        statement = self._build(self._open_close(date(2026, 9, 1)))
        lines = statement.line_ids.filtered(
            lambda one: one.sale_line_id.product_id == self.parts[0]
        ).sorted("qty_from")
        self.assertEqual(lines.mapped("quantity"), [5, 15])
        self.assertEqual(lines.mapped("carried_age"), [3, 0])
        again = self._hand_in(
            "carried", CARRIED, "PO-77,,P-100,5,3,weighed short", "PO-77,,P-100,5,0,x"
        )
        self.assertEqual(self._verdicts(again), ["known", "mend"])

    def test_nobody_writes_an_age(self):
        line = self._line(self.parts[0])
        with self.assertRaisesRegex(UserError, "kept by the system"):
            self._rpc_write(line, {"carried_periods": 7})

    def _rpc_write(self, records, vals):
        lines = self.env[records._name].with_user(self.clerk)
        return call_kw(lines, "write", [records.ids, vals], {})


@tagged("post_install", "-at_install")
class TestIntakeFapiao(IntakeCases, ReconciliationCommon):
    """Tax invoices of before the first day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._create_user("finance")
        cls.move = cls.init_invoice(
            "out_invoice", partner=cls.affiliate, amounts=[1000.0], taxes=cls.tax
        )
        cls.move.invoice_date = date(2026, 8, 1)
        cls.move.action_post()

    def _take(self, *rows):
        return self._hand_in("fapiao", FAPIAO, *rows, user=self.finance)

    def _row(self, number="12345678", **values):
        cells = {
            "date": "2026-08-05",
            "partner": "Northern Works",
            "untaxed": "1000",
            "tax": "130",
            "moves": self.move.name,
            "sent": "",
            "received": "",
            "by": "",
            "code": "",
            **values,
        }
        return ",".join((number, *cells.values()))

    def test_received_ones(self):
        record = self._take(
            self._row(sent="2026-08-06", received="2026-08-08", by="Ms Lin")
        )
        self.assertEqual(self._verdicts(record), ["ready"], record.row_ids.message)
        record.action_take()
        fapiao = self.env["rd.fapiao"].search([("number", "=", "12345678")])
        self.assertEqual(fapiao.state, "received")
        self.assertEqual(fapiao.received_date, date(2026, 8, 8))
        self.assertEqual(fapiao.days_to_deliver, 3)
        self.assertEqual(fapiao.move_ids, self.move)
        self.assertEqual(fapiao.proof_ids.name, "list.csv")
        again = self._take(self._row(), self._row("87654321"))
        self.assertEqual(self._verdicts(again), ["known", "mend"])
        self.assertIn("would come to more than", self._message(again, 3))

    def test_what_is_refused(self):
        cases = {
            self._row("123"): "neither 8 nor 20 digits",
            self._row(moves="INV/9"): "no posted invoice has the number",
            self._row("12345679", partner="Nobody"): "no contact is called",
            self._row("12345670", received="2026-08-08"): "say who received it",
            self._row("12345671", sent="2026-08-01"): "does not lie between",
            self._row("12345672", date="2100-01-01"): "lies in the future",
            self._row("12345673", untaxed="1000.02"): "would come to more than",
            self._row("12345674", partner="Southern"): "an invoice of Northern Works",
            self._row("12345675", code="310022113"): "neither 10 nor 12 digits",
            self._row("12345676"): "stands in the register at",
        }
        self.env["res.partner"].create({"name": "Southern", "is_company": True})
        self.env["rd.fapiao"].with_user(self.finance).create(
            {
                "partner_id": self.affiliate.id,
                "number": "12345676",
                "amount_untaxed": 900,
                "amount_tax": 117,
            }
        )
        record = self._take(*cases)
        for number, (row, words) in enumerate(cases.items(), start=2):
            with self.subTest(row=row):
                self.assertIn(words, self._message(record, number))

    def test_two_for_one_invoice(self):
        record = self._take(
            self._row("12345678", untaxed="600", tax="78"),
            self._row("12345679", untaxed="400", tax="52"),
            self._row("12345670", untaxed="1", tax="0"),
        )
        self.assertEqual(self._verdicts(record), ["ready", "ready", "mend"])
        record.action_take()
        self.assertEqual(len(self.move.rd_fapiao_ids), 2)

    def test_only_finance(self):
        with self.assertRaisesRegex(AccessError, "is taken over by: Finance"):
            self._hand_in("fapiao", FAPIAO, self._row(), user=self.clerk)


@tagged("post_install", "-at_install")
class TestIntakeSettings(IntakeCases, ReconciliationCommon):
    """What this add-on adds to the settings of a customer."""

    def setUp(self):
        super().setUp()
        manager = self.env.ref("base.group_partner_manager")
        for user in (self.clerk, self.supervisor):
            user.group_ids |= manager

    def test_tolerance(self):
        head = "Customer,Tolerance per line,Tax invoices go by"
        row = "Northern Works,0.05,Courier"
        record = self._hand_in("partner", head, row)
        self.assertIn("only the supervisor sets it", self._message(record, 2))
        record.action_cancel()
        self._hand_in("partner", head, row, user=self.supervisor).action_take()
        found = self.env["rd.match.tolerance"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertEqual(found.tolerance, 0.05)
        self.assertEqual(self.affiliate.rd_fapiao_way, "courier")
        again = self._hand_in("partner", head, "northern works,0.05,Courier")
        self.assertEqual(self._verdicts(again), ["known"])
        row = "Northern Works,0.10,"
        self._hand_in("partner", head, row, user=self.supervisor).action_take()
        self.assertEqual(found.tolerance, 0.10)
        row = "Northern Works,-0.10,"
        record = self._hand_in("partner", head, row, user=self.supervisor)
        self.assertIn("cannot be below zero", self._message(record, 2))

    def test_missing(self):
        self.affiliate.email = False
        order = self._create_order([(self.parts[0], 10, 10.0)])
        self._deliver(order, {self.parts[0]: 5}, "DN-0", date(2026, 8, 10))
        opening = self.env["rd.opening"]._ensure(self.company)
        page = self.env["rd.first.day"].with_user(self.clerk)
        missing = {one["code"]: one for one in page.read_page()["missing"]}
        self.assertEqual(missing["opening"]["rows"][0]["action"]["res_id"], opening.id)
        self.assertIn("addresses", missing)
        opening.with_user(self.supervisor).action_approve()
        self.affiliate.email = "books@northern.example.com"
        codes = {one["code"] for one in page.read_page()["missing"]}
        self.assertFalse(codes & {"opening", "addresses"})
