# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What comes up after the first month is closed: it enters the second one once."""

from datetime import timedelta

from odoo import Command

# Their ledger of the second month is not there yet, so the lines wait with the rest.
AFFILIATE = "A06"
_LOST_PIECES = 2


class Afterwards:
    """A corrected delivery, a price agreed late, and freight to be charged."""

    def __init__(self, desk):
        self.desk = desk
        self.partner = desk.masters.partners[AFFILIATE]
        self.statement = desk.statements(0).filtered(
            lambda one: one.partner_id.id == self.partner.id
        )
        self.day = self.statement.date_to + timedelta(days=9)

    def happen(self):
        """Let all three come up, each by the one whose work it is."""
        lines = self.statement.line_ids.filtered(
            lambda line: line.live and line.quantity > _LOST_PIECES and line.move_id
        ).sorted("id")
        self.correct_delivery(lines[0])
        self.adjust_price(lines[1])
        self.charge_freight()
        self.approve()
        self.desk.env.cr.commit()

    def correct_delivery(self, line):
        """The clerk puts a done delivery right: fewer pieces had left the house."""
        move = self.desk.model("stock.move").browse(line.move_id.id)
        item = move.move_line_ids[0]
        item.quantity -= _LOST_PIECES

    def adjust_price(self, line):
        """A price agreed now counts from the first delivery of the first month."""
        adjustment = self.desk.model("rd.price.adjustment").create(
            {
                "partner_id": self.partner.id,
                "company_id": self.desk.company.id,
                "currency_id": line.currency_id.id,
                "valid_from": self.statement.date_from,
                "date": self.day,
                "reason": "原材料涨价，双方协议自上月起执行新单价",
                "price_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "price_unit": round(line.price_unit * 1.05, 2),
                        }
                    )
                ],
            }
        )
        adjustment.action_request()

    def charge_freight(self):
        """The clerk puts the express freight on the next statement."""
        freight = (
            self.desk.env["product.product"]
            .with_context(lang="zh_CN")
            .create(
                {
                    "name": "运费",
                    "default_code": "YF-01",
                    "type": "service",
                    "taxes_id": [Command.set(self.statement.line_ids.tax_ids[:1].ids)],
                }
            )
        )
        charge = self.desk.model("rd.statement.charge").create(
            {
                "name": "加急运费",
                "partner_id": self.partner.id,
                "company_id": self.desk.company.id,
                "date": self.day,
                "kind": "freight",
                "product_id": freight.id,
                "price_unit": 260.0,
                "reason": "对方要求加急，已邮件确认承担运费",
            }
        )
        charge.action_confirm()

    def approve(self):
        """The supervisor approves the new price."""
        waiting = self.desk.model("rd.approval", "supervisor").search(
            [("state", "=", "waiting"), ("kind", "=", "adjust_price")]
        )
        waiting.action_approve("协议已归档")
