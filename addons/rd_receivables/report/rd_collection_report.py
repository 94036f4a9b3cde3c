# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import dues
from ..models.rd_collection_plan_line import WAYS
from ..models.rd_receivable_reader import READ

# What a row is told apart and asked for by; the rest of what is shown of it as it is.
KEYS = (
    "id",
    "line_id",
    "plan_id",
    "item_id",
    "is_new",
    "month",
    "company_id",
    "currency_id",
    "partner_id",
    "partner_class",
    "user_id",
)
SHOWN = ("item_name", "way", "planned_amount", "target")


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
            self._query_open(),
            self._query_closed_lines(),
            self._query_closed_new(),
        )

    # ------------------------------------------------------------------
    # Closed plans: what they have kept
    # ------------------------------------------------------------------
    @api.model
    def _query_closed_lines(self) -> SQL:
        # A plan closed before early receipts were told apart has kept none.
        return SQL(
            """
            SELECT
                line.id, line.id AS line_id, line.plan_id, line.item_id,
                FALSE AS is_new,
                plan.month, plan.company_id, company.currency_id,
                line.partner_id, line.partner_class, line.user_id,
                line.item_name, line.way, line.planned_amount, line.target,
                shown.due AS amount_due, line.closed_received AS amount_received,
                100 * line.closed_received / NULLIF(shown.due, 0) AS rate
            FROM rd_collection_plan plan
            JOIN res_company company ON company.id = plan.company_id
            JOIN rd_collection_plan_line line ON line.plan_id = plan.id
            CROSS JOIN LATERAL (
                SELECT line.opening_amount - line.closed_credited
                    - COALESCE(line.closed_early, 0) AS due
            ) shown
            WHERE plan.state = 'closed'
                AND line.due_date < plan.month + INTERVAL '1 month'
            """
        )

    @api.model
    def _query_closed_new(self) -> SQL:
        """Return what was kept of items outside a plan when it was closed."""
        names = ("new", "credited", "early", "received", "is_due")
        places = {name: dues.Actual._fields.index(name) for name in names}
        return SQL(
            """
            SELECT
                %(number)s AS id,
                NULL::integer AS line_id, plan.id AS plan_id, found.item_id,
                TRUE AS is_new,
                plan.month, plan.company_id, company.currency_id,
                partner.id AS partner_id, partner.rd_partner_class AS partner_class,
                COALESCE(move.invoice_user_id, partner.user_id) AS user_id,
                COALESCE(move.name, item.name) AS item_name, NULL AS way,
                0.0 AS planned_amount,
                COALESCE(partner.rd_collection_target, 100) AS target,
                found.due AS amount_due, found.received AS amount_received,
                100 * found.received / NULLIF(found.due, 0) AS rate
            FROM rd_collection_plan plan
            JOIN res_company company ON company.id = plan.company_id
            CROSS JOIN LATERAL jsonb_each(
                CASE jsonb_typeof(plan.closed_new)
                    WHEN 'object' THEN plan.closed_new ELSE '{}'::jsonb
                END
            ) kept
            CROSS JOIN LATERAL (
                SELECT
                    kept.key::integer AS item_id,
                    (kept.value ->> %(new)s)::numeric
                        - (kept.value ->> %(credited)s)::numeric
                        - COALESCE((kept.value ->> %(early)s)::numeric, 0) AS due,
                    (kept.value ->> %(received)s)::numeric AS received
            ) found
            LEFT JOIN account_move_line item ON item.id = found.item_id
            LEFT JOIN account_move move ON move.id = item.move_id
            LEFT JOIN res_partner contact ON contact.id = item.partner_id
            LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
            WHERE plan.state = 'closed' AND (kept.value ->> %(is_due)s)::boolean
            """,
            number=self._get_new_number(SQL("found.item_id")),
            **places,
        )

    @api.model
    def _get_new_number(self, ref) -> SQL:
        """Return the number of the row of an item outside a plan.

        It is below 0 and tells apart the plans an item is new to: that of its month,
        and the next one where that was made before it came.
        """
        return SQL(
            """
            -(%s * 16 + MOD(
                (EXTRACT(YEAR FROM plan.month) * 12
                    + EXTRACT(MONTH FROM plan.month))::integer, 16
            ))
            """,
            ref,
        )

    # ------------------------------------------------------------------
    # Approved plans: what the books say
    # ------------------------------------------------------------------
    @api.model
    def _query_open(self) -> SQL:
        """Return the rows of approved plans, as ``dues.actuals`` has them.

        What the closed plan of the month before has missed is received here.
        """
        names = SQL(", ").join(SQL.identifier("one", name) for name in KEYS + SHOWN)
        return SQL(
            """
            SELECT %(names)s,
                shown.due AS amount_due, shown.received AS amount_received,
                100 * shown.received / NULLIF(shown.due, 0) AS rate
            FROM (%(sums)s) one
            CROSS JOIN LATERAL (
                SELECT LEAST(one.early, GREATEST(one.passed - one.kept, 0)) AS amount
            ) late
            CROSS JOIN LATERAL (
                SELECT
                    one.opening - one.credited - one.early + late.amount AS due,
                    one.received + late.amount AS received
            ) shown
            """,
            names=names,
            sums=self._query_sums(),
        )

    @api.model
    def _query_sums(self) -> SQL:
        """Return each item with what was received, and what is not due any more
        without it (credited, or received before the month).

        Passed is what the plan of the month before would have by now. What was there
        on the plan's day and is not on it had been settled, unless it is open by now.
        """
        shown = (*SHOWN, "opening", "kept")
        return SQL(
            """
            SELECT %(keys)s, %(shown)s,
                COALESCE(SUM(%(fresh)s) FILTER (WHERE part.is_credit), 0) AS credited,
                COALESCE(SUM(%(fresh)s) FILTER (WHERE NOT part.is_credit
                    AND part.counts_on < part.month), 0) AS early,
                COALESCE(SUM(%(fresh)s) FILTER (WHERE NOT part.is_credit
                    AND part.counts_on >= part.month), 0) AS received,
                COALESCE(SUM(%(older)s) FILTER (WHERE NOT part.is_credit
                    AND part.counts_on < part.month AND part.follows_closed), 0)
                    AS passed
            FROM (%(parts)s) part
            GROUP BY %(keys)s, part.was_there
            HAVING NOT part.was_there OR MIN(part.opening) > COALESCE(
                SUM(part.amount) FILTER (
                    WHERE part.was_there AND part.counts_on <= part.snapshot_date
                ), 0)
            """,
            keys=self._get_keys("part"),
            shown=SQL(", ").join(
                SQL("MIN(%s) AS %s", SQL.identifier("part", name), SQL.identifier(name))
                for name in shown
            ),
            fresh=self._get_beyond(SQL("part.known")),
            older=self._get_beyond(SQL("part.known_before")),
            parts=self._query_parts(),
        )

    @api.model
    def _get_keys(self, table) -> SQL:
        return SQL(", ").join(SQL.identifier(table, name) for name in KEYS)

    @api.model
    def _get_beyond(self, known) -> SQL:
        """Return how much of a partial is beyond what a plan knew: what counted first
        fills what was known of when it was frozen."""
        return SQL("GREATEST(0, LEAST(part.amount, part.running - %s))", known)

    @api.model
    def _query_parts(self) -> SQL:
        """Return each item with each partial that counts, or with none.

        All items are gone through at once, not one by one. What names and tells
        apart a row divides them, so that PostgreSQL reads only what is asked for.
        """
        reader = self.env["rd.receivable.reader"]
        return SQL(
            """
            SELECT item.*, taken.amount, taken.counts_on,
                %(kind)s = 'credit' AS is_credit,
                SUM(taken.amount) OVER (
                    PARTITION BY %(keys)s, item.was_there
                    ORDER BY taken.counts_on, taken.date, taken.id
                    ROWS UNBOUNDED PRECEDING
                ) AS running
            FROM (%(lines)s UNION ALL %(new)s) item
            LEFT JOIN (%(taken)s) taken
                ON taken.debit_move_id = item.debt_id
                AND taken.counts_on <= item.until
            """,
            keys=self._get_keys("item"),
            lines=self._query_lines(),
            new=self._query_new(),
            kind=reader._get_partial_kind(SQL("item.until")),
            taken=reader._query_taken(),
        )

    @api.model
    def _query_lines(self) -> SQL:
        """Return the lines of the plans; all of one that left the books is credited,
        as nobody received it."""
        return SQL(
            """
            SELECT
                line.id, line.id AS line_id, plan.id AS plan_id, line.item_id,
                FALSE AS is_new,
                plan.month, plan.company_id, plan.currency_id,
                line.partner_id, line.partner_class, line.user_id,
                line.item_name, line.way, line.planned_amount, line.target,
                debt.id AS debt_id, FALSE AS was_there,
                CASE WHEN debt.id IS NULL THEN 0 ELSE line.opening_amount END
                    AS opening,
                GREATEST(debt.balance - line.opening_amount, 0) AS known,
                %(before)s
            FROM (%(plans)s) plan
            JOIN rd_collection_plan_line line ON line.plan_id = plan.id
            LEFT JOIN account_move_line debt
                ON debt.id = line.item_id AND debt.parent_state = 'posted'
            LEFT JOIN rd_collection_plan_line old
                ON old.plan_id = plan.closed_id AND old.item_id = line.item_id
            WHERE line.due_date < plan.next_month
            """,
            plans=self._query_plans(),
            before=self._get_before(SQL("line.item_id")),
        )

    @api.model
    def _query_new(self) -> SQL:
        """Return what may have come since the day of each plan and is due."""
        return SQL(
            """
            SELECT
                %(number)s AS id,
                NULL::integer AS line_id, plan.id AS plan_id, debt.id AS item_id,
                TRUE AS is_new,
                plan.month, plan.company_id, plan.currency_id,
                partner.id AS partner_id, partner.rd_partner_class AS partner_class,
                COALESCE(debt.invoice_user_id, partner.user_id) AS user_id,
                COALESCE(debt.move_name, debt.name) AS item_name, NULL AS way,
                0.0 AS planned_amount,
                COALESCE(partner.rd_collection_target, 100) AS target,
                debt.id AS debt_id, debt.date <= plan.snapshot_date AS was_there,
                debt.balance AS opening, 0.0 AS known,
                %(before)s
            FROM (%(plans)s) plan
            JOIN (%(debts)s) debt ON debt.company_id = plan.company_id
                AND debt.date <= plan.until
            LEFT JOIN res_partner contact ON contact.id = debt.partner_id
            LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
            LEFT JOIN (%(dues)s) moved
                ON moved.plan_id = plan.id AND moved.move_line_id = debt.id
            LEFT JOIN rd_collection_plan_line old
                ON old.plan_id = plan.closed_id AND old.item_id = debt.id
            WHERE CASE
                    WHEN moved.move_line_id IS NULL THEN debt.due ELSE moved.due_date
                END < plan.next_month
                AND (
                    debt.date > plan.new_after OR debt.create_date >= plan.noted_from
                )
                AND NOT EXISTS (
                    SELECT FROM rd_collection_plan_line line
                    WHERE line.plan_id = plan.id AND line.item_id = debt.id
                )
            """,
            number=self._get_new_number(SQL("debt.id")),
            plans=self._query_plans(),
            debts=self.env["rd.receivable.reader"]._query_debts(),
            dues=self._query_moved(),
            before=self._get_before(SQL("debt.id")),
        )

    @api.model
    def _query_plans(self) -> SQL:
        """Return the approved plans with their days, and the closed plan of the month
        before.

        The days are told once for a plan, not once for each of its items: that is
        what OFFSET does.
        """
        # The clock is handed in: every row of an answer has the same today.
        return SQL(
            """
            SELECT
                plan.id, plan.company_id, plan.month, plan.snapshot_date,
                company.currency_id, next.day AS next_month,
                LEAST(
                    (%s AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz)::date,
                    next.day - 1
                ) AS until,
                LEAST(plan.snapshot_date, before.snapshot_date) AS new_after,
                (plan.snapshot_date + 1)::timestamp AT TIME ZONE company.rd_tz
                    AT TIME ZONE 'UTC' AS noted_from,
                CASE before.state WHEN 'closed' THEN before.id END AS closed_id,
                before.closed_new
            FROM rd_collection_plan plan
            JOIN res_company company ON company.id = plan.company_id
            CROSS JOIN LATERAL (
                SELECT (plan.month + INTERVAL '1 month')::date AS day
            ) next
            LEFT JOIN rd_collection_plan before
                ON before.company_id = plan.company_id
                AND before.month = plan.month - INTERVAL '1 month'
                AND before.state IN ('approved', 'closed')
            WHERE plan.state = 'approved'
            OFFSET 0
            """,
            fields.Datetime.now(),
        )

    @api.model
    def _query_moved(self) -> SQL:
        """Return the due dates that moved after what an approved plan shows.

        Few do: they are found once, not looked for debt by debt.
        """
        return SQL(
            """
            SELECT DISTINCT ON (plan.id, change.move_line_id)
                plan.id AS plan_id, change.move_line_id, change.due_date
            FROM (%s) plan
            JOIN rd_due_change change ON change.company_id = plan.company_id
                AND change.until >= plan.until
            ORDER BY plan.id, change.move_line_id, change.until
            """,
            self._query_plans(),
        )

    @api.model
    def _get_before(self, ref) -> SQL:
        """Return the columns of the days of a plan, and of what the closed plan of the
        month before knew and has kept of an item."""
        names = ("received", "early")
        places = {name: dues.Actual._fields.index(name) for name in names}
        return SQL(
            """
            plan.until, plan.snapshot_date,
            plan.closed_id IS NOT NULL AS follows_closed,
            GREATEST(debt.balance - COALESCE(old.opening_amount, debt.balance), 0)
                AS known_before,
            CASE
                WHEN plan.closed_id IS NULL THEN 0
                ELSE COALESCE(
                    old.closed_received + COALESCE(old.closed_early, 0),
                    (plan.closed_new -> %(ref)s::text ->> %(received)s)::numeric
                    + COALESCE(
                        (plan.closed_new -> %(ref)s::text ->> %(early)s)::numeric, 0
                    ),
                    0
                )
            END AS kept
            """,
            ref=ref,
            **places,
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
