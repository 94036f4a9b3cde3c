# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_handover_template import HANDOVER_CLASSES


class RdHandoverAnswer(models.Model):
    """What the other side said to a handover: append-only."""

    _name = "rd.handover.answer"
    _description = "Handover Answer"
    _inherit = ["rd.guarded.mixin"]
    _order = "id desc"
    _rec_name = "who"

    handover_id = fields.Many2one(
        "rd.handover", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="handover_id.company_id", store=True, index=True
    )
    line_id = fields.Many2one("rd.handover.line", ondelete="restrict")
    handover_class = fields.Selection(HANDOVER_CLASSES, string="Class")
    decision = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("disputed", "Disputed"),
            ("withdrawn", "Dispute withdrawn"),
            ("revoked", "Acceptance taken back by us"),
        ],
        required=True,
    )
    reason = fields.Char()
    who = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="Signed in as")
    recorded_by_id = fields.Many2one("res.users", string="Recorded by")
    date = fields.Datetime(required=True)
    channel = fields.Selection(
        selection=lambda self: self.env["rd.handover"]._get_channels(), required=True
    )
    note = fields.Char(string="Evidence")
    ip_address = fields.Char(string="From address")
    revision = fields.Integer()
    content_hash = fields.Char()
    attachment_ids = fields.Many2many("ir.attachment", string="Papers")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An answer of the other side stays as given."))
