# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError


class RdConfirmationMixin(models.AbstractModel):
    """What the other side confirms: one revision of one content, by one channel.

    A model that inherits this answers ``_prepare_confirmation_content`` with what
    the other side sees. Sending fixes revision and hash; a confirmation names
    both, and one that names an older content is refused.
    """

    _name = "rd.confirmation.mixin"
    _inherit = ["rd.guarded.mixin"]
    _description = "Confirmation by the other side"

    revision = fields.Integer(default=0, readonly=True, copy=False)
    content_hash = fields.Char(readonly=True, copy=False)
    sent_date = fields.Datetime(readonly=True, copy=False)
    confirmed_date = fields.Datetime(readonly=True, copy=False)
    confirmed_by = fields.Char(
        readonly=True, copy=False, help="Person of the other side who confirmed."
    )
    confirmation_channel = fields.Selection(
        [
            ("ledger", "Their ledger agrees"),
            ("workbook", "Marked workbook sent back"),
            ("scan", "Stamped scan"),
            ("portal", "On the portal"),
            ("phone", "Phone, noted by us"),
            ("fax", "Fax, noted by us"),
            ("paper", "Paper, noted by us"),
            ("message", "E-mail or messenger, noted by us"),
            ("deemed", "Deemed agreed by contract"),
        ],
        readonly=True,
        copy=False,
    )
    confirmation_note = fields.Char(readonly=True, copy=False)

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "revision",
            "content_hash",
            "sent_date",
            "confirmed_date",
            "confirmed_by",
            "confirmation_channel",
            "confirmation_note",
        }

    def _prepare_confirmation_content(self):
        """Return what is confirmed as plain data (strings, numbers, lists)."""
        self.ensure_one()
        return {}

    def _get_content_hash(self):
        """Return the SHA-256 of what the other side sees, as hexadecimal text."""
        content = json.dumps(
            self._prepare_confirmation_content(), sort_keys=True, ensure_ascii=False
        )
        return hashlib.sha256(content.encode()).hexdigest()

    def _fix_revision(self):
        """Freeze the present content as the next revision, if it changed."""
        for record in self:
            digest = record._get_content_hash()
            if digest != record.content_hash:
                record._as_internal().write(
                    {
                        "revision": record.revision + 1,
                        "content_hash": digest,
                        "sent_date": fields.Datetime.now(),
                    }
                )

    def _record_confirmation(
        self, channel, who, revision, content_hash, note=None, moment=None
    ):
        """Write down that ``who`` confirmed this very revision and content.

        :param moment: naive UTC datetime of it; now, without one
        :raise UserError: when the content has changed since
        """
        self.ensure_one()
        self._check_confirmable(revision, content_hash)
        self._as_internal().write(
            {
                "confirmed_date": moment or fields.Datetime.now(),
                "confirmed_by": who,
                "confirmation_channel": channel,
                "confirmation_note": note or False,
            }
        )

    def _check_confirmable(self, revision, content_hash):
        """Refuse an answer that names another content than there is by now.

        :raise UserError: when the content has changed since
        """
        self.ensure_one()
        if (
            revision != self.revision
            or content_hash != self.content_hash
            or content_hash != self._get_content_hash()
        ):
            raise UserError(
                self.env._(
                    "%(record)s has changed since it was sent (revision "
                    "%(revision)s); send it again before it is confirmed.",
                    record=self.display_name,
                    revision=self.revision,
                )
            )
