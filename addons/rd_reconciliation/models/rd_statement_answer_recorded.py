# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import fields, models
from odoo.exceptions import UserError


class RdStatement(models.Model):
    """Answers that the desk writes down: who, when, how, and the evidence."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    def _take_recorded(self, who, channel, note, day=None):
        """Keep the answer beside the others when the confirmation is written down."""
        res = super()._take_recorded(who, channel, note, day)
        source = self._prepare_answer_source(channel, who)
        self.env["rd.statement.answer"]._as_internal().create(
            {
                **source,
                "decision": "all",
                "note": note or False,
                "date": self.confirmed_date,
            }
        )
        return res

    def _check_evidence(self, note, proof):
        """Refuse a confirmation that nothing shows but its own entry."""
        self.ensure_one()
        if not (note or "").strip() and not proof:
            raise UserError(
                self.env._(
                    "Attach what shows the confirmation of %(statement)s, or write "
                    "down what was said, and where it is kept.",
                    statement=self.name,
                )
            )

    def _get_recorded_moment(self, day):
        """Return the moment of a confirmation that was told us on a day.

        :raise UserError: for a day before the statement was sent, or one to come
        """
        self.ensure_one()
        company, now = self.company_id, fields.Datetime.now()
        today = company._rd_local_date(now)
        day = self.env["rd.difference"]._checked_day(day) or today
        sent = company._rd_local_date(self.sent_date)
        if not sent <= day <= today:
            raise UserError(
                self.env._(
                    "%(statement)s was sent on %(sent)s; it cannot have been confirmed "
                    "on %(day)s.",
                    statement=self.name,
                    sent=sent,
                    day=day,
                )
            )
        if day == today:
            return now
        return max(company._rd_noon(day), self.sent_date)

    def _keep_recorded_evidence(self, proof):
        """Keep a scan or photo with the confirmation that has just been noted."""
        self.ensure_one()
        if not proof:
            return
        self._check_desk()
        proof = proof if isinstance(proof, dict) else {}
        data = self._decode_file(proof.get("data"))
        proof = self._keep_proof(str(proof.get("name") or ""), data)
        answer = self.answer_ids.filtered(lambda item: item.decision == "all")[:1]
        # Nobody writes answers; the desk was checked above.
        answer = answer.sudo()
        answer._as_internal().write({"attachment_ids": [fields.Command.link(proof.id)]})
        self._post_with_proof(
            self.env._(
                "Confirmed by %(who)s; the evidence is attached.", who=answer.who
            ),
            proof,
        )

    def _take_recorded_workbook(self, name, data, who):
        """Read our workbook that reached the desk some other way; return the outcome.

        :raise UserError: when it is not our workbook, or a row cannot be taken
        """
        self.ensure_one()
        self._check_desk()
        name = self._clean_filename(name)
        marked = self._read_marked_workbook(name, data)
        if not marked:
            raise UserError(
                self.env._(
                    "%(file)s is not the workbook we sent; read it as their ledger "
                    "instead.",
                    file=name,
                )
            )
        source = self._prepare_answer_source("workbook", who)
        outcome = self._take_workbook(name, data, marked, source)
        self._log_act("answered", name)
        return outcome


class RdLedger(models.Model):
    _name = "rd.ledger"
    _inherit = ["rd.ledger"]

    def _read(self):
        """Refuse our own workbook: its rows are ours, so all of them would agree."""
        for ledger in self:
            data = base64.b64decode(ledger.file or b"")
            name = ledger.filename or ""
            if self.env["rd.statement"]._read_marked_workbook(name, data):
                raise UserError(
                    self.env._(
                        "%(file)s is our own statement; note it as a marked workbook.",
                        file=name,
                    )
                )
        return super()._read()
