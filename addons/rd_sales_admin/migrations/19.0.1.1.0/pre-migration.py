# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The scorecard says how its figures are counted now.

A measure belongs to the company once it is there (noupdate), its formula to the
product: where it is the one of the release before, the new one takes its place, and
the translations are read anew.

Orders that went back from ready kept the day on which they had been; they are in hand.
"""

from psycopg2.extras import Json

FORMULAS = {
    "rows_right": (
        "rows never corrected ÷ rows delivered",
        "rows of checked lists delivered as first handed in ÷ rows of checked lists; "
        "what the desk left out as not ours to deliver counts as wrong",
    ),
}


def migrate(cr, version):
    """Bring formulas and orders in hand to what this release expects."""
    renew_formulas(cr)
    cr.execute("UPDATE rd_order_release SET ready_date = NULL WHERE state = 'accepted'")


def renew_formulas(cr):
    """Renew the formulas that were not changed by anybody."""
    for code, (before, now) in FORMULAS.items():
        cr.execute(
            "UPDATE rd_scorecard_measure SET formula = %s"
            " WHERE code = %s AND formula->>'en_US' = %s",
            (Json({"en_US": now}), code, before),
        )
