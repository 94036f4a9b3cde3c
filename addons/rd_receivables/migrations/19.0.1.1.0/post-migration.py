# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The chasing mail has one row of totals per currency, where it had one row of sums.

The template belongs to the company once it is there (noupdate): what people wrote
into it stays, and the one row that no longer has its figures is renewed.

What was proposed for a line of a plan is kept beside what is planned: for plans that
are worked on it starts as what is planned, so that nothing passes for typed.

The scorecard says how its collection rates are counted now; the formula belongs to the
product, so it is renewed where it is the one of the release before, and its
translations are read anew.

The pause between two messages is a day shorter where it is still the week of the
release before: a run sent on a Tuesday left its customers out of the next Monday's.

The first levels ask in English that begins as English does, so that a language that is
installed later still finds their translation; what people wrote stays.
"""

import re

from psycopg2.extras import Json

QUOTE = "(?:'|&#39;|&quot;)"
SUMS = re.compile(
    rf"<tr[^>]*>\s*<th[^>]*t-foreach=\"data\[{QUOTE}sums{QUOTE}\]\"[^>]*>.*?</th>"
    r"\s*</tr>",
    re.S,
)
TOTALS = (
    '<tr t-foreach="data[\'totals\']" t-as="total">'
    '<th t-foreach="total[\'texts\']" t-as="cell"><t t-out="cell"/></th></tr>'
)

RATE = (
    "received of what was due in the month or before ÷ due, from the month's "
    "collection plan"
)
RATE_NOW = (
    "received of what was due in the month or before ÷ due, from the month's approved "
    "collection plan, else from the books on its eve"
)

LEVELS = {
    "the following items fall due within the next days. Should you miss a paper, "
    "please tell us now.": "The following items fall due in the next few days. If you "
    "still need a document, please let us know now.",
    "we have not yet seen your payment of the following items. Please pay them, or "
    "tell us what stands against it.": "We have not yet seen your payment of the "
    "following items. Please pay them, or tell us what stands against it.",
    "in spite of our reminders the following items are still open. Please pay them "
    "within seven days of this letter.": "In spite of our reminders the following "
    "items are still open. Please pay them within seven days of this letter.",
}


def renew(body):
    """Return the body of a template with the row of totals per currency."""
    return SUMS.sub(lambda _match: TOTALS, body)


def migrate(cr, version):
    """Bring templates, open plans and formulas to what this release expects."""
    renew_templates(cr)
    start_proposals(cr)
    renew_formulas(cr)
    shorten_pauses(cr)
    renew_levels(cr)


def shorten_pauses(cr):
    """Let a run that was a day late lose no week, where nobody chose otherwise."""
    cr.execute(
        "UPDATE res_company SET rd_chase_pause_days = 6 WHERE rd_chase_pause_days = 7"
    )


def renew_levels(cr):
    """Renew the English words of the levels that were not changed by anybody."""
    for before, now in LEVELS.items():
        cr.execute(
            """
            UPDATE rd_chase_level
               SET text = text || jsonb_build_object('en_US', %s::text)
             WHERE text->>'en_US' = %s
            """,
            (now, before),
        )


def renew_formulas(cr):
    """Renew the formula of the collection rates."""
    cr.execute(
        """
        UPDATE rd_scorecard_measure SET formula = %s
         WHERE code IN ('collected_outside', 'collected_affiliates')
           AND formula->>'en_US' = %s
        """,
        (Json({"en_US": RATE_NOW}), RATE),
    )


def start_proposals(cr):
    """Let what is planned on open plans be what was proposed."""
    cr.execute(
        """
        UPDATE rd_collection_plan_line line
           SET proposed_date = line.planned_date,
               proposed_amount = line.planned_amount
          FROM rd_collection_plan plan
         WHERE plan.id = line.plan_id
           AND plan.state IN ('draft', 'submitted')
           AND line.proposed_date IS NULL
           AND line.proposed_amount IS NULL
        """
    )


def renew_templates(cr):
    """Renew every template of the chasing mail, in every language."""
    cr.execute(
        "SELECT id, body_html FROM mail_template WHERE model = 'rd.chase.run.line'"
    )
    for number, bodies in cr.fetchall():
        fresh = {lang: renew(body or "") for lang, body in (bodies or {}).items()}
        if fresh != bodies:
            cr.execute(
                "UPDATE mail_template SET body_html = %s WHERE id = %s",
                (Json(fresh), number),
            )
