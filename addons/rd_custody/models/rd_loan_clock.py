# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models

from odoo.addons.rd_sales_admin.tools.flags import flag_search

TODO = "mail.mail_activity_data_todo"


class RdLoan(models.Model):
    """The borrower is reminded the day before, the supervisors after some days."""

    _name = "rd.loan"
    _inherit = ["rd.loan"]

    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    reminded_date = fields.Date(string="Reminded on", readonly=True, copy=False)
    escalated_date = fields.Date(string="Escalated on", readonly=True, copy=False)

    _out = models.Index("(date_due) WHERE state = 'lent'")

    @api.depends("date_due", "state")
    def _compute_is_overdue(self):
        for loan in self:
            today = (loan.company_id or self.env.company)._rd_today()
            loan.is_overdue = (
                loan.state == "lent" and bool(loan.date_due) and loan.date_due < today
            )

    @api.model
    @flag_search
    def _search_is_overdue(self):
        past = self.env["res.company"]._rd_compare_today("date_due", "<")
        return past & fields.Domain("state", "=", "lent")

    def write(self, vals):
        """A new day is a new clock."""
        res = super().write(vals)
        if "date_due" in vals:
            self._as_internal().write({"reminded_date": False, "escalated_date": False})
        return res

    @api.model
    def _cron_remind(self):
        """Remind borrowers the day before; escalate what is not back in time."""
        # a day later somewhere on earth; each company then asks its own clock
        tomorrow = self.env.company._rd_today() + timedelta(days=2)
        due = self.search(
            [
                *(("state", "=", "lent"), ("date_due", "<=", tomorrow)),
                ("escalated_date", "=", False),
            ]
        )
        self.env["ir.cron"]._rd_run_each(due, lambda loan: loan._remind_or_escalate())

    def _remind_or_escalate(self):
        company = self.company_id
        today = company._rd_today()
        if not self.reminded_date and self.date_due <= today + timedelta(days=1):
            self._remind()
        limit = company._rd_days_later(self.date_due, company.rd_loan_grace_days)
        if not self.escalated_date and limit < today:
            self._plan(
                company._rd_get_supervisors() | self.user_id,
                self.env._(
                    "%(loan)s was due back on %(day)s from %(borrower)s",
                    loan=self.name,
                    day=self.date_due,
                    borrower=self.borrower_id.name,
                ),
            )
            self._as_internal().write({"escalated_date": today})

    def _remind(self):
        """Remind our own people by a to-do, which comes by mail; others by mail."""
        people = self.borrower_id.user_ids.filtered(lambda user: not user.share)
        template = self.env.ref("rd_custody.mail_template_loan_due", False)
        if not people and self.borrower_id.email_normalized and template:
            values = {
                "recipient_ids": [Command.set(self.borrower_id.ids)],
                "email_to": False,
            }
            template.send_mail(self.id, email_values=values)
        self._plan(
            people or self.user_id,
            self.env._(
                "%(loan)s is due back on %(day)s", loan=self.name, day=self.date_due
            ),
        )
        self._as_internal().write({"reminded_date": self.company_id._rd_today()})

    def _plan(self, users, summary):
        for user in users:
            self.activity_schedule(
                TODO, date_deadline=self.date_due, summary=summary, user_id=user.id
            )
