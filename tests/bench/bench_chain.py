# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Collecting deliveries and invoicing statements, against stock Odoo's invoicing."""

from pathlib import Path

_SCRIPT = Path(__file__).with_name("chain_scenario.py")


def run(context):
    """Return the rows of the settlement chain."""
    database = context.database()
    found = context.in_odoo(
        database,
        _SCRIPT,
        "measure",
        lines=context.lines,
        affiliates=context.affiliates,
    )
    stock = found["stock"]["seconds"] / found["stock"]["lines"]
    build = found["build"]["seconds"] / found["build"]["lines"]
    invoice = found["invoice"]["seconds"] / found["invoice"]["lines"]
    return [
        {
            "name": "collect deliveries into statements",
            "ratio": build / stock,
            "limit": 0.1,
            "unit": "x stock Odoo's time per line to invoice them",
            "detail": f"{1000 * build:.2f} of {1000 * stock:.2f} ms per line, "
            f"{found['build']['queries'] / found['build']['lines']:.3f} queries "
            "per line",
        },
        {
            "name": "invoice an agreed statement",
            "ratio": invoice / stock,
            "limit": 0.5,
            "unit": "x sale.order._create_invoices per line",
            "detail": f"{1000 * invoice:.2f} of {1000 * stock:.2f} ms per line, "
            f"{found['invoice']['queries'] / found['affiliates']:.0f} queries per "
            f"invoice of {found['invoice']['lines'] // found['affiliates']} lines",
        },
        {
            "name": "queries to invoice: ten times the lines",
            "ratio": found["large"] / found["small"],
            "limit": 2.0,
            "unit": "x the queries",
            "detail": f"{found['small']} for 60 lines, {found['large']} for 600",
        },
    ]
