# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

TODO = "mail.mail_activity_data_todo"


class RdReceivableException(models.Model):
    """The clock of an exception: who is told when it starts and when it runs out."""

    _name = "rd.receivable.exception"
    _inherit = ["rd.receivable.exception"]

    def _tell_owner(self):
        for record in self.filtered("user_id"):
            record.activity_schedule(
                TODO,
                date_deadline=record.deadline,
                summary=record.display_name,
                note=record.reason,
                user_id=record.user_id.id,
            )

    @api.model
    def _escalate(self, company):
        """Tell a supervisor, once, of what nobody decided in time."""
        today = company._rd_today()
        late = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("deadline", "<", today),
                ("escalated_date", "=", False),
            ]
        )
        due = late.filtered(
            lambda record: (
                company._rd_days_later(record.deadline, record.rule_id.escalation_days)
                < today
            )
        )
        supervisor = company._rd_get_supervisors()[:1]
        if not supervisor:
            return
        due._as_internal().write({"escalated_date": today})
        for record in due:
            record.activity_schedule(
                TODO,
                date_deadline=today,
                summary=self.env._(
                    "Not decided since %(day)s, owner %(owner)s",
                    day=record.deadline,
                    owner=record.user_id.name or self.env._("nobody"),
                ),
                user_id=supervisor.id,
            )
