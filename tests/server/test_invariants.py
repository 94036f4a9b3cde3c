# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Each invariant is broken once behind Odoo's back, and each time it is reported."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

INVARIANTS = Path(__file__).parents[1] / "invariants.py"
# two invoiced lines of one affiliate and part, in two months
_LINES = """
    SELECT line.id FROM rd_statement_line line
      JOIN rd_statement statement ON statement.id = line.statement_id
      JOIN res_partner partner ON partner.id = statement.partner_id
     WHERE partner.name = 'Affiliate 1' AND line.part = 'P-100' AND line.live
     ORDER BY line.id
"""
_ONE = f"({_LINES} LIMIT 1)"
_TWO = f"({_LINES} OFFSET 1 LIMIT 1)"
_STATEMENT = f"(SELECT statement_id FROM rd_statement_line WHERE id = {_ONE})"
_OTHER = f"(SELECT statement_id FROM rd_statement_line WHERE id = {_TWO})"
_MOVE = f"(SELECT move_id FROM rd_statement_line WHERE id = {_ONE})"
_SOLD = f"(SELECT sale_line_id FROM rd_statement_line WHERE id = {_ONE})"
_INVOICE = (
    "(SELECT id FROM account_move WHERE state = 'posted' "
    f"AND rd_statement_id = {_STATEMENT})"
)
_NO_CHECK = """
    ALTER TABLE rd_statement_line DROP CONSTRAINT rd_statement_line_no_overlap;
    ALTER TABLE rd_statement_line DROP CONSTRAINT rd_statement_line_within_moved;
"""

# what is broken: the statements that break it, and what the report has to say
_LONG_AGO = "NOW() AT TIME ZONE 'UTC' - INTERVAL '3 days'"
_DAYS_AGO = f"UPDATE stock_move_line SET write_date = {_LONG_AGO}"
FAULTS = {
    # What was edited within two days is looked for by the daily detection.
    "delivery made smaller": (
        f"UPDATE stock_move SET quantity = quantity - 5 WHERE id = {_MOVE}; "
        f"{_DAYS_AGO}",
        ("1 billed ≤ accepted: statement line", "and no late fact says so"),
    ),
    "return made smaller": (
        "UPDATE stock_move SET quantity = quantity - 1 WHERE id IN (SELECT move_id "
        f"FROM rd_statement_line WHERE quantity < 0 AND live); {_DAYS_AGO}",
        ("1 billed ≤ accepted: statement line", "and no late fact says so"),
    ),
    "invoiced elsewhere on top": (
        "UPDATE account_move_line SET rd_statement_line_id = NULL "
        f"WHERE rd_statement_line_id = {_ONE};"
        "UPDATE account_move_line SET quantity = 10000 WHERE id IN (SELECT "
        "invoice_line_id FROM sale_order_line_invoice_rel "
        f"WHERE order_line_id = {_SOLD}) AND rd_statement_line_id IS NULL",
        ("1 billed ≤ accepted", "invoiced elsewhere"),
    ),
    "one delivery on two lines": (
        f"{_NO_CHECK} UPDATE rd_statement_line SET source_id = {_MOVE} "
        f"WHERE id = {_TWO}",
        ("both take a part of source", "no_overlap is missing"),
    ),
    "more taken than was moved": (
        f"{_NO_CHECK} UPDATE rd_statement_line SET moved_qty = 1 WHERE id = {_ONE}",
        ("of 1 moved and counts", "within_moved is missing"),
    ),
    "a quantity that is not its interval": (
        f"UPDATE rd_statement_line SET quantity = quantity + 1 WHERE id = {_ONE}",
        ("2 nothing twice: statement line", "3 nothing lost: invoice line"),
    ),
    "two statements of one month": (
        "DROP INDEX rd_statement_once; UPDATE rd_statement SET close_id = (SELECT "
        f"close_id FROM rd_statement WHERE id = {_STATEMENT}) WHERE id = {_OTHER}",
        ("2 live statements of partner", "index rd_statement_once is missing"),
    ),
    "two invoices of one statement": (
        "DROP INDEX account_move_rd_statement_once; UPDATE account_move SET "
        f"rd_statement_id = {_STATEMENT} WHERE rd_statement_id = {_OTHER}",
        ("stands on 2 live invoices", "4 to the cent: statement"),
    ),
    "two invoice lines of one line": (
        "DROP INDEX account_move_line_rd_statement_line_once; UPDATE "
        f"account_move_line SET rd_statement_line_id = {_ONE} "
        f"WHERE rd_statement_line_id = {_TWO}",
        ("stands on 2 live invoice lines",),
    ),
    "a step twice": (
        "DROP INDEX rd_close_step_step_once; UPDATE rd_close_step SET code = 'build'",
        ("step “build” of partner",),
    ),
    "a ledger twice": (
        "DROP INDEX rd_ledger_file_once; UPDATE rd_ledger SET sha256 = 'same'",
        ("one ledger file was read 3 times",),
    ),
    "an index that is no longer unique": (
        "DROP INDEX rd_statement_once; CREATE INDEX rd_statement_once ON rd_statement "
        "(company_id, partner_id, currency_id, close_id) WHERE state <> 'cancelled'",
        ("index rd_statement_once is rd_statement USING",),
    ),
    "an index with a hole": (
        "DROP INDEX rd_statement_once; CREATE UNIQUE INDEX rd_statement_once ON "
        "rd_statement (company_id, partner_id, currency_id, close_id) "
        "WHERE state = 'draft'",
        ("index rd_statement_once is UNIQUE",),
    ),
    "a delivery nobody sees": (
        "UPDATE stock_move SET quantity = quantity + 5, state = 'done' "
        f"WHERE id = {_MOVE}",
        ("3 nothing lost: order line",),
    ),
    "Odoo's own count changed": (
        f"UPDATE sale_order_line SET qty_to_invoice = 3 WHERE id = {_SOLD}",
        ("3 nothing lost: order line",),
    ),
    "an invoice credited outside the chain": (
        "UPDATE account_move_line SET rd_statement_line_id = NULL WHERE "
        f"rd_statement_line_id = {_ONE}; UPDATE account_move SET move_type = "
        f"'out_refund', rd_statement_id = NULL, write_date = {_LONG_AGO} "
        f"WHERE id = {_INVOICE};"
        "UPDATE account_move_line SET rd_statement_line_id = NULL WHERE move_id NOT IN "
        "(SELECT id FROM account_move WHERE rd_statement_id IS NOT NULL)",
        ("are at a place of the chain",),
    ),
    "a line taken off behind the invoice": (
        f"UPDATE rd_statement_line SET live = FALSE WHERE id = {_ONE}",
        ("3 nothing lost: invoice line",),
    ),
    "a line of a cancelled statement": (
        f"UPDATE rd_statement SET state = 'cancelled' WHERE id = {_STATEMENT}",
        ("still counts, though its statement",),
    ),
    "a source that is no delivery": (
        f"{_NO_CHECK} UPDATE rd_statement_line SET source_id = 999999 "
        f"WHERE id = {_ONE}",
        ("of a source that is not a done delivery",),
    ),
    "a line's amount": (
        f"UPDATE rd_statement_line SET amount_untaxed = amount_untaxed + 0.01, "
        f"amount_total = amount_total + 0.01 WHERE id = {_ONE}",
        ("its lines come to", "was agreed at", "5 frozen"),
    ),
    "a line whose parts do not add up": (
        f"UPDATE rd_statement_line SET amount_tax = amount_tax + 1 WHERE id = {_ONE}",
        ("a line with a reason for 0",),
    ),
    "an invoice's total": (
        "UPDATE account_move SET amount_total = amount_total + 0.01, amount_tax = "
        f"amount_tax + 0.01 WHERE id = {_INVOICE}",
        ("its live invoices come to",),
    ),
    "a tax moved between taxes": (
        "UPDATE account_move_line SET tax_line_id = (SELECT MIN(id) FROM account_tax) "
        f"WHERE tax_line_id IS NOT NULL AND move_id = {_INVOICE}",
        ("4 to the cent: tax",),
    ),
    "an invoice line's amount": (
        "UPDATE account_move_line SET amount_currency = amount_currency + 0.01 "
        f"WHERE rd_statement_line_id = {_ONE}",
        ("4 to the cent: line",),
    ),
    "an agreed note": (
        f"UPDATE rd_statement_line SET note = 'DN-X' WHERE id = {_ONE}",
        ("5 frozen: statement",),
    ),
    "an agreed hash": (
        f"UPDATE rd_statement SET content_hash = 'x' WHERE id = {_STATEMENT}",
        ("5 frozen: statement",),
    ),
    "a month closed over open steps": (
        "UPDATE rd_close SET state = 'closed', closed_date = now(), closed_by_id = 1",
        ("5 frozen: month",),
    ),
    "a month closed by nobody": (
        "UPDATE rd_close_step SET state = 'done'; UPDATE rd_close SET state = 'closed'",
        ("nobody is named",),
    ),
    "a line of no company": (
        f"UPDATE rd_statement_line SET company_id = NULL WHERE id = {_ONE}",
        ("6 isolation: statement",),
    ),
    "a closing that nothing explains": (
        "INSERT INTO rd_ledger_entry (ledger_id, statement_id, kind, amount) SELECT "
        "MIN(id), statement_id, kind, 1 FROM rd_ledger, (VALUES ('opening'), "
        f"('closing')) AS kinds (kind) WHERE statement_id = {_STATEMENT} "
        "GROUP BY statement_id, kind",
        ("8 proof: the closings of statement",),
    ),
    "an entry out of balance": (
        "UPDATE account_move_line SET debit = debit + 1, balance = balance + 1 "
        f"WHERE debit > 0 AND move_id = {_INVOICE}",
        ("9 balance: posted entry",),
    ),
}


@pytest.fixture(scope="module")
def module(request):
    """The invariants, as everyone imports them."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("rd_invariants", INVARIANTS)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_reported(fault, module, closed, connect):
    breaking, said = FAULTS[fault]
    with connect(closed).cursor() as cursor:  # never committed
        cursor.execute(breaking)
        found = module.check(cursor)
    for words in said:
        assert any(words in sentence for sentence in found), (words, found)


def test_every_guarantee_is_missed_by_name(module, closed, connect):
    with connect(closed).cursor() as cursor:
        assert module.check(cursor) == []
        for table, names in module.CONSTRAINTS.items():
            for name in names:
                cursor.execute("SAVEPOINT one")
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
                assert any(f"{name} is missing" in one for one in module.check(cursor))
                cursor.execute("ROLLBACK TO one")
        for names in module.INDEXES.values():
            for name in names:
                cursor.execute("SAVEPOINT one")
                cursor.execute(f"DROP INDEX {name}")
                assert any(f"{name} is missing" in one for one in module.check(cursor))
                cursor.execute("ROLLBACK TO one")


def test_the_command_says_so(closed, cluster):
    dsn = " ".join(f"{key}={value}" for key, value in cluster.dsn(closed).items())
    done = subprocess.run(
        [sys.executable, str(INVARIANTS), dsn], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "All invariants hold.\n"), done
