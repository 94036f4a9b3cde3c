# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdInvoiceReturn(models.TransientModel):
    """Asks finance why an invoice request goes back to the desk."""

    _name = "rd.invoice.return"
    _description = "Return an Invoice Request"

    request_ids = fields.Many2many(
        "rd.invoice.request",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Return the requests with the reason."""
        self.ensure_one()
        return self.request_ids.action_return(self.reason)
