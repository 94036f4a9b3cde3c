# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The process that reads a workbook, under coverage: instead of ledger/worker.py.

It starts bare as that does, so that where everything lies comes by the environment.
Measuring takes memory and writes a file, for which the worker's limits have no room.
"""

import os
import resource
import sys

_READER = os.environ["RD_COVERED_READER"]
sys.path.append(os.environ["RD_COVERED_PACKAGES"])
sys.path.append(_READER)


_ROOM = 8  # times the memory that the worker may take


def main():
    """Read one workbook, as the worker does, and keep what was reached."""
    from coverage import Coverage

    measured = Coverage(
        os.environ["RD_COVERAGE"],
        data_suffix=True,
        config_file=os.environ["RD_COVERED_SETTINGS"],
    )
    measured.start()
    try:
        import worker

        worker.limit_resources = _limit
        worker.main()
    finally:
        measured.stop()
        measured.save()


def _limit(memory, _seconds):
    """Keep memory alone within bounds; whoever waits ends what takes too long."""
    resource.setrlimit(resource.RLIMIT_AS, (_ROOM * memory, _ROOM * memory))


if __name__ == "__main__":
    main()
