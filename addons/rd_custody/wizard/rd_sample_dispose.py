# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdSampleDispose(models.TransientModel):
    """Why samples are disposed of, and who of their owners agreed."""

    _name = "rd.sample.dispose"
    _description = "Dispose of Samples"

    property_ids = fields.Many2many("rd.property", string="Samples", required=True)
    reason = fields.Char(required=True)
    has_foreign = fields.Boolean(compute="_compute_has_foreign")
    consent = fields.Char(
        string="Owner's consent", help="Who of the owner agreed, and when."
    )
    paper = fields.Char(help="Number of the letter or list that goes with it.")

    @api.depends("property_ids")
    def _compute_has_foreign(self):
        for form in self:
            form.has_foreign = not all(form.property_ids.mapped("is_own"))

    def action_dispose(self):
        """Dispose of all of them."""
        self.ensure_one()
        self.property_ids._dispose_samples(self.reason, self.consent, self.paper)
        return {"type": "ir.actions.act_window_close"}
