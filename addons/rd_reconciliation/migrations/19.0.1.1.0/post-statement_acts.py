# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

# Ours is whoever is neither the system nor a customer's person.
LOGGED = """
UPDATE rd_statement_revision logged
   SET by_hand = logged.user_id IN (
           SELECT id FROM res_users WHERE id != 1 AND NOT share),
       month = close.month
  FROM rd_statement statement
  JOIN rd_close close ON close.id = statement.close_id
 WHERE statement.id = logged.statement_id AND logged.month IS NULL
"""
SETTLED = """
INSERT INTO rd_statement_revision
       (statement_id, company_id, revision, event, amount_total, user_id, date, month,
        by_hand, create_uid, create_date, write_uid, write_date)
SELECT statement.id, statement.company_id, statement.revision, 'settled',
       statement.amount_total, item.settled_by_id, item.settled_date, close.month,
       TRUE, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
  FROM rd_difference item
  JOIN rd_statement statement ON statement.id = item.statement_id
  JOIN rd_close close ON close.id = statement.close_id
 WHERE item.settled_date IS NOT NULL AND item.settled_by_id IN (
           SELECT id FROM res_users WHERE id != 1 AND NOT share)
   AND close.state = 'open'
"""


def migrate(cr, version):
    """Say of the log which acts were a person's, and add the differences settled in
    the months still open."""
    cr.execute(LOGGED)
    cr.execute(SETTLED)
