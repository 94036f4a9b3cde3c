# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The planted faults still fit the code, and the tests they name are there.

That they are caught is shown by ``scripts/rd faults``, once a night.
"""

import re
import shutil

import pytest
from desk import faults, paths

FAULTS = faults.load()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_still_applies(fault):
    if not shutil.which("git"):
        pytest.skip("git applies the patches")
    assert fault.sentence.endswith(".")
    assert not faults.apply(fault, paths.ROOT, "--check")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_named_test_is_there(fault):
    assert fault.kind in ("odoo", "pytest", "lint")
    if fault.kind == "lint":
        return
    if fault.kind == "pytest":
        path, _, name = fault.target.split()[0].partition("::")
        text = (paths.ROOT / path).read_text("utf-8")
        names = [name] if name else []
    else:
        addon, _, rest = fault.target.lstrip("/").partition(":")
        names = rest.split(".")
        files = (paths.ADDONS / addon / "tests").glob("*.py")
        found = [file.read_text("utf-8") for file in files]
        text = next(one for one in found if f"class {names[0]}(" in one)
    for name in names:
        assert re.search(rf"(class|def) {name}\(", text), name


def test_there_are_enough():
    assert len(FAULTS) >= 40


def test_the_documentation_names_them_all():
    text = (paths.ROOT / "docs" / "quality.md").read_text("utf-8")
    assert [one.name for one in FAULTS if f"| {one.sentence} |" not in text] == []


def test_the_thirty_are_among_them():
    """What the documentation says of the classic faults names patches that exist."""
    text = (paths.ROOT / "docs" / "quality.md").read_text("utf-8")
    table = text.split("| of the thirty | planted as |")[1].split("\n\n")[0]
    named = re.findall(r"`(\w+)`", table)
    assert len(set(named)) == len(named) == 30
    assert set(named) <= {one.name for one in FAULTS}
