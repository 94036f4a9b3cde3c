# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain

AGREED = ("agreed", "invoiced", "closed")


class RdCustomerReview(models.Model):
    """A statement that was agreed is the occasion to ask about reconciliation."""

    _name = "rd.customer.review"
    _inherit = ["rd.customer.review"]

    @api.model
    def _get_occasions(self, company, first, last):
        found = super()._get_occasions(company, first, last)
        groups = self.env["rd.statement.revision"]._read_group(
            Domain("company_id", "=", company.id)
            & Domain("event", "in", ("fixed", "confirmed"))
            & Domain("date", ">=", company._rd_day_start(first))
            & Domain("date", "<", company._rd_day_end(last))
            & Domain("statement_id.state", "in", AGREED),
            ["statement_id"],
        )
        for (statement,) in groups:
            found["reconciliation"] |= statement.partner_id.commercial_partner_id
        return found

    @api.model
    def _get_contacts(self, company, partners, topic):
        """Ask about reconciliation whoever has to do with it on the portal."""
        contacts = super()._get_contacts(company, partners, topic)
        if topic != "reconciliation":
            return contacts
        return contacts.filtered(lambda one: one.sudo().rd_portal_role)
