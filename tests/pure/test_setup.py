# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What goes wrong at set-up is said in one sentence, with what to do about it."""

import os
import shutil
import socket
import subprocess
import sys

import pytest
from desk import (
    apt,
    cli,
    databases,
    messages,
    odoo_log,
    odoo_source,
    paths,
    ports,
    postgres,
    proxy,
    setup,
    stamps,
    tests,
    venv,
)
from desk.messages import Stop


@pytest.fixture(autouse=True)
def own_log(monkeypatch, tmp_path):
    """Keep the real set-up log as it is."""
    monkeypatch.setattr(paths, "LOG", tmp_path / "log")


def rd(*arguments, **variables):
    """Run the tool as the Makefile does."""
    return subprocess.run(
        [sys.executable, str(paths.SCRIPTS / "rd"), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )


def assert_sentence(text, *words):
    """Assert that a message is one readable line with these words."""
    text = str(text).strip()
    assert "\n" not in text and "Traceback" not in text
    assert len(text) < 300
    for word in words:
        assert word in text, text


# -- one-sentence errors ----------------------------------------------------


def test_wrong_python(tmp_path):
    script = (paths.SCRIPTS / "rd").read_text().replace("(3, 11)", "(3, 99)")
    copy = tmp_path / "rd"
    copy.write_text(script)
    done = subprocess.run(
        [sys.executable, str(copy), "setup"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert_sentence(done.stderr, "Python 3.11", "PYTHON=")


def test_environment_is_of_the_systems_python(monkeypatch, tmp_path):
    system = tmp_path / "python3.11"
    monkeypatch.setattr(venv, "_SYSTEM", system)
    monkeypatch.delenv("RD_PYTHON", raising=False)
    assert venv.interpreter() == sys.executable
    system.touch()
    assert venv.interpreter() == str(system)
    monkeypatch.setenv("RD_PYTHON", "/opt/own/python3.11")
    assert venv.interpreter() == "/opt/own/python3.11"


def test_make_hands_on_a_python_that_is_named():
    def told(*arguments, **variables):
        kept = {k: v for k, v in os.environ.items() if k not in ("PYTHON", "RD_PYTHON")}
        done = subprocess.run(
            ["make", "-np", "setup", *arguments],
            capture_output=True,
            text=True,
            cwd=paths.ROOT,
            env={**kept, **variables},
        )
        return "RD_PYTHON = " in done.stdout

    assert told("PYTHON=/opt/own/python3.11")
    assert told(PYTHON="/opt/own/python3.11")
    assert not told()


def test_port_taken(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Stop) as stop:
            ports.check_free(port)
        assert_sentence(stop.value, str(port), "RD_PORT=")
        done = rd("demo", RD_PORT=str(port))
    assert done.returncode == 1
    assert_sentence(done.stderr, "error: ", str(port), "taken", "RD_PORT=")


@pytest.mark.parametrize("text", ["x", "0", "70000", "-1"])
def test_port_is_no_port(monkeypatch, text):
    monkeypatch.setenv("RD_PORT", text)
    with pytest.raises(Stop) as stop:
        ports.wanted()
    assert_sentence(stop.value, "RD_PORT", "1 to 65535")


def test_disk_too_small(tmp_path):
    with pytest.raises(Stop) as stop:
        setup.check_disk(tmp_path, needed=10**9)
    assert_sentence(stop.value, "GB free", "free some space")


def test_no_rights(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Stop) as stop:
        apt.as_root(["chromium"])
    assert_sentence(stop.value, "neither root nor", "apt-get install chromium")


def test_sudo_wants_a_password(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    refused = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: refused)
    with pytest.raises(Stop) as stop:
        apt.as_root(["chromium"])
    assert_sentence(stop.value, "sudo", "apt-get install chromium")


def test_no_debian(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Stop) as stop:
        apt.missing(["chromium"])
    assert_sentence(stop.value, "Debian", "docker-compose.yml")


@pytest.mark.parametrize(
    "output",
    [
        "Err:1 Temporary failure resolving 'deb.example'",
        "W: Failed to fetch x  Could not connect to mirror.example:80",
        "NewConnectionError: Failed to establish a new connection: [Errno 101]",
        "npm error code EAI_AGAIN",
    ],
)
def test_no_network(output):
    text = messages.explain("download Odoo", output)
    assert_sentence(text, "Cannot download Odoo", "network", "again")


def test_update_without_network_stops(monkeypatch):
    # apt-get update itself ends with 0 here
    output = "W: Failed to fetch http://x  Temporary failure resolving 'x'"
    done = subprocess.CompletedProcess([], 0, stdout=output)
    monkeypatch.setattr(apt, "run", lambda *a, **k: done)
    with pytest.raises(Stop) as stop:
        apt._update([])
    assert_sentence(stop.value, "network")


def test_mirror_lacks_a_package(monkeypatch):
    output = "Reading package lists...\nE: Unable to locate package odoo-19"
    done = subprocess.CompletedProcess([], 100, stdout=output)
    monkeypatch.setattr(apt, "run", lambda *a, **k: done)
    with pytest.raises(Stop) as stop:
        apt._download_into(paths.LOG, ["odoo-19"], ())
    assert_sentence(stop.value, "mirror lacks", "odoo-19")


def test_disk_full():
    text = messages.explain("unpack Odoo", "tar: x: No space left on device")
    assert_sentence(text, "disk is full")


def test_damaged_package(tmp_path):
    package = tmp_path / "odoo-19_19.0_all.deb"
    package.write_bytes(b"not a package")
    with pytest.raises(Stop) as stop:
        apt.unpack(package, tmp_path / "into")
    assert_sentence(stop.value, package.name, "again")
    assert not package.exists()


def test_own_odoo_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("RD_ODOO", str(tmp_path))
    with pytest.raises(Stop) as stop:
        odoo_source.library()
    assert_sentence(stop.value, "RD_ODOO", "odoo-bin")


@pytest.mark.parametrize("version, ok", [("18, 0", False), ("19, 0", True)])
def test_own_odoo_of_another_version(monkeypatch, tmp_path, version, ok):
    (tmp_path / "odoo").mkdir()
    release = tmp_path / "odoo" / "release.py"
    release.write_text(f"version_info = ({version}, 0, FINAL, 0, '')\n")
    monkeypatch.setenv("RD_ODOO", str(tmp_path))
    if ok:
        assert odoo_source.library() == tmp_path
        return
    with pytest.raises(Stop) as stop:
        odoo_source.library()
    assert_sentence(stop.value, "not Odoo 19.0")


def test_stop_prints_no_traceback(monkeypatch, capsys):
    def broken(arguments):
        raise Stop("It is so; do this.")

    monkeypatch.setattr(setup, "main", broken)
    assert cli.main(["setup"]) == 1
    assert capsys.readouterr().err == "error: It is so; do this.\n"


def test_a_test_run_without_set_up_counts_as_failed(monkeypatch, capsys):
    def broken(arguments=()):
        raise Stop("It is so; do this.")

    monkeypatch.setattr(setup, "main", broken)
    assert tests.test() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


# -- the mirror, the stamps, the socket ---------------------------------------


def test_mirror_is_the_machines_own(monkeypatch):
    rows = [
        ["http://mirror.example/debian-security/", "", "Debian-Security"],
        ["http://mirror.example/debian/", "", "Debian"],
        ["https://other.example/apt/", "", "Other"],
    ]
    monkeypatch.setattr(apt, "_targets", lambda: rows)
    assert apt.mirror()[0] == "http://mirror.example/debian/"


def test_no_mirror(monkeypatch):
    monkeypatch.setattr(apt, "_targets", lambda: [])
    with pytest.raises(Stop) as stop:
        apt.mirror()
    assert_sentence(stop.value, "mirror")


def test_stamp_follows_its_inputs(tmp_path):
    lock = tmp_path / "lock"
    lock.write_text("a==1")
    before = stamps.key("x", lock)
    stamps.set_done("step", before, tmp_path / "stamps")
    assert stamps.is_done("step", stamps.key("x", lock), tmp_path / "stamps")
    lock.write_text("a==2")
    assert not stamps.is_done("step", stamps.key("x", lock), tmp_path / "stamps")


def test_deep_clone_gets_a_short_socket(monkeypatch, tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    monkeypatch.setattr(paths, "LOCAL", deep)
    monkeypatch.setattr(shutil, "chown", lambda *a: None)
    cluster = postgres.Cluster("test", durable=False)
    cluster.folder.mkdir(parents=True)
    folder = cluster._socket_folder()
    try:
        assert len(f"{folder}/.s.PGSQL.{postgres.PORT}") < 60
        assert cluster.socket == folder
        assert cluster._socket_folder() == folder  # the same one the next time
    finally:
        cluster.remove_socket()
    assert not folder.exists()


def test_versions_are_pinned():
    names = set()
    for lock in ("requirements.lock", "requirements-dev.lock"):
        lines = (paths.ROOT / lock).read_text().splitlines()
        for line in filter(None, (line.partition("#")[0].strip() for line in lines)):
            name, _, version = line.partition("==")
            assert version and not set(version) & set("<>*, "), line
            assert name.lower() not in names, f"{name} twice"
            names.add(name.lower())


def test_temporary_names_tell_whose_they_are():
    assert databases.temporary_name("x").startswith(f"t{os.getpid()}_")


# -- the proxy ------------------------------------------------------------------


def test_proxy_says_who_asks_and_hides_what_the_client_claims():
    head, upgrade = proxy.rewrite(
        b"GET /web HTTP/1.1\r\nHost: desk.example\r\nX-Forwarded-For: 6.6.6.6\r\n"
        b"Connection: keep-alive\r\n\r\n",
        "127.0.0.1",
    )
    lines = head.split(b"\r\n")
    assert lines[0] == b"GET /web HTTP/1.1" and head.endswith(b"\r\n\r\n")
    assert b"X-Forwarded-For: 127.0.0.1" in lines and b"6.6.6.6" not in head
    assert b"X-Forwarded-Host: desk.example" in lines
    assert b"Connection: close" in lines and not upgrade


def test_proxy_knows_a_web_socket():
    request = b"GET /websocket?version=1 HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"
    assert proxy.is_live(request)
    assert b"Connection: Upgrade" in proxy.rewrite(request, "::1")[0]
    assert not proxy.is_live(b"GET /web?x=/websocket HTTP/1.1\r\n\r\n")


# -- reading Odoo's log -----------------------------------------------------------

LOG = """\
2026-01-02 03:04:05,678 9 INFO db odoo.modules.loading: loading 1 modules...
something a program printed
2026-01-02 03:04:05,678 9 ERROR db odoo.addons.x.tests.test_x: FAIL: TestX.test_y
Traceback (most recent call last):
AssertionError: 1 != 2
2026-01-02 03:04:05,678 9 WARNING db odoo.schema: could not create unique index
2026-01-02 03:04:05,678 9 ERROR db odoo.tests.result: 1 failed, 2 error(s) of 9 tests
"""


def test_log_is_read():
    records, foreign = odoo_log.parse(LOG)
    assert len(records) == 4
    assert foreign == ["something a program printed"]
    assert odoo_log.totals(records) == (6, 3)
    assert ["test_y" in r.text for r in odoo_log.failures(records)] == [True]
    assert "1 != 2" in odoo_log.failures(records)[0].text
    assert [r.logger for r in odoo_log.unexpected(records)] == ["odoo.schema"]


def test_log_without_count_fails(tmp_path):
    log = tmp_path / "odoo.log"
    log.write_text(LOG.splitlines()[0])
    result = tests.Result("odoo")
    tests.judge(result, log, 1)
    assert result.failed == 1


def test_every_strange_line_fails(tmp_path):
    log = tmp_path / "odoo.log"
    log.write_text(LOG)
    result = tests.Result("odoo")
    tests.judge(result, log, 0)
    assert (result.passed, result.failed) == (6, 4)
    assert any("unique index" in title for title, _text in result.details)


def test_closing_line_is_the_last(capsys):
    results = [tests.Result("a", passed=3), tests.Result("b", passed=2)]
    assert tests._report(results, 1) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 0 failed"
    results[0].fail("one", "text")
    assert tests._report(results, 1) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 1 failed"


def test_nothing_run_is_a_failure(capsys):
    assert tests._report([], 1) == 1
