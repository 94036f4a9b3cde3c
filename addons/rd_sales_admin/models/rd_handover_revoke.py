# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import AccessError, UserError


class RdHandover(models.Model):
    """An acceptance that was noted by mistake is taken back, while nothing is billed.

    The answer stays on record; milestone and contract stages are as they were before.
    """

    _name = "rd.handover"
    _inherit = ["rd.handover"]

    def _get_transitions(self):
        transitions = super()._get_transitions()
        return {**transitions, "sent": (*transitions["sent"], "accepted")}

    def _why_not(self, target):
        if target == "sent" and self.state == "accepted" and not self._is_internal():
            return self.env._(
                "%(handover)s is accepted; a supervisor can take that back with a "
                "reason.",
                handover=self.name,
            )
        return super()._why_not(target)

    def action_revoke(self, reason=None):
        """Take acceptances back that were noted by mistake.

        :param reason: why, kept with the answers
        :raise AccessError: for anybody but a supervisor
        :raise UserError: without a reason, or when something of it is invoiced
        """
        if not self.env.su and not self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_supervisor"
        ):
            raise AccessError(self.env._("Only a supervisor takes an acceptance back."))
        self.check_access("write")
        words = reason.strip()[:500] if isinstance(reason, str) else ""
        for record in self:
            record._check_revocable(words)
            record._revoke(words)
        return True

    def _check_revocable(self, reason):
        """Refuse what is not accepted, has no reason, or was billed."""
        if self.state != "accepted":
            raise UserError(self.env._("%s is not accepted.", self.display_name))
        if not reason:
            raise UserError(
                self.env._("Say why the acceptance of %s is taken back.", self.name)
            )
        # Whoever takes it back need not read invoices or contracts.
        if refusal := self.sudo()._why_not_revoked():
            raise UserError(refusal)

    def _why_not_revoked(self):
        """Return what was billed by this acceptance, as a sentence, or False."""
        self.ensure_one()
        line = self.sale_line_id
        if line.rd_settlement_way == "stages":
            return line._rd_get_stages_of("handover")._why_not_undone()
        rest = line._rd_get_released(without=self)
        if line.product_uom_id.compare(line.qty_invoiced, rest) > 0:
            move = line.invoice_lines.move_id.filtered(
                lambda one: one.state != "cancel"
            )
            return self.env._(
                "%(handover)s cannot be taken back: %(line)s is invoiced by "
                "%(invoice)s; cancel or credit that first.",
                handover=self.name,
                line=line.name,
                invoice=move[:1].display_name or "?",
            )
        return False

    def _revoke(self, reason):
        self.ensure_one()
        source = self._prepare_source(
            self.confirmation_channel,
            self.env.user.name,
            self.revision,
            self.content_hash,
        )
        day = self.company_id._rd_local_date(self.confirmed_date)
        self._before_revoked()
        self._log_answer(source, "revoked", reason=reason)
        self.line_ids._as_internal().write({"verdict": "waiting"})
        self._as_internal()._move_to("sent")
        self._as_internal().write(
            {
                "accepted_qty": 0.0,
                "confirmed_date": False,
                "confirmed_by": False,
                "confirmation_channel": False,
                "confirmation_note": False,
            }
        )
        self.sudo().milestone_id._as_internal().write({"is_reached": False})
        self._after_revoked()
        self.message_post(
            body=self.env._(
                "The acceptance of %(day)s was taken back: %(reason)s",
                day=day,
                reason=reason,
            )
        )

    def _before_revoked(self):
        """Hook: let go of what rests on the acceptance and nobody has seen."""

    def _after_revoked(self):
        """Undo the stages of the contract that this acceptance reached."""
        line = self.sudo().sale_line_id
        if line.rd_settlement_way == "stages":
            last = self._get_last_acceptance()
            line._rd_get_stages_of("handover")._undo("handover", line, last)

    def _get_last_acceptance(self):
        """Return the day of the last acceptance left under the contract, or False."""
        contract = self.sudo().order_id.rd_contract_id
        moments = (
            self.sudo()
            .search(
                [
                    ("order_id.rd_contract_id", "=", contract.id),
                    ("state", "=", "accepted"),
                    ("id", "!=", self.id),
                ]
            )
            .mapped("confirmed_date")
        )
        last = max(moments, default=False)
        return self.company_id._rd_local_date(last) if last else False

    def action_ask_revoke(self):
        """Open the form in which a supervisor takes the acceptance back."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take the acceptance of %s back", self.name),
            "res_model": "rd.handover.revoke",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_handover_id": self.id},
        }
