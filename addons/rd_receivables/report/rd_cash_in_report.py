# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class RdCashInReport(models.Model):
    """When what is owed should come in: by open promises, the rest by due dates.

    A promise for items is spread over them, what is due first in front; a promised
    sum over what else the customer owes. What is overdue, or promised and in its days
    of grace, stands today; what waits for an event has no day. The rows of an item are
    together what it is open with.
    """

    _name = "rd.cash.in.report"
    _description = "Cash expected"
    _auto = False
    _order = "expected_date, partner_id, id"
    _rec_name = "name"

    name = fields.Char(string="Number", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    partner_class = fields.Selection(
        [("affiliate", "Affiliate"), ("outside", "Outside customer")],
        string="Customer class",
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    item_id = fields.Many2one("rd.ageing.report", string="Open item", readonly=True)
    source = fields.Selection(
        [("promise", "Promised"), ("due", "Due date"), ("waits", "Waits for an event")],
        string="Expected by",
        readonly=True,
    )
    due_date = fields.Date(readonly=True)
    expected_date = fields.Date(string="Expected on", readonly=True)
    amount = fields.Monetary(readonly=True)

    _depends = {
        "account.account": ["account_type"],
        "account.move": ["invoice_user_id", "name", "rd_due_waits_for"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "company_currency_id",
            "company_id",
            "date",
            "date_maturity",
            "move_id",
            "parent_state",
            "partner_id",
            "rd_waits_stage",
            "reconciled",
        ],
        "rd.promise": [
            "amount",
            "company_id",
            "date",
            "line_ids",
            "partner_id",
            "received_amount",
            "state",
        ],
        "res.company": ["rd_tz"],
        "res.partner": ["commercial_partner_id", "rd_partner_class", "user_id"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            WITH item AS MATERIALIZED (%(items)s),
            promise AS MATERIALIZED (%(promises)s),
            named AS MATERIALIZED (%(named)s),
            summed AS MATERIALIZED (%(summed)s),
            part AS (
                SELECT item_id, date, amount FROM named WHERE amount > 0
                UNION ALL SELECT item_id, date, amount FROM summed WHERE amount > 0
            ),
            share AS (
                SELECT part.item_id, 'promise' AS source,
                    GREATEST(part.date, item.today) AS expected_date, part.amount
                FROM part JOIN item ON item.id = part.item_id
                UNION ALL
                SELECT item.id, CASE WHEN item.due IS NULL THEN 'waits' ELSE 'due' END,
                    GREATEST(item.due, item.today),
                    item.amount - COALESCE(taken.amount, 0)
                FROM item
                LEFT JOIN (
                    SELECT item_id, SUM(amount) AS amount FROM part GROUP BY item_id
                ) taken ON taken.item_id = item.id
                WHERE item.amount > COALESCE(taken.amount, 0)
            )
            SELECT
                ROW_NUMBER() OVER (
                    ORDER BY share.item_id, share.source, share.expected_date,
                        share.amount
                ) AS id,
                item.name, item.company_id, item.currency_id, item.partner_id,
                item.partner_class, item.user_id, item.id AS item_id,
                item.due AS due_date, share.source, share.amount,
                CASE WHEN item.due IS NULL AND share.source <> 'promise'
                    THEN NULL ELSE share.expected_date END AS expected_date
            FROM share JOIN item ON item.id = share.item_id
            """,
            items=self._query_items(),
            promises=self._query_promises(),
            named=self._query_named(),
            summed=self._query_summed(),
        )

    @api.model
    def _query_items(self) -> SQL:
        """Return the open debts with their due day; None while they wait."""
        # The clock is handed in, so that every row of an answer has the same today.
        return SQL(
            """
            SELECT
                line.id, move.name, line.company_id,
                line.company_currency_id AS currency_id,
                customer.id AS partner_id,
                customer.rd_partner_class AS partner_class,
                COALESCE(move.invoice_user_id, customer.user_id) AS user_id,
                line.amount_residual AS amount,
                CASE
                    WHEN move.rd_due_waits_for IS NULL
                        AND line.rd_waits_stage IS NOT TRUE
                    THEN COALESCE(line.date_maturity, line.date)
                END AS due,
                COALESCE(line.date_maturity, line.date) AS rank,
                (%s AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz)::date AS today
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN account_account account ON account.id = line.account_id
            JOIN res_company company ON company.id = line.company_id
            LEFT JOIN res_partner partner ON partner.id = line.partner_id
            LEFT JOIN res_partner customer
                ON customer.id = partner.commercial_partner_id
            WHERE account.account_type = 'asset_receivable'
                AND line.parent_state = 'posted'
                AND line.reconciled IS NOT TRUE
                AND line.amount_residual > 0
            """,
            fields.Datetime.now(),
        )

    @api.model
    def _query_promises(self) -> SQL:
        """Return the open promises with what has not come yet."""
        return SQL(
            """
            SELECT promise.id, promise.company_id, promise.partner_id, promise.date,
                promise.amount - COALESCE(promise.received_amount, 0) AS amount,
                EXISTS (
                    SELECT FROM rd_promise_item_rel rel
                    WHERE rel.promise_id = promise.id
                ) AS named
            FROM rd_promise promise
            WHERE promise.state = 'open'
                AND promise.amount > COALESCE(promise.received_amount, 0)
            """
        )

    @api.model
    def _query_named(self) -> SQL:
        """Spread promises for items: the part of the running sum that they cover."""
        return SQL(
            """
            SELECT item_id, date, LEAST(amount, promised - (running - amount)) AS amount
            FROM (
                SELECT item.id AS item_id, item.amount, promise.date,
                    promise.amount AS promised,
                    SUM(item.amount) OVER (
                        PARTITION BY promise.id ORDER BY item.rank, item.id
                    ) AS running
                FROM promise
                JOIN rd_promise_item_rel rel ON rel.promise_id = promise.id
                JOIN item ON item.id = rel.item_id
            ) one
            """
        )

    @api.model
    def _query_summed(self) -> SQL:
        """Lay promised sums and what else is owed side by side, and see what meets."""
        return SQL(
            """
            SELECT owed.item_id, word.date,
                LEAST(owed.until, word.until)
                    - GREATEST(owed.until - owed.amount, word.until - word.amount)
                    AS amount
            FROM (
                SELECT item.id AS item_id, item.company_id, item.partner_id,
                    item.amount - COALESCE(taken.amount, 0) AS amount,
                    SUM(item.amount - COALESCE(taken.amount, 0)) OVER (
                        PARTITION BY item.company_id, item.partner_id
                        ORDER BY item.rank, item.id
                    ) AS until
                FROM item
                LEFT JOIN (
                    SELECT item_id, SUM(GREATEST(amount, 0)) AS amount
                    FROM named GROUP BY item_id
                ) taken ON taken.item_id = item.id
            ) owed
            JOIN (
                SELECT promise.company_id, promise.partner_id, promise.date,
                    promise.amount,
                    SUM(promise.amount) OVER (
                        PARTITION BY promise.company_id, promise.partner_id
                        ORDER BY promise.date, promise.id
                    ) AS until
                FROM promise WHERE NOT promise.named
            ) word USING (company_id, partner_id)
            """
        )

    def action_open_entry(self):
        """Open the journal entry of the row."""
        self.ensure_one()
        return self.item_id.action_open_entry()
