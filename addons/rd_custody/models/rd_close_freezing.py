# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_close_freezing import Value


class RdClose(models.Model):
    """The register of customers' property is frozen with the month."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _get_values(self):
        model = "rd.property.incident"
        domain = (
            ("company_id", "=", self.company_id.id),
            ("state", "in", ("draft", "reported", "answered")),
        )
        incidents = Value(
            "incidents",
            90,
            self.env._("Open incidents with customers' property"),
            self.env[model].search_count(list(domain)),
            model=model,
            domain=domain,
        )
        return [*super()._get_values(), incidents]

    def _prepare_freeze_content(self):
        """Add how many cards the register has, and the hash of their standing."""
        names = ["name", "partner_id", "state", "holder_id", "place", "quantity"]
        cards = self.env["rd.property"].search_read(
            [("company_id", "=", self.company_id.id)],
            ["id", *names],
            order="id",
            load=None,
        )
        rows = [[card["id"], *(card[name] for name in names)] for card in cards]
        return {
            **super()._prepare_freeze_content(),
            "register": self.env["rd.close.freeze"]._get_rows_hash(rows),
        }
