# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize

from .rd_ledger import ForeignLedger

_logger = logging.getLogger(__name__)

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".csv", ".ods")


class RdStatement(models.Model):
    """Their answer as a reply to our mail: the marked workbook, or their ledger."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    def message_update(self, msg_dict, update_vals=None):
        """Read the spreadsheets of a reply, when an address of theirs sent it.

        Only mail that the gateway has received is read: whoever calls this by hand
        is not the system, and nothing is taken from such a message.
        """
        res = super().message_update(msg_dict, update_vals=update_vals)
        if self.env.su:
            for statement in self:
                statement._take_mail(msg_dict)
        return res

    def _take_mail(self, msg_dict):
        self.ensure_one()
        author = self._find_mail_author(msg_dict.get("email_from"))
        files = [
            (attachment[0], attachment[1])
            for attachment in msg_dict.get("attachments") or []
            if (attachment[0] or "").lower().endswith(SPREADSHEETS)
        ]
        if not author or not files:
            return
        statement = self.with_context(lang=author.lang or self.env.lang)
        outcomes = [
            statement._take_mailed_file(name, data, author) for name, data in files
        ]
        statement._reply_outcomes(author, outcomes)

    def _find_mail_author(self, email_from):
        """Return the contact of the affiliate with this address, or none."""
        email = email_normalize(email_from or "")
        if not email:
            return self.env["res.partner"]
        company = self.partner_id.commercial_partner_id
        return self.env["res.partner"].search(
            [
                ("commercial_partner_id", "=", company.id),
                ("email_normalized", "=", email),
            ],
            order="is_company, id",
            limit=1,
        )

    def _take_mailed_file(self, name, data, author):
        """Read one file of a mail; what is refused leaves everything as it was."""
        data = data.encode() if isinstance(data, str) else data
        source = self._prepare_answer_source("workbook", author.display_name)
        try:
            with self.env.cr.savepoint():
                return self._take_spreadsheet(name, data, source)
        except ForeignLedger as error:
            self._note_foreign_ledger(
                self._clean_filename(name), author.display_name, error.owners
            )
            return str(error)
        except UserError as error:
            _logger.info("%s of %s was refused: %s", name, self.name, error)
            return str(error)
        except Exception:
            # The mail would be gone with what could not be done with its file.
            _logger.exception("%s of %s was not read", name, self.name)
            return self._note_unread_file(
                self._clean_filename(name), author.display_name
            )

    def _note_unread_file(self, name, who):
        """Remind the desk of a file that nobody has read; return what its sender is
        told."""
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        desk = self.with_context(lang=lang)
        supervisor = self.company_id._rd_get_supervisors()[:1]
        desk.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company_id._rd_today(),
            user_id=(self.user_id or supervisor or self.env.user).id,
            summary=desk.env._(
                "%(file)s of %(who)s could not be read; it is in the messages of the "
                "statement. Read it and note what they answer.",
                file=name,
                who=who,
            ),
        )
        return self.env._(
            "%(file)s could not be read by itself. It has arrived, and we look at it "
            "and answer you.",
            file=name,
        )

    def _reply_outcomes(self, author, outcomes):
        """Tell the sender and the desk what came of the files."""
        self.message_post(
            body="\n".join(outcomes),
            partner_ids=author.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.company_id.partner_id.id,
        )
