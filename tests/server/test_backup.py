# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A backup of a desk with a closed month is restored, and nothing is missing."""

import os
import subprocess
import sys

import pytest
from desk import databases, paths, postgres

pytestmark = [pytest.mark.server, pytest.mark.nightly]

_SCRIPT = paths.SCRIPTS / "backup"
_ROWS = (
    "SELECT (SELECT count(*) FROM rd_statement_line),"
    " (SELECT count(*) FROM account_move_line), (SELECT sum(balance) FILTER"
    " (WHERE balance > 0) FROM account_move_line), (SELECT count(*) FROM mail_message)"
)


@pytest.fixture
def run(cluster):
    """Return ``run(*arguments)``: the script on the tests' cluster."""
    variables = {**os.environ, **cluster.environment()}
    variables["PATH"] = f"{postgres.programs()}:{variables['PATH']}"

    def call(*arguments):
        return subprocess.run(
            [sys.executable, str(_SCRIPT), *map(str, arguments)],
            capture_output=True,
            text=True,
            env=variables,
        )

    return call


@pytest.fixture
def desk(cluster, make_database, closed):
    """A copy of a desk with closed months, and the folder of its files."""
    name = make_database(closed)
    return name, databases.filestore(cluster, name)


@pytest.fixture
def restored(cluster):
    """Name of the database that a test restores into; dropped afterwards."""
    name = databases.temporary_name("restored")
    yield name
    databases.drop(cluster, name)


def test_restored_is_what_was_backed_up(cluster, run, desk, restored, tmp_path):
    name, files = desk
    backup, target = tmp_path / "backup", databases.filestore(cluster, restored)
    done = run("make", name, files, backup)
    assert done.returncode == 0, done.stderr
    done = run("restore", backup, restored, target)
    assert done.returncode == 0, done.stderr
    assert databases.sql(cluster, _ROWS, restored) == databases.sql(
        cluster, _ROWS, name
    )
    kept = {path.relative_to(files) for path in files.rglob("*") if path.is_file()}
    assert kept == {p.relative_to(target) for p in target.rglob("*") if p.is_file()}
    assert kept
    # nothing that is there is written over, and a second backup needs its own folder
    for again in (
        ("restore", backup, restored, tmp_path / "other"),
        ("restore", backup, f"{restored}_2", target),
        ("make", name, files, backup),
    ):
        done = run(*again)
        assert (done.returncode, done.stdout) == (1, ""), done.stdout
        assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1


def test_a_damaged_backup_is_refused(run, desk, restored, tmp_path):
    name, files = desk
    backup = tmp_path / "backup"
    assert run("make", name, files, backup).returncode == 0
    with open(backup / "database.dump", "r+b") as dump:
        dump.seek(2000)
        dump.write(b"damaged")
    done = run("restore", backup, restored, tmp_path / "files")
    assert done.returncode == 1 and "is not what was written" in done.stderr


def test_trying_finds_a_missing_file_and_a_broken_rule(cluster, run, desk):
    name, files = desk
    assert run("try", name, files).returncode == 0
    stored = databases.sql(
        cluster,
        "SELECT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL LIMIT 1",
        name,
    )[0][0]
    (files / stored).unlink()
    databases.sql(
        cluster,
        "ALTER TABLE rd_statement_line DROP CONSTRAINT rd_statement_line_no_overlap",
        name,
    )
    done = run("try", name, files)
    assert done.returncode == 1
    assert f"The file {stored} of an attachment is missing." in done.stderr
    assert "no_overlap" in done.stderr
    left = [other for other in databases.names(cluster) if "_tried_" in other]
    assert left == []
