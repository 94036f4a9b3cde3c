# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdApproval(models.Model):
    """What receivables ask for."""

    _name = "rd.approval"
    _inherit = ["rd.approval"]

    kind = fields.Selection(
        selection_add=[
            ("collection_plan", "Collection plan of a month"),
            ("delivery_stop", "Stop deliveries to a customer"),
            ("delivery_release", "Release deliveries to a customer"),
        ],
        ondelete={
            "collection_plan": "cascade",
            "delivery_stop": "cascade",
            "delivery_release": "cascade",
        },
    )
