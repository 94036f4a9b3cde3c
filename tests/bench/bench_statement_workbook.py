# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A statement's workbook beside bare xlsxwriter with the same cells.

Ours reads the lines from the database, groups them, sums them and writes them; bare
xlsxwriter only writes lists that lie ready, in constant-memory mode.
"""

import io
import time
from datetime import date
from pathlib import Path

LINES = 100_000
LIMIT = 1.5
REPORT = "rd_reconciliation.statement_xlsx"
COLUMNS = (
    *("statement_id", "company_id", "partner_id", "currency_id", "sequence"),
    *("source_kind", "source_id", "qty_from", "qty_to", "moved_qty", "live", "verdict"),
    *("date", "note", "customer_order", "customer_order_line", "part", "customer_part"),
    *("product_name", "settlement_class", "quantity", "uom_name", "price_unit"),
    *("tax_rate", "amount_untaxed", "amount_tax", "amount_total"),
)


def run(context):
    """Return the one row: the median of three ratios, both ways taken in turn."""
    database = context.database()
    statement = context.in_odoo(database, Path(__file__), "fill", lines=LINES)
    seconds = context.in_odoo(
        database, Path(__file__), "measure", statement_id=statement
    )
    pairs = sorted(
        zip(seconds["ours"], seconds["bare"], strict=True),
        key=lambda pair: pair[0] / pair[1],
    )
    ours, bare = pairs[len(pairs) // 2]
    return [
        {
            "name": "write a 100,000-line statement workbook",
            "ratio": ours / bare,
            "limit": LIMIT,
            "unit": "x",
            "detail": f"{ours:.1f} s, lines read from the database; "
            f"bare xlsxwriter {bare:.1f} s; memory +{seconds['memory']:.0f} MB",
        }
    ]


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------
def fill(env, lines):
    """Write one statement of so many lines; return its id."""
    from odoo.addons.rd_sales_admin.models.rd_workflow_mixin import GUARD

    company = env.company
    partner = env["res.partner"].create({"name": "Bench Works", "is_company": True})
    close = env["rd.close"].with_context(rd_guard=GUARD)
    close = close.create({"company_id": company.id, "month": date(2026, 9, 1)})
    values = {
        "name": "BENCH/1",
        "company_id": company.id,
        "partner_id": partner.id,
        "currency_id": company.currency_id.id,
        "close_id": close.id,
        "date_to": date(2026, 9, 30),
        "state": "sent",
    }
    statement = env["rd.statement"].with_context(rd_guard=GUARD).create(values)
    env.flush_all()
    _insert_lines(env, statement, lines)
    return statement.id


def _insert_lines(env, statement, lines):
    stored = {
        name
        for name, field in env["rd.statement.line"]._fields.items()
        if field.store and field.column_type
    }
    values = _line_values(statement)
    names = [name for name in COLUMNS if name in stored]
    env.cr.execute(
        f"INSERT INTO rd_statement_line ({', '.join(names)}) "
        f"SELECT {', '.join(values[name] for name in names)} "
        "FROM generate_series(1, %s) AS n",
        [lines],
    )
    tax = env["account.tax"].search(
        [("company_id", "=", statement.company_id.id)], limit=1
    )
    if tax:
        relation = env["rd.statement.line"]._fields["tax_ids"]
        env.cr.execute(
            f"INSERT INTO {relation.relation} ({relation.column1}, {relation.column2}) "
            "SELECT id, %s FROM rd_statement_line WHERE statement_id = %s",
            [tax.id, statement.id],
        )
    env.cr.execute("ANALYZE rd_statement_line")
    env.invalidate_all()


def _line_values(statement):
    """Return what a line holds by column, as SQL over its number ``n``."""
    classes = "(ARRAY['finished', 'tooling', 'material', 'other'])[1 + n %% 4]"
    return {
        "statement_id": str(statement.id),
        "company_id": str(statement.company_id.id),
        "partner_id": str(statement.partner_id.id),
        "currency_id": str(statement.currency_id.id),
        "sequence": "n",
        "source_kind": "9",
        "source_id": "0",
        "qty_from": "0",
        "qty_to": "1 + n %% 499",
        "moved_qty": "1 + n %% 499",
        "live": "true",
        "verdict": "'confirmed'",
        "date": "DATE '2026-09-01' + (n %% 30)",
        "note": "'SH2609' || lpad((n / 3)::text, 7, '0')",
        "customer_order": "'PO' || lpad((n / 10)::text, 8, '0')",
        "customer_order_line": "(10 * (1 + n %% 9))::text",
        "part": "'JG' || lpad((n %% 3000)::text, 4, '0') || '-00'",
        "customer_part": "'AB12-' || lpad((n %% 3000)::text, 4, '0')",
        "product_name": "'左窗夹具（铝） ' || n %% 3000",
        "settlement_class": classes,
        "quantity": "1 + n %% 499",
        "uom_name": "'套'",
        "price_unit": "1 + n %% 890",
        "tax_rate": "13",
        "amount_untaxed": "(1 + n %% 499) * (1 + n %% 890)",
        "amount_tax": "round((1 + n %% 499) * (1 + n %% 890) * 0.13, 2)",
        "amount_total": "round((1 + n %% 499) * (1 + n %% 890) * 1.13, 2)",
    }


def measure(env, statement_id, rounds=3):
    """Return the seconds of both ways, taken in turn, and the memory ours added."""
    import resource

    statement = env["rd.statement"].browse(statement_id)
    rows = _bare_rows(statement)
    _bare(rows[:100])
    env.invalidate_all()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = {"ours": [], "bare": []}
    for _round in range(rounds):
        seconds["ours"].append(_timed(_ours, env, statement_id))
        seconds["bare"].append(_timed(_bare, rows))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**seconds, "memory": (after - before) / 1024}


def _timed(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def _ours(env, statement_id):
    env.invalidate_all()
    report = env["ir.actions.report"]
    return report._render_xlsx(REPORT, [statement_id], {})[0]


def _bare_rows(statement):
    """Return the cells of the list as plain tuples, blanks for the answer included."""
    data = statement._prepare_print_data()
    report = statement.env[f"report.{REPORT}"]
    columns = report._flatten_columns(data["columns"])
    keys = [column["key"] for column in columns + statement._get_answer_columns()]
    return [
        tuple(row[key] for key in keys)
        for group in data["groups"]
        for row in group["rows"]
    ]


def _bare(rows):
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        plain = book.add_format({"border": 1})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value, plain)
                elif value is None:
                    sheet.write_blank(number, column, None, plain)
                else:
                    sheet.write_number(number, column, value, plain)
    return target.getvalue()
