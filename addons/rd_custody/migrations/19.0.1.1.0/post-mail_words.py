# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The English mails begin their first sentence as English does, and name a day "by"
which something is due.

The templates belong to the company once they are there (noupdate): only the words
that were delivered are renewed, in English; what people wrote, and the other
languages, stay.
"""

import re

WORDS = {
    "incident": [("we have to tell you of", "We have to tell you of")],
    "confirmation": [
        ("attached is the list of", "Attached is the list of"),
        ("and answer it until", "and answer it by"),
    ],
    "loan_due": [("please bring back until", "Please bring back by")],
    "return": [
        ("we cannot take back what", "We cannot take back what"),
        ("this is what happens to", "This is what happens to"),
    ],
}


def renew(body, words):
    """Return the body with the delivered words renewed, wherever its lines break."""
    for old, new in words:
        body = re.sub(r"\s+".join(old.split()), new, body)
    return body


def migrate(cr, version):
    """Renew the English words of the mails about owners' property and returns."""
    for name, words in WORDS.items():
        cr.execute(
            """
            SELECT template.id, template.body_html->>'en_US'
              FROM mail_template template
              JOIN ir_model_data data
                ON data.model = 'mail.template' AND data.res_id = template.id
             WHERE data.module = 'rd_custody' AND data.name = %s
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
                (renew(body or "", words), number),
            )
