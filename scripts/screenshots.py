#!/usr/bin/env python3
# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Pictures of the main screens, taken by a headless Chromium from a running server.

    scripts/screenshots.py [--url URL] [--database NAME] [--login NAME]
        [--password WORD] [--out FOLDER] [--lang zh_CN] [--only NAME …]

Each screen is one entry of SHOTS: where it is, what has to be there before the
picture is taken, and what is clicked first. ``make screenshots`` calls this.
"""

import argparse
import base64
import contextlib
import http.cookiejar
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import websocket

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"desktop": (1440, 900, False), "phone": (390, 844, True)}
TIMEOUT = 60
ZONE = "Asia/Shanghai"


class Shot(NamedTuple):
    """One picture of one screen, at every size."""

    name: str
    path: str
    """Below ``/odoo``, or from the root on; ``{id}`` is what ``record`` finds."""
    ready: str
    """CSS selector of what has to be there."""
    record: tuple = ()
    """``(model, [domain, …], order)``: the first domain that finds one wins."""
    clicks: tuple = ()
    """CSS selectors clicked one after the other before the picture."""
    sizes: tuple = ("desktop", "phone")
    login: str = ""
    """Whose screen it is, where it is not that of the one who is asked for."""
    lang: str = ""
    """The language that the user reads while it is taken; empty: the user's own."""


_OPEN = ("draft", "sent", "confirmed", "disputed")
SHOTS = [
    Shot("cockpit", "cockpit", ".o_rd_affiliate", login="clerk"),
    Shot(
        "cockpit-supervisor",
        "cockpit",
        ".o_rd_cockpit [data-section='health']",
        login="supervisor",
    ),
    *(
        Shot(f"cockpit-{role}", "cockpit", ".o_rd_section", login=role)
        for role in ("finance", "warehouse", "floor", "auditor")
    ),
    Shot(
        "first-day",
        "first-day",
        ".o_rd_first_day [data-kind]",
        login="clerk",
        lang="en_US",
    ),
    Shot(
        "list-taken-over",
        "lists-taken-over/{id}",
        ".o_notebook .o_data_row, .o_notebook .o_kanban_record",
        (
            "rd.intake",
            [
                [["state", "=", "checked"]],
                [["row_ids.verdict", "=", "mend"], ["kind", "=", "alias"]],
                [["row_ids", "!=", False]],
            ],
            "id desc",
        ),
        login="clerk",
    ),
    Shot("runs-by-itself", "runs-by-itself", ".o_data_row, .o_kanban_record"),
    Shot("frozen-months", "frozen-months", ".o_data_row, .o_kanban_record"),
    Shot("months", "months", ".o_kanban_record:not(.o_kanban_ghost)"),
    Shot(
        "month",
        "months/{id}",
        ".o_rd_step_board tbody tr",
        (
            "rd.close",
            [
                [["state", "=", "open"], ["step_ids.state", "=", "done"]],
                [["step_ids", "!=", False]],
            ],
            "month desc",
        ),
    ),
    Shot(
        "waiting-for",
        "waiting-for",
        ".o_view_controller .o_group_header, .o_kanban_record",
    ),
    Shot("exception-desk", "exceptions", ".o_rd_desk_row"),
    Shot(
        "exception",
        "exceptions",
        ".o_rd_desk_open .o_rd_desk_reason",
        clicks=(".o_rd_desk_row",),
        sizes=("phone",),
    ),
    Shot(
        "exception-question",
        "exceptions",
        ".o_dialog .o_rd_desk_question",
        clicks=(".o_rd_desk_row", ".o_rd_desk_actions [data-action=dispute]"),
        sizes=("phone",),
    ),
    Shot(
        "difference",
        "differences/{id}",
        ".o_rd_sides",
        (
            "rd.difference",
            [
                [["state", "=", "open"], ["code", "=", "quantity_short"]],
                [["state", "=", "open"], ["match_id", "!=", False]],
                [],
            ],
            "id",
        ),
    ),
    Shot(
        "statement-balance",
        "statements/{id}",
        ".o_rd_account [data-side=theirs] tfoot",
        (
            "rd.statement",
            [[["ledger_ids.entry_ids", "!=", False]], []],
            "date_to desc, partner_id desc",
        ),
        clicks=(".o_notebook .nav-link[name=account]",),
    ),
    Shot(
        "exception-account",
        "exceptions",
        ".o_rd_desk_open .o_rd_desk_reason, .o_rd_desk_card",
        clicks=(".o_rd_desk_row",),
    ),
    Shot("statements", "statements", ".o_group_header, .o_data_row, .o_kanban_record"),
    Shot(
        "statement",
        "statements/{id}",
        ".o_form_view .o_notebook .o_data_row, .o_notebook .o_kanban_record",
        (
            "rd.statement",
            [
                [
                    ["state", "in", _OPEN],
                    ["difference_ids.state", "=", "open"],
                    ["ledger_ids", "!=", False],
                ],
                [["state", "in", _OPEN]],
                [],
            ],
            "id desc",
        ),
    ),
    Shot(
        "statement-lines",
        "statements/{id}",
        ".o_notebook .tab-pane.active .o_data_row, .o_notebook .o_kanban_record",
        ("rd.statement", [[["state", "in", ("invoiced", "closed")]], []], "id desc"),
        (".o_notebook .nav-link[name='lines']",),
    ),
    Shot("shipping-lists", "shipping-lists", ".o_data_row, .o_kanban_record"),
    Shot(
        "shipping-list",
        "shipping-lists/{id}",
        ".o_notebook .o_data_row, .o_notebook .o_kanban_record",
        (
            "rd.shipping.list",
            [
                [["line_ids.verdict", "=", "no_order"], ["state", "=", "checked"]],
                [["line_ids", "!=", False]],
            ],
            "id desc",
        ),
    ),
    Shot("signatures", "signatures", ".o_data_row, .o_kanban_record"),
    Shot(
        "delivery-to-sign",
        "signatures/{id}",
        ".o_rd_receipt_sign",
        ("stock.picking", [[["rd_receipt_state", "=", "waiting"]]], "date_done, id"),
    ),
    Shot("dispatched-goods", "dispatched-goods", ".o_group_header, .o_kanban_record"),
    Shot("expected-lists", "expected-lists", ".o_data_row, .o_kanban_record"),
    Shot("hand-in-list", "hand-in-list", ".o_dialog .o_field_widget, .o_form_view"),
    Shot(
        "disputed",
        "chain-disputed",
        ".o_group_header, .o_kanban_record",
        sizes=("desktop",),
    ),
    Shot("invoice-requests", "invoice-requests", ".o_data_row, .o_kanban_record"),
    Shot(
        "invoice-request",
        "invoice-requests/{id}",
        ".o_form_view .o_rd_figures",
        ("rd.invoice.request", [[["state", "=", "issued"]], []], "id"),
    ),
    Shot("tax-invoices", "tax-invoices", ".o_data_row, .o_kanban_record"),
    Shot(
        "tax-invoice",
        "tax-invoices/{id}",
        ".o_form_view .o_statusbar_status",
        ("rd.fapiao", [[["state", "=", "received"]], []], "id"),
    ),
    Shot(
        "issued-invoices",
        "issued-invoices/{id}",
        ".o_form_view .o_field_x2many",
        ("rd.fapiao.import", [[]], "id"),
    ),
    Shot("approvals", "approvals-desk", ".o_data_row, .o_kanban_record"),
    Shot(
        "portal-statement",
        "/my/statements/{id}",
        "#wrap .badge",
        ("rd.statement", [[["state", "in", _OPEN]], []], "id desc"),
        login="a06-finance",
    ),
    Shot("deputies", "deputies", ".o_data_row, .o_kanban_record"),
    Shot("sales-statistics", "sales-statistics", ".o_pivot table, .o_kanban_record"),
    Shot("cost-sheets", "cost-sheets", ".o_data_row, .o_kanban_record"),
    Shot("sales-plan", "sales-plan", ".o_data_row, .o_kanban_record"),
    Shot("work-plan", "work-plan", ".o_data_row, .o_kanban_record"),
    Shot("note-task", "note-task", ".o_dialog .o_field_widget, .o_form_view"),
    Shot(
        "task",
        "work-plan/{id}",
        ".o_form_view .o_statusbar_status",
        ("rd.work.item", [[["state", "=", "checked"]], []], "id"),
    ),
    Shot("reports-due", "reports-due", ".o_data_row, .o_kanban_record"),
    Shot(
        "report-due",
        "reports-due/{id}",
        ".o_form_view .o_field_x2many",
        ("rd.report.due", [[["version_count", ">", 1]], []], "id"),
    ),
    Shot("customer-reviews", "customer-reviews", ".o_data_row, .o_kanban_record"),
    Shot("costs", "costs", ".o_pivot table, .o_kanban_record"),
    Shot(
        "portal-review",
        "/my/review/{id}",
        ".o_rd_review",
        ("rd.customer.review", [[["contact_id.name", "ilike", "乔禾"]], []], "id"),
        login="a06-finance",
    ),
    Shot("portal-deliveries", "/my/deliveries", "#wrap", login="a02-finance"),
    Shot("order-board", "order-board", ".o_kanban_record:not(.o_kanban_ghost)"),
    Shot("late-orders", "late-orders", ".o_data_row, .o_kanban_record"),
    Shot(
        "release",
        "releases/{id}",
        ".o_form_view .o_rd_subtitle",
        ("rd.order.release", [[["state", "=", "accepted"]], []], "id desc"),
    ),
    Shot(
        "floor",
        "floor",
        ".o_rd_floor_send",
        clicks=(".o_rd_floor_order [data-stage='design']", "[data-days='7']"),
        login="floor",
    ),
    Shot("feedback", "feedback", ".o_data_row, .o_kanban_record"),
    Shot(
        "order-list",
        "order-lists/{id}",
        ".o_form_view .o_field_x2many",
        ("rd.order.list", [[]], "id desc"),
    ),
    Shot("portal-progress", "/my/progress", "#wrap", login="a02-purchasing"),
    Shot(
        "collection-plan",
        "collection-plans/{id}",
        ".o_form_view .o_field_x2many",
        (
            "rd.collection.plan",
            [[["state", "=", "approved"]], [["line_ids", "!=", False]], []],
            "month",
        ),
    ),
    Shot("customer-property", "customer-property", ".o_data_row, .o_kanban_record"),
    Shot(
        "property-card",
        "customer-property/{id}",
        ".o_form_view .o_notebook",
        ("rd.property", [[["event_ids", "!=", False]], []], "id"),
    ),
]


# ----------------------------------------------------------------------
# The server
# ----------------------------------------------------------------------
class Server:
    """A signed-in session: its cookie, and what is asked to find records."""

    def __init__(self, url, database, login, password):
        self.url = url.rstrip("/")
        self.jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar)
        )
        session = self._post(
            "/web/session/authenticate", db=database, login=login, password=password
        )
        self._user, self._lang = session["uid"], session["user_context"].get("lang")

    @property
    def cookie(self):
        return next(item.value for item in self.jar if item.name == "session_id")

    def find(self, model, domains, order):
        """Return the id of the first record of the first domain that has one."""
        for domain in domains:
            ids = self._post(
                f"/web/dataset/call_kw/{model}/search",
                model=model,
                method="search",
                args=[domain],
                kwargs={"order": order, "limit": 1},
            )
            if ids:
                return ids[0]
        return None

    @contextlib.contextmanager
    def reading(self, lang):
        """Let the user read a language; afterwards the own one again."""
        if not lang:
            yield
            return
        self._choose(lang)
        try:
            yield
        finally:
            self._choose(self._lang)

    def _choose(self, lang):
        self._post(
            "/web/dataset/call_kw/res.users/write",
            model="res.users",
            method="write",
            args=[[self._user], {"lang": lang}],
            kwargs={},
        )

    def _post(self, path, **params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "params": params}).encode()
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json"}
        )
        with self._opener.open(request, timeout=TIMEOUT) as answer:
            content = json.load(answer)
        if "error" in content:
            raise SystemExit(f"{path}: {content['error']['data']['message']}")
        return content.get("result")


# ----------------------------------------------------------------------
# The browser
# ----------------------------------------------------------------------
class Browser:
    """A headless Chromium, spoken to by its DevTools protocol.

    :param arguments: more arguments of Chromium's command line
    """

    def __init__(self, arguments=()):
        program = os.environ.get("RD_CHROMIUM") or next(
            filter(None, map(shutil.which, ("chromium", "google-chrome"))), None
        )
        if not program:
            raise SystemExit("No Chromium was found; install it or set RD_CHROMIUM.")
        self._stack = contextlib.ExitStack()
        folder = self._stack.enter_context(
            tempfile.TemporaryDirectory(prefix="rd_shots.", ignore_cleanup_errors=True)
        )
        self._process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={folder}",
                *arguments,
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(self._end)
        self._numbers = itertools.count(1)
        self._socket = websocket.create_connection(
            self._page_address(Path(folder, "DevToolsActivePort")), timeout=TIMEOUT
        )
        self.call("Page.enable")
        self.call("Network.enable")
        # the demo company's: a browser elsewhere shows another day than the desk means
        self.call("Emulation.setTimezoneOverride", timezoneId=ZONE)

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        self._stack.close()

    def _end(self):
        self._process.terminate()
        self._process.wait(10)

    def _page_address(self, note):
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if note.is_file() and (lines := note.read_text().splitlines()):
                address = f"http://127.0.0.1:{lines[0]}/json"
                with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
                    pages = [
                        item for item in json.load(answer) if item["type"] == "page"
                    ]
                if pages:
                    return pages[0]["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise SystemExit("Chromium did not start.")

    def call(self, method, **params):
        """Send a command and return its result; events in between are left."""
        number = next(self._numbers)
        self._socket.send(
            json.dumps({"id": number, "method": method, "params": params})
        )
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, expression):
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return result["result"].get("value")

    def resize(self, width, height, is_phone):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if is_phone else 1,
            mobile=is_phone,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=is_phone)

    def sign_in(self, server, lang):
        for name, value in (("session_id", server.cookie), ("frontend_lang", lang)):
            if value:
                self.call("Network.setCookie", name=name, value=value, url=server.url)

    def open(self, address, ready):
        self.call("Page.navigate", url=address)
        self.wait(ready)

    def wait(self, selector):
        """Wait until the selector is there and nothing is loading any more."""
        test = (
            f"!!document.querySelector({json.dumps(selector)})"
            " && !document.querySelector('.o_blockUI, .o_loading_indicator')"
        )
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if self.evaluate(test):
                time.sleep(0.7)
                return
            time.sleep(0.1)
        raise TimeoutError(selector)

    def click(self, selector):
        self.evaluate(f"document.querySelector({json.dumps(selector)})?.click()")
        time.sleep(0.5)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))


def take(browser, server, shot, size, folder):
    """Take one picture; return its path, or None where there is no record."""
    values = {}
    if shot.record and not (values := {"id": server.find(*shot.record)})["id"]:
        return None
    browser.resize(*SIZES[size])
    path = shot.path.format(**values)
    address = server.url + (path if path.startswith("/") else f"/odoo/{path}")
    browser.open(address, ".o_web_client" if shot.clicks else shot.ready)
    for selector in shot.clicks:
        browser.wait(selector)
        browser.click(selector)
    browser.wait(shot.ready)
    overflow = browser.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if overflow:
        print(f"  {shot.name} ({size}) is {overflow} px wider than the screen")
    path = folder / f"{shot.name}{'' if size == 'desktop' else '-' + size}.png"
    browser.picture(path)
    return path


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    env = os.environ
    port = env.get("RD_PORT") or "8069"
    parser.add_argument(
        "--url", default=env.get("RD_URL") or f"http://127.0.0.1:{port}"
    )
    parser.add_argument("--database", default=env.get("RD_DATABASE") or "rd_demo")
    parser.add_argument("--login", default=env.get("RD_LOGIN") or "clerk")
    parser.add_argument("--password", default=env.get("RD_PASSWORD") or "demo")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--lang", help="language of the screens, for example zh_CN")
    parser.add_argument("--only", nargs="*", help="names of screens to take")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    missed = 0
    with Browser() as browser:
        servers = {}
        for shot in SHOTS:
            if options.only and shot.name not in options.only:
                continue
            login = shot.login or options.login
            if login not in servers:
                servers[login] = Server(
                    options.url, options.database, login, options.password
                )
            server = servers[login]
            browser.sign_in(server, options.lang)
            for size in shot.sizes:
                try:
                    with server.reading(shot.lang):
                        path = take(browser, server, shot, size, options.out)
                except TimeoutError as error:
                    print(f"{shot.name} ({size}): {error} did not appear")
                    browser.picture(options.out / f"{shot.name}-{size}-missed.png")
                    missed += 1
                    continue
                print(path or f"{shot.name}: no such record on this server")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
