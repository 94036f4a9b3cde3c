# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..models.rd_chase_note import OUTCOMES, REASONS
from ..models.rd_promise import CHANNELS


class RdChaseOutcome(models.TransientModel):
    """Ask what came of a contact: amount and day of a promise, or why not."""

    _name = "rd.chase.outcome"
    _description = "Outcome of a Contact"

    partner_id = fields.Many2one("res.partner", required=True, string="Customer")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    outcome = fields.Selection(OUTCOMES, required=True, default="promised")
    item_ids = fields.Many2many(
        "rd.ageing.report",
        "rd_chase_outcome_item_rel",
        "wizard_id",
        "item_id",
        string="For items",
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id), "
        "('amount_residual', '>', 0)]",
        help="Empty: a sum for the promise, all that is overdue for the dispute.",
    )
    amount = fields.Monetary(
        string="Promised",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        precompute=True,
    )
    date = fields.Date(
        string="Promised for",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Selection(REASONS, string="Why disputed", default="paid")
    who = fields.Char(string="Spoke with")
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    text = fields.Char(string="Note")

    @api.depends("partner_id", "company_id", "item_ids")
    def _compute_proposal(self):
        """Propose what is overdue and not promised yet, for a day in a week."""
        for wizard in self:
            proposal = self.env["rd.promise"]._propose(
                wizard.company_id, wizard.partner_id, wizard.item_ids.ids
            )
            wizard.amount, day = proposal
            wizard.date = wizard.date or day

    def action_note(self):
        """Note the outcome."""
        self.ensure_one()
        self.env["rd.chase.note"]._note_outcome(
            self.company_id,
            self.partner_id,
            self.outcome,
            self.item_ids.ids,
            amount=self.amount,
            date=self.date,
            reason=self.reason,
            who=self.who,
            channel=self.channel,
            text=self.text,
        )
        return {"type": "ir.actions.act_window_close"}
