# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Several people close the same month at once, on a server with several workers."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from server.crowd import Crowd

pytestmark = pytest.mark.server


@pytest.fixture
def opened(make_database, world, run_script):
    """A desk with its months open and nothing run."""
    database = make_database(world)
    run_script(database, "open_months")
    return database


def closes_of(query, database):
    """Return the months with deliveries, oldest first."""
    rows = query(database, "SELECT id FROM rd_close ORDER BY month")
    return [number for (number,) in rows[:3]]


def one_statement_each(query, database, months):
    """Assert that each affiliate has exactly one live statement per month."""
    rows = query(
        database,
        """
        SELECT close_id, COUNT(*), COUNT(DISTINCT partner_id) FROM rd_statement
         WHERE state <> 'cancelled' GROUP BY close_id ORDER BY close_id
        """,
    )
    assert rows == [(month, 8, 8) for month in months]


def test_eight_closers_at_once(
    expected, opened, start_server, query, violations, dump_of, start_child
):
    """Buttons against buttons, against the scheduled action, and in opposite order.

    Whatever they do at once, the desk ends as if one had closed alone.
    """
    server = start_server(opened, workers=4)
    crowd = Crowd(server, 8)
    months = closes_of(query, opened)

    # round 1: eight press the same button
    crowd.call("rd.close", "action_run", [[[months[0]]]] * 8)
    one_statement_each(query, opened, months[:1])
    assert violations(opened) == []

    # round 2: they run the affiliates in opposite order
    steps = query(
        opened,
        "SELECT MIN(id) FROM rd_close_step WHERE close_id = %s"
        " GROUP BY partner_id ORDER BY partner_id",
        months[1],
    )
    order = [step for (step,) in steps]
    turned = [[order], [order[::-1]]] * 4
    crowd.call("rd.close.step", "action_run", turned)
    one_statement_each(query, opened, months[:2])
    assert violations(opened) == []

    # round 3: they press while the scheduled action is in the middle of it
    held = 'stop_after("rd.statement", "_add_pieces", 3, seconds=2)'
    cron = start_child(opened, held).wait("CHILD PAUSED")
    crowd.call("rd.close", "action_run", [[months]] * 8)
    cron.finish()
    one_statement_each(query, opened, months)
    assert violations(opened) == []

    # the other way round: the scheduled action meets buttons
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(crowd.call, "rd.close", "action_run", [[months]] * 8)
        start_child(opened).finish()
        running.result()
    assert violations(opened) == []

    start_child(opened, run="close_all()").finish()
    assert violations(opened) == []
    assert dump_of(opened) == expected
    assert crowd.slowest < 60, "seconds that the slowest one waited"


def test_eight_hand_in_one_file_and_agree_at_once(
    opened, start_server, query, violations, start_child
):
    start_child(opened).finish()
    server = start_server(opened, workers=4)
    crowd = Crowd(server, 8)
    ((statement,),) = query(
        opened,
        """
        SELECT MIN(statement.id) FROM rd_statement statement
          JOIN res_partner partner ON partner.id = statement.partner_id
         WHERE partner.name = 'Affiliate 1'
        """,
    )
    rows = query(
        opened,
        """
        SELECT date, note, part, quantity, amount_total FROM rd_statement_line
         WHERE statement_id = %s AND live ORDER BY note, part
        """,
        statement,
    )
    lines = [",".join(str(cell) for cell in row) for row in rows]
    text = "\n".join(["送货日期,送货单号,料号,数量,价税合计", *lines])
    values = {
        "statement_id": statement,
        "file": base64.b64encode(text.encode()).decode(),
        "filename": "one.csv",
    }
    refused = crowd.call("rd.ledger", "create", [[[values]]] * 8)
    assert len(refused) == 7
    read = query(opened, "SELECT COUNT(*) FROM rd_ledger_line")
    assert read == [(len(rows),)]

    for method in ("action_match", "action_agree", "action_invoice", "action_post"):
        crowd.call("rd.statement", method, [[[statement]]] * 8)
        assert violations(opened) == []
    states = query(
        opened,
        "SELECT state FROM account_move WHERE rd_statement_id = %s",
        statement,
    )
    assert states == [("posted",)]


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(17))
def test_thirty_two_closers_a_hundred_rounds(
    part, make_database, world, run_script, start_server, query, violations
):
    """Seventeen parts of six rounds, so that some of them can be run alone."""
    for _round in range(2):
        database = make_database(world)
        run_script(database, "open_months")
        server = start_server(database, workers=4)
        crowd = Crowd(server, 32)
        months = closes_of(query, database)
        for number, month in enumerate(months, start=1):
            crowd.call("rd.close", "action_run", [[[month]]] * 32)
            one_statement_each(query, database, months[:number])
            assert violations(database) == []
        server.stop()
