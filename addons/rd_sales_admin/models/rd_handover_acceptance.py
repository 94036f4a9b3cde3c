# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

ASKED_STATES = ("sent", "disputed")
RECORDED = ("phone", "fax", "paper", "message", "scan")


class RdHandover(models.Model):
    """The other side's answer: class by class accepted, line by line disputed.

    All ways in (portal, stamped scan, noted phone or fax) end in
    ``_take_acceptance`` and ``_take_dispute``; each leaves an answer.
    """

    _name = "rd.handover"
    _inherit = ["rd.handover"]

    @api.model
    def _get_channels(self):
        """Return the ways in which a handover can be answered."""
        field = self._fields["confirmation_channel"]
        known = ("portal", *RECORDED)
        return [(code, label) for code, label in field.selection if code in known]

    def _prepare_confirmation_content(self):
        """Return head and lines as the other side sees them."""
        return {
            "handover": self.name,
            "order": self.order_id.name,
            "their_order": self.order_id.client_order_ref or "",
            "partner": self.partner_id.name,
            "share": f"{self.share:.2f}",
            "lines": [line._prepare_content() for line in self.line_ids.sorted("id")],
        }

    def _get_shown_revision(self):
        """Return (revision, hash) of what a page that is opened now shows."""
        self.ensure_one()
        digest = self._get_content_hash()
        changed = self.state in ASKED_STATES and digest != self.content_hash
        return self.revision + (1 if changed else 0), digest

    def _renew_revision(self):
        """Fix what the other side sees anew, while it is asked."""
        self.filtered(lambda one: one.state in ASKED_STATES)._fix_revision()

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    @api.model
    def _prepare_source(self, channel, who, revision, content_hash, **values):
        """Return who answers, how, and to which content.

        :param values: user_id, ip_address, note, date, attachment_ids
        """
        return {
            "channel": channel,
            "who": who,
            "revision": revision,
            "content_hash": content_hash,
            "date": fields.Datetime.now(),
            **values,
        }

    def _check_asked(self, source):
        """Refuse an answer to what is not asked, or to an older content."""
        self.ensure_one()
        # Deliveries may have come in since the list was sent.
        self._renew_revision()
        if self.state not in ASKED_STATES:
            raise UserError(
                self.env._(
                    "%(handover)s is accepted already; it stays as it was accepted.",
                    handover=self.name,
                )
                if self.state == "accepted"
                else self.env._(
                    "%(handover)s does not wait for an answer.", handover=self.name
                )
            )
        seen = (source["revision"], source["content_hash"])
        if seen != (self.revision, self.content_hash):
            raise UserError(
                self.env._(
                    "%(handover)s has changed (revision %(revision)s); open it again "
                    "and answer that one.",
                    handover=self.name,
                    revision=self.revision,
                )
            )

    def _take_acceptance(self, source, classes=None):
        """Accept classes of the list; with the last one the handover is accepted.

        :param source: of :meth:`_prepare_source`
        :param classes: codes; None: all that is not accepted yet
        :raise UserError: names the line that keeps a class from being accepted
        """
        self.ensure_one()
        self._check_asked(source)
        lines = self.line_ids.filtered(
            lambda line: (
                line.verdict != "accepted"
                and (classes is None or line.handover_class in classes)
            )
        )
        lines._check_acceptable()
        lines._as_internal().write({"verdict": "accepted"})
        for code in dict.fromkeys(lines.mapped("handover_class")):
            self._log_answer(source, "accepted", handover_class=code)
        self._leave_dispute()
        if all(line.verdict == "accepted" for line in self.line_ids):
            self._accept(source)

    def _accept(self, source):
        self._record_confirmation(
            source["channel"],
            source["who"],
            source["revision"],
            source["content_hash"],
            source.get("note"),
        )
        self._as_internal().write({"confirmed_date": source["date"]})
        self._move_to("accepted")

    def _take_dispute(self, source, line, reason):
        """Dispute one line with a reason; whoever is responsible is told."""
        self.ensure_one()
        self._check_asked(source)
        reason = (reason or "").strip()[:500] if isinstance(reason, str) else ""
        if line.handover_id != self or line.verdict == "accepted":
            raise UserError(
                self.env._(
                    "%s was accepted already and cannot be disputed here.",
                    line.display_name,
                )
            )
        if not reason:
            raise UserError(self.env._("Say what is wrong with %s.", line.display_name))
        line._as_internal().write(
            {"verdict": "disputed", "dispute_reason": reason, "dispute_reply": False}
        )
        self._log_answer(source, "disputed", line=line, reason=reason)
        self._move_to("disputed")
        line.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(self.user_id or self.env.user).id,
            summary=self.env._(
                "Disputed: %(line)s: %(reason)s",
                line=line.display_name,
                reason=reason,
            ),
        )

    def _take_withdrawal(self, source, line):
        """Take a dispute back on the word of the other side."""
        self._check_asked(source)
        if line.handover_id == self and line.verdict == "disputed":
            line._as_internal().write({"verdict": "waiting"})
            line._close_requests()
            self._log_answer(source, "withdrawn", line=line)
            self._leave_dispute()

    def _leave_dispute(self):
        """Return to waiting once no line is disputed any more."""
        disputed = "disputed" in self.line_ids.mapped("verdict")
        if self.state == "disputed" and not disputed:
            self._move_to("sent")

    def _log_answer(self, source, decision, handover_class=False, line=None, **values):
        papers = source.get("attachment_ids") or []
        self.env["rd.handover.answer"].sudo()._as_internal().create(
            {
                "handover_id": self.id,
                "handover_class": handover_class or (line and line.handover_class),
                "line_id": line.id if line else False,
                "decision": decision,
                "recorded_by_id": False if source.get("user_id") else self.env.uid,
                **{k: v for k, v in source.items() if k != "attachment_ids"},
                "attachment_ids": [Command.set(papers)],
                **values,
            }
        )

    # ------------------------------------------------------------------
    # What the desk notes
    # ------------------------------------------------------------------
    def action_record(self):
        """Open the form in which the desk notes an answer by scan, phone or fax."""
        self.ensure_one()
        self._check_desk()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note acceptance of %s", self.name),
            "res_model": "rd.handover.accept",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_handover_id": self.id},
        }

    def _record_acceptance(self, channel, who, contact, classes=None, **values):
        """Note what the other side said outside the portal.

        :param contact: a person of the receiving party, or none
        :param values: note, date, attachments
        :raise UserError: without a name and evidence, or for another party
        """
        self._check_desk()
        self._check_recorded(channel, who, contact, values)
        source = self._prepare_source(
            channel,
            who.strip(),
            self.revision,
            self._get_content_hash(),
            note=(values.get("note") or "").strip(),
            date=values.get("date") or fields.Datetime.now(),
            attachment_ids=values["attachments"].ids,
        )
        self._renew_revision()
        source["revision"] = self.revision
        self._take_acceptance(source, classes)

    def _check_recorded(self, channel, who, contact, values):
        if contact and contact.commercial_partner_id != self.partner_id:
            raise UserError(
                self.env._(
                    "%(contact)s is not a person of %(partner)s, to whom %(handover)s "
                    "goes.",
                    contact=contact.display_name,
                    partner=self.partner_id.name,
                    handover=self.name,
                )
            )
        if channel not in RECORDED or not (who or "").strip():
            raise UserError(self.env._("Say who accepted, and how."))
        scan = values["attachments"]
        if channel in ("scan", "fax", "paper") and not scan:
            raise UserError(self.env._("Add the stamped paper as a scan or photo."))
        if not scan and not (values.get("note") or "").strip():
            raise UserError(self.env._("Note what was said and how it can be proved."))
        now = fields.Datetime.now()
        date = values.get("date") or now
        if date > now or (self.sent_date and date < self.sent_date):
            raise UserError(
                self.env._(
                    "The acceptance of %(handover)s lies between %(sent)s, when it was "
                    "sent, and now.",
                    handover=self.name,
                    sent=self.company_id._rd_local_date(self.sent_date or now),
                )
            )
