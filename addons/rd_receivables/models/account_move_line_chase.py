# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, models

# No level lies so far before a due date.
WAITS = -1_000_000
# What is a customer's and applied to nothing yet: in the books, and on the bank's
# statement only.
UNAPPLIED = [
    ("partner_id", "!=", False),
    ("account_id.account_type", "=", "asset_receivable"),
    ("parent_state", "=", "posted"),
    ("reconciled", "=", False),
    ("amount_residual", "<", 0),
]
UNBOOKED = [
    ("partner_id", "!=", False),
    ("is_reconciled", "=", False),
    ("amount", ">", 0),
]


class AccountMoveLine(models.Model):
    """What is open of customers, and what they paid that is not applied yet."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    def _rd_is_open_debt(self):
        """Tell whether something of a customer's debt is left to pay."""
        self.ensure_one()
        return (
            self.parent_state == "posted"
            and self.account_id.account_type == "asset_receivable"
            and self.balance > 0
            and self.company_id.currency_id.compare_amounts(self.amount_residual, 0) > 0
        )

    def _rd_days_overdue(self, today):
        """Return the days since the item was due, below 0 while it is not.

        What waits for the event its terms count from is far from any level.
        """
        self.ensure_one()
        if self.move_id.rd_due_waits_for or self.rd_waits_stage:
            return WAITS
        return (today - (self.date_maturity or self.date)).days

    @api.model
    def _rd_get_debts_domain(self, company, partner):
        return [
            ("company_id", "=", company.id),
            ("partner_id.commercial_partner_id", "=", partner.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("balance", ">", 0),
        ]

    @api.model
    def _rd_get_open_debts(self, company, partner):
        """Return the open items of a customer as the system, oldest due first."""
        domain = [
            *self._rd_get_debts_domain(company, partner),
            ("reconciled", "=", False),
            ("amount_residual", ">", 0),
        ]
        return self.sudo().search(domain, order="date_maturity, id")

    @api.model
    def _rd_get_unapplied(self, company, partners):
        """Return ``{commercial partner id: amount}`` of what is theirs and applied to
        nothing yet: payments, credit notes, and money on the bank's statement that
        finance has not booked against anything."""
        ours = [
            ("company_id", "=", company.id),
            ("partner_id.commercial_partner_id", "in", partners.ids),
        ]
        found = defaultdict(float)
        credits = self.sudo()._read_group(
            [*ours, *UNAPPLIED], ["partner_id"], ["amount_residual:sum"]
        )
        for partner, amount in credits:
            found[partner.commercial_partner_id.id] -= amount
        booked = self.env["account.bank.statement.line"].sudo()
        for line in booked.search([*ours, *UNBOOKED]):
            found[line.partner_id.commercial_partner_id.id] += (
                line.currency_id._convert(
                    line.amount, company.currency_id, company, line.date
                )
            )
        return {ref: amount for ref, amount in found.items() if amount > 0}

    @api.model
    def _rd_get_unapplied_since(self, company, partners):
        """Return ``{commercial partner id: day}`` of the oldest of what
        ``_rd_get_unapplied`` counts."""
        ours = [
            ("company_id", "=", company.id),
            ("partner_id.commercial_partner_id", "in", partners.ids),
        ]
        booked = self.env["account.bank.statement.line"].sudo()
        found = self.sudo()._read_group(
            [*ours, *UNAPPLIED], ["partner_id"], ["date:min"]
        )
        found += [
            (line.partner_id, line.date) for line in booked.search([*ours, *UNBOOKED])
        ]
        days = {}
        for partner, day in found:
            ref = partner.commercial_partner_id.id
            days[ref] = min(day, days.get(ref, day))
        return days
