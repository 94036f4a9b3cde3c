# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Whatever opens empty says what to do first, and every entry has its name."""

from lxml import html

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

_SUITE = ("rd_sales_admin", "rd_reconciliation", "rd_receivables", "rd_custody")
# views that show many records: where there are none, Odoo shows the action's help
_MANY = {"list", "kanban", "graph", "pivot", "calendar", "activity"}


@tagged("post_install", "-at_install")
class TestEmptyLists(TransactionCase):
    """All add-ons of the suite that are installed together."""

    def _ours(self, model):
        """Return {external id: record} of what the suite's add-ons bring."""
        data = self.env["ir.model.data"].search(
            [("model", "=", model), ("module", "in", _SUITE)]
        )
        records = self.env[model].browse(data.mapped("res_id")).exists()
        return {
            item.complete_name: records.browse(item.res_id)
            for item in data
            if item.res_id in records.ids
        }

    def test_every_list_says_what_to_do_first(self):
        actions = {
            name: action
            for name, action in self._ours("ir.actions.act_window").items()
            if action.target != "new" and _MANY & set(action.view_mode.split(","))
        }
        self.assertGreater(len(actions), 40)
        silent = [name for name, action in actions.items() if not _says(action.help)]
        self.assertFalse(silent, "a title and a sentence on what to do first")

    def test_a_title_alone_is_not_enough(self):
        title = '<p class="o_view_nocontent_smiling_face">Nothing here</p>'
        self.assertFalse(_says(title))
        self.assertFalse(_says(""))
        self.assertTrue(_says(title + "<p>Press New.</p>"))

    def test_no_two_entries_of_a_menu_look_alike(self):
        seen = {}
        for name, menu in self._ours("ir.ui.menu").items():
            key = (menu.parent_id.id, menu.name)
            self.assertNotIn(key, seen, f"{name} and {seen.get(key)}")
            seen[key] = name

    def test_every_entry_leads_somewhere(self):
        for name, menu in self._ours("ir.ui.menu").items():
            self.assertTrue(menu.action or menu.child_id, name)

    def test_every_add_on_has_its_picture_and_description(self):
        installed = self.env["ir.module.module"].search(
            [("name", "in", _SUITE), ("state", "=", "installed")]
        )
        self.assertTrue(installed)
        for module in installed:
            folder = f"{module.name}/static/description"
            with file_open(f"{folder}/icon.png", "rb") as picture:
                self.assertTrue(picture.read().startswith(b"\x89PNG"), module.name)
            with file_open(f"{folder}/index.html") as page:
                text = html.fromstring(page.read()).text_content()
            self.assertGreater(len(text), 600, module.name)


def _says(text):
    """Tell whether an action's help has a title and more than that."""
    if not text:
        return False
    paragraphs = html.fragments_fromstring(text, no_leading_text=False)
    paragraphs = [item for item in paragraphs if not isinstance(item, str)]
    spoken = [item for item in paragraphs if item.text_content().strip()]
    title = "o_view_nocontent_smiling_face"
    return len(spoken) > 1 and title in (spoken[0].get("class") or "")
