# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Open items in bulk, written by SQL, and what it takes to age and to plan them."""

import time
from datetime import date

from odoo import Command
from odoo.tools import SQL

_MONTH = date(2025, 3, 1)
_AS_OF = date(2025, 3, 31)
_PLANNED_ON = date(2025, 2, 25)
_RUNS = 3
# What takes something off which of the items: known to the plan, before its month, in
# it. Every tenth is settled by the plan's day; every tenth came after it.
_TAKEN = (
    ("n % 10 < 5", "payment", 40, "2025-03-10"),
    ("n % 10 = 5", "payment", 100, "2025-02-20"),
    ("n % 10 = 6", "payment", 40, "2025-02-20"),
    ("n % 10 = 7", "payment", 40, "2025-02-27"),
    ("n % 10 = 8", "credit note", 40, "2025-03-12"),
    ("n % 10 = 9", "payment", 40, "2025-03-15"),
    ("n % 10 IN (0, 6)", "credit note", 15, "2025-03-12"),
)
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
# What stands on the plan, and what does not and was not settled by the plan's day.
_PLAN = """
    WITH taken AS (
        SELECT partial.debit_move_id AS item_id,
               SUM(partial.amount) FILTER (WHERE partial.max_date <= '2025-02-25')
                   AS known,
               SUM(partial.amount) FILTER (WHERE partial.max_date > '2025-02-25'
                   AND (journal.type NOT IN ('bank', 'cash')
                       OR partial.max_date < '2025-03-01')) AS lost,
               SUM(partial.amount) FILTER (WHERE partial.max_date >= '2025-03-01'
                   AND journal.type IN ('bank', 'cash')) AS received
          FROM account_partial_reconcile partial
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
          JOIN account_move entry ON entry.id = credit.move_id
          JOIN account_journal journal ON journal.id = entry.journal_id
         WHERE partial.max_date <= '2025-03-31'
         GROUP BY 1
    ), item AS (
        SELECT plan.partner_class, plan.opening_amount - COALESCE(taken.lost, 0) AS due,
               COALESCE(taken.received, 0) AS received
          FROM rd_collection_plan_line plan
          LEFT JOIN taken ON taken.item_id = plan.item_id
         WHERE plan.due_date <= '2025-03-31'
        UNION ALL
        SELECT partner.rd_partner_class,
               line.balance - COALESCE(taken.known, 0) - COALESCE(taken.lost, 0),
               COALESCE(taken.received, 0)
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
          JOIN res_partner partner ON partner.id = line.partner_id
          LEFT JOIN taken ON taken.item_id = line.id
         WHERE account.account_type = 'asset_receivable'
           AND line.parent_state = 'posted' AND line.balance > 0
           AND line.date <= '2025-03-31' AND line.date_maturity <= '2025-03-31'
           AND line.id NOT IN (SELECT item_id FROM rd_collection_plan_line)
           AND line.balance > COALESCE(taken.known, 0)
    )
    SELECT partner_class, SUM(due), SUM(received), 100 * SUM(received) / SUM(due)
      FROM item GROUP BY 1 ORDER BY 1
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
    fill(env, lines)
    ageing = env["rd.ageing.report"].with_context(rd_as_of=str(_AS_OF))
    return {
        "ageing": {
            "ours": _best(
                lambda: ageing._read_group([], ["bucket"], ["amount_residual:sum"])
            ),
            "bare": _best(lambda: _fetch(env, _AGEING)),
        },
        "plan": _measure_plan(env),
        "open": _measure_open(env),
    }


def _measure_plan(env):
    """What was due and received of a plan, and of what came since."""
    rates = env["rd.collection.report"]

    def ours():
        return rates._read_group(
            [],
            ["partner_class"],
            ["amount_due:sum", "amount_received:sum", "rate:avg"],
            order="partner_class",
        )

    def bare():
        return _fetch(env, _PLAN)

    answers = [
        [(name, *(round(float(one), 2) for one in sums)) for name, *sums in rows]
        for rows in (ours(), bare())
    ]
    if answers[0] != answers[1]:
        raise AssertionError(f"{answers[0]} due and received are not {answers[1]}")
    return {"ours": _best(ours), "bare": _best(bare)}


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


def fill(env, lines):
    """Write the items and an approved plan that most of them stand on."""
    debts, takers = _make_sources(env)
    _copy_items(env, debts, takers, lines)
    _analyze(env)
    _make_plan(env)
    # Noted only after the plan was made.
    _copy_items(env, debts, takers, lines // 100, create_date="'2025-03-03'")
    _analyze(env)


def _analyze(env):
    env.cr.execute(
        "ANALYZE account_move_line, account_partial_reconcile, account_move, "
        "rd_collection_plan, rd_collection_plan_line"
    )


def _make_sources(env):
    """Return an invoice's debt for each class, and what took something off the first
    one: a payment and a credit note, as Odoo makes them."""
    debts = [
        _post(env, "out_invoice", 100, _make_partner(env, name))
        for name in ("affiliate", "outside")
    ]
    first = debts[0]
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=first.move_id.ids
    ).create({"amount": 40, "payment_date": "2025-03-10"})._create_payments()
    payment = first.matched_credit_ids
    (first | _post(env, "out_refund", 15, first.partner_id)).reconcile()
    env.flush_all()
    note = first.matched_credit_ids - payment
    return debts, {"payment": payment, "credit note": note}


def _make_partner(env, partner_class):
    return env["res.partner"].create(
        {"name": "Works", "is_company": True, "rd_partner_class": partner_class}
    )


def _post(env, kind, price, partner):
    """Return the receivable item of a posted invoice or credit note."""
    move = env["account.move"].create(
        {
            "move_type": kind,
            "partner_id": partner.id,
            "invoice_date": "2025-01-01",
            "date": "2025-01-01",
            "invoice_line_ids": [
                Command.create({"name": "x", "price_unit": price, "tax_ids": []})
            ],
        }
    )
    move.action_post()
    return move.line_ids.filtered(lambda line: line.display_type == "payment_term")


def _copy_items(env, debts, takers, count, **values):
    """Copy a debt of each class by turns, and what took something off each."""
    first = _get_next_id(env, "account_move_line")
    day = "CASE n % 10 WHEN 9 THEN DATE '2025-03-05' ELSE DATE '2025-01-01' END"
    values = {
        "date": day,
        "create_date": day,
        "date_maturity": f"GREATEST({day}, DATE '2025-01-01' + n % 200)",
        "full_reconcile_id": "NULL",
        **values,
    }
    for turn, debt in enumerate(debts):
        _copy(env, debt, first, count, f"n / 10 % 2 = {turn}", values)
    for wanted, taker, amount, day in _TAKEN:
        values = {
            "amount": str(amount),
            "debit_move_id": f"{first} + n",
            "full_reconcile_id": "NULL",
            "max_date": f"DATE '{day}'",
        }
        start = _get_next_id(env, "account_partial_reconcile")
        _copy(env, takers[taker], start, count, wanted, values)


def _get_next_id(env, table):
    return _fetch(env, f"SELECT MAX(id) + 1000 FROM {table}")[0][0]


def _copy(env, record, first, count, wanted, values):
    """Copy a row for each wanted number n, with these columns written anew."""
    table = record._table
    names = [
        row[0]
        for row in _fetch(
            env,
            "SELECT column_name FROM information_schema.columns "
            f"WHERE table_name = '{table}' AND column_name <> 'id'",
        )
    ]
    quoted = [f'"{name}"' for name in names]
    chosen = [values.get(name, f'"{name}"') for name in names]
    env.cr.execute(
        f"INSERT INTO {table} (id, {', '.join(quoted)}) "
        f"SELECT {first} + n, {', '.join(chosen)} FROM {table}, "
        f"generate_series(1, {count}) n "
        f"WHERE id = {record.id} AND {wanted}"
    )


def _make_plan(env):
    plan = env["rd.collection.plan"].create({"month": _MONTH})
    plan._propose(_PLANNED_ON)
    env.flush_all()
    env.cr.execute(
        "UPDATE rd_collection_plan SET state = 'approved' WHERE id = %s", [plan.id]
    )
    env.invalidate_all()
