# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from ..models.rd_invoice_rules import DELIVERY_WAYS


class RdFapiaoAct(models.TransientModel):
    """Asks what an act on tax invoices needs: way, name, day, proof or reason."""

    _name = "rd.fapiao.act"
    _description = "Act on a Tax Invoice"

    act = fields.Selection(
        [
            ("send", "Send"),
            ("receive", "Receive"),
            ("return", "Came back"),
            ("red", "Ask for a red letter"),
            ("red_confirm", "Confirmation opened"),
            ("red_done", "Red-lettered"),
            ("red_withdraw", "Red letter withdrawn"),
            ("void", "Voided there"),
        ],
        required=True,
        default="receive",
    )
    fapiao_ids = fields.Many2many(
        "rd.fapiao",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    way = fields.Selection(DELIVERY_WAYS, compute="_compute_way", readonly=False)
    tracking_number = fields.Char()
    day = fields.Date(default=lambda self: self.env.company._rd_today())
    moment = fields.Datetime(string="Opened there", default=fields.Datetime.now)
    who = fields.Char(string="Received by")
    proof = fields.Binary(string="Proof (photo or scan)")
    filename = fields.Char()
    reason = fields.Char()
    number = fields.Char()

    @api.depends("fapiao_ids")
    def _compute_way(self):
        for wizard in self:
            wizard.way = wizard.fapiao_ids[:1].delivery_way or "email"

    def action_apply(self):
        """Do what was asked for, with what was entered."""
        self.ensure_one()
        items = self.fapiao_ids
        acts = {
            "send": lambda: items.action_send(self.way, self.tracking_number, self.day),
            "receive": lambda: items.action_receive(
                self.who, self.day, self.proof, self.filename, self.way
            ),
            "return": lambda: items.action_return(self.reason),
            "red": lambda: items.action_red(self.reason),
            "red_confirm": lambda: items.action_red_confirm(self.number, self.moment),
            "red_done": lambda: items.action_red_done(self.number, self.day),
            "red_withdraw": lambda: items.action_red_withdraw(self.reason),
            "void": lambda: items.action_void(self.day, self.reason),
        }
        return acts[self.act]()
