# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every page of the desk on a phone, as the person whose page it is.

A browser of 390 × 844 opens each entry of the desk's menus and the form of its first
and last record, and each kind of page of the portal. On each it looks for what is
wider than the screen, and asks axe-core for what is serious in what is ours: what
Odoo's own components draw is named, with its reason, in ``walk_screens.js``. A page
that two roles share is looked through once, and for the second one as a list.
"""

import importlib.util
import json
import re
from pathlib import Path

import pytest
import screenshots
from desk import paths, server

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(1800)]
_PHONE = (390, 844, True)
_PASSWORD = "demo"
_DESK = ("clerk", "supervisor", "finance", "warehouse", "floor", "sales")
_PORTAL = ("a02-finance", "a06-purchasing")
_WALK = Path(__file__).with_name("walk_screens.js").read_text("utf-8")
_HOME = ".o_web_client .o_action_manager > *"
_MENUS = (
    "fetch('/web/webclient/load_menus?phone', {cache: 'no-store'}).then(r => r.json())"
)
_LINKS = (
    "[...document.querySelectorAll('#wrap a[href]')].map(a => a.getAttribute('href'))"
)
# the portal's other pages are Odoo's own
_ODOOS = (
    "account|address(es)?|security|home|orders|quotes|invoices|payment_method"
    "|projects?|tasks?"
)
_PORTAL_PAGE = re.compile(rf"^/my/(?!({_ODOOS})(/|$))[\w/-]+$")
_IS_PAGE = "fetch(%s).then(r => r.ok && r.headers.get('content-type').includes('html'))"


def _axe():
    """Return axe-core; the package that brings it is not imported (no playwright)."""
    folder = importlib.util.find_spec("axe_playwright_python").origin
    return Path(folder).with_name("axe.min.js").read_text("utf-8")


class Phone:
    """A browser of a phone's size that walks through the pages of one person."""

    def __init__(self, browser, url, database):
        self.browser = browser
        self.url = url
        self.database = database
        self.scripts = (_axe(), _WALK)
        self.seen = set()

    def sign_in(self, login):
        session = screenshots.Server(self.url, self.database, login, _PASSWORD)
        self.browser.sign_in(session, None)

    def open(self, path, ready):
        self.browser.open(self.url + path, ready)
        for script in self.scripts:
            self.ask(f"{script};0")

    def ask(self, expression):
        """Evaluate a promise; return its value."""
        answer = self.browser.call(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            what = details.get("exception", {}).get("description") or details["text"]
            raise AssertionError(what[:1500])
        return answer["result"].get("value")

    def walk_desk(self, login):
        """Return what was seen on every entry of the desk's menus."""
        self.sign_in(login)
        self.open("/odoo", _HOME)
        pages = []
        for action in _entries(self.ask(_MENUS)):
            fresh = action not in self.seen
            self.seen.add(action)
            options = json.dumps({"axe": fresh, "forms": fresh})
            try:
                pages += self.ask(f"rdWalk.action({action}, {options})")
            except AssertionError as error:
                told = {"where": f"action {action}", "wide": [], "serious": []}
                pages.append({**told, "error": str(error)})
                self.open("/odoo", _HOME)
        return [{**page, "login": login} for page in pages]

    def walk_portal(self, login):
        """Return what was seen on each kind of page that the portal links to."""
        self.sign_in(login)
        waiting, kinds, pages = ["/my"], set(), []
        while waiting:
            path = waiting.pop(0)
            kind = re.sub(r"\d+", "N", path)
            if kind in kinds:
                continue
            kinds.add(kind)
            if pages and not self.ask(_IS_PAGE % json.dumps(path)):
                continue  # a paper to download
            self.open(path, "#wrap")
            options = json.dumps({"axe": path != "/my"})  # the first one is Odoo's
            pages.append(self.ask(f"rdWalk.look({json.dumps(path)}, {options})"))
            links = (link.partition("?")[0] for link in self.ask(_LINKS))
            waiting += [link for link in links if _PORTAL_PAGE.match(link)]
        return [{**page, "login": login} for page in pages]


def _entries(menus):
    """Return the actions of the desk's menus, each once, in their order."""
    found, waiting = {}, list(menus["root"]["children"])
    while waiting:
        menu = menus[str(waiting.pop(0))]
        waiting = menu["children"] + waiting
        if (menu["xmlid"] or "").startswith("rd_") and menu["actionID"]:
            found[menu["actionID"]] = None
    return list(found)


@pytest.fixture(scope="module")
def phone(cluster, demo):
    """A phone in front of the demo company's server."""
    with server.Server(cluster, demo[0], workers=2) as one:
        with screenshots.Browser() as browser:
            browser.resize(*_PHONE)
            yield Phone(browser, one.url, demo[0])


@pytest.fixture(scope="module")
def pages(phone):
    """What was seen on every page, as every person."""
    seen = [page for login in _DESK for page in phone.walk_desk(login)]
    seen += [page for login in _PORTAL for page in phone.walk_portal(login)]
    paths.LOG.mkdir(parents=True, exist_ok=True)
    (paths.LOG / "phone.json").write_text(
        json.dumps(seen, ensure_ascii=False, indent=1)
    )
    return seen


def _told(pages, key):
    """Return what was found, each finding once, with where and as whom."""
    found = {}
    for page in pages:
        for what in [page[key]] if isinstance(page[key], str) else page[key]:
            found.setdefault(what, f"{page['where']} ({page['login']}): {what}")
    return [text for what, text in found.items() if what]


def test_every_person_was_somewhere(pages):
    counts = {
        login: sum(page["login"] == login for page in pages)
        for login in (*_DESK, *_PORTAL)
    }
    assert all(count >= 3 for count in counts.values()), counts
    assert counts["clerk"] > 200, counts


def test_nothing_scrolls_sideways(pages):
    assert _told(pages, "wide") == []


def test_axe_finds_nothing_serious(pages):
    assert _told(pages, "serious") == []


def test_no_page_ends_in_an_error(pages):
    assert _told(pages, "error") == []


def test_what_is_wrong_is_found(phone, pages):
    """A table too wide, and a button without a name, put onto a page of ours."""
    phone.sign_in("clerk")
    phone.open("/odoo/cockpit", ".o_rd_cockpit")
    phone.ask(
        "document.querySelector('.o_rd_cockpit').insertAdjacentHTML('beforeend',"
        '\'<div style="overflow-x:auto"><p style="width:900px">x</p></div>'
        '<button class="o_rd_planted"></button>\')'
    )
    page = phone.ask("rdWalk.look('planted', {axe: true})")
    assert any("scrolls" in what for what in page["wide"])
    assert any("button-name" in what for what in page["serious"])
