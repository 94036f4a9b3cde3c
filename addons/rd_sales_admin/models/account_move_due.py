# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.fields import Date


class AccountMove(models.Model):
    """Due dates that move when a trigger of the contract comes later."""

    _name = "account.move"
    _inherit = ["account.move"]

    def _rd_move_maturities(self, claims):
        """Write the days of the plan as they are known by now.

        :param claims: unpaid parts of this invoice that stages let fall due
        """
        self.ensure_one()
        today = self.company_id._rd_today()
        invoice_day = self.invoice_date or today
        moved = {}
        for claim in claims:
            stage = claim.rd_due_stage_id
            waits = not stage.due_date and claim.date_maturity >= today
            due = stage._get_expected_day(invoice_day)
            if due != claim.date_maturity and not (waits and _is_open(stage)):
                moved[claim] = due
        if moved:
            self._rd_write_days(moved)

    def _rd_write_days(self, moved):
        """Write new due dates on items and plan alike, and tell of them."""
        stages = {claim.rd_due_stage_id.id: due for claim, due in moved.items()}
        self._rd_write_maturities(
            [
                [stages.get(number, Date.to_date(day)), cut, number]
                for day, cut, number in self.rd_maturities
            ]
        )
        for claim, due in moved.items():
            self._rd_tell_moved(claim, due)
            claim._rd_without_sync().date_maturity = due
        self.invalidate_recordset(["needed_terms"])
        days = self.line_ids.filtered("date_maturity").mapped("date_maturity")
        self.with_context(skip_invoice_sync=True).invoice_date_due = max(days)

    def _rd_tell_moved(self, claim, due):
        if claim.rd_due_stage_id.due_reached:
            self.message_post(
                body=self.env._(
                    "%(stage)s: due on %(after)s instead of %(before)s.",
                    stage=claim.rd_due_stage_id.display_name,
                    before=claim.date_maturity,
                    after=due,
                )
            )

    def _rd_write_maturities(self, rows):
        """Write the plan of an invoice whose items are written along with it."""
        internal = self.env["rd.contract"]._as_internal().env.context["rd_guard"]
        self.with_context(rd_guard=internal, skip_invoice_sync=True).write(
            {
                "rd_maturities": [
                    [Date.to_string(Date.to_date(day)), amount, number]
                    for day, amount, number in rows
                ]
            }
        )


def _is_open(stage):
    """Tell whether nobody knows yet when the trigger of a stage will come."""
    known = stage.due_trigger == "warranty_end" and stage.contract_id.warranty_end
    return not known and not (stage.due_trigger == "date" and stage.date)
