# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class RdProperty(models.Model):
    """The numbers of what the cards' room keeps beside the cards."""

    _name = "rd.property"
    _inherit = ["rd.property"]

    @api.model
    def _get_sequences(self):
        return {
            **super()._get_sequences(),
            "rd.return": (self.env._("Return of goods"), "RT/"),
            "rd.loan": (self.env._("Loan"), "LN/"),
        }
