# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
from collections import defaultdict
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..ledger.clean import clean_key
from .sale_order import ORDER_KINDS

LOOK_BACK = 120
OPEN_VERDICTS = ("price", "no_price", "unknown", "refused", "changed")


class RdOrderList(models.Model):
    """A customer's list of orders, read into quotations: all of it or nothing.

    Each row gets a verdict: part known by our number or an alias, price against
    the agreed one, not ordered before. What is open is answered first.
    """

    _name = "rd.order.list"
    _description = "Order List"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.hand.in.mixin",
        "rd.layout.mixin",
    ]
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    order_kind = fields.Selection(ORDER_KINDS, default="batch", required=True)
    file = fields.Binary(attachment=True, required=True, copy=False)
    filename = fields.Char(copy=False)
    sha256 = fields.Char(string="Content hash", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Handed in"),
            ("checked", "Checked"),
            ("applied", "Quotations made"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("rd.order.list.line", "list_id", copy=False)
    rows_read = fields.Integer(readonly=True, copy=False)
    skipped_note = fields.Text(string="Rows left out", readonly=True, copy=False)
    warning_note = fields.Text(string="Noticed", readonly=True, copy=False)
    order_ids = fields.One2many("sale.order", "rd_order_list_id", readonly=True)
    open_count = fields.Integer(string="To answer", compute="_compute_counts")
    order_count = fields.Integer(compute="_compute_counts")

    _file_once = models.UniqueIndex(
        "(company_id, partner_id, sha256) "
        "WHERE sha256 IS NOT NULL AND state != 'cancelled'",
        "This very file has already been handed in for this customer.",
    )

    @api.depends("line_ids.verdict", "order_ids")
    def _compute_counts(self):
        groups = self.env["rd.order.list.line"]._read_group(
            [("list_id", "in", self.ids), ("verdict", "in", OPEN_VERDICTS)],
            ["list_id"],
            ["__count"],
        )
        counts = {record.id: count for record, count in groups}
        for record in self:
            record.open_count = counts.get(record.id, 0)
            record.order_count = len(record.sudo().order_ids)

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "checked": ("draft",),
            "applied": ("checked",),
            "cancelled": ("draft", "checked"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("sha256", "rows_read", "skipped_note", "warning_note"),
            *("line_ids", "order_ids"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("applied", "cancelled")

    @api.model
    def _get_file_scope(self):
        return ("partner_id",)

    def write(self, vals):
        if not self._is_internal() and {"file", "partner_id", "company_id"} & set(vals):
            for record in self.filtered(lambda one: one.state != "draft"):
                raise UserError(
                    self.env._(
                        "%(file)s has been read; hand the other file in as a new list.",
                        file=record.filename or record.display_name,
                    )
                )
        return super().write(vals)

    def action_cancel(self):
        """Withdraw lists that have made no quotation."""
        self.check_access("write")
        self._move_to("cancelled")

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def action_check(self):
        """Read the files and give each row its verdict; no order is made yet.

        :raise UserError: one sentence when a file cannot be read or was here before
        """
        self.check_access("write")
        for record in self.filtered(lambda one: one.state == "draft"):
            record._check_new_file(record._get_sha256())
            record._read_by_layout()
        self._take_checked()
        return True

    def action_recheck(self):
        """Look again: aliases, prices and orders may have come since."""
        self.check_access("write")
        self.filtered(lambda one: one.state == "checked").line_ids._judge()
        return True

    def _take_checked(self):
        read = self.filtered(
            lambda one: one.state == "draft" and one.layout_state == "known"
        )
        read._move_to("checked")
        read.line_ids._judge()

    def _is_asked(self):
        return super()._is_asked() and self.state == "draft"

    def _accept_layout(self):
        res = super()._accept_layout()
        self._take_checked()
        return res

    def _get_sha256(self):
        return hashlib.sha256(self._get_content()).hexdigest()

    def _prepare_profile_owner(self):
        return {
            "name": self.env._(
                "Order lists of %(partner)s", partner=self.partner_id.name
            ),
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "purpose": "orders",
        }

    def _get_reading_settings(self):
        # Goods are wanted soon: that is the year of a day written without one.
        today = self.company_id._rd_today()
        return {
            "required": ["part", "quantity"],
            # No piece is left unordered for a day that is written as "end of July".
            "lenient": ["date"],
            "period_from": today - timedelta(days=LOOK_BACK),
            "period_to": today + timedelta(days=364 - LOOK_BACK),
        }

    def _take_rows(self, table):
        texts = self.env["rd.ledger.profile"]
        skipped = [f"{skip.row}: {texts._text(skip.reason)}" for skip in table.skipped]
        self._as_internal().write(
            {
                "sha256": self._get_sha256(),
                "rows_read": table.rows_read,
                "skipped_note": "\n".join(skipped),
                "warning_note": "\n".join(texts._warning_texts(table)),
            }
        )
        lines = self.env["rd.order.list.line"]._as_internal()
        lines.create([self._prepare_row(row) for row in table.rows])

    def _prepare_row(self, row):
        cells = row.values
        day = cells.get("date")
        return {
            "list_id": self.id,
            "row": row.number,
            "order_ref": cells.get("order") or "",
            "order_line_ref": cells.get("order_line") or "",
            "part": cells.get("part") or "",
            "part_key": clean_key(cells.get("part") or ""),
            "name": cells.get("name") or "",
            "unit": cells.get("unit") or "",
            "quantity": float(cells["quantity"]),
            "wanted_date": day.date() if hasattr(day, "date") else day or False,
            "their_price": self._get_their_price(cells),
            "verdict": "ready",
        }

    @api.model
    def _get_their_price(self, cells):
        """Return their unit price, from the amount where that is all they state."""
        if cells.get("price") is not None:
            return float(cells["price"])
        amount = cells.get("total")
        amount = cells.get("amount") if amount is None else amount
        quantity = cells["quantity"]
        return float(amount / quantity) if amount is not None and quantity else 0.0

    # ------------------------------------------------------------------
    # Quotations
    # ------------------------------------------------------------------
    def action_apply(self):
        """Make one quotation for each of their order numbers; all rows or none.

        :raise UserError: while a row waits for an answer
        """
        self.check_access("write")
        self.env["sale.order"].check_access("create")
        for record in self.filtered(lambda one: one.state != "applied"):
            record.line_ids._judge()
            record._check_answered()
            rows = record.line_ids.filtered(lambda line: line.verdict == "ready")
            record._move_to("applied")
            record._make_quotations(rows)
        return True

    def _check_answered(self):
        waiting = self.line_ids.filtered(lambda line: line.verdict in OPEN_VERDICTS)
        if waiting:
            raise UserError(
                self.env._(
                    "%(count)s rows of %(file)s are to be answered first, row %(row)s: "
                    "%(why)s",
                    count=len(waiting),
                    file=self.filename or "",
                    row=waiting[0].row,
                    why=waiting[0].message or "",
                )
            )
        if not self.line_ids.filtered(lambda line: line.verdict == "ready"):
            raise UserError(
                self.env._("%s orders nothing new.", self.filename or self.display_name)
            )

    def _make_quotations(self, rows):
        groups = defaultdict(rows.browse)
        for row in rows:
            groups[row.order_ref] |= row
        orders = self.env["sale.order"].create(
            [self._prepare_order(ref, group) for ref, group in groups.items()]
        )
        for order, group in zip(orders, groups.values(), strict=True):
            for line, row in zip(order.order_line, group, strict=True):
                row._as_internal().write({"sale_line_id": line.id, "verdict": "taken"})

    def _prepare_order(self, ref, rows):
        days = rows.filtered("wanted_date").mapped("wanted_date")
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "client_order_ref": ref or False,
            "rd_order_kind": self.order_kind,
            "rd_order_list_id": self.id,
            "commitment_date": self.company_id._rd_noon(min(days)) if days else False,
            "order_line": [Command.create(row._prepare_order_line()) for row in rows],
        }

    def action_view_orders(self):
        """Open the quotations made of the list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotations of %s", self.filename or ""),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("rd_order_list_id", "=", self.id)],
        }
