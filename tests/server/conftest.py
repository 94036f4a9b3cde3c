# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the tests on a real server start from: a desk made once, copied in a second."""

import contextlib
import importlib.util
from pathlib import Path

import psycopg2
import pytest
from desk import databases, odoo_run, paths

HERE = Path(__file__).parent


def load(name, path=None):
    """Return a module beside the tests (they are no package)."""
    path = path or HERE / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"rd_server_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


invariants = load("invariants", HERE.parent / "invariants.py")
dump = load("dump")
child = load("child")


@pytest.fixture(scope="session")
def make_template(cluster, suite_template):
    """Return ``make(name, path, function)``: a database to copy, made once."""
    made = []

    def make(name, path=HERE / "world.py", function="main", source=None):
        target = databases.temporary_name(name)
        made.append(target)
        databases.copy(cluster, source or suite_template, target)
        log = paths.LOG / f"server-{name}.log"
        odoo_run.run_in_odoo(cluster, target, path, log, function)
        return target

    yield make
    for name in made:
        databases.drop(cluster, name)


@pytest.fixture(scope="session")
def world(make_template):
    """The desk of world.py: deliveries of a past month, nothing closed yet."""
    return make_template("world")


@pytest.fixture(scope="session")
def stated(make_template, world):
    """A desk whose three months are stated, with nothing sent."""
    return make_template("stated", HERE / "answers_world.py", source=world)


@pytest.fixture(scope="session")
def closed(cluster, world):
    """A desk whose close nobody disturbed."""
    database = databases.temporary_name("undisturbed")
    databases.copy(cluster, world, database)
    try:
        child.Child(cluster, database, run="close_all()").finish()
        yield database
    finally:
        databases.drop(cluster, database)


@pytest.fixture(scope="session")
def expected(cluster, closed):
    """What a close that nobody disturbs comes to; a repeat of it changes nothing."""
    with _cursor(cluster, closed) as cursor:
        assert invariants.check(cursor) == []
        first = dump.dump(cursor)
    child.Child(cluster, closed, run="run_cron()\nrun_cron()").finish()
    with _cursor(cluster, closed) as cursor:
        assert dump.dump(cursor) == first
    # 8 affiliates × 3 months; one waits each month because his ledger is short
    states = [row.split(" | ")[3] for row in first["statements"]]
    assert sorted(states) == ["draft"] * 3 + ["invoiced"] * 21
    assert len(first["invoices"]) == 21
    return first


@pytest.fixture
def run_script(cluster):
    """Return ``run(database, function)``: a function of world.py inside Odoo."""

    def run(database, function, path=HERE / "world.py"):
        log = paths.LOG / f"server-{function}.log"
        odoo_run.run_in_odoo(cluster, database, path, log, function)
        return log.read_text(encoding="utf-8")

    return run


@pytest.fixture
def start_child(cluster):
    """Return ``start(database, changes)``: the scheduled actions in a process."""
    started = []

    def start(database, changes="", **options):
        one = child.Child(cluster, database, changes, **options)
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def query(cluster):
    """Return ``query(database, statement)``: the rows, read on a fresh connection."""

    def read(database, statement, *parameters):
        with _cursor(cluster, database) as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall()

    return read


@pytest.fixture
def execute(cluster):
    """Return ``execute(database, statement)``: change a database behind Odoo."""

    def change(database, statement):
        with _cursor(cluster, database) as cursor:
            cursor.execute(statement)

    return change


@pytest.fixture
def violations(cluster):
    """Return ``violations(database)``: the invariants that do not hold."""

    def read(database):
        with _cursor(cluster, database) as cursor:
            return invariants.check(cursor)

    return read


@pytest.fixture
def dump_of(cluster):
    """Return ``dump_of(database)``: the business without chance numbers."""

    def read(database):
        with _cursor(cluster, database) as cursor:
            return dump.dump(cursor)

    return read


@contextlib.contextmanager
def _cursor(cluster, database):
    connection = psycopg2.connect(**cluster.dsn(database))
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        yield cursor
