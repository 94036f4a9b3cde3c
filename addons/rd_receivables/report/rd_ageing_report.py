# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class RdAgeingReport(models.Model):
    """Open receivables by days overdue: one row for each open journal item.

    Amounts are residuals in company currency, by sign as Odoo keeps them (a credit
    note or an advance is negative), so storno charts need no case of their own. Age
    counts from the due date to today in the company's time zone.
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
        help="From the due date to today; negative as long as it is not due.",
    )
    bucket = fields.Selection(
        # the keys sort as the columns of the sheet are read
        selection=[
            ("0_not_due", "Not due"),
            ("1_30", "1–30 days"),
            ("31_60", "31–60 days"),
            ("61_90", "61–90 days"),
            ("91_more", "90+ days"),
        ],
        string="Age",
        readonly=True,
    )
    amount_residual = fields.Monetary(string="Open amount", readonly=True)
    amount_overdue = fields.Monetary(string="Overdue amount", readonly=True)

    _depends = {
        "account.account": ["account_type"],
        "account.move": ["invoice_date", "name"],
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
            "reconciled",
        ],
        "res.company": ["rd_tz"],
        "res.partner": ["commercial_partner_id", "rd_partner_class"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

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
                COALESCE(move.invoice_date, line.date) AS invoice_date,
                age.due_date,
                age.days AS days_overdue,
                CASE
                    WHEN age.days <= 0 THEN '0_not_due'
                    WHEN age.days <= 30 THEN '1_30'
                    WHEN age.days <= 60 THEN '31_60'
                    WHEN age.days <= 90 THEN '61_90'
                    ELSE '91_more'
                END AS bucket,
                line.amount_residual,
                CASE
                    WHEN age.days > 0 THEN line.amount_residual ELSE 0
                END AS amount_overdue
            """
        )

    @api.model
    def _from(self) -> SQL:
        # the clock is handed in, so that every row of an answer has the same today
        return SQL(
            """
            FROM account_move_line line
            JOIN account_move move ON move.id = line.move_id
            JOIN account_account account ON account.id = line.account_id
            JOIN res_company company ON company.id = line.company_id
            LEFT JOIN res_partner partner ON partner.id = line.partner_id
            LEFT JOIN res_partner customer
                ON customer.id = partner.commercial_partner_id
            CROSS JOIN LATERAL (
                SELECT
                    COALESCE(line.date_maturity, line.date) AS due_date,
                    (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz)::date
                        - COALESCE(line.date_maturity, line.date) AS days
            ) age
            """,
            now=fields.Datetime.now(),
        )

    @api.model
    def _where(self) -> SQL:
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
