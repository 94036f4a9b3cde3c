# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The commands of ``scripts/rd``; the Makefile's targets call them."""

import importlib
import signal
import sys

from . import odoo_run
from .messages import Stop, say

COMMANDS = {
    "setup": "setup",
    "demo": "demo",
    "test": "tests",
    "test-nightly": "tests",
    "serve": "serve",
    "stop": "serve",
    "lint": "lint",
    "accuracy": "accuracy",
    "core": "core_suites",
    "faults": "faults",
    "coverage": "covered",
    "mutants": "mutants",
    "flaky": "flaky",
    "slow": "slow",
    "bench": "bench",
    "bench-full": "bench",
    "shell": "shell",
    "i18n": "i18n",
    "readme": "readme",
    "screenshots": "screenshots",
    "dev": "try_it",
    "clean": "clean",
    "clean-all": "clean",
}


def main(arguments):
    """Run one command; return the exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        say(f"usage: scripts/rd {{{','.join(COMMANDS)}}}")
        return 2
    name, *rest = arguments
    module = importlib.import_module(f".{COMMANDS[name]}", __package__)
    function = getattr(module, name.replace("-", "_"), None) or module.main
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        return function(rest) or 0
    except Stop as stop:
        print(f"error: {stop}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def _interrupt(number, frame):
    """End what runs in other threads too, then leave in good order."""
    odoo_run.kill_running()
    raise KeyboardInterrupt
