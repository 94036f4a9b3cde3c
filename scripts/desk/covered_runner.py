# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo's program under coverage: what it reaches goes to the file of RD_COVERAGE.

Takes the arguments of Odoo's own program.
"""

import os
import sys
from pathlib import Path

from coverage import Coverage

if __name__ == "__main__":
    settings = Path(__file__).resolve().parents[2] / "pyproject.toml"
    measured = Coverage(os.environ["RD_COVERAGE"], config_file=str(settings))
    measured.start()
    try:
        import odoo.cli

        sys.exit(odoo.cli.main())
    finally:
        measured.stop()
        measured.save()
