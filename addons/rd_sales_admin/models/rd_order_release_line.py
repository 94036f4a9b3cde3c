# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdOrderReleaseLine(models.Model):
    """A part and how many of it a department is to make; no price stands here."""

    _name = "rd.order.release.line"
    _description = "Order Release Line"
    _order = "release_id, sequence, id"
    _rec_name = "name"

    release_id = fields.Many2one(
        "rd.order.release", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="release_id.company_id", store=True)
    department_id = fields.Many2one(related="release_id.department_id", store=True)
    sequence = fields.Integer(default=10)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        index="btree_not_null",
        ondelete="restrict",
    )
    part = fields.Char(string="Part number")
    name = fields.Char(string="Name and specification", required=True)
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    unit = fields.Char()

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A released quantity is greater than zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        lines._check_order()
        return lines

    def write(self, vals):
        self._check_open()
        res = super().write(vals)
        self._check_open()
        self._check_order()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_released(self):
        self._check_open()

    def _check_open(self):
        """A slip that was handed over stays as it was."""
        for release in self.release_id:
            if release.state not in ("draft", "refused") and not release._is_internal():
                raise UserError(
                    self.env._(
                        "%(slip)s is released; cancel it and release what is right "
                        "with a new slip.",
                        slip=release.display_name,
                    )
                )

    def _check_order(self):
        for line in self.filtered("sale_line_id"):
            if line.sale_line_id.order_id != line.release_id.order_id:
                raise UserError(
                    self.env._(
                        "“%(part)s” of %(slip)s belongs to another order.",
                        part=line.name,
                        slip=line.release_id.display_name,
                    )
                )

    def _get_released_before(self):
        """Return ``{order line: quantity}`` on other slips that are not cancelled."""
        groups = self.env["rd.order.release.line"]._read_group(
            [
                ("sale_line_id", "in", self.sale_line_id.ids),
                ("release_id.state", "in", ("sent", "accepted", "ready")),
                ("release_id", "not in", self.release_id.ids),
            ],
            ["sale_line_id"],
            ["quantity:sum"],
        )
        return dict(groups)
