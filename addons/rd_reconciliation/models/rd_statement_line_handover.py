# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_HANDOVER


class RdStatementLine(models.Model):
    """How a line that states a handover compares with it today."""

    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    @api.model
    def _get_changed(self, company, partner=None, statement=None):
        lines = super()._get_changed(company, partner, statement)
        rows = self.env.execute_query(
            self._query_changed_handovers(company, partner, statement)
        )
        return lines | self.browse(row[0] for row in rows)

    @api.model
    def _query_changed_handovers(self, company, partner, statement):
        """Select live lines that differ from their handover or order line."""
        limits = self._query_limits(company, partner, statement)
        return SQL(
            """
            SELECT line.id
              FROM rd_statement_line line
              JOIN rd_handover handover ON handover.id = line.source_id
              JOIN sale_order_line sold ON sold.id = line.sale_line_id
              JOIN res_company company ON company.id = line.company_id
             WHERE line.live AND line.source_kind = %(kind)s AND %(limits)s
               AND (handover.state <> 'accepted'
                    OR ABS(handover.accepted_qty - line.moved_qty) > 0.0001
                    OR ((handover.confirmed_date AT TIME ZONE 'UTC')
                        AT TIME ZONE COALESCE(company.rd_tz, 'UTC'))::date <> line.date
                    OR %(resold)s)
             ORDER BY line.id
            """,
            kind=KIND_HANDOVER,
            limits=limits,
            resold=self._query_sold_otherwise(),
        )

    def _get_handover(self):
        """Return the handover that this line states, as the system; or none."""
        self.ensure_one()
        handovers = self.env["rd.handover"].sudo()
        return handovers.browse(
            self.source_id if self.source_kind == KIND_HANDOVER else []
        )

    def _get_moved(self):
        """Return what an accepted handover releases today."""
        handover = self._get_handover()
        if not handover:
            return super()._get_moved()
        return handover.accepted_qty if handover.state == "accepted" else 0.0

    def _get_source_day(self):
        """Return the day on which the handover was accepted."""
        moment = self._get_handover().confirmed_date
        if not moment:
            return super()._get_source_day()
        return self.company_id._rd_local_date(moment)
