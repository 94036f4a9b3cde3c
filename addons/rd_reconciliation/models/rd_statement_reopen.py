# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

REOPENABLE = ("sent", "confirmed", "disputed", "agreed", "invoiced")


class RdStatement(models.Model):
    """Taking a statement back to draft: asked by one, decided by another."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    def action_ask_reopen(self, reason=None):
        """Ask a supervisor to take these statements back to draft.

        A new revision goes out afterwards; answers to the old one are refused.

        :raise UserError: without a reason, and where nothing can be taken back
        """
        self._check_desk()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the statement is taken back."))
        for statement in self:
            statement._check_reopenable()
            statement._ask_approval(
                "reopen",
                self.env._("Take back %(statement)s", statement=statement.display_name),
                reason=reason,
                effects="\n".join(statement._get_reopen_effects()),
                partner_id=statement.partner_id.id,
                amount=statement.amount_total,
                currency_id=statement.currency_id.id,
            )
        return True

    def _check_reopenable(self):
        """Refuse what has left the desk for good, with what to do instead."""
        self.ensure_one()
        if self.state not in REOPENABLE:
            raise UserError(self._transition_refusal("draft", REOPENABLE))
        posted = self.sudo().invoice_ids.filtered(lambda move: move.state == "posted")
        if posted:
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s of %(statement)s is posted; cancel it first, "
                    "or correct it in the next month.",
                    invoice=posted[0].name,
                    statement=self.name,
                )
            )
        if self.close_id.state == "closed":
            raise UserError(
                self.env._(
                    "%(month)s is closed; what is to be corrected on %(statement)s "
                    "belongs to the next month.",
                    month=self.close_id.name,
                    statement=self.name,
                )
            )

    def _get_reopen_effects(self):
        """Return the sentences what taking the statement back undoes."""
        self.ensure_one()
        effects = [
            self.env._(
                "Revision %(revision)s no longer counts; a new one has to be sent.",
                revision=self.revision,
            )
        ]
        drafts = len(self._get_draft_invoices())
        if drafts:
            effects.append(
                self.env._("%(count)s draft invoices are cancelled.", count=drafts)
            )
        if self.confirmed_date:
            effects.append(
                self.env._(
                    "The confirmation by %(who)s no longer counts.",
                    who=self.confirmed_by,
                )
            )
        confirmed = self._get_reopened_lines()
        if confirmed:
            effects.append(
                self.env._(
                    "%(count)s confirmed lines are open again.", count=len(confirmed)
                )
            )
        decided = self.difference_ids.filtered("settled_by_id")
        if decided:
            effects.append(
                self.env._(
                    "%(count)s decided differences stay decided; each can be taken "
                    "back by itself.",
                    count=len(decided),
                )
            )
        return effects

    def _approved(self, approval):
        if approval.kind == "reopen":
            self._reopen(approval.reason)
        return super()._approved(approval)

    def _refused(self, approval):
        if approval.kind == "reopen":
            self.message_post(
                body=self.env._(
                    "Not taken back: %(reason)s", reason=approval.answer_reason
                )
            )
        return super()._refused(approval)

    def _reopen(self, reason):
        """Undo what rests on the present revision and go back to draft."""
        self.ensure_one()
        self._check_reopenable()
        self._log_revision("taken_back", reason)
        self._mark_act("taken_back")
        self._get_draft_invoices().button_cancel()
        self._move_to("draft", self._prepare_reopen_values())
        self._get_reopened_lines()._as_internal().write(
            {"verdict": "pending", "match_id": False}
        )
        self._drop_open_matches()
        self.message_post(body=self.env._("Taken back: %(reason)s", reason=reason))
        self.close_id._redo(self.partner_id)

    def _get_reopened_lines(self):
        """Return the lines whose confirmation rests on the present revision alone.

        What a person has decided stays decided, and what the customer confirmed as it
        arrived was said of the delivery, not of this paper.
        """
        self.ensure_one()
        return self._lines().filtered(
            lambda line: (
                line.verdict == "confirmed"
                and not line.pre_confirmed
                and not line._is_decided()
            )
        )

    def _prepare_reopen_values(self):
        """Without a hash the next sending is a new revision, whatever changed."""
        return {
            "content_hash": False,
            "sent_date": False,
            **self._prepare_unconfirmed(),
        }
