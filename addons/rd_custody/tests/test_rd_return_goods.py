# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestRdReturnGoods(ReturnCommon):
    """What each decision does in stock, on the order and on the statement."""

    def _on_hand(self, part, place):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", part.id), ("location_id", "child_of", place.id)]
        )
        return sum(quants.mapped("quantity"))

    def _do(self, picking):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking._action_done()

    @property
    def _line(self):
        return self.order.order_line.filtered(lambda x: x.product_id == self.first)

    def test_credit(self):
        stock = self.warehouse.lot_stock_id
        before = self._on_hand(self.first, stock)
        record = self._settle({self.move: 4})
        receipt = record.line_ids.receipt_move_id
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "done",
                    "quantity": 4,
                    "to_refund": True,
                    "origin_returned_move_id": self.move.id,
                    "sale_line_id": self._line.id,
                }
            ],
        )
        self.assertEqual(self._line.qty_delivered, 6)
        self.assertEqual(self._on_hand(self.first, stock), before + 4)
        self.assertEqual(receipt.picking_id.rd_return_id, record)
        record.action_close()
        self.assertEqual(record.state, "closed")

    def test_several_deliveries_and_orders_in_one_record(self):
        last = self._move(self.later, self.first)
        record = self._settle({self.move: 4, last: 2})
        self.assertEqual(record.picking_ids.return_id, self.picking | self.later)
        self.assertEqual(len(record.picking_ids), 2)
        action = record.action_open_transfers()
        shown = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(shown, record.picking_ids)
        self.assertEqual(self._line.qty_delivered, 6)
        self.assertEqual(last.sale_line_id.qty_delivered, 3)

    def test_one_delivery_with_two_decisions(self):
        record = self._create_return({self.move: 3})
        record.line_ids = [Command.create({"move_id": self.move.id, "quantity": 2})]
        self._inspect(record)
        record.line_ids[0].disposition = "credit"
        record.line_ids[1].disposition = "replace"
        record.action_settle()
        receipts = record.line_ids.receipt_move_id
        self.assertEqual(len(receipts.picking_id), 1)
        self.assertEqual(receipts.mapped("quantity"), [3, 2])
        self.assertEqual(receipts.mapped("to_refund"), [True, False])
        self.assertEqual(self._line.qty_delivered, 7)

    def test_scrap(self):
        stock = self.warehouse.view_location_id
        before = self._on_hand(self.first, stock)
        record = self._settle({self.move: 4}, "scrap")
        scrap = record.line_ids.scrap_ids
        self.assertRecordValues(scrap, [{"state": "done", "scrap_qty": 4}])
        self.assertEqual(self._on_hand(self.first, stock), before)
        self.assertEqual(self._line.qty_delivered, 6, "scrap is credited")
        self.assertFalse(scrap.env.context.get("rd_guard"))

    def test_nobody_says_which_return_a_scrap_is_of(self):
        """Fails when the link is only read-only in the client."""
        line = self._settle({self.move: 4}, "scrap").line_ids
        values = {"product_id": self.first.id, "scrap_qty": 1}
        scraps = self.env["stock.scrap"]
        with self.assertRaises(UserError):
            scraps.create({**values, "rd_return_line_id": line.id})
        with self.assertRaises(UserError):
            line.scrap_ids.write({"rd_return_line_id": False})
        by_context = scraps.with_context(default_rd_return_line_id=line.id)
        self.assertFalse(by_context.create(values).rd_return_line_id)
        self.assertFalse(line.scrap_ids[0].copy().rd_return_line_id)

    def test_scrap_that_the_customer_bears(self):
        record = self._create_return({self.move: 4})
        self._inspect(record)
        record.line_ids.write({"disposition": "scrap"})
        record.line_ids.write({"is_credited": False})
        record.action_settle()
        self.assertEqual(self._line.qty_delivered, 10)

    def test_replace(self):
        """New pieces of the same order line go out without charge."""
        aside = self.warehouse._rd_get_return_location()
        record = self._settle({self.move: 4}, "replace")
        self.assertEqual(self._on_hand(self.first, aside), 4)
        self.assertEqual(self._line.qty_delivered, 10)
        out = record.picking_ids.filtered(lambda x: x.picking_type_code == "outgoing")
        self.assertEqual(out.move_ids.sale_line_id, self._line)
        self.assertEqual(out.move_ids.location_id, self.warehouse.lot_stock_id)
        with self._refused(out.name):
            record.action_close()
        self._do(out)
        self.assertEqual(self._line.qty_delivered, 10)
        self.assertEqual(out.move_ids._rd_zero_reason(False), "no_refund")
        record.action_close()
        again = self._create_return({out.move_ids: 4})
        self.assertEqual(again.line_ids.room_quantity, 4, "it may come back again")

    def test_nobody_names_the_line_of_a_movement(self):
        record = self._settle({self.move: 4}, "replace")
        line, moves = record.line_ids, record.picking_ids.move_ids
        self.assertEqual(moves.rd_return_line_id, line)
        self.assertEqual(line.follow_move_ids, moves)
        clerk = self.clerk
        for move in moves | self.move:
            value = False if move.rd_return_line_id else line.id
            with self._refused("kept by the system"):
                move.with_user(clerk).write({"rd_return_line_id": value})
        wizard = self.env["stock.return.picking"].with_user(clerk)
        wizard = wizard.create(
            {
                "picking_id": self.picking.id,
                "product_return_moves": [
                    Command.create(
                        {
                            "product_id": self.first.id,
                            "move_id": self.move.id,
                            "quantity": 1,
                            "rd_return_line_id": line.id,
                        }
                    )
                ],
            }
        )
        with self._refused("kept by the system"):
            wizard.action_create_returns()
        self.assertEqual(line.follow_move_ids, moves)

    def test_rework_goes_through_the_house_and_out_again(self):
        stock = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.first, stock, 100)
        record = self._settle({self.move: 4}, "rework")
        inside = record.picking_ids.filtered(
            lambda x: x.picking_type_code == "internal"
        )
        out = record.picking_ids.filtered(lambda x: x.picking_type_code == "outgoing")
        self.assertEqual(
            inside.move_ids.location_id, self.warehouse._rd_get_return_location()
        )
        self.assertEqual(out.state, "waiting")
        self._do(inside)
        self.assertEqual(out.state, "assigned")
        self._do(out)
        self.assertEqual(self._line.qty_delivered, 10)
        record.action_close()

    def test_send_back(self):
        record = self._settle({self.move: 4}, "send_back")
        out = record.picking_ids.filtered(lambda x: x.picking_type_code == "outgoing")
        self.assertEqual(
            out.move_ids.location_id, self.warehouse._rd_get_return_location()
        )
        self.assertEqual(out.state, "assigned")
        self._do(out)
        self.assertEqual(self._line.qty_delivered, 10)

    def test_without_a_delivery(self):
        record = self._create_return({})
        line = self.env["rd.return.line"].with_user(self.clerk)
        line = line.create(
            {"return_id": record.id, "product_id": self.first.id, "quantity": 2}
        )
        self._inspect(record)
        for disposition in ("credit", "replace"):
            with self._refused("with which delivery"):
                with self.env.cr.savepoint():
                    line.disposition = disposition
                    record.action_settle()
        line.disposition = "scrap"
        self.assertFalse(line.is_credited)
        record.action_settle()
        self.assertEqual(line.receipt_move_id.state, "done")
        self.assertEqual(line.scrap_ids.state, "done")

    def _give_back_owned(self):
        """Return the card of the customer's own stock, and how it went to him."""
        self.warehouse._rd_switch_on()
        quants = self.env["stock.quant"]
        place = self.warehouse.lot_stock_id
        quants._update_available_quantity(self.third, place, 5, owner_id=self.affiliate)
        card = self.env["rd.property"]._get_stock_card(
            self.company, self.affiliate, self.third, self.env["stock.lot"]
        )
        card._add_stock_event("receive", 5, "IN-1")
        release = self.env["rd.property.release"].create(
            {"property_id": card.id, "kind": "return", "quantity": 5}
        )
        release.action_release()
        release.action_prepare_transfer()
        out = release.picking_ids
        self._do_owned(out)
        self.assertEqual(card.quantity, 0)
        return card, out

    def test_what_belongs_to_the_customer_stays_his(self):
        """It comes back as his stock, and goes to him again by a release."""
        card, out = self._give_back_owned()
        record = self._settle({out.move_ids: 2}, "send_back")
        self.assertEqual(
            record.line_ids.receipt_move_id.move_line_ids.owner_id, self.affiliate
        )
        self.assertEqual(card.quantity, 2)
        again = record.picking_ids.filtered(lambda x: x.picking_type_code == "outgoing")
        self.assertEqual(again.move_line_ids.owner_id, self.affiliate)
        self._do_owned(again)
        self.assertEqual(card.quantity, 0)
        self.assertEqual(card.release_ids.mapped("state"), ["done", "done"])

    def test_what_belongs_to_the_customer_is_reworked_and_goes_to_him(self):
        card, out = self._give_back_owned()
        record = self._settle({out.move_ids: 2}, "rework")
        self.assertEqual(card.quantity, 2)
        inside = record.picking_ids.filtered(
            lambda x: x.picking_type_code == "internal"
        )
        self.assertEqual(inside.move_line_ids.owner_id, self.affiliate)
        again = record.picking_ids.filtered(lambda x: x.picking_type_code == "outgoing")
        self.assertEqual(again.state, "waiting")
        self._do_owned(inside)
        self.assertEqual(card.quantity, 2, "it is in the house")
        self.assertEqual(again.state, "assigned")
        self.assertEqual(again.move_line_ids.owner_id, self.affiliate)
        self._do_owned(again)
        self.assertEqual(card.quantity, 0)
        record.action_close()

    def test_what_belongs_to_the_customer_is_not_replaced(self):
        """Fails when other pieces leave for it, from a place that may hold none."""
        _card, out = self._give_back_owned()
        out.move_ids.sale_line_id = self._line
        record = self._create_return({out.move_ids: 2})
        self._inspect(record)
        record.line_ids.disposition = "replace"
        with self._refused(f"belongs to {self.affiliate.name}"):
            record.action_settle()
        self.assertFalse(record.picking_ids)

    def _do_owned(self, picking):
        picking.action_confirm()
        picking.move_ids.picked = True
        picking._action_done()

    def test_owned_goods_are_not_scrapped_without_their_owner(self):
        self.test_what_belongs_to_the_customer_stays_his()
        out = self.env["stock.move"].search(
            [
                ("product_id", "=", self.third.id),
                ("location_dest_id.usage", "=", "customer"),
            ],
            limit=1,
        )
        record = self._create_return({out: 2})
        self._inspect(record)
        record.line_ids.disposition = "scrap"
        with self._refused("released"):
            record.action_settle()

    # ------------------------------------------------------------------
    # The statement
    # ------------------------------------------------------------------
    def _statement(self, month=date(2026, 10, 1)):
        if "rd.statement" not in self.env:
            self.skipTest("needs the statements")
        self.env["rd.opening"]._ensure(self.company)
        close = self.env["rd.close"].search(
            [("company_id", "=", self.company.id), ("month", "=", month)]
        ) or self._open_close(month)
        return self.env["rd.statement"]._build(close, self.affiliate)

    def test_credit_reaches_the_open_statement_by_itself(self):
        before = self._statement()
        with freeze_time("2026-10-12 04:00:00"):
            record = self._settle({self.move: 4})
        statement = self._statement()
        self.assertEqual(statement, before)
        line = statement.line_ids.filtered(
            lambda item: item.move_id == record.line_ids.receipt_move_id
        )
        delivered = statement.line_ids.filtered(lambda item: item.move_id == self.move)
        self.assertRecordValues(
            line,
            [{"note": record.name, "quantity": -4, "price_unit": delivered.price_unit}],
        )

    def test_what_comes_back_later_stands_in_the_later_period(self):
        """The period of the delivery keeps what it says."""
        october = self._statement()
        before = (october.line_ids.mapped("quantity"), october.amount_total)
        with freeze_time("2026-11-05 04:00:00"):
            record = self._settle({self.move: 4})
        november = self._statement(date(2026, 11, 1))
        self._statement()
        after = (october.line_ids.mapped("quantity"), october.amount_total)
        self.assertEqual(after, before)
        self.assertEqual(november.line_ids.move_id, record.line_ids.receipt_move_id)

    def test_what_is_replaced_costs_nothing(self):
        with freeze_time("2026-10-12 04:00:00"):
            record = self._settle({self.move: 4}, "replace")
            self._do(record.picking_ids.filtered(lambda x: x.state != "done"))
        statement = self._statement()
        lines = statement.line_ids.filtered(
            lambda item: item.move_id in record.picking_ids.move_ids
        )
        self.assertEqual(len(lines), 2)
        self.assertEqual(set(lines.mapped("zero_reason")), {"no_refund"})
        self.assertFalse(any(lines.mapped("amount_untaxed")))
