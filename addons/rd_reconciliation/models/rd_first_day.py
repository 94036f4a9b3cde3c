# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_first_day import Missing


class RdFirstDay(models.AbstractModel):
    _name = "rd.first.day"
    _inherit = ["rd.first.day"]

    @api.model
    def _get_missing(self, company):
        return [
            *super()._get_missing(company),
            *self._miss_opening(company),
            *self._miss_addresses(company),
        ]

    def _miss_opening(self, company):
        opening = self.env["rd.opening"].search(
            [("company_id", "=", company.id), ("state", "=", "draft")]
        )
        if opening:
            yield Missing(
                "opening",
                self.env._("The opening list is not approved"),
                self.env._(
                    "What was delivered and not invoiced on the first day is shown "
                    "there; the supervisor approves it before the first close."
                ),
                opening,
            )

    def _miss_addresses(self, company):
        without = self._get_statement_customers(company).filtered(
            lambda one: not any(one._rd_get_statement_contacts().mapped("email"))
        )
        if without:
            yield Missing(
                "addresses",
                self.env._("Affiliates to whom no statement can be sent"),
                self.env._(
                    "Neither they nor the contacts who get their statements have an "
                    "e-mail address."
                ),
                without.sorted("name"),
            )
