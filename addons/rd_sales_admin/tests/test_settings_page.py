# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from lxml import etree

from odoo.tests import TransactionCase, tagged

# Facts of a company that nobody could choose for it.
WITHOUT_DEFAULT = {"rd_start_date", "rd_sales_centre_user_id"}


@tagged("post_install", "-at_install")
class TestSettingsPage(TransactionCase):
    """Every setting of the desk stands on one page, explained, with a default."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.env["res.config.settings"]
        arch = etree.fromstring(cls.settings.get_view(view_type="form")["arch"])
        (cls.app,) = arch.xpath("//app[@name='rd_sales_admin']")

    def _get_settings(self):
        """Return the fields of the company that somebody sets."""
        return {
            name: field
            for name, field in self.env["res.company"]._fields.items()
            if name.startswith("rd_")
            and field.store
            and not field.readonly
            and field.type not in ("one2many", "many2many")
        }

    def test_on_the_page(self):
        shown = {node.get("name"): node for node in self.app.iter("field")}
        for name in self._get_settings():
            with self.subTest(setting=name):
                self.assertIn(name, self.settings._fields)
                related = self.settings._fields[name].related
                self.assertEqual(related, f"company_id.{name}")
                self.assertFalse(self.settings._fields[name].readonly)
                self.assertIn(name, shown, "it is not on the page of the desk")

    def test_explained(self):
        for node in self.app.iter("field"):
            with self.subTest(setting=node.get("name")):
                (setting,) = node.xpath("ancestor::setting[1]")
                self.assertTrue(setting.get("help"), "the setting has no sentence")
                self.assertTrue(
                    self.settings._fields[node.get("name")].help,
                    "the field has no sentence",
                )

    def test_nothing_of_ours_elsewhere(self):
        own = {node.get("name") for node in self.app.iter("field")}
        ours = {name for name in self.settings._fields if name.startswith("rd_")}
        self.assertEqual(ours, own)

    def test_defaults(self):
        company = self.env["res.company"].create({"name": "Untouched"})
        for name, field in self._get_settings().items():
            if name in WITHOUT_DEFAULT or field.type == "boolean":
                continue  # off is a default
            with self.subTest(setting=name):
                given = field.default or field.compute or not field.required
                self.assertTrue(given)
                if field.type in ("char", "selection"):
                    self.assertTrue(company[name], "an empty choice says nothing")
