# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.rd_sales_admin.tools.flags import flag_search

TODO = "mail.mail_activity_data_todo"


class RdDifference(models.Model):
    """The clock of a difference: who is told when it starts and when it runs out."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    late = fields.Boolean(
        compute="_compute_late",
        search="_search_late",
        help="Open, and its clock has run out by the company's day.",
    )

    @api.depends("state", "deadline")
    def _compute_late(self):
        for item in self:
            today = item.company_id._rd_today()
            item.late = bool(
                item.state == "open" and item.deadline and item.deadline < today
            )

    @api.model
    @flag_search
    def _search_late(self):
        past = self.env["res.company"]._rd_compare_today("deadline", "<")
        return past & fields.Domain("state", "=", "open")

    def write(self, vals):
        """End the reminders of what is no longer open, whoever has settled it."""
        res = super().write(vals)
        if vals.get("state", "open") != "open":
            self._finish_activities()
        answered = "requested_by_id" in vals and not vals["requested_by_id"]
        if answered or vals.get("state", "open") != "open":
            self._withdraw_approvals()
        return res

    def _schedule_for_owners(self, always=False):
        """Tell owners other than the statement's responsible, who has the desk open.

        :param always: tell everybody who owns one
        """
        waiting = self.filtered(
            lambda item: (
                item.state == "open"
                and item.user_id
                and (always or item.user_id != item.statement_id.user_id)
            )
        )
        self.env["mail.activity"].create(
            [
                item._prepare_activity(
                    item.user_id,
                    item.dispute_reason or item.reason,
                    item.deadline or item.company_id._rd_today(),
                )
                for item in waiting
            ]
        )

    def _prepare_activity(self, user, summary, day):
        """Return the values of a reminder of this difference."""
        self.ensure_one()
        return {
            "activity_type_id": self.env.ref(TODO).id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "summary": summary,
            "date_deadline": day,
            "user_id": user.id,
        }

    def _finish_activities(self):
        """Mark what was planned for these differences as done."""
        # Whoever settles it ends the reminder of its owner.
        planned = self.sudo().filtered("activity_ids")
        if planned:
            planned.activity_feedback([TODO], only_automated=False)

    @api.model
    def _cron_escalate(self):
        """Tell a supervisor, once, of every clock that ran out too long ago.

        Each is a transaction of its own: a bad one stops no other.
        """
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        found = crons._rd_find_each(companies, self._search_to_escalate)
        due = self.union(*found.values())
        crons._rd_run_each(
            due, lambda item: item.with_company(item.company_id)._escalate()
        )

    @api.model
    def _search_to_escalate(self, company):
        """Return what is open longer than the company's rules allow, untold."""
        today = company._rd_today()
        rules = self.env["rd.difference.rule"]._get_by_code(company)
        late = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("deadline", "<", today),
                ("escalated_date", "=", False),
            ]
        )
        days = company._rd_get_working_days()
        return late.filtered(
            lambda item: (
                days.later(item.deadline, rules[item.code].escalation_days) < today
            )
        )

    def _escalate(self):
        """Tell the supervisor, unless it was settled or told meanwhile."""
        self.ensure_one()
        supervisor = self._get_supervisors()[:1]
        if self.state != "open" or self.escalated_date or not supervisor:
            return
        today = self.company_id._rd_today()
        self._as_internal().write({"escalated_date": today})
        lang = self.company_id.partner_id.lang or self.env.lang
        item = self.with_context(lang=lang)
        self.env["mail.activity"].create(item._prepare_escalation(supervisor, today))

    def _prepare_escalation(self, supervisor, today):
        summary = self.env._(
            "Overdue since %(day)s, owner %(owner)s",
            day=fields.Date.to_string(self.deadline),
            owner=self.user_id.name or self.env._("nobody"),
        )
        return self._prepare_activity(supervisor, summary, today)
