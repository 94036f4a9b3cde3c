# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What becomes of each row of a customer's order list, everything read once."""

from collections import defaultdict

from ..ledger import OPEN_QUANTITY_WORDS
from ..ledger.clean import clean_key
from .units import same_unit


class OrderListJudge:
    """Parts, agreed prices and running orders for the rows of one list."""

    def __init__(self, order_list, rows):
        self.list = order_list
        self.env = order_list.env
        self.company = order_list.company_id
        self.partner = order_list.partner_id.commercial_partner_id
        self.own = self._read_parts()
        self.is_rest = self._states_rest()
        self.aliases = self.env["rd.part.alias"]._get_codes(self.company, self.partner)
        self.ordered = self._read_ordered(rows)
        self.found = {row: self._find(row) for row in rows}
        self.lines = self._price_lines()

    # --- reading once ----------------------------------------------------------

    def _read_parts(self):
        """Return ``{cleaned number: products}`` of all we sell."""
        products = self.env["product.product"].search_fetch(
            [
                ("default_code", "!=", False),
                ("sale_ok", "=", True),
                ("company_id", "in", (False, self.company.id)),
            ],
            ["default_code"],
        )
        parts = defaultdict(products.browse)
        for product in products:
            parts[clean_key(product.default_code)] |= product
        return parts

    def _states_rest(self):
        """Tell whether their quantity is only what is still to come."""
        columns = self.list.profile_id.sudo().column_ids
        headings = columns.filtered(lambda one: one.field == "quantity")
        words = {clean_key(word) for word in OPEN_QUANTITY_WORDS}
        return clean_key(headings[:1].header or "") in words

    def _read_ordered(self, rows):
        """Return ``{(their order, their line or part): order line}``."""
        refs = {row.order_ref for row in rows if row.order_ref}
        lines = self.env["sale.order.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("order_id.partner_id.commercial_partner_id", "=", self.partner.id),
                ("order_id.client_order_ref", "in", list(refs)),
                ("order_id.state", "!=", "cancel"),
                ("display_type", "=", False),
            ]
        )
        ordered = {}
        for line in lines:
            ref = clean_key(line.order_id.client_order_ref or "")
            if line.rd_customer_line:
                ordered[ref, clean_key(line.rd_customer_line)] = line
                ordered.setdefault((ref, line.product_id.id), line)
            else:
                ordered[ref, line.product_id.id] = line
        return ordered

    def _find(self, row):
        """Return (product, factor); no product where the number is not one part's,
        no factor where the unit is not ours."""
        products = self.own.get(row.part_key, self.env["product.product"])
        if len(products) == 1:
            fits = same_unit(row.unit, products.uom_id.name)
            return products, 1.0 if fits else None
        alias = self.aliases.get(row.part_key)
        return alias or (self.env["product.product"], None)

    def _price_lines(self):
        """Return ``{row: unsaved order line}`` of one unsaved order, as Odoo would
        make it: the price comes from wherever it is agreed."""
        order = self.env["sale.order"].new(
            {"partner_id": self.list.partner_id.id, "company_id": self.company.id}
        )
        lines = {}
        for row, (product, factor) in self.found.items():
            if product and factor and row.quantity > 0:
                lines[row] = self.env["sale.order.line"].new(
                    {
                        "order_id": order.id,
                        "product_id": product.id,
                        "product_uom_qty": row.quantity * factor,
                    }
                )
        # one after the other they would each look their prices up
        every = self.env["sale.order.line"].concat(*lines.values())
        return dict(zip(lines, every, strict=True))

    # --- verdicts --------------------------------------------------------------

    def verdict(self, row):
        """Return the values that tell what becomes of a row."""
        env = self.env
        product, factor = self.found[row]
        values = {"product_id": product.id, "message": False}
        if self.is_rest and not row.quantity:
            message = env._("All of it has been delivered.")
            return {**values, "verdict": "known", "message": message}
        if not product:
            return {**values, "verdict": "unknown", "message": self._why_unknown(row)}
        if not factor:
            return self._refuse(
                values,
                env._(
                    "Counted in %(theirs)s, ours is %(ours)s; add an alias with the "
                    "factor between them.",
                    theirs=row.unit,
                    ours=product.uom_id.name,
                ),
            )
        if row.quantity <= 0:
            return self._refuse(values, env._("The quantity is not above zero."))
        values["our_quantity"] = row.quantity * factor
        if earlier := self._get_earlier(row, product):
            return {**values, **self._compare(row, values, earlier)}
        return {**values, **self._price(row, factor)}

    def _refuse(self, values, message):
        return {**values, "verdict": "refused", "message": message}

    def _why_unknown(self, row):
        if len(self.own.get(row.part_key, ())) > 1:
            return self.env._(
                "“%(part)s” is the number of several of our parts; add an alias for "
                "the one that is meant.",
                part=row.part,
            )
        return self.env._(
            "No part “%(part)s” is known for %(partner)s; name ours.",
            part=row.part,
            partner=self.partner.name,
        )

    def _get_earlier(self, row, product):
        ref = clean_key(row.order_ref or "")
        if not ref:
            return None
        same_part = self.ordered.get((ref, product.id))
        if not row.order_line_ref:
            return same_part
        # an order typed by hand need not bear their line numbers
        numbered = same_part and same_part.rd_customer_line
        number = (ref, clean_key(row.order_line_ref))
        return self.ordered.get(number, None if numbered else same_part)

    def _compare(self, row, values, earlier):
        same_part = earlier.product_id.id == values["product_id"]
        ordered = earlier.product_uom_qty
        if self.is_rest:
            ordered -= earlier.qty_delivered
        same = earlier.product_uom_id.compare(ordered, values["our_quantity"])
        if same_part and same == 0:
            return {
                "verdict": "known",
                "message": self.env._("Is on %s already.", earlier.order_id.name),
            }
        return {
            "verdict": "changed",
            "message": self.env._(
                "%(order)s has %(quantity)s of %(part)s for it; change the order, then "
                "check again, or leave the row out.",
                order=earlier.order_id.name,
                quantity=f"{ordered:g}",
                part=earlier.product_id.display_name,
            ),
        }

    def _price(self, row, factor):
        """Compare their price with the agreed one, on their side of the tax."""
        line = self.lines[row]
        day = row.wanted_date or self.company._rd_today()
        agreed, source = line._rd_get_agreed_price(day)
        asked = self._to_our_basis(line, row.their_price / factor, agreed)
        values = {
            "our_price": agreed or 0.0,
            "price_source": source or False,
            "order_price": asked,
        }
        if row.decision:
            return {**values, "verdict": "ready"}
        if not agreed:
            message = self.env._("No price is agreed; agree one, or take theirs.")
            return {**values, "verdict": "no_price", "message": message}
        if row.their_price and not self._same(line, asked, agreed):
            return {
                **values,
                "verdict": "price",
                "message": self.env._(
                    "They write %(theirs)s, agreed is %(ours)s.",
                    theirs=f"{asked:g}",
                    ours=f"{agreed:g}",
                ),
            }
        return {**values, "verdict": "ready"}

    def _to_our_basis(self, line, price, agreed):
        """Return their price with or without tax as the order line's own is."""
        basis = self.list.profile_id.tax_basis
        if not price or not agreed:
            return price
        taxed = line.tax_ids.compute_all(
            agreed, line.currency_id, 1.0, product=line.product_id
        )
        stated = taxed["total_included" if basis == "included" else "total_excluded"]
        return price * agreed / stated if stated else price

    def _same(self, line, asked, agreed):
        """A price is printed rounded: half of its last digit is no difference."""
        return abs(asked - agreed) <= max(0.005, 0.0001 * abs(agreed))
