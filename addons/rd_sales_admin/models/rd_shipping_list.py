# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..ledger.clean import clean_key

OPEN_VERDICTS = ("no_order", "refused", "missing", "new", "changed")


class RdShippingList(models.Model):
    """A warehouse's list of what it shipped, and what became of each row."""

    _name = "rd.shipping.list"
    _description = "Shipping List"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.hand.in.mixin",
        "rd.layout.mixin",
    ]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_warehouse(),
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index=True,
        ondelete="restrict",
        help="Customer of all rows, where the list has no column for it.",
    )
    date_from = fields.Date(string="First day", required=True)
    date_to = fields.Date(string="Last day", required=True)
    is_complete = fields.Boolean(
        string="Covers the whole period",
        help="Rows of earlier lists in this period that are no longer on this one "
        "are then asked about, even where the whole note is gone.",
    )
    file = fields.Binary(attachment=True, required=True, copy=False)
    filename = fields.Char(copy=False)
    sha256 = fields.Char(string="Content hash", readonly=True, copy=False)
    received_date = fields.Datetime(readonly=True, copy=False)
    received_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Handed in"),
            ("checked", "Checked"),
            ("applied", "Deliveries made"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("rd.shipping.list.line", "list_id", copy=False)
    rows_read = fields.Integer(readonly=True, copy=False)
    rows_skipped = fields.Integer(readonly=True, copy=False)
    skipped_note = fields.Text(string="Rows left out", readonly=True, copy=False)
    warning_note = fields.Text(
        string="Noticed",
        readonly=True,
        copy=False,
        help="What is hidden, marked or computed in the file, and where.",
    )
    open_count = fields.Integer(compute="_compute_open_count")
    picking_ids = fields.One2many("stock.picking", "rd_shipping_list_id")
    picking_count = fields.Integer(compute="_compute_picking_count")

    _file_once = models.UniqueIndex(
        "(company_id, warehouse_id, sha256) "
        "WHERE sha256 IS NOT NULL AND state != 'cancelled'",
        "This very file has already been handed in for this warehouse.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The list ends before it begins."
    )

    def _default_warehouse(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("warehouse_id.code", "date_from", "date_to", "partner_id.name")
    def _compute_name(self):
        for record in self:
            parts = [
                record.warehouse_id.code or "",
                f"{record.date_from or ''}–{record.date_to or ''}",
                record.partner_id.name or "",
            ]
            record.name = " ".join(part for part in parts if part)

    @api.depends("line_ids.verdict")
    def _compute_open_count(self):
        groups = self.env["rd.shipping.list.line"]._read_group(
            [("list_id", "in", self.ids), ("verdict", "in", OPEN_VERDICTS)],
            ["list_id"],
            ["__count"],
        )
        counts = {record.id: count for record, count in groups}
        for record in self:
            record.open_count = counts.get(record.id, 0)

    @api.depends("picking_ids")
    def _compute_picking_count(self):
        for record in self:
            # Who reads the list may know how many; opening them is another right.
            record.picking_count = len(record.sudo().picking_ids)

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            # A row of a list that is done may be taken up again.
            "checked": ("draft", "applied"),
            "applied": ("checked",),
            "cancelled": ("draft", "checked"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "sha256",
            "rows_read",
            "rows_skipped",
            "skipped_note",
            "warning_note",
            "received_date",
            "received_by_id",
            "line_ids",
            "picking_ids",
        }

    @api.model
    def _get_frozen_states(self):
        return ("applied", "cancelled")

    def _why_not(self, target):
        if target == "cancelled" and self.picking_ids:
            return self.env._(
                "%(list)s has already made deliveries and cannot be cancelled; "
                "hand in a corrected list instead.",
                list=self.name,
            )
        return super()._why_not(target)

    def action_cancel(self):
        """Withdraw lists that have made no delivery yet."""
        self.check_access("write")
        self._move_to("cancelled")

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def action_check(self):
        """Read the file and give each row its verdict; nothing is delivered yet.

        :raise UserError: one sentence when the file cannot be read
        """
        self.check_access("write")
        for record in self.filtered(lambda item: item.state == "draft"):
            record._check_new_file(record._get_sha256())
            record._read_by_layout()
        self._take_checked()
        return True

    def _take_checked(self):
        """Go on with the lists whose rows count; the others wait for an answer."""
        self.filtered(
            lambda item: item.state == "draft" and item.layout_state == "known"
        )._move_to("checked")
        self._recheck_rows()

    def _is_asked(self):
        return super()._is_asked() and self.state == "draft"

    def _accept_layout(self):
        res = super()._accept_layout()
        self._take_checked()
        return res

    def _prepare_profile_owner(self):
        return {
            "name": self.env._("Lists of %(house)s", house=self.warehouse_id.name),
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
        }

    def _get_reading_settings(self):
        return {
            "required": ["note", "part", "quantity"],
            "period_from": self.date_from,
            "period_to": self.date_to,
        }

    def _get_sha256(self):
        return hashlib.sha256(self._get_content()).hexdigest()

    def _take_rows(self, table):
        self._as_internal().write(self._prepare_reading_values(table))
        self.env["rd.shipping.list.line"]._as_internal().create(
            self._prepare_row_values(table)
        )

    @api.model
    def _get_file_scope(self):
        return ("warehouse_id",)

    def _check_new_file(self, sha256):
        """Refuse a file that has been handed in before, naming where."""
        earlier = self._get_earlier_file(sha256)
        if earlier:
            raise UserError(
                self.env._(
                    "%(file)s has already been handed in with %(list)s.",
                    file=self.filename or self.name,
                    list=earlier.name,
                )
            )

    def _prepare_reading_values(self, table):
        texts = self.env["rd.ledger.profile"]
        skipped = [f"{skip.row}: {texts._text(skip.reason)}" for skip in table.skipped]
        return {
            "sha256": self._get_sha256(),
            "received_date": fields.Datetime.now(),
            "received_by_id": self.env.uid,
            "rows_read": table.rows_read,
            "rows_skipped": len(table.skipped),
            "skipped_note": "\n".join(skipped),
            "warning_note": "\n".join(texts._warning_texts(table)),
        }

    def _prepare_row_values(self, table):
        """Return a row's values per spreadsheet row, ordinals counted per note."""
        ordinals = defaultdict(int)
        values = []
        for row in table.rows:
            cells = row.values
            key = clean_key(cells.get("note") or ""), clean_key(cells.get("part") or "")
            ordinals[key] += 1
            values.append(
                {
                    "list_id": self.id,
                    "row": row.number,
                    "note": cells.get("note") or "",
                    "note_key": key[0],
                    "part": cells.get("part") or "",
                    "part_key": key[1],
                    "ordinal": ordinals[key],
                    "date": self._row_date(cells.get("date")),
                    "partner_name": cells.get("partner") or "",
                    "order_ref": cells.get("order") or "",
                    "order_line_ref": cells.get("order_line") or "",
                    "unit": cells.get("unit") or "",
                    "quantity": float(cells["quantity"]),
                    "verdict": "new",
                }
            )
        return values

    def _row_date(self, value):
        if not value:
            return self.date_to
        return value.date() if hasattr(value, "date") else value

    def action_recheck(self):
        """Look again for orders of the rows that wait for one."""
        self.check_access("write")
        self._recheck_rows()
        return True

    def _recheck_rows(self):
        for record in self.filtered(lambda item: item.state == "checked"):
            record.line_ids._compare_with_earlier()
            record.line_ids._find_orders()

    # ------------------------------------------------------------------
    # Delivering
    # ------------------------------------------------------------------
    def action_apply(self):
        """Make the deliveries and returns of all rows that are ready.

        Rows without an open order, unreadable rows and questions stay open; the
        list is done when none is left. A repeat delivers nothing twice.
        """
        self.env["rd.shipping.list"].check_access("create")
        self.check_access("write")
        if not self.env.user.has_group("rd_sales_admin.rd_sales_admin_group_clerk"):
            raise UserError(
                self.env._("Only the sales administration desk makes deliveries.")
            )
        self._recheck_rows()
        for record in self:
            ready = record.line_ids.filtered(
                lambda line: line.verdict in ("new", "changed")
            )
            ready._make_deliveries()
            record._finish()
            closes = self.env["rd.close"].search(
                [("company_id", "=", record.company_id.id), ("state", "=", "open")]
            )
            closes._wake((ready | ready.mends_ids).partner_id)
        return True

    def action_view_pickings(self):
        """Open the deliveries and returns this list has made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliveries of %(list)s", list=self.name),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": [("rd_shipping_list_id", "=", self.id)],
        }
