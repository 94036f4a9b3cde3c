# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .rd_scorecard import Figure

# News of an order is fresh for so many days, the day itself included.
FRESH_DAYS = 7


class RdScorecard(models.Model):
    """What is measured before a piece is settled: lists, contracts, news, handover."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _measure_lists_on_time(self):
        """Shipping lists whose period was covered by their due day ÷ lists due.

        A list that is not due yet counts neither way; one that was waived because
        nothing was shipped is not due.
        """
        first, last = self._get_days()
        today = self.company_id._rd_today()
        due = self.env["rd.shipping.expected"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_due", ">=", first),
                ("date_due", "<=", min(last, today)),
                ("state", "!=", "waived"),
            ]
        )
        due = due.filtered(lambda one: one.state == "received" or one.date_due < today)
        days = due._get_days_received()
        on_time = due.filtered(lambda one: days.get(one) and days[one] <= one.date_due)
        return Figure.of_rows(on_time, due)

    def _measure_rows_right(self):
        """Rows of checked lists delivered as first handed in ÷ rows of checked lists.

        A row counts once, where it first stood: what a later list says again, mended
        or not, is no row of its own. One that is ready to deliver counts neither way;
        one that the desk left out did not belong into the list, and was wrong in it.
        What came, or was corrected, after the row's month was closed counts in the
        month that happened in.
        """
        rows = self.env["rd.shipping.list.line"].search(self._get_rows_domain())
        last = {row: row._get_last() for row in rows}
        rows = rows.filtered(lambda row: last[row].verdict != "new")
        right = rows.filtered(lambda row: last[row].live)
        return Figure.of_rows(right, rows)

    def _get_rows_domain(self):
        first, last = self._get_days()
        own = Domain("date", ">=", first) & Domain("date", "<=", last)
        own &= Domain("late_month", "=", False)
        late = Domain("late_month", "=", first) | Domain("corrected_month", "=", first)
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("list_id.state", "in", ("checked", "applied"))
            # Corrections, rows known already and questions name an earlier row.
            & Domain("previous_id", "=", False)
            & Domain("mends_ids", "=", False)
            & (own | late)
        )

    def _measure_signed_first(self):
        """Orders signed on or before the day of their first shipment ÷ orders first
        shipped in the month."""
        shipped = self._get_first_shipments()
        orders = self.env["sale.order"].browse(shipped)
        signed = orders.filtered(
            lambda order: (
                (day := order._rd_get_signed_day()) and day <= shipped[order.id]
            )
        )
        return Figure.of_rows(signed, orders)

    def _get_first_shipments(self):
        """Return ``{order id: company's day of its first shipment}`` of the month."""
        self.env.flush_all()
        start, end = self._get_moments()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sold.order_id, MIN(move.date)
                  FROM stock_move move
                  JOIN sale_order_line sold ON sold.id = move.sale_line_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                 WHERE move.state = 'done' AND move.company_id = %(company)s
                   AND move.quantity > 0 AND target.usage = 'customer'
                 GROUP BY sold.order_id
                HAVING MIN(move.date) >= %(start)s AND MIN(move.date) < %(end)s
                 ORDER BY sold.order_id
                """,
                company=self.company_id.id,
                start=start,
                end=end,
            )
        )
        return {order: self.company_id._rd_local_date(moment) for order, moment in rows}

    def _measure_fresh_news(self):
        """Open orders with news of the last seven days ÷ open orders, as the mean
        over the days of the month on which an order was open.

        An order is open from its release until it is ready; the release is news.
        """
        spans, news = self._get_order_spans()
        first, last = self._get_days()
        last = min(last, self.company_id._rd_today())
        ratios, stale = [], set()
        for number in range((last - first).days + 1):
            day = first + relativedelta(days=number)
            opened = [
                order
                for order, parts in spans.items()
                if any(start <= day and (not end or day < end) for start, end in parts)
            ]
            fresh = [
                order
                for order in opened
                if any(0 <= (day - one).days < FRESH_DAYS for one in news[order])
            ]
            stale |= {*opened} - {*fresh}
            if opened:
                ratios.append(len(fresh) / len(opened))
        rows = tuple(sorted(spans)), tuple(sorted(stale))
        return Figure(sum(ratios), len(ratios), "sale.order", *rows)

    def _get_order_spans(self):
        """Return ``({order id: [(opened, ready or None)]}, {order id: [days of
        news]})`` of the orders open in the month, by the company's calendar."""
        company = self.company_id
        start, end = self._get_moments()
        releases = self.env["rd.order.release"].search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("sent", "accepted", "refused", "ready")),
                ("released_date", "!=", False),
                ("released_date", "<", end),
                "|",
                ("ready_date", "=", False),
                ("ready_date", ">", company._rd_local_date(start)),
            ]
        )
        spans, news = {}, {}
        for release in releases:
            opened = company._rd_local_date(release.released_date)
            order = release.order_id.id
            spans.setdefault(order, []).append((opened, release.ready_date or None))
            news.setdefault(order, []).append(opened)
            news[order] += [
                company._rd_local_date(progress.date)
                for progress in release.progress_ids
            ]
        return spans, news

    def _measure_handed_over(self):
        """Lines of handovers accepted by their plan date ÷ lines due in the month."""
        first, last = self._get_days()
        today = self.company_id._rd_today()
        lines = self.env["rd.handover.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("handover_id.date_due", ">=", first),
                ("handover_id.date_due", "<=", min(last, today)),
                ("handover_state", "!=", "cancelled"),
            ]
        )
        # What is due today may still be accepted today.
        lines = lines.filtered(
            lambda line: (
                line.handover_id.state == "accepted"
                or line.handover_id.date_due < today
            )
        )
        in_time = lines.filtered(lambda line: self._is_in_time(line.handover_id))
        return Figure.of_rows(in_time, lines)

    def _is_in_time(self, handover):
        if handover.state != "accepted" or not handover.confirmed_date:
            return False
        accepted = self.company_id._rd_local_date(handover.confirmed_date)
        return accepted <= handover.date_due
