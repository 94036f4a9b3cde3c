# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Each path on which stock Odoo lets an owner's goods go, and that it is closed.

A warehouse whose guard is off behaves as Odoo does without us: every path is walked
there as well, so that a test says what the guard is for.
"""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .. import uninstall_hook
from .common import CustodyCommon
from .test_rd_property_check import picture


class GuardCommon(CustodyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("stock.group_tracking_owner")
        cls.part = cls._create_product()
        cls.guarded = cls._create_warehouse("Guarded", "GRD", True)
        cls.plain = cls._create_warehouse("As Odoo", "ODO", False)
        cls.customer = cls.env.ref("stock.stock_location_customers")
        cls.supplier = cls.env.ref("stock.stock_location_suppliers")
        for warehouse in (cls.guarded, cls.plain):
            cls._receive(warehouse, 10.0)

    @classmethod
    def _create_product(cls, **values):
        return cls.env["product.product"].create(
            {
                "name": "Sealing ring",
                "type": "consu",
                "is_storable": True,
                "standard_price": 4.0,
                **values,
            }
        )

    @classmethod
    def _create_warehouse(cls, name, code, guarded):
        warehouse = cls.env["stock.warehouse"].create({"name": name, "code": code})
        if not guarded:
            warehouse.rd_owner_guard = False
        return warehouse

    @classmethod
    def _receive(cls, warehouse, quantity, owner="owner", product=None, lot=None):
        partner = getattr(cls, owner) if owner else cls.env["res.partner"]
        picking = cls._prepare(
            warehouse.in_type_id, cls.supplier, warehouse.lot_stock_id, owner=partner
        )
        return cls._move(picking, quantity, owner=partner, product=product, lot=lot)

    @classmethod
    def _prepare(cls, kind, source, destination, owner=None):
        return cls.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "owner_id": owner.id if owner else False,
                "partner_id": cls.other_owner.id,
            }
        )

    @classmethod
    def _move(cls, picking, quantity, owner=None, product=None, lot=None):
        """Make the line by hand, as the detailed operations do, and validate."""
        product = product or cls.part
        cls.env["stock.move.line"].create(
            {
                "picking_id": picking.id,
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "quantity": quantity,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "owner_id": owner.id if owner else False,
                "lot_id": lot.id if lot else False,
            }
        )
        picking.button_validate()
        return picking

    def _ask(self, warehouse, quantity, kind=None, destination=None):
        """Return a delivery of the part as a sales order makes it."""
        picking = self._prepare(
            kind or warehouse.out_type_id,
            warehouse.lot_stock_id,
            destination or self.customer,
        )
        self.env["stock.move"].create(
            {
                "product_id": self.part.id,
                "product_uom_qty": quantity,
                "product_uom": self.part.uom_id.id,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.action_confirm()
        return picking

    def _held(self, warehouse, owner="owner", product=None):
        """Return what the quants say that an owner has in a warehouse (0: we)."""
        partner = getattr(self, owner).id if owner else False
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT COALESCE(sum(quant.quantity), 0)
              FROM stock_quant quant
              JOIN stock_location place ON place.id = quant.location_id
             WHERE place.usage IN ('internal', 'transit')
               AND place.warehouse_id = %s AND quant.product_id = %s
               AND quant.owner_id IS NOT DISTINCT FROM %s
            """,
            (warehouse.id, (product or self.part).id, partner or None),
        )
        return float(self.env.cr.fetchone()[0])

    def _card(self, product=None, lot=None):
        return self.env["rd.property"].search(
            [
                ("product_id", "=", (product or self.part).id),
                ("partner_id", "=", self.owner.id),
                ("lot_id", "=", lot.id if lot else False),
            ]
        )


@tagged("post_install", "-at_install")
class TestOwnerGuard(GuardCommon):
    # ------------------------------------------------------------------
    # Each path, as Odoo has it and guarded
    # ------------------------------------------------------------------
    def test_reservation(self):
        picking = self._ask(self.plain, 3.0)
        picking.action_assign()
        self.assertEqual(picking.move_ids.quantity, 3.0, "Odoo reserves them")
        picking = self._ask(self.guarded, 3.0)
        picking.action_assign()
        self.assertFalse(picking.move_ids.quantity)
        self.assertFalse(picking.move_line_ids)

    def test_quantity_typed_on_the_move(self):
        picking = self._ask(self.plain, 3.0)
        picking.move_ids.write({"quantity": 3.0, "picked": True})
        picking._action_done()
        self.assertEqual(self._held(self.plain), 7.0, "Odoo ships them")
        picking = self._ask(self.guarded, 3.0)
        picking.move_ids.write({"quantity": 3.0, "picked": True})
        with self.assertRaisesRegex(UserError, "belong"):
            picking._action_done()

    def test_manual_line_with_owner(self):
        picking = self._prepare(
            self.plain.out_type_id, self.plain.lot_stock_id, self.customer
        )
        self._move(picking, 3.0, owner=self.owner)
        self.assertEqual(self._held(self.plain), 7.0, "Odoo ships them")
        picking = self._prepare(
            self.guarded.out_type_id, self.guarded.lot_stock_id, self.customer
        )
        with self.assertRaisesRegex(UserError, "belong to Owner A and may leave only"):
            self._move(picking, 3.0, owner=self.owner)

    def test_manual_line_without_owner(self):
        picking = self._prepare(
            self.plain.out_type_id, self.plain.lot_stock_id, self.customer
        )
        self._move(picking, 3.0)
        self.assertEqual(self._held(self.plain, None), -3.0, "Odoo goes below zero")
        picking = self._prepare(
            self.guarded.out_type_id, self.guarded.lot_stock_id, self.customer
        )
        with self.assertRaisesRegex(UserError, "is not ours"):
            self._move(picking, 3.0)

    def test_two_lines_that_are_short_together(self):
        """Each line alone is covered by our own stock, both are not."""
        self._receive(self.guarded, 4.0, owner=None)
        picking = self._prepare(
            self.guarded.out_type_id, self.guarded.lot_stock_id, self.customer
        )
        self.env["stock.move.line"].create(
            [
                {
                    "picking_id": picking.id,
                    "product_id": self.part.id,
                    "quantity": 3.0,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            ]
            * 2
        )
        with self.assertRaisesRegex(UserError, "take the 2.0"):
            picking.button_validate()

    def test_own_stock_beside_it_leaves_freely(self):
        self._receive(self.guarded, 4.0, owner=None)
        picking = self._ask(self.guarded, 4.0)
        picking.action_assign()
        self.assertEqual(picking.move_ids.quantity, 4.0)
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(self._held(self.guarded, None), 0.0)
        self.assertEqual(self._held(self.guarded), 10.0)

    def test_own_stock_may_go_below_zero_where_nobody_has_any(self):
        """What Odoo allows for our own goods stays as it is."""
        other = self._create_product(name="Our ring")
        picking = self._prepare(
            self.guarded.out_type_id, self.guarded.lot_stock_id, self.customer
        )
        self._move(picking, 2.0, product=other)
        self.assertEqual(self._held(self.guarded, None, other), -2.0)

    def _scrap(self, warehouse, owner):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.part.id,
                "scrap_qty": 2.0,
                "location_id": warehouse.lot_stock_id.id,
                "owner_id": owner and owner.id,
            }
        )
        scrap.do_scrap()

    def test_scrap(self):
        self._scrap(self.plain, self.owner)
        self.assertEqual(self._held(self.plain), 8.0, "Odoo scraps them")
        with self.assertRaisesRegex(UserError, "may leave only"):
            self._scrap(self.guarded, self.owner)
        with self.assertRaisesRegex(UserError, "is not ours"):
            self._scrap(self.guarded, False)

    def _count(self, warehouse, quantity, owner):
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quants.create(
            {
                "product_id": self.part.id,
                "location_id": warehouse.lot_stock_id.id,
                "owner_id": owner and owner.id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    def test_inventory_count(self):
        self._count(self.plain, 6.0, self.owner)
        self.assertEqual(self._held(self.plain), 6.0, "Odoo counts them away")
        with self.assertRaisesRegex(UserError, "may leave only"):
            self._count(self.guarded, 6.0, self.owner)

    def test_counted_as_ours(self):
        """Nobody can count an owner's goods over to us."""
        self._count(self.plain, 0.0, self.owner)
        self._count(self.plain, 10.0, False)
        self.assertEqual(self._held(self.plain, None), 10.0, "Odoo makes them ours")
        with self.assertRaises(UserError):
            self._count(self.guarded, 0.0, self.owner)

    def test_found_more_enters_the_card(self):
        self._count(self.guarded, 12.0, self.owner)
        self.assertEqual(self._card().quantity, 12.0)

    def test_internal_transfer(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.plain.lot_stock_id.id}
        )
        self.plain.int_type_id.active = True
        picking = self._ask(self.plain, 3.0, self.plain.int_type_id, shelf)
        picking.action_assign()
        self.assertEqual(picking.move_ids.quantity, 3.0, "Odoo takes them")
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.guarded.lot_stock_id.id}
        )
        self.guarded.int_type_id.active = True
        picking = self._ask(self.guarded, 3.0, self.guarded.int_type_id, shelf)
        picking.action_assign()
        self.assertFalse(picking.move_ids.quantity)

    def test_internal_transfer_of_the_owners_goods_moves_the_card(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf 7", "location_id": self.guarded.lot_stock_id.id}
        )
        picking = self._prepare(
            self.guarded.int_type_id, self.guarded.lot_stock_id, shelf
        )
        self._move(picking, 10.0, owner=self.owner)
        self.assertIn("Shelf 7", self._card().place)
        self.assertEqual(self._card().quantity, 10.0)

    def test_transfer_to_where_nothing_is_guarded(self):
        picking = self._prepare(
            self.guarded.int_type_id,
            self.guarded.lot_stock_id,
            self.plain.lot_stock_id,
        )
        with self.assertRaisesRegex(UserError, "switch the guard on there first"):
            self._move(picking, 3.0, owner=self.owner)

    def test_pick_and_ship(self):
        for warehouse, taken in ((self.plain, 3.0), (self.guarded, 0.0)):
            warehouse.delivery_steps = "pick_ship"
            picking = self._ask(
                warehouse,
                3.0,
                warehouse.pick_type_id,
                warehouse.wh_output_stock_loc_id,
            )
            picking.action_assign()
            self.assertEqual(picking.move_ids.quantity, taken, warehouse.name)

    def test_return_of_a_receipt(self):
        receipt = self._receive(self.guarded, 5.0)
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=receipt.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 5.0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertFalse(back.move_ids.quantity, "nothing of an owner is reserved")
        back.move_ids.write({"quantity": 5.0, "picked": True})
        with self.assertRaises(UserError):
            back._action_done()
        back.move_line_ids.owner_id = self.owner
        with self.assertRaises(UserError):
            back._action_done()
        self._release(5.0, "return")
        back._action_done()
        self.assertEqual(self._card().quantity, 10.0)
        self.assertEqual(self._held(self.guarded), 10.0)

    def test_second_warehouse(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.assertTrue(second.rd_owner_guard)
        kinds = self.env["stock.picking.type"].with_context(active_test=False)
        kinds = kinds.search([("warehouse_id", "=", second.id)])
        self.assertEqual(set(kinds.mapped("owner_restriction")), {"unassigned_owner"})
        self.assertIn(False, kinds.mapped("active"), "archived ones as well")
        later = self.env["stock.picking.type"].create(
            {
                "name": "Express",
                "code": "outgoing",
                "sequence_code": "EXP",
                "warehouse_id": second.id,
            }
        )
        self.assertEqual(later.owner_restriction, "unassigned_owner")

    def test_valuation(self):
        """Goods of others have no value, and cannot make ours look cheaper."""
        self._receive(self.plain, 2.0, owner=None)
        self._receive(self.guarded, 2.0, owner=None)
        picking = self._ask(self.plain, 12.0)
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(picking.move_ids.quantity, 12.0)
        self.assertEqual(
            picking.move_ids.value, 8.0, "Odoo: twelve leave for the value of two"
        )
        picking = self._ask(self.guarded, 12.0)
        picking.action_assign()
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True)._action_done()
        self.assertEqual(picking.move_ids.filtered("quantity").quantity, 2.0)
        self.assertEqual(picking.move_ids.filtered("quantity").value, 8.0)

    def test_on_hand_is_ours(self):
        """What we can promise is what is ours."""
        self._receive(self.guarded, 4.0, owner=None)
        here = self.part.with_context(warehouse_id=self.guarded.id)
        here.invalidate_recordset()
        self.assertEqual(here.qty_available, 4.0)

    # ------------------------------------------------------------------
    # Lines of transfers that are done
    # ------------------------------------------------------------------
    def test_done_lines_are_not_edited(self):
        receipt = self._receive(self.guarded, 5.0)
        for values in (
            {"quantity": 4.0},
            {"owner_id": False},
            {"owner_id": self.other_owner.id},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, "put it right"),
            ):
                receipt.move_line_ids.write(values)
        with self.assertRaisesRegex(UserError, "put it right"):
            receipt.move_ids.quantity = 4.0
        receipt.move_line_ids.write({"quantity": 5.0, "owner_id": self.owner.id})
        self.assertEqual(self._card().quantity, 15.0, "saying the same moves nothing")

    def test_done_line_of_ours_is_not_given_to_an_owner(self):
        receipt = self._receive(self.guarded, 5.0, owner=None)
        with self.assertRaisesRegex(UserError, "put it right"):
            receipt.move_line_ids.owner_id = self.owner

    def test_line_added_to_a_done_transfer(self):
        self._receive(self.guarded, 4.0, owner=None)
        picking = self._ask(self.guarded, 1.0)
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        values = {
            "move_id": picking.move_ids.id,
            "picking_id": picking.id,
            "product_id": self.part.id,
            "quantity": 5.0,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }
        for owner in (self.owner, self.env["res.partner"]):
            with self.subTest(owner=owner.name), self.assertRaises(UserError):
                self.env["stock.move.line"].create({**values, "owner_id": owner.id})

    def test_raised_quantity_of_a_done_delivery(self):
        """More of ours than there is would be the owner's."""
        self._receive(self.guarded, 4.0, owner=None)
        picking = self._ask(self.guarded, 4.0)
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        with self.assertRaisesRegex(UserError, "is not ours"):
            picking.move_line_ids.quantity = 6.0

    # ------------------------------------------------------------------
    # Cards and releases
    # ------------------------------------------------------------------
    def _release(self, quantity, kind, **values):
        release = self.env["rd.property.release"].create(
            {
                "property_id": self._card().id,
                "quantity": quantity,
                "kind": kind,
                **values,
            }
        )
        release.action_release()
        return release

    def test_receipt_opens_the_card(self):
        card = self._card()
        self.assertEqual((card.quantity, card.state), (10.0, "held"))
        self.assertEqual(card.event_ids.kind, "receive")
        self._receive(self.guarded, 2.5)
        self.assertEqual(self._card(), card)
        self.assertEqual(card.quantity, 12.5)
        self.assertFalse(
            card.custodian_id, "nobody answers for it before somebody is named"
        )

    def test_card_of_a_lot(self):
        ring = self._create_product(tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": ring.id} for name in ("L1", "L2")]
        )
        for lot, quantity in zip(lots, (3.0, 4.0), strict=True):
            self._receive(self.guarded, quantity, product=ring, lot=lot)
        for lot, quantity in zip(lots, (3.0, 4.0), strict=True):
            self.assertEqual(self._card(ring, lot).quantity, quantity)

    def test_only_the_transfers_write_a_stock_card(self):
        for kind in ("receive", "count", "return", "lend", "dispose"):
            with (
                self.subTest(kind),
                self.assertRaisesRegex(UserError, "card follows by itself"),
            ):
                self._register(
                    self._card(),
                    kind,
                    date=self.company._rd_today(),
                    quantity=1.0 if kind != "lend" else 0.0,
                    holder_id=self.subsupplier.id,
                    note="told",
                )
        self._register(
            self._card(),
            "mark",
            date=self.company._rd_today(),
            note="stamped",
            photo=picture(),
        )

    def test_release_lets_exactly_so_much_go(self):
        release = self._release(4.0, "return")
        self.assertEqual(release.state, "open")
        action = release.action_prepare_transfer()
        picking = self.env["stock.picking"].browse(action["res_id"])
        self.assertEqual(picking.move_line_ids.owner_id, self.owner)
        self.assertEqual(picking.move_line_ids.quantity, 4.0)
        picking.move_line_ids.quantity = 5.0
        with self.assertRaises(UserError):
            picking.button_validate()
        picking.move_line_ids.quantity = 4.0
        picking.button_validate()
        self.assertEqual(release.state, "done")
        self.assertEqual(self._card().quantity, 6.0)
        self.assertEqual(self._held(self.guarded), 6.0)
        self.assertEqual(self._card().event_ids.filtered("release_id").kind, "return")

    def test_switching_on_what_is_on_receives_nothing_again(self):
        self.guarded.write({"rd_owner_guard": True})
        self.assertEqual(self._card().quantity, 10.0)
        self.plain._rd_switch_on()
        (self.guarded | self.plain)._rd_switch_on()
        self.assertEqual(self._card().quantity, 20.0)

    def test_the_default_kind_is_a_kind_as_well(self):
        """What is left out of an event, or said by the context, is asked, too."""
        events = self.env["rd.property.event"].with_user(self.users["warehouse"])
        values = {"property_id": self._card().id, "quantity": 5.0}
        with self.assertRaisesRegex(UserError, "lies in the warehouse"):
            events.create(values)
        with self.assertRaisesRegex(UserError, "lies in the warehouse"):
            events.with_context(
                default_property_id=self._card().id, default_kind="lose"
            ).create({"quantity": 5.0, "note": "gone"})
        self.assertEqual(self._card().quantity, 10.0)

    def test_transfer_is_prepared_once(self):
        """A second press shows what the first one made; the rest gets its own."""
        release = self._release(4.0, "return")
        first = release.action_prepare_transfer()
        self.assertEqual(release.action_prepare_transfer()["res_id"], first["res_id"])
        picking = self.env["stock.picking"].browse(first["res_id"])
        picking.move_line_ids.quantity = 3.0
        picking.with_context(skip_backorder=True).button_validate()
        rest = release.action_prepare_transfer()
        self.assertNotEqual(rest["res_id"], first["res_id"])
        rest = self.env["stock.picking"].browse(rest["res_id"])
        self.assertEqual(rest.move_line_ids.quantity, 1.0)

    def test_nobody_names_the_release_of_a_transfer(self):
        release = self._release(4.0, "return")
        action = release.action_prepare_transfer()
        picking = self.env["stock.picking"].browse(action["res_id"])
        self.assertEqual(picking.rd_release_id, release)
        self.assertNotIn("rd_guard", picking.env.context)
        other = self._release(1.0, "return")
        for value in (other.id, False):
            with self.assertRaisesRegex(UserError, "kept by the system"):
                picking.with_user(self.users["clerk"]).write({"rd_release_id": value})
        self.assertEqual(picking.rd_release_id, release)

    def test_transfers_of_two_warehouses_take_no_more_than_released(self):
        other = self._create_warehouse("Guarded as well", "GR2", True)
        self._receive(other, 10.0)
        release = self._release(15.0, "return")
        release.action_prepare_transfer()
        pickings = self.env["stock.picking"].search(
            [("rd_release_id", "=", release.id)]
        )
        self.assertEqual(sorted(pickings.move_line_ids.mapped("quantity")), [5.0, 10.0])
        pickings.button_validate()
        self.assertEqual(release.state, "done")
        self.assertEqual(self._card().quantity, 5.0)

    def test_release_fits_its_purpose(self):
        self._release(4.0, "use")
        with self.assertRaisesRegex(UserError, "may leave only"):
            self._scrap(self.guarded, self.owner)

    def test_release_above_what_is_held(self):
        self._release(7.0, "return")
        with self.assertRaisesRegex(UserError, "7.0 of them are released already"):
            self._release(4.0, "return")

    def test_disposal_takes_a_second_person(self):
        clerk = self.users["clerk"]
        with self.assertRaisesRegex(UserError, "Say why"):
            self._release(2.0, "dispose")
        release = (
            self.env["rd.property.release"]
            .with_user(clerk)
            .create(
                {
                    "property_id": self._card().id,
                    "quantity": 2.0,
                    "kind": "dispose",
                    "reason": "Corroded, owner agreed by letter",
                }
            )
        )
        release.action_release()
        self.assertEqual(release.state, "waiting")
        with self.assertRaises(UserError):
            self._scrap(self.guarded, self.owner)
        approval = release.waiting_approval_id
        with self.assertRaises(UserError):
            approval.with_user(clerk).action_approve()
        approval.with_user(self.users["supervisor"]).action_approve()
        self.assertEqual(release.state, "open")
        self._scrap(self.guarded, self.owner)
        self.assertEqual(release.state, "done")
        self.assertEqual(self._card().quantity, 8.0)

    def test_refused_or_taken_back_nothing_goes(self):
        release = self._release(2.0, "dispose", reason="Corroded")
        supervisor = self.users["supervisor"]
        approval = release.waiting_approval_id
        approval.with_user(supervisor).action_refuse("Ask the owner first")
        self.assertEqual(release.state, "draft")
        release.action_release()
        approval = release.waiting_approval_id
        release.action_cancel()
        self.assertEqual(release.state, "cancelled")
        with self.assertRaisesRegex(UserError, "already been answered"):
            approval.with_user(supervisor).action_approve()
        back = self._release(4.0, "return")
        back.action_cancel()
        self.assertEqual(back.state, "cancelled")
        with self.assertRaisesRegex(UserError, "may leave only"):
            self._scrap(self.guarded, self.owner)
        self._release(10.0, "return")  # what was taken back counts no more

    def test_what_has_gone_has_gone(self):
        release = self._release(4.0, "return")
        number = release.action_prepare_transfer()["res_id"]
        picking = self.env["stock.picking"].browse(number)
        picking.move_line_ids.quantity = 3.0
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(release.taken_quantity, 3.0)
        release.action_cancel()
        self.assertEqual(release.state, "done")
        self.assertEqual(self._card().quantity, 7.0)

    def test_release_is_not_written_past_its_buttons(self):
        release = self._release(4.0, "return").with_user(self.users["clerk"])
        for values in ({"state": "done"}, {"taken_quantity": 0.0}, {"quantity": 9.0}):
            with self.subTest(values), self.assertRaises(UserError):
                release.write(values)
        draft = release.copy()
        self.assertEqual((draft.state, draft.taken_quantity), ("draft", 0.0))
        with self.assertRaises(AccessError):
            draft.with_user(self.users["warehouse"]).write({"reason": "x"})

    def _transfer(self, release):
        clerk = release.with_user(self.users["clerk"])
        number = clerk.action_prepare_transfer()["res_id"]
        return self.env["stock.picking"].browse(number)

    def test_each_purpose_has_a_place_of_its_own(self):
        for kind, usage in (("use", "production"), ("lose", "inventory")):
            release = self._release(2.0, kind, reason="Agreed by letter")
            release.waiting_approval_id.with_user(
                self.users["supervisor"]
            ).action_approve()
            picking = self._transfer(release)
            self.assertEqual(picking.location_dest_id.usage, usage)
            picking.button_validate()
            self.assertEqual(release.state, "done")
            self.assertEqual(release.event_ids.kind, kind)
        self.assertEqual(self._card().quantity, 6.0)

    def _put_aside(self, quantity):
        """Take so much of the owner's goods to a shelf of their own."""
        shelf = self.env["stock.location"].create(
            {"name": "Shelf 7", "location_id": self.guarded.lot_stock_id.id}
        )
        picking = self._prepare(
            self.guarded.int_type_id, self.guarded.lot_stock_id, shelf
        )
        self._move(picking, quantity, owner=self.owner)
        return shelf

    def test_goods_of_two_shelves_leave_with_one_transfer(self):
        shelf = self._put_aside(4.0)
        picking = self._transfer(self._release(8.0, "return"))
        lines = picking.move_line_ids
        self.assertEqual(
            {line.location_id: line.quantity for line in lines},
            {self.guarded.lot_stock_id: 6.0, shelf: 2.0},
        )
        picking.button_validate()
        self.assertEqual(self._card().quantity, 2.0)

    def test_what_the_first_shelf_covers_leaves_the_others_alone(self):
        self._put_aside(4.0)
        picking = self._transfer(self._release(5.0, "return"))
        self.assertEqual(picking.move_line_ids.location_id, self.guarded.lot_stock_id)
        self.assertEqual(picking.move_line_ids.quantity, 5.0)

    def test_two_releases_do_not_take_the_same_pieces(self):
        shelf = self._put_aside(4.0)
        first = self._transfer(self._release(5.0, "return"))
        second = self._transfer(self._release(5.0, "return"))
        (first | second).button_validate()
        self.assertEqual(self._card().quantity, 0.0)
        quants = self.env["stock.quant"].search(
            [("location_id", "in", (self.guarded.lot_stock_id | shelf).ids)]
        )
        self.assertFalse(any(quants.mapped("quantity")))

    def test_an_archived_card_is_back_with_the_next_piece(self):
        card = self._card()
        self._transfer(self._release(10.0, "return")).button_validate()
        card.action_archive()
        self._receive(self.guarded, 3.0)
        self.assertEqual((card.active, card.quantity), (True, 3.0))

    def test_a_release_is_asked_for_on_the_card(self):
        action = self._card().with_user(self.users["clerk"]).action_ask_release()
        releases = self.env[action["res_model"]].with_user(self.users["clerk"])
        release = Form(releases.with_context(**action["context"])).save()
        self.assertEqual((release.property_id, release.quantity), (self._card(), 10.0))

    def test_goods_under_way_are_guarded_where_the_company_guards_any(self):
        under_way = self.env["stock.location"].create(
            {"name": "Lorry", "usage": "transit", "company_id": self.company.id}
        )
        self.assertFalse(under_way.warehouse_id)
        picking = self._prepare(
            self.guarded.int_type_id, self.guarded.lot_stock_id, under_way
        )
        self._move(picking, 10.0, owner=self.owner)
        self.assertEqual(self._card().quantity, 10.0)
        self.assertIn("Lorry", self._card().place)

    def test_what_lies_as_stock_is_counted_in_stock(self):
        """A count of cards may find it; only the stock puts it right."""
        counter, clerk = self.users["floor"], self.users["clerk"]
        count = self.env["rd.property.count"].create(
            {"name": "Shelf 1", "partner_id": self.owner.id, "user_id": counter.id}
        )
        count.with_user(counter).action_start()
        line = count.line_ids.filtered(lambda one: one.property_id == self._card())
        line.with_user(counter).counted_quantity = 8.0
        count.with_user(counter).action_submit()
        line.with_user(clerk).recounted_quantity = 8.0
        with self.assertRaisesRegex(UserError, "count it in stock, before"):
            count.with_user(clerk).action_sign_off()
        line.with_user(clerk).recounted_quantity = 10.0
        events = self._card().event_ids
        count.with_user(clerk).action_sign_off()
        self.assertEqual(count.state, "done")
        self.assertEqual(self._card().event_ids, events)

    def test_what_lies_as_stock_is_not_lent(self):
        loan = (
            self.env["rd.loan"]
            .with_user(self.users["clerk"])
            .create({"line_ids": [Command.create({"property_id": self._card().id})]})
        )
        with self.assertRaisesRegex(UserError, "it leaves by a release"):
            loan.action_lend()
        self.assertEqual((loan.state, self._card().state), ("draft", "held"))

    def test_an_incident_tells_of_stock_and_takes_none(self):
        """What is gone leaves by a release; the incident tells its owner."""
        self.owner.email = "owner@example.com"
        incident = self.env["rd.property.incident"].create(
            {
                "property_id": self._card().id,
                "kind": "loss",
                "quantity": 2.0,
                "description": "Two are missing",
            }
        )
        incident.with_user(self.users["clerk"]).action_report()
        self.assertEqual(incident.state, "reported")
        self.assertFalse(incident.event_id)
        self.assertEqual(self._card().quantity, 10.0)

    def test_warehouse_receives_for_an_owner(self):
        """The transfer of a person without rights on cards still writes them."""
        keeper = mail_new_test_user(
            self.env,
            login="keeper",
            groups="stock.group_stock_user,stock.group_tracking_owner",
        )
        picking = self._prepare(
            self.guarded.in_type_id,
            self.supplier,
            self.guarded.lot_stock_id,
            owner=self.owner,
        ).with_user(keeper)
        self._move(picking, 1.0, owner=self.owner)
        self.assertEqual(self._card().quantity, 11.0)


@tagged("post_install", "-at_install")
class TestOwnerGuardSwitch(GuardCommon):
    """Where owners' stock is kept already a person switches the guard on."""

    def _ask_guard(self):
        action = self.plain.action_rd_ask_guard()
        return self.env["rd.owner.guard"].with_context(**action["context"]).create({})

    def test_page_says_what_would_change(self):
        picking = self._ask(self.plain, 3.0)
        picking.action_assign()
        guard = self._ask_guard()
        self.assertEqual(guard.owned_count, 1)
        line = guard.line_ids.filtered(
            lambda line: line.picking_type_id == self.plain.out_type_id
        )
        self.assertEqual(line.restriction, "standard_behavior")
        self.assertEqual((line.open_count, line.owned_count), (1, 1))
        archived = guard.line_ids.filtered(lambda line: not line.type_active)
        self.assertTrue(archived, "types that are not in use are listed as well")

    def test_switching_on_opens_the_cards(self):
        before = self._card().quantity
        self.plain.out_type_id.owner_restriction = "picking_partner"
        self._ask_guard().action_switch_on()
        self.assertTrue(self.plain.rd_owner_guard)
        self.assertEqual(self._card().quantity, before + 10.0)
        self.assertEqual(self.plain.out_type_id.owner_restriction, "unassigned_owner")
        self.plain.out_type_id._rd_restore()
        self.assertEqual(self.plain.out_type_id.owner_restriction, "picking_partner")

    def test_switched_off_only_when_empty(self):
        manager = mail_new_test_user(
            self.env, login="guard_manager", groups="stock.group_stock_manager"
        )
        with self.assertRaisesRegex(UserError, "give them back"):
            self.guarded.with_user(manager).rd_owner_guard = False

    def test_installation_leaves_a_vendors_consignment_alone(self):
        """Warehouses that hold something of others wait for a person."""
        third = self._create_warehouse("Third", "THD", False)
        self.env["stock.warehouse"]._rd_guard_where_empty()
        self.assertTrue(third.rd_owner_guard)
        self.assertFalse(self.plain.rd_owner_guard)
        self.assertEqual(self.plain.out_type_id.owner_restriction, "standard_behavior")
        picking = self._ask(self.plain, 3.0)
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(self._held(self.plain), 7.0)

    def test_switch_is_the_stock_managers(self):
        for role in ("clerk", "warehouse"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.plain.with_user(self.users[role]).rd_owner_guard = True
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["rd.owner.guard"].with_user(self.users[role]).create(
                    {"warehouse_id": self.plain.id}
                )

    def test_uninstalled_it_leaves_the_operation_types_as_they_were(self):
        self.plain.out_type_id.owner_restriction = "picking_partner"
        self._ask_guard().action_switch_on()
        tracking = self.env.ref("stock.group_tracking_owner")
        roles = self.env["res.groups"].union(
            *(
                self.env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}")
                for role in ("warehouse", "clerk")
            )
        )
        self.assertIn(tracking, roles[0].implied_ids & roles[1].implied_ids)
        uninstall_hook(self.env)
        self.assertEqual(self.plain.out_type_id.owner_restriction, "picking_partner")
        self.assertEqual(
            self.guarded.out_type_id.owner_restriction, "standard_behavior"
        )
        self.assertNotIn(tracking, roles.implied_ids)
        parts = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "rd.property")]
        )
        names = self.env["ir.model.data"].search(
            [("model", "=", parts._name), ("res_id", "in", parts.ids)]
        )
        self.assertEqual(set(names.mapped("module")), {"rd_custody"})

    def test_command_of_another_company(self):
        """Cards and releases stay with their company."""
        company = self._create_company()
        self.users["clerk"].write(
            {
                "company_ids": [Command.set(company.ids)],
                "company_id": company.id,
            }
        )
        found = self.env["rd.property"].with_user(self.users["clerk"])
        self.assertNotIn(self._card().id, found.search([]).ids)
