# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin import ledger as reading

from .. import matching

KINDS = [
    ("opening", "Opening balance"),
    ("increase", "Increase"),
    ("receipts", "Receipts"),
    ("closing", "Closing balance"),
    ("payment", "Payment"),
]


class RdLedgerEntry(models.Model):
    """What an affiliate's ledger states of the account, beside its deliveries."""

    _name = "rd.ledger.entry"
    _description = "Affiliate Ledger Balance or Payment"
    _inherit = ["rd.guarded.mixin"]
    _order = "ledger_id, row, id"
    _rec_names_search = ["number", "name"]

    ledger_id = fields.Many2one(
        "rd.ledger", required=True, index=True, ondelete="cascade"
    )
    statement_id = fields.Many2one(
        related="ledger_id.statement_id", store=True, index=True
    )
    company_id = fields.Many2one(related="ledger_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="ledger_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    kind = fields.Selection(KINDS, required=True)
    date = fields.Date()
    number = fields.Char(string="Reference")
    name = fields.Char(string="Text")
    amount = fields.Monetary(
        help="Above zero: what is owed or what was paid, whatever sign they use."
    )
    row = fields.Integer(help="Row number in the spreadsheet.")
    cell = fields.Char(help="Where in the spreadsheet the amount stands.")
    raw = fields.Json(string="As written")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._(
                "Balances of a ledger stay as they were read; delete the whole ledger "
                "as long as its statement is open."
            )
        )

    @api.depends("kind", "number", "name", "cell")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            parts = (labels.get(entry.kind), entry.number or entry.name, entry.cell)
            entry.display_name = " ".join(part for part in parts if part)

    @api.model
    def _prepare_entries(self, ledger, table):
        """Return the values of all balances and payments of a table that was read."""
        # A formula's result has more digits than money has; the raw text keeps them.
        round_ = ledger.statement_id.currency_id.round
        balances = [
            {
                "ledger_id": ledger.id,
                "kind": item.kind,
                "amount": round_(float(item.amount)),
                "row": item.row,
                "cell": item.cell,
                "raw": {item.kind: item.raw},
            }
            for item in table.balances
        ]
        payments = [self._prepare_payment(ledger, row) for row in table.payments()]
        return balances + payments

    @api.model
    def _prepare_payment(self, ledger, row):
        values = row.values
        day = values.get("date") or values.get("receipt_date")
        texts = (values.get(name) for name in ("kind", "name", "remark"))
        return {
            "ledger_id": ledger.id,
            "kind": "payment",
            "date": fields.Date.to_date(day) if day else False,
            "number": values.get("note") or "",
            "name": " ".join(text for text in texts if text),
            "amount": ledger.statement_id.currency_id.round(
                float(reading.paid_amount(values))
            ),
            "row": row.number,
            "raw": row.raw,
        }

    def _prepare_account_entry(self):
        """Return the payment as the matching package reads it."""
        self.ensure_one()
        return matching.Entry(
            ref=self.id,
            amount=Decimal(str(round(self.amount, 6))),
            date=self.date or None,
            number=self.number or "",
            name=self.name or "",
        )
