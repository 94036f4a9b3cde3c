# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

STATEMENTS = """
UPDATE rd_statement statement
   SET agreed_month = CASE
           WHEN statement.agreed_date > closed.day
           THEN date_trunc('month', statement.agreed_date)::date
           ELSE closed.month END,
       invoiced_month = CASE
           WHEN statement.invoiced_date IS NULL THEN NULL
           WHEN statement.invoiced_date > closed.day
           THEN date_trunc('month', statement.invoiced_date)::date
           ELSE closed.month END
  FROM (SELECT close.id, close.month,
               (close.closed_date AT TIME ZONE 'UTC'
                AT TIME ZONE COALESCE(house.rd_tz, 'UTC'))::date AS day
          FROM rd_close close
          JOIN res_company house ON house.id = close.company_id) closed
 WHERE closed.id = statement.close_id AND statement.agreed_date IS NOT NULL
"""
RECEIVED = """
UPDATE rd_fapiao
   SET received_month = date_trunc('month', received_date)::date
 WHERE received_date IS NOT NULL
"""
FAULTS = """
UPDATE rd_fapiao
   SET red_month = date_trunc('month', date)::date
 WHERE date IS NOT NULL AND (red_state IS NOT NULL OR state = 'void')
"""


def migrate(cr, version):
    """Say in which month counts what happened before it was kept.

    A statement counts in its own month, and in that of its day where its own was
    closed by then; of tax invoices it is not known when something was noted.
    """
    cr.execute(STATEMENTS)
    cr.execute(RECEIVED)
    cr.execute(FAULTS)
