# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What tests of pure Python start from: no Odoo, no database."""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[2]

for addon in ("rd_sales_admin", "rd_reconciliation", "rd_receivables"):
    sys.path.append(str(ROOT / "addons" / addon))
# Helper modules that lie beside the tests.
sys.path.append(str(Path(__file__).resolve().parent))
# How long an example takes says how busy the machine is, and no more.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("desk")
# Whoever measures what is reached has a process of his own that reads the workbooks.
if "RD_COVERED_WORKER" in os.environ:
    import ledger.book

    ledger.book.WORKER = os.environ["RD_COVERED_WORKER"]


@pytest.fixture(scope="session")
def root():
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def samples():
    """The folder of real inputs, named by RD_SAMPLES; skips without it."""
    folder = os.environ.get("RD_SAMPLES")
    if not folder or not Path(folder).is_dir():
        pytest.skip("RD_SAMPLES names no folder of samples")
    return Path(folder)


@pytest.fixture
def read_rows():
    """Return ``read_rows(rows, **profile)``: the table of an xlsx of these rows."""
    import ledger
    import sheets

    def read(rows, **profile):
        table = ledger.read(
            sheets.xlsx(rows), "rows.xlsx", ledger.Profile.from_dict(profile)
        )
        # Nothing is ever lost, whatever else a test looks at.
        assert table.rows_read == len(table.rows) + len(table.skipped)
        return table

    return read
