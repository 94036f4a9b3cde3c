# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import dues
from ..models.rd_collection_plan_line import WAYS
from ..models.rd_receivable_reader import READ


class RdCollectionReport(models.Model):
    """Collection rates by month: one row per line of an approved plan, and one per
    item that came due since without standing on it: the same rates as on the plan.

    Due is what is due by the end of the month, overdue included, less what was
    credited or came before the month; received is what came of it, up to today or to
    the end of the month. The rate of a group is received ÷ due of the group, never an
    average of rates.
    """

    _name = "rd.collection.report"
    _description = "Collection Rates"
    _auto = False
    _order = "month desc, partner_id, id"
    _rec_name = "item_name"

    plan_id = fields.Many2one("rd.collection.plan", readonly=True)
    line_id = fields.Many2one("rd.collection.plan.line", readonly=True)
    item_id = fields.Integer(string="Journal item no.", readonly=True)
    is_new = fields.Boolean(
        string="New since the plan",
        readonly=True,
        help="The item came into the books after the plan's day.",
    )
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
        "account.move": [*READ["account.move"], "invoice_user_id"],
        "rd.due.change": [*READ["rd.due.change"], "company_id"],
        "rd.collection.plan": [
            "closed_new",
            "company_id",
            "month",
            "snapshot_date",
            "state",
        ],
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
        "res.partner": [*READ["res.partner"], "rd_collection_target"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            self._query_lines(),
            self._query_new(self._query_new_now()),
            self._query_new(self._query_new_closed()),
        )

    @api.model
    def _query_lines(self) -> SQL:
        return SQL(
            """
            SELECT
                line.id, line.id AS line_id, line.plan_id, line.item_id,
                FALSE AS is_new, line.item_name,
                plan.month, plan.company_id, company.currency_id,
                line.partner_id, line.partner_class, line.user_id, line.way,
                line.planned_amount, line.target,
                line.opening_amount - shown.taken AS amount_due,
                shown.received AS amount_received,
                100 * shown.received
                    / NULLIF(line.opening_amount - shown.taken, 0) AS rate
            FROM rd_collection_plan_line line
            JOIN rd_collection_plan plan ON plan.id = line.plan_id
            JOIN res_company company ON company.id = plan.company_id
            LEFT JOIN account_move_line item
                ON item.id = line.item_id AND item.parent_state = 'posted'
            CROSS JOIN LATERAL (%(until)s) period
            %(before)s
            CROSS JOIN LATERAL (%(actual)s) actual
            CROSS JOIN LATERAL (
                SELECT
                    CASE
                        WHEN plan.state = 'closed' THEN line.closed_received
                        ELSE actual.received
                    END AS received,
                    CASE
                        WHEN plan.state = 'closed'
                            THEN line.closed_credited + COALESCE(line.closed_early, 0)
                        WHEN item.id IS NULL THEN line.opening_amount
                        ELSE actual.taken
                    END AS taken
            ) shown
            WHERE plan.state IN ('approved', 'closed')
                AND line.due_date < plan.month + INTERVAL '1 month'
            """,
            until=self._query_until(),
            before=self._query_before(SQL("line.item_id")),
            actual=self._query_actual(
                SQL("item.id"), SQL("item.balance"), SQL("line.opening_amount")
            ),
        )

    @api.model
    def _query_new(self, found) -> SQL:
        """Return the rows of items outside the plans.

        Their number is below 0 and tells apart the plans an item is new to: that of
        its month, and the next one where that was made before it came.

        :param SQL found: plan, item, amount due and received of each
        """
        return SQL(
            """
            SELECT
                -(found.item_id * 16 + MOD(
                    (EXTRACT(YEAR FROM plan.month) * 12
                        + EXTRACT(MONTH FROM plan.month))::integer, 16
                )) AS id,
                NULL::integer AS line_id, plan.id AS plan_id, found.item_id,
                TRUE AS is_new, COALESCE(move.name, item.name) AS item_name,
                plan.month, plan.company_id, company.currency_id,
                partner.id AS partner_id, partner.rd_partner_class AS partner_class,
                COALESCE(move.invoice_user_id, partner.user_id) AS user_id,
                NULL AS way, 0.0 AS planned_amount,
                COALESCE(partner.rd_collection_target, 100) AS target,
                found.amount_due, found.amount_received,
                100 * found.amount_received / NULLIF(found.amount_due, 0) AS rate
            FROM (%s) found
            JOIN rd_collection_plan plan ON plan.id = found.plan_id
            JOIN res_company company ON company.id = plan.company_id
            LEFT JOIN account_move_line item ON item.id = found.item_id
            LEFT JOIN account_move move ON move.id = item.move_id
            LEFT JOIN res_partner contact ON contact.id = item.partner_id
            LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
            """,
            found,
        )

    @api.model
    def _query_new_now(self) -> SQL:
        """Return what came after the day of each approved plan, as
        ``dues.actuals`` has it."""
        return SQL(
            """
            SELECT plan.id AS plan_id, debt.id AS item_id,
                debt.balance - actual.taken AS amount_due,
                actual.received AS amount_received
            FROM rd_collection_plan plan
            JOIN res_company company ON company.id = plan.company_id
            CROSS JOIN LATERAL (%(until)s) period
            JOIN (%(debts)s) debt ON debt.company_id = plan.company_id
                AND debt.date <= period.until
            LEFT JOIN (%(known)s) known
                ON known.plan_id = plan.id AND known.move_line_id = debt.id
            %(before)s
            CROSS JOIN LATERAL (%(actual)s) actual
            WHERE plan.state = 'approved'
                AND CASE
                    WHEN known.move_line_id IS NULL THEN debt.due ELSE known.due_date
                END < plan.month + INTERVAL '1 month'
                AND (
                    debt.date > LEAST(before.snapshot_date, plan.snapshot_date)
                    OR (debt.create_date AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz
                        )::date > plan.snapshot_date
                )
                AND (
                    debt.date > plan.snapshot_date OR debt.balance > actual.known
                )
                AND NOT EXISTS (
                    SELECT FROM rd_collection_plan_line line
                    WHERE line.plan_id = plan.id AND line.item_id = debt.id
                )
            """,
            until=self._query_until(),
            debts=self.env["rd.receivable.reader"]._query_debts(),
            known=self._query_known(),
            before=self._query_before(SQL("debt.id")),
            actual=self._query_actual(
                SQL("debt.id"), SQL("debt.balance"), SQL("debt.balance")
            ),
        )

    @api.model
    def _query_new_closed(self) -> SQL:
        """Return what was kept of such items when their plan was closed."""
        names = ("new", "credited", "early", "received", "is_due")
        places = {name: dues.Actual._fields.index(name) for name in names}
        # A plan closed before early receipts were told apart has kept none.
        return SQL(
            """
            SELECT plan.id AS plan_id, kept.key::integer AS item_id,
                (kept.value ->> %(new)s)::numeric
                    - (kept.value ->> %(credited)s)::numeric
                    - COALESCE((kept.value ->> %(early)s)::numeric, 0) AS amount_due,
                (kept.value ->> %(received)s)::numeric AS amount_received
            FROM rd_collection_plan plan
            CROSS JOIN LATERAL jsonb_each(
                CASE jsonb_typeof(plan.closed_new)
                    WHEN 'object' THEN plan.closed_new ELSE '{}'::jsonb
                END
            ) kept
            WHERE plan.state = 'closed' AND (kept.value ->> %(is_due)s)::boolean
            """,
            **places,
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
    def _query_known(self) -> SQL:
        """Return the due dates that moved after what an approved plan shows.

        Few do: they are found once, not looked for debt by debt.
        """
        return SQL(
            """
            SELECT DISTINCT ON (plan.id, change.move_line_id)
                plan.id AS plan_id, change.move_line_id, change.due_date
            FROM rd_collection_plan plan
            JOIN res_company company ON company.id = plan.company_id
            CROSS JOIN LATERAL (%s) period
            JOIN rd_due_change change ON change.company_id = plan.company_id
                AND change.until >= period.until
            WHERE plan.state = 'approved'
            ORDER BY plan.id, change.move_line_id, change.until
            """,
            self._query_until(),
        )

    @api.model
    def _query_before(self, ref) -> SQL:
        """Return the join of the plan of the month before, and of what it has kept of
        an item where it is closed."""
        names = ("received", "early")
        places = {name: dues.Actual._fields.index(name) for name in names}
        return SQL(
            """
            LEFT JOIN rd_collection_plan before
                ON before.company_id = plan.company_id
                AND before.month = plan.month - INTERVAL '1 month'
                AND before.state IN ('approved', 'closed')
            LEFT JOIN rd_collection_plan_line old
                ON old.plan_id = before.id AND old.item_id = %(ref)s
            CROSS JOIN LATERAL (
                SELECT before.closed_new -> (%(ref)s)::text AS value
            ) packed
            CROSS JOIN LATERAL (
                SELECT COALESCE(
                    old.closed_received + COALESCE(old.closed_early, 0),
                    (packed.value ->> %(received)s)::numeric
                        + COALESCE((packed.value ->> %(early)s)::numeric, 0),
                    0
                ) AS amount
            ) kept
            """,
            ref=ref,
            **places,
        )

    @api.model
    def _query_actual(self, ref, balance, opening) -> SQL:
        """Return what was received of one item, and what is not due any more without
        it (credited, or received before the month), as ``dues.actuals`` does it.

        What the closed plan of the month before has missed is received here. Known
        is what had been taken off by the day of the plan.
        """
        return SQL(
            """
            SELECT
                sums.received + late.amount AS received,
                sums.credited + sums.early - late.amount AS taken,
                sums.known
            FROM (
                SELECT
                    COALESCE(SUM(part.fresh) FILTER (WHERE part.kind = 'credit'), 0)
                        AS credited,
                    COALESCE(SUM(part.fresh) FILTER (WHERE part.kind <> 'credit'
                        AND part.counts_on < plan.month), 0) AS early,
                    COALESCE(SUM(part.fresh) FILTER (WHERE part.kind <> 'credit'
                        AND part.counts_on >= plan.month), 0) AS received,
                    COALESCE(SUM(part.older) FILTER (WHERE part.kind <> 'credit'
                        AND part.counts_on < plan.month), 0) AS passed,
                    COALESCE(SUM(part.amount) FILTER (
                        WHERE part.counts_on <= plan.snapshot_date), 0) AS known
                FROM (%(parts)s) part
            ) sums
            CROSS JOIN LATERAL (
                SELECT CASE
                    WHEN before.state = 'closed'
                    THEN LEAST(sums.early, GREATEST(sums.passed - kept.amount, 0))
                    ELSE 0
                END AS amount
            ) late
            """,
            parts=self._query_parts(ref, balance, opening),
        )

    @api.model
    def _query_parts(self, ref, balance, opening) -> SQL:
        """Return each partial of an item that counts, and how much of it is beyond
        what the plan knew (fresh), and the one of the month before (older).

        What counted first fills what was known of when a plan was frozen; only what
        is beyond it is new since.
        """
        partials = self.env["rd.receivable.reader"]._query_partials(SQL("period.until"))
        return SQL(
            """
            SELECT
                one.kind, one.counts_on, one.amount,
                GREATEST(0, LEAST(one.amount, one.running
                    - GREATEST(%(balance)s - %(opening)s, 0))) AS fresh,
                GREATEST(0, LEAST(one.amount, one.running - GREATEST(
                    %(balance)s - COALESCE(old.opening_amount, %(balance)s), 0)))
                    AS older
            FROM (
                SELECT
                    partial.kind, partial.amount, partial.counts_on,
                    SUM(partial.amount) OVER (
                        ORDER BY partial.counts_on, partial.date, partial.id
                    ) AS running
                FROM (%(partials)s) partial
                WHERE partial.debit_move_id = %(ref)s
            ) one
            WHERE one.counts_on <= period.until
            """,
            ref=ref,
            balance=balance,
            opening=opening,
            partials=partials,
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
        row = self[:1]
        if not row or row.line_id:
            return row.line_id.action_open_item() if row else False
        item = self.env["account.move.line"].browse(row.item_id).exists()
        if not item:
            raise UserError(
                self.env._(
                    "%(item)s is not in the books any more; its entry was changed "
                    "after the plan was closed.",
                    item=row.item_name or self.env._("The item"),
                )
            )
        item.move_id.check_access("read")
        return item.move_id._get_records_action()
