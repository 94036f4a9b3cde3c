# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Phones on the local network are served by HTTPS, with a certificate of our own."""

import http.client
import http.server
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import screenshots
from desk import certificate, paths, ports, proxy, serve
from desk.messages import Stop

_PROXY = Path(serve.__file__).with_name("proxy.py")
_NAMES = ["127.0.0.1", "localhost"]
_HAS_CAMERA = "[window.isSecureContext, 'mediaDevices' in navigator]"


class _Page(http.server.BaseHTTPRequestHandler):
    """Answers with what the proxy said of the request."""

    def do_GET(self):
        body = f"{self.path} {self.headers['X-Forwarded-Proto']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Keep the tests' output as it is."""


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A certificate for this machine, and its key."""
    return certificate.ensure(tmp_path_factory.mktemp("tls"), _NAMES)


@pytest.fixture
def start(pair):
    """Return ``start(*certificate)``: the port of a proxy before a page."""
    back = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=back.serve_forever, daemon=True).start()
    processes = []

    def run(*files):
        port = ports.free()[0]
        command = [sys.executable, str(_PROXY), "127.0.0.1", str(port)]
        command += [str(back.server_port)] * 2
        processes.append(subprocess.Popen([*command, *map(str, files)]))
        _wait(port)
        return port

    yield run
    for process in processes:
        process.terminate()
        process.wait(10)
    back.shutdown()
    back.server_close()


def _wait(port):
    end = time.monotonic() + 20
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.connect()
            return
        except OSError:
            assert time.monotonic() < end, "the proxy does not listen"
            time.sleep(0.05)
        finally:
            connection.close()


def _ask(connection, path="/web"):
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def test_page_comes_encrypted(start, pair):
    port = start(*pair)
    trust = ssl.create_default_context(cafile=pair[0])
    for name in _NAMES:
        secure = http.client.HTTPSConnection(name, port, timeout=20, context=trust)
        status, body, _headers = _ask(secure)
        assert (status, body) == (200, "/web https")


def test_certificate_is_not_taken_for_another_name(start, tmp_path):
    other = certificate.ensure(tmp_path, ["desk.example"])
    port = start(*other)
    trust = ssl.create_default_context(cafile=other[0])
    with pytest.raises(ssl.SSLCertVerificationError):
        _ask(http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trust))


def test_plain_request_is_sent_to_the_encrypted_page(start, pair):
    port = start(*pair)
    plain = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    status, _body, headers = _ask(plain, "/odoo/exceptions?a=1")
    assert status == 308
    assert headers["Location"] == f"https://127.0.0.1:{port}/odoo/exceptions?a=1"


def test_a_browser_gives_its_camera_to_the_encrypted_page_alone(start, pair):
    """As on a phone: by a name that is not this machine's own."""
    secure, plain = start(*pair), start()
    rule = "--host-resolver-rules=MAP desk.example 127.0.0.1"
    with screenshots.Browser([rule]) as browser:
        assert _visit(browser, f"https://desk.example:{secure}/") is None, "refused"
        browser.call("Security.setIgnoreCertificateErrors", ignore=True)
        assert _visit(browser, f"https://desk.example:{secure}/") == [True, True]
        assert _visit(browser, f"http://desk.example:{plain}/") == [False, False]


def _visit(browser, address):
    """Return what a page is given, or None where the browser refuses it."""
    answer = browser.call("Page.navigate", url=address)
    if "ERR_CERT" in answer.get("errorText", ""):
        return None
    browser.wait("body")
    return browser.evaluate(_HAS_CAMERA)


def test_without_a_certificate_it_stays_plain(start):
    port = start()
    plain = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    assert _ask(plain)[:2] == (200, "/web http")


def test_certificate_stays_while_it_is_good(tmp_path):
    first, key = certificate.ensure(tmp_path, _NAMES)
    was = first.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    certificate.ensure(tmp_path, _NAMES[:1])
    assert first.read_bytes() == was
    certificate.ensure(tmp_path, [*_NAMES, "192.0.2.7"])
    assert first.read_bytes() != was


def test_only_this_machine_is_served_by_default(monkeypatch):
    monkeypatch.delenv("RD_HOST", raising=False)
    assert serve._host() == "127.0.0.1" and serve._certificate(serve._host()) == []
    assert serve._address("127.0.0.1", 8069) == "http://localhost:8069"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.0.2.7", False),
        ("desk.example", False),
    ],
)
def test_who_is_served_by_https(host, local):
    assert serve.is_local(host) is local


def test_every_address_is_told(monkeypatch):
    listed = subprocess.CompletedProcess([], 0, "192.0.2.7 2001:db8::7 \n")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: listed)
    told = "https://192.0.2.7:8069 or https://[2001:db8::7]:8069"
    assert serve._address("0.0.0.0", 8069) == told


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_every_address_that_is_told_is_listened_on():
    with proxy._listen("0.0.0.0", 0) as listening:
        port = listening.getsockname()[1]
        for name in ("127.0.0.1", "::1"):
            socket.create_connection((name, port), timeout=5).close()


def test_no_network(monkeypatch):
    listed = subprocess.CompletedProcess([], 0, "\n")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: listed)
    with pytest.raises(Stop, match="on no network"):
        serve._names("0.0.0.0")


def test_make_passes_the_host_on_only_when_it_is_given():
    def served(*arguments):
        done = subprocess.run(
            ["make", "--dry-run", "--print-data-base", "serve", *arguments],
            cwd=paths.ROOT,
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "HOST": "shell"},
        )
        return "RD_HOST = 0.0.0.0" in done.stdout or "RD_HOST = $(HOST)" in done.stdout

    assert served("HOST=0.0.0.0")
    assert not served()
