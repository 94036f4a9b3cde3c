# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Several connections at once on one return, on a server with several workers.

A customer presses twice, two of its people ask for the same last pieces, and the
desk presses one button from several places.
"""

import re
import urllib.request
import uuid
from pathlib import Path

import pytest
from desk import rpc
from server.crowd import Crowd, at_once, check_plain

pytestmark = pytest.mark.server

WORLD = Path(__file__).parent / "returns_world.py"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
_ASKED = """
    SELECT record.id, COUNT(DISTINCT line.id), SUM(line.quantity) / COUNT(*)
      * COUNT(DISTINCT line.id), COUNT(DISTINCT photo.attachment_id)
      FROM rd_return record
      JOIN rd_return_line line ON line.return_id = record.id
      LEFT JOIN rd_return_photo_rel photo ON photo.return_id = record.id
     GROUP BY record.id ORDER BY record.id
"""


@pytest.fixture(scope="session")
def invited(make_template, world):
    """The desk with two people of one affiliate on the portal."""
    return make_template("invited", WORLD, source=world)


@pytest.fixture
def served(make_database, invited, start_server):
    """A server with several workers on a fresh copy, and its database."""
    database = make_database(invited)
    return start_server(database, workers=4), database


class Page:
    """The form as one browser shows it; it can be sent as often as one presses."""

    def __init__(self, server, database, login):
        self.session = rpc.Session(server.url, database, login)
        status, body = self.session.get("/my/returns/new")
        assert status == 200
        self.text = body.decode()
        self.hidden = {
            name: re.search(rf'name="{name}"\s+value="([^"]+)"', self.text)[1]
            for name in ("csrf_token", "key")
        }

    def submit(self, fields, photos=()):
        """Return a call that sends the form and gives back the page it leads to."""
        boundary = uuid.uuid4().hex
        body = b"".join(
            [
                *(
                    _part(boundary, f'name="{name}"', str(value).encode())
                    for name, value in {**self.hidden, **fields}.items()
                ),
                *(
                    _part(boundary, f'name="photos"; filename="{name}"', data)
                    for name, data in photos
                ),
                f"--{boundary}--\r\n".encode(),
            ]
        )
        kind = f"multipart/form-data; boundary={boundary}"

        def send():
            # a request remembers where it was led to: each call takes one of its own
            url = f"{self.session.url}/my/returns/request"
            return self.session.open(
                urllib.request.Request(url, body, {"Content-Type": kind})
            )

        return send


def _part(boundary, name, data):
    head = f"--{boundary}\r\nContent-Disposition: form-data; {name}\r\n\r\n"
    return head.encode() + data + b"\r\n"


def goods_of(query, database):
    """Return one delivered line of Affiliate 1, its quantity and a reason."""
    (move,) = query(
        database,
        """
        SELECT move.id, move.quantity FROM stock_move move
          JOIN stock_picking picking ON picking.id = move.picking_id
          JOIN product_product part ON part.id = move.product_id
         WHERE picking.rd_note = 'DN-1-1' AND part.default_code = 'P-100'
        """,
    )
    ((reason,),) = query(database, "SELECT MIN(id) FROM rd_return_reason")
    return *move, reason


def error_of(body):
    """Return the sentence of a page that refuses."""
    found = re.search(r'role="alert">([^<]+)<', body.decode())
    assert found, body.decode()[:2000]
    check_plain(found[1])
    return found[1]


def test_one_page_sent_eight_times_at_once_asks_once(served, query):
    server, database = served
    move, _quantity, reason = goods_of(query, database)
    page = Page(server, database, "buyer1")
    photos = [("a.png", PNG), ("b.png", PNG)]
    fields = {f"quantity_{move}": 4, "reason": reason}
    answers = at_once([page.submit(fields, photos)] * 8)
    rows = query(database, _ASKED)
    assert [row[1:] for row in rows] == [(1, 4, 2)]
    ((number, name),) = query(database, "SELECT id, name FROM rd_return")
    assert [status for status, _body in answers] == [200] * 8
    assert all(name in body.decode() for _status, body in answers)
    told = query(
        database,
        "SELECT COUNT(*) FROM mail_activity WHERE res_model = 'rd.return'"
        " AND res_id = %s",
        number,
    )
    assert told == [(1,)]


def test_two_people_ask_for_the_same_last_pieces(served, query):
    server, database = served
    move, quantity, reason = goods_of(query, database)
    pages = [Page(server, database, login) for login in ("buyer1", "buyer2")] * 2
    fields = {f"quantity_{move}": quantity - 1, "reason": reason}
    calls = [
        Page(server, database, page.session.info["username"]).submit(fields)
        for page in pages
    ]
    answers = at_once(calls)
    rows = query(database, _ASKED)
    assert [row[1:3] for row in rows] == [(1, quantity - 1)]
    ((name,),) = query(database, "SELECT name FROM rd_return")
    lost = [body for _status, body in answers if name not in body.decode()]
    assert len(lost) == 3
    assert all("only 1" in error_of(body) for body in lost)
    noted = query(
        database, "SELECT rd_return_quantity FROM stock_move WHERE id = %s", move
    )
    assert noted == [(quantity - 1,)]


def test_eight_decide_one_return_at_once(served, query):
    server, database = served
    move, _quantity, reason = goods_of(query, database)
    page = Page(server, database, "buyer1")
    page.submit({f"quantity_{move}": 4, "reason": reason})()
    ((record, line),) = query(database, "SELECT return_id, id FROM rd_return_line")
    crowd = Crowd(server, 8)
    clerk = crowd.sessions[0]
    crowd.call("rd.return", "action_accept", [[[record]]] * 8)
    clerk.call("rd.return", "write", [record], {"inspection": "Thread is short"})
    crowd.call("rd.return", "action_inspect", [[[record]]] * 8)
    clerk.call("rd.return.line", "write", [line], {"disposition": "credit"})
    crowd.call("rd.return", "action_settle", [[[record]]] * 8)
    states = query(database, "SELECT state, answered_date IS NULL FROM rd_return")
    assert states == [("settled", False)]
    backs = query(
        database,
        """
        SELECT back.quantity, back.state FROM stock_move back
         WHERE back.origin_returned_move_id = %s AND back.state <> 'cancel'
        """,
        move,
    )
    assert backs == [(4, "done")], "the goods came back once"
