# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    rd_statement_contact_ids = fields.Many2many(
        "res.partner",
        "rd_statement_contact_rel",
        "partner_id",
        "contact_id",
        string="Statements go to",
        help="Who gets the monthly statement by e-mail; empty: the customer itself.",
    )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["rd_statement_contact_ids"]

    def _rd_get_statement_contacts(self):
        """Return who gets this customer's statements by e-mail."""
        self.ensure_one()
        return self.rd_statement_contact_ids or self
