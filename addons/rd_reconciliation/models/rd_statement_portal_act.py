# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq
from odoo.tools.mimetypes import guess_mimetype

from .rd_ledger import ForeignLedger

SIGNATURE_SIZE = 1 << 20
# What has been confirmed without a signature may be signed until the month is over.
SIGNABLE = ("confirmed", "agreed", "invoiced")


class RdStatement(models.Model):
    """What a signed-in person of the affiliate does on the portal.

    Each act is asked with the user's own rights and names the revision it answers;
    only then is it done as the system.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    @api.model
    def _find_for_portal(self, statement_id, token=None):
        """Return the statement as the system sees it, or none.

        None stands for "not there" and for "not yours" alike.

        :param token: of a link, which opens what has been sent and nothing else
        """
        statement = self.browse(statement_id).exists()
        if statement and statement.has_access("read"):
            return statement.sudo()
        known = statement.sudo()
        valid = token and known.access_token and consteq(known.access_token, str(token))
        if valid and known.revision and known.state not in ("draft", "cancelled"):
            return known
        return self.browse().sudo()

    def _is_seen_by(self, user):
        """Tell whether the user sees the statement by the own rights."""
        return self.with_user(user).has_access("read")

    def _is_shown_whole(self, user, token):
        """Tell whether paper and workbook, which bear amounts, are for this viewer."""
        if self._is_seen_by(user):
            return self.with_user(user)._shows_amounts()
        return bool(token)

    def _render_paper(self):
        """Return the bytes of the PDF, made as the system: it bears every figure."""
        return self._render_report("rd_reconciliation.report_statement")

    def _render_workbook(self):
        """Return the bytes of the workbook that can be marked and sent back."""
        return self._render_report("rd_reconciliation.statement_xlsx")

    def _render_report(self, name):
        self.ensure_one()
        report = self.with_user(SUPERUSER_ID).env["ir.actions.report"]
        return report._render(name, self.ids)[0]

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------
    def _portal_answer_line(self, line_id, values, ip_address=None):
        """Take the answer to one line; return what the page shows of it now.

        :param dict values: decision, revision, content_hash, stamp; for a dispute
            also reason, quantity, price, note, file_name and file (base64)
        """
        self._check_portal_actor()
        shows_amounts = self._shows_amounts()
        statement = self.sudo()
        statement._check_answerable(values.get("revision"), values.get("content_hash"))
        line = statement.line_ids.browse(line_id).exists()
        if line.statement_id != statement or not line:
            raise UserError(self.env._("This line is not on the statement."))
        if values.get("stamp") != line._get_stamp():
            raise UserError(
                self.env._(
                    "%(line)s has changed meanwhile; open the page again.",
                    line=line.display_name,
                )
            )
        source = statement._prepare_answer_source(
            "portal", self.env.user.name, ip_address
        )
        answer = self._prepare_portal_answer(values, statement, shows_amounts)
        if answer["decision"] != "confirmed" or line.verdict != "confirmed":
            statement._take_line_answers({line: answer}, source)
            # beside a dispute they confirm the rest by an act, which may be signed
            agreed = not statement.difference_count
            if agreed and statement._is_answered_by_finance(self.env.user):
                statement._confirm_when_complete(source)
        return statement._prepare_portal_result(line, shows_amounts)

    def _is_answered_by_finance(self, user):
        """Tell whether finance alone has agreed to the lines: who else answers them
        does not confirm the whole."""
        answers = self.answer_ids.filtered(
            lambda answer: (
                answer.decision == "confirmed" and answer.revision == self.revision
            )
        )
        people = (answers.user_id | user).partner_id
        return set(people.mapped("rd_portal_role")) == {"finance"}

    @api.model
    def _prepare_portal_answer(self, values, statement, shows_amounts):
        """Return the answer without what this person may not say."""
        names = ("decision", "reason", "quantity", "note")
        answer = {name: values.get(name) for name in names}
        if shows_amounts:
            answer["price"] = values.get("price")
        elif answer["reason"] == "price":
            raise UserError(self.env._("Your finance department answers prices."))
        if answer["decision"] == "disputed" and values.get("file"):
            data = self._decode_file(values["file"])
            proof = statement._keep_proof(str(values.get("file_name") or ""), data)
            answer["attachment_ids"] = proof.ids
        return answer

    @api.model
    def _decode_file(self, text):
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise UserError(self.env._("The file has not arrived whole.")) from None

    @api.model
    def _prepare_portal_result(self, line, shows_amounts):
        counts = line._count_for_portal([("statement_id", "=", line.statement_id.id)])
        labels = dict(line._fields["verdict"]._description_selection(self.env))
        return {
            "verdict": line.verdict,
            "label": labels[line.verdict],
            "why": line._get_portal_why(shows_amounts),
            "said": line._get_portal_said(),
            "counts": counts,
            "offer": line._get_portal_offer(counts),
            "confirmed": line.statement_id.state == "confirmed",
        }

    def _portal_confirm(
        self, revision, content_hash, ip_address=None, signature=None, scan=None
    ):
        """Confirm all lines without dispute, plainly, signed, or by a stamped scan.

        :param signature: base64 of the drawn signature
        :param scan: (file name, bytes) of the stamped paper
        """
        self._check_portal_actor(finance=True)
        statement = self.sudo()
        same = (revision, content_hash) == (statement.revision, statement.content_hash)
        if same and not scan and statement._is_confirmed_by(self.env.user, signature):
            return
        later = bool(signature or scan) and statement._may_be_signed_later()
        if later:
            statement._check_confirmable(revision, content_hash)
        else:
            statement._check_answerable(revision, content_hash)
            statement._check_same_as_sent()
            statement._check_something_to_confirm()
        channel = "scan" if scan else "portal"
        values = {}
        if signature:
            values["signature"] = self._check_signature(signature)
        if scan:
            proof = statement._keep_proof(*scan)
            values["attachment_ids"] = [fields.Command.set(proof.ids)]
        source = statement._prepare_answer_source(
            channel, self.env.user.name, ip_address
        )
        take = statement._take_signature if later else statement._take_confirmation
        statement._post_confirmation(take(source, **values))

    def _may_be_signed_later(self):
        """Tell whether the whole is confirmed, line by line or in another way, and
        neither signed nor stamped by anybody: that is done once."""
        self.ensure_one()
        return self.state in SIGNABLE and self._lacks_signature()

    def _lacks_signature(self):
        """Tell whether this very revision is confirmed, and by no signature."""
        signed = self.answer_ids.filtered(
            lambda answer: (
                answer.decision == "all"
                and answer.revision == self.revision
                and (answer.signature or answer.channel == "scan")
            )
        )
        confirmed = self._get_confirmed_revision().revision or self.revision
        return bool(self.confirmed_date and not signed and confirmed == self.revision)

    def _take_signature(self, source, **values):
        """Keep a signature beside a confirmation that was given without one; who
        confirmed, and when, stays as it is."""
        self.ensure_one()
        self._claim()
        return (
            self.env["rd.statement.answer"]
            ._as_internal()
            .create({**source, "decision": "all", **values})
        )

    def _check_same_as_sent(self):
        """Refuse a confirmation of what we have changed since; they need do nothing."""
        if self._has_changed_since_sent():
            raise UserError(
                self.env._(
                    "%(statement)s has changed since it was sent; we send it again, "
                    "and what you have answered stays.",
                    statement=self.name,
                )
            )

    def _check_something_to_confirm(self):
        """Refuse a confirmation where every line is in dispute."""
        lines = self.env["rd.statement.line"]
        counts = lines._count_for_portal([("statement_id", "=", self.id)])
        if not lines._get_portal_offer(counts):
            raise UserError(
                self.env._(
                    "Every line of %(statement)s is in dispute; there is nothing to "
                    "confirm until they are cleared.",
                    statement=self.name,
                )
            )

    def _is_confirmed_by(self, user, signed):
        """Tell whether confirming once more would say nothing new.

        Where lines are in dispute the statement stays so; then the user's own
        answer to the whole counts, and so it does for a signature.
        """
        if self.state == "confirmed" and not signed:
            return True
        said = self.answer_ids.filtered(
            lambda answer: (
                answer.decision == "all"
                and answer.revision == self.revision
                and answer.user_id == user
                and (answer.signature or not signed)
            )
        )
        waiting = self._lines().filtered(lambda line: line.verdict == "pending")
        settled = self.state == "disputed" and not self.difference_count
        return bool(said and not waiting and not settled)

    @api.model
    def _check_signature(self, text):
        """Return a drawn signature as it is stored, or refuse what is none."""
        data = self._decode_file(text)
        picture = guess_mimetype(data) in ("image/png", "image/jpeg")
        if not picture or len(data) > SIGNATURE_SIZE:
            raise UserError(self.env._("The signature has not arrived; sign again."))
        return base64.b64encode(data)

    def _post_confirmation(self, answer):
        """Say on the statement who confirmed what, and from where."""
        self._post_with_proof(
            self.env._(
                "%(who)s confirmed revision %(revision)s (%(hash)s), from %(address)s.",
                who=answer.who,
                revision=answer.revision,
                hash=(answer.content_hash or "")[:12],
                address=answer.ip_address or "?",
            ),
            answer.attachment_ids,
        )

    def _portal_upload(self, name, data, revision, content_hash, ip_address=None):
        """Read their ledger, or our marked workbook.

        :return: what came of it, or {error} for a file that is none of this statement
        """
        self._check_portal_actor()
        statement = self.sudo()
        statement._check_answerable(revision, content_hash)
        if not self._shows_amounts():
            raise UserError(
                self.env._("Your finance department hands in spreadsheets.")
            )
        source = statement._prepare_answer_source(
            "portal", self.env.user.name, ip_address
        )
        try:
            with self.env.cr.savepoint():
                return statement._take_spreadsheet(name, data, source)
        except ForeignLedger as error:
            name = statement._clean_filename(name)
            statement._note_foreign_ledger(name, source["who"], error.owners, data)
            return {"error": str(error)}

    def _find_portal_proof(self, attachment_id):
        """Return a file of their own answers as the system sees it, or none."""
        self.ensure_one()
        viewer = self.env["rd.statement"].sudo(False)
        return self._get_portal_proofs(viewer).filtered(
            lambda attachment: attachment.id == attachment_id
        )
