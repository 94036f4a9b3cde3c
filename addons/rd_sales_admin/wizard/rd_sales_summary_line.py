# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .rd_sales_summary import KEYS


class RdSalesSummaryLine(models.TransientModel):
    """One stage of the chain in a summary, and what it is compared with."""

    _name = "rd.sales.summary.line"
    _description = "Line of a Sales Summary"
    _order = "id"

    summary_id = fields.Many2one("rd.sales.summary", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="summary_id.currency_id")
    name = fields.Char(string="Group", readonly=True)
    key_value = fields.Char(readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["rd.sales.report"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="Stage",
        readonly=True,
    )
    amount_now = fields.Monetary(string="Amount", readonly=True)
    amount_before = fields.Monetary(string="Period before", readonly=True)
    amount_last_year = fields.Monetary(string="Last year", readonly=True)
    amount_plan = fields.Monetary(string="Planned sales", readonly=True)
    change = fields.Float(
        string="Change (%)", compute="_compute_rates", help="Against the period before."
    )
    change_year = fields.Float(
        string="On last year (%)", compute="_compute_rates", help="Against last year."
    )
    reached = fields.Float(string="Of plan (%)", compute="_compute_rates")

    @api.depends("amount_now", "amount_before", "amount_last_year", "amount_plan")
    def _compute_rates(self):
        for line in self:
            line.change = line._get_change(line.amount_before)
            line.change_year = line._get_change(line.amount_last_year)
            plan = line.amount_plan
            line.reached = 100.0 * line.amount_now / plan if plan else 0.0

    def _get_change(self, base):
        return 100.0 * (self.amount_now - base) / abs(base) if base else 0.0

    def action_open_rows(self):
        """Open the rows whose sum the line's amount is."""
        self.ensure_one()
        summary = self.summary_id
        domain = [
            *summary._get_domain(summary._get_spans()["now"]),
            ("state", "=", self.state),
        ]
        if summary.by != "all":
            value = self.key_value or False
            if value and summary.by != "class":
                value = int(value)
            domain.append((KEYS[summary.by], "=", value))
        return summary._prepare_rows_action(domain)
