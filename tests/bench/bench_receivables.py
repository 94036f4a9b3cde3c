# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Ageing and collection rates as of a day, against the same sums as bare SQL."""

from pathlib import Path

_SCRIPT = Path(__file__).with_name("receivables_scenario.py")


def run(context):
    """Return the rows of ageing, rates and open items."""
    found = context.in_odoo(context.database(), _SCRIPT, "measure", lines=context.lines)
    return [
        {
            "name": name,
            "ratio": found[key]["ours"] / found[key]["bare"],
            "limit": 3.0,
            "unit": "x the same aggregation as bare SQL",
            "detail": f"{1000 * found[key]['ours']:.0f} of "
            f"{1000 * found[key]['bare']:.0f} ms, {context.lines} items",
        }
        for name, key in (
            ("ageing as of a day", "ageing"),
            ("collection rates of a plan", "plan"),
            ("open items of a plan", "open"),
        )
    ]
