# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ReconciliationCommon

SMALL, LARGE = 10, 1000
# The ORM inserts and updates this many rows by one statement.
BATCH = 100


class QueryCountCase(ReconciliationCommon):
    """Deliveries in bulk, and how many queries an act takes."""

    @contextmanager
    def _counting(self, counts, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        yield
        self.env.flush_all()
        counts[act] = self.env.cr.sql_log_count - before

    def _create_delivered(self, lines, name=None):
        """Ship ten lines of a new affiliate by the book and the rest by SQL."""
        partner = self.env["res.partner"].create(
            {"name": f"Works {name or lines}", "rd_partner_class": "affiliate"}
        )
        parts = [(self.parts[0], 100, 10.0)] * SMALL
        order = self._create_order(parts, partner=partner)
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity, move.picked = 1.0, True
        picking._action_done()
        picking.date_done = "2026-09-10 04:00:00"
        self._multiply(picking.move_ids, lines // SMALL)
        return partner

    def _multiply(self, moves, factor):
        """Copy done moves so that there are ``factor`` times as many."""
        self.env.flush_all()
        columns = [
            name
            for name, field in moves._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        self.env.cr.execute(
            SQL(
                "INSERT INTO stock_move (%s) SELECT %s FROM stock_move, "
                "generate_series(2, %s) WHERE id IN %s",
                names,
                names,
                factor,
                tuple(moves.ids),
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order_line SET qty_delivered = %s, product_uom_qty = %s "
                "WHERE id IN %s",
                factor,
                factor,
                tuple(moves.sale_line_id.ids),
            )
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestQueryCounts(QueryCountCase):
    """A hundred times the lines costs no query per line."""

    def test_queries_do_not_grow_with_the_lines(self):
        small, large = self._count_all(SMALL), self._count_all(LARGE)
        for act, queries in large.items():
            with self.subTest(act=act):
                batches = LARGE // BATCH
                self.assertLessEqual(
                    queries,
                    small[act] + 12 * batches,
                    f"{act}: {small[act]} queries for {SMALL} lines, "
                    f"{queries} for {LARGE}",
                )

    def _count_all(self, lines):
        statement = {}
        partner = self._create_delivered(lines)
        close = self._open_close(date(2026, 9, 1).replace(year=2026 + lines // LARGE))
        counts = {}
        with self._counting(counts, "build"):
            statement = self._build(close, partner)
        self.assertEqual(len(statement.line_ids), lines)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        with self._counting(counts, "agree"):
            statement.action_agree()
        with self._counting(counts, "invoice"):
            statement.action_invoice()
        self.assertEqual(len(statement.invoice_ids.invoice_line_ids), lines)
        return counts

    def test_taxes_of_another_company_are_refused_among_many_lines(self):
        """Lines that name the same are checked once, each other one as well."""
        partner = self._create_delivered(SMALL)
        statement = self._build(self._open_close(date(2026, 9, 1)), partner)
        other = self.env["res.company"].create({"name": "Other house"})
        foreign = self.tax.copy({"company_id": other.id, "name": "Foreign"})
        values = statement.line_ids.copy_data()
        values[-1]["tax_ids"] = [(6, 0, foreign.ids)]
        for vals in values:
            vals.update(live=False)
        with self.assertRaisesRegex(UserError, "Foreign"):
            self.env["rd.statement.line"]._as_internal().create(values)

    def test_what_is_to_invoice_is_not_touched_by_stating_it(self):
        partner = self._create_delivered(SMALL)
        lines = self.env["sale.order.line"].search(
            [("order_id.partner_id", "=", partner.id)]
        )
        before = lines.mapped("qty_to_invoice")
        self._build(self._open_close(date(2026, 9, 1)), partner)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(lines.mapped("qty_to_invoice"), before)
        lines._compute_qty_to_invoice()
        self.assertEqual(lines.mapped("qty_to_invoice"), before)

    def test_what_is_not_invoiced_is_asked_for_all_statements_at_once(self):
        """Two queries for any number of them, and each has its own figures."""
        close = self._open_close(date(2026, 9, 1))
        later = self._open_close(date(2026, 10, 1))
        partners = self.env["res.partner"].create(
            [{"name": f"W{one}", "rd_partner_class": "affiliate"} for one in range(60)]
        )
        model, counts = self.env["rd.statement"], {}
        for number, partner in enumerate(partners):
            for month in (close, later):
                one = model._create_statement(month, partner, partner.currency_id)
                one._as_internal().write({"amount_total": 100.0 + number})
        for few in (3, 60):
            found = model.search([("partner_id", "in", partners[:few].ids)])
            with self._counting(counts, few):
                found.mapped("not_invoiced")
        self.assertLessEqual(counts[60], counts[3])
        for statement in found:
            own = statement.amount_total
            months = 2 if statement.close_id == later else 1
            self.assertEqual(statement.not_invoiced, own * months)
            self.assertEqual(statement.closing_stated, own * months)
