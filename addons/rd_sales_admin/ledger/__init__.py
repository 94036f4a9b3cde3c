# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One guarded reader for every spreadsheet: any file to typed rows, or a refusal.

Pure Python: it knows nothing of Odoo and needs no database.
"""

from .book import Book, Grid, load
from .clean import clean_key
from .detect import Column, Header
from .fields import FIELDS, Field
from .limits import DEFAULT, Limits
from .listing import Listing, read_list
from .profile import Profile
from .propose import Proposal, propose
from .reader import read
from .table import Mismatch, Row, Table
from .text import Finding, Refused, Text

Skipped = Finding

__all__ = [
    "DEFAULT",
    "FIELDS",
    "Field",
    "Book",
    "Column",
    "Finding",
    "Grid",
    "Header",
    "Limits",
    "Listing",
    "Mismatch",
    "Profile",
    "Proposal",
    "Refused",
    "Row",
    "Skipped",
    "Table",
    "Text",
    "clean_key",
    "load",
    "propose",
    "read",
    "read_list",
]
