# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Sales statistics by class, customer and stage, beside the same sums as bare SQL."""

import time
from datetime import date
from pathlib import Path

LIMIT = 3
TURNS = 5
KEYS = ["settlement_class", "partner_id", "state"]

# What somebody would write by hand who only wants these sums of this company.
BARE = """
WITH line AS (
    SELECT sold.id, sold.rd_settlement_class AS class, sold.product_id,
           customer.id AS partner, sold.price_subtotal AS amount,
           sold.price_subtotal / sold.product_uom_qty AS price,
           sale.date_order, sale.state
      FROM sale_order_line sold
      JOIN sale_order sale ON sale.id = sold.order_id
      JOIN res_partner invoiced ON invoiced.id = sale.partner_invoice_id
      JOIN res_partner customer ON customer.id = invoiced.commercial_partner_id
     WHERE sale.company_id = %(company)s AND sold.display_type IS NULL
)
SELECT class, partner, '1_ordered', SUM(ROUND(amount, 2)) FROM line
 WHERE state = 'sale' GROUP BY 1, 2
UNION ALL
SELECT class, partner, '2_shipped', SUM(ROUND((move.quantity * price)::numeric, 2))
  FROM line
  JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done'
  JOIN stock_location target ON target.id = move.location_dest_id
 WHERE target.usage = 'customer' GROUP BY 1, 2
UNION ALL
SELECT class, partner, '3_signed', SUM(ROUND((move.quantity * price)::numeric, 2))
  FROM line
  JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done'
  JOIN stock_picking picking ON picking.id = move.picking_id
 WHERE picking.rd_signed_date IS NOT NULL GROUP BY 1, 2
UNION ALL
SELECT stated.settlement_class, stated.partner_id, '4_agreed',
       SUM(stated.amount_untaxed)
  FROM rd_statement_line stated
  JOIN rd_statement statement ON statement.id = stated.statement_id
 WHERE stated.live AND stated.company_id = %(company)s
   AND statement.state IN ('agreed', 'invoiced', 'closed') GROUP BY 1, 2
UNION ALL
SELECT line.class, bill.commercial_partner_id, '5_invoiced', SUM(-item.balance)
  FROM account_move_line item
  JOIN account_move bill ON bill.id = item.move_id AND bill.state = 'posted'
  JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = item.id
  JOIN line ON line.id = link.order_line_id
 WHERE item.display_type = 'product' GROUP BY 1, 2
"""


def run(context):
    """Return the one row: the median of a few ratios, both ways taken in turn."""
    database = context.database()
    found = context.in_odoo(
        database,
        Path(__file__),
        "measure",
        lines=context.lines,
        affiliates=context.affiliates,
    )
    pairs = sorted(found["pairs"], key=lambda pair: pair[0] / pair[1])
    ours, bare = pairs[len(pairs) // 2]
    return [
        {
            "name": "statistics by class, customer and stage",
            "ratio": ours / bare,
            "limit": LIMIT,
            "unit": "x the same sums as bare SQL",
            "detail": f"{found['rows']} rows: {1000 * ours:.0f} of "
            f"{1000 * bare:.0f} ms, {found['groups']} groups",
        }
    ]


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------
def measure(env, lines, affiliates):
    """Return the seconds of both ways, for lines ordered, shipped and half agreed."""
    from chain_scenario import World

    company = env.company
    company.rd_start_date = date(2026, 9, 1)
    world = World(env)
    partners = [world.partner(f"Works {number}") for number in range(affiliates)]
    for partner in partners:
        world.delivered(partner, lines // affiliates)
    close = env["rd.close"].create(
        {"company_id": company.id, "month": date(2026, 9, 1)}
    )
    env["rd.opening"]._ensure(company)
    for partner in partners[: affiliates // 2]:
        statement = env["rd.statement"]._build(close, partner)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        statement.action_invoice()
    env["account.move"].search(
        [("state", "=", "draft"), ("rd_statement_id", "!=", False)]
    ).action_post()
    env.flush_all()
    env.cr.execute("ANALYZE")
    report = env["rd.sales.report"]
    domain = [("company_id", "=", company.id)]
    pairs = []
    for _turn in range(TURNS):
        env.invalidate_all()
        start = time.perf_counter()
        groups = report._read_group(domain, KEYS, ["amount:sum"])
        ours = time.perf_counter() - start
        start = time.perf_counter()
        env.cr.execute(BARE, {"company": company.id})
        bare = len(env.cr.fetchall())
        pairs.append((ours, time.perf_counter() - start))
    if bare != len(groups):
        raise AssertionError(f"{len(groups)} groups of ours, {bare} by bare SQL")
    return {
        "pairs": pairs,
        "groups": len(groups),
        "rows": report.search_count(domain),
    }
