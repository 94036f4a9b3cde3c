# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What a contract says in figures: plans of settlement and agreed prices.

Pure Python: it knows nothing of Odoo and needs no database.
"""

from .plan import (
    Due,
    add_months,
    due_day,
    maturities,
    missing_percent,
    offset,
    share,
    shares,
)
from .price import Agreed, convert, deviates, first_overlap, pick

__all__ = [
    "Agreed",
    "Due",
    "add_months",
    "convert",
    "deviates",
    "due_day",
    "first_overlap",
    "maturities",
    "missing_percent",
    "offset",
    "pick",
    "share",
    "shares",
]
