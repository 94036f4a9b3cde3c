# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The desk of world.py with an affiliate more, that got 10,000 lines in the last month.

Runs inside Odoo. They came on a hundred notes, each with a hundred parts; no two lines
of a note are of one part.
"""

import sys
from pathlib import Path

from world import past_months

from odoo import Command

sys.path.append(str(Path(__file__).parents[1] / "bench"))
import chain_scenario  # noqa: E402

NOTES, LINES = 100, 100
PARTNER = "Large"


def main(env):
    """Write all of it; the caller commits."""
    bulk = chain_scenario.World(env)
    parts = env["product.product"].create(
        [
            {
                "name": f"Part {one}",
                "default_code": f"P-{one}",
                "type": "consu",
                "invoice_policy": "delivery",
                "taxes_id": [Command.set(bulk.tax.ids)],
            }
            for one in range(LINES)
        ]
    )
    partner = bulk.partner(PARTNER)
    partner.rd_settlement_mode = "statement_confirm"
    month = past_months(env.company)[-1]
    for note in range(NOTES):
        day = month.replace(day=1 + note % 28)
        order = bulk.delivered(partner, LINES, f"{day} 04:00:00")
        order.picking_ids.rd_note = f"L-{note}"
        _vary(env, order, parts)
    env.flush_all()
    env.cr.execute("ANALYZE")


def _vary(env, order, parts):
    """Give each line of an order a part and a quantity of its own."""
    env.flush_all()
    env.cr.execute(
        """
        WITH ranked AS (
            SELECT id, row_number() OVER (ORDER BY id) AS at FROM sale_order_line
             WHERE order_id = %(order)s
        ), lines AS (
            UPDATE sale_order_line line
               SET product_id = (%(parts)s)[at], product_uom_qty = at,
                   qty_delivered = at, qty_to_invoice = at
              FROM ranked WHERE ranked.id = line.id
        )
        UPDATE stock_move move
           SET product_id = (%(parts)s)[at], product_uom_qty = at, quantity = at,
               product_qty = at
          FROM ranked WHERE ranked.id = move.sale_line_id
        """,
        {"order": order.id, "parts": parts.ids},
    )
    env.invalidate_all()
