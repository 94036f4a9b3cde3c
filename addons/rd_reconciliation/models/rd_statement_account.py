# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.tools import SQL

BALANCES = ("opening", "increase", "receipts", "closing")
# What money comes and goes by; entries of other journals are told by their sign.
MONEY_JOURNALS = ("bank", "cash", "credit")


class RdStatement(models.Model):
    """The affiliate's account with us in the period of a statement.

    There is no second ledger: everything is read from the posted receivable
    entries of the affiliate and its addresses, in the currency of the statement.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    def _get_account_balances(self):
        """Return what the affiliate owed, was charged, paid and owes, by our books.

        ``opening + increase - receipts == closing``, all in the currency of the
        statement. An increase is an invoice, a credit note or another charge; a
        receipt is a payment, a bill or what was set off.

        :return: ``{statement id: {"opening", "increase", "receipts", "closing"}}``
        """
        figures = self._query_account()
        return {
            statement.id: {
                name: statement.currency_id.round(figures[statement.id][name])
                for name in BALANCES
            }
            for statement in self
        }

    def _query_account(self):
        """Return ``{statement id: figures}`` by one query for all statements.

        Beside the four balances: ``stated_before`` and ``stated_now``, how much of
        opening and increase are invoices of statements.
        """
        names = (*BALANCES, "stated_before", "stated_now")
        figures = {
            statement.id: dict.fromkeys(names, 0.0)
            for statement in self
            if statement.id
        }
        if not figures:
            return {statement.id: dict.fromkeys(names, 0.0) for statement in self}
        self._flush_account()
        self.env.cr.execute(
            SQL(
                """
                WITH entry AS (%s)
                SELECT statement_id,
                       COALESCE(SUM(amount) FILTER (WHERE before), 0),
                       COALESCE(SUM(amount) FILTER (WHERE NOT before AND charge), 0),
                       COALESCE(-SUM(amount)
                                FILTER (WHERE NOT before AND NOT charge), 0),
                       COALESCE(SUM(amount), 0),
                       COALESCE(SUM(amount) FILTER (WHERE before AND stated), 0),
                       COALESCE(SUM(amount) FILTER (WHERE NOT before AND stated), 0)
                  FROM entry
                 GROUP BY statement_id
                """,
                self._query_account_entries(self.ids),
            )
        )
        for statement_id, *values in self.env.cr.fetchall():
            figures[statement_id] = dict(zip(names, map(float, values), strict=True))
        return figures

    @api.model
    def _query_account_entries(self, ids):
        """The receivable entries of statements, each once per statement.

        Columns: statement_id, id (of the journal item), amount, before (the
        period), charge (not a receipt), stated (the invoice of a statement).
        """
        return SQL(
            """
            SELECT statement.id AS statement_id,
                   item.id,
                   item.amount_currency AS amount,
                   item.date < COALESCE(statement.date_from, '-infinity'::date)
                       AS before,
                   move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                       OR (item.payment_id IS NULL
                           AND journal.type NOT IN %(money)s
                           AND item.amount_currency > 0) AS charge,
                   move.rd_statement_id IS NOT NULL AS stated
              FROM rd_statement statement
              JOIN res_partner affiliate ON affiliate.id = statement.partner_id
              JOIN res_partner address
                ON address.commercial_partner_id = affiliate.commercial_partner_id
              JOIN account_move_line item
                ON item.partner_id = address.id
               AND item.company_id = statement.company_id
               AND item.currency_id = statement.currency_id
               AND item.parent_state = 'posted'
               AND item.date <= statement.date_to
              JOIN account_account account
                ON account.id = item.account_id
               AND account.account_type = 'asset_receivable'
              JOIN account_move move ON move.id = item.move_id
              JOIN account_journal journal ON journal.id = item.journal_id
             WHERE statement.id IN %(ids)s
            """,
            ids=tuple(ids),
            money=MONEY_JOURNALS,
        )

    def _flush_account(self):
        """Write what the queries over the account read."""
        env = self.env
        self.flush_model(["partner_id", "company_id", "currency_id"])
        self.flush_model(["date_from", "date_to"])
        env["res.partner"].flush_model(["commercial_partner_id"])
        env["account.move"].flush_model(["move_type", "rd_statement_id", "state"])
        env["account.move.line"].flush_model(
            ["partner_id", "company_id", "currency_id", "parent_state", "date"]
            + ["account_id", "amount_currency", "payment_id", "journal_id"]
        )
