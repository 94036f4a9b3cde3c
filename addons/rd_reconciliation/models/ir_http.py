# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class IrHttp(models.AbstractModel):
    _name = "ir.http"
    _inherit = ["ir.http"]

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Send the portal the sentences of its own scripts in the user's language."""
        return [
            *super()._get_translation_frontend_modules_name(),
            "rd_reconciliation",
        ]
