# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.mimetypes import guess_mimetype

RECEIVERS = tuple(
    f"rd_sales_admin.rd_sales_admin_group_{role}"
    for role in ("clerk", "warehouse", "floor")
)
RECEIVING_STATES = ("open", "sent", "disputed")
TODO = "mail.mail_activity_data_todo"
MOST_FILES = 5
MOST_BYTES = 20 * 1024 * 1024
DAYS_TO_ANSWER = 3
DAYS_TO_ESCALATE = 2


class RdHandoverLine(models.Model):
    """Receiving, on the phone or at the desk, and asking for what is missing."""

    _name = "rd.handover.line"
    _inherit = ["rd.handover.line"]

    # ------------------------------------------------------------------
    # Receiving
    # ------------------------------------------------------------------
    def action_receive(self, files=None):
        """Receive these lines in full and in good condition, with one tap.

        :param files: photos, ``[{"name": text, "data": base64}]``
        :raise UserError: for what rides on a delivery or was accepted already
        """
        self._check_receiver()
        for line in self:
            line._receive(line.qty_due, "good", photos=line._keep_photos(files))
        return True

    def action_receive_part(self):
        """Open the form for a quantity, a condition or a remark."""
        self.ensure_one()
        self._check_receiver()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive %s", self.display_name),
            "res_model": "rd.handover.receive",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def _check_receiver(self):
        self.check_access("read")
        if self.env.su or any(self.env.user.has_group(role) for role in RECEIVERS):
            return
        raise AccessError(
            self.env._("Lines are received by the desk, the warehouse or the floor.")
        )

    def _receive(self, quantity, condition, photos=None, **values):
        """Write down what was received of one line, by whom, and renew what the other
        side sees.

        :param quantity: in the unit of the line; replaces what was received before
        :param values: department, received_by, received_date, place, note
        """
        self.ensure_one()
        self._check_receivable(quantity)
        handover = self.handover_id
        now = fields.Datetime.now()
        given = {name: value for name, value in values.items() if value}
        self.sudo()._as_internal().write(
            {
                "qty_by_hand": 0.0 if self.delivery_line_id else quantity,
                "condition": condition,
                "department": handover.department,
                "received_by": handover.receiver or self.env.user.name,
                "received_date": now,
                "recorded_by_id": self.env.uid,
                **given,
                **({"photo_ids": [Command.link(p.id) for p in photos or ()]}),
            }
        )
        if self.is_complete:
            self.sudo()._close_requests()
        handover.sudo()._renew_revision()

    def _check_receivable(self, quantity):
        line, state = self.display_name, self.handover_id.state
        if state not in RECEIVING_STATES:
            raise UserError(
                self.env._(
                    "%(line)s cannot be received now: %(handover)s is not being handed "
                    "over.",
                    line=line,
                    handover=self.handover_id.name,
                )
            )
        self._check_not_accepted()
        if self.delivery_line_id and self._is_more(abs(quantity - self.qty_received)):
            raise UserError(
                self.env._(
                    "%(line)s rides on the delivery of %(order)s: %(quantity)s are "
                    "delivered so far; validate the transfer in Odoo.",
                    line=line,
                    order=self.sudo().handover_id.order_id.name,
                    quantity=f"{self.qty_received:g}",
                )
            )
        if quantity < 0 or self._is_more(quantity - self.qty_due):
            raise UserError(
                self.env._(
                    "%(due)s of %(line)s are due; what is received lies between 0 and "
                    "that.",
                    due=f"{self.qty_due:g}",
                    line=line,
                )
            )

    # ------------------------------------------------------------------
    # Photos
    # ------------------------------------------------------------------
    def _keep_photos(self, files):
        """Return attachments of this line made of ``[{"name", "data"}]``."""
        self.ensure_one()
        photos = self.env["ir.attachment"].sudo()
        files = files or []
        if not isinstance(files, list) or len(files) > MOST_FILES:
            raise UserError(self.env._("At most %s photos at once.", MOST_FILES))
        for file in files:
            name, data = self._decode_photo(file)
            photos |= photos.create(
                {
                    "name": name,
                    "raw": data,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        return photos

    @api.model
    def _decode_photo(self, file):
        try:
            data = base64.b64decode(file["data"], validate=True)
            name = str(file.get("name") or self.env._("Photo"))[:120]
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
            raise UserError(self.env._("The photo has not arrived whole.")) from None
        self._check_photo(name, data)
        return name, data

    @api.model
    def _check_photo(self, name, data):
        mimetype = guess_mimetype(data)
        picture = mimetype.startswith("image/") and "svg" not in mimetype
        if not data or len(data) > MOST_BYTES:
            raise UserError(self.env._("“%s” is empty or too large.", name))
        if not picture and mimetype != "application/pdf":
            raise UserError(self.env._("“%s” is neither a photo nor a PDF.", name))

    def _adopt_photos(self, photos):
        """Make files that the user uploaded to a form photos of this line."""
        self.ensure_one()
        for photo in photos:
            own = photo.create_uid == self.env.user and not photo.res_field
            if not own or photo.res_model not in (False, "rd.handover.receive"):
                raise UserError(
                    self.env._("“%s” is not a file you have uploaded.", photo.name)
                )
            self._check_photo(photo.name, photo.raw or b"")
        photos.sudo().write({"res_model": self._name, "res_id": self.id})
        return photos

    # ------------------------------------------------------------------
    # Requests for what is missing
    # ------------------------------------------------------------------
    def action_request(self):
        """Ask for these missing lines: an activity with a due day for each."""
        self.check_access("write")
        self._request_missing(every=True)
        return True

    def _request_missing(self, every=False):
        """Ask once for each paper that is missing, with a due day.

        :param bool every: any class, not papers alone
        """
        for line in self:
            asked = line.request_date or line.verdict == "accepted"
            paper = every or line.handover_class == "document"
            if paper and not asked and not line.is_complete:
                line._request()

    def _request(self):
        handover = self.handover_id
        today = self.company_id._rd_today()
        day = max(handover.date_due, today + timedelta(days=DAYS_TO_ANSWER))
        user = handover.user_id or self.env.user
        self._as_internal().write({"request_date": day, "request_user_id": user.id})
        self.activity_schedule(
            TODO,
            date_deadline=day,
            user_id=user.id,
            summary=self.env._(
                "%(handover)s: hand in %(line)s",
                handover=handover.name,
                line=self.display_name,
            ),
        )

    def _close_requests(self):
        """Close what was asked for: it is here, or not needed any more."""
        asked = self.sudo().filtered("activity_ids")
        asked.activity_feedback([TODO], only_automated=False)

    @api.model
    def _cron_remind(self):
        """Remind of papers that are overdue, once a day; later tell a supervisor.

        Each is a transaction of its own: a bad one stops no other.
        """
        lines = self.search(
            [
                ("request_date", "!=", False),
                ("is_complete", "=", False),
                ("handover_state", "in", RECEIVING_STATES),
            ]
        )
        self.env["ir.cron"]._rd_run_each(
            lines.filtered(
                lambda line: line._is_to_remind(line.company_id._rd_today())
            ),
            lambda line: line._remind(line.company_id._rd_today()),
        )

    def _is_to_remind(self, today):
        """Tell whether the paper is overdue and not reminded of today."""
        return self.request_date < today and self.reminded_date != today

    def _remind(self, today):
        if not self._is_to_remind(today):
            return
        handover = self.handover_id
        self._as_internal().write({"reminded_date": today})
        handover.message_post(
            body=self.env._(
                "%(line)s was to be handed in by %(day)s and is missing.",
                line=self.display_name,
                day=self.request_date,
            ),
            partner_ids=self.request_user_id.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        patience = self.request_date + timedelta(days=DAYS_TO_ESCALATE)
        supervisor = self.company_id._rd_get_supervisors()[:1]
        if patience < today and not self.escalated_date and supervisor:
            self._as_internal().write({"escalated_date": today})
            self.activity_schedule(
                TODO,
                date_deadline=today,
                user_id=supervisor.id,
                summary=self.env._("Still missing: %s", self.display_name),
            )
