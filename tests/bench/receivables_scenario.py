# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Open items in bulk, written by SQL, and what it takes to age and to plan them."""

import time
from datetime import date

from odoo import Command
from odoo.tools import SQL

_MONTH = date(2025, 3, 1)
_AS_OF = date(2025, 3, 31)
_RUNS = 3
# The same answers without any of our code: what a person would write by hand.
_AGEING = """
    SELECT width_bucket(DATE '2025-03-31' - line.date_maturity, ARRAY[1,31,61,91]),
           SUM(line.balance - COALESCE(d.amount, 0) + COALESCE(c.amount, 0))
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      LEFT JOIN (SELECT debit_move_id, SUM(amount) AS amount
                   FROM account_partial_reconcile WHERE max_date <= '2025-03-31'
                  GROUP BY 1) d ON d.debit_move_id = line.id
      LEFT JOIN (SELECT credit_move_id, SUM(amount) AS amount
                   FROM account_partial_reconcile WHERE max_date <= '2025-03-31'
                  GROUP BY 1) c ON c.credit_move_id = line.id
     WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
       AND line.date <= '2025-03-31'
       AND line.balance - COALESCE(d.amount, 0) + COALESCE(c.amount, 0) <> 0
     GROUP BY 1
"""
# Grouped once: asked item by item, PostgreSQL may go through all that one payment paid.
_PLAN = """
    SELECT plan.partner_class, SUM(plan.opening_amount), SUM(paid.amount)
      FROM rd_collection_plan_line plan
      LEFT JOIN (
          SELECT partial.debit_move_id, SUM(partial.amount) AS amount
            FROM account_partial_reconcile partial
            JOIN account_move_line credit ON credit.id = partial.credit_move_id
            JOIN account_move entry ON entry.id = credit.move_id
            JOIN account_journal journal ON journal.id = entry.journal_id
           WHERE partial.max_date BETWEEN '2025-03-01' AND '2025-03-31'
             AND journal.type IN ('bank', 'cash')
           GROUP BY 1
      ) paid ON paid.debit_move_id = plan.item_id
     GROUP BY 1
"""
# What was open at the end of a day, item by item, with what was paid of it by then.
_OPEN = """
    SELECT line.id, line.date, line.date_maturity, line.balance::text,
           COALESCE(paid.amount, 0)::text
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      LEFT JOIN (SELECT debit_move_id, SUM(amount) AS amount
                   FROM account_partial_reconcile WHERE max_date <= '2025-03-31'
                  GROUP BY 1) paid ON paid.debit_move_id = line.id
     WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
       AND line.balance > 0 AND line.date <= '2025-03-31'
       AND line.balance > COALESCE(paid.amount, 0)
"""


def measure(env, lines):
    """Return the best seconds of ours and of bare SQL: ageing, rates, open items."""
    _fill(env, lines)
    env["account.move.line"].flush_model()
    env.cr.execute("ANALYZE account_move_line, account_partial_reconcile, account_move")
    _make_plan(env)
    env.cr.execute("ANALYZE rd_collection_plan_line")
    ageing = env["rd.ageing.report"].with_context(rd_as_of=str(_AS_OF))
    rates = env["rd.collection.report"]
    return {
        "ageing": {
            "ours": _best(
                lambda: ageing._read_group([], ["bucket"], ["amount_residual:sum"])
            ),
            "bare": _best(lambda: _fetch(env, _AGEING)),
        },
        "plan": {
            "ours": _best(
                lambda: rates._read_group(
                    [],
                    ["partner_class"],
                    ["amount_due:sum", "amount_received:sum", "rate:avg"],
                )
            ),
            "bare": _best(lambda: _fetch(env, _PLAN)),
        },
        "open": _measure_open(env),
    }


def _measure_open(env):
    """Which debts a plan has to look at: all but what was settled by the day."""
    # A third of what was paid in part is paid whole by now.
    env.cr.execute("UPDATE account_partial_reconcile SET amount = 100 WHERE id % 3 = 0")
    reader = env["rd.receivable.reader"]
    query = SQL(
        "SELECT debt.id, debt.date, debt.due, debt.balance::text FROM (%s) debt "
        "WHERE debt.company_id = %s AND debt.date <= %s AND %s",
        reader._query_debts(),
        env.company.id,
        _AS_OF,
        reader._query_open_at(_AS_OF),
    )
    reader._flush_read()
    ours = len(env.execute_query(query))
    bare = len(_fetch(env, _OPEN))
    if ours != bare:
        raise AssertionError(f"{ours} open items are not {bare}")
    return {
        "ours": _best(lambda: env.execute_query(query)),
        "bare": _best(lambda: _fetch(env, _OPEN)),
    }


def _best(call):
    taken = []
    for _each in range(_RUNS):
        start = time.monotonic()
        call()
        taken.append(time.monotonic() - start)
    return min(taken)


def _fetch(env, query):
    env.cr.execute(query)
    return env.cr.fetchall()


def _fill(env, lines):
    """Copy one invoice and one payment, as Odoo made them, so many times."""
    partner = env["res.partner"].create(
        {"name": "Works", "is_company": True, "rd_partner_class": "affiliate"}
    )
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2025-01-01",
            "date": "2025-01-01",
            "invoice_line_ids": [
                Command.create({"name": "x", "price_unit": 100, "tax_ids": []})
            ],
        }
    )
    move.action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    ).create({"amount": 40, "payment_date": "2025-03-10"})._create_payments()
    env.flush_all()
    debt = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
    partial = debt.matched_credit_ids
    _copy_rows(env, debt, partial, lines)


def _copy_rows(env, debt, partial, lines):
    names = {
        table: [
            row[0]
            for row in _fetch(
                env,
                "SELECT column_name FROM information_schema.columns "
                f"WHERE table_name = '{table}' AND column_name <> 'id'",
            )
        ]
        for table in ("account_move_line", "account_partial_reconcile")
    }
    spread = {
        "date_maturity": "DATE '2025-01-01' + n %% 200",
        "full_reconcile_id": "NULL",
        "debit_move_id": "%(first)s + n",
    }
    first = _fetch(env, "SELECT MAX(id) + 1000 FROM account_move_line")[0][0]
    for table, source in (
        ("account_move_line", debt.id),
        ("account_partial_reconcile", partial.id),
    ):
        columns = names[table]
        values = [spread.get(name, f'"{name}"') % {"first": first} for name in columns]
        start = first if table == "account_move_line" else 1_000_000
        number = f"{start} + n"
        quoted = ", ".join(f'"{name}"' for name in columns)
        env.cr.execute(
            f"INSERT INTO {table} (id, {quoted}) "
            f"SELECT {number}, {', '.join(values)} "
            f"FROM {table}, generate_series(1, {lines}) n WHERE id = {source}"
        )


def _make_plan(env):
    plan = env["rd.collection.plan"].create({"month": _MONTH})
    plan._propose(date(2025, 2, 28))
    env.flush_all()
    env.cr.execute(
        "UPDATE rd_collection_plan SET state = 'approved' WHERE id = %s", [plan.id]
    )
    env.invalidate_all()
