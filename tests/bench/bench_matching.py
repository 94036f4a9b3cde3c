# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How long matching takes beside a plain dict join, as ratios of one run."""

import argparse
import json
import random
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "addons" / "rd_reconciliation"
START = date(2026, 3, 1)


def make_lines(count, noise=0.03, equal=False):
    """(ours, theirs) of `count` lines each; `noise` of theirs differ or lack."""
    from matching import Line

    chance = random.Random(26)
    ours, theirs = [], []
    for index in range(count):
        quantity = Decimal(5 if equal else chance.randint(1, 500))
        price = Decimal(10 if equal else chance.randint(100, 90_000)) / 100
        line = Line(
            ref=index + 2,
            note=f"SH26{index // 2:08d}",
            part="JG0001-000" if equal and index % 2 else f"JG{index % 3000:04d}-000",
            quantity=quantity,
            amount=quantity * price,
            price=price,
            date=START + timedelta(days=index % 30),
        )
        ours.append(line)
        theirs.append(noisy(line, chance) if chance.random() < noise else line)
    chance.shuffle(theirs)
    # Two files share no objects, and each lies in memory in its own order.
    return ours, [rebuilt(line) for line in theirs]


def on_one_note(sides):
    """The same lines, all of them on one delivery note."""
    return [[line._replace(note="SH26000001") for line in lines] for lines in sides]


def with_near_numbers(count):
    """(ours, theirs) of `count` lines whose notes all differ by one digit.

    Part, quantity and day are the same for hundreds: what is alike in all but the
    number, as in a month of one standing order.
    """
    ours, _theirs = make_lines(count, noise=0)
    ours = [
        line._replace(
            note=f"SH{line.ref * 7919:09d}",
            part=f"JG{line.ref % 5:04d}",
            quantity=Decimal(100),
            amount=Decimal(1000),
            date=START,
        )
        for line in ours
    ]
    theirs = [
        line._replace(note=f"{line.note[:-1]}{(int(line.note[-1]) + 1) % 10}")
        for line in ours
    ]
    return ours, theirs


def rebuilt(line):
    """An equal line made of new objects."""
    return line._replace(
        note=line.note[:1] + line.note[1:],
        part=line.part[:1] + line.part[1:],
        quantity=Decimal(str(line.quantity)),
        amount=Decimal(str(line.amount)),
        price=Decimal(str(line.price)),
    )


def noisy(line, chance):
    """The same line with one of the usual faults."""
    fault = chance.randrange(6)
    if fault == 0:
        return line._replace(quantity=line.quantity + 1)
    if fault == 1:
        return line._replace(amount=line.amount + Decimal("0.01"))
    if fault == 2:
        return line._replace(note="9" + line.note)
    if fault == 3:
        return line._replace(part=line.part[:-3] + "001")
    if fault == 4:
        return line._replace(note="", amount=line.amount * 2)
    return line._replace(note=line.note[:-2] + line.note[:-3:-1] + "7")


def dict_join(ours, theirs):
    """The least that finds equal lines: one dictionary, sums per key."""
    sides = []
    for lines in (ours, theirs):
        sums = {}
        for line in lines:
            key = (line.note, line.part)
            quantity, amount = sums.get(key, (0, 0))
            sums[key] = quantity + line.quantity, amount + line.amount
        sides.append(sums)
    left, right = sides
    return [(key, value, right[key]) for key, value in left.items() if key in right]


def fastest(function, ours, theirs, times=5):
    """The best of several runs, in seconds of processor time."""
    best = None
    for _run in range(times):
        start = time.process_time()
        function(ours, theirs)
        spent = time.process_time() - start
        best = spent if best is None else min(best, spent)
    return best


def bench(count=100_000):
    """Rows {name, ratio, limit, unit, detail} of the bench table.

    A ratio must not exceed its limit.
    """
    from matching import compare

    large = make_lines(count)
    same = make_lines(count, equal=True)
    compare(*make_lines(100))
    join = fastest(dict_join, *large)
    full = fastest(compare, *large)
    equal = fastest(compare, *same)
    del large, same
    usual = make_lines(count // 5)
    fifth, note = fastest(compare, *usual), fastest(compare, *on_one_note(usual))
    less = make_lines(count * 3 // 100)
    small = fastest(ten_times(compare), *less) / 10
    near = fastest(compare, *with_near_numbers(count * 3 // 100))
    # From a size that no processor's cache holds: or the ratio tells of the cache.
    # Ten runs in a row last as long as the large one: the same weather for both.
    few, many = make_lines(count * 3 // 10), make_lines(count * 3)
    tenth = fastest(ten_times(compare), *few, times=2) / 10
    tenfold = fastest(compare, *many, times=2)
    del few, many
    small_month = make_lines(count // 10)
    month = fastest(compare, *small_month)
    asked = fastest(ask_why_not, *small_month)
    return [
        row("matching_vs_dict_join", full, join, 10, "x plain dict join"),
        row(
            "matching_ten_times_lines",
            tenfold,
            tenth,
            12,
            f"x a tenth of the lines ({count * 3:,} and {count * 3 // 10:,})",
            f"; {count:,} lines take {full / month:.1f} x {count // 10:,}",
        ),
        row("matching_equal_amounts", equal, full, 3, "x usual amounts"),
        row("matching_one_note", note, fifth, 3, "x usual notes, 20,000 lines"),
        row("matching_near_numbers", near, small, 10, "x usual notes, 3,000 lines"),
        row("matching_why_not", asked, month, 1, "x matching the same 10,000 lines"),
    ]


def ask_why_not(ours, theirs):
    """Why one line was not matched, asked by somebody who has only the lines.

    What is matched is known by then, as it is on the desk; everything else that the
    first answer needs is made here.
    """
    from matching import WhyNot

    nothing = {"ours": set(), "theirs": set()}
    return WhyNot(ours, theirs, taken=nothing).nearest("ours", ours[0].ref)


def ten_times(function):
    """A function that does the same ten times."""

    def repeated(*arguments):
        for _run in range(10):
            function(*arguments)

    return repeated


def row(name, spent, base, limit, unit, more=""):
    """One row of the bench table."""
    return {
        "name": name,
        "ratio": round(spent / base, 2),
        "limit": float(limit),
        "unit": unit,
        "detail": f"{spent:.2f} s against {base:.2f} s{more}",
    }


def run(context):
    """Return the rows for ``make bench``."""
    if str(ADDON) not in sys.path:
        sys.path.insert(0, str(ADDON))
    return bench()


def main():
    """Print the rows as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    for result in bench(parser.parse_args().lines):
        print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    sys.path.insert(0, str(ADDON))
    main()
