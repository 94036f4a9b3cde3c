# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Runs inside Odoo: loads the demo on a fixed day and writes down what came out.

``RD_DEMO_OUT`` names the folder for the workbooks and for ``found.json``.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 6, 17)
# What may change when the close runs again: when, by whom, how often.
_VOLATILE = {"write_date", "write_uid", "run_date", "attempts"}
_KEPT = ("account_move", "account_move_line", "stock_move", "stock_picking")


def main(env):
    """Load the demo company, run the close once more, and report."""
    sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "demo")]
    out = Path(os.environ["RD_DEMO_OUT"])
    with freeze_time("2026-06-17 01:30:00", tick=True):
        import screens
        from demo import load, summary
        from demo.desk_work import Desk

        load.main(env, today=TODAY, folder=out)
        before = digests(env)
        Desk(env, None, None).run_cron()
        report = {
            "changed": [
                name for name, was in before.items() if was != digest(env, name)
            ],
            "broken": summary.violations(env),
            "differences": differences(env),
            "proofs": proofs(env),
            "custody": custody(env),
            "months": [month(env, close) for close in closes(env)],
            "ledgers": ledgers(env),
            "lists": lists(env),
            "rows_right": rows_right(env),
            "late": late(env),
            "work": work(env),
            "receivables": receivables(env),
            "chasing": chasing(env),
            "returns": returns(env),
            "loans": loans(env),
            "first_day": first_day(env),
            "order_lists": order_lists(env),
            "batch_entry": batch_entry(env),
            "destructions": destructions(env),
            "screens": screens.rows(env),
            "loaded_again": again(env, load, out),
        }
    (out / "found.json").write_text(json.dumps(report, ensure_ascii=False))


def chasing(env):
    """Return {customer: [state, reasons]} of the dry run that rests with the clerk."""
    run = env["rd.chase.run"].search([("state", "=", "draft")])
    return {
        line.partner_id.ref: [line.state, line.reason_codes or ""]
        for line in run.line_ids
    }


def closes(env):
    """Return the months, oldest first."""
    return env["rd.close"].search([], order="month")


def differences(env):
    """Return [month, affiliate, code, note, part] of everything that differs."""
    rows = []
    for item in env["rd.difference"].search([("code", "!=", "match")]):
        ours, theirs = item.line_ids[:1], item.ledger_line_ids[:1]
        entry = item.ledger_entry_ids.filtered("number")[:1]
        note = ours.note or theirs.note or entry.number or ""
        rows.append(
            [
                str(item.statement_id.close_id.month),
                *(item.partner_id.ref, item.code),
                *(note, ours.part or theirs.part or ""),
            ]
        )
    return rows


def custody(env):
    """Return what the register of customers' property says."""
    register = env["rd.property.asof"]
    cards = env["rd.property"]
    lines = env["rd.property.import.line"].search([])
    return {
        "letters": {
            letter.partner_id.ref: letter.state
            for letter in env["rd.property.confirmation"].search([])
        },
        "taken_over": {
            verdict: count
            for verdict, count in lines._read_group([], ["verdict"], ["__count"])
        },
        "differs": [
            card.name
            for card in cards.search([("state", "!=", "expected")])
            for row in register.search([("property_id", "=", card.id)])
            if (row.quantity, row.state, row.place)
            != (card.quantity, card.state, card.place)
        ],
        "cards": cards.search([]).mapped("specification"),
        "unmarked": cards.search(
            [("state", "in", ("held", "out")), ("marked_on", "=", False)]
        ).mapped("specification"),
    }


def returns(env):
    """Return [affiliate, reason, state, decision, pieces, came back, credited]."""
    return [
        [
            line.partner_id.ref,
            line.reason_id.get_external_id()[line.reason_id.id].rpartition("_")[2],
            line.state,
            line.disposition or "",
            line.quantity,
            line.receipt_move_id.quantity,
            line.receipt_move_id.to_refund,
        ]
        for line in env["rd.return.line"].search([], order="id")
    ]


def first_day(env):
    """Return the verdicts of each list of the first day."""
    lists = env["rd.intake"].search([], order="id")
    return [
        [one.kind, one.state, one.row_ids.sorted("row").mapped("verdict")]
        for one in lists
    ]


def order_lists(env):
    """Return [customer, state, verdicts, orders made] of each list of orders."""
    return [
        [
            one.partner_id.ref,
            one.state,
            one.line_ids.sorted("row").mapped("verdict"),
            len(one.order_ids),
        ]
        for one in env["rd.order.list"].search([], order="id")
    ]


def batch_entry(env):
    """Return the headings of the sheet for the tax system, in their order."""
    return env["rd.invoice.export.column"].search([]).mapped("name")


def destructions(env):
    """Return [state, papers, whether their files are gone] of each list."""
    return [
        [
            one.state,
            one.line_count,
            not one.line_ids.document_id.version_ids.attachment_ids,
        ]
        for one in env["rd.document.destruction"].search([], order="id")
    ]


def loans(env):
    """Return [state, overdue, kind of the sample, state of the sample]."""
    return [
        [
            line.state,
            line.is_overdue,
            line.property_id.sample_kind,
            line.property_id.state,
        ]
        for line in env["rd.loan.line"].search([], order="id")
    ]


def proofs(env):
    """Return [month, affiliate, basis, our closing, theirs, what is not explained]."""
    rows = []
    for statement in env["rd.statement"].search([]):
        accounts = statement._get_accounts()
        figures = (accounts.ours.closing, accounts.theirs.closing)
        rows.append(
            [
                str(statement.close_id.month),
                *(statement.partner_id.ref, accounts.basis),
                *(None if figure is None else f"{figure:.2f}" for figure in figures),
                f"{accounts.proof.unexplained:.2f}",
            ]
        )
    return rows


def month(env, close):
    """Return how one month stands."""
    from demo import summary

    return {
        "month": str(close.month),
        "state": close.state,
        "steps": [
            [step.partner_id.ref, step.code, step.state] for step in close.step_ids
        ],
        "waits": [list(wait) for wait in summary.waiting(close)],
        "tax_invoices": [
            [
                paper.partner_id.ref,
                paper.state,
                paper.days_to_deliver,
                f"{paper.amount_total:.2f}",
            ]
            for paper in close.statement_ids.request_ids.fapiao_ids
        ],
        "mailed": [
            [
                *(sending.partner_id.ref, sending.kind, sending.mail_state),
                len(sending.mail_id.attachment_ids),
            ]
            for sending in close.statement_ids.sending_ids.sorted(
                lambda sending: sending.partner_id.ref
            )
        ],
        "hands": sorted(set(hands(close))),
        "totals": [
            [
                statement.partner_id.ref,
                statement.state,
                f"{statement.amount_total:.2f}",
                f"{sum(statement.invoice_ids.mapped('amount_total')):.2f}",
            ]
            for statement in close.statement_ids
        ],
    }


def late(env):
    """Return [affiliate, month, kind of source, quantity, amount, first statement]
    of what no delivery of its own month stands behind."""
    lines = env["rd.statement.line"].search(
        [("source_kind", "in", (3, 4, 5)), ("live", "=", True)], order="source_kind"
    )
    return [
        [
            *(line.partner_id.ref, str(line.statement_id.close_id.month)),
            *(line.source_kind, line.quantity, line.amount_untaxed),
            line.first_statement_id.name or "",
        ]
        for line in lines
    ]


def work(env):
    """Return the figures of the desk's own month, and how many reports stand how."""
    company, items = env.ref("base.main_company"), env["rd.work.item"]
    dues, reviews = env["rd.report.due"], env["rd.customer.review"]
    states = dues._read_group([], ["state"], ["__count"])
    about = [("reference", "=like", "rd.customer.review,%")]
    return {
        "achievement": items._get_achievement(company, TODAY)[:2],
        "reports": dict(states),
        "timeliness": dues._get_timeliness(company, TODAY)[:2],
        "accuracy": dues._get_accuracy(company, TODAY)[:2],
        "score": reviews._get_score(company, TODAY)[:2],
        "feedback": env["rd.feedback"].search_count(about),
    }


def receivables(env):
    """Return what became of the bills, what is abnormal, and the plan of the month."""
    plans = env["rd.collection.plan"].search([], order="month")
    return {
        "bills": sorted(
            [bill.partner_id.ref, bill.kind, bill.state, bool(bill.counts_date)]
            for bill in env["rd.acceptance.bill"].search([])
        ),
        "exceptions": sorted(
            [
                *(one.partner_id.ref, one.code, one.state),
                f"{one.amount:.2f}",
                f"{sum(one.item_ids.mapped('amount')):.2f}",
            ]
            for one in env["rd.receivable.exception"].search([])
        ),
        "stops_asked": env["rd.approval"].search_count(
            [("kind", "=", "delivery_stop"), ("state", "=", "waiting")]
        ),
        "plans": [
            [str(plan.month), plan.state, plan.is_baseline_intact] for plan in plans
        ],
        "rates": rates(env, plans[0].month),
        "due": due(env, plans[0].month),
        "held": env["rd.delivery.stop"].search([]).partner_id.mapped("ref"),
        "reported": [
            [str(one.month), one.found_count, one.left_count]
            for one in env["rd.exception.month"].search([])
        ],
        "asked": sorted(
            [sending.partner_id.ref, sending.level_id.days, sending.way]
            for sending in env["rd.chase.sending"].search([])
        ),
        "ageing": f"{sum(_open_debts(env).mapped('amount_residual')):.2f}",
    }


def due(env, month):
    """Return {customer: amount} of the invoices that are due in a month."""
    moves = env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("invoice_date_due", ">=", month),
            ("invoice_date_due", "<", month + relativedelta(months=1)),
        ]
    )
    found = {}
    for move in moves:
        ref = move.partner_id.ref
        found[ref] = round(found.get(ref, 0) + move.amount_total, 2)
    return found


def rates(env, month):
    """Return {measure: [received, due]} of the collection on a month's scorecard."""
    lines = env["rd.scorecard.line"].search(
        [
            ("scorecard_id.month", "=", month),
            ("measure_id.code", "=like", "collected_%"),
        ]
    )
    return {
        line.measure_id.code: [round(line.numerator, 2), round(line.denominator, 2)]
        for line in lines
    }


def _open_debts(env):
    return env["rd.ageing.report"].search([("amount_residual", ">", 0)])


def hands(close):
    """Yield the affiliates for which a person settled a difference."""
    for item in close.statement_ids.difference_ids:
        if item.settled_by_id or item.requested_by_id:
            yield item.partner_id.ref


def ledgers(env):
    """Return [affiliate, read, used, skipped, totals that do not add up]."""
    return [
        [item.partner_id.ref, *item.read(_LEDGER)[0].values()]
        for item in env["rd.ledger"].search([])
    ]


_LEDGER = ["rows_read", "rows_used", "rows_skipped", "totals_note"]


def lists(env):
    """Return [state, rows, verdicts] of every shipping list."""
    found = []
    for item in env["rd.shipping.list"].search([], order="id"):
        verdicts = {}
        for line in item.line_ids:
            verdicts[line.verdict] = verdicts.get(line.verdict, 0) + 1
        found.append([item.state, verdicts])
    return found


def rows_right(env):
    """Return [month, right, rows, notes against us] of the months that were counted."""
    lines = env["rd.scorecard.line"].search(
        [("measure_id.code", "=", "rows_right"), ("is_demo", "=", False)],
        order="month",
    )
    found = []
    for line in lines.filtered("denominator"):
        against = env["rd.shipping.list.line"].browse(line.against_ids or [])
        counted = int(line.numerator), int(line.denominator)
        found.append([str(line.month), *counted, sorted(against.mapped("note"))])
    return found


def again(env, load, out):
    """Load a second time; return the number of orders before and after."""
    before = env["sale.order"].search_count([])
    load.main(env, today=TODAY, folder=out)
    return [before, env["sale.order"].search_count([])]


# --- what a repeat must not change -----------------------------------------------


def digests(env):
    """Return {table: digest} of our own tables and of the books."""
    env.flush_all()
    env.cr.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' "
        "AND (c.relname LIKE 'rd\\_%%' OR c.relname IN %s)",
        [_KEPT],
    )
    return {name: digest(env, name) for (name,) in env.cr.fetchall()}


def changed(env, before):
    """Return the tables whose digest is another by now."""
    return [name for name, was in before.items() if was != digest(env, name)]


def digest(env, table):
    """Return the digest of a table's rows without what may change."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "ORDER BY column_name",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall() if name not in _VOLATILE]
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        "SELECT count(*), md5(string_agg(row_text, chr(10) ORDER BY row_text)) "
        f'FROM (SELECT ROW({columns})::text AS row_text FROM "{table}") AS lines'
    )
    return list(env.cr.fetchone())
