# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdPromiseRenew(models.TransientModel):
    """Ask for which day, and how much, they promise now."""

    _name = "rd.promise.renew"
    _description = "Renew a Promise"

    promise_id = fields.Many2one("rd.promise", required=True)
    currency_id = fields.Many2one(related="promise_id.currency_id")
    date = fields.Date(string="Promised for", required=True)
    amount = fields.Monetary(
        string="Promised",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
    )
    who = fields.Char(string="Promised by")
    note = fields.Char()

    @api.depends("promise_id")
    def _compute_amount(self):
        for wizard in self:
            promise = wizard.promise_id
            wizard.amount = promise.amount - promise.received_amount

    def action_renew(self):
        """Note the new promise in place of the old one."""
        self.ensure_one()
        self.promise_id.action_renew(
            self.date, self.amount, who=self.who, note=self.note
        )
        return {"type": "ir.actions.act_window_close"}
