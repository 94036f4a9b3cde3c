# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A page becomes a PDF or a plain error, whatever the browser does."""

import importlib.util
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "addons/rd_sales_admin/tools/chromium.py"
# What stands in for Chromium finds out where the PDF is to go.
TARGET = 'for one; do case "$one" in --print-to-pdf=*) to="${one#*=}";; esac; done\n'


def _load():
    """Load the file itself: the package around it needs Odoo."""
    spec = importlib.util.spec_from_file_location("rd_chromium", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


chromium = _load()


@pytest.fixture
def make_browser(tmp_path):
    """Return ``make(script)``: the path of a program that stands in for Chromium."""

    def make(script):
        program = tmp_path / "browser"
        program.write_text(f"#!/bin/sh\n{TARGET}{script}\n")
        program.chmod(0o755)
        return str(program)

    return make


@pytest.mark.parametrize("path", [None, "/nowhere"], ids=["prlimit", "no prlimit"])
def test_the_page_is_printed(make_browser, monkeypatch, path):
    browser = make_browser('for page; do :; done; /bin/cat "${page#file://}" > "$to"')
    if path:
        monkeypatch.setenv("PATH", path)
    assert chromium.html_to_pdf("<p>汉字</p>", browser) == "<p>汉字</p>".encode()


def test_an_empty_pdf_is_none(make_browser):
    browser = make_browser('echo "no fonts" >&2; : > "$to"')
    with pytest.raises(chromium.ChromiumError, match="no fonts"):
        chromium.html_to_pdf("<p></p>", browser)


def test_what_cannot_be_started_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(chromium.ChromiumError, match="/nowhere/chromium"):
        chromium.html_to_pdf("<p></p>", "/nowhere/chromium")


def test_what_does_not_end_is_ended_with_its_children(make_browser, tmp_path):
    mark = tmp_path / "child"
    browser = make_browser(f'sleep 60 & echo $! > "{mark}"; wait')
    with pytest.raises(chromium.ChromiumError, match=r"not finished after 0\.5 s"):
        chromium.html_to_pdf("<p></p>", browser, timeout=0.5)
    child = Path("/proc", mark.read_text().strip(), "status")
    # killed at once; whoever inherits it may not have asked for it yet
    assert not child.exists() or "(zombie)" in child.read_text()


def test_the_browser_is_named_or_found(make_browser, monkeypatch, tmp_path):
    browser = make_browser("")
    monkeypatch.setenv("RD_CHROMIUM", browser)
    assert chromium.find_chromium() == browser
    monkeypatch.setenv("RD_CHROMIUM", "")
    assert chromium.find_chromium() is None
    monkeypatch.delenv("RD_CHROMIUM")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.find_chromium() is None
    Path(browser).rename(tmp_path / "google-chrome")
    assert chromium.find_chromium() == str(tmp_path / "google-chrome")
