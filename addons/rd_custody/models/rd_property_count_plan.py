# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

MONTHS = {"month": 1, "quarter": 3}


class RdPropertyCountPlan(models.Model):
    """How often something is counted; the counts make themselves."""

    _name = "rd.property.count.plan"
    _description = "Count Schedule"
    _inherit = ["rd.property.count.scope", "rd.guarded.mixin"]
    _order = "next_date, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    rhythm = fields.Selection(
        [("month", "Every month"), ("quarter", "Every quarter")],
        required=True,
        default="month",
    )
    next_date = fields.Date(
        string="Next count",
        required=True,
        default=lambda self: self.env.company._rd_today(),
    )
    days = fields.Integer(
        string="Days to do it",
        default=5,
        required=True,
        help="Calendar days after which a count that is not signed off is overdue.",
    )
    count_ids = fields.One2many("rd.property.count", "plan_id", string="Counts")

    _days_positive = models.Constraint(
        "CHECK (days >= 0)", "The days of a count cannot be less than zero."
    )

    @api.model
    def _cron_plan(self):
        """Make the counts whose day has come; missed months are made up for once."""
        # a day later somewhere on earth; each company then asks its own clock
        tomorrow = self.env.company._rd_today() + relativedelta(days=1)
        due = self.search([("next_date", "<=", tomorrow)])
        self.env["ir.cron"]._rd_run_each(due, lambda plan: plan._make_count())

    def _make_count(self):
        today = self.company_id._rd_today()
        if self.next_date > today:
            return
        self.env["rd.property.count"].create(self._prepare_count())
        step = relativedelta(months=MONTHS[self.rhythm])
        while self.next_date <= today:
            self.next_date += step

    def _prepare_count(self):
        return {
            "plan_id": self.id,
            "name": self.name,
            "company_id": self.company_id.id,
            "place": self.place,
            "partner_id": self.partner_id.id,
            "kind": self.kind,
            "user_id": self.user_id.id,
            "date_due": self.next_date + relativedelta(days=self.days),
        }
