# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models

from .. import dues
from .rd_collection_plan_figures import CLOSED


class RdCollectionPlanLine(models.Model):
    """What came in of a planned item."""

    _name = "rd.collection.plan.line"
    _inherit = ["rd.collection.plan.line"]

    received_amount = fields.Monetary(string="Received", compute="_compute_actual")
    on_time_amount = fields.Monetary(string="On time", compute="_compute_actual")
    credited_amount = fields.Monetary(string="Credited", compute="_compute_actual")
    waiting_amount = fields.Monetary(
        string="Bills not counted yet", compute="_compute_actual"
    )
    early_amount = fields.Monetary(
        string="Received before the month", compute="_compute_actual"
    )
    late_amount = fields.Monetary(string="Received late", compute="_compute_actual")
    open_amount = fields.Monetary(string="Still open", compute="_compute_actual")
    expected_date = fields.Date(string="Expected on", compute="_compute_expected")
    expected_amount = fields.Monetary(string="Expected", compute="_compute_expected")

    @api.depends_context("rd_as_of")
    @api.depends("plan_id.state", "opening_amount", "due_date")
    def _compute_actual(self):
        for plan in self.plan_id:
            found, _others = (
                plan._get_actuals(plan._get_as_of()) if plan.snapshot_date else ({}, {})
            )
            for line in self.filtered(lambda line, plan=plan: line.plan_id == plan):
                line._set_actual(found.get(line) or line._get_actual(None, None))

    def _set_actual(self, actual):
        self.received_amount = float(actual.received)
        self.on_time_amount = float(actual.on_time)
        self.credited_amount = float(actual.credited)
        self.waiting_amount = float(actual.waiting)
        self.early_amount = float(actual.early)
        self.late_amount = float(actual.late)
        self.open_amount = float(
            actual.opening - actual.received - actual.credited - actual.early
        )

    @api.depends("change_ids", "planned_date", "planned_amount")
    def _compute_expected(self):
        for line in self:
            last = line.change_ids.sorted("id")[-1:] or line
            line.expected_date = last.planned_date
            line.expected_amount = last.planned_amount

    def _exact(self, name):
        """Return a stored amount as it was rounded, without a float's noise."""
        places = self.company_id.currency_id.decimal_places
        return Decimal(f"{self[name]:.{places}f}")

    def _get_actual(self, debt, day, missed=dues.ZERO):
        """Return the line's :class:`dues.Actual` from what the books say.

        The dates and the opening are the frozen ones; of an item that left the books
        all is credited, as nobody received it.

        :param missed: as of ``dues.actuals``
        """
        self.ensure_one()
        opening = self._exact("opening_amount")
        if not debt:
            return self._make_actual(opening, credited=opening)
        item, partials = debt
        item = item._replace(due=self.due_date or None)
        planned_on, month = self.plan_id.snapshot_date, self.plan_id._get_period()
        return dues.actuals(item, partials, planned_on, month, day, opening, missed)

    def _get_closed_actual(self):
        self.ensure_one()
        kept = {name: self._exact(f"closed_{name}") for name in CLOSED}
        return self._make_actual(self._exact("opening_amount"), **kept)

    def _make_actual(self, opening, **kept):
        first, last = self.plan_id._get_period()
        due = self.due_date
        return dues.Actual(
            opening=opening,
            new=Decimal(0),
            is_due=bool(due and due <= last),
            is_new_due=bool(due and first <= due <= last),
            **{**dict.fromkeys(CLOSED, Decimal(0)), **kept},
        )

    def _get_print_value(self, name, labels):
        """Return a value as the paper and the workbook show it."""
        value = self[name]
        if name in labels:
            return labels[name].get(value, "")
        if name == "user_id":
            return value.name or ""
        return value
