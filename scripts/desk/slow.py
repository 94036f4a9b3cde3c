# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""scripts/rd slow [--answers MS] [--frames MS] [ADDON…]: the tours on a slow machine.

Each answer of the server comes up to so many milliseconds late, each time another
number of them, and each picture of the page so many. A tour that looks too early, or
ends before the server has done what it was asked for, fails here by day and not in
somebody's run on a busy machine.
"""

import argparse
import os

from . import paths, setup, suites
from .messages import say

_RUNNER = paths.SCRIPTS / "desk" / "slow_runner.py"
_ANSWERS, _FRAMES = 1200, 0


def main(arguments=()):
    """Run the tours slowly; return 1 if one fails."""
    parser = argparse.ArgumentParser(prog="scripts/rd slow")
    parser.add_argument(
        "addons", nargs="*", metavar="ADDON", help="all if none is named"
    )
    parser.add_argument("--answers", type=int, default=_ANSWERS)
    parser.add_argument("--frames", type=int, default=_FRAMES)
    options = parser.parse_intermixed_args(list(arguments))
    setup.prepare()
    addons = options.addons or paths.OUR_ADDONS
    passed, failed = walk(addons, options.answers, options.frames)
    say(f"{passed} passed, {len(failed)} failed")
    for name in failed:
        say(f"    {name}")
    return 1 if failed else 0


def walk(addons=paths.OUR_ADDONS, answers=_ANSWERS, frames=_FRAMES):
    """Run the tours of these add-ons, answers and frames so many milliseconds late.

    :return: the number of tests that passed, and the names of those that did not
    """
    os.environ.update(RD_SLOW_ANSWERS=str(answers), RD_SLOW_FRAMES=str(frames))
    tags = [f"/{file.relative_to(paths.ADDONS)}" for file in tour_files(addons)]
    return suites.run_odoo(tags, "slow", paths.LOG / "slow.log", _RUNNER)


def tour_files(addons):
    """Return the test files of these add-ons that walk through the browser."""
    files = [
        file for addon in addons for file in (paths.ADDONS / addon).glob("tests/*.py")
    ]
    return sorted(file for file in files if ".start_tour(" in file.read_text("utf-8"))
