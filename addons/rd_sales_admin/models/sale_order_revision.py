# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

SUFFIX = re.compile(r"-R\d+$")


class SaleOrder(models.Model):
    """Quotations in revisions: the running one goes on, the old one stays readable."""

    _name = "sale.order"
    _inherit = ["sale.order", "rd.guarded.mixin"]

    rd_revision = fields.Integer(string="Revision", readonly=True, copy=False)
    rd_current_id = fields.Many2one(
        "sale.order",
        string="Replaced by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    rd_old_ids = fields.One2many(
        "sale.order", "rd_current_id", string="Earlier revisions", copy=False
    )
    rd_old_count = fields.Integer(compute="_compute_rd_old_count")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "rd_revision",
            "rd_current_id",
            "rd_old_ids",
        }

    def _compute_rd_old_count(self):
        groups = self._read_group(
            [("rd_current_id", "in", self.ids)], ["rd_current_id"], ["__count"]
        )
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.rd_old_count = counts.get(order.id, 0)

    def action_rd_revise(self):
        """Begin the next revision of quotations; what was sent is kept as it was.

        :raise UserError: when one is confirmed or signed already
        """
        self.check_access("write")
        for order in self:
            if order.state not in ("draft", "sent") or order.signed_on:
                raise UserError(
                    order.env._(
                        "%(order)s is no open quotation any more; change the order or "
                        "its contract instead.",
                        order=order.name,
                    )
                )
            order._rd_keep_revision()
        return True

    def _rd_keep_revision(self):
        """Copy the quotation as it stands under its number, and count on."""
        number = SUFFIX.sub("", self.name)
        old = (
            self.with_context(mail_create_nosubscribe=True)
            ._as_internal()
            .copy(
                {
                    "name": self.name,
                    "rd_revision": self.rd_revision,
                    "rd_current_id": self.id,
                    "date_order": self.date_order,
                    "validity_date": self.validity_date,
                    "client_order_ref": self.client_order_ref,
                    "state": "cancel",
                }
            )
        )
        revision = self.rd_revision + 1
        self._as_internal().write(
            {"rd_revision": revision, "name": f"{number}-R{revision}", "state": "draft"}
        )
        self.message_post(
            body=self.env._(
                "Revision %(revision)s begins; %(old)s stays as it was.",
                revision=revision,
                old=old.name,
            )
        )

    def write(self, vals):
        if not self._is_internal():
            self._rd_check_replaced(vals)
        return super().write(vals)

    def _rd_check_replaced(self, vals):
        """What was replaced is read, not changed; notes about it go on."""
        if not set(vals) - {"message_follower_ids", "message_ids", "activity_ids"}:
            return
        for order in self.filtered("rd_current_id"):
            raise UserError(
                self.env._(
                    "%(old)s was replaced by %(new)s and stays as it is.",
                    old=order.name,
                    new=order.rd_current_id.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_replaced(self):
        for order in self.filtered("rd_current_id"):
            if order.rd_current_id not in self:
                raise UserError(
                    self.env._(
                        "%(old)s is an earlier revision of %(new)s and stays with it.",
                        old=order.name,
                        new=order.rd_current_id.name,
                    )
                )

    def action_rd_view_revisions(self):
        """Open the earlier revisions."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Earlier revisions of %s", self.name),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("rd_current_id", "=", self.id)],
            "context": {"create": False},
        }
