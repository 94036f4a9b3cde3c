# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One HTML document → one PDF, through a headless Chromium."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

# Below Odoo's own limit for a request (limit_time_real, 120 s).
TIMEOUT = 110

NAMES = ("chromium", "chromium-browser", "google-chrome")

# The document brings everything it needs: nothing is looked up, no host reached.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--disable-pdf-tagging",
)


class ChromiumError(Exception):
    """Chromium made no PDF; the message is what it said last."""


def find_chromium():
    """Return the path of Chromium, or None.

    ``RD_CHROMIUM`` names it; empty, it says that there is none to be used.
    """
    given = os.environ.get("RD_CHROMIUM")
    if given is not None:
        return shutil.which(given) if given else None
    return next(filter(None, map(shutil.which, NAMES)), None)


def html_to_pdf(html, browser, timeout=TIMEOUT):
    """Return the PDF of one self-contained HTML document.

    Every call has a folder of its own, which is removed whatever happens, so
    any number of them may run at the same time.

    :param str html: the document; it must not need anything outside itself
    :param str browser: path of Chromium
    :raise ChromiumError: when no PDF was made in time
    """
    with tempfile.TemporaryDirectory(
        prefix="rd_print.", ignore_cleanup_errors=True
    ) as folder:
        source, target, words = (
            Path(folder, name) for name in ("in.html", "out.pdf", "stderr")
        )
        source.write_text(html, encoding="utf-8")
        try:
            _run(_command(browser, folder, source, target), words, timeout)
        except OSError as error:
            raise ChromiumError(str(error)) from error
        if not target.is_file() or not target.stat().st_size:
            raise ChromiumError(words.read_text(errors="replace").strip()[-500:])
        return target.read_bytes()


def _command(browser, folder, source, target):
    return [
        *_unlimited_memory(),
        browser,
        *FLAGS,
        f"--user-data-dir={folder}/profile",
        f"--print-to-pdf={target}",
        source.as_uri(),
    ]


def _unlimited_memory():
    """Return the prefix that lifts the address space limit Odoo's workers have.

    Chromium reserves far more addresses than it uses and dies at its start when
    it inherits ``limit_memory_hard``.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    tool = shutil.which("prlimit")
    if soft == hard or not tool:
        return []
    return [tool, f"--as={'unlimited' if hard == resource.RLIM_INFINITY else hard}:"]


def _run(command, words, timeout):
    """Run the command in a session of its own and wait for it."""
    with (
        words.open("wb") as stderr,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        ) as process,
    ):
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise ChromiumError(f"not finished after {timeout} s") from None
        finally:
            # No child may outlive its folder; most times all are gone by now.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
