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

    def action_view_statement_columns(self):
        """Open the affiliate's own columns; at first a copy of the company's."""
        self.ensure_one()
        self.env["rd.close"]._check_desk()
        partner = self.commercial_partner_id
        self.env["rd.statement.column"]._copy_for(self.env.company, partner)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_statement_column_action"
        )
        action["domain"] = [("partner_id", "=", partner.id)]
        action["context"] = {"default_partner_id": partner.id}
        return action
