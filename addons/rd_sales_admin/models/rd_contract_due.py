# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .rd_contract import RUNNING


class RdContract(models.Model):
    """Open claims follow the plan: a trigger that comes late moves their due date."""

    _name = "rd.contract"
    _inherit = ["rd.contract"]

    def _move_maturities(self):
        """Let unpaid parts of invoices fall due on the days known by now.

        Parts that are paid keep their day; what changes is told on the invoice.
        """
        items = self._search_claims()
        for move, claims in items.grouped("move_id").items():
            move._rd_move_maturities(claims)

    def _search_claims(self, *domain):
        # Whoever runs contracts need not read entries.
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("rd_due_stage_id.contract_id", "in", self.ids),
                    ("display_type", "=", "payment_term"),
                    ("parent_state", "!=", "cancel"),
                    ("reconciled", "=", False),
                    *domain,
                ]
            )
        )

    def _find_clock_due(self):
        """Find as well what waits for a trigger and would be overdue."""
        found = super()._find_clock_due()
        running = self.filtered(lambda one: one.state in RUNNING)
        for company, contracts in running.grouped("company_id").items():
            found |= contracts._find_unreached(company._rd_today())
        return found

    def _find_unreached(self, today):
        late = self._search_claims(
            ("date_maturity", "<", today), ("rd_due_stage_id.due_reached", "=", False)
        )
        return late.rd_due_stage_id.contract_id

    def _push_unreached(self, today):
        """Keep what waits for a trigger from being overdue: it is not owed yet."""
        self._find_unreached(today)._move_maturities()

    def _run_clock(self):
        """Let what is not reached wait, after everything that is has been noted."""
        res = super()._run_clock()
        if self.state in RUNNING:
            self._push_unreached(self.company_id._rd_today())
        return res
