# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class RdDispatchedReport(models.Model):
    """The places on statements: stated and not agreed, agreed and not invoiced."""

    _name = "rd.dispatched.report"
    _inherit = ["rd.dispatched.report"]

    statement_id = fields.Many2one("rd.statement", readonly=True)
    statement_state = fields.Selection(
        related="statement_id.state", string="State of the statement"
    )
    place = fields.Selection(
        selection_add=[
            ("3_stated", "On a statement, not agreed"),
            ("4_agreed", "Agreed, not invoiced"),
        ]
    )

    _depends = {
        "account.move.line": ["parent_state", "rd_statement_line_id"],
        "rd.statement": ["state"],
        "rd.statement.line": [
            "live",
            "move_id",
            "quantity",
            "sale_line_id",
            "source_kind",
            "statement_id",
            "verdict",
            "zero_reason",
        ],
    }

    @api.model
    def _get_parts(self):
        return [*super()._get_parts(), self._query_stated()]

    @api.model
    def _query_stated(self):
        """Select what stands on statements and is to be invoiced."""
        return SQL(
            """
            SELECT 2 * stated.id + 1 AS id, stated.move_id, stated.sale_line_id,
                   stated.quantity,
                   CASE WHEN stated.zero_reason = 'not_accepted'
                        THEN stated.quantity ELSE 0 END AS not_accepted,
                   CASE WHEN statement.state IN ('agreed', 'invoiced', 'closed')
                        THEN '4_agreed' ELSE '3_stated' END AS place
              FROM rd_statement_line stated
              JOIN rd_statement statement ON statement.id = stated.statement_id
             WHERE stated.live
               AND stated.move_id IS NOT NULL
               AND COALESCE(stated.zero_reason, '')
                   IN ('', 'no_price', 'no_tax', 'not_accepted')
               AND NOT EXISTS (
                   SELECT FROM account_move_line item
                    WHERE item.rd_statement_line_id = stated.id
                      AND item.parent_state <> 'cancel')
            """
        )

    @api.model
    def _taken(self):
        """What is on a live line of any statement is no longer at rest."""
        return SQL(
            """%s + COALESCE((
                SELECT SUM(stated.qty_to - stated.qty_from)
                  FROM rd_statement_line stated
                 WHERE stated.live AND stated.source_kind = 1
                   AND stated.source_id = move.id), 0)""",
            super()._taken(),
        )

    @api.model
    def _elsewhere(self):
        """What was invoiced from a statement was not invoiced elsewhere."""
        return SQL(
            """%s - COALESCE((
                SELECT SUM(stated.quantity)
                  FROM rd_statement_line stated
                 WHERE stated.live AND stated.sale_line_id = sold.id
                   AND EXISTS (
                       SELECT FROM account_move_line item
                        WHERE item.rd_statement_line_id = stated.id
                          AND item.parent_state <> 'cancel')), 0)""",
            super()._elsewhere(),
        )

    @api.model
    def _select_additional_fields(self):
        return {
            **super()._select_additional_fields(),
            "statement_id": SQL("stated.statement_id"),
        }

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """%s
            LEFT JOIN rd_statement_line stated
              ON part.id %% 2 = 1 AND stated.id = part.id / 2""",
            super()._from(),
        )
