# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdApprovalMixin(models.AbstractModel):
    """What needs a second person: asks once, and does what the answer says."""

    _name = "rd.approval.mixin"
    _description = "Asks for an Approval"

    waiting_approval_id = fields.Many2one(
        "rd.approval",
        string="Waits for approval",
        compute="_compute_waiting_approval_id",
    )

    @api.depends_context("uid")
    def _compute_waiting_approval_id(self):
        waiting = self.env["rd.approval"]
        # Whoever reads the record need not be one who reads approvals.
        if waiting.has_access("read"):
            waiting = waiting.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "=", "waiting"),
                ]
            )
        by_id = {approval.res_id: approval for approval in waiting}
        for record in self:
            record.waiting_approval_id = by_id.get(record.id, False)

    def _ask_approval(self, kind, name, reason=None, tell=True, **values):
        """Put one entry on the approvals list and tell the supervisors.

        :param tell: False where the record itself tells them
        :param values: ``amount``, ``currency_id``, ``partner_id``, ``effects``
        :return: the approval; the one that waits already, if there is one
        """
        self.ensure_one()
        waiting = self._get_waiting(kind)
        if waiting:
            return waiting
        approval = (
            self.env["rd.approval"]
            .sudo()
            ._as_internal()
            .create(
                {
                    "name": name,
                    "kind": kind,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                    "reason": (reason or "").strip() or False,
                    "requested_by_id": self.env.uid,
                    "requested_date": fields.Datetime.now(),
                    **values,
                }
            )
        )
        if tell:
            approval._schedule_for_supervisors()
        self.invalidate_recordset(["waiting_approval_id"])
        return approval.sudo(False)

    def _get_waiting(self, kind=None):
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("state", "=", "waiting"),
        ]
        if kind:
            domain.append(("kind", "=", kind))
        return self.env["rd.approval"].sudo().search(domain)

    def _withdraw_approvals(self, kind=None):
        """Take back what waits: it is no longer needed."""
        self._answer_waiting("withdrawn", kind=kind)

    def _answer_waiting(self, state, reason=None, kind=None):
        """Close what waits on the list: it was answered on the record itself."""
        for approval in self._get_waiting(kind):
            approval.with_user(self.env.user)._close(state, reason)
        self.invalidate_recordset(["waiting_approval_id"])

    def _get_approval_involved(self, approval):
        """Return further users who may not answer, besides who asked."""
        return self.env["res.users"]

    def _approved(self, approval):
        """Do what was asked for; the approval names kind and asker."""

    def _refused(self, approval):
        """Say where the answer is read that nothing changes."""
