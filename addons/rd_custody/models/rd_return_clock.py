# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.rd_sales_admin.tools.flags import flag_search

TODO = "mail.mail_activity_data_todo"
WAITING = ("draft", "accepted", "inspected")


class RdReturn(models.Model):
    """The clock of a return: the customer is answered within some working days."""

    _name = "rd.return"
    _inherit = ["rd.return"]

    answer_due = fields.Datetime(
        string="Answer due", compute="_compute_answer_due", store=True
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    escalated_date = fields.Datetime(readonly=True, copy=False)

    _waiting = models.Index(
        "(answer_due) WHERE state IN ('draft', 'accepted', 'inspected')"
    )

    @api.depends("requested_date", "company_id.rd_return_days")
    def _compute_answer_due(self):
        """The day it was asked for plus the company's working days."""
        for record in self:
            asked, company = record.requested_date, record.company_id
            record.answer_due = asked and company._rd_add_working_days(
                asked, company.rd_return_days
            )

    @api.depends("answer_due", "answered_date", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for record in self:
            moment = record.answered_date or now
            record.is_late = (
                record.state != "cancelled"
                and bool(record.answer_due)
                and moment > record.answer_due
            )

    @api.model
    @flag_search
    def _search_is_late(self):
        waiting = fields.Domain(
            [("state", "in", WAITING), ("answer_due", "<", fields.Datetime.now())]
        )
        told = fields.Domain.custom(to_sql=self._query_answered_late)
        late = waiting | (fields.Domain("state", "not in", WAITING) & told)
        return late & fields.Domain("state", "!=", "cancelled")

    @api.model
    def _query_answered_late(self, model, alias, query):
        """Compare two columns of one row, which a domain cannot."""
        return SQL(
            "COALESCE(%s > %s, FALSE)",
            model._field_to_sql(alias, "answered_date", query),
            model._field_to_sql(alias, "answer_due", query),
        )

    @api.model
    def _cron_escalate(self):
        """Tell handler and supervisors once of each return that is not answered."""
        late = self.search(
            [
                ("state", "in", WAITING),
                ("answer_due", "<", fields.Datetime.now()),
                ("escalated_date", "=", False),
            ]
        )
        self.env["ir.cron"]._rd_run_each(late, lambda record: record._escalate())

    def _escalate(self):
        company = self.company_id
        for user in company._rd_get_supervisors() | self.user_id:
            self.activity_schedule(
                TODO,
                date_deadline=company._rd_today(),
                summary=self.env._("%s has not been answered in time", self.name),
                user_id=user.id,
            )
        self._as_internal().write({"escalated_date": fields.Datetime.now()})

    def _after_transition(self, target):
        """What was answered needs no reminder."""
        res = super()._after_transition(target)
        if target not in WAITING:
            self.sudo().activity_unlink([TODO])
        return res
