# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reading Odoo's log: what went wrong, which tests failed, what does not belong."""

import re
from typing import NamedTuple

_HEAD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+"
    r" (?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) (?P<db>\S+) (?P<logger>[^:]+): ?"
    r"(?P<text>.*)$"
)
_TOTALS = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_FAILURE = re.compile(r"^(FAIL|ERROR|Subtest|SubTest)")
_COUNTED = ("odoo.tests.result", "odoo.modules.loading", "odoo.service.server")
_BAD = ("WARNING", "ERROR", "CRITICAL")

# What stock Odoo 19 prints on such a machine with none of our add-ons:
# (logger, words of the line); each with its reason.
ALLOWED = (
    # docutils on the description of a module of Odoo's own
    ("py.warnings", "docutils"),
    # what a page was still loading when its test was over
    ("odoo.addons.", "Error received after termination"),
    # the browser of a tour is gone before its last request is answered
    ("odoo.http", "ConnectionResetError"),
    ("werkzeug", "ConnectionResetError"),
)


class Record(NamedTuple):
    """One record of the log; ``text`` may have several lines."""

    level: str
    database: str
    logger: str
    text: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.text}"


def parse(text):
    """Return the records of a log, and the lines that belong to none.

    Lines after a record's head belong to it (a traceback), so foreign output is
    only told apart before the first record and after an INFO record.
    """
    records, foreign, last = [], [], None
    for line in text.splitlines():
        match = _HEAD.match(line)
        if match:
            last = Record(match["level"], match["db"], match["logger"], match["text"])
            records.append(last)
        elif last and last.level in _BAD:
            last = records[-1] = last._replace(text=f"{last.text}\n{line}")
        else:
            foreign.append(line)
    return records, foreign


def read(log):
    """Return ``parse`` of a log file."""
    return parse(log.read_text(encoding="utf-8", errors="replace"))


def errors(log):
    """Return the records with a level of ERROR or worse."""
    return [r for r in read(log)[0] if r.level in ("ERROR", "CRITICAL")]


def is_failure(record):
    """Tell whether a record reports a failed test or counts failed ones."""
    if record.level not in _BAD:
        return False
    if ".tests" in record.logger and _FAILURE.match(record.text):
        return True
    return record.logger.startswith(_COUNTED) and (
        "failed" in record.text or "failures" in record.text
    )


def failures(records):
    """Return the records that report a failed test, with their traceback."""
    return [r for r in records if is_failure(r) and not r.logger.startswith(_COUNTED)]


def unexpected(records, allowed=ALLOWED):
    """Return warnings and errors that stock Odoo does not print here."""
    return [
        record
        for record in records
        if record.level in _BAD
        and not is_failure(record)
        and not any(
            record.logger.startswith(logger) and words in record.text
            for logger, words in allowed
        )
    ]


def totals(records):
    """Return (passed, failed) of Odoo's own count, or None without a count."""
    found = None
    for record in records:
        match = _TOTALS.search(record.text)
        if match and record.logger == "odoo.tests.result":
            failed = int(match[1]) + int(match[2])
            found = (max(int(match[3]) - failed, 0), failed)
    return found
