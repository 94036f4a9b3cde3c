# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Measure reading and matching on generated ledgers; exit status 1 below a bar.

    run.py [LAYOUTS] [--pool report] [--json OUT] [--faults N]

The pool "tune" is what the code may be worked on with; only "report" is reported.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
for addon in ("rd_sales_admin", "rd_reconciliation"):
    sys.path.insert(0, str(HERE.parents[1] / "addons" / addon))

import score  # noqa: E402


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure reading and matching.")
    parser.add_argument("layouts", nargs="?", type=int, default=40)
    parser.add_argument("--pool", choices=("tune", "report"), default="report")
    parser.add_argument("--json")
    parser.add_argument("--faults", type=int, default=10)
    return parser.parse_args()


def main():
    """Print the table and what went wrong; the exit status."""
    options = parse()
    result, faults = score.score(range(options.layouts), options.pool)
    rows = [
        {"name": bar, "hits": hits, "tries": tries, "share": hits / tries, "bar": limit}
        for (bar, (hits, tries)), limit in zip(
            result.items(), score.BARS.values(), strict=True
        )
    ]
    for row in rows:
        verdict = "ok" if row["share"] >= row["bar"] else "BELOW"
        share, bar = f"{row['share']:.2%}", f"{row['bar']:.1%}"
        figures = f"{row['hits']:>7} of {row['tries']:<7}{share:>8} >= {bar}"
        print(f"  {row['name']:<32}{figures}  {verdict}")
    for seed, bar, what in faults[: options.faults]:
        print(f"  layout {seed}: {bar}: {what}")
    if options.json:
        text = json.dumps({"layouts": options.layouts, "rows": rows}, indent=2)
        Path(options.json).write_text(text + "\n")
    return int(any(row["share"] < row["bar"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
