# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

CHANNELS = [
    ("call", "Call"),
    ("fax", "Fax"),
    ("visit", "Visit"),
    ("message", "Messenger"),
]


class RdCallNote(models.TransientModel):
    """A call, fax or visit noted on whatever record is open, in one go."""

    _name = "rd.call.note"
    _description = "Call Note"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    record_name = fields.Char(compute="_compute_record_name", string="About")
    channel = fields.Selection(CHANNELS, default="call", required=True)
    who = fields.Char(string="With whom")
    note = fields.Text(string="What was said", required=True)
    follow_up = fields.Date(string="Follow up on")
    user_id = fields.Many2one(
        "res.users",
        string="By",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for note in self:
            note.record_name = note._get_record().display_name

    def _get_record(self):
        """Return the record that the note is about, checked for this very user.

        :raise UserError: where nothing can be noted
        """
        self.ensure_one()
        model = self.env.get(self.res_model or "")
        if model is None or not hasattr(model, "message_post"):
            raise UserError(self.env._("Nothing can be noted on this page."))
        record = model.browse(self.res_id or 0).exists()
        if not record:
            raise UserError(self.env._("Save the record first, then note the call."))
        record.check_access("read")
        return record

    def action_note(self):
        """Post the note, and plan the follow-up where a date was given."""
        self.ensure_one()
        record = self._get_record()
        label = dict(self._fields["channel"]._description_selection(self.env))
        head = " · ".join(filter(None, [label[self.channel], self.who]))
        self._post(record, head)
        return {"type": "ir.actions.act_window_close"}

    def _post(self, record, head):
        """Note it under the name of who took the call.

        Whoever may read a record and answers calls may note one there, also where
        he may not change the record itself.
        """
        record = record.sudo()
        said = f"{head}: {self.note}"
        record.message_post(
            body=said,
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        if self.follow_up:
            self._plan(record, head)

    def _plan(self, record, head):
        if not hasattr(record, "activity_schedule"):
            raise UserError(
                self.env._(
                    "%s takes no follow-up date; note the call without one.",
                    record.display_name,
                )
            )
        record.activity_schedule(
            "mail.mail_activity_data_call"
            if self.channel == "call"
            else "mail.mail_activity_data_todo",
            date_deadline=self.follow_up,
            summary=head,
            note=self.note,
            user_id=(self.user_id or self.env.user).id,
        )
