# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .rd_handover_template import HANDOVER_CLASSES, OWNERSHIPS

# What may be accepted as it is; anything else is put right first.
SOUND = ("good", "usable")
LIST_FIELDS = frozenset(
    {
        *("handover_id", "handover_class", "number", "name", "version", "uom_id"),
        *("qty_due", "ownership", "priced", "product_id", "delivery_line_id"),
    }
)


class RdHandoverLine(models.Model):
    """One thing to hand over: a tool, a drawing, a gauge, or an open issue.

    What rides on a delivery of the order is received by Odoo's transfers; anything
    else is received by hand, on the phone. An open issue counts as dealt with when
    it is closed, or has a day and a person.
    """

    _name = "rd.handover.line"
    _description = "Handover Line"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.guarded.mixin"]
    _order = "handover_id, sequence, id"
    _check_company_auto = True

    handover_id = fields.Many2one(
        "rd.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="handover_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="handover_id.partner_id", store=True)
    order_id = fields.Many2one(related="handover_id.order_id")
    handover_state = fields.Selection(
        related="handover_id.state", string="State of the handover"
    )
    sequence = fields.Integer(default=10)
    handover_class = fields.Selection(
        HANDOVER_CLASSES, string="Class", required=True, default="document", index=True
    )
    number = fields.Char(string="Number / drawing")
    name = fields.Char(string="Name and specification", required=True)
    version = fields.Char()
    product_id = fields.Many2one("product.product", check_company=True)
    uom_id = fields.Many2one("uom.uom", string="Unit")
    qty_due = fields.Float(
        string="To be handed over",
        digits="Product Unit",
        required=True,
        default=1.0,
    )
    delivery_line_id = fields.Many2one(
        "sale.order.line",
        string="Delivered with",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('order_id', '=', order_id), "
        "('qty_delivered_method', '=', 'stock_move')]",
        help="Goods of the order: what is received is what Odoo's transfers deliver.",
    )
    qty_received = fields.Float(
        string="Received",
        digits="Product Unit",
        compute="_compute_qty_received",
        store=True,
        copy=False,
    )
    qty_by_hand = fields.Float(digits="Product Unit", readonly=True, copy=False)
    condition = fields.Selection(
        [
            ("good", "Good"),
            ("usable", "Usable, with a remark"),
            ("damaged", "Damaged"),
            ("incomplete", "Incomplete"),
        ],
        readonly=True,
        copy=False,
    )
    ownership = fields.Selection(OWNERSHIPS, default="customer", required=True)
    priced = fields.Boolean(help="Has a price of its own in the contract.")
    place = fields.Char(string="Stored at", help="Where it stands after the handover.")
    department = fields.Char(string="Receiving department", readonly=True, copy=False)
    received_by = fields.Char(string="Received by", readonly=True, copy=False)
    received_date = fields.Datetime(string="Received on", readonly=True, copy=False)
    recorded_by_id = fields.Many2one(
        "res.users", string="Recorded by", readonly=True, copy=False
    )
    photo_ids = fields.Many2many(
        "ir.attachment",
        "rd_handover_line_photo_rel",
        "line_id",
        "attachment_id",
        string="Photos",
        readonly=True,
        copy=False,
        bypass_search_access=True,
    )
    note = fields.Char(string="Remark")
    issue_date = fields.Date(
        string="To be closed by", help="For open issues: the day agreed."
    )
    issue_owner = fields.Char(
        string="Closed by whom", help="For open issues: the person who answers for it."
    )
    is_complete = fields.Boolean(
        string="Complete", compute="_compute_is_complete", store=True
    )
    verdict = fields.Selection(
        [
            ("waiting", "Waits"),
            ("accepted", "Accepted"),
            ("disputed", "Disputed"),
        ],
        string="Acceptance",
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
    )
    dispute_reason = fields.Char(string="Why disputed", readonly=True, copy=False)
    dispute_reply = fields.Char(string="Our reply", readonly=True, copy=False)
    request_date = fields.Date(
        string="Requested by",
        readonly=True,
        copy=False,
        help="Day by which the missing paper was asked for.",
    )
    request_user_id = fields.Many2one(
        "res.users", string="Requested from", readonly=True, copy=False
    )
    reminded_date = fields.Date(readonly=True, copy=False)
    escalated_date = fields.Date(readonly=True, copy=False)

    _due_positive = models.Constraint(
        "CHECK (qty_due > 0)", "What is due is more than 0."
    )
    _by_hand_in_range = models.Constraint(
        "CHECK (COALESCE(qty_by_hand, 0) >= 0)", "Nothing below 0 is received."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("qty_received", "qty_by_hand", "condition", "department", "received_by"),
            *("received_date", "recorded_by_id", "photo_ids", "is_complete"),
            *("verdict", "dispute_reason", "dispute_reply", "request_date"),
            *("request_user_id", "reminded_date", "escalated_date"),
        }

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("qty_by_hand", "delivery_line_id.qty_delivered", "uom_id")
    def _compute_qty_received(self):
        for line in self:
            # What was accepted stays as it was accepted, whatever comes back later.
            if line.verdict == "accepted" and line._origin:
                line.qty_received = line.qty_received
            elif line.delivery_line_id:
                line.qty_received = line._get_delivered()
            else:
                line.qty_received = line.qty_by_hand

    def _get_delivered(self):
        # The floor receives without the right to read orders.
        sold = self.sudo().delivery_line_id
        unit = self.uom_id or sold.product_uom_id
        return sold.product_uom_id._compute_quantity(
            sold.qty_delivered, unit, round=False
        )

    @api.depends(
        *("qty_received", "qty_due", "condition", "handover_class", "issue_date"),
        *("issue_owner", "uom_id"),
    )
    def _compute_is_complete(self):
        for line in self:
            line.is_complete = not line._get_gap()

    def _get_gap(self):
        """Return what the line still lacks, as a few words, or an empty text."""
        self.ensure_one()
        missing = self.qty_due - self.qty_received
        if self._is_more(missing):
            if self.handover_class == "issue":
                agreed = self.issue_date and (self.issue_owner or "").strip()
                return "" if agreed else self.env._("open, without day and person")
            if not self.qty_received:
                return self.env._("missing")
            return self.env._("%s missing", f"{round(missing, 6):g}")
        if self.condition and self.condition not in SOUND:
            labels = dict(self._fields["condition"]._description_selection(self.env))
            return labels[self.condition].lower()
        return ""

    def _is_more(self, quantity):
        if self.uom_id:
            return self.uom_id.compare(quantity, 0.0) > 0
        return round(quantity, 6) > 0

    def _get_class_label(self):
        self.ensure_one()
        labels = dict(self._fields["handover_class"]._description_selection(self.env))
        return labels[self.handover_class]

    def _get_status(self):
        """Return what the lines of one class have come to."""
        gaps = [(line, line._get_gap()) for line in self]
        blocking = [
            f"{line.number or line.name}: {gap}"
            for line, gap in gaps
            if gap and line.verdict != "accepted"
        ]
        return {
            "lines": len(self),
            "complete": sum(not gap for _line, gap in gaps),
            "accepted": sum(line.verdict == "accepted" for line in self),
            "disputed": sum(line.verdict == "disputed" for line in self),
            "blocked": "; ".join(blocking),
        }

    @api.depends("number", "name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " ".join(filter(None, (line.number, line.name)))

    @api.onchange("delivery_line_id")
    def _onchange_delivery_line_id(self):
        sold = self.delivery_line_id
        if sold:
            self.update(sold._rd_prepare_handover_line())

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.constrains("delivery_line_id", "handover_id")
    def _check_delivery_line(self):
        for line in self.filtered("delivery_line_id"):
            if line.sudo().delivery_line_id.order_id != line.handover_id.order_id:
                raise ValidationError(
                    self.env._(
                        "%(line)s is delivered with another order than %(order)s.",
                        line=line.display_name,
                        order=line.handover_id.order_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Add lines to lists that are still being made."""
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        lines = super(RdHandoverLine, quiet).create(vals_list).with_env(self.env)
        lines._check_list_open()
        return lines

    def write(self, vals):
        """Keep what the other side sees or has accepted as it is."""
        if not self._is_internal():
            if LIST_FIELDS & vals.keys():
                self._check_list_open()
            self._check_not_accepted()
        res = super().write(vals)
        if "handover_id" in vals and not self._is_internal():
            self._check_list_open()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shown(self):
        self._check_list_open()
        self._check_not_accepted()

    def _check_list_open(self):
        for line in self:
            if line.handover_id.state not in ("draft", "open"):
                raise UserError(
                    self.env._(
                        "%(line)s stands on %(handover)s, which the other side has; "
                        "use “Correct the list” first.",
                        line=line.display_name,
                        handover=line.handover_id.name,
                    )
                )

    def _check_not_accepted(self):
        for line in self:
            if line.verdict == "accepted":
                raise UserError(
                    self.env._(
                        "%(line)s was accepted by %(partner)s and stays as it is.",
                        line=line.display_name,
                        partner=line.sudo().partner_id.name,
                    )
                )
