# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.product_category import SETTLEMENT_CLASSES
from ..models.rd_sales_plan import STATES

# Each kind of row has ids of its own: source id × KINDS + kind.
KINDS = 8
# At most so many rows of one source share its block of ids.
BLOCK = 100000


class RdSalesReport(models.Model):
    """What was ordered, shipped, signed, invoiced and paid, and what was planned.

    One row per event, on the company's calendar day on which it happened. Amounts
    are without tax: ``amount`` in the company's currency at the rate of the order or
    of the invoice, ``amount_currency`` in the currency of the document. Ordered and
    shipped stand at the order's price, agreed at the statement's, invoiced and paid
    at the invoice's. Paid is the share of each invoice line that is reconciled.
    Who knows further stages appends his query in ``_get_parts``.
    """

    _name = "rd.sales.report"
    _description = "Sales Statistics"
    _auto = False
    _order = "date desc, state, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        "res.currency", string="Company currency", readonly=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    partner_class = fields.Selection(
        selection=[("affiliate", "Affiliate"), ("outside", "Outside customer")],
        string="Customer class",
        readonly=True,
    )
    settlement_class = fields.Selection(
        SETTLEMENT_CLASSES, string="Class", readonly=True
    )
    project_id = fields.Many2one("project.project", readonly=True)
    contract_id = fields.Many2one("rd.contract", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    date = fields.Date(readonly=True)
    state = fields.Selection(STATES, string="Stage", readonly=True)
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="In the unit of the order line."
    )
    amount = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Without tax, in the company's currency.",
    )
    amount_plan = fields.Monetary(
        string="Planned sales",
        currency_field="company_currency_id",
        readonly=True,
        help="Without tax, in the company's currency.",
    )
    amount_currency = fields.Monetary(
        string="Amount in currency",
        readonly=True,
        aggregator=None,
        help="Without tax, in the currency of the document.",
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True, aggregator=None)

    _depends = {
        "account.move": ["amount_total", "invoice_date", "move_type", "state"],
        "account.move.line": ["balance", "account_type", "sale_line_ids"],
        "account.partial.reconcile": ["amount", "max_date"],
        "product.category": ["rd_settlement_class"],
        "product.template": ["categ_id"],
        "rd.sales.plan": ["amount", "month"],
        "res.company": ["currency_id", "rd_tz"],
        "res.currency": ["rounding"],
        "res.partner": ["commercial_partner_id", "rd_partner_class"],
        "sale.order": [
            *("currency_id", "currency_rate", "date_order", "partner_invoice_id"),
            *("project_id", "rd_contract_id", "state", "user_id"),
        ],
        "sale.order.line": [
            *("discount", "price_subtotal", "price_unit", "product_uom_id"),
            *("product_uom_qty", "project_id", "rd_settlement_class"),
            "rd_settlement_way",
        ],
        "stock.location": ["usage"],
        "stock.move": [
            *("date", "origin_returned_move_id", "quantity", "rd_rejected_qty"),
            *("rd_short_qty", "sale_line_id", "state", "to_refund"),
        ],
        "stock.picking": ["rd_signed_date"],
        "uom.uom": ["factor"],
    }

    # ------------------------------------------------------------------
    # The query
    # ------------------------------------------------------------------
    @property
    def _table_query(self) -> SQL:
        return SQL(" UNION ALL ").join(self._get_parts())

    @api.model
    def _get_parts(self):
        """Return one query per stage; each selects the columns in one order.

        Their types have to be the very same (text is not varchar): only then does the
        database read no more of each than what is asked for.
        """
        return [
            self._query_ordered(),
            self._query_shipped(),
            self._query_signed(),
            self._query_invoiced(),
            self._query_paid(),
            self._query_plan(),
        ]

    @api.model
    def _select_of_order(self, kind, state, source, model, **columns):
        """Return one stage's SELECT … FROM over an order line ``sold``.

        :param int kind: 0 to 7, one per stage
        :param SQL source: id of the row's source
        :param str model: what the row opens, with ``columns["res_id"]``
        :param columns: SQL of ``date``, ``quantity``, ``amount_currency``, ``res_id``
            and, unless the rate of the order holds, ``amount``
        """
        amount = columns.get("amount") or SQL(
            """CASE WHEN sale.currency_id = company.currency_id THEN %(amount)s
               ELSE %(amount)s / COALESCE(NULLIF(sale.currency_rate, 0), 1) END""",
            amount=columns["amount_currency"],
        )
        return SQL(
            """
            SELECT %(source)s::bigint * %(kinds)s + %(kind)s AS id,
                   sale.company_id, company.currency_id AS company_currency_id,
                   sale.currency_id, customer.id AS partner_id,
                   customer.rd_partner_class AS partner_class,
                   COALESCE(sold.rd_settlement_class, 'other') AS settlement_class,
                   COALESCE(sold.project_id, sale.project_id) AS project_id,
                   sale.rd_contract_id AS contract_id, sale.id AS order_id,
                   sold.product_id, sale.user_id,
                   %(date)s AS date, %(state)s AS state,
                   %(quantity)s AS quantity,
                   ROUND((%(amount)s)::numeric, home.decimal_places) AS amount,
                   0.0 AS amount_plan,
                   ROUND((%(amount_currency)s)::numeric,
                         COALESCE(currency.decimal_places, 2)) AS amount_currency,
                   %(model)s AS res_model, %(res_id)s AS res_id
              FROM sale_order_line sold
              JOIN sale_order sale ON sale.id = sold.order_id
              JOIN res_company company ON company.id = sale.company_id
              JOIN res_currency home ON home.id = company.currency_id
              JOIN res_partner invoiced ON invoiced.id = sale.partner_invoice_id
              JOIN res_partner customer
                ON customer.id = invoiced.commercial_partner_id
              LEFT JOIN res_currency currency ON currency.id = sale.currency_id
            """,
            source=source,
            kinds=KINDS,
            kind=kind,
            state=state,
            model=model,
            date=columns["date"],
            quantity=columns["quantity"],
            amount=amount,
            amount_currency=columns["amount_currency"],
            res_id=columns["res_id"],
        )

    @api.model
    def _local_day(self, moment):
        """Return SQL of the company's calendar day of a UTC moment."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz)::date", moment)

    @api.model
    def _price(self):
        """Return SQL of the order's price for one unit, without tax."""
        return SQL(
            """(CASE WHEN COALESCE(sold.product_uom_qty, 0) <> 0
                     THEN sold.price_subtotal / sold.product_uom_qty
                     ELSE sold.price_unit * (1 - COALESCE(sold.discount, 0) / 100)
                END)"""
        )

    @api.model
    def _in_order_unit(self, quantity):
        """Return SQL of a move's quantity in the unit of the order line."""
        return SQL(
            """(CASE WHEN move.product_uom = sold.product_uom_id THEN %(quantity)s
                ELSE %(quantity)s * unit.factor / sold_unit.factor END)""",
            quantity=quantity,
        )

    @api.model
    def _query_ordered(self):
        """Select the lines of confirmed orders by the day of the order."""
        return SQL(
            """%s
            WHERE sale.state = 'sale' AND sold.display_type IS NULL
              AND COALESCE(sold.is_downpayment, FALSE) IS FALSE""",
            self._select_of_order(
                1,
                "1_ordered",
                SQL("sold.id"),
                "sale.order",
                date=self._local_day(SQL("sale.date_order")),
                quantity=SQL("sold.product_uom_qty"),
                amount_currency=SQL("sold.price_subtotal"),
                res_id=SQL("sale.id"),
            ),
        )

    @api.model
    def _query_shipped(self):
        """Select what left for a customer and what came back to be credited."""
        quantity = SQL(
            """((CASE WHEN source.usage = 'customer' THEN -1 ELSE 1 END)
                * %s)""",
            self._in_order_unit(SQL("move.quantity")),
        )
        return SQL(
            """%s %s
              AND (COALESCE(move.to_refund, FALSE)
                   OR (source.usage <> 'customer'
                       AND move.origin_returned_move_id IS NULL))""",
            self._select_of_order(
                2,
                "2_shipped",
                SQL("move.id"),
                "stock.picking",
                date=self._local_day(SQL("move.date")),
                quantity=quantity,
                amount_currency=SQL("%s * %s", quantity, self._price()),
                res_id=SQL("move.picking_id"),
            ),
            self._from_moves(),
        )

    @api.model
    def _query_signed(self):
        """Select what of each signed note was accepted, on the day of signature."""
        quantity = self._in_order_unit(
            SQL(
                """GREATEST(0, move.quantity - COALESCE(move.rd_short_qty, 0)
                                - COALESCE(move.rd_rejected_qty, 0))"""
            )
        )
        return SQL(
            """%s %s
              AND source.usage <> 'customer'
              AND picking.rd_signed_date IS NOT NULL""",
            self._select_of_order(
                3,
                "3_signed",
                SQL("move.id"),
                "stock.picking",
                date=self._local_day(SQL("picking.rd_signed_date")),
                quantity=quantity,
                amount_currency=SQL("%s * %s", quantity, self._price()),
                res_id=SQL("move.picking_id"),
            ),
            self._from_moves(),
        )

    @api.model
    def _from_moves(self):
        return SQL(
            """
              JOIN stock_move move ON move.sale_line_id = sold.id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom sold_unit ON sold_unit.id = sold.product_uom_id
              LEFT JOIN stock_picking picking ON picking.id = move.picking_id
             WHERE move.state = 'done'
               AND move.quantity > 0
               AND move.product_id = sold.product_id
               AND COALESCE(sold.rd_settlement_way, '') <> 'none'
               AND (source.usage = 'customer') <> (target.usage = 'customer')
            """
        )

    # ------------------------------------------------------------------
    # Invoices and money
    # ------------------------------------------------------------------
    @api.model
    def _select_of_invoice(self, kind, state, source, **columns):
        """Return one stage's SELECT … FROM over an invoice line ``item``.

        :param columns: SQL of ``date``, ``amount``, ``amount_currency``, ``quantity``
        """
        return SQL(
            """
            SELECT %(source)s::bigint * %(kinds)s + %(kind)s AS id,
                   item.company_id, item.company_currency_id, item.currency_id,
                   customer.id AS partner_id,
                   customer.rd_partner_class AS partner_class,
                   COALESCE(sold.rd_settlement_class, categ.rd_settlement_class,
                            'other') AS settlement_class,
                   COALESCE(sold.project_id, sale.project_id) AS project_id,
                   sale.rd_contract_id AS contract_id, sale.id AS order_id,
                   item.product_id,
                   COALESCE(sale.user_id, bill.invoice_user_id) AS user_id,
                   %(date)s AS date, %(state)s AS state, %(quantity)s AS quantity,
                   %(amount)s AS amount, 0.0 AS amount_plan,
                   %(amount_currency)s AS amount_currency,
                   'account.move' AS res_model, bill.id AS res_id
              FROM account_move_line item
              JOIN account_move bill ON bill.id = item.move_id
              JOIN res_partner customer ON customer.id = bill.commercial_partner_id
              LEFT JOIN product_product part ON part.id = item.product_id
              LEFT JOIN product_template template ON template.id = part.product_tmpl_id
              LEFT JOIN product_category categ ON categ.id = template.categ_id
              LEFT JOIN (
                  SELECT invoice_line_id, MIN(order_line_id) AS order_line_id
                    FROM sale_order_line_invoice_rel GROUP BY invoice_line_id
              ) link ON link.invoice_line_id = item.id
              LEFT JOIN sale_order_line sold ON sold.id = link.order_line_id
              LEFT JOIN sale_order sale ON sale.id = sold.order_id
            """,
            source=source,
            kinds=KINDS,
            kind=kind,
            state=state,
            **columns,
        )

    @api.model
    def _is_sold(self):
        return SQL(
            """bill.state = 'posted'
               AND bill.move_type IN ('out_invoice', 'out_refund')
               AND item.display_type = 'product'"""
        )

    @api.model
    def _query_invoiced(self):
        """Select the lines of posted invoices; credit notes count negative."""
        return SQL(
            "%s WHERE %s",
            self._select_of_invoice(
                5,
                "5_invoiced",
                SQL("item.id"),
                date=SQL("bill.invoice_date"),
                quantity=SQL(
                    "item.quantity"
                    " * (CASE WHEN bill.move_type = 'out_refund' THEN -1 ELSE 1 END)"
                ),
                amount=SQL("-item.balance"),
                amount_currency=SQL("-item.amount_currency"),
            ),
            self._is_sold(),
        )

    @api.model
    def _query_paid(self):
        """Select each invoice line's share of each reconciliation of its invoice.

        The shares are rounded one after the other on their running sum, so that the
        shares of an invoice paid in full come to what was invoiced, to the cent.
        """
        paid = {
            name: SQL(
                "ROUND(-item.%(name)s * paid.until, %(places)s)"
                " - ROUND(-item.%(name)s * paid.before, %(places)s)",
                name=SQL.identifier(name),
                places=places,
            )
            for name, places in (
                ("balance", SQL("home.decimal_places")),
                ("amount_currency", SQL("currency.decimal_places")),
            )
        }
        return SQL(
            """%s
              JOIN res_currency home ON home.id = item.company_currency_id
              JOIN res_currency currency ON currency.id = item.currency_id
              JOIN (%s) paid ON paid.move_id = bill.id
             WHERE %s""",
            self._select_of_invoice(
                6,
                "6_paid",
                SQL(
                    "(paid.id * %s + ROW_NUMBER() OVER ("
                    "PARTITION BY paid.id, bill.id ORDER BY item.id) * 2 + paid.side)",
                    BLOCK,
                ),
                date=SQL("paid.max_date"),
                quantity=SQL("0.0"),
                amount=paid["balance"],
                amount_currency=paid["amount_currency"],
            ),
            self._query_reconciled(),
            self._is_sold(),
        )

    @api.model
    def _query_reconciled(self):
        """Select per invoice and reconciliation from which to which share of the
        receivable it goes (0 to 1), in the order of the days."""
        return SQL(
            """
            SELECT part.id, part.move_id, part.max_date, part.side,
                   (part.running / NULLIF(whole.amount, 0))::numeric AS until,
                   ((part.running - part.amount) / NULLIF(whole.amount, 0))::numeric
                       AS before
              FROM (
                SELECT part.id, term.move_id, part.max_date, part.amount,
                       CASE WHEN term.id = part.debit_move_id THEN 0 ELSE 1 END AS side,
                       SUM(part.amount) OVER (
                           PARTITION BY term.move_id
                           ORDER BY part.max_date, part.id) AS running
                  FROM account_partial_reconcile part
                  JOIN account_move_line term
                    ON term.id IN (part.debit_move_id, part.credit_move_id)
                  JOIN account_account account ON account.id = term.account_id
                 WHERE account.account_type = 'asset_receivable'
                   AND term.display_type = 'payment_term'
              ) part
              JOIN (
                SELECT term.move_id, ABS(SUM(term.balance)) AS amount
                  FROM account_move_line term
                 WHERE term.display_type = 'payment_term'
                 GROUP BY term.move_id
              ) whole ON whole.move_id = part.move_id
            """
        )

    @api.model
    def _query_plan(self):
        """Select the plan: one row per line of it, on the first day of its month."""
        return SQL(
            """
            SELECT plan.id::bigint * %(kinds)s + 7 AS id,
                   plan.company_id, company.currency_id AS company_currency_id,
                   company.currency_id, plan.partner_id,
                   customer.rd_partner_class AS partner_class,
                   plan.settlement_class, plan.project_id,
                   NULL::int AS contract_id, NULL::int AS order_id,
                   NULL::int AS product_id, NULL::int AS user_id,
                   plan.month AS date, plan.state::text, 0.0 AS quantity, 0.0 AS amount,
                   plan.amount AS amount_plan, 0.0 AS amount_currency,
                   'rd.sales.plan' AS res_model, plan.id AS res_id
              FROM rd_sales_plan plan
              JOIN res_company company ON company.id = plan.company_id
              LEFT JOIN res_partner customer ON customer.id = plan.partner_id
            """,
            kinds=KINDS,
        )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _read_group_select(self, aggregate_spec, query):
        """Leave a sum empty where it would say nothing: over companies of different
        currencies, and over several stages of the same goods."""
        plain = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in ("amount:sum", "amount_plan:sum", "quantity:sum"):
            return plain
        # The digits in front of the stages compare faster than their texts.
        return SQL(
            "CASE WHEN MIN(%(currency)s) = MAX(%(currency)s)"
            " AND MIN(ASCII(%(state)s)) = MAX(ASCII(%(state)s)) THEN %(plain)s END",
            currency=self._field_to_sql(self._table, "company_currency_id", query),
            state=self._field_to_sql(self._table, "state", query),
            plain=plain,
        )

    def action_open_source(self):
        """Open the order, delivery, invoice or plan behind the row.

        :raise UserError: when the user may not read it
        """
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id).exists()
        if record and record.has_access("read"):
            return record._get_records_action()
        raise UserError(
            self.env._("What stands behind this row is not for you to open.")
        )
