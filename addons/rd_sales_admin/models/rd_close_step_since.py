# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdCloseStep(models.Model):
    """Since when a step is in its state."""

    _name = "rd.close.step"
    _inherit = ["rd.close.step"]

    state_date = fields.Datetime(
        string="In this state since",
        default=fields.Datetime.now,
        help="When the state last changed; running a step again without a new result "
        "leaves it.",
    )

    def write(self, vals):
        """Note when the state really changes."""
        if "state" not in vals or "state_date" in vals:
            return super().write(vals)
        changing = self.filtered(lambda step: step.state != vals["state"])
        now = fields.Datetime.now()
        if changing:
            super(RdCloseStep, changing).write({**vals, "state_date": now})
        if rest := self - changing:
            super(RdCloseStep, rest).write(vals)
        return True
