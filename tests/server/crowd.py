# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Several people who act on one server at the same moment, and what they are told."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from desk import rpc

_RAW = re.compile(
    r"constraint|serialize|deadlock|duplicate key|traceback|psycopg|relation|odoo\.",
    re.IGNORECASE,
)

# the second is the server's own answer to a broken index, with our sentence in it
_PLAIN = ("odoo.exceptions.UserError", "odoo.exceptions.ValidationError")


def check_plain(text):
    """Assert that a refusal is one plain sentence."""
    assert text.strip() and not _RAW.search(text), text
    assert len(text) < 400 and "\n" not in text.strip(), text


def at_once(calls):
    """Run functions that start at the same moment; return their answers in order.

    A refusal comes back as its sentence in a ``Refused``; an answer that is neither
    a result nor one plain sentence fails the test.
    """
    barrier = threading.Barrier(len(calls))

    def one(call):
        barrier.wait(60)
        return answer_of(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def answer_of(call):
    """Return what a call comes to, or the ``Refused`` that it was told."""
    try:
        answer = call()
    except rpc.RpcError as error:
        assert error.name in _PLAIN, (error.name, error.debug)
        answer = {"error": str(error)}
    if isinstance(answer, dict) and "error" in answer:
        check_plain(answer["error"])
        return Refused(answer["error"])
    return answer


class Refused(str):
    """The plain sentence that somebody was told instead of a result."""


class Crowd:
    """Signed-in clerks who start at the same moment."""

    def __init__(self, server, count):
        self.sessions = [
            rpc.Session(server.url, server.database, f"clerk{number % 8 + 1}")
            for number in range(count)
        ]
        self.slowest = 0.0

    def call(self, model, method, arguments):
        """Let each user call ``method`` with his arguments; return the refusals."""

        def press(session, mine):
            start = time.monotonic()
            try:
                return session.call(model, method, *mine)
            finally:
                self.slowest = max(self.slowest, time.monotonic() - start)

        calls = [
            lambda session=session, mine=mine: press(session, mine)
            for session, mine in zip(self.sessions, arguments, strict=True)
        ]
        return [answer for answer in at_once(calls) if isinstance(answer, Refused)]
