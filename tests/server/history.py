# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Five years of deliveries and invoices from before the desk, written by SQL.

Runs inside Odoo on a copy of the desk of world.py. One delivery, order line and
invoice line of each affiliate are made by Odoo and multiplied by plain inserts, so
that the rows look as Odoo's own do; every twentieth delivery was never invoiced.
"""

from datetime import timedelta

MOVES = 20_000
NOT_INVOICED = 20  # every how manieth delivery
QUANTITY = 3
PRICE = 10.0


def main(env):
    """Write the history; the caller commits."""
    write(env, MOVES, 40, NOT_INVOICED)


def write(env, moves, per_order, not_invoiced):
    """Write so many deliveries, of which every n-th was never invoiced."""
    company = env.company
    company.rd_start_date = False
    orders = env["sale.order.line"].search([], order="id").order_id
    start = orders_start(env)
    history = History(env, orders[0], per_order, not_invoiced)
    count = moves // per_order
    for number in range(count):
        day = start - timedelta(days=10 + number * 5 * 365 // count)
        history.write_order(orders[number % len(orders)], number, day)
    env.cr.execute("ANALYZE")
    company.rd_start_date = start
    env.invalidate_all()
    print("HISTORY", moves)


def orders_start(env):
    """Return the first day of the desk's first month."""
    world_first = env["stock.move"].search(
        [("state", "=", "done"), ("sale_line_id", "!=", False)], order="date", limit=1
    )
    return world_first.date.date().replace(day=1)


class History:
    """Old orders of ``per_order`` lines, each delivered, most of them invoiced."""

    def __init__(self, env, order, per_order, not_invoiced):
        """Have Odoo make what all others are copies of."""
        self.cr = env.cr
        self.per_order = per_order
        self.not_invoiced = not_invoiced
        self.move = sample_move(env)
        self.invoice = make_invoice(env, order)
        self.item, self.receivable = (
            self.invoice.line_ids.filtered(
                lambda item, kind=kind: item.display_type == kind
            )
            for kind in ("product", "payment_term")
        )
        env.flush_all()
        self.columns = {}

    def write_order(self, order, number, day):
        """Write one more order like this one, as of a day."""
        line = order.order_line[0]
        lines = self._write_lines(line, number, day)
        self._write_moves(line, lines, day)
        before = number * self.per_order
        billed = [one for at, one in enumerate(lines, before) if at % self.not_invoiced]
        self._bill(order.partner_id.id, number, day, billed)
        self.cr.execute(
            "UPDATE sale_order_line SET qty_invoiced = 0, qty_to_invoice = %s "
            "WHERE id = ANY(%s)",
            [QUANTITY, sorted(set(lines) - set(billed))],
        )

    def _write_lines(self, line, number, day):
        """Return the numbers of the lines of a new order, in their order."""
        [order] = self._copy(
            line.order_id,
            {"name": f"OLD-{number}", "date_order": day, "access_token": None},
        )
        return self._copy(
            line,
            {
                "order_id": order,
                "qty_delivered": QUANTITY,
                "product_uom_qty": QUANTITY,
                "qty_invoiced": QUANTITY,
                "qty_to_invoice": 0,
            },
            self.per_order,
        )

    def _write_moves(self, line, lines, day):
        """Deliver each of the lines."""
        self._copy(
            self.move,
            {
                "date": day,
                "quantity": QUANTITY,
                "product_uom_qty": QUANTITY,
                "product_qty": QUANTITY,
                "picking_id": None,
                "partner_id": line.order_id.partner_id.id,
                "product_id": line.product_id.id,
                "product_uom": line.product_uom_id.id,
                "sale_line_id": lines,
            },
            len(lines),
        )

    def _bill(self, partner, number, day, lines):
        """Invoice the lines, one invoice line each."""
        total = QUANTITY * PRICE * len(lines)
        [entry] = self._copy(
            self.invoice,
            {
                "name": f"OLD/{number}",
                "sequence_number": number,
                "sequence_prefix": "OLD/",
                "date": day,
                "invoice_date": day,
                "invoice_date_due": day,
                "partner_id": partner,
                "commercial_partner_id": partner,
                "access_token": None,
                "amount_untaxed": total,
                "amount_total": total,
                "amount_residual": total,
            },
        )
        common = {"move_id": entry, "date": day, "partner_id": partner}
        items = self._copy(self.item, common, len(lines))
        self.cr.execute(
            "INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id)"
            " SELECT * FROM unnest(%s, %s)",
            [items, lines],
        )
        owed = ("debit", "balance", "amount_currency")
        open_ = ("amount_residual", "amount_residual_currency")
        self._copy(self.receivable, {**common, **dict.fromkeys(owed + open_, total)})

    def _copy(self, record, changes, count=1):
        """Insert copies of a row with other values; return their numbers.

        Where a value is a list, each copy takes its own of it.
        """
        table = record._table
        names = self._columns(table)
        listed = ", ".join(f'"{name}"' for name in names)
        picked = ", ".join(_picked(table, name, changes) for name in names)
        self.cr.execute(
            f'INSERT INTO "{table}" ({listed}) SELECT {picked} FROM "{table}",'
            " generate_series(1, %(count)s) AS one(number)"
            f' WHERE "{table}".id = %(copied)s ORDER BY one.number RETURNING id',
            {**changes, "copied": record.id, "count": count},
        )
        return [number for (number,) in self.cr.fetchall()]

    def _columns(self, table):
        """Return the names of a table's columns that a copy takes over."""
        if table not in self.columns:
            self.cr.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_name = %s AND is_generated = 'NEVER' "
                "AND column_name NOT IN ('id', 'create_date', 'write_date') "
                "ORDER BY ordinal_position",
                [table],
            )
            self.columns[table] = [name for (name,) in self.cr.fetchall()]
        return self.columns[table]


def _picked(table, name, changes):
    """Return where the copy of a column comes from."""
    if isinstance(changes.get(name), list):
        return f"(%({name})s)[one.number]"
    return f"%({name})s" if name in changes else f'"{table}"."{name}"'


def sample_move(env):
    """Return one done delivery."""
    return env["stock.move"].search(
        [
            ("state", "=", "done"),
            ("sale_line_id", "!=", False),
            ("location_dest_id.usage", "=", "customer"),
        ],
        order="id",
        limit=1,
    )


def make_invoice(env, order):
    """Return a posted invoice made by Odoo, as the pattern of all others."""
    journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
    line = order.order_line[0]
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": order.partner_id.id,
            "journal_id": journal.id,
            "invoice_date": "2020-01-01",
            "invoice_line_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": line.product_id.id,
                        "quantity": QUANTITY,
                        "price_unit": PRICE,
                        "tax_ids": [(6, 0, [])],
                    },
                )
            ],
        }
    )
    invoice.action_post()
    return invoice
