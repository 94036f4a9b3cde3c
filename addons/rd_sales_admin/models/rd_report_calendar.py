# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .rd_work_template import RHYTHMS

WAYS = [
    ("mail", "By e-mail"),
    ("messenger", "By messenger"),
    ("system", "In another system"),
    ("paper", "On paper"),
    ("meeting", "In a meeting"),
]


class RdReportCalendar(models.Model):
    """A report the desk owes: to whom, how often, by which working day, which way."""

    _name = "rd.report.calendar"
    _description = "Report of the Calendar"
    _inherit = ["mail.thread", "rd.guarded.mixin"]
    _order = "working_day, name, id"
    _check_company_auto = True

    name = fields.Char(string="Report", required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("statistics", "Sales statistics"),
            ("cost", "Cost sheet"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        help="A report that is made here can be handed in from its own form.",
    )
    recipient = fields.Char(string="To", required=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        check_company=True,
        help="Gets the files of what goes by e-mail at the moment of handing in.",
    )
    rhythm = fields.Selection(
        RHYTHMS, string="Every", required=True, default="1", tracking=True
    )
    working_day = fields.Integer(
        string="Due on working day",
        required=True,
        default=5,
        tracking=True,
        help="On which working day after the period, by the company's calendar (1 for "
        "the first); 31 is the last one of that month.",
    )
    way = fields.Selection(WAYS, required=True, default="mail", tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env["rd.work.item"]._get_default_owner(),
        domain="[('share', '=', False)]",
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._rd_today(),
        help="The period in which this day lies is the first one.",
    )
    due_ids = fields.One2many("rd.report.due", "calendar_id", string="Periods")

    _day_of_month = models.Constraint(
        "CHECK (working_day BETWEEN 1 AND 31)",
        "Write a working day from 1 to 31; 31 means the last one.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"due_ids"}

    def _get_period(self, day):
        """Return first and last day of the period in which the day lies."""
        self.ensure_one()
        length = int(self.rhythm)
        first = day.replace(month=(day.month - 1) // length * length + 1, day=1)
        return first, first + relativedelta(months=length, days=-1)

    def _prepare_dues(self, today, known, days):
        """Return the values of the periods up to today's that are not known.

        :param set known: ``(calendar id, first day)``
        :param days: function from a month to its working days
        """
        self.ensure_one()
        values = []
        first, last = self._get_period(self.date_from)
        while first <= today:
            if (self.id, first) not in known:
                month = days(last + relativedelta(days=1))
                values.append(
                    {
                        "calendar_id": self.id,
                        "company_id": self.company_id.id,
                        "user_id": self.user_id.id,
                        "date_from": first,
                        "date_to": last,
                        "date_due": month[min(self.working_day, len(month)) - 1],
                    }
                )
            first, last = self._get_period(last + relativedelta(days=1))
        return values

    def action_make(self):
        """Make what is due of these reports now; what is there stays as it is."""
        self.check_access("write")
        for company in self.company_id:
            self.env["rd.report.due"]._ensure(company)
        return True
