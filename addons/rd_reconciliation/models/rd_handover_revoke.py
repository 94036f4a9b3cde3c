# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.models.rd_settlement_source import (
    KIND_HANDOVER,
    KIND_STAGE,
)


class RdHandover(models.Model):
    """An acceptance on a statement is taken back while nobody has seen that."""

    _name = "rd.handover"
    _inherit = ["rd.handover"]

    def _get_stated_lines(self):
        """Return the live statement lines that rest on this acceptance."""
        self.ensure_one()
        # Whoever takes acceptances back need not read statements.
        lines = self.env["rd.statement.line"].sudo()
        stages = self.sudo().sale_line_id._rd_get_stages_of("handover")
        shares = stages.filtered("invoice_reached").line_ids
        return lines.search(
            [
                ("live", "=", True),
                "|",
                "&",
                ("source_kind", "=", KIND_HANDOVER),
                ("source_id", "=", self.id),
                "&",
                ("source_kind", "=", KIND_STAGE),
                ("source_id", "in", shares.ids),
            ]
        )

    def _why_not_revoked(self):
        seen = self._get_stated_lines().filtered(
            lambda line: line.statement_id.state != "draft"
        )
        if seen:
            return self.env._(
                "%(handover)s cannot be taken back: it is on %(statement)s, which "
                "%(partner)s has seen; cancel that statement first.",
                handover=self.name,
                statement=seen[0].statement_id.name,
                partner=seen[0].partner_id.name,
            )
        opened = self.sale_line_id.rd_opening_line_ids.filtered("quantity")
        if opened and self._is_before_start():
            return self.env._(
                "%(handover)s cannot be taken back: it stands on the opening list.",
                handover=self.name,
            )
        return super()._why_not_revoked()

    def _is_before_start(self):
        """Tell whether it was accepted before the desk began."""
        day = self.company_id._rd_local_date(self.confirmed_date)
        start = self.company_id.rd_start_date
        return bool(start and day < start)

    def _before_revoked(self):
        """Take it off the draft it is on."""
        res = super()._before_revoked()
        lines = self._get_stated_lines()
        statements = lines.statement_id
        statements._drop_open_matches()
        lines._let_go()
        for statement in statements:
            statement._recompute_amounts()
        return res
