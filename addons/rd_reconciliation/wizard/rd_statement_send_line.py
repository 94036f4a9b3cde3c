# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdStatementSendLine(models.TransientModel):
    """One recipient of one statement in the dry run."""

    _name = "rd.statement.send.line"
    _description = "Recipient of a Statement"

    wizard_id = fields.Many2one("rd.statement.send", required=True, ondelete="cascade")
    statement_id = fields.Many2one("rd.statement", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="statement_id.partner_id")
    amount_total = fields.Monetary(related="statement_id.amount_total")
    currency_id = fields.Many2one(related="statement_id.currency_id")
    contact_id = fields.Many2one("res.partner", string="Recipient", ondelete="cascade")
    email = fields.Char(related="contact_id.email", string="Address")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), string="Language"
    )
    missing = fields.Char(string="What is missing")
