# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The chasing mail has one row of totals per currency, where it had one row of sums.

The template belongs to the company once it is there (noupdate): what people wrote
into it stays, and the one row that no longer has its figures is renewed.
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


def renew(body):
    """Return the body of a template with the row of totals per currency."""
    return SUMS.sub(lambda _match: TOTALS, body)


def migrate(cr, version):
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
