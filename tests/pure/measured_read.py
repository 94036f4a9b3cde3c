# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Read one file in a process of its own, and print what it gives and costs as JSON.

Arguments: the folder of the add-on, the file, and the name it goes by.
"""

import json
import os
import resource
import sys
import time

sys.path.append(sys.argv[1])
import ledger  # noqa: E402
import ledger.book  # noqa: E402


def read(data, name):
    """Return the number of rows, or what the refusal says."""
    try:
        return {"rows": len(ledger.read(data, name).rows)}
    except ledger.Refused as refused:
        return refused.as_dict()


def main():
    """Read the file that the arguments name; say what it took by itself."""
    # Whoever measures what is reached has a process of his own, as in conftest.py.
    ledger.book.WORKER = os.environ.get("RD_COVERED_WORKER", ledger.book.WORKER)
    with open(sys.argv[2], "rb") as file:
        data = file.read()
    # What loading itself costs is no part of what the file costs.
    read(b"a,b\n1,2\n", "warm.csv")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    result = read(data, sys.argv[3])
    result["seconds"] = time.monotonic() - start
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    result["megabytes"] = (own + child) / 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
