# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdDeputy(models.Model):
    """The clerk's open work that reconciliation knows."""

    _name = "rd.deputy"
    _inherit = ["rd.deputy"]

    def _get_queues(self):
        return [
            *super()._get_queues(),
            *self._get_queues_of_statements(),
            *self._get_queues_of_invoices(),
        ]

    def _get_queues_of_statements(self):
        company = ("company_id", "=", self.company_id.id)
        # One whose period still runs is only being collected.
        over = ("date_to", "<", self.company_id._rd_today())
        return [
            Queue(
                "differences",
                50,
                self.env._("Differences"),
                self.env._(
                    "Settle it with the customer: see the reason and the proposal."
                ),
                "rd.difference",
                [company, ("state", "=", "open"), ("role", "in", ("clerk", False))],
                "deadline",
                "reason",
            ),
            Queue(
                "statements_draft",
                55,
                self.env._("Statements to send"),
                self.env._("Look through it and send it."),
                "rd.statement",
                [company, ("state", "=", "draft"), over],
            ),
            Queue(
                "statements_disputed",
                56,
                self.env._("Statements not agreed yet"),
                self.env._(
                    "Settle what is open and agree, or call who has not answered."
                ),
                "rd.statement",
                [company, ("state", "in", ("sent", "disputed", "confirmed"))],
            ),
        ]

    def _get_queues_of_invoices(self):
        company = ("company_id", "=", self.company_id.id)
        return [
            Queue(
                "statements_agreed",
                60,
                self.env._("Agreed statements to invoice"),
                self.env._("Make the invoices and ask finance."),
                "rd.statement",
                [company, ("state", "=", "agreed")],
            ),
            Queue(
                "requests",
                65,
                self.env._("Invoice requests to mend"),
                self.env._(
                    "Finance sent it back or it was not asked for yet: mend and ask."
                ),
                "rd.invoice.request",
                [company, ("state", "in", ("draft", "returned"))],
            ),
            Queue(
                "fapiao",
                70,
                self.env._("Tax invoices to deliver"),
                self.env._("Send it, or get its receipt confirmed."),
                "rd.fapiao",
                [company, ("state", "in", ("issued", "sent", "returned"))],
                "date",
            ),
        ]
