# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The pause of the collector ends with its batch, whatever happens in it."""

import gc
import importlib.util
from pathlib import Path

import pytest

SOURCE = (
    Path(__file__).parents[2] / "addons" / "rd_sales_admin" / "tools" / "gc_pause.py"
)


@pytest.fixture
def paused_gc():
    """Load the file itself: the package around it needs Odoo."""
    spec = importlib.util.spec_from_file_location("rd_gc_pause", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module.paused_gc
    gc.enable()


def test_off_inside_and_on_afterwards(paused_gc):
    with paused_gc():
        assert not gc.isenabled()
        with paused_gc():
            assert not gc.isenabled()
        assert not gc.isenabled(), "an inner batch must not end the outer pause"
    assert gc.isenabled()


def test_on_again_after_an_error(paused_gc):
    with pytest.raises(ZeroDivisionError), paused_gc():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_stays_off_where_it_was_off(paused_gc):
    gc.disable()
    with paused_gc():
        pass
    assert not gc.isenabled()


def test_as_decorator_for_each_call(paused_gc):
    @paused_gc()
    def batch():
        return gc.isenabled()

    assert [batch(), batch()] == [False, False]
    assert gc.isenabled()
