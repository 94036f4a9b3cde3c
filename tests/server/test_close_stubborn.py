# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The scheduled close with bad affiliates, conflicting users and after a long rest."""

import pytest

pytestmark = pytest.mark.server

# Affiliate 4 cannot be built; somebody else keeps writing the rows of Affiliate 2
# (three times) and of Affiliate 5 (always) after the close has taken its snapshot.
TROUBLE = """
left = {"Affiliate 2": 3, "Affiliate 5": 10**6}


def build(original, self, close, partner):
    if partner.name == "Affiliate 4":
        raise ZeroDivisionError("planted")
    return original(self, close, partner)


def touch(original, self, partner):
    name = partner.name
    if left.get(name):
        left[name] -= 1
        with self.env.registry.cursor() as other:
            other.execute(
                "UPDATE rd_close_step SET run_date = run_date "
                "WHERE close_id = %s AND partner_id = %s", [self.id, partner.id])
    return original(self, partner)


wrap("rd.statement", "_build", build)
wrap("rd.close", "_touch", touch)
"""
FIRST = """
run_cron()
domain = [("partner_id.name", "=", "Affiliate 2")]
say("FIRST RUN", env["rd.statement"].search_count(domain))
"""
STEPS = """
    SELECT partner.name, step.code, step.state, step.message
      FROM rd_close_step step
      JOIN res_partner partner ON partner.id = step.partner_id
     WHERE partner.name = %s
"""


def test_nobody_stops_the_others(
    expected, make_database, world, start_child, query, dump_of, violations
):
    database = make_database(world)
    output = start_child(database, TROUBLE, run=FIRST + "close_all()").finish()
    assert violations(database) == []
    assert "FIRST RUN 3" in output, "a conflict is tried again in the same run"

    steps = query(database, STEPS, "Affiliate 4")
    failed = [step for step in steps if step[2] == "failed"]
    assert {step[1] for step in failed} == {"build"}
    assert all("unexpected fault" in step[3] for step in failed)

    steps = query(database, STEPS, "Affiliate 5")
    assert {step[2] for step in steps} <= {"todo", "failed"}
    assert any("in use" in (step[3] or "") for step in steps)

    done = dump_of(database)["statements"]
    for number in (1, 2, 6, 7, 8):
        ours = [row for row in done if f"Affiliate {number} " in row]
        assert len(ours) == 3
        assert ours == [row for row in expected["statements"] if row in ours]

    # with the trouble gone the next runs catch up by themselves
    start_child(database, run="close_all()").finish()
    assert violations(database) == []
    assert dump_of(database) == expected


def test_three_months_of_downtime_are_caught_up_oldest_first(
    make_database, world, start_child, query
):
    database = make_database(world)
    start_child(database).finish()
    months = query(database, "SELECT month, state FROM rd_close ORDER BY id")
    assert len(months) == 4, "three past months and the present one"
    assert months == sorted(months)
    rows = query(
        database,
        """
        SELECT statement.partner_id, month.month, COUNT(*), BOOL_OR(line.late)
          FROM rd_statement statement
          JOIN rd_close month ON month.id = statement.close_id
          JOIN rd_statement_line line ON line.statement_id = statement.id
         GROUP BY statement.id, month.month
         ORDER BY statement.id
        """,
    )
    assert len(rows) == 24
    # each month's own deliveries, nothing late, and the oldest month first
    assert not any(late for _partner, _month, _count, late in rows)
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
