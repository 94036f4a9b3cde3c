# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import re

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

PROOF_TYPES = (
    *("application/pdf", "image/jpeg", "image/png", "image/webp", "image/gif"),
    *("image/heic", "image/heif"),
)
PROOF_SIZE = 10 << 20
PROOFS_OF_ONE = 500


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _post_with_proof(self, body, attachments):
        """Note something with files that hang on another record of the suite."""
        message = self.message_post(body=body)
        # The thread leaves out files of people from outside; these were checked.
        message.sudo().attachment_ids = [Command.link(id_) for id_ in attachments.ids]
        return message


class RdStatement(models.Model):
    """Files of the other side: proof beside an answer, a ledger, our workbook."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    # ------------------------------------------------------------------
    # Proof
    # ------------------------------------------------------------------
    @api.model
    def _clean_filename(self, name):
        """Return a name from outside without folders and unprintable characters."""
        name = re.split(r"[/\\]", name or "")[-1]
        name = "".join(char for char in name if char.isprintable()).strip(" .")
        return name[-120:] or self.env._("file")

    def _keep_proof(self, name, data):
        """Keep a photo or scan of theirs with the statement; return the attachment.

        :param bytes data: content; its own bytes say what it is, not its name
        :raise UserError: when it is no picture or PDF, or too large
        """
        self.ensure_one()
        name = self._clean_filename(name)
        if not data or len(data) > PROOF_SIZE:
            raise UserError(
                self.env._(
                    "%(file)s is empty or larger than %(limit)s MB; send a smaller "
                    "photo or scan.",
                    file=name,
                    limit=PROOF_SIZE >> 20,
                )
            )
        mimetype = guess_mimetype(data, default="application/octet-stream")
        if mimetype not in PROOF_TYPES:
            raise UserError(
                self.env._("%(file)s is neither a picture nor a PDF.", file=name)
            )
        attachments = self.env["ir.attachment"]
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        if attachments.search_count(domain, limit=PROOFS_OF_ONE) >= PROOFS_OF_ONE:
            raise UserError(
                self.env._("%(statement)s has too many files.", statement=self.name)
            )
        return attachments.create(
            {
                "name": name,
                "raw": data,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # ------------------------------------------------------------------
    # Spreadsheets
    # ------------------------------------------------------------------
    def _take_spreadsheet(self, name, data, source):
        """Read a spreadsheet of theirs: our marked workbook, or their own ledger.

        :return: what came of it, in plain words
        :raise UserError: when it cannot be read; nothing has been taken then
        """
        self.ensure_one()
        name = self._clean_filename(name)
        if marked := self._read_marked_workbook(name, data):
            return self._take_workbook(name, data, marked, source)
        ledger = self._read_handed_in(name, data)
        # As long as its layout is asked, the file says nothing against any line.
        if ledger.layout_state == "known":
            self._match()
        if self.state == "sent" and self.difference_count:
            self._move_to("disputed")
        self.env["rd.statement.answer"]._as_internal().create(
            {**source, "decision": "ledger", "note": name, "sha256": ledger.sha256}
        )
        return self._get_ledger_outcome(ledger)

    def _read_handed_in(self, name, data):
        ledger = self.env["rd.ledger"]._as_internal()
        made = ledger.create(
            {
                "statement_id": self.id,
                "file": base64.b64encode(data),
                "filename": name,
                "from_outside": True,
            }
        )
        return made.with_env(self.env)

    def _note_foreign_ledger(self, name, who, owners, data=None):
        """Leave the desk what it knows of a file that was not taken, and a reminder.

        Who handed it in reads neither: the note is an internal one.

        :param bytes data: what is kept of it, where no message bears it already
        """
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        statement = self.with_context(lang=lang)
        text = statement.env._(
            "%(file)s of %(who)s was not taken: none of its delivery notes is on this "
            "statement.",
            file=name,
            who=who,
        )
        known = statement.env._("No affiliate of this month has them.")
        if owners:
            known = statement.env._(
                "They are on the statement of %(others)s.",
                others=", ".join(owners.mapped("name")),
            )
        body = f"{text} {known}"
        statement.message_post(
            body=body,
            attachments=[(name, data)] if data else [],
            subtype_xmlid="mail.mt_note",
        )
        supervisor = self.company_id._rd_get_supervisors()[:1]
        statement.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company_id._rd_today(),
            user_id=(self.user_id or supervisor or self.env.user).id,
            summary=text,
            note=known,
        )

    def _get_ledger_outcome(self, ledger):
        """Return in plain words what came of comparing a ledger with ours."""
        self.ensure_one()
        if ledger.layout_state == "asked":
            return self.env._(
                "%(file)s has arrived; it is written in a way new to us, so we look at "
                "it first and compare it then.",
                file=ledger.filename,
            )
        lines = self._lines()
        agree = lines.filtered(lambda line: line.verdict == "confirmed")
        differ = lines.filtered(lambda line: line.verdict == "difference")
        missing = differ.filtered(lambda line: not line.match_id.ledger_line_ids)
        alone = ledger.line_ids.filtered(
            lambda row: row.match_id and not row.match_id.statement_line_ids
        )
        sentences = [
            self.env._(
                "%(file)s: %(rows)s rows read. %(agree)s of our %(lines)s lines agree.",
                file=ledger.filename,
                rows=ledger.rows_used,
                agree=len(agree),
                lines=len(lines),
            )
        ]
        if differ - missing:
            count = len(differ - missing)
            sentences.append(self.env._("%(count)s lines differ.", count=count))
        if missing:
            count = len(missing)
            sentences.append(
                self.env._("%(count)s lines are not in your file.", count=count)
            )
        if alone:
            count = len(alone)
            sentences.append(
                self.env._(
                    "%(count)s rows of your file are not on our statement.", count=count
                )
            )
        if ledger.rows_skipped:
            sentences.append(
                self.env._(
                    "%(count)s rows were left out (totals, remarks or unreadable).",
                    count=ledger.rows_skipped,
                )
            )
        return " ".join(sentences)
