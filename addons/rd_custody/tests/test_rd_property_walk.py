# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from odoo import Command
from odoo.tests import tagged

from .common import CustodyCommon
from .property_walk import PropertyWalk

_logger = logging.getLogger(__name__)


class PropertyWalkCase(CustodyCommon):
    """Random walks through the life of customers' property."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["rd.property.checklist"].search([]).active = False
        cls.product = cls.env["product.product"].create(
            {"name": "Blank", "type": "consu", "is_storable": True}
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.types = {"in": warehouse.in_type_id, "out": warehouse.out_type_id}
        cls.stock = warehouse.lot_stock_id
        cls.vendors = cls.env.ref("stock.stock_location_suppliers")
        cls.done = 0

    def setUp(self):
        super().setUp()
        self.env.cr.execute("SET LOCAL jit = off")

    def count(self, done):
        """Add what one walk did."""
        type(self).done += done

    def transfer(self, way, quantity, released=True):
        """Bring the owner's material in, or send it back."""
        if way == "out" and released:
            card = self.env["rd.property"].search(
                [("product_id", "=", self.product.id)]
            )
            if not card:
                return
            release = self.env["rd.property.release"].create(
                {
                    "property_id": card.id,
                    "kind": "return",
                    "quantity": quantity,
                    "reason": "walk",
                }
            )
            action = release.action_prepare_transfer()
            picking = self.env["stock.picking"].browse(action["res_id"])
        else:
            picking = self.env["stock.picking"].create(
                self._prepare_picking(way, quantity)
            )
            picking.action_confirm()
            if way == "out":
                picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def _prepare_picking(self, way, quantity):
        places = (self.vendors, self.stock)
        source, target = places if way == "in" else places[::-1]
        return {
            "picking_type_id": self.types[way].id,
            "partner_id": self.owner.id,
            "owner_id": self.owner.id if way == "in" else False,
            "location_id": source.id,
            "location_dest_id": target.id,
            "move_ids": [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": quantity,
                        "location_id": source.id,
                        "location_dest_id": target.id,
                    }
                )
            ],
        }

    def _walk(self, walks, number=None, **options):
        """Take that many walks of twenty steps; a number makes them the same."""
        machine = type("PropertyWalkOfTest", (PropertyWalk,), {"test": self})
        walk = get_state_machine_test(
            machine,
            settings=settings(
                max_examples=walks,
                stateful_step_count=20,
                deadline=None,
                database=None,
                derandomize=False,
                suppress_health_check=list(HealthCheck),
                **options,
            ),
        )
        if number is not None:
            walk = seed(number)(walk)
        walk()
        _logger.info("%s steps were done", self.done)


@tagged("post_install", "-at_install")
class TestPropertyWalk(PropertyWalkCase):
    """The fifty walks of every run, the same each time."""

    def test_walks(self):
        for number in range(5):
            with self.subTest(number=number):
                self._walk(10, number, phases=(Phase.generate,))
        self.assertGreater(self.done, 200, "most of it must not be refused")


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestPropertyWalkNightly(PropertyWalkCase):
    """Five hundred, others each night; a failing one is shrunk and printed."""

    def test_walks(self):
        for batch in range(10):
            with self.subTest(batch=batch):
                self._walk(50, print_blob=True)
