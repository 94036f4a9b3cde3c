# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A database with five years of earlier deliveries and invoices starts cleanly."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

HERE = Path(__file__).parent
MOVES, NOT_INVOICED, QUANTITY = 20_000, 20, 3

# counts the queries of each affiliate's build, and approves the opening list
WATCHED = """
def build(original, self, close, partner):
    before = self.env.cr.sql_log_count
    start = time.monotonic()
    result = original(self, close, partner)
    self.env.flush_all()
    say("BUILT", partner.name.replace(" ", "_"), close.month,
        self.env.cr.sql_log_count - before, len(result.line_ids),
        round(time.monotonic() - start, 2))
    return result


wrap("rd.statement", "_build", build)
"""
APPROVE = """
start = time.monotonic()
run_cron()
say("OPENED", round(time.monotonic() - start, 2))
opening = env["rd.opening"].search([])
assert opening.state == "draft"
opening.action_approve()
env.cr.commit()
run_until_rest()
"""


@pytest.fixture
def history(make_template, world):
    """The desk of world.py with five years behind it."""
    return make_template("history", HERE / "history.py", source=world)


@pytest.mark.nightly
def test_five_years_behind_it(history, start_child, query, violations):
    output = start_child(history, WATCHED, run=APPROVE).finish()
    open_lines = MOVES // NOT_INVOICED
    assert query(
        history, "SELECT COUNT(*), SUM(quantity), SUM(invoiced) FROM rd_opening_line"
    ) == [(open_lines, open_lines * QUANTITY, 0)]

    # the first month takes the opening list once, the others their own deliveries
    rows = query(
        history,
        """
        SELECT month.month, line.source_kind, COUNT(*), BOOL_OR(line.late)
          FROM rd_statement_line line
          JOIN rd_statement statement ON statement.id = line.statement_id
          JOIN rd_close month ON month.id = statement.close_id
         GROUP BY month.month, line.source_kind ORDER BY month.month, 2
        """,
    )
    assert [(kind, late) for _month, kind, _count, late in rows] == [
        (1, False),
        (2, True),
        (1, False),
        (1, False),
    ]
    assert rows[1][2] == open_lines
    assert violations(history) == []

    built = [line.split() for line in re.findall("^BUILT .*$", output, re.MULTILINE)]
    # eight affiliates, three months that are over: each as it is collected and once
    # more at its cut-off; the running month is only collected
    assert len(built) == 8 * (2 * 3 + 1)
    queries = [int(words[3]) for words in built]
    lines = [int(words[4]) for words in built]
    assert max(queries) < 120 + max(lines), "no query per old delivery"
    # 9 to 10 deliveries in the later months: as many queries as without the past
    assert max(queries[8:]) < 150
    opened = float(re.search(r"^OPENED (\S+)$", output, re.MULTILINE)[1])
    assert opened < 60, "seconds for the opening list of 20,000 deliveries"
