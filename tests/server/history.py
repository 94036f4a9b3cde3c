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


def main(env):
    """Write the history; the caller commits."""
    write(env, MOVES, 40, NOT_INVOICED)


def write(env, moves, per_order, not_invoiced):
    """Write so many deliveries, of which every n-th was never invoiced."""
    company = env.company
    company.rd_start_date = False
    lines = env["sale.order.line"].search([], order="id")
    orders = lines.order_id
    start = orders_start(env)
    invoice = make_invoice(env, orders[0])
    env.flush_all()
    cr = env.cr
    columns = {
        table: [
            name
            for name in table_columns(cr, table)
            if name not in ("id", "create_date", "write_date")
        ]
        for table in (
            "sale_order",
            "sale_order_line",
            "stock_move",
            "account_move",
            "account_move_line",
        )
    }
    sample = sample_move(env)
    count = moves // per_order
    for number in range(count):
        order = orders[number % len(orders)]
        day = start - timedelta(days=10 + number * 5 * 365 // count)
        made = (sample, invoice, number, day, per_order, not_invoiced)
        write_order(cr, columns, order, *made)
    cr.execute("ANALYZE")
    company.rd_start_date = start
    env.invalidate_all()
    print("HISTORY", moves)


def orders_start(env):
    """Return the first day of the desk's first month."""
    world_first = env["stock.move"].search(
        [("state", "=", "done"), ("sale_line_id", "!=", False)], order="date", limit=1
    )
    return world_first.date.date().replace(day=1)


def table_columns(cr, table):
    """Return the names of a table's columns."""
    cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cr.fetchall()]


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
                        "price_unit": 10.0,
                        "tax_ids": [(6, 0, [])],
                    },
                )
            ],
        }
    )
    invoice.action_post()
    return invoice


def insert_copy(cr, columns, table, number, changes):
    """Insert a copy of a row with other values; return its number."""
    names = columns[table]
    picked = ", ".join(
        f"%({name})s" if name in changes else f'"{name}"' for name in names
    )
    listed = ", ".join(f'"{name}"' for name in names)
    cr.execute(
        f'INSERT INTO "{table}" ({listed}) SELECT {picked} FROM "{table}" '
        f"WHERE id = %(copied)s RETURNING id",
        {**changes, "copied": number},
    )
    return cr.fetchone()[0]


def write_order(cr, columns, order, sample, invoice, number, day, count, not_invoiced):
    """Write one old order: ``count`` lines, each delivered, most of them invoiced."""
    partner = order.partner_id.id
    old = insert_copy(
        cr,
        columns,
        "sale_order",
        order.id,
        {"name": f"OLD-{number}", "date_order": day, "access_token": None},
    )
    entry = insert_copy(
        cr,
        columns,
        "account_move",
        invoice.id,
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
        },
    )
    product_item, receivable = (
        invoice.line_ids.filtered(lambda item, kind=kind: item.display_type == kind).id
        for kind in ("product", "payment_term")
    )
    line = order.order_line[0]
    names = columns["sale_order_line"]
    changes = {
        "order_id": old,
        "qty_delivered": QUANTITY,
        "product_uom_qty": QUANTITY,
    }
    changes["qty_invoiced"] = QUANTITY
    changes["qty_to_invoice"] = 0
    listed = ", ".join(f'"{name}"' for name in names)
    picked = ", ".join(
        f"%({name})s" if name in changes else f'"{name}"' for name in names
    )
    cr.execute(
        f"INSERT INTO sale_order_line ({listed}) SELECT {picked} FROM sale_order_line,"
        " generate_series(1, %(count)s) WHERE id = %(copied)s RETURNING id",
        {**changes, "count": count, "copied": line.id},
    )
    lines = [row[0] for row in cr.fetchall()]
    names = columns["stock_move"]
    changes = {
        "date": day,
        "quantity": QUANTITY,
        "product_uom_qty": QUANTITY,
        "product_qty": QUANTITY,
        "picking_id": None,
        "partner_id": partner,
        "product_id": line.product_id.id,
        "product_uom": line.product_uom_id.id,
    }
    listed = ", ".join(f'"{name}"' for name in names)
    picked = ", ".join(
        "sold.id"
        if name == "sale_line_id"
        else f"%({name})s"
        if name in changes
        else f'stock_move."{name}"'
        for name in names
    )
    cr.execute(
        f"INSERT INTO stock_move ({listed}) SELECT {picked} FROM stock_move,"
        " unnest(%(lines)s) AS sold(id) WHERE stock_move.id = %(copied)s",
        {**changes, "lines": lines, "copied": sample.id},
    )
    before = number * count
    billed = [one for at, one in enumerate(lines, start=before) if at % not_invoiced]
    total = QUANTITY * 10.0 * len(billed)
    common = {"move_id": entry, "date": day, "partner_id": partner}
    names = columns["account_move_line"]
    listed = ", ".join(f'"{name}"' for name in names)
    picked = ", ".join(
        f"%({name})s" if name in common else f'"{name}"' for name in names
    )
    cr.execute(
        f"WITH item AS (INSERT INTO account_move_line ({listed}) SELECT {picked}"
        " FROM account_move_line, generate_series(1, cardinality(%(billed)s))"
        " WHERE id = %(copied)s RETURNING id)"
        " INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id)"
        " SELECT item.id, sold.id"
        " FROM (SELECT id, row_number() OVER () AS at FROM item) AS item"
        " JOIN unnest(%(billed)s) WITH ORDINALITY AS sold(id, at) USING (at)",
        {**common, "billed": sorted(billed), "copied": product_item},
    )
    insert_copy(
        cr,
        columns,
        "account_move_line",
        receivable,
        {
            **common,
            "debit": total,
            "balance": total,
            "amount_currency": total,
            "amount_residual": total,
            "amount_residual_currency": total,
        },
    )
    cr.execute(
        "UPDATE sale_order_line SET qty_invoiced = 0, qty_to_invoice = %s "
        "WHERE id = ANY(%s)",
        [QUANTITY, [one for one in lines if one not in billed]],
    )
    cr.execute(
        "UPDATE account_move SET amount_untaxed = %(t)s, amount_total = %(t)s, "
        "amount_residual = %(t)s WHERE id = %(id)s",
        {"t": total, "id": entry},
    )
