# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's program, with its tests in the order of the seed in RD_SHUFFLE.

Takes the arguments of Odoo's own program.
"""

import os
import sys
from pathlib import Path

import odoo.cli
from odoo.tests import loader

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from desk.flaky import shuffled  # noqa: E402

_make_suite = loader.make_suite


def _make_shuffled(module_names, position="at_install"):
    """Return Odoo's suite; the tests of a class share a set-up and stay together."""
    suite = _make_suite(module_names, position)
    return type(suite)(shuffled(suite, int(os.environ["RD_SHUFFLE"]), type))


loader.make_suite = _make_shuffled

if __name__ == "__main__":
    sys.exit(odoo.cli.main())
