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
    rd_auto_agree_affiliate = fields.Boolean(string="Agree by itself (affiliates)")
    rd_auto_invoice_affiliate = fields.Boolean(string="Make the invoice (affiliates)")
    rd_auto_post_affiliate = fields.Boolean(string="Post the invoice (affiliates)")
    rd_auto_agree_outside = fields.Boolean(string="Agree by itself (outside)")
    rd_auto_invoice_outside = fields.Boolean(string="Make the invoice (outside)")
    rd_auto_post_outside = fields.Boolean(string="Post the invoice (outside)")

    rd_tax_invoices = fields.Boolean(
        string="Tax invoices",
        compute="_compute_rd_tax_invoices",
        store=True,
        readonly=False,
        help="Invoices of statements are requested from finance, and a month is done "
        "when their tax invoices have been received.",
    )
    rd_invoice_max_amount = fields.Monetary(
        string="Most untaxed amount per invoice", help="0: no limit."
    )
    rd_invoice_max_lines = fields.Integer(
        string="Most lines per invoice",
        help="Counted as printed: one per part, price and tax. 0: no limit.",
    )
    rd_invoice_by_class = fields.Boolean(string="One invoice per settlement class")
    rd_invoice_by_order = fields.Boolean(string="One invoice per order")
    rd_invoice_by_rate = fields.Boolean(string="One invoice per tax rate")
    rd_fapiao_days = fields.Integer(
        string="Tax invoices delivered within (days)",
        default=7,
        help="Calendar days from the date of the tax invoice to its receipt.",
    )

    @api.depends("country_id")
    def _compute_rd_tax_invoices(self):
        for company in self:
            company.rd_tax_invoices = company.country_id.code == "CN"

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
