# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The English mails of a statement begin their first sentence as English does.

The templates belong to the company once they are there (noupdate): only the words
that were delivered are renewed, in English; what people wrote, and the other
languages, stay.
"""

import re

WORDS = {
    "statement": (
        "attached you find our statement",
        "Please find attached our statement",
    ),
    "statement_reminder": ("we have no answer yet to", "We have no answer yet to"),
    "statement_ledger": ("to reconcile our statement", "To reconcile our statement"),
}


def renew(body, old, new):
    """Return the body with the delivered words renewed, wherever its lines break."""
    return re.sub(r"\s+".join(old.split()), new, body)


def migrate(cr, version):
    """Renew the English words of the mails about a statement."""
    for name, words in WORDS.items():
        cr.execute(
            """
            SELECT template.id, template.body_html->>'en_US'
              FROM mail_template template
              JOIN ir_model_data data
                ON data.model = 'mail.template' AND data.res_id = template.id
             WHERE data.module = 'rd_reconciliation' AND data.name = %s
            """,
            (f"mail_template_{name}",),
        )
        for number, body in cr.fetchall():
            cr.execute(
                """
                UPDATE mail_template
                   SET body_html = body_html || jsonb_build_object('en_US', %s::text)
                 WHERE id = %s
                """,
                (renew(body or "", *words), number),
            )
