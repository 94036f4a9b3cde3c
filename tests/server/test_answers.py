# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Both sides act on one statement at once: confirming, taking back, sending, billing.

The person of the affiliate works on the portal, the desk in the back office, all on
one server with several workers.
"""

import os
import random
import signal
import time

import pytest
from server.crowd import Crowd, Refused, answer_of, at_once
from server.scene import AFFILIATES, Scene, agree_line, confirm, stamps

pytestmark = pytest.mark.server

_SENT_ROWS = """
    SELECT sending.statement_id, sending.revision, sending.kind, sending.turn,
           COUNT(*), COUNT(DISTINCT sending.mail_id)
      FROM rd_statement_sending sending GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


@pytest.fixture
def scene(make_database, stated, start_server, query):
    """A server on a fresh copy, with both sides signed in."""
    database = make_database(stated)
    server = start_server(database, workers=4)
    yield Scene(server, database, query)
    server.kill()


def later(call, seconds):
    """Return a call that begins a moment after the others."""

    def wait_and_call():
        time.sleep(seconds)
        return call()

    return wait_and_call


def check_taken_back(scene, statement, seen, taken):
    """Assert that nothing of the old revision counts, and its story is told once.

    :param bool taken: whether the whole was confirmed before it was taken back
    """
    rows = scene.query(
        "SELECT state, confirmed_date IS NULL AND content_hash IS NULL"
        " FROM rd_statement WHERE id = %s",
        statement,
    )
    assert rows == [("draft", True)]
    verdicts = scene.query(
        "SELECT DISTINCT verdict FROM rd_statement_line"
        " WHERE statement_id = %s AND live",
        statement,
    )
    assert verdicts == [("pending",)], "a line stays confirmed by an old revision"
    told = scene.query(
        "SELECT event FROM rd_statement_revision WHERE statement_id = %s"
        " AND revision = %s ORDER BY id",
        statement,
        seen["revision"],
    )
    confirmed = [("confirmed",)] if taken else []
    assert told == [("fixed",), *confirmed, ("taken_back",)]
    answers = scene.query(
        "SELECT content_hash FROM rd_statement_answer WHERE statement_id = %s"
        " AND revision = %s AND decision = 'all'",
        statement,
        seen["revision"],
    )
    assert answers == ([(seen["content_hash"],)] if taken else [])


def interleave(scene, rounds, violations):
    """Let both sides meet on six statements a round; return how often each was first.

    In turn the affiliate confirms the whole, or one line after the other.
    """
    dice = random.Random(20261125)
    people = [scene.sign_in(f"fin{number}") for number in AFFILIATES]
    bosses = [scene.sign_in("supervisor") for _number in AFFILIATES]
    firsts = [0, 0]
    for turn in range(rounds):
        scene.press("action_send", scene.first)
        seen = {one: scene.seen(one) for one in scene.first}
        marks = {
            one: stamps(person, one)
            for one, person in zip(scene.first, people, strict=True)
        }
        approvals = scene.take_back(scene.first)
        calls = []
        for number, statement in enumerate(scene.first):
            person, boss = people[number], bosses[number]
            if (turn + number) % 2:
                act = confirm(person, statement, seen[statement])
            else:
                line, stamp = sorted(marks[statement].items())[0]
                act = agree_line(person, statement, seen[statement], line, stamp)
            approval = approvals[statement]
            # a start for each side now and then: on a busy machine one is always slower
            start = (0.0, 0.5, -0.5)[number % 3]
            calls.append(later(act, dice.uniform(0.0, 0.4) + max(start, 0.0)))
            calls.append(
                later(
                    lambda boss=boss, approval=approval: boss.call(
                        "rd.approval", "action_approve", [approval]
                    ),
                    dice.uniform(0.0, 0.4) + max(-start, 0.0),
                )
            )
        answers = at_once(calls)
        assert not [one for one in answers[1::2] if isinstance(one, Refused)]
        for number, statement in enumerate(scene.first):
            taken = not isinstance(answers[2 * number], Refused)
            firsts[0 if taken else 1] += 1
            whole = (turn + number) % 2
            check_taken_back(scene, statement, seen[statement], taken and whole)
        assert violations(scene.database) == []
    check_old_is_refused(scene, people, seen)
    return firsts


def check_old_is_refused(scene, people, old):
    """A page that was open all the time confirms nothing of the new revision."""
    scene.press("action_send", scene.first)
    for statement, person in zip(scene.first, people, strict=True):
        answer = answer_of(confirm(person, statement, old[statement]))
        assert isinstance(answer, Refused)
        state = scene.one("SELECT state FROM rd_statement WHERE id = %s", statement)
        assert state == "sent"


def test_confirming_meets_taking_back(scene, violations):
    firsts = interleave(scene, 4, violations)
    assert sum(firsts) == 24 and min(firsts) > 0, firsts


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_confirming_meets_taking_back_six_hundred_times(scene, violations):
    firsts = interleave(scene, 100, violations)
    assert sum(firsts) == 600 and min(firsts) > 50, firsts


class Held:
    """Rows that somebody else holds, so that all who want them meet there."""

    def __init__(self, connection, scene):
        self.connection = connection
        self.scene = scene

    def hold(self, statement):
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM rd_statement WHERE id = %s FOR UPDATE", [statement]
            )

    def wait_for(self, count, seconds=60):
        """Wait until ``count`` transactions wait for each other or for the row."""
        deadline = time.monotonic() + seconds
        while self.scene.blocked() < count:
            assert time.monotonic() < deadline, "nobody came to the row"
            time.sleep(0.05)

    def let_go(self):
        self.connection.rollback()


@pytest.fixture
def held(connect, scene):
    """Return what can hold a statement of the scene."""
    return Held(connect(scene.database), scene)


def together(scene, held, statement, calls):
    """Run calls of which four are sure to meet on the statement; return answers.

    All but one of the four have to start again: the log says so.
    """
    held.hold(statement)
    before = scene.server.log.read_text(errors="replace").count("tries left")

    def release():
        held.wait_for(min(4, len(calls)))
        held.let_go()

    answers = at_once([*calls, release])[:-1]
    after = scene.server.log.read_text(errors="replace").count("tries left")
    return answers, after - before


def test_five_clicks_do_a_thing_once(scene, held, violations):
    """Send, confirm, agree and invoice, each posted five times in parallel (A10)."""
    one = scene.first[0]
    clerks = [scene.sign_in("clerk1") for _number in range(5)]
    person = [scene.sign_in("fin1") for _number in range(5)]

    def clicks(method):
        return [
            lambda clerk=clerk: clerk.call("rd.statement", method, [one])
            for clerk in clerks
        ]

    answers, again = together(scene, held, one, clicks("action_send_mail"))
    assert answers == [True] * 5 and again >= 3
    assert scene.query(_SENT_ROWS) == [(one, 1, "statement", 0, 1, 1)]
    mails = "SELECT COUNT(*) FROM mail_mail WHERE email_to LIKE %s"
    assert scene.one(mails, "%fin1@works.example%") == 1

    seen = scene.seen(one)
    calls = [confirm(session, one, seen) for session in person]
    answers, again = together(scene, held, one, calls)
    assert not [answer for answer in answers if isinstance(answer, Refused)]
    assert again >= 3
    whole = (
        "SELECT COUNT(*) FROM rd_statement_answer WHERE statement_id = %s"
        " AND decision = 'all'"
    )
    assert scene.one(whole, one) == 1

    answers, again = together(scene, held, one, clicks("action_agree"))
    assert answers.count(True) >= 1 and again >= 3
    answers, again = together(scene, held, one, clicks("action_invoice"))
    assert answers == [True] * 5 and again >= 3
    groups = scene.query(
        "SELECT rd_statement_group, COUNT(*) FROM account_move"
        " WHERE rd_statement_id = %s GROUP BY 1 ORDER BY 1",
        one,
    )
    assert len(groups) == 3 and all(count == 1 for _group, count in groups)
    assert violations(scene.database) == []

    click_on_disputed_and_signed(scene, held)
    assert violations(scene.database) == []


def click_on_disputed_and_signed(scene, held):
    """With a line in dispute, or with a signature, it is one answer all the same."""
    disputed, signed = scene.first[1:3]
    scene.press("action_send", [disputed, signed])
    person = [scene.sign_in("fin2") for _number in range(5)]
    seen = scene.seen(disputed)
    line, stamp = sorted(stamps(person[0], disputed).items())[0]
    answer = person[0].post(
        f"/my/statements/{disputed}/line/{line}",
        **seen,
        stamp=stamp,
        decision="disputed",
        reason="not_received",
    )
    assert "error" not in answer, answer
    calls = [confirm(session, disputed, seen) for session in person]
    answers, again = together(scene, held, disputed, calls)
    assert not [answer for answer in answers if isinstance(answer, Refused)]
    assert again >= 3

    signer = [scene.sign_in("fin3") for _number in range(5)]
    seen = scene.seen(signed)
    calls = [confirm(one, signed, seen, signature=PNG) for one in signer]
    answers, again = together(scene, held, signed, calls)
    assert not [answer for answer in answers if isinstance(answer, Refused)]
    assert again >= 3
    rows = scene.query(
        "SELECT statement_id, COUNT(*) FROM rd_statement_answer"
        " WHERE decision = 'all' AND statement_id IN (%s, %s) GROUP BY 1 ORDER BY 1",
        disputed,
        signed,
    )
    assert rows == sorted([(disputed, 1), (signed, 1)])


PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAIAAAUAAeIhvDMA"
    "AAAASUVORK5CYII="
)
_KILLED_AT_TWO = 'stop_after("rd.statement", "_queue_mail", 2)'
_REMIND = 'run_cron("rd_reconciliation.ir_cron_remind")'


def send_long_ago(scene, execute):
    """Send six statements, so long ago that each is due for its last reminder."""
    scene.press("action_send_mail", scene.first)
    execute(
        scene.database,
        "UPDATE rd_statement SET sent_date = sent_date - interval '200 days'"
        " WHERE state = 'sent'",
    )


def check_reminded_once(scene):
    """Each statement has gone out once, and each is reminded of once."""
    rows = scene.query(_SENT_ROWS)
    sent = [row for row in rows if row[2] == "statement"]
    assert sent == [(one, 1, "statement", 0, 1, 1) for one in sorted(scene.first)]
    reminded = [row for row in rows if row[2] != "statement"]
    assert [row[0] for row in reminded] == sorted(scene.first)
    assert all(row[4:] == (1, 1) for row in reminded)
    mails = scene.query(
        "SELECT COUNT(*) FROM mail_mail WHERE email_to LIKE '%%@works.example%%'"
    )
    assert mails == [(12,)]
    bare = scene.query(
        "SELECT COUNT(*) FROM rd_statement_sending WHERE mail_id IS NULL"
    )
    assert bare == [(0,)]


def test_buttons_meet_the_reminders(scene, execute, start_child, violations):
    """Sending by hand and “Run Manually” while the scheduled action reminds.

    Before that it was killed in the middle: it takes up what was left.
    """
    execute(scene.database, "UPDATE res_company SET rd_remind_times = 99")
    send_long_ago(scene, execute)
    start_child(scene.database, _KILLED_AT_TWO, run=_REMIND).wait("CHILD PAUSED").kill()
    assert violations(scene.database) == []
    cron = start_child(
        scene.database,
        'stop_after("rd.statement", "_queue_mail", 2, seconds=4)',
        run=_REMIND,
    ).wait("CHILD PAUSED")
    crowd = Crowd(scene.server, 4)
    refused = crowd.call("rd.statement", "action_send_mail", [[scene.first]] * 4)
    assert refused == []
    boss = scene.sign_in("admin")
    job = scene.query(
        "SELECT res_id FROM ir_model_data WHERE name = 'ir_cron_remind'"
        " AND module = 'rd_reconciliation'"
    )[0][0]
    answer_of(lambda: boss.call("ir.cron", "method_direct_trigger", [job]))
    cron.finish()
    check_reminded_once(scene)
    start_child(scene.database, run=_REMIND).finish()
    check_reminded_once(scene)
    assert violations(scene.database) == []


def kill_workers(scene):
    """Kill every worker process as the system does when memory runs out."""
    for number in scene.server.processes()[1:]:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            continue
    scene.server.wait_ready()


def press_and_kill(scene, held, method, stop_at):
    """Press a button for six statements and kill the worker when it is at one."""
    held.hold(stop_at)

    def press():
        try:
            scene.press(method, scene.first)
        except OSError:
            return "cut off"
        return "done"

    def kill():
        held.wait_for(1)
        kill_workers(scene)
        held.let_go()

    assert at_once([press, kill])[0] == "cut off"


def wait_for_rest(scene):
    """Wait until the killed worker's transaction has ended in the database."""
    deadline = time.monotonic() + 30
    while scene.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
        " AND state <> 'idle' AND pid <> pg_backend_pid()"
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill_in_the_middle(scene, held, violations, sending, invoicing):
    """Kill sending and invoicing at some points; the next press finishes them."""
    for point in sending:
        press_and_kill(scene, held, "action_send_mail", scene.first[point])
        wait_for_rest(scene)
        assert scene.query(_SENT_ROWS) == []
        assert violations(scene.database) == []
    scene.press("action_send_mail", scene.first)
    rows = scene.query(_SENT_ROWS)
    assert rows == [(one, 1, "statement", 0, 1, 1) for one in sorted(scene.first)]
    for number, statement in enumerate(scene.first, start=1):
        person = scene.sign_in(f"fin{number}")
        confirm(person, statement, scene.seen(statement))()
    scene.press("action_agree", scene.first)
    count = "SELECT COUNT(*) FROM account_move WHERE rd_statement_id IS NOT NULL"
    before = scene.query(count)
    for point in invoicing:
        press_and_kill(scene, held, "action_invoice", scene.first[point])
        wait_for_rest(scene)
        assert scene.query(count) == before
        assert violations(scene.database) == []
    scene.press("action_invoice", scene.first)
    check_split(scene)
    assert violations(scene.database) == []


def check_split(scene):
    """Each line is on one invoice, and each group of lines has one invoice."""
    rows = scene.query(
        """
        SELECT statement.id, statement.state, COUNT(DISTINCT move.id),
               COUNT(DISTINCT item.rd_statement_line_id), COUNT(item.id)
          FROM rd_statement statement
          JOIN account_move move ON move.rd_statement_id = statement.id
          JOIN account_move_line item ON item.move_id = move.id
           AND item.display_type = 'product'
         WHERE statement.id = ANY(%s) GROUP BY 1, 2 ORDER BY 1
        """,
        scene.first,
    )
    assert [row[0] for row in rows] == sorted(scene.first)
    for statement, state, moves, lines, items in rows:
        ((live, groups),) = scene.query(
            "SELECT COUNT(*), COUNT(DISTINCT invoice_group) FROM rd_statement_line"
            " WHERE statement_id = %s AND live",
            statement,
        )
        assert groups == 3, "three parts, one line on an invoice"
        assert (state, moves, lines, items) == ("invoiced", groups, live, live)


def test_killed_while_sending_and_invoicing(scene, held, violations):
    kill_in_the_middle(scene, held, violations, (0, 2), (1, 3, 5))


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_killed_while_sending_and_invoicing_sixty_times(scene, held, violations):
    kill_in_the_middle(scene, held, violations, [*range(6)] * 5, [*range(6)] * 5)
