# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a database says about the business, without numbers that differ by chance."""

QUERIES = {
    "months": """
        SELECT company_id, month, state FROM rd_close
    """,
    "steps": """
        SELECT month.month, partner.name, step.code, step.state, step.role
          FROM rd_close_step step
          JOIN rd_close month ON month.id = step.close_id
          JOIN res_partner partner ON partner.id = step.partner_id
    """,
    "statements": """
        SELECT month.month, partner.name, currency.name, statement.state,
               statement.date_from, statement.date_to, statement.revision,
               statement.amount_untaxed, statement.amount_tax, statement.amount_total,
               statement.content_hash IS NOT NULL
          FROM rd_statement statement
          JOIN rd_close month ON month.id = statement.close_id
          JOIN res_partner partner ON partner.id = statement.partner_id
          JOIN res_currency currency ON currency.id = statement.currency_id
    """,
    "lines": """
        SELECT partner.name, month.month, line.source_kind, picking.rd_note,
               line.note, line.part, line.qty_from, line.qty_to, line.quantity,
               line.live, line.verdict, line.zero_reason, line.late, line.carried_age,
               line.price_unit, line.amount_untaxed, line.amount_tax,
               line.amount_total, match.code
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
          JOIN rd_close month ON month.id = statement.close_id
          JOIN res_partner partner ON partner.id = statement.partner_id
          LEFT JOIN stock_move move ON move.id = line.move_id
          LEFT JOIN stock_picking picking ON picking.id = move.picking_id
          LEFT JOIN rd_match match ON match.id = line.match_id
    """,
    "matches": """
        SELECT partner.name, match.code, match.rule, match.status, match.ours_qty,
               match.theirs_qty, match.ours_amount, match.theirs_amount,
               (SELECT COUNT(*) FROM rd_ledger_line WHERE match_id = match.id)
          FROM rd_match match
          JOIN rd_statement statement ON statement.id = match.statement_id
          JOIN res_partner partner ON partner.id = statement.partner_id
    """,
    "differences": """
        SELECT partner.name, item.code, item.state, item.quantity, item.amount,
               item.role, item.proposal
          FROM rd_difference item
          JOIN rd_statement statement ON statement.id = item.statement_id
          JOIN res_partner partner ON partner.id = statement.partner_id
    """,
    "ledger rows": """
        SELECT partner.name, line.row, line.note, line.part, line.quantity, line.used
          FROM rd_ledger_line line
          JOIN rd_ledger ledger ON ledger.id = line.ledger_id
          JOIN rd_statement statement ON statement.id = ledger.statement_id
          JOIN res_partner partner ON partner.id = statement.partner_id
    """,
    "invoices": """
        SELECT partner.name, entry.move_type, entry.state, entry.amount_untaxed,
               entry.amount_tax, entry.amount_total, entry.rd_statement_group,
               entry.rd_statement_id IS NOT NULL
          FROM account_move entry
          LEFT JOIN res_partner partner ON partner.id = entry.partner_id
         WHERE entry.move_type IN ('out_invoice', 'out_refund')
    """,
    "entries": """
        SELECT entry.move_type, entry.state, account.code_store::text,
               item.display_type, item.debit, item.credit, item.quantity,
               item.price_unit, product.default_code,
               item.rd_statement_line_id IS NOT NULL
          FROM account_move_line item
          JOIN account_move entry ON entry.id = item.move_id
          LEFT JOIN account_account account ON account.id = item.account_id
          LEFT JOIN product_product product ON product.id = item.product_id
    """,
    "orders": """
        SELECT partner.name, product.default_code, line.qty_delivered,
               line.qty_invoiced, line.qty_to_invoice
          FROM sale_order_line line
          JOIN sale_order sale ON sale.id = line.order_id
          JOIN res_partner partner ON partner.id = sale.partner_id
          JOIN product_product product ON product.id = line.product_id
    """,
}


def dump(cursor):
    """Return ``{part: sorted rows as text}``, equal for equal businesses."""
    result = {}
    for name, query in QUERIES.items():
        cursor.execute(query)
        result[name] = sorted(
            " | ".join(_plain(value) for value in row) for row in cursor.fetchall()
        )
    return result


def _plain(value):
    if isinstance(value, (int, str)) or value is None:
        return str(value)
    try:
        return f"{float(value):.4f}"
    except (TypeError, ValueError):
        return str(value)
