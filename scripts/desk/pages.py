# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Runs inside Odoo: makes what every class of tests would make anew.

The bundles of scripts and styles that the pages load, and what tests have in common.
"""

# what pages load later, which Odoo does not make beforehand
_LATER = ("web.assets_emoji", "bus.websocket_worker_assets")


def main(env):
    """Make and keep all of it; the caller commits."""
    make_company(env)
    make_ready(env)
    templates = env["ir.qweb"]
    templates._pregenerate_assets_bundles()
    for name in _LATER:
        templates._get_asset_bundle(name, css=False, js=True).js()


def make_ready(env):
    """Make what classes of tests have in common; see ``tests/ready.py``."""
    from odoo.addons.rd_custody.tests.common import CustodyCommon
    from odoo.addons.rd_receivables.tests.common import ReceivablesCommon
    from odoo.addons.rd_sales_admin.tests import ready
    from odoo.addons.rd_sales_admin.tests.common import DeskCommon

    ready.keep(env, "desk", DeskCommon)
    ready.keep(env, "receivables", ReceivablesCommon)
    ready.keep(env, "custody", CustodyCommon)


def make_company(env):
    """Make the company of Odoo's own tests, by their code, with its accounts."""
    from odoo.addons.rd_sales_admin.tests.common import ReadyCompanyCommon

    class Maker(ReadyCompanyCommon):
        pass

    Maker.env = env(context=ReadyCompanyCommon.default_env_context())
    Maker._create_company(name=Maker.READY)
