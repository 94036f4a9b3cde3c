# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

TODO = "mail.mail_activity_data_todo"
DAYS_TO_ANSWER = 3


class ProjectProject(models.Model):
    """Asking the salesperson, or the sales centre, for what the sheet lacks."""

    _name = "project.project"
    _inherit = ["project.project"]

    def action_rd_request(self):
        """Ask for what is missing on these sheets, with a due day.

        :raise UserError: when there is nobody to ask
        """
        self.check_access("write")
        for project in self:
            project._rd_request()
        return True

    def _rd_request(self):
        project = self.sudo()
        company = project.company_id or self.env.company
        user = project.rd_salesperson_id or company.rd_sales_centre_user_id
        if not project.rd_missing_count:
            return
        if not user:
            raise UserError(
                self.env._(
                    "%(project)s has no salesperson and the company no one at the "
                    "sales centre to ask; name one of them first.",
                    project=self.name,
                )
            )
        day = company._rd_days_later(company._rd_today(), DAYS_TO_ANSWER)
        project._as_internal().write({"rd_requested_date": day})
        project._rd_close_request()
        project.activity_schedule(
            TODO,
            date_deadline=day,
            user_id=user.id,
            summary=self.env._("Sales sheet: %s", ", ".join(project._rd_get_missing())),
        )

    def _rd_close_request(self):
        """Close the activities by which something was asked for."""
        asked = self.sudo().activity_ids.filtered(
            lambda one: (
                one.summary
                and one.user_id
                and one.activity_type_id == self.env.ref(TODO)
            )
        )
        asked.action_feedback()

    @api.model
    def _cron_rd_remind(self):
        """Ask for each sheet that is due and not complete, and remind once a day."""
        projects = self.search(
            [
                ("rd_on_sheet", "=", True),
                ("rd_missing_count", ">", 0),
                ("rd_sheet_due", "!=", False),
            ]
        )
        self.env["ir.cron"]._rd_run_each(
            projects.filtered(lambda one: one._rd_is_to_remind()),
            lambda one: one._rd_remind_today(),
        )

    def _rd_get_someone(self):
        company = self.company_id or self.env.company
        return self.rd_salesperson_id or company.rd_sales_centre_user_id

    def _rd_is_to_remind(self):
        """Tell whether the sheet is due, not reminded of today, and somebody's."""
        today = (self.company_id or self.env.company)._rd_today()
        is_due = self.rd_sheet_due <= today and self.rd_reminded_date != today
        return is_due and bool(self._rd_get_someone())

    def _rd_remind_today(self):
        company = self.company_id or self.env.company
        if self._rd_is_to_remind():
            self.with_company(company)._rd_remind(company._rd_today())

    def _rd_remind(self, today):
        someone = self._rd_get_someone()
        if not self.rd_requested_date:
            self._rd_request()
        elif self.rd_requested_date < today:
            self.message_post(
                body=self.env._(
                    "The sales sheet of %(project)s lacks: %(missing)s. It was asked "
                    "for by %(day)s.",
                    project=self.name,
                    missing=", ".join(self._rd_get_missing()),
                    day=self.rd_requested_date,
                ),
                partner_ids=someone.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
        self._as_internal().write({"rd_reminded_date": today})
