# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class IrRule(models.Model):
    """Domains of the record rules, kept by what is lent as well."""

    _name = "ir.rule"
    _inherit = ["ir.rule"]

    def _compute_domain_context_values(self):
        yield from super()._compute_domain_context_values()
        spans = self.env.user._rd_get_deputy_spans()
        yield tuple(span.deputy_id for span in spans)
