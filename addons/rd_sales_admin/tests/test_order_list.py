# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import DeskCommon

HEAD = "订单号,行项目,料号,品名,单位,数量,未税单价,交货日期\n"
ROWS = (
    "PO-7,10,P-100,Jig,Units,5,10.00,2026-12-10\n"
    "PO-7,20,P-200,Bush,Units,2,25.50,2026-12-12\n"
    "PO-8,10,P-300,Pin,Units,100,0.34,2026-12-20\n"
)


@tagged("post_install", "-at_install")
class TestOrderList(DeskCommon):
    """A customer's order list becomes quotations: all of it or nothing."""

    def _hand_in(self, rows, head=HEAD, basis="excluded"):
        record = (
            self.env["rd.order.list"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.affiliate.id,
                    "company_id": self.company.id,
                    "file": base64.b64encode((head + rows).encode()),
                    "filename": "orders.csv",
                }
            )
        )
        record.action_check()
        if record.layout_state == "asked":
            record.layout_tax_basis = basis
            record.action_accept_layout()
        return record

    def _verdicts(self, record):
        return record.line_ids.sorted("row").mapped("verdict")

    def test_list_becomes_quotations(self):
        record = self._hand_in(ROWS)
        self.assertEqual(record.state, "checked")
        self.assertEqual(self._verdicts(record), ["ready"] * 3)
        record.action_apply()
        self.assertEqual(record.state, "applied")
        orders = record.order_ids.sorted("client_order_ref")
        self.assertEqual(orders.mapped("client_order_ref"), ["PO-7", "PO-8"])
        self.assertEqual(orders[0].order_line.mapped("product_uom_qty"), [5, 2])
        self.assertEqual(orders[0].order_line.mapped("price_unit"), [10, 25.5])
        self.assertEqual(orders[0].order_line.mapped("rd_customer_line"), ["10", "20"])
        self.assertEqual(
            str(self.company._rd_local_date(orders[0].commitment_date)), "2026-12-10"
        )
        self.assertEqual(orders.mapped("state"), ["draft", "draft"])
        self.assertEqual(orders.mapped("rd_order_stage"), ["quotation", "quotation"])
        self.assertEqual((record.open_count, record.order_count), (0, 2))
        self.assertEqual(self._verdicts(record), ["taken"] * 3)
        record.action_apply()
        self.assertEqual(len(record.order_ids), 2, "a repeat is harmless")

    def test_same_file_twice(self):
        self._hand_in(ROWS)
        with self.assertRaisesRegex(UserError, "handed in on"):
            self._hand_in(ROWS)

    def test_unknown_part_is_asked_and_nothing_half_written(self):
        record = self._hand_in(ROWS + "PO-8,20,X-9,Plate,Units,1,3.00,2026-12-20\n")
        self.assertEqual(self._verdicts(record)[3], "unknown")
        orders = self.env["sale.order"].search_count([])
        with self.assertRaisesRegex(
            UserError, "1 rows of orders.csv .* row 5: No part"
        ):
            record.action_apply()
        self.assertEqual(self.env["sale.order"].search_count([]), orders)
        self.assertEqual(record.state, "checked")
        wizard = self.env["rd.order.list.answer"].with_user(self.clerk)
        wizard = wizard.create({"line_id": record.line_ids.sorted("row")[3].id})
        with self.assertRaisesRegex(UserError, "Choose the part"):
            wizard.action_learn()
        wizard.write({"product_id": self.parts[0].id, "factor": 10})
        wizard.action_learn()
        alias = self.env["rd.part.alias"].search([("code", "=", "X-9")])
        self.assertEqual((alias.product_id, alias.factor), (self.parts[0], 10))
        last = record.line_ids.sorted("row")[3]
        self.assertEqual((last.our_quantity, last.order_price), (10, 0.3))
        self.assertEqual(last.verdict, "price")
        last.action_take_ours()
        record.action_apply()
        self.assertEqual(len(record.order_ids.order_line), 4)
        added = last.sale_line_id
        self.assertEqual((added.product_uom_qty, added.price_unit), (10, 10))

    def test_price_is_checked(self):
        record = self._hand_in(ROWS.replace("25.50", "24.00"))
        row = record.line_ids.sorted("row")[1]
        self.assertEqual((row.verdict, record.open_count), ("price", 1))
        self.assertIn("They write 24, agreed is 25.5", row.message)
        with self.assertRaisesRegex(UserError, "row 3"):
            record.action_apply()
        row.action_take_theirs()
        self.assertEqual(row.verdict, "ready")
        record.action_apply()
        self.assertEqual(row.sale_line_id.price_unit, 24)

    def test_agreed_price_is_asked_of_the_one_who_knows(self):
        line_class = type(self.env["sale.order.line"])
        self.patch(line_class, "_rd_get_agreed_price", lambda line, day: (9, "C-1"))
        record = self._hand_in(ROWS)
        self.assertEqual(set(record.line_ids.mapped("price_source")), {"C-1"})
        self.assertEqual(self._verdicts(record), ["price"] * 3)

    def test_tax_in_their_price(self):
        record = self._hand_in(
            ROWS.replace("10.00", "11.30")
            .replace("25.50", "28.82")
            .replace("0.34", "0.38"),
            HEAD.replace("未税单价", "含税单价"),
            "included",
        )
        self.assertEqual(record.profile_id.tax_basis, "included")
        self.assertEqual(self._verdicts(record), ["ready"] * 3)

    def test_no_price(self):
        self.parts[0].lst_price = 0
        record = self._hand_in(ROWS)
        self.assertEqual(self._verdicts(record), ["no_price", "ready", "ready"])

    def test_what_a_row_does_not_ask_is_not_answered(self):
        self.parts[0].lst_price = 0
        record = self._hand_in(ROWS.replace("10.00", ""))
        first, second = record.line_ids.sorted("row")[:2]
        with self.assertRaisesRegex(UserError, "Row 2 bears no price of theirs"):
            first.action_take_theirs()
        self.assertFalse(first.decision)
        with self.assertRaisesRegex(UserError, "Row 3 of orders.csv does not wait"):
            second.action_take_ours()
        self.assertEqual((second.verdict, second.decision), ("ready", False))

    def test_ordered_before(self):
        self._hand_in(ROWS).action_apply()
        record = self._hand_in(
            ROWS.replace(",5,10.00", ",6,10.00") + "PO-9,10,P-100,Jig,Units,1,10,\n"
        )
        self.assertEqual(self._verdicts(record), ["changed", "known", "known", "ready"])
        changed = record.line_ids.sorted("row")[0]
        self.assertIn("has 5 of", changed.message)
        with self.assertRaisesRegex(UserError, "why"):
            changed.action_dismiss()
        changed.action_dismiss("told by phone")
        record.action_apply()
        self.assertEqual(record.order_ids.client_order_ref, "PO-9")
        again = self._hand_in(ROWS + "PO-9,10,P-100,Jig,Units,1,10,\n")
        self.assertEqual(self._verdicts(again), ["known"] * 4)
        with self.assertRaisesRegex(UserError, "orders.csv orders nothing new"):
            again.action_apply()
        self.assertEqual(again.state, "checked")

    def test_whose_list_it_is_may_change_until_it_is_read(self):
        record = (
            self.env["rd.order.list"]
            .with_user(self.clerk)
            .create(
                {
                    "partner_id": self.partner_a.id,
                    "company_id": self.company.id,
                    "file": base64.b64encode((HEAD + ROWS).encode()),
                    "filename": "orders.csv",
                }
            )
        )
        record.partner_id = self.affiliate
        record.action_check()
        self.assertEqual(record.profile_id.partner_id, self.affiliate)
        with self.assertRaisesRegex(UserError, "has been read; hand the other file"):
            record.partner_id = self.partner_a

    def test_an_order_typed_without_their_line_numbers_is_known(self):
        lines = [(self.parts[0], 5, 10.0), (self.parts[1], 3, 25.5)]
        order = self._create_order(lines, client_order_ref="PO-7")
        record = self._hand_in(ROWS)
        self.assertEqual(self._verdicts(record), ["known", "changed", "ready"])
        # where theirs has its number, another one is another line
        order.order_line[0].rd_customer_line = "30"
        record.action_recheck()
        self.assertEqual(self._verdicts(record), ["ready", "changed", "ready"])

    def test_rows_without_an_order_of_theirs_are_new(self):
        self._create_order([(self.parts[0], 5, 10.0)])
        record = self._hand_in(
            "P-100,Jig,Units,5,10.00\n", "料号,品名,单位,数量,未税单价\n"
        )
        self.assertEqual(self._verdicts(record), ["ready"])

    def test_a_row_is_left_out_by_its_answer(self):
        record = self._hand_in(ROWS + "PO-8,20,X-9,Plate,Units,1,3.00,2026-12-20\n")
        row = record.line_ids.sorted("row")[3]
        wizard = self.env["rd.order.list.answer"].with_user(self.clerk)
        wizard = wizard.with_context(active_id=row.id).create({"reason": "a mistake"})
        wizard.action_dismiss()
        self.assertEqual((row.verdict, row.answer), ("dismissed", "a mistake"))
        record.action_apply()
        self.assertEqual(len(record.order_ids.order_line), 3)

    def test_open_orders_as_people_keep_them(self):
        """What is still to come is ordered; nothing where all was delivered."""
        head = "采购订单号,行号,物料编码,订单数量,已交数量,未交数量,单位,单价(不含税)\n"
        rows = (
            "PO-7,10,P-100,20,15,5,件,10.00\nPO-7,20,P-200,9,9,0,PCS,25.5\n"
            "PO-8,10,P-300,100,0,100,个,0.34\nPO-8,20,X-9,4,4,0,千只,3\n"
        )
        record = self._hand_in(rows, head)
        self.assertEqual(record.layout_state, "known", "nothing is asked")
        self.assertEqual(self._verdicts(record), ["ready", "known", "ready", "known"])
        figures = record.line_ids.sorted("row").mapped("quantity")
        self.assertEqual(figures, [5, 0, 100, 0])
        record.action_apply()
        orders = record.order_ids
        orders.action_confirm()
        line = orders.order_line.filtered(lambda one: one.product_uom_qty == 100)
        picking = line.move_ids.picking_id
        picking.move_ids.write({"quantity": 40, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(line.qty_delivered, 40)
        later = self._hand_in(rows.replace(",0,100,个", ",40,60,个"), head)
        self.assertEqual(self._verdicts(later), ["known"] * 4)

    def test_wrong_unit_and_quantity(self):
        record = self._hand_in(
            "PO-7,10,P-100,Jig,千只,5,10,\nPO-7,20,P-200,Bush,Units,-2,25.5,\n"
        )
        self.assertEqual(self._verdicts(record), ["refused", "refused"])

    def test_two_parts_of_one_number(self):
        self._create_part("P-100", 3.0)
        record = self._hand_in(ROWS)
        row = record.line_ids.sorted("row")[0]
        self.assertEqual(row.verdict, "unknown")
        self.assertIn("several of our parts", row.message)

    def test_own_profile_beside_the_ledger(self):
        ledger = self.env["rd.ledger.profile"].create(
            {"name": "Ledger", "partner_id": self.affiliate.id}
        )
        record = self._hand_in(ROWS)
        self.assertNotEqual(record.profile_id, ledger)
        self.assertEqual(record.profile_id.purpose, "orders")

    def test_rows_are_guarded(self):
        record = self._hand_in(ROWS)
        rows = record.line_ids.with_user(self.clerk)
        for values in ({"verdict": "ready"}, {"order_price": 1}, {"quantity": 9}):
            with self.assertRaises(UserError, msg=values):
                rows[0].write(values)
        with self.assertRaises(UserError):
            rows[0].unlink()
        with self.assertRaises(UserError):
            rows[0].action_take_theirs()
        for values in ({"state": "applied"}, {"file": b"eA=="}, {"sha256": "x"}):
            with self.assertRaises(UserError, msg=values):
                record.with_user(self.clerk).write(values)

    def test_roles(self):
        record = self._hand_in(ROWS)
        for role in ("auditor", "salesperson"):
            user = self._create_user(role)
            for method in ("action_check", "action_apply", "action_cancel"):
                with self.assertRaises(AccessError, msg=(role, method)):
                    call_kw(
                        self.env["rd.order.list"].with_user(user),
                        method,
                        [record.ids],
                        {},
                    )
        for role in ("floor", "warehouse"):
            user = self._create_user(role)
            with self.assertRaises(AccessError, msg=role):
                record.with_user(user).read(["filename"])

    def test_queries_do_not_grow_with_the_rows(self):
        def count(number):
            rows = "".join(
                f"PO-{number},{index},P-{(index % 3 + 1) * 100},x,Units,1,,\n"
                for index in range(1, number + 1)
            )
            record = self._hand_in(rows)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            record.action_recheck()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(5)
        few, many = count(10), count(1000)
        # Odoo itself writes changed rows by the hundred.
        self.assertLessEqual(many, few + 10)
