# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import formatLang

WAITING = ("sent", "disputed")


class RdStatement(models.Model):
    """Sending a statement anew once it is no longer what went out.

    A price that was found, a corrected receipt or a settled dispute changes what they
    would confirm. As a new revision it goes out again; what they have said of its
    lines stays, and so does each open dispute.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    changed_since_sent = fields.Boolean(compute="_compute_changed_since_sent")
    changed_note = fields.Char(compute="_compute_changed_since_sent")

    @api.depends("state", "content_hash", "amount_total", "line_ids.live")
    @api.depends_context("lang")
    def _compute_changed_since_sent(self):
        for statement in self:
            changed = statement._has_changed_since_sent()
            statement.changed_since_sent = changed
            statement.changed_note = changed and statement._describe_changed_since()

    @api.model
    def _get_transitions(self):
        transitions = super()._get_transitions()
        return {**transitions, "sent": (*transitions["sent"], "disputed")}

    def _why_not(self, target):
        """Let a disputed statement wait for an answer again by a new revision only."""
        if (target, self.state) == ("sent", "disputed"):
            if not self._has_changed_since_sent():
                return self.env._(
                    "%(statement)s has not changed since revision %(revision)s was "
                    "sent; settle what is disputed first.",
                    statement=self.display_name,
                    revision=self.revision,
                )
        return super()._why_not(target)

    def _has_changed_since_sent(self):
        """Tell whether what went out, and waits for an answer, has changed since."""
        self.ensure_one()
        return self.state in WAITING and self.content_hash != self._get_content_hash()

    def _describe_changed_since(self):
        """Return in a sentence what went out, what it is by now, and what to do."""
        self.ensure_one()
        sent = self.revision_ids.filtered(
            lambda one: one.event == "fixed" and one.revision == self.revision
        )[:1]
        was, now = (
            formatLang(self.env, amount, currency_obj=self.currency_id)
            for amount in (sent.amount_total, self.amount_total)
        )
        if was == now:
            return self.env._(
                "Lines have changed since revision %(revision)s was sent, the total of "
                "%(total)s has not; send it again so that it can be confirmed.",
                revision=self.revision,
                total=now,
            )
        return self.env._(
            "Revision %(revision)s was sent with a total of %(was)s; by now it is "
            "%(now)s. Send it again so that it can be confirmed.",
            revision=self.revision,
            was=was,
            now=now,
        )

    def _prepare_again(self):
        """Make what has changed ready to be sent anew.

        A confirmation of the whole was one of the earlier revision. Where no dispute
        is left, the statement waits for their answer again.
        """
        for statement in self:
            statement._as_internal().write(statement._prepare_unconfirmed())
            if not statement.difference_count:
                statement._move_to("sent")

    def _prepare_unconfirmed(self):
        """Return the values of a statement that nobody has confirmed."""
        return {
            "confirmed_date": False,
            "confirmed_by": False,
            "confirmation_channel": False,
            "confirmation_note": False,
        }
