# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.res_company import MOST_BUCKETS
from ..models.res_partner_due import ANCHORS

MOST_CLASSES = MOST_BUCKETS + 2
BASES = [
    ("due", "Due date"),
    ("document", "Invoice date"),
    ("delivery", "Delivery date"),
]


class RdAgeingReport(models.Model):
    """Open receivables by age: one row for each open journal item.

    Amounts are residuals in company currency, by sign as Odoo keeps them (a credit
    note or an advance is negative), so storno charts need no case of their own. Age
    counts to today in the company's time zone, or to the day in the context
    (``rd_as_of``): then what is dated later is left out, receipts too, and the due
    date is the one that was known on that day (``rd.due.change``). It counts from the
    due date, the invoice or the delivery (``rd_ageing_basis``). What waits for the
    event its terms count from is not due, whatever its date says.
    """

    _name = "rd.ageing.report"
    _description = "Receivables Ageing"
    _auto = False
    _order = "due_date, id"

    name = fields.Char(string="Number", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", string="Company currency", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    partner_class = fields.Selection(
        selection=[("affiliate", "Affiliate"), ("outside", "Outside customer")],
        string="Customer class",
        readonly=True,
    )
    move_id = fields.Many2one("account.move", string="Journal entry", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal item", readonly=True
    )
    account_id = fields.Many2one("account.account", readonly=True)
    invoice_date = fields.Date(string="Document date", readonly=True)
    due_date = fields.Date(string="Due date", readonly=True)
    days_overdue = fields.Integer(
        string="Days overdue",
        readonly=True,
        aggregator="max",
        help="From the due date; negative as long as it is not due.",
    )
    bucket = fields.Selection(
        selection=lambda self: self._selection_bucket(), string="Age", readonly=True
    )
    basis = fields.Selection(BASES, string="Age counts from", readonly=True)
    waits_for = fields.Selection(ANCHORS, string="Not due: waits for", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    contract_id = fields.Many2one("rd.contract", readonly=True)
    expected_date = fields.Date(
        string="Cash expected on",
        readonly=True,
        help="The due date, or today for what is overdue; empty while it waits.",
    )
    amount_residual = fields.Monetary(string="Open amount", readonly=True)
    amount_overdue = fields.Monetary(string="Overdue amount", readonly=True)

    _depends = {
        "account.account": ["account_type"],
        "account.move": [
            "invoice_date",
            "invoice_user_id",
            "name",
            "rd_contract_id",
            "rd_due_waits_for",
        ],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "balance",
            "company_currency_id",
            "company_id",
            "date",
            "date_maturity",
            "move_id",
            "parent_state",
            "partner_id",
            "rd_statement_line_id",
            "rd_waits_stage",
            "reconciled",
            "sale_line_ids",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "max_date",
        ],
        "rd.due.change": ["due_date", "move_line_id", "until", "waits_for"],
        "rd.statement.line": ["date"],
        "res.company": ["rd_tz"],
        "res.partner": ["commercial_partner_id", "rd_partner_class", "user_id"],
        "stock.location": ["usage"],
        "stock.move": ["date", "location_dest_id", "sale_line_id", "state"],
    }

    # ------------------------------------------------------------------
    # Classes
    # ------------------------------------------------------------------
    @api.model
    def _selection_bucket(self):
        """Return the classes of the company at hand; keys sort as they are read."""
        days = self.env.company._rd_get_buckets()
        labels = [self.env._("Not due")]
        for first, last in zip([0, *days], days, strict=False):
            labels.append(
                self.env._("%(first)s–%(last)s days", first=first + 1, last=last)
            )
        labels.append(self.env._("%(days)s+ days", days=days[-1]))
        # A site's classes change: keys of more of them are known, without a name.
        labels += [""] * (MOST_CLASSES - len(labels))
        return [(str(number), label) for number, label in enumerate(labels)]

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------
    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    @api.model
    def _get_asked_day(self):
        """Return the day asked for, or None for today."""
        return fields.Date.to_date(self.env.context.get("rd_as_of") or None)

    @api.model
    def _get_asked_basis(self):
        asked = self.env.context.get("rd_ageing_basis")
        return asked if asked in dict(BASES) else "due"

    @api.model
    def _select(self) -> SQL:
        return SQL(
            """
            SELECT
                line.id,
                line.id AS move_line_id,
                move.name,
                line.move_id,
                line.account_id,
                line.company_id,
                line.company_currency_id AS currency_id,
                customer.id AS partner_id,
                customer.rd_partner_class AS partner_class,
                COALESCE(move.invoice_user_id, customer.user_id) AS user_id,
                COALESCE(move.invoice_date, line.date) AS invoice_date,
                age.due_date,
                %(waits)s AS waits_for,
                move.rd_contract_id AS contract_id,
                %(basis)s AS basis,
                age.days AS days_overdue,
                CASE
                    WHEN age.days IS NULL THEN '0'
                    ELSE width_bucket(age.days, %(bounds)s)::text
                END AS bucket,
                GREATEST(age.due_date, age.today) AS expected_date,
                rest.amount AS amount_residual,
                CASE
                    WHEN age.overdue > 0 THEN rest.amount ELSE 0
                END AS amount_overdue
            """,
            waits=self._get_waits(),
            basis=self._get_asked_basis(),
            bounds=[1, *(day + 1 for day in self.env.company._rd_get_buckets())],
        )

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN account_account account ON account.id = line.account_id
            JOIN res_company company ON company.id = line.company_id
            LEFT JOIN res_partner partner ON partner.id = line.partner_id
            LEFT JOIN res_partner customer
                ON customer.id = partner.commercial_partner_id
            %s
            %s
            %s
            CROSS JOIN LATERAL (%s) age
            CROSS JOIN LATERAL (%s) rest
            """,
            self._query_shipped(),
            self._query_taken(),
            self._query_known(),
            self._query_age(),
            self._query_rest(),
        )

    @api.model
    def _query_age(self) -> SQL:
        """Return due date and age of one row."""
        # The clock is handed in, so that every row of an answer has the same today.
        today = (
            SQL("%s::date", self._get_asked_day())
            if self._get_asked_day()
            else SQL(
                "(%s AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz)::date",
                fields.Datetime.now(),
            )
        )
        due = SQL(
            """CASE WHEN move.rd_due_waits_for IS NULL
                AND line.rd_waits_stage IS NOT TRUE
                THEN COALESCE(line.date_maturity, line.date) END"""
        )
        if self._get_asked_day():
            due = SQL(
                "CASE WHEN known.move_line_id IS NULL THEN %s ELSE known.due_date END",
                due,
            )
        start = {
            "due": due,
            "document": SQL("COALESCE(move.invoice_date, line.date)"),
            "delivery": SQL("COALESCE(shipped.day, move.invoice_date, line.date)"),
        }[self._get_asked_basis()]
        return SQL(
            """
            SELECT
                %(due)s AS due_date,
                %(today)s AS today,
                %(today)s - %(start)s AS days,
                %(today)s - %(due)s AS overdue
            """,
            due=due,
            today=today,
            start=start,
        )

    @api.model
    def _query_known(self) -> SQL:
        """Return the join of the due dates that were others on the asked day."""
        day = self._get_asked_day()
        if not day:
            return SQL()
        return SQL(
            "LEFT JOIN (%s) known ON known.move_line_id = line.id",
            self.env["rd.due.change"]._query_known(day),
        )

    @api.model
    def _get_waits(self) -> SQL:
        """Return what one row waits for, or waited for on the asked day."""
        waits = SQL(
            """COALESCE(
                move.rd_due_waits_for,
                CASE WHEN line.rd_waits_stage THEN 'stage' END
            )"""
        )
        if not self._get_asked_day():
            return waits
        return SQL(
            "CASE WHEN known.move_line_id IS NULL THEN %s ELSE known.waits_for END",
            waits,
        )

    @api.model
    def _query_shipped(self) -> SQL:
        """Return the join of the last delivery before each invoice, or of the last one
        where it was invoiced first; nothing where no age counts from it.

        A statement names the delivery of each of its lines, so it is taken from there.
        """
        if self._get_asked_basis() != "delivery":
            return SQL()
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT COALESCE(
                    (
                        SELECT MAX(stated.date)
                        FROM account_move_line sold
                        JOIN rd_statement_line stated
                            ON stated.id = sold.rd_statement_line_id
                        WHERE sold.move_id = move.id
                    ),
                    (
                        SELECT COALESCE(
                            MAX(left_on.day) FILTER (
                                WHERE left_on.day <= move.invoice_date
                            ),
                            MAX(left_on.day)
                        )
                        FROM account_move_line sold
                        JOIN sale_order_line_invoice_rel rel
                            ON rel.invoice_line_id = sold.id
                        JOIN stock_move goods
                            ON goods.sale_line_id = rel.order_line_id
                        JOIN stock_location place
                            ON place.id = goods.location_dest_id
                        CROSS JOIN LATERAL (
                            SELECT (goods.date AT TIME ZONE 'UTC'
                                AT TIME ZONE company.rd_tz)::date AS day
                        ) left_on
                        WHERE sold.move_id = move.id
                            AND goods.state = 'done' AND place.usage <> 'internal'
                    )
                ) AS day
            ) shipped ON TRUE
            """
        )

    @api.model
    def _query_rest(self) -> SQL:
        """Return what one row is open with."""
        if not self._get_asked_day():
            return SQL("SELECT line.amount_residual AS amount")
        return SQL("SELECT line.balance - COALESCE(taken.amount, 0) AS amount")

    @api.model
    def _query_taken(self) -> SQL:
        """Return the join of what partials took off each item by the asked day.

        Summed up once: looked up row by row, a payment of very many invoices would
        have the whole table read for each of them.
        """
        day = self._get_asked_day()
        if not day:
            return SQL()
        return SQL(
            """
            LEFT JOIN (
                SELECT part.item_id, SUM(part.amount) AS amount
                FROM (
                    SELECT debit_move_id AS item_id, amount
                    FROM account_partial_reconcile WHERE max_date <= %(day)s
                    UNION ALL
                    SELECT credit_move_id, -amount
                    FROM account_partial_reconcile WHERE max_date <= %(day)s
                ) part
                GROUP BY part.item_id
            ) taken ON taken.item_id = line.id
            """,
            day=day,
        )

    @api.model
    def _where(self) -> SQL:
        day = self._get_asked_day()
        if day:
            return SQL(
                """
                WHERE account.account_type = 'asset_receivable'
                    AND line.parent_state = 'posted'
                    AND line.date <= %s
                    AND rest.amount <> 0
                """,
                day,
            )
        return SQL(
            """
            WHERE account.account_type = 'asset_receivable'
                AND line.parent_state = 'posted'
                AND line.reconciled IS NOT TRUE
                AND line.amount_residual <> 0
            """
        )

    def action_open_entry(self):
        """Open the journal entry of the row, or the row for who may not read it."""
        self.ensure_one()
        if self.move_id.has_access("read"):
            return self.move_id._get_records_action()
        return self._get_records_action()
