# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's program, but tests that belong to an installation run after it as well.

Otherwise a core test of that kind would run before our add-ons are loaded, and say
nothing about them. Takes the arguments of Odoo's own program.
"""

import sys

import odoo.cli
from odoo.tests import loader

_make_suite = loader.make_suite


def _make_both(module_names, position="at_install"):
    """Return the tests of both positions at the end, and none before."""
    names = list(module_names)
    suite = _make_suite(names if position == "post_install" else [], position)
    if position == "post_install":
        suite.addTests(_make_suite(names, "at_install"))
    return suite


loader.make_suite = _make_both

if __name__ == "__main__":
    sys.exit(odoo.cli.main())
