# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_document_requirement import Source


class RdDocumentRequirement(models.Model):
    """Papers of statements: counted from the cut-off day."""

    _name = "rd.document.requirement"
    _inherit = ["rd.document.requirement"]

    @api.model
    def _get_sources(self):
        return {**super()._get_sources(), "rd.statement": Source("date_to")}
