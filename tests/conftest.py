# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What tests with a database or a real server start from.

Nothing here is made before a test asks for it: tests/pure needs neither.
"""

import contextlib
import itertools
import os
from pathlib import Path

import pytest
from desk import databases, flaky, odoo_log, odoo_run, paths, postgres, rpc, server

_numbers = itertools.count(1)


def pytest_addoption(parser):
    """Take ``--shuffle SEED``: what a test leaves behind shows in another order."""
    parser.addoption("--shuffle", type=int, help="run in a random order of this seed")


def pytest_collection_modifyitems(config, items):
    """Put the tests into the order that was asked for."""
    seed = config.getoption("--shuffle")
    if seed is not None:
        items[:] = flaky.shuffled(items, seed)


@pytest.fixture(scope="session")
def cluster():
    """The private PostgreSQL cluster of the tests."""
    return postgres.test_cluster().ensure()


@pytest.fixture(scope="session")
def base_template(cluster):
    """Name of the template with Odoo's own modules, none of ours."""
    return databases.ensure_base(cluster)


@pytest.fixture(scope="session")
def suite_template(cluster):
    """Name of the template with the four add-ons installed, without demo data."""
    return databases.ensure_suite(cluster)


@pytest.fixture
def make_database(cluster):
    """Return ``make(template)``: a copy in a second, dropped after the test."""
    made = []

    def make(template):
        name = databases.temporary_name(f"test{next(_numbers)}")
        made.append(name)
        return databases.copy(cluster, template, name)

    yield make
    for name in made:
        databases.drop(cluster, name)


@pytest.fixture
def database(make_database, suite_template):
    """Name of a fresh database with the four add-ons, of this test alone."""
    return make_database(suite_template)


@pytest.fixture
def start_server(cluster):
    """Return ``start(database, workers=2, crons=0, arguments=())``.

    The server listens on a free port of the loopback address; see ``desk.server``
    for what it can do (url, stop, kill, processes, log). It ends with the test.
    """
    started = []

    def start(database, workers=2, crons=0, arguments=()):
        one = server.Server(cluster, database, workers, crons, arguments)
        started.append(one)
        return one.start()

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def connect(cluster):
    """Return ``connect(database)``: a psycopg2 connection of its own."""
    import psycopg2

    with contextlib.ExitStack() as stack:

        def open_connection(name):
            return stack.enter_context(
                contextlib.closing(psycopg2.connect(**cluster.dsn(name)))
            )

        yield open_connection


@pytest.fixture
def sign_in():
    """Return ``sign_in(server, login="admin", password=None)``: a web session."""

    def enter(one, login="admin", password=None):
        return rpc.Session(one.url, one.database, login, password)

    return enter


@pytest.fixture
def run_odoo(cluster, tmp_path):
    """Return ``run(*arguments)``: Odoo to its end, its log as clean as stock Odoo's.

    The log's records come back; a line that stock Odoo does not print fails the
    test, and so does an exit code.
    """

    def run(*arguments, **options):
        log = paths.LOG / f"lifecycle-{os.getpid()}-{next(_numbers)}.log"
        code = odoo_run.run_odoo(cluster, log, *arguments, **options)
        records, _foreign = odoo_log.read(log)
        strange = "\n".join(map(str, odoo_log.unexpected(records)))
        assert not strange, f"lines of {log} that should not be:\n{strange}"
        assert code == 0, log.read_text(errors="replace")[-3000:]
        return records

    return run


@pytest.fixture(scope="session")
def samples():
    """The folder of sample inputs; a test that needs it skips without it."""
    folder = os.environ.get("RD_SAMPLES")
    if not folder or not Path(folder).is_dir():
        pytest.skip("RD_SAMPLES names no folder of samples")
    return Path(folder)
