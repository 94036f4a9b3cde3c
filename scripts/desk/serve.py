# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo company's server in the background: start it, find it, stop it.

It listens on this machine alone unless RD_HOST (``make serve HOST=…``) names an address
of the local network, or 0.0.0.0 for all of them; then it speaks HTTPS, without which a
phone's browser gives no camera.
"""

import contextlib
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from . import databases, paths, ports, postgres, setup
from .messages import Stop, run, say
from .server import Server

DATABASE = "rd_demo"
_NOTE = paths.LOCAL / "serve.json"
_STOP_SECONDS = 20


def serve(arguments=()):
    """Serve the demo company in the background."""
    check_port()
    setup.prepare()
    cluster = postgres.demo_cluster().ensure()
    if DATABASE not in databases.names(cluster):
        raise Stop("There is no demo company yet; make demo makes one and serves it.")
    address = start(cluster)
    say(f"Serving at {address} (make stop ends it)")
    if not is_local(_host()):
        say("Phones on this network open that address and accept its certificate once.")
        say("The demo's passwords are known to everybody: no place for real figures.")


def start(cluster, database=DATABASE):
    """Start Odoo with workers and a proxy in front; return the address.

    A server of ours that runs already is replaced.
    """
    port = ports.wanted()
    host = _host()
    stop_server()
    ports.check_free(port, host)
    server = Server(cluster, database, workers=2, crons=1, keep=True)
    server.log = paths.LOG / "server.log"
    server.start()
    proxy = _start_proxy(host, port, server, _certificate(host))
    _NOTE.write_text(
        json.dumps({"odoo": server.process.pid, "proxy": proxy.pid, "port": port})
    )
    return _address(host, port)


def _address(host, port):
    if is_local(host):
        return f"http://localhost:{port}"
    return " or ".join(
        f"https://{f'[{name}]' if ':' in name else name}:{port}"
        for name in _names(host)
    )


def is_local(host):
    """Tell whether a host is reached from this machine alone."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _names(host):
    """Return what a phone may call the host: its own name, or all its addresses.

    :raises Stop: all addresses are asked for and the machine is on no network
    """
    if host not in ("0.0.0.0", "::"):
        return [host]
    listed = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout
    if not (names := listed.split()):
        raise Stop("This machine is on no network a phone could use; connect it first.")
    return names


def _certificate(host):
    """Return the arguments of the proxy that make it speak HTTPS, where it should."""
    if is_local(host):
        return []
    folder = paths.LOCAL / "tls"
    script = Path(__file__).with_name("certificate.py")
    names = [*_names(host), socket.gethostname(), "localhost", "127.0.0.1"]
    run([paths.PYTHON, script, folder, *names], "make a certificate")
    return [str(folder / "certificate.pem"), str(folder / "key.pem")]


def check_port():
    """Stop when the wanted port is taken by anything but our own server."""
    if not (_NOTE.is_file() and _is_serving(json.loads(_NOTE.read_text()))):
        ports.check_free(ports.wanted(), _host())


def _is_serving(note):
    return note["port"] == ports.wanted() and _is_ours(note["proxy"])


def _host():
    return os.environ.get("RD_HOST") or "127.0.0.1"


def _start_proxy(host, port, server, certificate):
    script = Path(__file__).with_name("proxy.py")
    numbers = [str(number) for number in (port, server.port, server.gevent_port)]
    with open(paths.LOG / "proxy.log", "w") as log:
        proxy = subprocess.Popen(
            [sys.executable, str(script), host, *numbers, *certificate],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    time.sleep(0.5)
    if proxy.poll() is not None:
        server.stop()
        raise Stop(f"The proxy could not listen on {host}:{port}; see {log.name}.")
    return proxy


def stop(arguments=()):
    """Stop the server and the clusters that nobody uses."""
    was_serving = stop_server()
    postgres.demo_cluster().stop()
    test = postgres.test_cluster()
    if test.is_made() and test.is_running() and not databases.connections(test):
        test.stop()
    say("The server is stopped." if was_serving else "No server was running.")


def stop_server():
    """Stop the background server; tell whether there was one."""
    if not _NOTE.is_file():
        return False
    note = json.loads(_NOTE.read_text())
    mine = [note[name] for name in ("proxy", "odoo") if _is_ours(note[name])]
    for number in mine:
        _signal(number, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while any(map(_is_ours, mine)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for number in filter(_is_ours, mine):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(number, signal.SIGKILL)
    _NOTE.unlink()
    return bool(mine)


def _signal(number, what):
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, what)


def _is_ours(number):
    """Tell whether a process is still the one we started (numbers are reused)."""
    try:
        line = Path(f"/proc/{number}/cmdline").read_text()
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return str(paths.ROOT) in line and state != "Z"
