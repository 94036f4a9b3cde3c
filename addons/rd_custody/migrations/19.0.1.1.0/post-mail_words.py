# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The English mails begin their first sentence as English does, and name a day "by"
which something is due.
"""

from odoo.addons.rd_sales_admin.tools.mail_words import renew_mails

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


def migrate(cr, version):
    """Renew the English words of the mails about owners' property and returns."""
    renew_mails(cr, "rd_custody", WORDS)
