# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import importlib.util

from odoo.tools import file_path


class MailWordsMixin:
    """What a migration that renews the words of delivered mails has to do."""

    def _assert_mails_renewed(self, addon):
        """Whatever was put in by people, and other languages, stay beside them."""
        script = self._load_mail_words(addon)
        self.env["res.lang"]._activate_lang("zh_CN")
        for name, words in script.WORDS.items():
            template = self.env.ref(f"{addon}.mail_template_{name}")
            template = template.with_context(lang="en_US")
            other = template.with_context(lang="zh_CN")
            now = template.body_html + "<p>Ours</p>"
            body = str(now)
            for old, new in words:
                self.assertIn(new, body)
                body = body.replace(new, old)
            self.assertNotEqual(body, str(now), name)
            template.body_html = body
            other.body_html = body
            kept = other.body_html
            self.env.flush_all()
            script.migrate(self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(
                "".join(template.body_html.split()), "".join(str(now).split()), name
            )
            self.assertEqual(other.body_html, kept, name)

    def _load_mail_words(self, addon):
        path = file_path(f"{addon}/migrations/19.0.1.1.0/post-mail_words.py")
        spec = importlib.util.spec_from_file_location(f"{addon}_mail_words", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        return script
