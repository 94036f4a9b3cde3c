# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How agreed lines become tax invoices: which go together, at what unit price.

Pure Python: it knows nothing of Odoo and needs no database.
"""

from .price import Price, unit_price
from .split import NO_LIMITS, Item, Limits, split

__all__ = ["NO_LIMITS", "Item", "Limits", "Price", "split", "unit_price"]
