# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_first_day import Missing


class RdFirstDay(models.AbstractModel):
    _name = "rd.first.day"
    _inherit = ["rd.first.day"]

    @api.model
    def _get_missing(self, company):
        return [*super()._get_missing(company), *self._miss_terms(company)]

    def _miss_terms(self, company):
        customers = self._get_statement_customers(company).with_company(company)
        without = customers.filtered(lambda one: not one.property_payment_term_id)
        if without:
            yield Missing(
                "terms",
                self.env._("Affiliates without payment terms"),
                self.env._("What they owe is due at once; enter the terms agreed."),
                without.sorted("name"),
            )
