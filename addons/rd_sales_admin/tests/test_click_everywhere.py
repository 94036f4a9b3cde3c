# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

_CLICK = (
    "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')"
    ".startClickEverywhere('rd_sales_admin.menu_rd_desk');"
)


@tagged("-standard", "rd_demo", "post_install", "-at_install")
class TestClickEverywhere(HttpCase):
    """Odoo's own test that clicks on every menu, view and filter, over the desk.

    On a database into which the demo company was loaded (tests/demo).
    """

    allow_end_on_form = True

    def _click(self, login, groups=None):
        user = self.env["res.users"].search([("login", "=", login)])
        user.password = login
        if groups:
            user.group_ids = [Command.set(self.env.ref(groups).ids)]
        if "tour_enabled" in user._fields:
            user.tour_enabled = False
        self.assertGreater(self.env["rd.statement"].search_count([]), 10, "demo data")
        self.browser_js(
            "/odoo",
            _CLICK,
            "odoo.isReady === true",
            login=login,
            timeout=1800,
            success_signal="clickbot test succeeded",
        )

    def test_administrator(self):
        self._click("admin")

    def test_clerk(self):
        self._click("clerk", "rd_sales_admin.rd_sales_admin_group_clerk")

    def test_supervisor(self):
        self._click("supervisor", "rd_sales_admin.rd_sales_admin_group_supervisor")
