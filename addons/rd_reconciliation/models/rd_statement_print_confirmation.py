# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import models
from odoo.tools import format_datetime, formatLang
from odoo.tools.mimetypes import guess_mimetype


class RdStatement(models.Model):
    """Who confirmed which revision: printed with the signature on the paper."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    def _prepare_print_data(self):
        """Add what identifies the paper, and the confirmation that counts.

        - ``identity``: revision and hash as one text, or nothing before sending;
        - ``confirmation``: {who, day, text, since, signature}, or nothing; ``since``
          says how what is agreed differs from what was confirmed; ``signature`` is
          the drawn one as an address that carries its own bytes, or nothing.
        """
        data = super()._prepare_print_data()
        data["identity"] = data["record"]._get_print_identity()
        data["confirmation"] = data["record"]._prepare_print_confirmation()
        return data

    def _get_print_identity(self):
        if not self.revision or not self.content_hash:
            return ""
        return self.env._(
            "Revision %(revision)s, SHA-256 %(hash)s",
            revision=self.revision,
            hash=self.content_hash,
        )

    def _get_confirmed_revision(self):
        """Return the log of what was confirmed last: its revision, hash and total.

        Agreeing fixes a new revision where lines have left or were split; what they
        confirmed stays the one before.
        """
        logged = self.revision_ids.filtered(lambda row: row.event == "confirmed")
        return logged.sorted("id")[-1:]

    def _get_counting_answer(self):
        """Return the answer by which the whole was confirmed, a signed one first."""
        confirmed = self._get_confirmed_revision().revision or self.revision
        whole = self.answer_ids.filtered(
            lambda answer: answer.decision == "all" and answer.revision == confirmed
        )
        signed = whole.filtered("signature")
        return (signed or whole).sorted("id")[-1:]

    def _prepare_print_confirmation(self):
        """Return the confirmation that counts; there may be none.

        Without an answer to the whole (all lines one by one, a marked workbook) the
        statement itself says who confirmed it, and when.
        """
        if not self.confirmed_date:
            return None
        answer = self._get_counting_answer()
        moment = answer.date or self.confirmed_date
        return {
            "who": answer.who or self.confirmed_by or "",
            "day": self.company_id._rd_local_date(moment).isoformat(),
            "text": self._get_print_confirmation(answer, moment),
            "since": self._get_print_since(),
            "signature": answer._get_signature_address() if answer else "",
        }

    def _get_print_confirmation(self, answer, moment):
        """Return who confirmed what, when and from where, in one sentence."""
        channels = self.env["rd.statement.answer"]._get_channels()
        confirmed = self._get_confirmed_revision()
        values = {
            "who": answer.who or self.confirmed_by or "",
            "channel": dict(channels).get(
                answer.channel or self.confirmation_channel, ""
            ),
            "moment": format_datetime(
                self.env,
                moment,
                tz=self.company_id.rd_tz,
                dt_format="yyyy-MM-dd HH:mm:ss",
            ),
            "revision": confirmed.revision or self.revision,
            "hash": confirmed.content_hash or self.content_hash or "",
            "address": answer.ip_address or "",
        }
        if answer.ip_address:
            return self.env._(
                "Confirmed by %(who)s (%(channel)s) on %(moment)s from %(address)s: "
                "revision %(revision)s, SHA-256 %(hash)s",
                **values,
            )
        return self.env._(
            "Confirmed by %(who)s (%(channel)s) on %(moment)s: revision "
            "%(revision)s, SHA-256 %(hash)s",
            **values,
        )

    def _get_print_since(self):
        """Return how this revision follows from the confirmed one, or nothing."""
        confirmed = self._get_confirmed_revision()
        if not confirmed or confirmed.content_hash == self.content_hash:
            return ""
        before, total = (
            formatLang(self.env, amount, currency_obj=self.currency_id)
            for amount in (confirmed.amount_total, self.amount_total)
        )
        return self.env._(
            "Revision %(revision)s is revision %(confirmed)s less what was carried "
            "over or settled since: %(before)s, now %(total)s",
            revision=self.revision,
            confirmed=confirmed.revision,
            before=before,
            total=total,
        )


class RdStatementAnswer(models.Model):
    _name = "rd.statement.answer"
    _inherit = ["rd.statement.answer"]

    def _get_signature_address(self):
        """Return the drawn signature as an address that carries its own bytes."""
        self.ensure_one()
        drawn = self.with_context(bin_size=False).signature
        if not drawn:
            return ""
        kind = guess_mimetype(base64.b64decode(drawn))
        return f"data:{kind};base64,{drawn.decode()}"
