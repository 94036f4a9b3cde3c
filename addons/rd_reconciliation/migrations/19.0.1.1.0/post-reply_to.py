# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import SUPERUSER_ID, api

TEMPLATES = ("statement", "statement_reminder", "statement_ledger")
# What the templates were delivered with; whatever somebody has written stays.
DELIVERED = (
    "{{ (object.user_id.email_formatted or object.company_id.email_formatted or '') }}"
)


def migrate(cr, version):
    """Let answers to our mails reach the statement instead of a clerk's mailbox."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in TEMPLATES:
        template = env.ref(
            f"rd_reconciliation.mail_template_{name}", raise_if_not_found=False
        )
        if template and template.reply_to == DELIVERED:
            template.reply_to = False
