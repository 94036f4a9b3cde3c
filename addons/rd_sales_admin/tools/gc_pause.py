# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Batches that make many records at once."""

import gc
from contextlib import contextmanager


@contextmanager
def paused_gc():
    """Search for no reference cycles while one batch is made; also a decorator.

    A batch of thousands of records only adds objects that stay; the collector would
    walk through all of them again and again. It is on again afterwards, after an
    error as well, which ``odoo.tools.gc.disabling_gc`` does not promise.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
