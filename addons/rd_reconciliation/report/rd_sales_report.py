# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class RdSalesReport(models.Model):
    """What was agreed: the live lines of agreed statements."""

    _name = "rd.sales.report"
    _inherit = ["rd.sales.report"]

    state = fields.Selection(selection_add=[("4_agreed", "Agreed"), ("5_invoiced",)])

    _depends = {
        "rd.statement": ["state"],
        "rd.statement.line": [
            *("amount_untaxed", "live", "quantity", "sale_line_id", "statement_id"),
        ],
        "rd.statement.revision": ["date", "event", "statement_id"],
    }

    @api.model
    def _get_parts(self):
        return [*super()._get_parts(), self._query_agreed()]

    @api.model
    def _query_agreed(self):
        """Select what was agreed, on the day its content was last fixed."""
        return SQL(
            """
            SELECT stated.id::bigint * 8 + 4 AS id,
                   stated.company_id, company.currency_id AS company_currency_id,
                   stated.currency_id, stated.partner_id,
                   customer.rd_partner_class AS partner_class,
                   COALESCE(stated.settlement_class, 'other') AS settlement_class,
                   COALESCE(sold.project_id, sale.project_id) AS project_id,
                   sale.rd_contract_id AS contract_id, sale.id AS order_id,
                   stated.product_id, sale.user_id,
                   fixed.date, '4_agreed' AS state,
                   COALESCE(stated.quantity, 0.0) AS quantity,
                   ROUND((stated.amount_untaxed
                          / COALESCE(NULLIF(%(rate)s, 0), 1))::numeric,
                         home.decimal_places) AS amount,
                   0.0 AS amount_plan, stated.amount_untaxed AS amount_currency,
                   'rd.statement' AS res_model, stated.statement_id AS res_id
              FROM rd_statement_line stated
              JOIN rd_statement statement ON statement.id = stated.statement_id
              JOIN res_company company ON company.id = stated.company_id
              JOIN res_currency home ON home.id = company.currency_id
              JOIN res_partner customer ON customer.id = stated.partner_id
              JOIN (
                  SELECT revision.statement_id,
                         MAX((revision.date AT TIME ZONE 'UTC'
                              AT TIME ZONE house.rd_tz)::date) AS date
                    FROM rd_statement_revision revision
                    JOIN res_company house ON house.id = revision.company_id
                   WHERE revision.event = 'fixed'
                   GROUP BY revision.statement_id
              ) fixed ON fixed.statement_id = stated.statement_id
              LEFT JOIN sale_order_line sold ON sold.id = stated.sale_line_id
              LEFT JOIN sale_order sale ON sale.id = sold.order_id
             WHERE stated.live
               AND statement.state IN ('agreed', 'invoiced', 'closed')
            """,
            rate=self._rate_of_order(),
        )

    @api.model
    def _rate_of_order(self):
        """Return SQL of the rate of the order, as for what was ordered and shipped,
        in units of its currency for one of the company's."""
        return SQL(
            """(CASE WHEN stated.currency_id = company.currency_id THEN 1
                 ELSE COALESCE(sale.currency_rate, 1) END)"""
        )
