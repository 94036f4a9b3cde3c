# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class RdClose(models.Model):
    """Pausing and resuming the automatic close, with a reason that is kept."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def action_pause(self, reason=None, partner_id=None):
        """Halt the automatic close of the company, or of one affiliate in it.

        It holds for all open months until it is resumed. A repeat is harmless.

        :raise UserError: without a reason, and for who is not of the desk
        """
        self.ensure_one()
        partner = self._check_pausing(reason, partner_id)
        if not self._find_pause(partner):
            self._pause(partner, reason.strip())
        return True

    def action_resume(self, reason=None, partner_id=None):
        """Let the automatic close go on, from now on. A repeat is harmless.

        :raise UserError: without a reason, and for who is not of the desk
        """
        self.ensure_one()
        partner = self._check_pausing(reason, partner_id)
        if pause := self._find_pause(partner):
            self._resume(pause, reason.strip())
        return True

    def _pause(self, partner, reason):
        # Nobody writes a pause; whoever may make one has been asked.
        self.env["rd.close.pause"].sudo()._as_internal().create(
            {
                "company_id": self.company_id.id,
                "partner_id": partner.id,
                "reason": reason,
                "paused_by_id": self.env.uid,
                "paused_date": fields.Datetime.now(),
            }
        )
        self.message_post(
            body=self.env._(
                "The automatic close of %(whom)s is paused: %(reason)s",
                whom=partner.name or self.company_id.name,
                reason=reason,
            )
        )

    def _resume(self, pause, reason):
        partner = pause.partner_id
        pause.sudo()._as_internal().write(
            {
                "resumed_by_id": self.env.uid,
                "resumed_date": fields.Datetime.now(),
                "resume_reason": reason,
            }
        )
        self.message_post(
            body=self.env._(
                "The automatic close of %(whom)s goes on: %(reason)s",
                whom=partner.name or self.company_id.name,
                reason=reason,
            )
        )
        self._wake(partner or None)

    def _check_pausing(self, reason, partner_id):
        """Return the affiliate (empty: the company) once everything is in order."""
        self.check_access("write")
        self._check_desk()
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why the close is paused or resumed; it is kept.")
            )
        partner = self.step_ids.partner_id.filtered(lambda one: one.id == partner_id)
        if partner_id and not partner:
            raise UserError(
                self.env._("%(month)s has no steps of this affiliate.", month=self.name)
            )
        return partner

    def _find_pause(self, partner):
        pauses = self.env["rd.close.pause"]._get_in_force(self.company_id)
        return pauses.filtered(lambda pause: pause.partner_id == partner)

    def _get_pauses(self):
        """Return ``{affiliate: pause}``; the empty affiliate stands for them all."""
        self.ensure_one()
        pauses = self.env["rd.close.pause"]._get_in_force(self.company_id)
        return {pause.partner_id: pause for pause in pauses}

    # ------------------------------------------------------------------
    # What runs by itself stops
    # ------------------------------------------------------------------
    def _get_due_partners(self):
        """Leave out who is paused."""
        return self._leave_out_paused(super()._get_due_partners())

    def _get_partners_to_collect(self):
        """Leave out who is paused."""
        return self[:1]._leave_out_paused(super()._get_partners_to_collect())

    def _leave_out_paused(self, partners):
        # Whoever runs the month need not read who paused it.
        paused = self.sudo()._get_pauses()
        if any(not partner for partner in paused):
            return partners.browse()
        return partners - partners.browse([partner.id for partner in paused])

    def _collect_partner(self, partner):
        """Heed a pause that came while the run was under way."""
        self.env["rd.close.pause"].invalidate_model()
        if not self[:1]._leave_out_paused(partner):
            return None
        return super()._collect_partner(partner)

    def _run_in_transaction(self, close_id, partner_id):
        """Heed a pause that came while the run was under way."""
        close = self.browse(close_id)
        self.env["rd.close.pause"].invalidate_model()
        paused = {partner.id for partner in close.sudo()._get_pauses()}
        if paused & {False, partner_id}:
            return None
        return super()._run_in_transaction(close_id, partner_id)
