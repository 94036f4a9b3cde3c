# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import models

from odoo.addons.rd_sales_admin.models.rd_close_freezing import Value

from .rd_statement import AGREED_STATES


class RdClose(models.Model):
    """The statements are frozen with their month."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _get_values(self):
        live = self.statement_ids.filtered(lambda one: one.state != "cancelled")
        lines = sum(live.mapped("line_count"))
        confirmed = sum(live.mapped("confirmed_count"))
        share = 100.0 * confirmed / lines if lines else None
        month = ("statement_id.close_id", "=", self.id)
        counted = ("statement_id.state", "!=", "cancelled")
        return [
            *super()._get_values(),
            Value(
                "statements",
                40,
                self.env._("Statements"),
                len(live),
                model="rd.statement",
                domain=(("close_id", "=", self.id), ("state", "!=", "cancelled")),
            ),
            Value(
                "confirmed",
                50,
                self.env._("Lines confirmed"),
                share,
                "%",
                "rd.statement.line",
                (month, counted, ("live", "=", True)),
            ),
            Value(
                "differences",
                60,
                self.env._("Differences found"),
                len(live.difference_ids),
                model="rd.difference",
                domain=(month, counted),
            ),
            *self._get_agreed_values(live),
        ]

    def _get_agreed_values(self, statements):
        """Return what was agreed, with tax, in each currency by itself."""
        agreed = defaultdict(float)
        for statement in statements:
            if statement.state in AGREED_STATES:
                agreed[statement.currency_id] += statement.amount_total
        return [
            Value(
                f"agreed:{currency.name}",
                70,
                self.env._("Agreed (%(currency)s)", currency=currency.name),
                currency.round(amount),
                currency.name,
                "rd.statement",
                (
                    ("close_id", "=", self.id),
                    ("state", "in", AGREED_STATES),
                    ("currency_id", "=", currency.id),
                ),
            )
            for currency, amount in agreed.items()
        ]

    def _prepare_freeze_content(self):
        """Add each statement with the hash its content was agreed by."""
        return {
            **super()._prepare_freeze_content(),
            "statements": [
                [one.name, one.partner_id.id, one.state, one.revision]
                + [one.currency_id.name, f"{one.amount_total:.2f}"]
                + [one.content_hash or ""]
                for one in self.statement_ids.sorted("id")
            ],
        }
