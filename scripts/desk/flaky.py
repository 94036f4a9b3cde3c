# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""scripts/rd flaky [TIMES] [--seed N] [ADDON | FILE…]: the tests in random order.

The tests of pure Python (or some files of them) run so many times, each time in
another order. With an add-on it is Odoo's tests of it: the classes in random order,
and the tests of each class. What fails is named with its seed, by which the order can
be had again: ``pytest tests/pure --shuffle SEED``, ``scripts/rd flaky 1 --seed SEED``.
"""

import argparse
import datetime
import os
import random
import time

from . import paths, setup, suites
from .messages import say

_RUNNER = paths.SCRIPTS / "desk" / "flaky_runner.py"
_PURE = "tests/pure"
# how many orders a night tries: of the pure tests, and of the night's add-on
_NIGHT = (20, 2)


def main(arguments=()):
    """Run the tests in several orders; return 1 if one fails in any of them."""
    parser = argparse.ArgumentParser(prog="scripts/rd flaky")
    parser.add_argument("times", nargs="?", type=int, default=20)
    parser.add_argument("what", nargs="*", default=[_PURE])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_intermixed_args(list(arguments))
    setup.prepare()
    rows = try_orders(options.what, options.seed, options.times)
    good = sum(not row["failed"] for row in rows)
    say(f"{good} of {len(rows)} orders without a failure")
    return 0 if good == len(rows) else 1


def try_night(day=None):
    """Try the orders of a night; each night others, and another add-on's."""
    number = (day or datetime.date.today()).toordinal()
    addon = paths.OUR_ADDONS[number % len(paths.OUR_ADDONS)]
    pure, orders = _NIGHT
    # no two nights share an order
    return [
        *try_orders([_PURE], number * pure, pure),
        *try_orders([addon], number * orders, orders),
    ]


def try_orders(what, seed, times):
    """Run what is named in so many orders, from a seed on.

    :return: a row for each, with the names of what ``failed`` and the command that
        runs it ``again``
    """
    rows = []
    is_addon = what[0] in paths.OUR_ADDONS
    for one in range(seed, seed + times):
        start = time.monotonic()
        passed, names = (_run_addons if is_addon else _run_pytest)(what, one)
        seconds = time.monotonic() - start
        say(f"  seed {one}: {passed} passed, {len(names)} failed  {seconds:.0f} s")
        for name in names:
            say(f"    {name}")
        again = f"scripts/rd flaky 1 --seed {one} {' '.join(what)}"
        rows.append({"passed": passed, "failed": names, "again": again})
    return rows


def shuffled(items, seed, group=None):
    """Return the items in an order of the seed's own.

    :param group: function of an item; items of one group stay together
    """
    chance, groups = random.Random(seed), {}
    for item in items:
        groups.setdefault(group(item) if group else len(groups), []).append(item)
    ordered = list(groups.values())
    chance.shuffle(ordered)
    for members in ordered:
        chance.shuffle(members)
    return [item for members in ordered for item in members]


def _run_pytest(files, seed):
    arguments = [*files, "--tb=no", f"--shuffle={seed}"]
    return suites.run_pytest(arguments, paths.LOG / "flaky-pytest.log")


def _run_addons(addons, seed):
    os.environ["RD_SHUFFLE"] = str(seed)
    log = paths.LOG / f"flaky-{addons[0]}-{seed}.log"
    return suites.run_addons(addons, "flaky", log, _RUNNER)
