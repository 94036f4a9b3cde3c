# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.roles import DESK
from .sale_order_line_handover import REACHED_BY_HAND


class SaleOrder(models.Model):
    """The handovers of an order."""

    _name = "sale.order"
    _inherit = ["sale.order"]

    rd_handover_ids = fields.One2many(
        "rd.handover", "order_id", string="Handovers", readonly=True, groups=DESK
    )
    rd_handover_count = fields.Integer(
        string="Handover count", compute="_compute_rd_handover_count", groups=DESK
    )
    rd_needs_handover = fields.Boolean(
        string="Has lines to hand over", compute="_compute_rd_needs_handover"
    )

    @api.depends("rd_handover_ids")
    def _compute_rd_handover_count(self):
        for order in self:
            order.rd_handover_count = len(order.rd_handover_ids)

    @api.depends("order_line.rd_is_handed_over")
    def _compute_rd_needs_handover(self):
        for order in self:
            order.rd_needs_handover = any(
                line.rd_is_handed_over for line in order.order_line
            )

    def _rd_get_parties(self):
        """Return to whom this order may be handed over: customer and consignee."""
        return (self.partner_id | self.partner_shipping_id).commercial_partner_id

    def _rd_statement_refusal(self, lines):
        """Name the milestone that nothing bills as long as it is reached by hand."""
        unbilled = next(iter(lines._rd_get_unbilled_by_hand()), False)
        if not unbilled:
            return super()._rd_statement_refusal(lines)
        # Whoever invoices need not read projects.
        milestone = (
            self.env["project.milestone"]
            .sudo()
            .search([("sale_line_id", "=", unbilled.id), *REACHED_BY_HAND], limit=1)
        )
        return self.env._(
            "%(milestone)s of %(order)s was reached by hand before %(partner)s came to "
            "settle by statement, so nothing bills it: take it back in its project and "
            "hand it over, then the next statement invoices it.",
            milestone=milestone.name,
            order=self.name,
            partner=self.partner_invoice_id.commercial_partner_id.name,
        )

    def action_rd_handovers(self):
        """Open the handovers of the order, or a new one with its template."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_sales_admin.rd_handover_action"
        )
        template = self.env["rd.handover.template"].search(
            [
                ("order_kind", "=", self.rd_order_kind),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {
            "default_order_id": self.id,
            "default_company_id": self.company_id.id,
            "default_template_id": template.id,
        }
        if len(self.rd_handover_ids) < 2:
            action["views"] = [(False, "form")]
            action["res_id"] = self.rd_handover_ids.id
        return action

    def _action_cancel(self):
        """Refuse for an order of which something was handed over and accepted."""
        for order in self.sudo():
            accepted = order.rd_handover_ids.filtered("accepted_qty")
            if accepted:
                raise UserError(
                    self.env._(
                        "%(order)s cannot be cancelled: %(handover)s was accepted by "
                        "%(partner)s.",
                        order=order.name,
                        handover=accepted[0].name,
                        partner=accepted[0].partner_id.name,
                    )
                )
        return super()._action_cancel()
