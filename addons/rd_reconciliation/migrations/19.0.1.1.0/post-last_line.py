# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def migrate(cr, version):
    """Say of each content that was fixed which its newest line was: the last one made
    by then."""
    cr.execute(
        """
        UPDATE rd_statement_revision revision
           SET last_line_id = (
               SELECT MAX(line.id)
                 FROM rd_statement_line line
                WHERE line.statement_id = revision.statement_id
                  AND date_trunc('second', line.create_date) <= revision.date)
         WHERE revision.last_line_id IS NULL OR revision.last_line_id = 0
        """
    )
