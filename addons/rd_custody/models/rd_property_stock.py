# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

# What a transfer of stock says: a person cannot register it beside that
BY_STOCK = frozenset(
    {
        "receive",
        "move",
        "issue",
        "use",
        "lend",
        "to_subsupplier",
        "count",
        "lose",
        "return",
        "dispose",
    }
)


class RdProperty(models.Model):
    """A card of materials that lie in our warehouse as stock of their owner.

    Its quantity is what the warehouse holds for the owner: the transfers write the
    events, nobody else does.
    """

    _name = "rd.property"
    _inherit = ["rd.property"]

    product_id = fields.Many2one(
        "product.product",
        string="Kept as stock",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        check_company=True,
        help="The card follows the stock of this product that belongs to the owner.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot or serial number",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        check_company=True,
    )
    release_ids = fields.One2many(
        "rd.property.release", "property_id", string="Releases", copy=False
    )

    # an index and not a constraint: merging contacts deletes rows behind constraints
    _stock_unique = models.UniqueIndex(
        "(company_id, partner_id, product_id, COALESCE(lot_id, 0)) "
        "WHERE product_id IS NOT NULL",
        "This owner already has a card for this product.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"product_id", "lot_id"}

    def _get_kept_fields(self):
        kept = super()._get_kept_fields()
        return kept | {"partner_id", "uom_id"} if self.product_id else kept

    @api.model
    def _get_stock_card(self, company, owner, product, lot):
        """Return the card of an owner's stock; it is opened at its first piece."""
        key = {
            "company_id": company.id,
            "partner_id": owner.id,
            "product_id": product.id,
            "lot_id": lot.id,
        }
        domain = [(name, "=", value) for name, value in key.items()]
        card = self.with_context(active_test=False).search(domain, limit=1)
        if not card:
            return self._as_internal().create(
                {**key, **self._prepare_stock_card(product)}
            )
        if not card.active:
            card.active = True
        return card

    @api.model
    def _prepare_stock_card(self, product):
        return {
            "kind": "material",
            "description": product.name,
            "specification": product.default_code,
            "uom_id": product.uom_id.id,
            "custodian_id": False,
        }

    def _get_stock_quants(self):
        """Return where the stock of this card lies in guarded places, oldest first."""
        self.ensure_one()
        quants = self.env["stock.quant"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("product_id", "=", self.product_id.id),
                ("lot_id", "=", self.lot_id.id),
                ("owner_id", "child_of", self.partner_id.ids),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", "!=", 0),
            ],
            order="in_date, id",
        )
        return quants.filtered(lambda quant: quant.location_id._rd_is_guarded())

    def _add_stock_event(self, kind, quantity, paper, release=None):
        """Write what a transfer did on the card.

        :param quantity: in the unit of the card; 0 for a move inside the house
        """
        self.ensure_one()
        quants = self._get_stock_quants()
        places = ", ".join(quants.location_id.mapped("display_name"))
        self.env["rd.property.event"].sudo()._as_internal().create(
            {
                "property_id": self.id,
                "kind": kind,
                "date": self.company_id._rd_today(),
                "quantity": quantity,
                "place": places or False,
                "document": paper,
                "release_id": release.id if release else False,
                "note": (release.reason if release else False) or paper,
            }
        )

    def _get_release(self, purposes, quantity):
        """Return the oldest release that covers so much for one of the purposes."""
        fitting = self.release_ids.filtered(
            lambda release: (
                release.state == "open"
                and release.kind in purposes
                and self.uom_id.compare(
                    release.quantity - release.taken_quantity, quantity
                )
                >= 0
            )
        )
        return fitting.sorted("id")[:1]

    def action_ask_release(self):
        """Open a release of what lies in the warehouse for this owner."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "rd.property.release",
            "view_mode": "form",
            "context": {
                "default_property_id": self.id,
                "default_quantity": self.quantity,
            },
        }


class RdPropertyEvent(models.Model):
    _name = "rd.property.event"
    _inherit = ["rd.property.event"]

    release_id = fields.Many2one(
        "rd.property.release",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"release_id"}

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_internal():
            # a kind that is left out, or named in the context, is one all the same
            given = self.default_get(["property_id", "kind"])
            for vals in vals_list:
                whole = {**given, **vals}
                self._check_by_stock(whole.get("property_id"), whole.get("kind"))
        return super().create(vals_list)

    @api.model
    def _check_by_stock(self, card_id, kind):
        """What lies in the warehouse is moved there, and the card follows."""
        card = self.env["rd.property"].browse(card_id)
        if card.product_id and kind in BY_STOCK:
            raise UserError(
                self.env._(
                    "%(card)s lies in the warehouse as stock of %(owner)s: receive or "
                    "move it by a transfer, release what is to leave, and the card "
                    "follows by itself.",
                    card=card.display_name,
                    owner=card.partner_id.name,
                )
            )
