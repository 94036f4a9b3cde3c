# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

SUPERVISOR = "rd_sales_admin.rd_sales_admin_group_supervisor"


class RdDifference(models.Model):
    """Four eyes: what one person asks for and another one approves."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    def action_approve(self):
        """Approve what was asked for, as a second person.

        :raise UserError: when the asker approves himself or is no supervisor
        """
        self._check_open()
        methods = {
            "write_off": "_write_off_rest",
            "correct_price": "_take_their_price",
            "credit": "_draft_credit",
        }
        for item in self:
            item._check_second_person()
            item._answer_waiting("approved")
            getattr(item, methods[item.requested_action])()
        return self._settled()

    def action_refuse(self, reason=None):
        """Refuse what was asked for; the difference goes back to its owner.

        :raise UserError: without a reason
        """
        self._check_open()
        self._require_reason(reason)
        for item in self:
            item._check_second_person()
            item._answer_waiting("refused", reason)
            item._clear_request()
            item.message_post(
                body=self.env._("Not approved: %(reason)s", reason=reason)
            )
        return True

    def _approved(self, approval):
        res = super()._approved(approval)
        self.action_approve()
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        self.action_refuse(approval.answer_reason)
        return res

    def _check_second_person(self):
        self.ensure_one()
        if not self.requested_by_id:
            raise UserError(
                self.env._(
                    "%(difference)s does not wait for an approval.",
                    difference=self.display_name,
                )
            )
        if self.requested_by_id == self.env.user or not self.env.user.has_group(
            SUPERVISOR
        ):
            raise UserError(
                self.env._(
                    "%(difference)s has to be approved by a supervisor other than "
                    "%(user)s.",
                    difference=self.display_name,
                    user=self.requested_by_id.name,
                )
            )

    def _ask(self, action, amount=None):
        """Leave the difference open until a second person has approved.

        :param amount: what the approval is about, where it is not the difference
        """
        self.ensure_one()
        self._as_internal().write(
            {"requested_by_id": self.env.uid, "requested_action": action}
        )
        self._ask_approval(
            action,
            self.display_name,
            reason=self.evidence,
            # Its own reminder tells the supervisor, and leads to the desk.
            tell=False,
            partner_id=self.partner_id.id,
            amount=self.amount if amount is None else amount,
            currency_id=self.currency_id.id,
        )
        supervisors = self._get_supervisors() - self.env.user
        if supervisors:
            labels = dict(
                self._fields["requested_action"]._description_selection(self.env)
            )
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Approve: %(what)s", what=labels[action]),
                user_id=supervisors[0].id,
            )

    def _clear_request(self):
        self._as_internal().write({"requested_by_id": False, "requested_action": False})
        self._finish_activities()

    def _get_supervisors(self, company=None):
        """Return the supervisors of the difference's company, people before robots.

        :param company: where there is no difference, the company meant
        """
        return (company or self.company_id)._rd_get_supervisors()

    def _needs_approval(self, amount):
        """Tell whether an amount of the statement is above the company's limit."""
        company = self.company_id
        day = self.statement_id.date_to or company._rd_today()
        own = company._rd_in_own_currency(abs(amount), self.currency_id, day)
        return company.currency_id.compare_amounts(own, company.rd_write_off_limit) > 0
