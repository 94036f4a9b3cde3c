# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import importlib.util

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path


@tagged("post_install", "-at_install")
class TestMailWords(TransactionCase):
    """Databases of the first version send what is delivered now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = file_path("rd_reconciliation/migrations/19.0.1.1.0/post-mail_words.py")
        spec = importlib.util.spec_from_file_location(
            "rd_reconciliation_mail_words", path
        )
        cls.script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cls.script)

    def test_delivered_words_are_renewed(self):
        """Whatever was put in by people stays beside them."""
        for name, words in self.script.WORDS.items():
            template = self.env.ref(f"rd_reconciliation.mail_template_{name}")
            template = template.with_context(lang="en_US")
            now = template.body_html + "<p>Ours</p>"
            body = str(now)
            old, new = words
            self.assertIn(new, body)
            body = body.replace(new, old)
            self.assertNotEqual(body, str(now), name)
            template.body_html = body
            self.env.flush_all()
            self.script.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(
                "".join(template.body_html.split()), "".join(str(now).split()), name
            )
