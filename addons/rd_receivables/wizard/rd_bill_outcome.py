# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdBillOutcome(models.TransientModel):
    """Ask on which day a bill was paid, or bounced and why."""

    _name = "rd.bill.outcome"
    _description = "What Became of a Bill"

    bill_id = fields.Many2one("rd.acceptance.bill", required=True)
    partner_id = fields.Many2one(related="bill_id.partner_id")
    currency_id = fields.Many2one(related="bill_id.currency_id")
    amount = fields.Monetary(related="bill_id.amount")
    maturity_date = fields.Date(related="bill_id.maturity_date")
    outcome = fields.Selection(
        [("matured", "Paid"), ("bounced", "Bounced")],
        required=True,
        default="matured",
    )
    day = fields.Date(
        string="On",
        compute="_compute_day",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The bill counts, or its debt is open again, from this day.",
    )
    reason = fields.Char(string="Why it bounced")

    @api.depends("bill_id")
    def _compute_day(self):
        """Propose the maturity, or today where that has not come."""
        for wizard in self:
            bill = wizard.bill_id
            today = (bill.company_id or self.env.company)._rd_today()
            wizard.day = min(bill.maturity_date or today, today)

    def action_note(self):
        """Note it on the bill."""
        self.ensure_one()
        if self.outcome == "matured":
            self.bill_id.action_mature(self.day)
        else:
            self.bill_id.action_bounce(self.day, self.reason)
        return {"type": "ir.actions.act_window_close"}
