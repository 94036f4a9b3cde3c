# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Delivered orders in bulk, written by SQL, and what it takes to settle them."""

import time
from datetime import date

from odoo import Command
from odoo.tools import SQL

_MONTH = date(2026, 9, 1)
_STOCK_LINES = 2000
_BEFORE = 5


def measure(env, lines, affiliates):
    """Return seconds and queries of building, invoicing and stock invoicing."""
    company = env.company
    company.rd_start_date = _MONTH
    world = World(env)
    each = lines // affiliates
    partners = env["res.partner"].concat(
        *(world.partner(f"Works {number}") for number in range(affiliates))
    )
    for partner in partners:
        world.delivered(partner, each)
    close = env["rd.close"].create({"company_id": company.id, "month": _MONTH})
    env["rd.opening"]._ensure(company)
    _prepare(env, world, close, each)
    found = {"affiliates": affiliates}
    found["build"] = _timed(env, each * affiliates, _build, close, partners)
    statements = close.statement_ids.filtered(lambda one: one.partner_id in partners)
    for statement in statements:
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
    found["invoice"] = _timed(env, each * affiliates, statements.action_invoice)
    found.update(_small_and_large(env, world, close))
    outsider = world.partner("Outsider", kind="outside")
    orders = [world.delivered(outsider, _STOCK_LINES // 10) for _ in range(10)]
    orders = env["sale.order"].browse([order.id for order in orders])
    env.flush_all()
    env.cr.execute("ANALYZE")
    found["stock"] = _timed(
        env, _STOCK_LINES, lambda: orders._create_invoices(grouped=True)
    )
    return found


def _prepare(env, world, close, lines):
    """State what some affiliates got before, and count the rows of all tables anew.

    So it is in a database in use. Autovacuum counts there; the tests' cluster is
    without, and the planner takes tables written in one go for empty.
    """
    for number in range(_BEFORE):
        partner = world.partner(f"Works before {number}")
        world.delivered(partner, lines)
        env["rd.statement"]._build(close, partner)
    env.flush_all()
    env.cr.execute("ANALYZE")


def _build(close, partners):
    for partner in partners:
        close.env["rd.statement"]._build(close, partner)


def _small_and_large(env, world, close):
    counts = {}
    for name, lines in (("small", 60), ("large", 600)):
        partner = world.partner(f"Works {name}")
        world.delivered(partner, lines)
        statement = env["rd.statement"]._build(close, partner)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        counts[name] = _timed(env, lines, statement.action_invoice)["queries"]
    return counts


def _timed(env, lines, call, *arguments):
    env.flush_all()
    env.invalidate_all()
    queries = env.cr.sql_log_count
    start = time.perf_counter()
    call(*arguments)
    env.flush_all()
    return {
        "lines": lines,
        "seconds": time.perf_counter() - start,
        "queries": env.cr.sql_log_count - queries,
    }


class World:
    """One part, one tax, and delivered orders of as many lines as wanted."""

    def __init__(self, env):
        self.env = env
        self.tax = env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("company_id", "=", env.company.id)],
            limit=1,
        ) or env["account.tax"].create({"name": "13%", "amount": 13.0})
        self.part = env["product.product"].create(
            {
                "name": "Bracket",
                "default_code": "B-1",
                "type": "consu",
                "invoice_policy": "delivery",
                "taxes_id": [Command.set(self.tax.ids)],
            }
        )

    def partner(self, name, kind="affiliate"):
        """Return a new customer of a class."""
        return self.env["res.partner"].create({"name": name, "rd_partner_class": kind})

    def delivered(self, partner, lines, moment="2026-09-10 04:00:00"):
        """Return an order of ``lines`` lines, each delivered whole."""
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "product_uom_qty": 3.0,
                            "price_unit": 9.87,
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        move = order.order_line.move_ids
        move.write({"quantity": 3.0, "picked": True})
        move.picking_id._action_done()
        move.picking_id.date_done = moment
        self._multiply(order.order_line, move, lines)
        return order

    def _multiply(self, line, move, lines):
        self.env.flush_all()
        ids = self._copy_rows(line, "sale_order_line", lines - 1)
        self.env.cr.execute(
            SQL(
                "INSERT INTO account_tax_sale_order_line_rel "
                "(sale_order_line_id, account_tax_id) SELECT id, %s "
                "FROM unnest(%s) AS id",
                self.tax.id,
                ids,
            )
        )
        self._copy_moves(move, ids)
        self.env.invalidate_all()

    def _copy_moves(self, move, line_ids):
        names = [name for name in self._columns(move) if name != "sale_line_id"]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        self.env.cr.execute(
            SQL(
                "INSERT INTO stock_move (%s, sale_line_id) SELECT %s, line "
                "FROM stock_move, unnest(%s) AS line WHERE id = %s",
                columns,
                columns,
                line_ids,
                move.id,
            )
        )

    def _copy_rows(self, record, table, times):
        columns = SQL(", ").join(SQL.identifier(name) for name in self._columns(record))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(1, %s) "
                "WHERE id = %s RETURNING id",
                SQL.identifier(table),
                columns,
                columns,
                SQL.identifier(table),
                times,
                record.id,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _columns(self, record):
        return [
            name
            for name, field in record._fields.items()
            if field.store and field.column_type and name != "id"
        ]
