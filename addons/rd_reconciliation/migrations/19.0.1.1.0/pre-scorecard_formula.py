# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from psycopg2.extras import Json

# What each measure said it counts, and what it says now.
FORMULAS = {
    "agreed_as_sent": (
        "lines agreed without any difference ÷ lines of the month's agreed statements",
        "lines agreed as first sent and without any difference ÷ lines of the "
        "statements agreed for the month, or later for one that was closed",
    ),
    "acts_per_affiliate": (
        "differences settled by a person, answers noted and statements taken back ÷ "
        "affiliates with a statement",
        "what people of ours did by hand to statements (sent, answers noted, "
        "differences settled, agreed, taken back, invoiced, requested, posted) ÷ "
        "affiliates with a statement",
    ),
    "agreed_price": (
        "lines billed at the price first stated, that agreed for the delivery day ÷ "
        "lines billed in the month",
        "lines billed at the price first stated, that agreed for the delivery day, "
        "without adjustments ÷ lines billed in the month",
    ),
    "days_to_agree": (
        "working days from the cut-off to the agreement, mean of the month's "
        "statements",
        "working days from the cut-off to the agreement, mean of the same statements",
    ),
    "days_per_affiliate": (
        "calendar days from the end of the month to an affiliate's last invoice, mean "
        "of the affiliates invoiced",
        "calendar days from the end of a statement's month to its affiliate's last "
        "invoice, mean of the affiliates invoiced",
    ),
    "never_red": (
        "tax invoices not red-lettered for our fault ÷ tax invoices dated in the month",
        "tax invoices not red-lettered for our fault, whole or in part ÷ tax invoices "
        "dated in the month, and those of closed months taken back since",
    ),
    "fapiao_days": (
        "calendar days from its date to its receipt, mean of those received in the "
        "month",
        "calendar days from its date to its receipt, mean of those received in the "
        "month, or noted later for one that was closed",
    ),
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
