# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Read and compare generated ledgers by the command's own code, and count.

The bars are those of the exception desk: no wrong pair is ever exact, what belongs
together is found, the kind of difference is right, nothing that agrees is called a
difference, every row is accounted for, the order of rows does not matter.
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import accounts
import layouts
import world

ROOT = Path(__file__).resolve().parents[2]
SURE = {"exact", "suggested"}
# (name, bar, at least or exactly)
BARS = {
    "precision of exact": 1.0,
    "recall of exact and suggested": 0.995,
    "right kind of difference": 0.98,
    "no false alarm": 1.0,
    "every row accounted for": 1.0,
    "same for shuffled rows": 1.0,
    "right kind of account difference": 0.98,
    "no false alarm in the account": 1.0,
    "account the same from its files": 1.0,
    "proof of the closings balances": 1.0,
}


def load_command():
    """``scripts/compare`` as a module."""
    loader = importlib.machinery.SourceFileLoader(
        "rd_compare", str(ROOT / "scripts" / "compare")
    )
    spec = importlib.util.spec_from_loader("rd_compare", loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["rd_compare"] = module
    loader.exec_module(module)
    return module


def make_case(seed, pool):
    """(world, layout of ours, layout of theirs) of one seed."""
    rng = random.Random(f"{pool}-{seed}")
    theirs = layouts.make_layout(rng, pool)
    ours = layouts.make_layout(rng, pool)
    ours.key_form, ours.thousands = "plain", False
    return world.make_world(rng, pool, ours, theirs), ours, theirs


def compare(command, case, folder):
    """(result data, our ids by row, their ids by row) of two written files."""
    made, ours, theirs = case
    paths, numbers = [], []
    for side, layout, rows in (
        ("ours", ours, made.ours),
        ("theirs", theirs, made.theirs),
    ):
        lines, ids = layouts.grid(layout, rows)
        name, data = layouts.to_file(layout, lines)
        path = folder / f"{side}-{name}"
        path.write_bytes(data)
        paths.append(str(path))
        numbers.append(ids)
    target = folder / "result.json"
    with contextlib.redirect_stdout(io.StringIO()):
        status = command.main([*paths, "--json", str(target)])
    data = json.loads(target.read_text())
    if status:
        raise AssertionError(f"refused: {data['refused']}")
    return data, *numbers


def found_groups(data, our_ids, their_ids):
    """{(our ids, their ids): group}."""
    return {
        (
            tuple(sorted(our_ids[row] for row in group["ours"])),
            tuple(sorted(their_ids[row] for row in group["theirs"])),
        ): group
        for group in data["groups"]
    }


def score_case(command, seed, pool, folder):
    """Counts of hits and tries by bar, and what went wrong, of one seed."""
    case = make_case(seed, pool)
    data, our_ids, their_ids = compare(command, case, folder)
    found = found_groups(data, our_ids, their_ids)
    tally, wrong = Counter(), []
    truths = {
        (tuple(sorted(t.ours)), tuple(sorted(t.theirs))): t for t in case[0].truths
    }
    score_groups(found, truths, tally, wrong)
    score_truths(found, truths, tally, wrong)
    score_rows(data, our_ids, their_ids, tally, wrong)
    score_order(command, case, folder, found, tally, wrong)
    books = accounts.make_books(random.Random(f"account-{pool}-{seed}"), pool)
    score_account(command.matching, books, tally, wrong)
    score_files(command, case, books, folder, tally, wrong)
    return tally, [(seed, *item) for item in wrong]


def note(tally, wrong, bar, good, what):
    """One try at a bar."""
    tally[bar, "tries"] += 1
    tally[bar, "hits"] += bool(good)
    if not good:
        wrong.append((bar, what))


def score_groups(found, truths, tally, wrong):
    """A group that is exact must be true."""
    for key, group in found.items():
        if group["status"] == "exact":
            truth = truths.get(key)
            good = truth is not None and truth.codes & world.AGREE
            note(tally, wrong, "precision of exact", good, (key, group["code"]))


def score_truths(found, truths, tally, wrong):
    """What is true must be found, under its right kinds."""
    for key, truth in truths.items():
        group = found.get(key)
        code = group and group["code"]
        what = (sorted(truth.codes), code, key)
        if truth.codes & world.AGREE:
            note(tally, wrong, "no false alarm", code in world.AGREE, what)
        else:
            named = set(group["codes"]) if group else set()
            good = truth.codes <= named and code in truth.codes
            note(tally, wrong, "right kind of difference", good, what)
        if truth.codes & {"match", "rounding", "part_alias", "doc_ref"}:
            good = group and group["status"] in SURE
            note(tally, wrong, "recall of exact and suggested", good, what)


def score_rows(data, our_ids, their_ids, tally, wrong):
    """Every row read is used or skipped with a reason, every line in one group."""
    for side, ids in (("ours", our_ids), ("theirs", their_ids)):
        table = data[side]
        used = Counter(row for group in data["groups"] for row in group[side])
        good = (
            table["rows_read"] == table["rows_used"] + len(table["rows_skipped"])
            and all(item["reason"] for item in table["rows_skipped"])
            and used == Counter(list(ids))
            and not table["mismatches"]
        )
        note(tally, wrong, "every row accounted for", good, (side, len(used), len(ids)))


def score_order(command, case, folder, found, tally, wrong):
    """Shuffled rows give the same groups."""
    made, ours, theirs = case
    rng = random.Random(1)
    shuffled = world.World(
        rng.sample(made.ours, len(made.ours)),
        rng.sample(made.theirs, len(made.theirs)),
        made.truths,
    )
    data, our_ids, their_ids = compare(command, (shuffled, ours, theirs), folder)
    again = found_groups(data, our_ids, their_ids)
    one = {key: (group["code"], group["rule"]) for key, group in found.items()}
    two = {key: (group["code"], group["rule"]) for key, group in again.items()}
    note(
        tally,
        wrong,
        "same for shuffled rows",
        one == two,
        sorted(one.items() ^ two.items()),
    )


def score_account(matching, books, tally, wrong):
    """Each payment, invoice and the opening are what is true of them; each proof
    balances, on goods as on invoices."""
    rules = matching.AccountRules(basis="invoiced")
    result = matching.compare_accounts(books.ours, books.theirs, books.sisters, rules)
    found = account_groups(result.groups)
    for key, code in books.truths.items():
        bar = "right kind of account difference"
        if code in accounts.AGREE:
            bar = "no false alarm in the account"
        note(tally, wrong, bar, found.get(key) == code, (code, found.get(key), key))
    unknown = sorted(map(str, set(found) - set(books.truths)))
    note(tally, wrong, "no false alarm in the account", not unknown, unknown)
    items = matching.account_items(result.groups)
    proof = matching.prove(books.ours.closing, books.theirs.closing, items)
    bar = "proof of the closings balances"
    note(tally, wrong, bar, proof.balanced, proof.unexplained)


def account_groups(groups):
    """{(our refs, their refs): code}, the opening by its name."""
    return {
        "opening"
        if group.key == ("opening",)
        else (tuple(sorted(group.ours)), tuple(sorted(group.theirs))): group.code
        for group in groups
    }


def score_files(command, case, books, folder, tally, wrong):
    """The same account, read from two files with balances: openings and payments
    come out alike, and lines and payments explain both closings."""
    made, ours, theirs = case
    stated = {
        "ours": with_lines(books.ours, made.ours),
        "theirs": with_lines(books.theirs, made.theirs),
    }
    paths, numbers = [], {}
    for side, layout, rows in (
        ("ours", ours, made.ours),
        ("theirs", theirs, made.theirs),
    ):
        cells, numbers[side] = layouts.grid(layout, rows, stated[side])
        name, data = layouts.to_file(layout, cells)
        paths.append(folder / f"account-{side}-{name}")
        paths[-1].write_bytes(data)
    target = folder / "account.json"
    with contextlib.redirect_stdout(io.StringIO()):
        command.main([*map(str, paths), "--json", str(target)])
    data = json.loads(target.read_text())
    account = data.get("account") or {"groups": [], "proof": {"balanced": False}}
    expected = command.matching.compare_accounts(stated["ours"], stated["theirs"])
    found = {
        (
            tuple(sorted(numbers["ours"][row] for row in group["ours"])),
            tuple(sorted(numbers["theirs"][row] for row in group["theirs"])),
        )
        if group["section"] != "opening"
        else "opening": group["code"]
        for group in account["groups"]
    }
    good = found == account_groups(expected.groups)
    note(tally, wrong, "account the same from its files", good, len(found))
    bar = "proof of the closings balances"
    note(tally, wrong, bar, account["proof"]["balanced"], account["proof"])


def with_lines(account, rows):
    """An account whose increase is that of its lines."""
    charged = sum(row.total for row in rows)
    closing = account.opening + charged - account.receipts
    return replace(account, increase=charged, closing=closing, invoices=())


def score(seeds, pool):
    """({bar: (hits, tries)}, faults) over many seeds."""
    command = load_command()
    total, faults = Counter(), []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            tally, wrong = score_case(command, seed, pool, Path(folder))
        total += tally
        faults += wrong
    return {bar: (total[bar, "hits"], total[bar, "tries"]) for bar in BARS}, faults
