# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import float_compare

from odoo.addons.rd_sales_admin.models.rd_scorecard import Figure
from odoo.addons.rd_sales_admin.models.rd_settlement_source import KIND_ADJUSTMENT

from .rd_statement import LIVE_STATES

AGREED = ("agreed", "invoiced", "closed")
INVOICE_WITHIN = 3


class RdScorecard(models.Model):
    """What is measured of statements: how right, how fast, how much by hand."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _get_statements(self, name, states=AGREED):
        """Return the statements whose ``name`` is this month."""
        return self.env["rd.statement"].search(
            [
                ("company_id", "=", self.company_id.id),
                (name, "=", self.month),
                ("state", "in", states),
            ]
        )

    def _measure_agreed_as_sent(self):
        """Lines agreed as they were first sent ÷ lines of the month's agreed
        statements, what was carried over included.

        A line that came with a later revision was made anew: something was wrong.
        """
        statements = self._get_statements("agreed_month")
        lines = self.env["rd.statement.line"].search_fetch(
            [("statement_id", "in", statements.ids), ("verdict", "!=", "replaced")],
            ["verdict", "live"],
        )
        differing = statements.difference_ids.line_ids
        newest = statements._get_newest_line_first_sent()
        same = (
            lines.filtered(
                lambda line: (
                    line.live
                    and line.verdict == "confirmed"
                    and line.id <= newest[line.statement_id.id]
                )
            )
            - differing
        )
        return Figure.of_rows(same, lines)

    def _measure_days_to_agree(self):
        """Working days from the cut-off to the agreement, mean of the month's
        agreed statements."""
        statements = self._get_statements("agreed_month").filtered("agreed_date")
        days = {
            one: self._count_working_days(one.date_to, one.agreed_date)
            for one in statements
        }
        return Figure.of_mean(statements, days)

    def _measure_invoiced_in_time(self):
        """Statements whose last invoice was posted within three working days of their
        agreement ÷ statements of which that was settled in the month: by posting, or
        when the days were over. Until then one counts in no month."""
        first, last = self._get_days()
        agreed = self.env["rd.statement"].search(
            [
                ("company_id", "=", self.company_id.id),
                # No three working days take longer than a month.
                ("agreed_date", ">=", first - relativedelta(months=1)),
                ("agreed_date", "<=", last),
                ("state", "in", AGREED),
            ]
        )
        verdicts = {one: self._get_invoicing_verdict(one) for one in agreed}
        settled = agreed.filtered(
            lambda one: verdicts[one] and first <= verdicts[one][0] <= last
        )
        in_time = settled.filtered(lambda one: verdicts[one][1])
        return Figure.of_rows(in_time, settled)

    def _get_invoicing_verdict(self, statement):
        """Return ``(day on which it was settled, in time)``; None while there is
        time."""
        company, posted = self.company_id, statement.invoiced_date
        late = company._rd_days_later(statement.agreed_date, INVOICE_WITHIN + 1)
        if posted and posted < late:
            return posted, True
        return (late, False) if late <= company._rd_today() else None

    def _measure_agreed_price(self):
        """Lines billed at the price first stated, that agreed for the delivery day ÷
        lines billed in the month.

        An adjustment corrects a price that was billed before: never right.
        """
        first, last = self._get_days()
        items = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("rd_statement_line_id", "!=", False),
                ("move_id.invoice_date", ">=", first),
                ("move_id.invoice_date", "<=", last),
            ]
        )
        lines = items.rd_statement_line_id
        digits = self.env["decimal.precision"].precision_get("Product Price")
        right = lines.filtered(
            lambda line: (
                line.source_kind != KIND_ADJUSTMENT
                and not float_compare(
                    line.price_unit, line.order_price, precision_digits=digits
                )
            )
        )
        return Figure.of_rows(right, lines)

    # ------------------------------------------------------------------
    # Tax invoices
    # ------------------------------------------------------------------
    def _measure_never_red(self):
        """Tax invoices that were neither red-lettered, whole or in part, nor voided for
        a fault of ours ÷ tax invoices dated in the month, and those of closed months
        taken back since."""
        first, last = self._get_days()
        issued = self.env["rd.fapiao"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "not in", ("requested", "cancelled")),
                # the red letter of a part is none that could be right
                ("red_of_ids", "=", False),
                "|",
                ("red_month", "=", self.month),
                "&",
                ("date", ">=", first),
                ("date", "<=", last),
            ]
        )
        good = issued.filtered(lambda one: one._is_right(self.month))
        return Figure.of_rows(good, issued)

    def _measure_fapiao_days(self):
        """Calendar days from the date of a tax invoice to its receipt, mean of those
        received in the month; a receipt noted after its month closed counts later."""
        received = self.env["rd.fapiao"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("received_month", "=", self.month),
                ("received_date", "!=", False),
            ]
        )
        days = {one: one.days_to_deliver for one in received}
        return Figure.of_mean(received, days)

    # ------------------------------------------------------------------
    # How much work a month is
    # ------------------------------------------------------------------
    def _measure_acts_per_affiliate(self):
        """What people did by hand to the month's statements, see ``by_hand`` of
        ``rd.statement.revision`` ÷ affiliates with a statement that was sent."""
        acts = self.env["rd.statement.revision"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("month", "=", self.month),
                ("by_hand", "=", True),
                ("statement_id.partner_id.rd_partner_class", "=", "affiliate"),
            ]
        )
        seen = tuple(state for state in LIVE_STATES if state != "draft")
        partners = self._get_statements("close_id.month", seen).partner_id.filtered(
            lambda partner: partner.rd_partner_class == "affiliate"
        )
        partners |= acts.statement_id.partner_id
        return Figure(len(acts), len(partners), acts._name, tuple(acts.ids))

    def _measure_days_per_affiliate(self):
        """Calendar days from the end of a statement's month to the last invoice of
        its affiliate, mean of the affiliates invoiced."""
        statements = self._get_statements("invoiced_month").filtered(
            lambda one: one.partner_id.rd_partner_class == "affiliate"
        )
        groups = statements.grouped(lambda one: (one.partner_id, one.close_id))
        days = [
            (max(group.mapped("invoiced_date")) - close._get_last_day()).days
            for (_partner, close), group in groups.items()
        ]
        return Figure(sum(days), len(days), statements._name, tuple(statements.ids))
