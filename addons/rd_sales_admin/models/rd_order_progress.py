# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

PROGRESS_STAGES = [
    ("material", "Waiting for material"),
    ("design", "Design"),
    ("machining", "Machining"),
    ("assembly", "Assembly"),
    ("trial", "Try-out and inspection"),
    ("ready", "Finished"),
]
DELAY_REASONS = [
    ("material", "Material"),
    ("capacity", "Capacity"),
    ("drawing", "Drawing changed"),
    ("outside", "Outside supplier"),
    ("quality", "Quality"),
    ("other", "Other"),
]


class RdOrderProgress(models.Model):
    """One piece of news about a released order; nothing is ever changed in it."""

    _name = "rd.order.progress"
    _description = "Order Progress"
    _inherit = ["rd.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "release_id"

    release_id = fields.Many2one(
        "rd.order.release", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="release_id.company_id", store=True)
    department_id = fields.Many2one(
        related="release_id.department_id", store=True, index=True
    )
    date = fields.Datetime(required=True)
    user_id = fields.Many2one(
        "res.users", string="Entered by", required=True, ondelete="restrict"
    )
    said_by = fields.Char(help="Who told it on the phone, where the desk entered it.")
    stage = fields.Selection(PROGRESS_STAGES)
    promised_date = fields.Date()
    previous_date = fields.Date(string="Promised before")
    reason = fields.Selection(DELAY_REASONS, string="Reason of delay")
    news = fields.Char()
    photo_ids = fields.Many2many(
        "ir.attachment",
        "rd_order_progress_photo_rel",
        "progress_id",
        "attachment_id",
        string="Photos",
        bypass_search_access=True,
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.model_create_multi
    def create(self, vals_list):
        self._check_appending()
        return super().create(vals_list)

    def write(self, vals):
        # Derived columns follow the release; nobody's words are touched by that.
        if not self._is_internal():
            self._check_appending()
        return super().write(vals)

    def _check_appending(self):
        if not self._is_internal():
            raise UserError(
                self.env._(
                    "Progress is only added, on the page of the floor or by the "
                    "button “News by phone”; what was said stays."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("What was said about an order stays."))
