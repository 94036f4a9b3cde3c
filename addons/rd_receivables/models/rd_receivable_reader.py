# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .. import dues

READ = {
    "account.account": ["account_type"],
    "account.journal": ["type"],
    "account.move": [
        "invoice_date",
        "journal_id",
        "move_type",
        "name",
        "origin_payment_id",
        "rd_due_waits_for",
        "statement_line_id",
    ],
    "account.move.line": [
        "account_id",
        "balance",
        "company_id",
        "date",
        "date_maturity",
        "display_type",
        "move_id",
        "parent_state",
        "partner_id",
        "rd_waits_stage",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_move_id",
        "debit_move_id",
        "exchange_move_id",
        "max_date",
    ],
    "rd.acceptance.bill": [
        "bounced_date",
        "kind",
        "matured_date",
        "payment_id",
        "state",
    ],
    "rd.due.change": ["due_date", "move_line_id", "until"],
    "res.company": ["rd_bill_bank_counts", "rd_bill_commercial_counts", "rd_tz"],
    "res.partner": ["commercial_partner_id", "rd_partner_class", "user_id"],
}


class RdReceivableReader(models.AbstractModel):
    """Open receivables as of any day, read from the books for the calculation.

    One place says what a receipt is: a payment, a bill of exchange that counts, or
    an offset (an entry that touches another partner's or a payable account). All
    else that lowers a debt (credit note, write-off, exchange) nobody received.
    """

    _name = "rd.receivable.reader"
    _description = "Reader of Receivables"

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------
    @api.model
    def _query_partials(self, until) -> SQL:
        """Return the query of what takes off debts: one row per partial.

        Columns: debit_move_id, amount, date, kind, counts_on (infinity: not yet).

        :param SQL until: day as of which a bounced bill is known to have bounced
        """
        return SQL(
            """
            SELECT
                taken.id, taken.debit_move_id, taken.amount, taken.date,
                %s AS kind, taken.counts_on
            FROM (%s) taken
            """,
            self._get_partial_kind(until),
            self._query_taken(),
        )

    @api.model
    def _get_partial_kind(self, until) -> SQL:
        """Return what kind a row of ``_query_taken`` is."""
        return SQL(
            """
            CASE
                WHEN taken.bounced_date <= %s THEN 'credit'
                WHEN taken.source <> 'entry' THEN taken.source
                WHEN EXISTS (
                    SELECT FROM account_move_line other
                    JOIN account_account account ON account.id = other.account_id
                    WHERE other.move_id = taken.entry_id
                        AND other.id <> taken.credit_move_id
                        AND (account.account_type = 'liability_payable'
                            OR (account.account_type = 'asset_receivable'
                                AND other.partner_id IS DISTINCT FROM
                                    taken.partner_id))
                ) THEN 'offset'
                ELSE 'credit'
            END
            """,
            until,
        )

    @api.model
    def _query_taken(self) -> SQL:
        """Return the query of the partials with what tells their kind: apart from it,
        as looking through an entry's other items is dear, and PostgreSQL would count
        with doing so for each partial there is.
        """
        return SQL(
            """
            SELECT
                partial.id,
                partial.debit_move_id,
                partial.amount,
                partial.max_date AS date,
                partial.credit_move_id, credit.partner_id, entry.id AS entry_id,
                bill.bounced_date,
                CASE
                    WHEN bill.id IS NOT NULL THEN 'bill'
                    WHEN entry.origin_payment_id IS NOT NULL
                        OR entry.statement_line_id IS NOT NULL
                        OR journal.type IN ('bank', 'cash', 'credit') THEN 'payment'
                    WHEN entry.move_type = 'entry' THEN 'entry'
                    ELSE 'credit'
                END AS source,
                CASE
                    WHEN bill.id IS NULL THEN partial.max_date
                    WHEN CASE bill.kind
                            WHEN 'bank' THEN company.rd_bill_bank_counts
                            ELSE company.rd_bill_commercial_counts
                        END = 'receipt' THEN partial.max_date
                    ELSE GREATEST(
                        partial.max_date,
                        COALESCE(bill.matured_date, bill.bounced_date, 'infinity')
                    )
                END AS counts_on
            FROM account_partial_reconcile partial
            JOIN account_move_line credit ON credit.id = partial.credit_move_id
            JOIN account_move entry ON entry.id = credit.move_id
            JOIN account_journal journal ON journal.id = entry.journal_id
            JOIN res_company company ON company.id = credit.company_id
            LEFT JOIN rd_acceptance_bill bill
                ON bill.payment_id = entry.origin_payment_id
                AND bill.state <> 'cancelled'
            """
        )

    @api.model
    def _query_debts(self) -> SQL:
        """Return the query of all posted debts of customers: one row per item."""
        return SQL(
            """
            SELECT
                line.id, line.date, line.balance, line.move_id, line.company_id,
                line.partner_id, line.name, move.name AS move_name,
                move.invoice_user_id,
                line.create_date,
                CASE
                    WHEN move.rd_due_waits_for IS NULL
                        AND line.rd_waits_stage IS NOT TRUE
                    THEN COALESCE(line.date_maturity, line.date)
                END AS due
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN account_account account ON account.id = line.account_id
            WHERE account.account_type = 'asset_receivable'
                AND line.parent_state = 'posted'
                AND line.balance > 0
            """
        )

    # ------------------------------------------------------------------
    # For the calculation
    # ------------------------------------------------------------------
    @api.model
    def _read_debts(self, company, until, ids=None, since=None, after=None, made=None):
        """Return ``{id: (dues.Item, [dues.Partial])}`` of the company's debts, each
        with the due date that is known today.

        :param date until: what is dated later is left out
        :param ids: only these journal items, gone ones missing in the answer
        :param date since: leave out what was settled by this day
        :param date after: leave out what is dated by this day, and was made by
            ``made``
        :param date made: only with ``after``, which needs it
        """
        self._flush_read()
        wanted = SQL("debt.id = ANY(%s)", list(ids)) if ids is not None else SQL("TRUE")
        if after:
            wanted = SQL(
                "%s AND (debt.date > %s OR debt.create_date >= %s)",
                wanted,
                after,
                company._rd_day_end(made),
            )
        if since:
            wanted = SQL("%s AND %s", wanted, self._query_open_at(since))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debt.id, debt.date, debt.due, debt.balance::text
                FROM (%s) debt
                WHERE debt.company_id = %s AND debt.date <= %s AND %s
                """,
                self._query_debts(),
                company.id,
                until,
                wanted,
            )
        )
        partials = self._read_partials([row[0] for row in rows], until)
        return {
            ref: (dues.Item(ref, day, due, Decimal(amount)), partials[ref])
            for ref, day, due, amount in rows
        }

    @api.model
    def _as_known(self, debts, day):
        """Return the debts of ``_read_debts`` with the due dates known on that day."""
        query = self.env["rd.due.change"]._query_known(day)
        rows = self.env.execute_query(
            SQL(
                "SELECT move_line_id, due_date FROM (%s) known "
                "WHERE move_line_id = ANY(%s)",
                query,
                list(debts),
            )
        )
        known = {ref: debts[ref][0]._replace(due=due) for ref, due in rows}
        return {
            ref: (known.get(ref, item), partials)
            for ref, (item, partials) in debts.items()
        }

    @api.model
    def _query_open_at(self, day) -> SQL:
        """Return the condition that a debt was not settled by this day, or came
        later. Bills that wait for their maturity leave it open.

        What was settled is found once for all debts, and looked up in a hash: asked
        per debt, or joined, it took minutes where the statistics of the tables were
        from before a large import.
        """
        return SQL(
            """
            debt.id NOT IN (
                SELECT partial.debit_move_id
                FROM (%s) partial
                JOIN account_move_line settled ON settled.id = partial.debit_move_id
                WHERE partial.counts_on <= %s
                GROUP BY partial.debit_move_id, settled.balance
                HAVING SUM(partial.amount) >= settled.balance
            )
            """,
            self._query_partials(SQL("%s::date", day)),
            day,
        )

    @api.model
    def _read_partials(self, ids, until):
        """Return ``{journal item id: [Partial]}`` of these debts."""
        wanted = SQL("partial.debit_move_id = ANY(%s)", list(ids))
        return self._fetch_partials(wanted, until)

    @api.model
    def _read_partials_since(self, debts, first_day, until):
        """Return ``({journal item id: [Partial]}, amount)``: what counts from that day
        on, and the sum of what had been received before.

        :param Query debts: the journal items
        """
        ours = SQL("partial.debit_move_id IN %s", debts.subselect())
        later = SQL("%s AND partial.counts_on >= %s", ours, first_day)
        [(earlier,)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(partial.amount), 0)::text
                FROM (%s) partial
                WHERE %s AND partial.kind = ANY(%s) AND partial.counts_on < %s
                """,
                self._query_partials(SQL("%s::date", until)),
                ours,
                list(dues.RECEIPTS),
                first_day,
            )
        )
        return self._fetch_partials(later, until), Decimal(earlier)

    @api.model
    def _fetch_partials(self, wanted, until):
        found = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    partial.debit_move_id, partial.amount::text, partial.date,
                    partial.kind,
                    CASE WHEN isfinite(partial.counts_on) THEN partial.counts_on END
                FROM (%s) partial
                WHERE %s
                ORDER BY partial.id
                """,
                self._query_partials(SQL("%s::date", until)),
                wanted,
            )
        )
        for ref, amount, day, kind, counts_on in rows:
            found[ref].append(
                dues.Partial(Decimal(amount), day, kind, counts_on or date.max)
            )
        return found

    @api.model
    def _read_unapplied(self, company, until):
        """Return ``[(journal item id, amount)]`` of payments not yet applied.

        Amounts are positive, as of the end of ``until``.
        """
        self._flush_read()
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, -line.balance - COALESCE(used.amount, 0)
                FROM account_move_line line
                JOIN account_move move ON move.id = line.move_id
                JOIN account_journal journal ON journal.id = move.journal_id
                JOIN account_account account ON account.id = line.account_id
                LEFT JOIN LATERAL (
                    SELECT SUM(partial.amount) AS amount
                    FROM account_partial_reconcile partial
                    WHERE partial.credit_move_id = line.id
                        AND partial.max_date <= %(until)s
                ) used ON TRUE
                WHERE account.account_type = 'asset_receivable'
                    AND line.parent_state = 'posted'
                    AND line.company_id = %(company)s
                    AND line.date <= %(until)s
                    AND line.balance < 0
                    AND journal.type IN ('bank', 'cash', 'credit')
                    AND -line.balance > COALESCE(used.amount, 0)
                ORDER BY line.id
                """,
                until=until,
                company=company.id,
            )
        )

    @api.model
    def _flush_read(self):
        for name, names in READ.items():
            self.env[name].flush_model(names)
