# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The smallest reverse proxy that a server with workers needs on one machine.

Odoo with workers answers pages on one port and live messages (web socket) on
another; a browser must see one address. A site puts its own web server here.
Run as: ``python proxy.py HOST PORT HTTP_PORT GEVENT_PORT``.
"""

import asyncio
import contextlib
import sys

_HEAD_LIMIT = 64 * 1024
_HEAD_SECONDS = 60
_DOWN = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nRetry-After: 2\r\n"
    b"Connection: close\r\n\r\nThe server is starting; try again in a moment.\n"
)
# what the client may not say for itself, and what concerns one connection only
_REPLACED = (b"connection", b"keep-alive", b"x-forwarded-", b"x-real-ip", b"forwarded")


def rewrite(head, client):
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
        b"X-Forwarded-Proto: " + (b"https" if proto == b"https" else b"http"),
    ]
    return b"\r\n".join(kept) + b"\r\n\r\n", upgrade


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

    def __init__(self, http_port, gevent_port):
        self.http_port = http_port
        self.gevent_port = gevent_port

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
        client = writer.get_extra_info("peername")[0]
        try:
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.write(_DOWN)
            await writer.drain()
            return
        back_writer.write(rewrite(head, client)[0])
        upwards = asyncio.create_task(_pump(reader, back_writer))
        await _pump(back_reader, writer)
        upwards.cancel()
        await _close(back_writer)


async def main(host, port, http_port, gevent_port):
    """Serve until the process is ended."""
    proxy = Proxy(int(http_port), int(gevent_port))
    server = await asyncio.start_server(
        proxy.handle, host, int(port), limit=_HEAD_LIMIT
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:5]))
