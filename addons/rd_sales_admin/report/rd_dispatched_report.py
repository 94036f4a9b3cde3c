# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL


class RdDispatchedReport(models.Model):
    """Goods dispatched and not invoiced, by where they rest and how long.

    One row for each delivered line, less what came back and what was invoiced
    without a statement, oldest delivery first. Quantities are in the unit of the
    order line, amounts at the order's price without tax, in the order's currency.
    Age counts from the dispatch to today in the company's time zone. Who knows
    further places appends his in ``_get_parts`` and subtracts them in ``_taken``.
    """

    _name = "rd.dispatched.report"
    _description = "Goods Dispatched, Not Invoiced"
    _auto = False
    _order = "date, id"
    _rec_name = "note"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    partner_class = fields.Selection(
        selection=[("affiliate", "Affiliate"), ("outside", "Outside customer")],
        string="Customer class",
        readonly=True,
    )
    order_id = fields.Many2one("sale.order", readonly=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", string="Order line", readonly=True
    )
    picking_id = fields.Many2one("stock.picking", string="Transfer", readonly=True)
    note = fields.Char(string="Delivery note", readonly=True)
    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    date = fields.Date(string="Dispatched", readonly=True)
    signed_date = fields.Date(string="Signed on", readonly=True)
    place = fields.Selection(
        # the keys sort as the chain runs
        selection=[
            ("1_unsigned", "Dispatched, not signed"),
            ("2_signed", "Signed, on no statement"),
        ],
        string="Place in the chain",
        readonly=True,
    )
    days = fields.Integer(
        string="Age (days)",
        readonly=True,
        aggregator="max",
        help="From the dispatch to today.",
    )
    bucket = fields.Selection(
        selection=[
            ("0_30", "Up to 30 days"),
            ("31_60", "31–60 days"),
            ("61_90", "61–90 days"),
            ("91_more", "90+ days"),
        ],
        string="Age",
        readonly=True,
    )
    age_level = fields.Selection(
        selection=[("fresh", "Fresh"), ("old", "Old"), ("late", "Too old")],
        string="Age by the company's limits",
        readonly=True,
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    not_accepted = fields.Float(
        string="Not accepted",
        digits="Product Unit",
        readonly=True,
        help="Short or rejected by the signed note, in the unit of the order line.",
    )
    amount = fields.Monetary(
        string="Amount at order price",
        readonly=True,
        help="Without tax, in the currency of the order.",
    )

    _depends = {
        "res.company": [
            "rd_dispatched_late_days",
            "rd_dispatched_warn_days",
            "rd_start_date",
            "rd_tz",
        ],
        "res.partner": ["commercial_partner_id", "rd_partner_class"],
        "sale.order": ["currency_id", "partner_invoice_id", "state"],
        "sale.order.line": [
            "discount",
            "price_subtotal",
            "price_unit",
            "product_uom_id",
            "product_uom_qty",
            "qty_invoiced",
            "rd_settlement_way",
        ],
        "stock.location": ["usage"],
        "stock.move": [
            "date",
            "origin_returned_move_id",
            "product_uom",
            "quantity",
            "rd_rejected_qty",
            "rd_short_qty",
            "rd_signed_qty",
            "sale_line_id",
            "state",
            "to_refund",
        ],
        "stock.picking": ["name", "rd_note", "rd_signed_date"],
        "uom.uom": ["factor"],
    }

    @property
    def _table_query(self) -> SQL:
        parts = SQL(" UNION ALL ").join(self._get_parts())
        more = [
            SQL(", %s AS %s", value, SQL.identifier(name))
            for name, value in self._select_additional_fields().items()
        ]
        return SQL(
            "%s %s FROM (%s) part %s",
            self._select(),
            SQL().join(more),
            parts,
            self._from(),
        )

    @api.model
    def _get_parts(self):
        """Return queries of id, move, order line, quantity, not accepted and place.

        Ids of the ground floor are even: two of them leave room for another kind
        of row beside each.
        """
        return [self._query_rest()]

    @api.model
    def _select_additional_fields(self):
        """Return ``{field: SQL}`` of what add-ons show beside."""
        return {}

    # ------------------------------------------------------------------
    # What is on no later place
    # ------------------------------------------------------------------
    @api.model
    def _query_rest(self):
        """Select what of each delivery is at no later place.

        Deliveries before the start date are counted and not shown: what was invoiced
        is taken off the oldest.
        """
        return SQL(
            """
            SELECT 2 * rest.move_id AS id, rest.move_id, rest.sale_line_id,
                   rest.quantity,
                   -- a later correction downwards takes first what was not accepted
                   GREATEST(0, LEAST(rest.quantity,
                       (COALESCE(move.rd_short_qty, 0)
                        + COALESCE(move.rd_rejected_qty, 0)
                        - GREATEST(0, COALESCE(NULLIF(move.rd_signed_qty, 0),
                                               move.quantity) - move.quantity))
                       * unit.factor / sold_unit.factor)) AS not_accepted,
                   CASE WHEN picking.rd_signed_date IS NULL
                        THEN '1_unsigned' ELSE '2_signed' END AS place
              FROM (
                SELECT piece.move_id, piece.sale_line_id,
                       CASE WHEN piece.quantity <= 0 THEN piece.quantity
                            ELSE LEAST(piece.quantity, GREATEST(0,
                                SUM(GREATEST(piece.quantity, 0)) OVER (
                                    PARTITION BY piece.sale_line_id
                                    ORDER BY piece.date, piece.move_id)
                                - (%(elsewhere)s))) END AS quantity
                  FROM (%(pieces)s) piece
                  JOIN sale_order_line sold ON sold.id = piece.sale_line_id
              ) rest
              JOIN stock_move move ON move.id = rest.move_id
              JOIN res_company company ON company.id = move.company_id
              JOIN sale_order_line sold ON sold.id = rest.sale_line_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom sold_unit ON sold_unit.id = sold.product_uom_id
              LEFT JOIN stock_picking picking ON picking.id = move.picking_id
             WHERE ABS(rest.quantity) > 0.00001
               AND (company.rd_start_date IS NULL
                    OR (move.date AT TIME ZONE 'UTC'
                        AT TIME ZONE company.rd_tz)::date >= company.rd_start_date)
            """,
            elsewhere=self._elsewhere(),
            pieces=self._query_pieces(),
        )

    @api.model
    def _query_pieces(self):
        """Select what of each delivery is neither returned nor at a later place."""
        return SQL(
            """
            SELECT COALESCE(origin.id, move.id) AS move_id, move.sale_line_id,
                   MIN(COALESCE(origin.date, move.date)) AS date,
                   SUM((CASE WHEN source.usage = 'customer' THEN -1 ELSE 1 END)
                       * (move.quantity * unit.factor / sold_unit.factor
                          - (%(taken)s))) AS quantity
              FROM stock_move move
              JOIN sale_order_line sold ON sold.id = move.sale_line_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom sold_unit ON sold_unit.id = sold.product_uom_id
              LEFT JOIN stock_move origin
                ON origin.id = move.origin_returned_move_id
               AND source.usage = 'customer'
               AND origin.state = 'done'
               AND origin.sale_line_id = move.sale_line_id
             WHERE move.state = 'done'
               AND move.quantity > 0
               AND move.product_id = sold.product_id
               AND sold.rd_settlement_way = 'deliveries'
               AND (source.usage = 'customer') <> (target.usage = 'customer')
               AND (COALESCE(move.to_refund, FALSE)
                    OR (source.usage <> 'customer'
                        AND move.origin_returned_move_id IS NULL))
             GROUP BY 1, 2
            """,
            taken=self._taken(),
        )

    @api.model
    def _taken(self):
        """Return what of ``move`` is at a later place, in the order line's unit."""
        return SQL("0")

    @api.model
    def _elsewhere(self):
        """Return what of order line ``sold`` was invoiced without a later place."""
        return SQL("GREATEST(COALESCE(sold.qty_invoiced, 0), 0)")

    # ------------------------------------------------------------------
    # The row
    # ------------------------------------------------------------------
    @api.model
    def _select(self) -> SQL:
        return SQL(
            """
            SELECT
                part.id,
                move.company_id,
                sale.currency_id,
                customer.id AS partner_id,
                customer.rd_partner_class AS partner_class,
                sale.id AS order_id,
                sold.id AS sale_line_id,
                move.picking_id,
                COALESCE(picking.rd_note, picking.name) AS note,
                sold.product_id,
                sold.product_uom_id,
                age.date,
                age.signed_date,
                part.place,
                age.days,
                CASE
                    WHEN age.days <= 30 THEN '0_30'
                    WHEN age.days <= 60 THEN '31_60'
                    WHEN age.days <= 90 THEN '61_90'
                    ELSE '91_more'
                END AS bucket,
                CASE
                    WHEN age.days > company.rd_dispatched_late_days THEN 'late'
                    WHEN age.days > company.rd_dispatched_warn_days THEN 'old'
                    ELSE 'fresh'
                END AS age_level,
                part.quantity,
                part.not_accepted,
                ROUND((part.quantity * CASE
                    WHEN COALESCE(sold.product_uom_qty, 0) <> 0
                    THEN sold.price_subtotal / sold.product_uom_qty
                    ELSE sold.price_unit * (1 - COALESCE(sold.discount, 0) / 100)
                END)::numeric, COALESCE(currency.decimal_places, 2)) AS amount
            """
        )

    @api.model
    def _from(self) -> SQL:
        # the clock is handed in, so that every row of an answer has the same today
        return SQL(
            """
            JOIN stock_move move ON move.id = part.move_id
            JOIN res_company company ON company.id = move.company_id
            JOIN sale_order_line sold ON sold.id = part.sale_line_id
            JOIN sale_order sale ON sale.id = sold.order_id
            JOIN res_partner invoiced ON invoiced.id = sale.partner_invoice_id
            JOIN res_partner customer ON customer.id = invoiced.commercial_partner_id
            LEFT JOIN res_currency currency ON currency.id = sale.currency_id
            LEFT JOIN stock_picking picking ON picking.id = move.picking_id
            CROSS JOIN LATERAL (
                SELECT
                    (move.date AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz)::date
                        AS date,
                    (picking.rd_signed_date AT TIME ZONE 'UTC'
                        AT TIME ZONE company.rd_tz)::date AS signed_date,
                    (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE company.rd_tz)::date
                        - (move.date AT TIME ZONE 'UTC'
                           AT TIME ZONE company.rd_tz)::date AS days
            ) age
            """,
            now=fields.Datetime.now(),
        )

    def action_open_delivery(self):
        """Open the delivery of the row, or the row for who may not read it."""
        self.ensure_one()
        if self.picking_id and self.picking_id.has_access("read"):
            action = self.picking_id._get_records_action()
            form = self.env.ref("rd_sales_admin.stock_picking_view_form_receipt")
            return {**action, "views": [(form.id, "form")]}
        return self._get_records_action()
