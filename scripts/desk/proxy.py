# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The smallest reverse proxy that a server with workers needs on one machine.

Odoo with workers answers pages on one port and live messages (web socket) on
another; a browser must see one address. A site puts its own web server here.
Run as: ``python proxy.py HOST PORT HTTP_PORT GEVENT_PORT [CERTIFICATE KEY]``; with a
certificate it speaks HTTPS and sends who asks by plain HTTP to the same port there.
"""

import asyncio
import contextlib
import socket
import ssl
import sys

_HEAD_LIMIT = 64 * 1024
_HEAD_SECONDS = 60
_TLS_SECONDS = 20
_MAPPED = "::ffff:"  # how a socket of both families names a client of the older one
_TLS_HELLO = 0x16  # the first byte of a connection that wants to be encrypted
_DOWN = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nRetry-After: 2\r\n"
    b"Connection: close\r\n\r\nThe server is starting; try again in a moment.\n"
)
_MOVED = (
    b"HTTP/1.1 308 Permanent Redirect\r\nLocation: https://%s%s\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)
# what the client may not say for itself, and what concerns one connection only
_REPLACED = (b"connection", b"keep-alive", b"x-forwarded-", b"x-real-ip", b"forwarded")


def rewrite(head, client, secure=False):
    """Return the request's head as it goes to Odoo, and whether it upgrades."""
    request, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    host = proto = b""
    upgrade = False
    kept = [request]
    for line in lines:
        name, _, value = line.partition(b":")
        name = name.strip().lower()
        host = value.strip() if name == b"host" else host
        proto = value.strip() if name == b"x-forwarded-proto" else proto
        upgrade = upgrade or name == b"upgrade"
        if not name.startswith(_REPLACED):
            kept.append(line)
    kept += [
        b"Connection: " + (b"Upgrade" if upgrade else b"close"),
        b"X-Forwarded-For: " + client.encode(),
        b"X-Forwarded-Host: " + host,
        b"X-Forwarded-Proto: " + (b"https" if secure or proto == b"https" else b"http"),
    ]
    return b"\r\n".join(kept) + b"\r\n\r\n", upgrade


def moved(head):
    """Return the answer that sends a plain request to the same page by HTTPS."""
    request, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    fields = (line.partition(b":") for line in lines)
    host = next((v.strip() for n, _, v in fields if n.strip().lower() == b"host"), b"")
    parts = request.split(b" ")
    path = parts[1] if len(parts) > 1 and parts[1].startswith(b"/") else b"/"
    return _MOVED % (host, path) if host else _DOWN


def is_live(head):
    """Tell whether a request is for the live-message port."""
    parts = head.split(b" ", 2)
    return len(parts) > 1 and parts[1].startswith(b"/websocket")


async def _pump(reader, writer):
    with contextlib.suppress(ConnectionError, asyncio.CancelledError):
        while data := await reader.read(64 * 1024):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(ConnectionError, OSError, RuntimeError):
        if writer.can_write_eof():
            writer.write_eof()


async def _close(writer):
    writer.close()
    with contextlib.suppress(ConnectionError, OSError):
        await writer.wait_closed()


class Proxy:
    """Passes each request to the port that serves it."""

    def __init__(self, http_port, gevent_port, tls=None):
        self.http_port = http_port
        self.gevent_port = gevent_port
        self.tls = tls

    async def serve(self, host, port):
        """Serve until the process is ended."""
        if not self.tls:
            server = await asyncio.start_server(
                self.handle, host, port, limit=_HEAD_LIMIT
            )
            async with server:
                await server.serve_forever()
        with _listen(host, port) as listening:
            await self._accept(listening)

    async def _accept(self, listening):
        """Tell encrypted connections from plain ones; both come to one port."""
        listening.setblocking(False)
        loop = asyncio.get_running_loop()
        tasks = set()
        while True:
            connection, _client = await loop.sock_accept(listening)
            task = loop.create_task(self._open(connection))
            tasks.add(task)  # the loop itself holds no reference
            task.add_done_callback(tasks.discard)

    async def _open(self, connection):
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError, TimeoutError):
            first = await asyncio.wait_for(_peek(connection), _HEAD_SECONDS)
            secure = first[:1] == bytes([_TLS_HELLO])
            reader = asyncio.StreamReader(limit=_HEAD_LIMIT)
            protocol = asyncio.StreamReaderProtocol(
                reader, self.handle if secure else self._send_away
            )
            tls = {"ssl": self.tls, "ssl_handshake_timeout": _TLS_SECONDS}
            await loop.connect_accepted_socket(
                lambda: protocol, connection, **(tls if secure else {})
            )
            return
        connection.close()

    async def _send_away(self, reader, writer):
        with contextlib.suppress(
            ConnectionError,
            TimeoutError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
        ):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SECONDS)
            writer.write(moved(head))
            await writer.drain()
        await _close(writer)

    async def handle(self, reader, writer):
        """Serve one connection: one request, or one web socket."""
        with contextlib.suppress(
            ConnectionError,
            TimeoutError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
        ):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SECONDS)
            await self._pass_on(head, reader, writer)
        await _close(writer)

    async def _pass_on(self, head, reader, writer):
        port = self.gevent_port if is_live(head) else self.http_port
        client = writer.get_extra_info("peername")[0].removeprefix(_MAPPED)
        try:
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.write(_DOWN)
            await writer.drain()
            return
        back_writer.write(rewrite(head, client, bool(self.tls))[0])
        upwards = asyncio.create_task(_pump(reader, back_writer))
        await _pump(back_reader, writer)
        upwards.cancel()
        await _close(back_writer)


def _listen(host, port):
    """Return a listening socket; who asks for all addresses gets both families."""
    if host in ("0.0.0.0", "::") and socket.has_dualstack_ipv6():
        return socket.create_server(
            ("::", port), family=socket.AF_INET6, dualstack_ipv6=True
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


async def _peek(connection):
    """Return the first byte of a connection and leave it there."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(connection, lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)


async def main(host, port, http_port, gevent_port, certificate=None, key=None):
    """Serve until the process is ended."""
    tls = None
    if certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate, key)
    await Proxy(int(http_port), int(gevent_port), tls).serve(host, int(port))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:7]))
