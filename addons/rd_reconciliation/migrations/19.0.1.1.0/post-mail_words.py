# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The English mails of a statement begin their first sentence as English does."""

from odoo.addons.rd_sales_admin.tools.mail_words import renew_mails

WORDS = {
    "statement": [
        (
            "attached you find our statement",
            "Please find attached our statement",
        )
    ],
    "statement_reminder": [("we have no answer yet to", "We have no answer yet to")],
    "statement_ledger": [("to reconcile our statement", "To reconcile our statement")],
}


def migrate(cr, version):
    """Renew the English words of the mails about a statement."""
    renew_mails(cr, "rd_reconciliation", WORDS)
