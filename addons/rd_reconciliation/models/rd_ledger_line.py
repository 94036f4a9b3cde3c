# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import matching


class RdLedgerLine(models.Model):
    """One row of an affiliate's ledger, as they wrote it."""

    _name = "rd.ledger.line"
    _description = "Affiliate Ledger Line"
    _inherit = ["rd.guarded.mixin"]
    _order = "ledger_id, row, id"
    _rec_names_search = ["note", "part"]

    ledger_id = fields.Many2one(
        "rd.ledger", required=True, index=True, ondelete="cascade"
    )
    statement_id = fields.Many2one(related="ledger_id.statement_id", store=True)
    company_id = fields.Many2one(related="ledger_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="ledger_id.partner_id", store=True, index=True)
    row = fields.Integer(help="Row number in the spreadsheet.")
    raw = fields.Json(string="As written")
    note = fields.Char(string="Delivery note")
    part = fields.Char(string="Part number")
    name = fields.Char(string="Name and specification")
    order_ref = fields.Char(string="Order")
    order_line_ref = fields.Char(string="Order line")
    unit = fields.Char()
    remark = fields.Char()
    invoice = fields.Char(string="Tax invoice")
    date = fields.Date()
    receipt_date = fields.Datetime(
        help="When they received it, in their own local time as written."
    )
    quantity = fields.Float(string="Sent quantity", digits="Product Unit")
    accepted = fields.Float(string="Accepted quantity", digits="Product Unit")
    price = fields.Float(digits="Product Price", aggregator=None)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    amount = fields.Monetary()
    has_amount = fields.Boolean()
    tax_rate = fields.Float(digits=(5, 4), aggregator=None)
    tax_basis = fields.Selection(
        [("excluded", "Without tax"), ("included", "With tax")]
    )
    match_id = fields.Many2one("rd.match", index="btree_not_null", ondelete="set null")
    used = fields.Boolean(
        compute="_compute_used",
        store=True,
        help="Whether the row found its place in an agreed statement.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._(
                "Rows of a ledger stay as they were read; delete the whole ledger as "
                "long as its statement is open."
            )
        )

    @api.depends("note", "part", "row")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            row = self.env._("row %(number)s", number=line.row)
            parts = [line.note, line.part, row]
            line.display_name = " ".join(part for part in parts if part)

    @api.depends("match_id.statement_id.state", "match_id.difference_id.state")
    def _compute_used(self):
        for line in self:
            match = line.match_id
            line.used = bool(
                match.statement_id.state in ("agreed", "invoiced", "closed")
                and match.difference_id.state != "carried"
            )

    def _receipt_day(self):
        return self.receipt_date.date() if self.receipt_date else None

    def _prepare_match_line(self):
        """Return the row as the matching package reads it."""
        self.ensure_one()
        return matching.Line(
            ref=self.id,
            note=self.note or "",
            part=self.part or "",
            quantity=Decimal(str(self.quantity)),
            accepted=Decimal(str(self.accepted)),
            amount=Decimal(str(self.amount)) if self.has_amount else None,
            # Beside an amount a price column says nothing more, and its tax basis
            # may be another one.
            price=(
                Decimal(str(self.price)) if self.price and not self.has_amount else None
            ),
            date=self.date or self._receipt_day() or None,
            order=self.order_ref or "",
            order_line=self.order_line_ref or "",
            unit=self.unit or "",
            tax_rate=Decimal(str(self.tax_rate)) if self.tax_rate else None,
            tax_basis=self.tax_basis or None,
            name=self.name or "",
            remark=self.remark or "",
        )
