# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

DAYS = ("agreed_date", "invoiced_date")


class RdStatement(models.Model):
    """The days on which a statement was agreed and invoiced: terms of payment and what
    is measured count from them."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    agreed_date = fields.Date(string="Agreed on", readonly=True, copy=False)
    invoiced_date = fields.Date(
        string="Invoiced on",
        readonly=True,
        copy=False,
        help="The day on which the last of its invoices was posted.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | set(DAYS)

    def _prepare_transition_values(self, target):
        """Note the company's day; back from an invoice that was cancelled a statement
        stays agreed since the day it was agreed, taken back it has no day."""
        values = super()._prepare_transition_values(target)
        today = self.company_id._rd_today()
        if target == "agreed":
            agreed = self.agreed_date if self.state == "invoiced" else today
            return {**values, "agreed_date": agreed, "invoiced_date": False}
        if target == "invoiced":
            return {**values, "invoiced_date": self._get_posted_day()}
        if target == "draft":
            return {**values, **dict.fromkeys(DAYS, False)}
        return values

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
        """Let invoiced statements follow their invoices; what is closed stays."""
        for statement in self.sudo().filtered(lambda one: one.state == "invoiced"):
            day = statement._get_posted_day()
            if day != statement.invoiced_date:
                statement._as_internal().write({"invoiced_date": day})
