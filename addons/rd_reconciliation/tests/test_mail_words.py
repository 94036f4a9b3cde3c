# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import TransactionCase, tagged

from odoo.addons.rd_sales_admin.tests.mail_words_common import MailWordsMixin


@tagged("post_install", "-at_install")
class TestMailWords(MailWordsMixin, TransactionCase):
    """Databases of the first version send what is delivered now."""

    def test_delivered_words_are_renewed(self):
        """Whatever was put in by people stays beside them."""
        self._assert_mails_renewed("rd_reconciliation")
