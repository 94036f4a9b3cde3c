# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import SQL

# What was ordered, invoiced and paid of each project, day by day: an invoice of several
# projects is paid for each in proportion.
EVENTS = """
WITH sold AS (
    SELECT line.id, line.order_id, line.company_id, line.price_subtotal,
           sale.partner_invoice_id, sale.date_order, sale.currency_rate,
           COALESCE(line.project_id, handed.project_id, sale.project_id)
               AS project_id
      FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id
      LEFT JOIN LATERAL (
           SELECT MIN(handover.project_id) AS project_id
             FROM rd_handover handover
            WHERE handover.sale_line_id = line.id) handed ON TRUE
     WHERE line.state = 'sale' AND line.display_type IS NULL
), billed AS (
    SELECT sold.id AS sale_line_id, sold.project_id, sold.order_id,
           sold.company_id, sold.partner_invoice_id, item.id, item.move_id,
           entry.invoice_date, -item.balance AS amount
      FROM sold
      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
      JOIN account_move_line item ON item.id = rel.invoice_line_id
      JOIN account_move entry ON entry.id = item.move_id
     WHERE entry.state = 'posted' AND sold.project_id IS NOT NULL
), owed AS (
    SELECT item.move_id, SUM(item.balance) AS total
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
     WHERE account.account_type = 'asset_receivable'
       AND item.move_id IN (SELECT move_id FROM billed)
     GROUP BY item.move_id
), settled AS (
    SELECT item.move_id, partial.max_date AS date,
           SUM(CASE WHEN item.id = partial.debit_move_id
                    THEN partial.amount ELSE -partial.amount END) AS amount
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
      JOIN account_partial_reconcile partial
        ON item.id IN (partial.debit_move_id, partial.credit_move_id)
     WHERE account.account_type = 'asset_receivable'
       AND item.move_id IN (SELECT move_id FROM billed)
     GROUP BY item.move_id, partial.max_date
), events AS (
    SELECT project_id, partner_invoice_id, company_id, order_id,
           date_order::date AS date,
           price_subtotal / COALESCE(NULLIF(currency_rate, 0), 1)
               AS ordered,
           0.0 AS invoiced, 0.0 AS paid
      FROM sold WHERE project_id IS NOT NULL
     UNION ALL
    SELECT project_id, partner_invoice_id, company_id, order_id,
           invoice_date, 0.0, amount, 0.0
      FROM billed
     UNION ALL
    SELECT billed.project_id, billed.partner_invoice_id, billed.company_id,
           billed.order_id, settled.date, 0.0, 0.0,
           billed.amount * settled.amount / owed.total
      FROM billed
      JOIN owed ON owed.move_id = billed.move_id AND owed.total <> 0
      JOIN settled ON settled.move_id = billed.move_id
)
SELECT ROW_NUMBER() OVER (ORDER BY project_id, date, order_id) AS id,
       events.project_id, customer.commercial_partner_id AS partner_id,
       events.company_id, events.order_id, events.date,
       SUM(events.ordered) AS ordered, SUM(events.invoiced) AS invoiced,
       SUM(events.paid) AS paid
  FROM events
  JOIN res_partner customer ON customer.id = events.partner_invoice_id
 GROUP BY events.project_id, customer.commercial_partner_id,
          events.company_id, events.order_id, events.date
"""


class RdProjectSheetReport(models.Model):
    """What projects brought in: ordered, invoiced and paid by the day it happened.

    Amounts are without tax, in the currency of the company. An invoice that bears
    several projects is paid in proportion.
    """

    _name = "rd.project.sheet.report"
    _description = "Project Sales Summary"
    _auto = False
    _order = "date desc, id"

    project_id = fields.Many2one("project.project", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", readonly=True)
    date = fields.Date(readonly=True)
    ordered = fields.Monetary(readonly=True)
    invoiced = fields.Monetary(readonly=True)
    paid = fields.Monetary(readonly=True)

    _depends = {
        "sale.order": ["state", "date_order", "partner_invoice_id", "project_id"],
        "sale.order.line": [
            "order_id",
            "project_id",
            "price_subtotal",
            "invoice_lines",
        ],
        "rd.handover": ["project_id", "sale_line_id"],
        "account.move": ["state", "move_type", "invoice_date"],
        "account.move.line": ["balance", "move_id", "account_id"],
        "account.partial.reconcile": [
            *("debit_move_id", "credit_move_id", "amount", "max_date"),
        ],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(EVENTS)
