# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

KEPT = {"is_reached", "quantity_percentage", "product_uom_qty", "sale_line_id"}


class ProjectMilestone(models.Model):
    """A milestone that releases an order line to be invoiced is reached by an accepted
    handover and in no other way: not by hand, by a wider share, by moving it to
    another line or by deleting it."""

    _name = "project.milestone"
    _inherit = ["project.milestone", "rd.guarded.mixin"]

    rd_handover_ids = fields.One2many(
        "rd.handover", "milestone_id", string="Handovers", readonly=True
    )

    @api.depends("rd_handover_ids.share")
    def _compute_quantity_percentage(self):
        """Take the share of the handover, whatever the order says later."""
        res = super()._compute_quantity_percentage()
        # Whoever sees a milestone need not see handovers.
        for milestone in self:
            handover = milestone.sudo().rd_handover_ids[:1]
            if handover:
                milestone.quantity_percentage = handover.share / 100.0
        return res

    def _rd_refresh_share(self):
        self.env.add_to_compute(self._fields["quantity_percentage"], self)
        self.flush_recordset(["quantity_percentage"])
        self.invalidate_recordset(["product_uom_qty"])

    def _rd_is_gated(self):
        """Tell whether this milestone releases something to be invoiced."""
        self.ensure_one()
        return self.sudo().sale_line_id.rd_needs_handover

    @api.model_create_multi
    def create(self, vals_list):
        """Create milestones; none of an order line is born reached."""
        milestones = super().create(vals_list)
        if not self._is_internal():
            for milestone in milestones.filtered("is_reached"):
                milestone._rd_check_gate()
        return milestones

    def write(self, vals):
        """Write milestones; what a handover decides is left to it."""
        if self._is_internal() or not KEPT & vals.keys():
            return super().write(vals)
        for milestone in self:
            if milestone._rd_changes(vals):
                milestone._rd_check_gate()
        res = super().write(vals)
        if "sale_line_id" in vals:
            for milestone in self.filtered("is_reached"):
                milestone._rd_check_gate()
        return res

    def _rd_changes(self, vals):
        """Tell whether the values change what a handover decides."""
        if "is_reached" in vals and bool(vals["is_reached"]) != self.is_reached:
            return True
        # Without a handover, and not reached, its line and part are free.
        held = self.is_reached or bool(self.sudo().rd_handover_ids)
        return held and bool(KEPT - {"is_reached"} & vals.keys())

    def _rd_check_gate(self):
        if self._rd_is_gated():
            raise UserError(
                self.env._(
                    "%(milestone)s releases %(line)s to be invoiced: it is reached, "
                    "shared out and taken back by its handover only.",
                    milestone=self.name,
                    line=self.sudo().sale_line_id.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rd_handed_over(self):
        if self._is_internal():
            return
        for milestone in self:
            if milestone.is_reached or milestone.sudo().rd_handover_ids:
                milestone._rd_check_gate()
