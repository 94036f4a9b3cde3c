# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.roles import DESK

REACHED = {"is_reached"}
KEPT = REACHED | {"quantity_percentage", "product_uom_qty", "sale_line_id"}


class ProjectMilestone(models.Model):
    """A milestone that releases an order line of the desk to be invoiced is reached by
    an accepted handover and in no other way: not by hand, by a wider share, by moving
    it to another line or by deleting it. Outside the desk it is Odoo's own."""

    _name = "project.milestone"
    _inherit = ["project.milestone", "rd.guarded.mixin"]

    rd_handover_ids = fields.One2many(
        "rd.handover", "milestone_id", string="Handovers", readonly=True, groups=DESK
    )
    rd_by_hand = fields.Boolean(
        string="Reached by hand",
        compute="_compute_rd_by_hand",
        store=True,
        help="Reached without a handover while its order was not settled by the desk.",
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

    @api.depends("is_reached")
    def _compute_rd_by_hand(self):
        """Keep what was so when it was reached: a class that the customer gets later
        asks for no handover behind it."""
        for milestone in self:
            milestone.rd_by_hand = (
                milestone.is_reached
                and not milestone.sudo().rd_handover_ids
                and not milestone._rd_is_gated()
            )

    def _rd_note_how_reached(self):
        # now, before anybody's class changes
        self._recompute_recordset(["rd_by_hand"])

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
        milestones._rd_note_how_reached()
        for milestone in milestones.filtered("is_reached"):
            milestone._rd_check_gate()
        return milestones

    def write(self, vals):
        """Write milestones; what a handover decides is left to it."""
        # Who may not write reads no more of its order than that he may not.
        self.check_access("write")
        if self._is_internal() or not KEPT & vals.keys():
            return super().write(vals)
        for milestone in self:
            if milestone._rd_changes(vals):
                milestone._rd_check_gate()
        res = super().write(vals)
        self._rd_note_how_reached()
        if "sale_line_id" in vals:
            for milestone in self.filtered("is_reached"):
                milestone._rd_check_gate()
        return res

    def _rd_changes(self, vals):
        """Tell whether the values change what a handover decides."""
        handed = bool(self.sudo().rd_handover_ids)
        if "is_reached" in vals and bool(vals["is_reached"]) != self.is_reached:
            # What was reached before the desk came may be taken back as it was.
            return handed or not self.rd_by_hand or bool(KEPT & vals.keys() - REACHED)
        # Without a handover, and not reached, its line and part are free.
        held = self.is_reached or handed
        return held and bool(KEPT & vals.keys() - REACHED)

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
