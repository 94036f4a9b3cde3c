# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Ports of this machine: free ones, and whether a wanted one is taken."""

import contextlib
import os
import socket

from .messages import Stop

DEFAULT = 8069


def free(count=1):
    """Return as many different free ports of the loopback address."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for item in sockets:
            item.bind(("127.0.0.1", 0))
        return [item.getsockname()[1] for item in sockets]


def wanted():
    """Return the port to serve on: RD_PORT, or Odoo's usual one."""
    text = os.environ.get("RD_PORT") or str(DEFAULT)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"RD_PORT is {text!r}; give a number from 1 to 65535.")
    return int(text)


def check_free(port, host="127.0.0.1"):
    """Stop when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Stop(
                f"This user may not serve on port {port}; choose one above 1023:"
                " RD_PORT=8070."
            ) from None
        except OSError:
            raise Stop(
                f"Port {port} is taken by another program; stop that one, or choose"
                f" another port: RD_PORT={port + 1}."
            ) from None
