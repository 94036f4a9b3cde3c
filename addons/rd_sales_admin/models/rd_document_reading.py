# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdDocumentReading(models.Model):
    """Who has to read a version, and when he said that he has."""

    _name = "rd.document.reading"
    _description = "Read Acknowledgement"
    _inherit = ["rd.guarded.mixin"]
    _order = "version_id desc, user_id"
    _rec_name = "user_id"

    version_id = fields.Many2one(
        "rd.document.version", required=True, index=True, ondelete="cascade"
    )
    document_id = fields.Many2one(
        related="version_id.document_id", store=True, index=True
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users", string="Reader", required=True, index=True, ondelete="restrict"
    )
    asked_date = fields.Date(string="Asked on")
    read_date = fields.Datetime(string="Read on")

    _once = models.UniqueIndex(
        "(version_id, user_id)", "This person has been asked to read it already."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    def _acknowledge(self):
        # One who only reads the register still says what he has read.
        self.sudo()._as_internal().write({"read_date": fields.Datetime.now()})
        for reading in self.sudo():
            activities = reading.document_id.activity_ids.filtered(
                lambda one, reading=reading: one.user_id == reading.user_id
            )
            activities.action_feedback()
