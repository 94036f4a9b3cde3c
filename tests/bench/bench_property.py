# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The register of customers' property as of a day, beside the same as bare SQL."""

import time
from pathlib import Path

LIMIT = 3
TURNS = 5
DAY = "2026-06-30"

# Cards with ten events each: received, then moved, used, counted, lent and back.
FILL = """
INSERT INTO rd_property (name, company_id, partner_id, kind, description, uom_id,
                         currency_id, active, state, condition, create_uid)
SELECT 'B-' || number, %(company)s,
       (%(owners)s)[1 + number %% array_length(%(owners)s, 1)],
       'mould', 'Thing ' || number, %(uom)s, %(currency)s, TRUE, 'held', 'unchecked', 1
  FROM generate_series(1, %(cards)s) number;
INSERT INTO rd_property_event (property_id, company_id, kind, date, quantity, place,
                               holder_id, condition, create_uid)
SELECT card.id, card.company_id,
       (ARRAY['receive', 'verify', 'move', 'use', 'count', 'to_subsupplier', 'move',
              'maintain', 'damage', 'move'])[1 + turn %% 10],
       DATE '2025-01-01' + turn * 61,
       (ARRAY[50, 0, 0, 2, 47, 0, 0, 0, 1, 0])[1 + turn %% 10],
       'Shelf ' || (card.id + turn) %% 40,
       CASE WHEN turn %% 10 = 5 THEN card.partner_id END,
       CASE WHEN turn %% 10 IN (1, 7) THEN 'good'
            WHEN turn %% 10 = 8 THEN 'damaged' END,
       1
  FROM rd_property card, generate_series(0, %(each)s - 1) turn
 WHERE card.name LIKE 'B-%%';
"""
# What somebody would write by hand: pieces, state and place of each card that day.
BARE = """
WITH event AS (
    SELECT *, COUNT(*) FILTER (WHERE kind = 'count')
                  OVER (PARTITION BY property_id ORDER BY date, id) AS turn
      FROM rd_property_event WHERE date <= %(day)s AND company_id = %(company)s
), held AS (
    SELECT *, SUM(CASE WHEN kind IN ('receive', 'count') THEN quantity
                       WHEN kind IN ('use', 'lose', 'return', 'dispose')
                       THEN -quantity ELSE 0 END)
                  OVER (PARTITION BY property_id, turn ORDER BY date, id) AS pieces
      FROM event
), last AS (
    SELECT property_id,
           (ARRAY_AGG(CASE WHEN kind IN ('lend', 'to_subsupplier') THEN 'out'
                           WHEN pieces = 0 THEN kind ELSE 'held' END
                      ORDER BY date DESC, id DESC)
            FILTER (WHERE kind IN ('receive', 'move', 'issue', 'lend',
                                   'to_subsupplier') OR pieces = 0))[1] AS state
      FROM held GROUP BY property_id
)
SELECT card.partner_id, last.state, COUNT(*)
  FROM last JOIN rd_property card ON card.id = last.property_id
 GROUP BY 1, 2
"""


def run(context):
    """Return the rows: the sums of the day, and the card that opens."""
    found = context.in_odoo(
        context.database(),
        Path(__file__),
        "measure",
        cards=context.cards,
        events=context.events,
    )
    pairs = sorted(found["pairs"], key=lambda pair: pair[0] / pair[1])
    ours, bare = pairs[len(pairs) // 2]
    return [
        {
            "name": "register of customers' property as of a day",
            "ratio": ours / bare,
            "limit": LIMIT,
            "unit": "x the same aggregation as bare SQL",
            "detail": f"{found['cards']} cards, {found['events']} events: "
            f"{1000 * ours:.0f} of {1000 * bare:.0f} ms",
        }
    ]


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------
def measure(env, cards, events):
    """Return the seconds of both ways over cards and events written by SQL."""
    company = env.company
    owners = env["res.partner"].create([{"name": f"Owner {n}"} for n in range(50)])
    env.flush_all()
    env.cr.execute(
        FILL,
        {
            "company": company.id,
            "owners": owners.ids,
            "uom": env.ref("uom.product_uom_unit").id,
            "currency": company.currency_id.id,
            "cards": cards,
            "each": events // cards,
        },
    )
    env.cr.execute("ANALYZE rd_property")
    env.cr.execute("ANALYZE rd_property_event")
    env.invalidate_all()
    register = env["rd.property.asof"].with_context(rd_as_of=DAY)
    domain = [("company_id", "=", company.id)]
    pairs = []
    for _turn in range(TURNS):
        env.invalidate_all()
        start = time.perf_counter()
        groups = register._read_group(domain, ["partner_id", "state"], ["__count"])
        ours = time.perf_counter() - start
        start = time.perf_counter()
        env.cr.execute(BARE, {"day": DAY, "company": company.id})
        bare = env.cr.fetchall()
        pairs.append((ours, time.perf_counter() - start))
    said = sorted((partner.id, state, count) for partner, state, count in groups)
    if said != sorted(bare):
        raise AssertionError(f"{len(said)} groups of ours, {len(bare)} by bare SQL")
    return {"pairs": pairs, "cards": cards, "events": events}
