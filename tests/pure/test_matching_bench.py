# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The benches run and give the rows that the bench table takes.

The ratios themselves are the business of ``make bench``: a test never times.
"""

import importlib.util

import pytest


@pytest.mark.parametrize(("name", "rows"), [("bench_ledger", 2), ("bench_matching", 6)])
def test_bench_rows(root, name, rows):
    path = root / "tests" / "bench" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    result = module.bench(300)
    assert len(result) == rows
    for row in result:
        assert set(row) == {"name", "ratio", "limit", "unit", "detail"}
        assert row["ratio"] > 0
