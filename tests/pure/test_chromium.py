# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A page becomes a PDF or a plain error, whatever the browser does."""

import os
import resource
import time
from pathlib import Path

import alone
import pytest

# What stands in for Chromium finds out where the PDF is to go.
TARGET = 'for one; do case "$one" in --print-to-pdf=*) to="${one#*=}";; esac; done\n'


chromium = alone.load("rd_sales_admin/tools/chromium.py")


@pytest.fixture
def make_browser(tmp_path):
    """Return ``make(script)``: the path of a program that stands in for Chromium."""

    def make(script):
        program = tmp_path / "browser"
        program.write_text(f"#!/bin/sh\n{TARGET}{script}\n")
        program.chmod(0o755)
        return str(program)

    return make


def test_the_page_is_printed(make_browser):
    browser = make_browser('for page; do :; done; cat "${page#file://}" > "$to"')
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
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    browser = make_browser(f'sleep 60 > "{pipe}" & wait')
    with pytest.raises(chromium.ChromiumError, match=r"not finished after 0\.5 s"):
        chromium.html_to_pdf("<p></p>", browser, timeout=0.5)
    # a pipe ends with the last who could write into it
    os.set_blocking(reader, True)
    begun = time.monotonic()
    assert os.read(reader, 1) == b""
    assert time.monotonic() - begun < 30
    os.close(reader)


def test_the_browser_has_all_the_addresses_there_are(make_browser):
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    free = hard == resource.RLIM_INFINITY
    browser = make_browser('ulimit -v > "$to"')
    lower = 1 << 40 if free else hard - (1 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (lower, hard))
    try:
        told = chromium.html_to_pdf("<p></p>", browser).decode().strip()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert told == ("unlimited" if free else str(hard >> 10))


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
