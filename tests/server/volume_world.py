# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The desk of world.py with a million old deliveries and three large months.

Runs inside Odoo. Five affiliates more, which need no confirmation, got 90,000 lines in
the first two months together and 10,000 in the third. ``fin1`` is of the first of them.
"""

import sys
from pathlib import Path

import history
from answers_world import invite_person
from world import past_months

sys.path.append(str(Path(__file__).parents[1] / "bench"))
import chain_scenario  # noqa: E402

MOVES = 1_000_000
PER_ORDER = 200
NOT_INVOICED = 10_000  # every how manieth delivery
AFFILIATES = 5
LINES = (9_000, 9_000, 2_000)  # of each affiliate in each month


def main(env):
    """Write all of it; the caller commits."""
    history.write(env, MOVES, PER_ORDER, NOT_INVOICED)
    bulk = chain_scenario.World(env)
    partners = [bulk.partner(f"Works {number}") for number in range(1, AFFILIATES + 1)]
    for partner in partners:
        partner.rd_settlement_mode = "statement_sent"
        for month, lines in zip(past_months(env.company), LINES, strict=True):
            bulk.delivered(partner, lines, f"{month.replace(day=10)} 04:00:00")
    invite_person(env, partners[0], "fin1")
    env.flush_all()
    env.cr.execute("ANALYZE")
