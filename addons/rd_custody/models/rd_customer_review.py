# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain


class RdCustomerReview(models.Model):
    """A register that its owner confirmed is the occasion to ask about property."""

    _name = "rd.customer.review"
    _inherit = ["rd.customer.review"]

    @api.model
    def _get_occasions(self, company, first, last):
        found = super()._get_occasions(company, first, last)
        groups = self.env["rd.property.confirmation"]._read_group(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ("confirmed", "settled"))
            & Domain("confirmed_date", ">=", company._rd_day_start(first))
            & Domain("confirmed_date", "<", company._rd_day_end(last)),
            ["partner_id"],
        )
        for (partner,) in groups:
            found["property"] |= partner.commercial_partner_id
        return found
