# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import SUPERUSER_ID, models


class RdContract(models.Model):
    """The contract paper, in the form both parties know."""

    _name = "rd.contract"
    _inherit = ["rd.contract"]

    def _rd_prepare_paper(self):
        """Return all that is printed of the contract, see ``rd.paper``."""
        self.ensure_one()
        return self.env["rd.paper"]._prepare_contract(self)

    def _render_paper(self):
        """Return the bytes of the PDF, made as the system."""
        self.ensure_one()
        reports = self.with_user(SUPERUSER_ID).env["ir.actions.report"]
        return reports._render("rd_sales_admin.report_contract", self.ids)[0]
