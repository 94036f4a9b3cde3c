# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.rd_collection_plan_line import WAYS
from ..models.rd_receivable_reader import READ


class RdCollectionReport(models.Model):
    """Collection rates by month: one row per line of an approved plan.

    Due is what is due by the end of the month, overdue included, less what was
    credited or came before the month; received is of these lines, up to today or to the end of the month. The
    rate of a group is received ÷ due of the group, never an average of rates.
    """

    _name = "rd.collection.report"
    _description = "Collection Rates"
    _auto = False
    _order = "month desc, partner_id, id"
    _rec_name = "item_name"

    plan_id = fields.Many2one("rd.collection.plan", readonly=True)
    line_id = fields.Many2one("rd.collection.plan.line", readonly=True)
    item_name = fields.Char(string="Number", readonly=True)
    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    partner_class = fields.Selection(
        [("affiliate", "Affiliate"), ("outside", "Outside customer")],
        string="Customer class",
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    way = fields.Selection(WAYS, readonly=True)
    planned_amount = fields.Monetary(string="Planned", readonly=True)
    amount_due = fields.Monetary(string="Due", readonly=True)
    amount_received = fields.Monetary(string="Received", readonly=True)
    rate = fields.Float(
        string="Collection rate (%)",
        readonly=True,
        digits=(6, 2),
        aggregator="avg",
        help="Received ÷ due, overdue included; empty where nothing is due.",
    )
    target = fields.Float(
        string="Target (%)",
        readonly=True,
        digits=(5, 2),
        aggregator="avg",
        help="Of a group: the targets of its customers, weighed by what is due.",
    )

    _depends = {
        **READ,
        "rd.collection.plan": ["company_id", "month", "snapshot_date", "state"],
        "rd.collection.plan.line": [
            "closed_credited",
            "closed_early",
            "closed_received",
            "due_date",
            "item_id",
            "item_name",
            "opening_amount",
            "partner_class",
            "partner_id",
            "plan_id",
            "planned_amount",
            "target",
            "user_id",
            "way",
        ],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT
                line.id, line.id AS line_id, line.plan_id, line.item_name,
                plan.month, plan.company_id, company.currency_id,
                line.partner_id, line.partner_class, line.user_id, line.way,
                line.planned_amount, line.target,
                line.opening_amount - actual.taken AS amount_due,
                actual.received AS amount_received,
                100 * actual.received
                    / NULLIF(line.opening_amount - actual.taken, 0) AS rate
            FROM rd_collection_plan_line line
            JOIN rd_collection_plan plan ON plan.id = line.plan_id
            JOIN res_company company ON company.id = plan.company_id
            LEFT JOIN account_move_line item
                ON item.id = line.item_id AND item.parent_state = 'posted'
            CROSS JOIN LATERAL (%(until)s) period
            CROSS JOIN LATERAL (%(actual)s) actual
            WHERE plan.state IN ('approved', 'closed')
                AND line.due_date < plan.month + INTERVAL '1 month'
            """,
            until=self._query_until(),
            actual=self._query_actual(),
        )

    @api.model
    def _query_until(self) -> SQL:
        # The clock is handed in: every row of an answer has the same today.
        return SQL(
            """
            SELECT LEAST(
                (%s AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz)::date,
                (plan.month + INTERVAL '1 month' - INTERVAL '1 day')::date
            ) AS until
            """,
            fields.Datetime.now(),
        )

    @api.model
    def _query_actual(self) -> SQL:
        """Return what was received of one line, and what is not due any more without
        it (credited, or received before the month), as ``dues.actuals`` does it.

        What counted first fills what was known of when the plan was frozen; only
        what is beyond it is new since.
        """
        partials = self.env["rd.receivable.reader"]._query_partials(SQL("period.until"))
        return SQL(
            """
            SELECT
                CASE
                    WHEN plan.state = 'closed' THEN line.closed_received
                    ELSE COALESCE(SUM(part.amount)
                        FILTER (WHERE part.kind <> 'credit'
                            AND part.counts_on >= plan.month), 0)
                END AS received,
                CASE
                    WHEN plan.state = 'closed'
                        THEN line.closed_credited + COALESCE(line.closed_early, 0)
                    WHEN item.id IS NULL THEN line.opening_amount
                    ELSE COALESCE(SUM(part.amount)
                        FILTER (WHERE part.kind = 'credit'
                            OR part.counts_on < plan.month), 0)
                END AS taken
            FROM (
                SELECT
                    one.kind, one.counts_on,
                    GREATEST(0, LEAST(one.amount, one.running - GREATEST(
                        item.balance - line.opening_amount, 0))) AS amount
                FROM (
                    SELECT
                        partial.kind, partial.amount, partial.counts_on,
                        SUM(partial.amount) OVER (
                            ORDER BY partial.counts_on, partial.date, partial.id
                        ) AS running
                    FROM (%s) partial
                    WHERE partial.debit_move_id = item.id
                ) one
                WHERE one.counts_on <= period.until
            ) part
            """,
            partials,
        )

    def _read_group_select(self, aggregate_spec, query):
        """Let the rate of a group be received ÷ due, and weigh its target by due."""
        due = self._field_to_sql(self._table, "amount_due", query)
        if aggregate_spec == "rate:avg":
            received = self._field_to_sql(self._table, "amount_received", query)
            return SQL("100 * SUM(%s) / NULLIF(SUM(%s), 0)", received, due)
        if aggregate_spec == "target:avg":
            target = self._field_to_sql(self._table, "target", query)
            return SQL("SUM(%s * %s) / NULLIF(SUM(%s), 0)", target, due, due)
        return super()._read_group_select(aggregate_spec, query)

    def action_open_line(self):
        """Open the item of the row."""
        self.check_access("read")
        return self[:1].line_id.action_open_item() if self else False
