# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Renewing the words of mails that were delivered with an earlier version.

The templates belong to the company once they are there (noupdate): only the words
that were delivered are renewed, in English; what people wrote, and the other
languages, stay.
"""

import re


def renew_mails(cr, addon, words):
    """Renew the English words of an add-on's mail templates.

    :param words: ``{name: [(delivered, now), …]}``, the name without ``mail_template_``
    """
    for name, pairs in words.items():
        cr.execute(
            """
            SELECT template.id, template.body_html->>'en_US'
              FROM mail_template template
              JOIN ir_model_data data
                ON data.model = 'mail.template' AND data.res_id = template.id
             WHERE data.module = %s AND data.name = %s
            """,
            (addon, f"mail_template_{name}"),
        )
        for number, body in cr.fetchall():
            cr.execute(
                """
                UPDATE mail_template
                   SET body_html = body_html || jsonb_build_object('en_US', %s::text)
                 WHERE id = %s
                """,
                (_renew(body or "", pairs), number),
            )


def _renew(body, pairs):
    """Return the body with the words renewed, wherever its lines break."""
    for old, new in pairs:
        body = re.sub(r"\s+".join(old.split()), new, body)
    return body
