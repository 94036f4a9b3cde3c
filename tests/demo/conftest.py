# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The demo company is loaded once; every test of it looks at the same database."""

import json
from pathlib import Path

import pytest
from desk import databases, odoo_run, paths

_FROZEN = Path(__file__).with_name("frozen.py")


@pytest.fixture(scope="session")
def demo(cluster, suite_template, tmp_path_factory):
    """``(name, found)``: a database with the demo, and what came out of loading it."""
    out = tmp_path_factory.mktemp("demo")
    name = databases.copy(cluster, suite_template, databases.temporary_name("demo"))
    patch = pytest.MonkeyPatch()
    patch.setenv("RD_DEMO_OUT", str(out))
    try:
        odoo_run.run_in_odoo(cluster, name, _FROZEN, paths.LOG / "test-demo.log")
        yield name, json.loads((out / "found.json").read_text())
    finally:
        patch.undo()
        databases.drop(cluster, name)
