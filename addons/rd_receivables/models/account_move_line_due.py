# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..dues import shifted

KEPT = {"rd_term_date", "rd_due_date"}


class AccountMoveLine(models.Model):
    """The due date that follows the anchor, and the one the terms alone would give."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    rd_term_date = fields.Date(
        string="Due by the terms alone",
        readonly=True,
        copy=False,
        help="Due date counted from the invoice; by it the instalment is recognised "
        "when the due date has moved.",
    )
    rd_due_date = fields.Date(
        string="Due by the anchor",
        readonly=True,
        copy=False,
        help="Due date that was counted from the anchor. Where somebody has written "
        "another one since, that one stands until the anchor moves.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take the counted dates from our own code only."""
        for vals in [self.default_get(list(self._rd_get_kept_of_due())), *vals_list]:
            self._rd_check_kept(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._rd_check_kept(vals)
        return super().write(vals)

    @api.model
    def _rd_get_kept_of_due(self):
        """Return the names of the fields that only our own code writes."""
        return KEPT

    def _rd_due_internal(self):
        """Return the items with the key to what is kept of their due date."""
        key = self.env["rd.statement"]._as_internal().env.context["rd_guard"]
        return self.with_context(rd_guard=key, skip_invoice_sync=True)

    def _rd_check_kept(self, vals):
        names = self._rd_get_kept_of_due() & vals.keys()
        if (
            any(vals[name] or any(self.mapped(name)) for name in names)
            and not self.env["rd.guarded.mixin"]._is_internal()
        ):
            raise UserError(
                self.env._("The due date is counted by the system; write the due date.")
            )

    def _rd_get_base(self, by_date):
        """Return what the terms alone say of this instalment.

        :param dict by_date: term lines by the due date they give from the invoice
        """
        self.ensure_one()
        known = self.rd_term_date
        if known and (not by_date or known in by_date):
            return known
        return self.date_maturity or self.date

    def _rd_forget_due(self):
        """Let what was counted before go, where the due date is another one now.

        Odoo writes the dates of its terms anew when the amounts of a draft change.
        """
        touched = self.filtered(
            lambda line: line.rd_due_date and line.date_maturity != line.rd_due_date
        )
        touched._rd_due_internal().write({"rd_due_date": False, "rd_term_date": False})

    def _rd_count_due(self, base, by_date, day, rules, days):
        """Return the due date counted from ``day``.

        Shares stay with their instalment: term lines are found by what they say from
        the invoice, as their order may change with the day they are counted from.
        """
        self.ensure_one()
        terms = by_date.get(base)
        if terms:
            due = max(term._get_due_date(day) for term in terms)
        elif by_date:
            # Written by hand: no terms say it, so it does not move.
            return base
        else:
            due = day + (base - (self.move_id.invoice_date or self.date))
        return shifted(due + timedelta(days=rules.grace), rules.shift, days)

    def _rd_set_due(self, due, base, reason):
        """Write a counted due date once, with the reason on the entry."""
        self.ensure_one()
        if self.rd_due_date == due and self.rd_term_date == base:
            return
        before = self.date_maturity
        self._rd_due_internal().write(
            {"date_maturity": due, "rd_due_date": due, "rd_term_date": base}
        )
        if before != due:
            self.move_id.message_post(
                body=self.env._(
                    "Due date of %(amount)s from %(before)s to %(after)s: %(reason)s",
                    amount=self.currency_id.format(abs(self.amount_currency)),
                    before=before,
                    after=due,
                    reason=reason,
                )
            )
