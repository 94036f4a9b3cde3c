# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_settlement_source import FOREVER

from ..matching.engine import paused_collector

# Of an order line, what only agreed, lost or invoiced quantities change.
_UNCHANGED = (
    "rd_settled_short",
    "qty_to_invoice",
    "invoice_status",
    "untaxed_amount_to_invoice",
    "amount_to_invoice",
)
# Listed at amount 0 for one of the others, a quantity is never to be invoiced.
COUNTED_REASONS = ("", "not_accepted")
# Decimals beyond any unit's precision: sums of floats are compared by these.
EXACT = 6


class RdStatement(models.Model):
    """How statements come about: portions of all sources that are on none yet."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    @api.model
    @paused_collector()
    def _build(self, close, partner):
        """Make or complete the draft statements of one affiliate for a month.

        Membership is by "on no live statement"; the cut-off only decides the
        period. A statement that has left its draft takes nothing more.

        :return: the statements of the month, one per currency
        """
        company = close.company_id
        until = partner._rd_cutoff(close.month)
        self._get_month_statements(close, partner)._renew_changed()
        self.env["rd.drift"]._detect(company, partner)
        portions = self._get_portions(company, partner, FOREVER)
        pieces = [
            piece
            for piece in self._get_free_pieces(portions)
            if piece[0].due and piece[0].date <= until
        ]
        by_currency = self._group_by_currency(pieces)
        statements = self._get_month_statements(close, partner)
        for currency, part in by_currency.items():
            statement = statements.filtered(
                lambda record, currency=currency: record.currency_id == currency
            )
            if not statement:
                statement = self._create_statement(close, partner, currency)
                statements |= statement
            if statement.state == "draft":
                statement._as_internal().write({"basis": partner.rd_basis})
                statement._add_pieces(part)
        return statements

    @api.model
    def _get_portions(self, company, partner, until):
        portions = []
        for model in self.env["rd.settlement.source"]._rd_get_sources():
            portions += self.env[model].sudo()._rd_get_portions(company, partner, until)
        return sorted(portions, key=lambda item: (item.date, item.kind, item.res_id))

    @api.model
    def _get_month_statements(self, close, partner):
        return self.search(
            [
                ("close_id", "=", close.id),
                ("partner_id", "=", partner.id),
                ("state", "!=", "cancelled"),
            ]
        )

    @api.model
    def _prepare_period(self, close, partner):
        before = partner._rd_cutoff(close.month - relativedelta(months=1))
        return {
            "date_from": before + timedelta(days=1),
            "date_to": partner._rd_cutoff(close.month),
        }

    def _create_statement(self, close, partner, currency):
        company = close.company_id
        return self._as_internal().create(
            {
                "name": self._next_name(company, close),
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
                "close_id": close.id,
                "basis": partner.rd_basis,
                "user_id": (partner.user_id or self.env.user).id,
                **self._prepare_period(close, partner),
            }
        )

    def _next_name(self, company, close):
        """Return the next number that no statement of the company has yet.

        A sequence may be set back or get another prefix; a number that went out
        never names a second statement.
        """
        sequence = (
            self.env["ir.sequence"]
            .with_company(company)
            .with_context(ir_sequence_date=close.month)
        )
        taken = self.sudo().with_context(active_test=False)
        while True:
            name = sequence.next_by_code("rd.statement", sequence_date=close.month)
            domain = [("company_id", "=", company.id), ("name", "=", name)]
            if not taken.search_count(domain, limit=1):
                return name

    # ------------------------------------------------------------------
    # Free pieces
    # ------------------------------------------------------------------
    @api.model
    def _get_free_pieces(self, portions):
        """Return ``[(portion, from, to)]`` of what is on no live statement.

        What an invoice outside the statements already took is left out, oldest
        delivery first.
        """
        pieces = self._get_open_pieces(portions)
        excess = self._get_excess(pieces, self.browse())
        return [piece for item in pieces for piece in _take_off(item, excess)]

    def _get_open_pieces(self, portions):
        """Return ``[(portion, from, to)]`` of what is on no live statement line."""
        taken = self._get_taken_intervals(portions)
        lines = self._get_order_lines(portions)
        return [
            (portion, start, end)
            for portion in portions
            for start, end in _subtract(
                portion.start, portion.until, taken[portion.kind, portion.res_id]
            )
            if _is_more(lines.get(portion.sale_line_id), end, start)
        ]

    def _get_taken_intervals(self, portions):
        by_kind = defaultdict(list)
        for portion in portions:
            by_kind[portion.kind].append(portion.res_id)
        taken = defaultdict(list)
        for kind, ids in by_kind.items():
            lines = self.env["rd.statement.line"].search_fetch(
                [
                    ("source_kind", "=", kind),
                    ("source_id", "in", ids),
                    ("live", "=", True),
                ],
                ["source_id", "qty_from", "qty_to"],
                order="id",
            )
            for line in lines:
                taken[kind, line.source_id].append((line.qty_from, line.qty_to))
        return taken

    def _get_excess(self, pieces, statements):
        """Return ``{order line id: open pieces beyond what is still to be stated}``.

        :param statements: whose own lines are not counted as held
        """
        order_lines = self.env["sale.order.line"].browse(
            {portion.sale_line_id for portion, _start, _end in pieces} - {0}
            | set(statements._lines().sale_line_id.ids)
        )
        room = order_lines._rd_get_open_quantity(statements)
        excess = {line.id: -room[line] for line in order_lines}
        for portion, start, end in pieces:
            if portion.sale_line_id and portion.zero_reason in COUNTED_REASONS:
                excess[portion.sale_line_id] += portion.sign * (end - start)
        return excess

    def _group_by_currency(self, pieces):
        groups = defaultdict(list)
        lines = self._get_order_lines(piece[0] for piece in pieces)
        for piece in pieces:
            portion = piece[0]
            if portion.sale_line_id:
                currency = lines[portion.sale_line_id].order_id.currency_id
            else:
                currency = self.env["res.currency"].browse(portion.currency_id)
            groups[currency].append(piece)
        return groups

    def _get_order_lines(self, portions):
        """Return ``{id: order line}``; they share one prefetch, so that a field is
        read once for all of them."""
        ids = dict.fromkeys(
            portion.sale_line_id for portion in portions if portion.sale_line_id
        )
        return {line.id: line for line in self.env["sale.order.line"].browse(ids)}

    def _add_pieces(self, pieces):
        """Make lines of the pieces and compute the statement anew."""
        self.ensure_one()
        Line = self.env["rd.statement.line"]
        carried = Line._get_carried(pieces)
        by_id = self._get_order_lines(piece[0] for piece in pieces)
        order_lines = self.env["sale.order.line"].browse(by_id)
        snapshots = order_lines._rd_prepare_snapshots(self.company_id, self.partner_id)
        values = [
            {
                **snapshots.get(by_id.get(piece[0].sale_line_id), {}),
                **Line._prepare_line_values(
                    self, by_id.get(piece[0].sale_line_id), *piece, carried
                ),
                **(piece[0].values or {}),
            }
            for piece in pieces
        ]
        Line._set_return_prices(values)
        Line._set_first_statements(self, values)
        values.sort(key=lambda vals: (vals["source_kind"], vals["source_id"]))
        first = not self.line_ids
        if first:
            Line._set_new_amounts(self, values)
        # What has just been stated is neither lost nor invoiced yet: what the order
        # lines have to invoice does not change, and is not computed again for it.
        unchanged = [order_lines._fields[name] for name in _UNCHANGED]
        with self.env.protecting(unchanged, order_lines):
            lines = Line._as_internal().create(values)
        if first:
            self._write_totals()
        else:
            self._recompute_amounts()
        self.env["rd.difference"]._open_for_missing_price(lines)
        self.env["rd.difference"]._open_for_not_accepted(lines)


def _is_more(order_line, end, start):
    """Tell whether ``end`` lies beyond ``start`` by the precision of quantities."""
    if order_line:
        return order_line.product_uom_id.compare(end, start) > 0
    return round(end - start, EXACT) > 0


def _subtract(start, until, taken):
    """Return what of [start, until) lies in none of the taken intervals."""
    free = []
    for begin, end in sorted(taken):
        if begin > start:
            free.append((start, min(begin, until)))
        start = max(start, end)
    if start < until:
        free.append((start, until))
    return [(begin, end) for begin, end in free if begin < end]


def _take_off(piece, excess):
    """Shorten a piece by what of its order line was invoiced elsewhere."""
    portion, start, end = piece
    over = round(excess.get(portion.sale_line_id, 0.0), EXACT)
    if portion.zero_reason or portion.sign < 0 or over <= 0 or not portion.due:
        return [piece]
    taken = min(over, end - start)
    excess[portion.sale_line_id] = over - taken
    return (
        []
        if round(end - start - taken, EXACT) <= 0
        else [(portion, start + taken, end)]
    )
