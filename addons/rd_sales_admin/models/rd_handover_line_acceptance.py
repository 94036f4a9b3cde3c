# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class RdHandoverLine(models.Model):
    """What keeps a line from being accepted, and the desk's reply to a dispute."""

    _name = "rd.handover.line"
    _inherit = ["rd.handover.line"]

    def _prepare_content(self):
        return [
            self.id,
            self.handover_class,
            self.number or "",
            self.name,
            self.version or "",
            f"{self.qty_due:.6f}",
            f"{self.qty_received:.6f}",
            self.uom_id.name or "",
            self.condition or "",
            self.ownership,
            bool(self.priced),
            str(self.issue_date or ""),
            self.issue_owner or "",
        ]

    def _check_acceptable(self):
        """Refuse while a line is missing, unsound or disputed."""
        for line in self:
            gap = line._get_gap()
            if line.verdict == "disputed":
                gap = self.env._("disputed (%s)", line.dispute_reason)
            if gap:
                raise UserError(
                    self.env._(
                        "%(kind)s of %(handover)s cannot be accepted yet: %(line)s "
                        "is %(gap)s.",
                        kind=line._get_class_label(),
                        handover=line.handover_id.name,
                        line=line.display_name,
                        gap=gap,
                    )
                )

    def action_reply(self, reason=None):
        """Answer a dispute; the line waits for the other side again.

        :raise UserError: without words
        """
        self.check_access("write")
        for line in self.filtered(lambda one: one.verdict == "disputed"):
            if not (reason or "").strip():
                raise UserError(
                    self.env._("Say what was done about %s.", line.display_name)
                )
            line._as_internal().write(
                {"verdict": "waiting", "dispute_reply": reason.strip()}
            )
            line._close_requests()
            line.handover_id._leave_dispute()
        return True
