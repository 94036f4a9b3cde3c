# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def migrate(cr, version):
    """Let no statement be invoiced whose draft invoice nobody has posted yet.

    When the others were posted was not kept; they stay invoiced on the day they were.
    """
    cr.execute(
        """
        UPDATE rd_statement statement
           SET invoiced_date = NULL
         WHERE statement.state = 'invoiced'
           AND EXISTS (SELECT FROM account_move move
                        WHERE move.rd_statement_id = statement.id
                          AND move.state = 'draft')
        """
    )
