# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo finds both Chinese translations, of the server's and the browser's terms."""

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import code_translations

_SUITE = ("rd_sales_admin", "rd_reconciliation", "rd_receivables", "rd_custody")


@tagged("post_install", "-at_install")
class TestChinese(TransactionCase):
    """The files of all add-ons of the suite that are installed together."""

    def test_sentences_of_server_and_browser(self):
        installed = self.env["ir.module.module"].search(
            [("name", "in", _SUITE), ("state", "=", "installed")]
        )
        for name in installed.mapped("name"):
            found = {}
            for lang in ("zh_CN", "zh_TW"):
                python = code_translations.get_python_translations(name, lang)
                browser = code_translations.get_web_translations(name, lang)
                messages = {item["id"]: item["string"] for item in browser["messages"]}
                self.assertTrue(python, f"{name} {lang}")
                found[lang] = {**python, **messages}
            self.assertEqual(found["zh_CN"].keys(), found["zh_TW"].keys(), name)
            self.assertNotEqual(found["zh_CN"], found["zh_TW"], name)

    def test_a_sentence_is_traditional(self):
        self.env["res.lang"]._activate_lang("zh_TW")
        cockpit = self.env["rd.cockpit"].with_context(lang="zh_TW")
        empty = [section.empty for section in cockpit._get_sections()]
        self.assertTrue(any("本月可以結帳" in text for text in empty), empty)
