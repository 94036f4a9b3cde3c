# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdClose(models.Model):
    """Collecting what came into the statements that are still drafts."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _collect(self, partner):
        """Make or complete the drafts of an affiliate; what came later runs again
        through the steps that were done before it was there."""
        res = super()._collect(partner)
        if not self._takes_more(partner):
            return res
        before = self._get_collected(partner)
        statements = self.env["rd.statement"]._build(self, partner)
        drafts = statements.filtered(lambda one: one.state == "draft")
        priced = drafts._find_prices()
        if priced or self._get_collected(partner) != before:
            self._redo(partner)
        return res

    def _takes_more(self, partner):
        """Tell whether a statement of the affiliate may still take something.

        One that a person cancelled is not made again by itself. Before the opening
        list is approved nobody knows what is to be stated.
        """
        opening = self.env["rd.opening"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )
        statements = self.env["rd.statement"].search(
            [("close_id", "=", self.id), ("partner_id", "=", partner.id)]
        )
        states = set(statements.mapped("state"))
        return opening.state == "approved" and (not states or "draft" in states)

    def _get_collected(self, partner):
        """Return how many lines are stated, and which is the latest of them: a line
        that is stated anew is another one."""
        [found] = self.env["rd.statement.line"]._read_group(
            [
                ("statement_id.close_id", "=", self.id),
                ("statement_id.partner_id", "=", partner.id),
                ("live", "=", True),
            ],
            [],
            ["__count", "id:max"],
        )
        return found
