# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdHandoverReceive(models.TransientModel):
    """The form of one received line: how much, in which condition, where it stands."""

    _name = "rd.handover.receive"
    _description = "Receive a Handover Line"

    line_id = fields.Many2one("rd.handover.line", required=True)
    name = fields.Char(related="line_id.name", string="What")
    qty_due = fields.Float(related="line_id.qty_due")
    rides = fields.Boolean(compute="_compute_rides")
    quantity = fields.Float(string="Received", digits="Product Unit", required=True)
    condition = fields.Selection(
        selection=lambda self: (
            self.env["rd.handover.line"]
            ._fields["condition"]
            ._description_selection(self.env)
        ),
        required=True,
        default="good",
    )
    place = fields.Char(string="Stored at")
    department = fields.Char(string="Receiving department")
    received_by = fields.Char(string="Received by", required=True)
    note = fields.Char(string="Remark")
    attachment_ids = fields.Many2many("ir.attachment", string="Photos")

    @api.depends("line_id")
    def _compute_rides(self):
        for form in self:
            form.rides = bool(form.line_id.delivery_line_id)

    @api.model
    def default_get(self, fields):
        """Start from the line as it is, or with all of it in good condition."""
        values = super().default_get(fields)
        line = self.env["rd.handover.line"].browse(values.get("line_id"))
        line._check_receiver()
        if line:
            rides = line.delivery_line_id
            handover = line.handover_id
            quantity = line.qty_received if rides else line.qty_received or line.qty_due
            values.update(
                quantity=quantity,
                condition=line.condition or "good",
                place=line.place,
                note=line.note,
                department=line.department or handover.department,
                received_by=line.received_by or handover.receiver or self.env.user.name,
            )
        return values

    def action_receive(self):
        """Receive the line as the form says."""
        self.ensure_one()
        line = self.line_id
        line._check_receiver()
        line._receive(
            self.quantity,
            self.condition,
            photos=line._adopt_photos(self.attachment_ids),
            place=self.place,
            department=self.department,
            received_by=self.received_by,
            note=self.note,
        )
        return {"type": "ir.actions.act_window_close"}
