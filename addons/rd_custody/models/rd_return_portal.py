# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import uuid

from psycopg2.errors import UniqueViolation

from odoo import Command, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from .typed_pieces import typed_pieces

MAX_PHOTOS = 10
MAX_BYTES = 10 * 1024 * 1024


class RdReturn(models.Model):
    """What the customer sees of its returns, and how it asks for one."""

    _name = "rd.return"
    _inherit = ["rd.return"]

    portal_key = fields.Char(
        copy=False,
        readonly=True,
        help="Names the page it was asked for on; one page asks for one return.",
    )

    _portal_once = models.UniqueIndex(
        "(partner_id, portal_key) WHERE portal_key IS NOT NULL",
        "This return was asked for already.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"portal_key"}

    def _get_portal_url(self):
        self.ensure_one()
        return f"{self.get_base_url()}/my/returns/{self.id}"

    @api.model
    def _get_portal_domain(self):
        """Return the returns that the present portal user may see."""
        return [
            ("partner_id", "=", self.env.user.partner_id.commercial_partner_id.id),
            ("state", "!=", "cancelled"),
        ]

    def _get_portal_view(self):
        """Return the returns as their page shows them: names of products as well.

        :raise AccessError: for anybody else's return
        """
        self.check_access("read")
        return self.sudo()

    @api.model
    def _get_portal_room(self):
        """Return ``{delivered line: quantity}`` the user may still send back."""
        user = self.env.user
        moves = self.env["stock.move"]._rd_search_delivered(
            user.company_id, user.partner_id
        )
        room = moves._rd_get_return_room()
        return {
            move.sudo(): left
            for move, left in room.items()
            if move.sudo().product_uom.compare(left, 0.0) > 0
        }

    @api.model
    def _get_portal_reasons(self):
        """Return the reasons a customer may choose from."""
        company = self.env.user.company_id
        domain = [("company_id", "in", (False, company.id))]
        return self.env["rd.return.reason"].sudo().search(domain)

    @api.model
    def _make_portal_key(self):
        """Return a name for a page that is about to be shown."""
        return uuid.uuid4().hex

    @api.model
    def _portal_request(self, quantities, reason_id, words, photos=(), key=None):
        """Ask for a return as a person of the customer; a repeat finds the first.

        :param quantities: ``{delivered line id: text of a quantity}``; empty ones are
            left out
        :param photos: ``[(file name, bytes)]``
        :param key: names the page; whoever presses twice asks once
        :raise UserError: without goods or a reason, above what was delivered, or for
            a delivery of somebody else
        """
        user = self.env.user
        if not user._is_portal():
            raise UserError(self.env._("Only a customer asks for a return here."))
        key = str(key or "")[:64] or False
        if found := self._portal_find_asked(key):
            return found
        room = {move.id: move for move in self._get_portal_room()}
        lines = [
            {"move_id": self._portal_pick(room, key).id, "quantity": amount}
            for key, text in quantities.items()
            if (amount := self._portal_number(text))
        ]
        reason = self._get_portal_reasons().filtered(lambda one: one.id == reason_id)
        if not lines or not reason:
            raise UserError(
                self.env._("Say how many pieces of what come back, and why.")
            )
        record = self.sudo().create(
            self._prepare_portal_request(lines, reason, (words or "").strip())
        )
        record._portal_keep_key(key)
        record._portal_add_photos(photos)
        record._portal_tell_desk()
        return record.sudo(False)

    @api.model
    def _portal_find_asked(self, key):
        """Return what the same page has asked for already."""
        if not key:
            return self.browse()
        partner = self.env.user.partner_id.commercial_partner_id
        same = [("partner_id", "=", partner.id), ("portal_key", "=", key)]
        return self.sudo().search(same, limit=1).sudo(False)

    def _portal_keep_key(self, key):
        """Name the page; who comes second at once looks again, and finds the first."""
        try:
            self._as_internal().write({"portal_key": key})
            self.flush_recordset(["portal_key"])
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _portal_pick(self, room, key):
        if key not in room:
            raise UserError(
                self.env._("This is not one of your deliveries; load the page again.")
            )
        return room[key]

    @api.model
    def _portal_number(self, text):
        """Return the quantity that somebody typed; nothing for an empty field."""
        try:
            return typed_pieces(text)
        except ValueError as error:
            raise UserError(
                self.env._("“%s” is not a number of pieces that can come back.", error)
            ) from error

    @api.model
    def _prepare_portal_request(self, lines, reason, words):
        user = self.env.user
        return {
            "company_id": user.company_id.id,
            "partner_id": user.partner_id.commercial_partner_id.id,
            "reason_id": reason.id,
            "description": words or False,
            "requested_by": user.name,
            "channel": "portal",
            "user_id": False,
            "line_ids": [Command.create(vals) for vals in lines],
        }

    def _portal_add_photos(self, photos):
        """Keep the photos; only pictures, and no more than a person takes."""
        if len(photos) > MAX_PHOTOS:
            raise UserError(
                self.env._("Send no more than %s photos with one request.", MAX_PHOTOS)
            )
        for name, data in photos:
            if len(data) > MAX_BYTES:
                raise UserError(self.env._("“%s” is larger than 10 MB.", name))
            photo = self.env["ir.attachment"].create(
                {
                    "name": name,
                    "raw": data,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
            if not (photo.mimetype or "").startswith("image/"):
                raise UserError(self.env._("“%s” is not a photo.", name))
            self.photo_ids = [Command.link(photo.id)]

    def _portal_tell_desk(self):
        """Nobody handles it yet: a supervisor sees that it came."""
        company = self.company_id
        for user in company._rd_get_supervisors()[:1]:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=company._rd_local_date(self.answer_due),
                summary=self.env._("%s was asked for on the portal", self.name),
                user_id=user.id,
            )

    def _tell_customer(self):
        """Answer who has an address; the portal shows it in any case."""
        template = self.env.ref("rd_custody.mail_template_return", False)
        for record in self:
            people = record.partner_id.child_ids.filtered(
                lambda one: one.type == "contact"
            )
            people = (people | record.partner_id).filtered("email_normalized")
            if people and template:
                values = {
                    "recipient_ids": [Command.set(people.ids)],
                    "email_to": False,
                }
                template.send_mail(record.id, email_values=values)
