# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# So many deliveries without cost are named one by one.
MOST_NAMED = 100
AMOUNTS = ("goods", "bills", "analytic", "invoiced")


class RdCostSheet(models.Model):
    """What the month's goods and projects cost, against what was invoiced (成本归集表).

    *Goods*: the value Odoo keeps on each delivery (``stock.move.value``, by the
    product's cost method), less what came back. *Bills*: lines of posted vendor bills
    that carry a project's analytic account, except of stored goods, whose cost is in
    their value. *Analytic*: other analytic lines of these accounts, time sheets
    above all. *Invoiced*: as in the sales statistics. All without tax, in the company's
    currency, by the company's calendar month. Frozen with a hash when the month closes.
    """

    _name = "rd.cost.sheet"
    _description = "Cost Sheet"
    _inherit = ["mail.thread", "rd.workflow.mixin"]
    _order = "month desc, company_id"
    _rec_name = "name"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: (
            self.env.company._rd_today().replace(day=1) - relativedelta(months=1)
        ),
    )
    name = fields.Char(compute="_compute_name", store=True)
    state = fields.Selection(
        [("draft", "Draft"), ("frozen", "Frozen")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("rd.cost.sheet.line", "sheet_id", copy=False)
    collected_date = fields.Datetime(string="Collected on", readonly=True, copy=False)
    content_hash = fields.Char(string="Hash", readonly=True, copy=False)
    amount_cost = fields.Monetary(string="Cost", compute="_compute_amounts")
    amount_invoiced = fields.Monetary(string="Invoiced", compute="_compute_amounts")
    amount_margin = fields.Monetary(string="Margin", compute="_compute_amounts")
    missing_count = fields.Integer(
        string="Without cost", compute="_compute_amounts", help="Deliveries of value 0."
    )

    missing_note = fields.Text(
        string="Deliveries without cost", compute="_compute_amounts"
    )

    _month_once = models.UniqueIndex(
        "(company_id, month)", "The cost sheet of this month is already there."
    )
    _month_is_first = models.Constraint(
        "CHECK (extract(day FROM month) = 1)", "A month is named by its first day."
    )

    @api.depends("month")
    def _compute_name(self):
        for sheet in self:
            sheet.name = sheet.month.strftime("%Y-%m") if sheet.month else ""

    @api.depends("line_ids.cost", "line_ids.invoiced", "line_ids.missing_count")
    def _compute_amounts(self):
        for sheet in self:
            lines = sheet.line_ids
            sheet.amount_cost = sum(lines.mapped("cost"))
            sheet.amount_invoiced = sum(lines.mapped("invoiced"))
            sheet.amount_margin = sheet.amount_invoiced - sheet.amount_cost
            sheet.missing_count = sum(lines.mapped("missing_count"))
            sheet.missing_note = "\n".join(
                lines.filtered("missing_note").mapped("missing_note")
            )

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {"frozen": ("draft",), "draft": ("frozen",)}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "line_ids",
            "collected_date",
            "content_hash",
        }

    @api.model
    def _get_frozen_states(self):
        return ("frozen",)

    def write(self, vals):
        """Keep a collected sheet the sheet of its month."""
        if not self._is_internal() and {"company_id", "month"} & vals.keys():
            if any(sheet.collected_date for sheet in self):
                raise UserError(
                    self.env._("A cost sheet stays that of its month; make another.")
                )
        return super().write(vals)

    def action_collect(self):
        """Collect the costs of the month anew.

        :raise UserError: when the sheet is frozen
        """
        self.check_access("write")
        for sheet in self:
            if sheet.state != "draft":
                raise UserError(
                    self.env._(
                        "The cost sheet of %(month)s was frozen when the month was "
                        "closed; later costs stand in the month they came in.",
                        month=sheet.name,
                    )
                )
            sheet._collect()
        return True

    def _collect(self):
        """Write the lines of the month: one query per kind of amount."""
        self.ensure_one()
        rows = {}
        for name, query in self._get_queries().items():
            self.env.flush_all()
            for *key, amount in self.env.execute_query(query):
                rows.setdefault(tuple(key), {})[name] = amount
        for key, note in self._get_missing().items():
            row = rows.setdefault(key, {})
            row["missing_count"] = len(note)
            row["missing_note"] = "\n".join(self._shorten(note))
        # Nobody writes lines but here, where the right to the sheet is checked.
        lines = self.env["rd.cost.sheet.line"].sudo()._as_internal()
        self.sudo().line_ids._as_internal().unlink()
        lines.create(
            [
                {
                    "sheet_id": self.id,
                    "project_id": project,
                    "contract_id": contract,
                    "settlement_class": kind,
                    **values,
                }
                for (project, contract, kind), values in sorted(
                    rows.items(),
                    key=lambda item: (item[0][0] or 0, item[0][1] or 0, item[0][2]),
                )
            ]
        )
        self._as_internal().write({"collected_date": fields.Datetime.now()})

    def _shorten(self, rows):
        """Return the first rows, and how many more there are."""
        if len(rows) <= MOST_NAMED:
            return rows
        more = self.env._("… and %(count)s more", count=len(rows) - MOST_NAMED)
        return [*rows[:MOST_NAMED], more]

    def _freeze(self):
        """Collect for the last time, fix the content by its hash, and freeze."""
        for sheet in self.filtered(lambda sheet: sheet.state == "draft"):
            sheet._collect()
            sheet._move_to("frozen", {"content_hash": sheet._get_content_hash()})

    def _get_content_hash(self):
        """Return the SHA-256 of company, month and lines, in a fixed order."""
        self.ensure_one()
        places = self.currency_id.decimal_places
        lines = sorted(
            [
                line.project_id.id or 0,
                line.contract_id.id or 0,
                line.settlement_class,
                *(f"{line[name]:.{places}f}" for name in AMOUNTS),
                line.missing_note or "",
            ]
            for line in self.sudo().line_ids
        )
        content = [self.company_id.id, self.month.isoformat(), lines]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    # ------------------------------------------------------------------
    # Where the amounts come from
    # ------------------------------------------------------------------
    def _get_queries(self):
        """Return ``{amount: query of project id, contract id, class, amount}``."""
        return {
            "goods": self._query_goods(),
            "bills": self._query_analytic(bills=True),
            "analytic": self._query_analytic(bills=False),
            "invoiced": self._query_invoiced(),
        }

    def _get_days(self):
        return {
            "company": self.company_id.id,
            "first": self.month,
            "after": self.month + relativedelta(months=1),
            "start": self.company_id._rd_day_start(self.month),
            "end": self.company_id._rd_day_start(self.month + relativedelta(months=1)),
        }

    def _from_deliveries(self):
        return SQL(
            """
              FROM stock_move move
              JOIN sale_order_line sold ON sold.id = move.sale_line_id
              JOIN sale_order sale ON sale.id = sold.order_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE move.state = 'done' AND move.company_id = %(company)s
               AND move.date >= %(start)s AND move.date < %(end)s
               AND move.quantity > 0
               AND (source.usage = 'customer') <> (target.usage = 'customer')
            """,
            **self._get_days(),
        )

    def _query_goods(self):
        """Select the value of what left, less what came back."""
        return SQL(
            """
            SELECT COALESCE(sold.project_id, sale.project_id), sale.rd_contract_id,
                   COALESCE(sold.rd_settlement_class, 'other'),
                   SUM(CASE WHEN source.usage = 'customer' THEN -1 ELSE 1 END
                       * COALESCE(move.value, 0))
            %s GROUP BY 1, 2, 3
            """,
            self._from_deliveries(),
        )

    def _query_analytic(self, bills):
        """Select analytic costs of projects: of vendor bills, or without any entry
        (an entry of the stock's value would count the goods a second time)."""
        kind = SQL(
            "bill.move_type IN ('in_invoice', 'in_refund')"
            if bills
            else "bill.id IS NULL"
        )
        return SQL(
            """
            SELECT project.id, agreed.contract_id,
                   COALESCE(categ.rd_settlement_class, 'project'),
                   -SUM(item.amount)
              FROM account_analytic_line item
              JOIN LATERAL (
                  SELECT id FROM project_project owner
                   WHERE owner.account_id = item.account_id
                   ORDER BY owner.id LIMIT 1
              ) project ON TRUE
              LEFT JOIN (%(contracts)s) agreed ON agreed.project_id = project.id
              LEFT JOIN account_move_line entry ON entry.id = item.move_line_id
              LEFT JOIN account_move bill ON bill.id = entry.move_id
              LEFT JOIN product_product part ON part.id = entry.product_id
              LEFT JOIN product_template template ON template.id = part.product_tmpl_id
              LEFT JOIN product_category categ ON categ.id = template.categ_id
             WHERE item.company_id = %(company)s
               AND item.date >= %(first)s AND item.date < %(after)s
               AND COALESCE(template.is_storable, FALSE) IS FALSE
               AND %(kind)s
             GROUP BY 1, 2, 3
            """,
            kind=kind,
            contracts=self._query_contracts(),
            **self._get_days(),
        )

    def _query_contracts(self):
        """Select the contract of each project all of whose orders have the same."""
        return SQL(
            """
            SELECT COALESCE(sold.project_id, sale.project_id) AS project_id,
                   MIN(sale.rd_contract_id) AS contract_id
              FROM sale_order_line sold
              JOIN sale_order sale ON sale.id = sold.order_id
             WHERE sale.state = 'sale' AND sale.company_id = %s
             GROUP BY 1
            HAVING COUNT(DISTINCT sale.rd_contract_id) = 1
               AND COUNT(*) = COUNT(sale.rd_contract_id)
            """,
            self.company_id.id,
        )

    def _query_invoiced(self):
        """Select what the sales statistics say was invoiced."""
        report = self.env["rd.sales.report"]
        return SQL(
            """
            SELECT project_id, contract_id, settlement_class, SUM(amount)
              FROM (%(rows)s) report
             WHERE company_id = %(company)s
               AND date >= %(first)s AND date < %(after)s
             GROUP BY 1, 2, 3
            """,
            rows=report._query_invoiced(),
            **self._get_days(),
        )

    def _get_missing(self):
        """Return ``{(project id, contract id, class): [delivery without cost]}``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, COALESCE(sold.project_id, sale.project_id),
                       sale.rd_contract_id,
                       COALESCE(sold.rd_settlement_class, 'other')
                %s AND source.usage <> 'customer' AND COALESCE(move.value, 0) = 0
                ORDER BY move.date, move.id
                """,
                self._from_deliveries(),
            )
        )
        found = {}
        # Names only; whoever collects costs need not read transfers.
        moves = self.env["stock.move"].sudo()
        for move_id, *key in rows:
            move = moves.browse(move_id)
            note = move.picking_id.rd_note or move.picking_id.name or move.reference
            text = f"{note}: {move.product_id.display_name} × {move.quantity:g}"
            found.setdefault(tuple(key), []).append(text)
        return found
