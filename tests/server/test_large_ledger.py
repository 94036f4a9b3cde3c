# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A ledger of 10,000 rows is matched with as many lines of ours."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

HERE = Path(__file__).parent
# Of a hundred rows one says a piece less, and one is missing.
HAND_IN = """
import base64
import resource

run_until_rest()
statement = env["rd.statement"].search(
    [("partner_id.name", "=", "Large"), ("line_ids", "!=", False)])
heads, *rows = world["ledger_text"](statement).split("\\n")
said = []
for at, row in enumerate(rows):
    day, note, part, quantity, total = row.split(",")
    if at % 100 == 50:
        total = str(round(float(total) * (float(quantity) - 1) / float(quantity), 2))
        quantity = str(float(quantity) - 1)
    if at % 100 != 99:
        said.append(",".join((day, note, part, quantity, total)))
start = time.monotonic()
ledger = env["rd.ledger"].create({
    "statement_id": statement.id,
    "file": base64.b64encode("\\n".join([heads, *said]).encode()),
    "filename": "large.csv",
})
env.cr.commit()
run_until_rest()
say("SECONDS", round(time.monotonic() - start, 1))
say("PEAK", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
_FOUND = """
    SELECT COUNT(*) FILTER (WHERE match.status = 'exact'),
           COUNT(*) FILTER (WHERE match.status <> 'exact')
      FROM rd_match match
      JOIN rd_statement statement ON statement.id = match.statement_id
      JOIN res_partner partner ON partner.id = statement.partner_id
     WHERE partner.name = 'Large'
"""


def _said(output, what):
    return float(re.search(rf"^{what} (\S+)$", output, re.MULTILINE)[1])


@pytest.mark.nightly
@pytest.mark.timeout(2400)
def test_ten_thousand_rows(make_template, world, start_child, query, violations):
    database = make_template("ledger", HERE / "large_ledger_world.py", source=world)
    child = start_child(database, run=HAND_IN)
    output = child.wait(seconds=1200).finish()
    print("FOUND", query(database, _FOUND))
    print("SECONDS", _said(output, "SECONDS"), "PEAK", _said(output, "PEAK"))
    assert query(database, _FOUND) == [(9_800, 200)]
    assert violations(database) == []
    assert _said(output, "SECONDS") <= 60
    assert _said(output, "PEAK") <= 2048
