# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RdOpening(models.Model):
    """What was delivered and not invoiced on the company's start date.

    Older deliveries are out of scope; this list is all of them that enters. It is
    shown, corrected and approved before the first month is closed.
    """

    _name = "rd.opening"
    _description = "Opening List"
    _inherit = ["mail.thread", "rd.workflow.mixin"]
    _order = "start_date desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    start_date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("draft", "To be approved"), ("approved", "Approved")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("rd.opening.line", "opening_id")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(company_id)", "The company already has an opening list."
    )

    @api.depends("start_date", "company_id.name")
    def _compute_name(self):
        for opening in self:
            opening.name = self.env._(
                "Opening list %(company)s %(day)s",
                company=opening.company_id.name,
                day=opening.start_date,
            )

    @api.model
    def _get_transitions(self):
        return {"approved": ("draft",)}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "company_id",
            "start_date",
            "approved_by_id",
        }

    @api.model
    def _get_frozen_states(self):
        return ("approved",)

    @api.model
    def _ensure(self, company):
        """Return the company's opening list, made and filled on first use.

        A list without a line needs nobody's approval.
        """
        opening = self.search([("company_id", "=", company.id)])
        if opening or not company.rd_start_date:
            return opening
        opening = self._as_internal().create(
            {"company_id": company.id, "start_date": company.rd_start_date}
        )
        opening._fill()
        if not opening.line_ids:
            opening._move_to("approved")
        return opening

    def _fill(self):
        self.env.flush_all()
        rows = self.env.execute_query(self._query_open_quantities())
        self._as_internal().write(
            {
                "line_ids": [
                    Command.create(
                        {
                            "sale_line_id": line_id,
                            "delivered": delivered,
                            "invoiced": invoiced,
                            "quantity": delivered - invoiced,
                        }
                    )
                    for line_id, delivered, invoiced in rows
                ]
            }
        )

    def _query_open_quantities(self):
        """Select order lines of statement customers with more delivered than
        invoiced before the start date, in the unit of the order line.

        Reads moves and invoice lines as they stand in the books, since the
        quantities on the order line know no day.
        """
        self.ensure_one()
        return SQL(
            """
            WITH delivered AS (%s UNION ALL %s), invoiced AS (%s)
            SELECT delivered.line_id, delivered.quantity,
                   COALESCE(invoiced.quantity, 0)
              FROM delivered
              LEFT JOIN invoiced ON invoiced.line_id = delivered.line_id
             WHERE delivered.quantity - COALESCE(invoiced.quantity, 0) > 0.00001
             ORDER BY delivered.line_id
            """,
            self._query_delivered_before(),
            self._query_accepted_before(),
            self._query_invoiced_before(),
        )

    def _query_delivered_before(self):
        """Select ``(line_id, quantity)`` delivered before the start, less returns."""
        return SQL(
            """
            SELECT move.sale_line_id AS line_id,
                   SUM(
                       CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END
                       * move.quantity * move_uom.factor / line_uom.factor
                   ) AS quantity
              FROM stock_move move
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN uom_uom move_uom ON move_uom.id = move.product_uom
              JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN res_partner invoiced ON invoiced.id = sale.partner_invoice_id
              JOIN res_partner owner ON owner.id = invoiced.commercial_partner_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE move.state = 'done'
               AND move.company_id = %(company)s
               AND move.date < %(start)s
               AND line.rd_settlement_way = 'deliveries'
               AND owner.rd_settlement_mode IN ('statement_confirm', 'statement_sent')
               AND (
                   (target.usage = 'customer' AND (
                       move.origin_returned_move_id IS NULL OR move.to_refund))
                   OR (source.usage = 'customer' AND move.to_refund)
               )
               AND source.usage != target.usage
             GROUP BY move.sale_line_id
            """,
            company=self.company_id.id,
            start=self.company_id._rd_day_start(self.start_date),
        )

    def _query_accepted_before(self):
        """Select ``(line_id, quantity)`` of handovers accepted before the start."""
        return SQL(
            """
            SELECT handover.sale_line_id AS line_id,
                   SUM(handover.accepted_qty) AS quantity
              FROM rd_handover handover
              JOIN sale_order_line line ON line.id = handover.sale_line_id
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN res_partner invoiced ON invoiced.id = sale.partner_invoice_id
              JOIN res_partner owner ON owner.id = invoiced.commercial_partner_id
             WHERE handover.state = 'accepted'
               AND handover.company_id = %(company)s
               AND handover.confirmed_date < %(start)s
               AND line.rd_settlement_way = 'handover'
               AND owner.rd_settlement_mode IN ('statement_confirm', 'statement_sent')
             GROUP BY handover.sale_line_id
            """,
            company=self.company_id.id,
            start=self.company_id._rd_day_start(self.start_date),
        )

    def _query_invoiced_before(self):
        """Select ``(line_id, quantity)`` invoiced before the start, less credits."""
        return SQL(
            """
            SELECT relation.order_line_id AS line_id,
                   SUM(
                       CASE WHEN entry.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * item.quantity * item_uom.factor / line_uom.factor
                   ) AS quantity
              FROM account_move_line item
              JOIN account_move entry ON entry.id = item.move_id
              JOIN sale_order_line_invoice_rel relation
                ON relation.invoice_line_id = item.id
              JOIN sale_order_line line ON line.id = relation.order_line_id
              JOIN uom_uom item_uom ON item_uom.id = item.product_uom_id
              JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
             WHERE entry.state != 'cancel'
               AND entry.company_id = %(company)s
               AND entry.move_type IN ('out_invoice', 'out_refund')
               AND COALESCE(entry.invoice_date, entry.date) < %(day)s
             GROUP BY relation.order_line_id
            """,
            company=self.company_id.id,
            day=self.start_date,
        )

    def action_approve(self):
        """Approve the list as the start of the chain.

        :raise UserError: when no supervisor asks, or a correction lacks a reason
        """
        self.check_access("write")
        if not self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_supervisor"
        ):
            raise UserError(
                self.env._("Only the supervisor approves the opening list.")
            )
        for line in self.line_ids:
            line._check_reason()
        self._move_to("approved", {"approved_by_id": self.env.uid})
        self.env["rd.close"].search(
            [("company_id", "in", self.company_id.ids), ("state", "=", "open")]
        )._wake()
        return True
