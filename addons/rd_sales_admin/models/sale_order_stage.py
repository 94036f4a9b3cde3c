# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.roles import DESK
from .rd_order_release_remind import ATTENTIONS

ORDER_STAGES = [
    ("enquiry", "Enquiry"),
    ("quotation", "Quotation"),
    ("contract", "Contract"),
    ("release", "Release"),
    ("work", "In work"),
    ("ready", "Ready to deliver"),
    ("shipped", "Shipped"),
    ("settled", "Settled"),
    ("cancelled", "Cancelled"),
]
OFF_BOARD = ("cancelled",)


class SaleOrder(models.Model):
    """Where an order stands between enquiry and settlement."""

    _name = "sale.order"
    _inherit = ["sale.order"]

    rd_release_ids = fields.One2many("rd.order.release", "order_id", groups=DESK)
    rd_release_count = fields.Integer(compute="_compute_rd_release_count", groups=DESK)
    rd_order_stage = fields.Selection(
        ORDER_STAGES,
        string="Stage",
        compute="_compute_rd_order_stage",
        store=True,
        index=True,
        group_expand="_group_expand_rd_order_stage",
    )
    rd_promised_date = fields.Date(
        string="Promised by the departments",
        compute="_compute_rd_promised_date",
        store=True,
        help="The latest date that a department has promised.",
    )
    rd_attention = fields.Selection(
        ATTENTIONS,
        string="Standing",
        compute="_compute_rd_attention",
        search="_search_rd_attention",
    )
    rd_attention_note = fields.Char(string="Why", compute="_compute_rd_attention")

    @api.model
    def _group_expand_rd_order_stage(self, _stages, _domain):
        return [stage for stage, _label in ORDER_STAGES if stage not in OFF_BOARD]

    @api.depends(
        *("state", "signed_on", "invoice_status", "amount_total"),
        *("order_line.qty_delivered", "order_line.product_uom_qty"),
        "rd_release_ids.state",
    )
    def _compute_rd_order_stage(self):
        for order in self:
            order.rd_order_stage = order._rd_get_stage()

    def _rd_get_stage(self):
        if self.state == "cancel":
            return "cancelled"
        if self.state != "sale":
            if self.signed_on:
                return "contract"
            priced = not self.currency_id.is_zero(self.amount_total)
            return "quotation" if priced else "enquiry"
        if not self._rd_is_signed():
            return "contract"
        return self._rd_get_stage_of_work()

    def _rd_get_stage_of_work(self):
        """Return the stage of a signed order: by what was delivered, else by what
        its departments say."""
        lines = self.order_line.filtered(
            lambda line: line.product_id and not line.display_type
        )
        if lines and all(line._rd_is_delivered() for line in lines):
            return "settled" if self.invoice_status == "invoiced" else "shipped"
        states = set(self.rd_release_ids.mapped("state")) - {"cancelled"}
        if states and states <= {"ready"}:
            return "ready"
        if states and states <= {"accepted", "ready"}:
            return "work"
        begun = any(
            not line.product_uom_id.is_zero(line.qty_delivered) for line in lines
        )
        return "work" if begun and not states else "release"

    def _rd_is_signed(self):
        """Tell whether both sides have signed what was ordered.

        Where no contract is kept, a confirmed order is one: the customer's own
        order or his signature on the portal.
        """
        self.ensure_one()
        return bool(self.signed_on) or self.state == "sale"

    @api.depends("rd_release_ids.promised_date", "rd_release_ids.state")
    def _compute_rd_promised_date(self):
        for order in self:
            live = order.rd_release_ids.filtered(lambda one: one.state != "cancelled")
            order.rd_promised_date = max(
                live.filtered("promised_date").mapped("promised_date"), default=False
            )

    @api.depends("rd_release_ids.attention")
    @api.depends_context("uid", "lang")
    def _compute_rd_attention(self):
        """Tell the worst of the slips; a customer reads his order, not our worries."""
        if not self.env.su and not self.env.user._is_internal():
            self.rd_attention = self.rd_attention_note = False
            return
        # Whoever else reads an order may know how it stands; all are judged at once.
        self.sudo().rd_release_ids.mapped("attention")
        for order in self:
            found = order.sudo().rd_release_ids.sorted(
                lambda one: ("late", "risk", "fine").index(one.attention)
            )[:1]
            order.rd_attention = found.attention or "fine"
            order.rd_attention_note = found.attention_note

    @api.model
    def _search_rd_attention(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("rd_release_ids", "any", [("attention", "=", "late")])
        risk = Domain("rd_release_ids", "any", [("attention", "=", "risk")]) & ~late
        places = {"late": late, "risk": risk, "fine": ~late & ~risk}
        return Domain.OR(places[key] for key in value if key in places)

    def _compute_rd_release_count(self):
        groups = self.env["rd.order.release"]._read_group(
            [("order_id", "in", self.ids)], ["order_id"], ["__count"]
        )
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.rd_release_count = counts.get(order.id, 0)

    def action_rd_release(self):
        """Make a slip for what is not released yet and open it."""
        self.ensure_one()
        releases = self.env["rd.order.release"]
        releases.check_access("create")
        made = releases.create(releases._prepare_of_order(self))
        return {
            "type": "ir.actions.act_window",
            "res_model": "rd.order.release",
            "res_id": made.id,
            "views": [(False, "form")],
        }

    def action_rd_view_releases(self):
        """Open the slips of the order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_sales_admin.rd_order_release_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {"default_order_id": self.id}
        return action

    def _action_cancel(self):
        """Take the slips of a cancelled order back; the departments are told."""
        # Whoever may cancel the order need not keep slips; they go with it.
        slips = self.sudo().rd_release_ids
        slips.filtered(lambda one: one.state != "cancelled").action_cancel()
        return super()._action_cancel()
