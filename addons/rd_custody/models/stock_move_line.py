# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

# What would move goods a second time once the line is done
MOVED_BY = frozenset(
    {
        "quantity",
        "product_uom_id",
        "location_id",
        "location_dest_id",
        "lot_id",
        "package_id",
        "owner_id",
        "quant_id",
    }
)
# What a release may be used for, by where the goods go
PURPOSES = {
    "customer": ("return", "use"),
    "supplier": ("return",),
    "production": ("use",),
    "inventory": ("dispose", "lose"),
}


class StockMoveLine(models.Model):
    """The door all goods pass: what belongs to others needs a release to leave.

    ``stock_owner_restriction`` keeps reservations away from owners' stock. Quantities
    typed on a move, lines made by hand, scrap and counts do not reserve: they all
    end here.
    """

    _name = "stock.move.line"
    _inherit = ["stock.move.line"]

    @api.model_create_multi
    def create(self, vals_list):
        """A line added to a transfer that is done moves goods at once."""
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "done")._rd_pass_owners()
        return lines

    def write(self, vals):
        edited = self.browse()
        if MOVED_BY & vals.keys():
            edited = self.filtered(
                lambda line: line.move_id.state == "done" and line._rd_would_move(vals)
            )
            edited._check_rd_not_owned(vals)
        res = super().write(vals)
        edited._check_rd_own_stock()
        return res

    def _action_done(self):
        res = super()._action_done()
        self.exists()._rd_pass_owners()
        return res

    def _rd_would_move(self, vals):
        """Tell whether the values change what this line moved."""
        for name in MOVED_BY & vals.keys():
            field = self._fields[name]
            value = field.convert_to_record(
                field.convert_to_cache(vals[name], self), self
            )
            if value != self[name]:
                return True
        return False

    # ------------------------------------------------------------------
    # The door
    # ------------------------------------------------------------------
    def _rd_pass_owners(self):
        """Refuse what may not leave, and write the rest on the owners' cards."""
        lines = self.filtered(
            lambda line: (
                line.product_id.is_storable
                and not line.product_uom_id.is_zero(line.quantity)
            )
        )
        for line in lines.filtered(lambda line: line._rd_get_owner()):
            line._rd_pass()
        lines._check_rd_own_stock()

    def _rd_get_owner(self):
        """Return whose goods the line moves; nobody where they are ours."""
        ours = self.company_id.partner_id
        return self.owner_id.commercial_partner_id - ours

    def _rd_pass(self):
        leaves = self.location_id._rd_is_guarded()
        arrives = self.location_dest_id._rd_is_guarded()
        if not (leaves or arrives):
            return
        cards = self.env["rd.property"].sudo()
        card = cards._get_stock_card(
            self.company_id, self._rd_get_owner(), self.product_id, self.lot_id
        )
        quantity = self.quantity_product_uom
        if leaves and arrives:
            card._add_stock_event("move", 0.0, self._rd_get_paper())
        elif arrives:
            card._add_stock_event("receive", quantity, self._rd_get_paper())
        else:
            self._rd_leave(card, quantity)

    def _rd_leave(self, card, quantity):
        """Let goods go that were released for where they go."""
        destination = self.location_dest_id
        release = card._get_release(PURPOSES.get(destination.usage, ()), quantity)
        if not release:
            raise UserError(self._rd_release_refusal(card))
        release._take(quantity)
        card._add_stock_event(
            release.kind, quantity, self._rd_get_paper(), release=release
        )

    def _rd_get_paper(self):
        return self.reference or self.move_id.reference or self.move_id.display_name

    def _rd_release_refusal(self, card):
        names = {
            "quantity": self.quantity,
            "unit": self.product_uom_id.name,
            "product": self.product_id.display_name,
            "owner": card.partner_id.name,
            "card": card.name,
            "place": self.location_dest_id.display_name,
        }
        if self.location_dest_id.usage in ("internal", "transit"):
            return self.env._(
                "%(product)s belongs to %(owner)s and cannot go to %(place)s, where "
                "customers' stock is not guarded; switch the guard on there first.",
                **names,
            )
        return self.env._(
            "%(quantity)s %(unit)s of %(product)s belong to %(owner)s and may leave "
            "only when they are released: open card %(card)s and release them first.",
            **names,
        )

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    def _check_rd_not_owned(self, vals):
        """What was booked for an owner is put right by a further transfer."""
        owner = self.env["res.partner"].browse(vals.get("owner_id") or [])
        for line in self:
            places = line.location_id | line.location_dest_id
            owned = line._rd_get_owner() or owner - line.company_id.partner_id
            if owned and any(place._rd_is_guarded() for place in places):
                raise UserError(
                    self.env._(
                        "%(paper)s moved %(product)s of %(owner)s and is written on "
                        "the card; put it right with a return or a further transfer.",
                        paper=line._rd_get_paper(),
                        product=line.product_id.display_name,
                        owner=owned.name,
                    )
                )

    def _check_rd_own_stock(self):
        """Refuse to move as ours what only somebody else has here.

        Judged by what is left: our own stock of a lot may not fall below zero at a
        place where an owner has some of it.
        """
        ours = self.filtered(
            lambda line: (
                line.product_id.is_storable
                and not line._rd_get_owner()
                and line.location_id._rd_is_guarded()
            )
        )
        if not ours:
            return
        quants = self.env["stock.quant"].sudo()
        domain = [
            ("product_id", "in", ours.product_id.ids),
            ("location_id", "in", ours.location_id.ids),
        ]
        left = defaultdict(lambda: [0.0, 0.0, self.env["res.partner"]])
        for product, place, lot, owner, quantity in quants._read_group(
            domain,
            ["product_id", "location_id", "lot_id", "owner_id"],
            ["quantity:sum"],
        ):
            here = left[product.id, place.id, lot.id]
            if owner and owner not in ours.company_id.partner_id:
                here[1] += quantity
                here[2] |= owner
            else:
                here[0] += quantity
        for line in ours:
            key = (line.product_id.id, line.location_id.id, line.lot_id.id)
            line._check_rd_left(*left[key])

    def _check_rd_left(self, own, owned, owners):
        unit = self.product_id.uom_id
        if unit.compare(own, 0) < 0 and unit.compare(owned, 0) > 0:
            raise UserError(
                self.env._(
                    "%(product)s at %(place)s is not ours but belongs to %(owner)s; "
                    "take the %(missing)s %(unit)s that are missing from elsewhere.",
                    product=self.product_id.display_name,
                    place=self.location_id.display_name,
                    owner=", ".join(owners.mapped("name")),
                    missing=unit.round(-own),
                    unit=unit.name,
                )
            )
