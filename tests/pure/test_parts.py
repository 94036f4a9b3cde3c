# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's tests are cut into parts: each of them is in one, and in no other."""

import ast

import pytest
from desk import paths, tests


def _classes():
    """Return (add-on, class, texts of its decorators) of each class with tests."""
    for addon in paths.OUR_ADDONS:
        for path in sorted((paths.ADDONS / addon / "tests").glob("test_*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                    tags = " ".join(ast.unparse(one) for one in node.decorator_list)
                    yield addon, node.name, tags


def _matches(tags, addon, name, marked):
    """Tell whether Odoo would run a class for these test tags."""
    if f"-/{addon}:{name}" in tags:
        return False
    if "-standard" in marked:
        return f"rd_nightly/{addon}" in tags and "rd_nightly" in marked
    return f"/{addon}" in tags or f"/{addon}:{name}" in tags


@pytest.mark.parametrize("nightly", [False, True])
def test_each_class_is_in_one_part(nightly):
    found = list(_classes())
    assert len(found) > 100
    parts = tests.parts(nightly)
    assert len({name for name, _tags in parts}) == len(parts)
    for addon, name, marked in found:
        if "rd_demo" in marked or ("-standard" in marked and not nightly):
            continue  # tests/demo runs the first, on the demo company
        taking = [part for part, tags in parts if _matches(tags, addon, name, marked)]
        assert len(taking) == 1, f"{addon}:{name} is in {taking}"


def test_classes_of_a_part_exist():
    known = {(addon, name) for addon, name, _tags in _classes()}
    named = {(addon, name) for addon, names in tests._APART for name in names}
    assert named <= known


def test_no_class_runs_while_an_addon_is_installed():
    """The parts run on copies of a template: nothing is installed beside a test."""
    early = [f"{addon}:{name}" for addon, name, t in _classes() if "post_inst" not in t]
    assert early == []
