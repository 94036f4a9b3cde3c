# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    rd_line_tolerance = fields.Float(
        related="company_id.rd_line_tolerance", readonly=False
    )
    rd_statement_tolerance = fields.Float(
        related="company_id.rd_statement_tolerance", readonly=False
    )
    rd_timing_days = fields.Integer(related="company_id.rd_timing_days", readonly=False)
    rd_write_off_limit = fields.Float(
        related="company_id.rd_write_off_limit", readonly=False
    )
    rd_charge_limit = fields.Float(related="company_id.rd_charge_limit", readonly=False)
    rd_silence_days = fields.Integer(
        related="company_id.rd_silence_days", readonly=False
    )
    rd_auto_agree_affiliate = fields.Boolean(
        related="company_id.rd_auto_agree_affiliate", readonly=False
    )
    rd_auto_invoice_affiliate = fields.Boolean(
        related="company_id.rd_auto_invoice_affiliate", readonly=False
    )
    rd_auto_post_affiliate = fields.Boolean(
        related="company_id.rd_auto_post_affiliate", readonly=False
    )
    rd_auto_agree_outside = fields.Boolean(
        related="company_id.rd_auto_agree_outside", readonly=False
    )
    rd_auto_invoice_outside = fields.Boolean(
        related="company_id.rd_auto_invoice_outside", readonly=False
    )
    rd_auto_post_outside = fields.Boolean(
        related="company_id.rd_auto_post_outside", readonly=False
    )
    rd_tax_invoices = fields.Boolean(
        related="company_id.rd_tax_invoices", readonly=False
    )
    rd_invoice_max_amount = fields.Monetary(
        related="company_id.rd_invoice_max_amount", readonly=False
    )
    rd_invoice_max_lines = fields.Integer(
        related="company_id.rd_invoice_max_lines", readonly=False
    )
    rd_invoice_by_class = fields.Boolean(
        related="company_id.rd_invoice_by_class", readonly=False
    )
    rd_invoice_by_order = fields.Boolean(
        related="company_id.rd_invoice_by_order", readonly=False
    )
    rd_invoice_by_rate = fields.Boolean(
        related="company_id.rd_invoice_by_rate", readonly=False
    )
    rd_fapiao_days = fields.Integer(related="company_id.rd_fapiao_days", readonly=False)
    rd_remind_days = fields.Integer(related="company_id.rd_remind_days", readonly=False)
    rd_remind_times = fields.Integer(
        related="company_id.rd_remind_times", readonly=False
    )
    rd_gate_lines_affiliate = fields.Selection(
        related="company_id.rd_gate_lines_affiliate", readonly=False
    )
    rd_gate_approval_affiliate = fields.Selection(
        related="company_id.rd_gate_approval_affiliate", readonly=False
    )
    rd_gate_tolerance_affiliate = fields.Float(
        related="company_id.rd_gate_tolerance_affiliate", readonly=False
    )
    rd_gate_lines_outside = fields.Selection(
        related="company_id.rd_gate_lines_outside", readonly=False
    )
    rd_gate_approval_outside = fields.Selection(
        related="company_id.rd_gate_approval_outside", readonly=False
    )
    rd_gate_tolerance_outside = fields.Float(
        related="company_id.rd_gate_tolerance_outside", readonly=False
    )
    rd_build_due_days = fields.Integer(
        related="company_id.rd_build_due_days", readonly=False
    )
    rd_match_due_days = fields.Integer(
        related="company_id.rd_match_due_days", readonly=False
    )
    rd_agree_due_days = fields.Integer(
        related="company_id.rd_agree_due_days", readonly=False
    )
    rd_invoice_due_days = fields.Integer(
        related="company_id.rd_invoice_due_days", readonly=False
    )
    rd_post_due_days = fields.Integer(
        related="company_id.rd_post_due_days", readonly=False
    )
    rd_fapiao_due_days = fields.Integer(
        related="company_id.rd_fapiao_due_days", readonly=False
    )
