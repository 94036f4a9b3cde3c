# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Runs inside Odoo: makes the bundles of scripts and styles that the pages load."""

# what pages load later, which Odoo does not make beforehand
_LATER = ("web.assets_emoji", "bus.websocket_worker_assets")


def main(env):
    """Make and keep the bundles; the caller commits."""
    templates = env["ir.qweb"]
    templates._pregenerate_assets_bundles()
    for name in _LATER:
        templates._get_asset_bundle(name, css=False, js=True).js()
