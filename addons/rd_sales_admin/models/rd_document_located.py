# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

TODO = "mail.mail_activity_data_todo"


class RdDocument(models.Model):
    """Whether the original was where it belongs when somebody last looked."""

    _name = "rd.document"
    _inherit = ["rd.document"]

    located = fields.Selection(
        [
            ("found", "In its place"),
            ("missing", "Missing"),
            ("misplaced", "Misplaced"),
        ],
        string="Last seen",
        readonly=True,
        copy=False,
        tracking=True,
    )
    located_date = fields.Date(string="Looked for on", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"located", "located_date"}

    def _note_located(self, result, task):
        """Note what a check found; what is wrong becomes a task of who keeps it."""
        self.ensure_one()
        today = self.company_id._rd_today()
        self._as_internal().write({"located": result, "located_date": today})
        if result == "found":
            return
        keeper = self.place_id.user_id or self.user_id
        self.activity_schedule(
            TODO,
            summary=task,
            user_id=(keeper or self.company_id._rd_get_supervisors()[:1]).id,
        )

    def action_located(self):
        """Say that the original is in its place again."""
        self.check_access("write")
        for document in self:
            document._note_located("found", "")
        return True
