# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The pause of the collector ends with its batch, whatever happens in it."""

import gc

import ledger.reader
import pytest
from matching import engine


@pytest.fixture(params=[engine.paused_collector, ledger.reader.paused_collector])
def paused(request):
    """Both packages load alone and have one each."""
    yield request.param
    gc.enable()


def test_off_inside_and_on_afterwards(paused):
    with paused():
        assert not gc.isenabled()
        with paused():
            assert not gc.isenabled()
        assert not gc.isenabled(), "an inner batch must not end the outer pause"
    assert gc.isenabled()


def test_on_again_after_an_error(paused):
    with pytest.raises(ZeroDivisionError), paused():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_stays_off_where_it_was_off(paused):
    gc.disable()
    with paused():
        pass
    assert not gc.isenabled()


def test_as_decorator_for_each_call(paused):
    @paused()
    def batch():
        return gc.isenabled()

    assert [batch(), batch()] == [False, False]
    assert gc.isenabled()
