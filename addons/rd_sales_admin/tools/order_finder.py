# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Which order a shipped part belongs to, each customer's orders read once."""

from collections import defaultdict

from ..ledger.clean import clean_key
from .units import same_unit


def pending_moves(order_line):
    """Return the open moves of an order line to the customer, oldest first."""
    return order_line.move_ids.filtered(
        lambda move: (
            move.state not in ("done", "cancel", "draft")
            and move.location_dest_id.usage == "customer"
        )
    ).sorted(lambda move: (move.date, move.id))


class OrderFinder:
    """Customers, parts and open order lines of one shipping list."""

    def __init__(self, shipping_list):
        self.list = shipping_list
        self.env = shipping_list.env
        self.company = shipping_list.company_id
        self._partners = {}
        self._codes = {}
        self._aliases = {}
        self._lines = {}
        self._open = {}

    def partner(self, name):
        """Return the commercial partner a row names, or an empty recordset."""
        if self.list.partner_id:
            return self.list.partner_id.commercial_partner_id
        key = (name or "").strip()
        if key not in self._partners:
            self._partners[key] = self._search_partner(key)
        return self._partners[key]

    def _search_partner(self, name):
        partners = self.env["res.partner"]
        if not name:
            return partners
        found = partners.search(["|", ("name", "=ilike", name), ("ref", "=", name)])
        commercial = found.commercial_partner_id
        return commercial if len(commercial) == 1 else partners

    def product(self, partner, part_key):
        """Return the product of a part number: ours first, then one of theirs."""
        own = self._own_codes(partner).get(part_key)
        theirs = self._read_aliases(partner).get(part_key)
        return own or (theirs and theirs[0]) or self.env["product.product"]

    def factor(self, partner, row, order_line):
        """Return our quantity for one of the row's, or None when its unit is not
        the order's and nobody has said what it stands for.

        Our own number counts in the order's unit: what an affiliate's ledger
        taught us of its units says nothing about the warehouse's.
        """
        alias = self._read_aliases(partner).get(row.part_key)
        if alias and row.part_key not in self._own_codes(partner):
            return alias[1]
        if same_unit(row.unit, order_line.product_uom_id.name):
            return 1.0
        return alias[1] if alias else None

    def _own_codes(self, partner):
        if partner not in self._codes:
            self._codes[partner] = {
                clean_key(product.default_code): product
                for product in self._lines_by_product(partner)
                if product.default_code
            }
        return self._codes[partner]

    def _read_aliases(self, partner):
        if partner not in self._aliases:
            self._aliases[partner] = self.env["rd.part.alias"]._get_codes(
                self.company, partner
            )
        return self._aliases[partner]

    def _lines_by_product(self, partner):
        if partner not in self._lines:
            self._lines[partner] = self._read_lines(partner)
        return self._lines[partner]

    def _read_lines(self, partner):
        lines = self.env["sale.order.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "sale"),
                ("display_type", "=", False),
                ("product_id.type", "=", "consu"),
                ("order_id.partner_id.commercial_partner_id", "=", partner.id),
            ]
        )
        by_product = defaultdict(list)
        for line in lines.sorted(_age):
            by_product[line.product_id].append(line)
        return by_product

    def lines(self, partner, product, order_ref):
        """Return the order lines of a part, the named order's only if one is named,
        oldest first."""
        lines = self._lines_by_product(partner).get(product, [])
        wanted = clean_key(order_ref or "")
        if not wanted:
            return lines
        return [line for line in lines if wanted in _names(line.order_id)]

    def open_quantity(self, line):
        """Return what of an order line is still to be delivered, in its unit."""
        if line not in self._open:
            self._open[line] = sum(
                move.product_uom._compute_quantity(
                    move.product_uom_qty, line.product_uom_id, round=False
                )
                for move in pending_moves(line)
            )
        return self._open[line]

    def take(self, lines, wanted):
        """Reserve ``wanted`` over the lines; ``[]`` when they do not suffice."""
        taken = []
        rest = wanted
        for line in lines:
            part = min(rest, self.open_quantity(line))
            if line.product_uom_id.compare(part, 0.0) > 0:
                taken.append((line, part))
                rest -= part
        if not lines or lines[0].product_uom_id.compare(rest, 0.0) > 0:
            return []
        for line, part in taken:
            self._open[line] -= part
        return taken


def _age(line):
    return line.order_id.date_order, line.sequence, line.id


def _names(order):
    """Return how an order may be written: our number and theirs."""
    return {clean_key(order.name or ""), clean_key(order.client_order_ref or "")}
