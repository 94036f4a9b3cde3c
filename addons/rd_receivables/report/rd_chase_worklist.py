# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from .. import dues
from ..models.rd_chase_note import OUTCOMES
from ..models.rd_receivable_reader import READ

# One row is a customer in a company: its number is made of both, and stays small
# enough for a column that keeps the number of a record.
COMPANIES = 1000


class RdChaseWorklist(models.Model):
    """Whom to ask for money, the most urgent first: one row for each customer.

    The score is Σ weight × part ÷ Σ weight × 100 with the company's weights; the
    four parts stand on the row. Amounts are in the currency of the company.
    """

    _name = "rd.chase.worklist"
    _description = "Chasing Worklist"
    _auto = False
    _order = "score desc, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    partner_class = fields.Selection(
        [("affiliate", "Affiliate"), ("outside", "Outside customer")],
        string="Customer class",
        readonly=True,
    )
    phone = fields.Char(related="partner_id.phone")
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    item_count = fields.Integer(string="Overdue items", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    amount_unapplied = fields.Monetary(
        string="Not applied",
        readonly=True,
        help="Payments and credit notes that are applied to nothing yet.",
    )
    days_overdue = fields.Integer(
        string="Oldest (days)", readonly=True, aggregator="max"
    )
    broken_count = fields.Integer(
        string="Broken promises",
        readonly=True,
        help="Promises of the last twelve months that were broken or kept in part.",
    )
    target_missing = fields.Monetary(
        string="Target misses",
        readonly=True,
        help="What has to come in this month until the customer's collection target "
        "of what is due by the end of the month is met.",
    )
    promised_amount = fields.Monetary(string="Promised", readonly=True)
    promised_date = fields.Date(string="Promised for", readonly=True)
    dispute_count = fields.Integer(string="Disputes", readonly=True)
    last_date = fields.Date(string="Last contact", readonly=True)
    last_outcome = fields.Selection(OUTCOMES, readonly=True)
    next_date = fields.Date(string="Next contact", readonly=True)
    to_call = fields.Boolean(
        string="To contact now",
        readonly=True,
        help="Something is overdue, no open promise or dispute holds it, and the day "
        "of the next contact has come.",
    )
    score = fields.Float(digits=(5, 1), readonly=True, aggregator="avg")
    part_size = fields.Float(digits=(5, 4), readonly=True, aggregator=None)
    part_age = fields.Float(digits=(5, 4), readonly=True, aggregator=None)
    part_broken = fields.Float(digits=(5, 4), readonly=True, aggregator=None)
    part_target = fields.Float(digits=(5, 4), readonly=True, aggregator=None)
    score_text = fields.Char(string="Why this score", compute="_compute_score_text")

    _depends = {
        **READ,
        "account.move": [*READ["account.move"], "rd_due_waits_for"],
        "account.move.line": [
            *READ["account.move.line"],
            "amount_residual",
            "reconciled",
        ],
        "rd.chase.note": [
            "company_id",
            "date",
            "is_dispute_open",
            "next_date",
            "outcome",
            "partner_id",
        ],
        "rd.promise": [
            "amount",
            "company_id",
            "date",
            "missed",
            "partner_id",
            "received_amount",
            "state",
        ],
        "res.company": [
            *READ["res.company"],
            "rd_chase_weight_age",
            "rd_chase_weight_amount",
            "rd_chase_weight_broken",
            "rd_chase_weight_target",
        ],
        "res.partner": [
            *READ["res.partner"],
            "rd_collection_target",
            "rd_partner_class",
        ],
    }

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------
    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            WITH day AS (%(day)s), debt AS (%(debt)s), money AS (%(money)s),
                fact AS (%(fact)s), part AS (%(part)s)
            %(select)s
            """,
            day=self._query_days(),
            debt=self._query_debts(),
            money=self._query_money(),
            fact=self._query_facts(),
            part=self._query_parts(),
            select=self._query_scores(),
        )

    @api.model
    def _query_days(self) -> SQL:
        """Return the query of today and the ends of the month for each company."""
        return SQL(
            """
            SELECT company.id AS company_id, company.today,
                date_trunc('month', company.today)::date AS first,
                (date_trunc('month', company.today)
                    + interval '1 month - 1 day')::date AS last
            FROM (
                SELECT id,
                    (%s AT TIME ZONE 'UTC' AT TIME ZONE rd_tz)::date AS today
                FROM res_company
            ) company
            """,
            # The clock is handed in, so that all rows have the same today.
            fields.Datetime.now(),
        )

    @api.model
    def _query_debts(self) -> SQL:
        """Return the query of what each customer owes and what is applied to nothing.

        What waits for the event its terms count from is open and not overdue.
        """
        return SQL(
            """
            SELECT company_id, partner_id,
                SUM(residual) FILTER (WHERE residual > 0) AS amount_open,
                SUM(residual) FILTER (WHERE days > 0) AS amount_overdue,
                -SUM(residual) FILTER (WHERE residual < 0) AS amount_unapplied,
                SUM(residual) FILTER (WHERE residual > 0 AND due <= last) AS due_open,
                MAX(days) FILTER (WHERE days > 0) AS days_overdue,
                COUNT(*) FILTER (WHERE days > 0) AS item_count
            FROM (
                SELECT line.company_id, partner.commercial_partner_id AS partner_id,
                    line.amount_residual AS residual, open.due, day.last,
                    CASE WHEN line.amount_residual > 0
                        THEN day.today - open.due END AS days
                FROM account_move_line line
                JOIN account_move move ON move.id = line.move_id
                JOIN account_account account ON account.id = line.account_id
                JOIN res_partner partner ON partner.id = line.partner_id
                JOIN day ON day.company_id = line.company_id
                CROSS JOIN LATERAL (
                    SELECT CASE WHEN move.rd_due_waits_for IS NULL
                            AND line.rd_waits_stage IS NOT TRUE
                        THEN COALESCE(line.date_maturity, line.date) END AS due
                ) open
                WHERE account.account_type = 'asset_receivable'
                    AND line.parent_state = 'posted'
                    AND line.reconciled IS NOT TRUE
                    AND line.amount_residual <> 0
            ) item
            GROUP BY company_id, partner_id
            """
        )

    @api.model
    def _query_money(self) -> SQL:
        """Return the query of what each customer has paid this month of what is due
        by its end: payments, counted bills and offsets."""
        reader = self.env["rd.receivable.reader"]
        return SQL(
            """
            SELECT debt.company_id, partner.commercial_partner_id AS partner_id,
                SUM(partial.amount) AS received
            FROM (%s) partial
            JOIN account_move_line debt ON debt.id = partial.debit_move_id
            JOIN res_partner partner ON partner.id = debt.partner_id
            JOIN day ON day.company_id = debt.company_id
            WHERE partial.kind <> 'credit'
                AND partial.counts_on BETWEEN day.first AND day.today
                AND COALESCE(debt.date_maturity, debt.date) <= day.last
            GROUP BY debt.company_id, partner.commercial_partner_id
            """,
            reader._query_partials(SQL("%s::date", self.env.company._rd_today())),
        )

    @api.model
    def _query_facts(self) -> SQL:
        """Return the query of all that is known of each customer with open items."""
        return SQL(
            """
            SELECT debt.*, day.today, company.currency_id,
                partner.rd_partner_class AS partner_class, partner.user_id,
                COALESCE(money.received, 0) + COALESCE(debt.due_open, 0) AS due_whole,
                GREATEST(
                    partner.rd_collection_target / 100.0 * (
                        COALESCE(money.received, 0) + COALESCE(debt.due_open, 0)
                    ) - COALESCE(money.received, 0), 0
                ) AS target_missing,
                said.broken_count, said.promised_amount, said.promised_date,
                dispute.dispute_count,
                note.date AS last_date, note.outcome AS last_outcome, note.next_date
            FROM debt
            JOIN day ON day.company_id = debt.company_id
            JOIN res_company company ON company.id = debt.company_id
            JOIN res_partner partner ON partner.id = debt.partner_id
            LEFT JOIN money ON money.company_id = debt.company_id
                AND money.partner_id = debt.partner_id
            LEFT JOIN LATERAL (
                SELECT COUNT(*) FILTER (
                        WHERE (promise.state IN ('broken', 'partly')
                                OR promise.missed IN ('broken', 'partly'))
                            AND promise.date >= day.today - 365
                    ) AS broken_count,
                    SUM(promise.amount - COALESCE(promise.received_amount, 0))
                        FILTER (WHERE promise.state = 'open') AS promised_amount,
                    MIN(promise.date) FILTER (WHERE promise.state = 'open')
                        AS promised_date
                FROM rd_promise promise
                WHERE promise.partner_id = debt.partner_id
                    AND promise.company_id = debt.company_id
            ) said ON TRUE
            LEFT JOIN LATERAL (
                SELECT COUNT(*) AS dispute_count FROM rd_chase_note one
                WHERE one.partner_id = debt.partner_id
                    AND one.company_id = debt.company_id AND one.is_dispute_open
            ) dispute ON TRUE
            LEFT JOIN LATERAL (
                SELECT date, outcome, next_date FROM rd_chase_note one
                WHERE one.partner_id = debt.partner_id
                    AND one.company_id = debt.company_id
                ORDER BY one.date DESC, one.id DESC LIMIT 1
            ) note ON TRUE
            WHERE debt.amount_open > 0
            """
        )

    @api.model
    def _query_parts(self) -> SQL:
        """Return the query of the four parts of each score, as ``dues.parts``."""
        return SQL(
            """
            SELECT fact.*,
                COALESCE(
                    amount_overdue::float8 / NULLIF(
                        MAX(amount_overdue) OVER (PARTITION BY company_id), 0
                    ), 0
                ) AS part_size,
                LEAST(COALESCE(days_overdue, 0)::float8 / %s, 1) AS part_age,
                LEAST(broken_count::float8 / %s, 1) AS part_broken,
                LEAST(
                    COALESCE(target_missing::float8 / NULLIF(due_whole, 0), 0), 1
                ) AS part_target
            FROM fact
            """,
            dues.chasing.AGE_FULL,
            dues.chasing.BROKEN_FULL,
        )

    @api.model
    def _query_scores(self) -> SQL:
        return SQL(
            """
            SELECT
                part.partner_id::bigint * %(companies)s + part.company_id AS id,
                part.company_id, part.currency_id, part.partner_id,
                part.partner_class, part.user_id,
                part.item_count, part.amount_open, part.days_overdue,
                COALESCE(part.amount_overdue, 0) AS amount_overdue,
                COALESCE(part.amount_unapplied, 0) AS amount_unapplied,
                part.broken_count, part.dispute_count,
                ROUND(part.target_missing::numeric, 2) AS target_missing,
                COALESCE(part.promised_amount, 0) AS promised_amount,
                part.promised_date, part.last_date, part.last_outcome, part.next_date,
                COALESCE(part.amount_overdue, 0) > 0
                    AND part.promised_date IS NULL AND part.dispute_count = 0
                    AND COALESCE(part.next_date, part.today) <= part.today AS to_call,
                part.part_size, part.part_age, part.part_broken, part.part_target,
                COALESCE(ROUND((100 * (
                    company.rd_chase_weight_amount * part.part_size
                    + company.rd_chase_weight_age * part.part_age
                    + company.rd_chase_weight_broken * part.part_broken
                    + company.rd_chase_weight_target * part.part_target
                ) / NULLIF(
                    company.rd_chase_weight_amount + company.rd_chase_weight_age
                    + company.rd_chase_weight_broken + company.rd_chase_weight_target,
                    0
                ))::numeric, 1), 0) AS score
            FROM part
            JOIN res_company company ON company.id = part.company_id
            """,
            companies=COMPANIES,
        )

    # ------------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------------
    @api.depends("part_size", "part_age", "part_broken", "part_target")
    @api.depends_context("lang")
    def _compute_score_text(self):
        for row in self:
            weights = row.company_id.sudo()._rd_get_chase_weights()
            shares = (row.part_size, row.part_age, row.part_broken, row.part_target)
            row.score_text = self.env._(
                "amount %(amount)s + age %(age)s + broken promises %(broken)s + "
                "target %(target)s, of %(whole)s",
                whole=sum(weights),
                **{
                    name: f"{weight} × {formatLang(self.env, share, digits=2)}"
                    for name, weight, share in zip(
                        weights._fields, weights, shares, strict=True
                    )
                },
            )

    # ------------------------------------------------------------------
    # Acts of one tap
    # ------------------------------------------------------------------
    def _note(self, outcome, days, **values):
        """Note one outcome for these customers, and when to ask again."""
        self.check_access("read")
        notes = self.env["rd.chase.note"]
        notes.check_access("create")
        self.env["rd.promise"]._check_desk()
        for row in self:
            notes |= notes.create(
                {
                    "company_id": row.company_id.id,
                    "partner_id": row.partner_id.id,
                    "date": row.company_id._rd_today(),
                    "outcome": outcome,
                    "next_date": row._get_next_day(days),
                    **values,
                }
            )
        return notes

    def _get_next_day(self, days):
        """Return the day some working days from now."""
        company = self.company_id
        return company._rd_days_later(company._rd_today(), days)

    def action_no_answer(self):
        """Note that nobody answered; ask again on the next working day."""
        self._note("no_answer", 1)
        return True

    def action_will_pay(self):
        """Note that they will pay without a day; ask again after a week."""
        self._note("will_pay", 5)
        return True

    def action_wrong_address(self):
        """Note that nobody is reached there, and let the owner mend the address."""
        self._note("wrong_address", 2)
        for row in self:
            row._tell_to_find_address()
        return True

    def _tell_to_find_address(self):
        owner = self.user_id or self.env.user
        # Whoever calls need not be allowed to change the customer.
        self.partner_id.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company_id._rd_today(),
            user_id=owner.id,
            summary=self.env._(
                "%(partner)s is not reached: find whom to ask for payment",
                partner=self.partner_id.name,
            ),
        )

    def action_promised(self):
        """Ask for amount and day of a promise, both proposed."""
        return self._ask("promised")

    def action_disputed(self):
        """Ask why they dispute it."""
        return self._ask("disputed")

    def _ask(self, outcome):
        self.ensure_one()
        self.check_access("read")
        self.env["rd.promise"]._check_desk()
        labels = dict(OUTCOMES)
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.partner_id.name}: "
            + dict(
                self.env["rd.chase.note"]
                ._fields["outcome"]
                ._description_selection(self.env)
            ).get(outcome, labels[outcome]),
            "res_model": "rd.chase.outcome",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_outcome": outcome,
            },
        }

    # ------------------------------------------------------------------
    # What stands behind a row
    # ------------------------------------------------------------------
    def _open(self, name, model, domain, views=("list", "kanban", "form")):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, view) for view in views],
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                *domain,
            ],
            "context": {"create": False},
        }

    def action_open_items(self):
        """Open what the customer owes."""
        return self._open(self.partner_id.name, "rd.ageing.report", [])

    def action_open_notes(self):
        """Open what came of asking so far."""
        return self._open(self.env._("Contacts"), "rd.chase.note", [])

    def action_open_promises(self):
        """Open what the customer has promised."""
        return self._open(self.env._("Promises"), "rd.promise", [])
