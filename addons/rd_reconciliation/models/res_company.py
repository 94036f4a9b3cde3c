# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    rd_line_tolerance = fields.Float(
        string="Rounding per line",
        digits=(16, 2),
        default=0.05,
        help="Amounts of a line that differ by no more agree, as rounding; in the "
        "currency of the statement.",
    )
    rd_statement_tolerance = fields.Float(
        string="Rounding per statement", digits=(16, 2), default=1.0
    )
    rd_timing_days = fields.Integer(
        string="Timing window (days)",
        default=3,
        help="Days around the cut-off within which a one-sided line is called "
        "timing and not missing.",
    )
    rd_write_off_limit = fields.Float(
        string="Write-off without approval",
        digits=(16, 2),
        default=500.0,
        help="Up to this amount the desk settles a short quantity alone.",
    )
    rd_silence_days = fields.Integer(
        string="Silence is escalated after",
        default=5,
        help="Working days after sending on which a supervisor is told that an "
        "affiliate has answered nothing.",
    )
    rd_auto_agree_affiliate = fields.Boolean(string="Agree by itself (affiliates)")
    rd_auto_invoice_affiliate = fields.Boolean(string="Make the invoice (affiliates)")
    rd_auto_post_affiliate = fields.Boolean(string="Post the invoice (affiliates)")
    rd_auto_agree_outside = fields.Boolean(string="Agree by itself (outside)")
    rd_auto_invoice_outside = fields.Boolean(string="Make the invoice (outside)")
    rd_auto_post_outside = fields.Boolean(string="Post the invoice (outside)")

    @api.model_create_multi
    def create(self, vals_list):
        """Give new companies their rules per kind of difference."""
        companies = super().create(vals_list)
        companies._rd_make_rules()
        return companies

    def _rd_make_rules(self):
        # Whoever may make a company need not be of the desk.
        rules = self.env["rd.difference.rule"].sudo()
        for company in self:
            rules._ensure(company)

    def _rd_is_automatic(self, act, partner):
        """Tell whether ``act`` (agree, invoice, post) needs no person here."""
        self.ensure_one()
        kind = "affiliate" if partner.rd_partner_class == "affiliate" else "outside"
        return self[f"rd_auto_{act}_{kind}"]
