# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The desk of answers_world.py on a server: its statements and who acts on them."""

import re

from desk import rpc

AFFILIATES = range(1, 7)
_STATEMENTS = """
    SELECT statement.id, statement.revision, statement.content_hash
      FROM rd_statement statement
      JOIN res_partner partner ON partner.id = statement.partner_id
     WHERE partner.name = ANY(%s) ORDER BY statement.date_to, partner.name
"""
_BLOCKED = """
    SELECT COUNT(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Scene:
    """One desk, its statements and the people who act on them."""

    def __init__(self, server, database, query):
        self.server = server
        self.database = database
        self._query = query
        self.clerk = self.sign_in("clerk1")
        ids = self.statements()
        self.first = ids[:6]  # of the oldest month, affiliate 1 to 6

    def query(self, statement, *parameters):
        return self._query(self.database, statement, *parameters)

    def sign_in(self, login):
        return rpc.Session(self.server.url, self.database, login)

    def statements(self):
        names = [f"Affiliate {number}" for number in AFFILIATES]
        return [row[0] for row in self.query(_STATEMENTS, names)]

    def seen(self, statement):
        """Return what the page of a statement posts with every act."""
        ((revision, content_hash),) = self.query(
            "SELECT revision, content_hash FROM rd_statement WHERE id = %s", statement
        )
        return {"revision": revision, "content_hash": content_hash}

    def blocked(self):
        """Return how many transactions wait for a row or a lock."""
        return self.query(_BLOCKED)[0][0]

    def press(self, method, ids, *arguments):
        return self.clerk.call("rd.statement", method, ids, *arguments)

    def take_back(self, ids):
        """Ask to take statements back; return the approvals that wait."""
        self.press("action_ask_reopen", ids, "Prices were wrong.")
        rows = self.query(
            "SELECT res_id, id FROM rd_approval WHERE state = 'waiting'"
            " AND kind = 'reopen'"
        )
        return dict(rows)

    def one(self, statement, parameter):
        ((value,),) = self.query(statement, parameter)
        return value


def stamps(session, statement):
    """Return ``{line: stamp}`` of the page that a person of the affiliate sees."""
    status, page = session.get(f"/my/statements/{statement}")
    assert status == 200
    found = re.findall(r'data-id="(\d+)"\s+data-stamp="(\w+)"', page.decode())
    assert found, "the page shows the lines"
    return {int(line): stamp for line, stamp in found}


def confirm(session, statement, seen, **values):
    """Return a call that confirms the whole statement on the portal."""
    return lambda: session.post(f"/my/statements/{statement}/confirm", **seen, **values)


def agree_line(session, statement, seen, line, stamp):
    """Return a call that agrees to one line on the portal."""
    values = {**seen, "stamp": stamp, "decision": "confirmed"}
    return lambda: session.post(f"/my/statements/{statement}/line/{line}", **values)
