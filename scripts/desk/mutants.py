# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""scripts/rd mutants [NUMBER] [--seed N] [PACKAGE…]: small faults, to test the tests.

A mutant is a package of pure Python with one thing in it changed: a comparison, a
sign, a small number, a condition, what is returned, a step left out. It is killed when
one of the package's tests fails or does not end. The sample is the same for one seed;
what survives is named with its line. The well-known programs for this change the
sources where they stand; here each mutant is a copy that Python finds first.
"""

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import paths, setup
from .messages import Stop, call, say

REPORT = paths.LOCAL / "mutants.json"
WANTED = 0.8  # of the mutants of each package
_NUMBER = 180
_SEED = 20261
# package: (add-on, share of the sample, its tests without the slow ones)
PACKAGES = {
    "matching": (
        "rd_reconciliation",
        3,
        ("account", "answer", "codes", "engine", "ladder", "proof"),
    ),
    "invoicing": ("rd_reconciliation", 2, ()),
    "ledger": (
        "rd_sales_admin",
        3,
        (
            *("balances", "blocks", "doubts", "form", "listing", "marks", "memory"),
            *("orders", "payments", "propose", "rows", "values", "files"),
        ),
    ),
    "pricing": ("rd_sales_admin", 2, ()),
    "dues": ("rd_receivables", 2, ()),
}
_MORE = {
    "ledger": ("test_irregularities_layout.py", "test_irregularities_values.py"),
    "dues": ("test_dues.py", "test_chasing.py", "test_pieces.py"),
}
_SWAPPED = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In},
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult},
    **{ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult},
}
_SMALL = 100  # a limit of millions is as good with one more


@dataclass
class Mutant:
    """One change: where, what, and how it is made in a fresh tree of its file."""

    package: str
    file: str
    line: int
    what: str
    number: int


def main(arguments=()):
    """Try a sample; return 1 when too few of a package are killed."""
    parser = argparse.ArgumentParser(prog="scripts/rd mutants")
    parser.add_argument("number", nargs="?", type=int, default=_NUMBER)
    parser.add_argument("packages", nargs="*", choices=[*PACKAGES, []])
    parser.add_argument("--seed", type=int, default=_SEED)
    options = parser.parse_args(list(arguments))
    setup.prepare()
    rows = try_sample(options.packages, options.number, options.seed)
    return 1 if weak(rows) else 0


def try_sample(packages=(), number=_NUMBER, seed=_SEED):
    """Try so many mutants of the packages that are named, or of all.

    :return: a row for each; its ``outcome`` is that of ``_try``
    """
    packages = packages or list(PACKAGES)
    sample = _sample(packages, number, random.Random(seed))
    rows = []
    for package in packages:
        seconds = _time_of(package)
        say(f"  {package}: its tests take {seconds:.0f} s")
        for mutant in (one for one in sample if one.package == package):
            outcome = _try(mutant, 10 + 5 * seconds)
            rows.append({**vars(mutant), "outcome": outcome})
            if outcome == "survived":
                say(f"    survived: {mutant.file}:{mutant.line}: {mutant.what}")
        _say_score(package, [row for row in rows if row["package"] == package])
    _say_score("all of them", rows)
    REPORT.write_text(json.dumps({"seed": seed, "rows": rows}, indent=1) + "\n")
    return rows


def weak(rows):
    """Return the packages of which too few are killed, with what survived of each."""
    found = {}
    for package in dict.fromkeys(row["package"] for row in rows):
        tried = [row for row in rows if row["package"] == package]
        survived = [row for row in tried if row["outcome"] == "survived"]
        if len(tried) - len(survived) < WANTED * len(tried):
            found[package] = survived
    return found


def _say_score(name, rows):
    killed = sum(row["outcome"] != "survived" for row in rows)
    share = killed / len(rows) if rows else 1
    say(f"  {name}: {killed} of {len(rows)} killed, {share:.1%}")


# ---------------------------------------------------------------------------
# The sample
# ---------------------------------------------------------------------------
def _folder(package):
    return paths.ADDONS / PACKAGES[package][0] / package


def _sample(packages, number, chance):
    """Return so many mutants, each package by its share."""
    whole = sum(PACKAGES[package][1] for package in packages)
    found = []
    for package in packages:
        every = []
        for path in sorted(_folder(package).glob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            every += [
                Mutant(package, path.name, line, what, place)
                for place, (line, what, _make) in enumerate(sites(tree))
            ]
        share = round(number * PACKAGES[package][1] / whole)
        chosen = chance.sample(every, min(share, len(every)))
        found += sorted(chosen, key=lambda one: (one.file, one.line, one.number))
    return found


def sites(tree):
    """Yield (line, what is changed, what makes the change) of a file's tree."""
    apart = _without_effect(tree)
    for node in ast.walk(tree):
        if id(node) not in apart:
            yield from _sites_of(node)


def _without_effect(tree):
    """Return what changes no result: annotations, decorators and zip's ``strict``."""
    found = set()
    for node in ast.walk(tree):
        parts = [getattr(node, name, None) for name in ("annotation", "returns")]
        parts += getattr(node, "decorator_list", ())
        if isinstance(node, ast.keyword) and node.arg == "strict":
            parts.append(node.value)
        for part in filter(None, parts):
            found |= {id(one) for one in ast.walk(part)}
    return found


def _sites_of(node):
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            yield from _swaps(node, node.ops, place, operator)
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        yield from _swaps(node, vars(node), "op", node.op)
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int):
        yield from _constants(node)
    elif isinstance(node, ast.If | ast.IfExp):
        negated = ast.UnaryOp(ast.Not(), node.test)
        yield _site(node, "condition negated", vars(node), "test", negated)
    elif isinstance(node, ast.comprehension):
        for place, test in enumerate(node.ifs):
            negated = ast.UnaryOp(ast.Not(), test)
            yield _site(test, "filter negated", node.ifs, place, negated)
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield _site(node, "returns None", vars(node), "value", ast.Constant(None))
    yield from _steps_left_out(node)


def _swaps(node, owner, key, operator):
    other = _SWAPPED.get(type(operator))
    if other:
        what = f"{type(operator).__name__} is {other.__name__}"
        yield _site(node, what, owner, key, other())


def _constants(node):
    value = node.value
    if isinstance(value, bool) or abs(value) <= _SMALL:
        other = (not value) if isinstance(value, bool) else value + 1
        yield _site(node, f"{value} is {other}", vars(node), "value", other)


def _steps_left_out(node):
    """Yield each call for its effect, and each step of a loop, left out."""
    body = getattr(node, "body", None)
    for place, step in enumerate(body if isinstance(body, list) else ()):
        is_call = isinstance(step, ast.Expr) and isinstance(step.value, ast.Call)
        if is_call or isinstance(step, ast.Continue | ast.Break):
            yield _site(step, "left out", body, place, ast.Pass())


def _site(node, what, owner, key, value):
    def make():
        owner[key] = value

    return node.lineno, what, make


# ---------------------------------------------------------------------------
# Trying
# ---------------------------------------------------------------------------
def _tests(package):
    folder = paths.ROOT / "tests" / "pure"
    names = [f"test_{package}_{part}.py" for part in PACKAGES[package][2]]
    names += _MORE.get(package, ())
    return [folder / name for name in names or [f"test_{package}.py"]]


def _time_of(package):
    """Return the seconds that the tests take on a copy as it is."""
    with tempfile.TemporaryDirectory() as folder:
        _copy(package, folder)
        start = time.monotonic()
        done = _run(package, folder, 1800)
    if done.returncode:
        raise Stop(f"The tests of {package} fail without a mutant:\n{done.stdout}")
    return time.monotonic() - start


def _try(mutant, seconds):
    """Return ``killed``, ``endless`` or ``survived``."""
    with tempfile.TemporaryDirectory() as folder:
        path = _copy(mutant.package, folder) / mutant.file
        tree = ast.parse(path.read_text("utf-8"))
        _line, _what, make = list(sites(tree))[mutant.number]
        make()
        path.write_text(ast.unparse(ast.fix_missing_locations(tree)), "utf-8")
        try:
            done = _run(mutant.package, folder, seconds)
        except subprocess.TimeoutExpired:
            return "endless"
    return "killed" if done.returncode else "survived"


def _copy(package, folder):
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(
        shutil.copytree(_folder(package), Path(folder) / package, ignore=ignored)
    )


def _run(package, folder, seconds):
    """Run a package's tests on the copy, which comes first where it is looked for."""
    command = [paths.PYTHON, "-m", "pytest", "-q", "-x", "-m", "not nightly"]
    command += ["--hypothesis-seed=0", "--tb=line", *_tests(package)]
    first = {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    return call(command, cwd=paths.ROOT, env={**os.environ, **first}, timeout=seconds)
