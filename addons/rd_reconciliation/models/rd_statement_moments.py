# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

DAYS = ("agreed_date", "agreed_month", "invoiced_date", "invoiced_month")


class RdStatement(models.Model):
    """The days on which a statement was agreed and invoiced: terms of payment and what
    is measured count from them.

    It counts on the scorecard of its own month; what happens to one that was left open
    when that month closed counts in the first month still open.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    agreed_date = fields.Date(string="Agreed on", readonly=True, copy=False)
    agreed_month = fields.Date(
        string="Agreement counts in", readonly=True, copy=False, index=True
    )
    invoiced_date = fields.Date(
        string="Invoiced on",
        readonly=True,
        copy=False,
        help="The day on which the last of its invoices was posted.",
    )
    invoiced_month = fields.Date(
        string="Invoice counts in", readonly=True, copy=False, index=True
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | set(DAYS)

    def _prepare_transition_values(self, target):
        """Note the company's day; back from an invoice that was cancelled a statement
        stays agreed since the day it was agreed, taken back it has no day."""
        values = super()._prepare_transition_values(target)
        if target == "agreed" and self.state == "invoiced":
            return {**values, **self._prepare_invoiced(False)}
        if target == "agreed":
            return {**values, **self._prepare_agreed(), **self._prepare_invoiced(False)}
        if target == "invoiced":
            return {**values, **self._prepare_invoiced(self._get_posted_day())}
        if target == "draft":
            return {**values, **dict.fromkeys(DAYS, False)}
        return values

    def _prepare_agreed(self):
        today = self.company_id._rd_today()
        return {"agreed_date": today, "agreed_month": self._get_counting_month()}

    def _prepare_invoiced(self, day):
        month = day and self._get_counting_month()
        return {"invoiced_date": day, "invoiced_month": month}

    def _get_counting_month(self):
        """Return the month whose scorecard counts what is done to it now."""
        self.ensure_one()
        # A customer who answers does not read the months.
        closes, close = self.env["rd.close"], self.sudo().close_id
        if close.state != "closed":
            return close.month
        return closes._get_counting_month(self.company_id, close.month)

    def _get_posted_day(self):
        """Return the company's day on which the last invoice was posted: none while one
        is not, today where there is nothing to post."""
        self.ensure_one()
        # Who keeps statements need not read invoices.
        moves = self.sudo().invoice_ids.filtered(lambda move: move.state != "cancel")
        if any(move.state == "draft" for move in moves):
            return False
        moments = [move.rd_posted_date for move in moves if move.rd_posted_date]
        company = self.company_id
        return company._rd_local_date(max(moments)) if moments else company._rd_today()

    def _follow_posting(self):
        """Let statements follow their invoices; of a closed one only the day counts
        that it did not have."""
        for statement in self.sudo():
            closed = statement.state == "closed" and not statement.invoiced_date
            if statement.state != "invoiced" and not closed:
                continue
            day = statement._get_posted_day()
            if day != statement.invoiced_date:
                values = statement._prepare_invoiced(day)
                statement._as_internal().write(values)
