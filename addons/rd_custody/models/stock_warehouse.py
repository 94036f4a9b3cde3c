# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class StockWarehouse(models.Model):
    """Whether what belongs to others is guarded in a warehouse.

    Odoo reserves, ships, scraps and counts stock of an owner as if it were ours.
    A guarded warehouse does not: see ``stock.move.line``.
    """

    _name = "stock.warehouse"
    _inherit = ["stock.warehouse"]

    rd_owner_guard = fields.Boolean(
        string="Guard customers' stock",
        copy=False,
        help="What belongs to a customer is neither reserved nor shipped, scrapped or "
        "counted away here unless it was released on its card.",
    )
    rd_owned_count = fields.Integer(
        string="Owned stock lines", compute="_compute_rd_owned_count"
    )

    def _compute_rd_owned_count(self):
        counts = dict(
            self.env["stock.quant"]._read_group(
                self._rd_get_owned_domain(), ["warehouse_id"], ["__count"]
            )
        )
        for warehouse in self:
            warehouse.rd_owned_count = counts.get(warehouse, 0)

    def _rd_get_owned_domain(self):
        """Return the domain of the stock that belongs to others in the warehouses."""
        return [
            ("warehouse_id", "in", self.ids),
            ("location_id.usage", "in", ("internal", "transit")),
            ("owner_id", "!=", False),
            ("owner_id", "not in", self.company_id.partner_id.ids),
            ("quantity", "!=", 0),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """A new warehouse holds nothing of anybody: it is guarded at once."""
        warehouses = super().create(vals_list)
        warehouses._rd_switch_on()
        return warehouses

    def write(self, vals):
        if "rd_owner_guard" in vals and not self.env.su:
            self._check_rd_guard(vals["rd_owner_guard"])
        unguarded = self.filtered(lambda warehouse: not warehouse.rd_owner_guard)
        res = super().write(vals)
        if vals.get("rd_owner_guard"):
            self._rd_guard_types()._rd_guard()
            # what is guarded already stands on its cards
            unguarded._rd_open_cards()
        elif "rd_owner_guard" in vals:
            self._rd_guard_types()._rd_restore()
        return res

    def _check_rd_guard(self, switched_on):
        """Refuse to uncover what is kept for somebody."""
        for warehouse in self:
            if (
                not switched_on
                and warehouse.rd_owner_guard
                and warehouse.rd_owned_count
            ):
                raise UserError(
                    self.env._(
                        "%(warehouse)s still holds %(count)s lines of customers' "
                        "stock; give them back before the guard is switched off.",
                        warehouse=warehouse.name,
                        count=warehouse.rd_owned_count,
                    )
                )

    def _rd_switch_on(self):
        self.write({"rd_owner_guard": True})

    def _rd_guard_types(self):
        """Return all operation types of the warehouses, those not in use as well:
        steps that are switched on later use them."""
        return (
            self.env["stock.picking.type"]
            .with_context(active_test=False)
            .search([("warehouse_id", "in", self.ids)])
        )

    def _rd_open_cards(self):
        """Make a card for all that is kept here for others on this day."""
        quants = self.env["stock.quant"].search(self._rd_get_owned_domain(), order="id")
        cards = self.env["rd.property"].sudo()
        for (company, owner, product, lot), total in quants._rd_by_owner().items():
            card = cards._get_stock_card(company, owner, product, lot)
            card._add_stock_event("receive", total, self.env._("Opening"))

    @api.model
    def _rd_guard_where_empty(self):
        """Guard the warehouses that hold nothing of others; the rest is asked for."""
        warehouses = self.search([("rd_owner_guard", "=", False)])
        owned = self.env["stock.quant"].search(warehouses._rd_get_owned_domain())
        (warehouses - owned.warehouse_id)._rd_switch_on()

    def action_rd_ask_guard(self):
        """Show what the guard would change before it is switched on."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Guard customers' stock in %s", self.name),
            "res_model": "rd.owner.guard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_warehouse_id": self.id},
        }
