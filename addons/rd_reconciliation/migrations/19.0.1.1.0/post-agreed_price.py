# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).


def migrate(cr, version):
    """Say what order or contract agreed to when a line was adjusted.

    A line with a late fact was adjusted to what they said by then; any other one to a
    price that stands on the adjustment alone.
    """
    cr.execute(
        """
        UPDATE rd_price_adjustment_line item
           SET agreed_price = CASE
               WHEN EXISTS (SELECT FROM rd_drift fact
                             WHERE fact.line_id = line.id AND fact.kind = 'price')
               THEN item.new_price ELSE line.order_price END
          FROM rd_statement_line line
         WHERE line.id = item.statement_line_id AND item.agreed_price IS NULL
        """
    )
