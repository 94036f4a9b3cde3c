# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Any two acts on one statement meet: the second begins before the first is written.

Of each two, the one stops when all its work is done and nothing of it is committed;
then the other begins, and goes as far as it can; then the first is let go. The first
comes to its end as if it were alone. The second does, or is refused in one plain
sentence. What must hold does hold after each meeting.
"""

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from desk import rpc
from server.crowd import Refused, answer_of
from server.scene import Scene, confirm

pytestmark = pytest.mark.server

WORLD = Path(__file__).parent / "pairs_world.py"
ACTS = (
    *("close", "reopen", "confirm", "import", "match"),
    *("invoice", "validate", "return", "backdate", "merge"),
)
# each with itself once, and each two in both orders
PAIRS = [(first, second) for first in ACTS for second in ACTS]
A_SCENE = 6  # affiliates, each of which sees one meeting
SCENES = [PAIRS[start : start + A_SCENE] for start in range(0, len(PAIRS), A_SCENE)]
# two that agree on nothing, and those that have the most in common
EACH_RUN = (
    *(("confirm", "reopen"), ("validate", "close"), ("backdate", "match")),
    *(("merge", "invoice"), ("return", "invoice"), ("import", "import")),
)
_STATE = {"reopen": "sent", "confirm": "sent", "invoice": "agreed"}
_BEFORE_AGREED = ("confirm", "import", "match")
# Whoever writes a row waits, before it is committed, for who holds his number.
_MARK = 4242
_STOP = f"""
    CREATE FUNCTION stop_at_the_mark() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared({_MARK}, NEW.write_uid);
        RETURN NULL;
    END $$;
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT table_name FROM information_schema.columns
            JOIN pg_class ON relname = table_name AND relkind = 'r'
            WHERE table_schema = 'public' AND column_name = 'write_uid'
              AND (table_name LIKE 'rd\\_%' OR table_name IN (
                  'stock_picking', 'stock_move', 'account_move', 'res_partner'))
        LOOP
            EXECUTE format(
                'CREATE CONSTRAINT TRIGGER stop_at_the_mark AFTER INSERT OR UPDATE'
                ' ON %I DEFERRABLE INITIALLY DEFERRED'
                ' FOR EACH ROW EXECUTE FUNCTION stop_at_the_mark()', name);
        END LOOP;
    END $$;
"""
_STEPS = """
    SELECT step.id FROM rd_close_step step
      JOIN rd_statement statement ON statement.close_id = step.close_id
       AND statement.partner_id = step.partner_id
     WHERE statement.id = %s ORDER BY step.id
"""
_LINES = """
    SELECT date, note, part, quantity, amount_total FROM rd_statement_line
     WHERE statement_id = %s AND live ORDER BY note, part
"""


# ---------------------------------------------------------------------------
# What meets
# ---------------------------------------------------------------------------
class Meeting(Scene):
    """The desk of pairs_world.py, and what can be done there."""

    def __init__(self, server, database, query):
        super().__init__(server, database, query)
        self.approvals = {}

    def get_ready(self, number, first, second):
        """Bring a statement to the state in which the first of two acts can be done."""
        statement = self.first[number]
        state = _STATE.get(first) or _STATE.get(second)
        if first in _BEFORE_AGREED and state == "agreed":
            state = _STATE.get(first)
        waits_for_file = "match" in (first, second) and first != "import"
        if waits_for_file or state == "agreed":
            self.import_(statement, self.clerk)()
        if state == "agreed":
            self.press("action_match", [statement])
            self.press("action_agree", [statement])
        elif state == "sent":
            self.press("action_send", [statement])
        if state and "reopen" in (first, second):
            self.approvals |= self.take_back([statement])

    def sessions(self, number, first, second):
        """Sign the two in; on the portal it is the same person in two browsers."""
        logins = zip((first, second), ("all1", "all2"), strict=True)
        person = f"fin{number + 1}"
        return [
            self.sign_in(person if act == "confirm" else login) for act, login in logins
        ]

    def act(self, name, number, session):
        """Return a call of what is named, by its session, on one statement."""
        found = {
            "close": self.close,
            "reopen": self.reopen,
            "confirm": self.confirm,
            "import": self.import_,
            "match": self.match,
            "invoice": self.invoice,
        }
        if name in found:
            return found[name](self.first[number], session)
        parcel = {"validate": f"DN-{number + 1}-10", "return": f"RT-{number + 1}-9"}
        if name in parcel:
            return self.validate(parcel[name], session)
        if name == "backdate":
            return self.backdate(number, session)
        return self.merge(number, session)

    def close(self, statement, session):
        steps = [step for (step,) in self.query(_STEPS, statement)]
        return lambda: session.call("rd.close.step", "action_run", steps)

    def reopen(self, statement, session):
        approval = self.approvals.get(statement)
        return lambda: session.call("rd.approval", "action_approve", [approval])

    def confirm(self, statement, session):
        return confirm(session, statement, self.seen(statement))

    def import_(self, statement, session):
        lines = [
            ",".join(str(cell) for cell in row) for row in self.query(_LINES, statement)
        ]
        text = "\n".join(["送货日期,送货单号,料号,数量,价税合计", *lines])
        values = {
            "statement_id": statement,
            "file": base64.b64encode(text.encode()).decode(),
            "filename": "theirs.csv",
        }
        return lambda: session.call("rd.ledger", "create", [values])

    def match(self, statement, session):
        return lambda: session.call("rd.statement", "action_match", [statement])

    def invoice(self, statement, session):
        return lambda: session.call("rd.statement", "action_invoice", [statement])

    def validate(self, note, session):
        picking = self.one("SELECT id FROM stock_picking WHERE rd_note = %s", note)
        return lambda: session.call("stock.picking", "button_validate", [picking])

    def backdate(self, number, session):
        note = f"DN-{number + 1}-9"
        picking = self.one("SELECT id FROM stock_picking WHERE rd_note = %s", note)
        ((day,),) = self.query(
            "SELECT date_to FROM rd_statement WHERE id = %s", self.first[number]
        )
        values = {"date_done": f"{day} 04:00:00"}
        return lambda: session.call("stock.picking", "write", [picking], values)

    def merge(self, number, session):
        names = [f"Affiliate {number + 1}", f"Twin {number + 1}"]
        both = [
            self.one("SELECT id FROM res_partner WHERE name = %s", name)
            for name in names
        ]
        values = {
            "state": "selection",
            "partner_ids": [(6, 0, both)],
            "dst_partner_id": both[0],
        }
        model = "base.partner.merge.automatic.wizard"

        def act():
            try:
                wizard = session.call(model, "create", values)
                return session.call(model, "action_merge", [wizard])
            except rpc.RpcError as error:
                # Odoo's own answer where the other has merged them already
                if error.name != "odoo.exceptions.MissingError":
                    raise
                return Refused("One of the two is there no more.")

        return act


# ---------------------------------------------------------------------------
# How they meet
# ---------------------------------------------------------------------------
class Mark:
    """Where whoever has a number stops before he commits."""

    def __init__(self, connection, scene):
        connection.autocommit = True
        self.connection = connection
        self.scene = scene

    def _do(self, function, number):
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [_MARK, number])

    def stop(self, number):
        self._do("pg_advisory_lock", number)

    def let_go(self, number):
        self._do("pg_advisory_unlock", number)

    def wait_for(self, count, *calls, seconds=30):
        """Wait until ``count`` transactions wait, or one of the calls has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.scene.blocked() >= count or any(call.done() for call in calls):
                return
            time.sleep(0.05)


def meet(scene, mark, number, first, second):
    """Let two acts meet on one statement; return what the second was told."""
    scene.get_ready(number, first, second)
    sessions = scene.sessions(number, first, second)
    calls = [
        scene.act(name, number, session)
        for name, session in zip((first, second), sessions, strict=True)
    ]
    mark.stop(sessions[0].uid)
    with ThreadPoolExecutor(2) as pool:
        try:
            one = pool.submit(answer_of, calls[0])
            mark.wait_for(1, one)
            stopped = not one.done()
            other = pool.submit(answer_of, calls[1])
            mark.wait_for(2, other)
        finally:
            mark.let_go(sessions[0].uid)
        answer = one.result(60)
        assert not isinstance(answer, Refused), (first, second, answer)
        assert stopped, f"{first} wrote nothing that it could stop at"
        return other.result(60)


@pytest.fixture(scope="session")
def ready(make_template, stated):
    """The desk of pairs_world.py."""
    return make_template("pairs", WORLD, source=stated)


@pytest.fixture
def meet_all(make_database, ready, start_server, query, connect, execute, violations):
    """Return ``meet_all(pairs)``: one pair after the other, each on a statement."""

    def run(pairs):
        database = make_database(ready)
        execute(database, _STOP)
        server = start_server(database, workers=4)
        scene = Meeting(server, database, query)
        mark = Mark(connect(database), scene)
        told = {}
        for number, pair in enumerate(pairs):
            told[pair] = meet(scene, mark, number, *pair)
            assert violations(database) == [], pair
        return told

    return run


def test_two_meet(meet_all):
    told = meet_all(EACH_RUN)
    assert isinstance(told["import", "import"], Refused), "a file is read once"


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("pairs", SCENES, ids=lambda pairs: "-".join(pairs[0]))
def test_any_two_meet(pairs, meet_all):
    meet_all(pairs)
