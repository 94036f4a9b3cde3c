# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from .rd_work_item import OPEN

CARRIED = ("name", "source", "weight", "note", "evidence_hint", "evidence")


class RdWorkItem(models.Model):
    """How a month's plan is made, carried over, frozen and measured."""

    _name = "rd.work.item"
    _inherit = ["rd.work.item"]

    @api.model
    def _cron_plan(self):
        """Make the month's routines and carry over what earlier months left."""
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        self.env["ir.cron"]._rd_run_each(companies, self._plan_month)

    @api.model
    def _plan_month(self, company):
        """Bring the plan of the company's present month up to date."""
        this = company._rd_today().replace(day=1)
        late = [
            *(("company_id", "=", company.id), ("state", "in", OPEN)),
            *(("month", "<", this), ("frozen", "=", False)),
        ]
        self.search(late, order="month, id")._carry()
        self._make_routine(
            company,
            self.env["rd.work.template"].search([("company_id", "=", company.id)]),
        )

    @api.model
    def _make_routine(self, company, templates):
        """Make the present month's items of the templates; return the new ones."""
        month = company._rd_today().replace(day=1)
        if month in self._get_closed_months(company):
            return self.browse()
        values = templates._prepare_items(company, month)
        return self._as_internal().create(values)

    @api.model
    def _get_closed_months(self, company):
        """Return the first days of the company's closed months."""
        closes = self.env["rd.close"].sudo()
        domain = [("company_id", "=", company.id), ("state", "=", "closed")]
        return set(closes.search(domain).mapped("month"))

    def _carry(self):
        """Carry open tasks into the first open month after their own, and not into
        the past; return the new tasks."""
        made = self.browse()
        for company in self.company_id:
            mine = self.filtered(lambda one, company=company: one.company_id == company)
            closed = self._get_closed_months(company)
            days = {}
            values = []
            for item in mine:
                month = item._get_next_month(closed)
                if month not in days:
                    days[month] = company._rd_get_month_days(month)
                values.append(item._prepare_carried(days[month]))
            mine._as_internal()._move_to("carried")
            made |= self._as_internal().create(values)
        return made

    def _get_next_month(self, closed):
        this = self.company_id._rd_today().replace(day=1)
        month = max(this, self.month + relativedelta(months=1))
        while month in closed:
            month += relativedelta(months=1)
        return month

    def _prepare_carried(self, days):
        """Return the values of the same task on the same day of a later month."""
        due = self.date_due + relativedelta(
            year=days[0].year, month=days[0].month, day=self.date_due.day
        )
        return {
            **{name: self[name] for name in CARRIED},
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "asked_by_id": self.asked_by_id.id,
            "state": self.state,
            "approved_by_id": self.approved_by_id.id,
            "date_due": next((day for day in days if day >= due), days[-1]),
            "carried_from_id": self.id,
            "carried_count": self.carried_count + 1,
            "first_date_due": self.first_date_due or self.date_due,
        }

    @api.model
    def _freeze(self, company, month):
        """Fix the plan of a month that closes: what is open goes into the next one."""
        items = self.search([("company_id", "=", company.id), ("month", "=", month)])
        items.filtered(lambda item: item.state in OPEN)._carry()
        items._as_internal().write({"frozen": True})

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    @api.model
    def _get_counted_domain(self, company, month):
        """Return which tasks of a month count: approved, and due or done by today."""
        due = Domain("date_due", "<=", company._rd_today())
        due |= Domain("done_date", "!=", False) | Domain("state", "=", "carried")
        return (
            Domain("company_id", "=", company.id)
            & Domain("month", "=", month.replace(day=1))
            & Domain("approved_by_id", "!=", False)
            & Domain("state", "!=", "dropped")
            & due
        )

    @api.model
    def _get_achievement(self, company, month):
        """Return ``(weight done on time, weight due, domain of the tasks)``.

        The rate of the month is the first by the second; while the second is 0 there
        is none. Formula: see the model.
        """
        domain = self._get_counted_domain(company, month)
        [(points, weight)] = self._read_group(domain, [], ["points:sum", "weight:sum"])
        return points or 0.0, weight or 0.0, list(domain)
