# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.extras import Json

# What each measure said it counts, and what it says now.
FORMULAS = {
    "invoiced_in_time": (
        "statements invoiced within 3 working days of their agreement ÷ statements "
        "agreed in the month",
        "statements whose last invoice was posted within 3 working days of their "
        "agreement ÷ statements posted, or out of time, in the month",
    ),
}


def migrate(cr, version):
    """Let the measures say what they count by now, where nobody has reworded them.

    The other languages follow from the translations, which are loaded after this.
    """
    for code, (was, now) in FORMULAS.items():
        cr.execute(
            "UPDATE rd_scorecard_measure SET formula = %s "
            "WHERE code = %s AND formula ->> 'en_US' = %s",
            (Json({"en_US": now}), code, was),
        )
