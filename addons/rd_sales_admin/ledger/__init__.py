# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One guarded reader for every spreadsheet: any file to typed rows, or a refusal.

Pure Python: it knows nothing of Odoo and needs no database.
"""

from .blocks import Block
from .book import Book, Grid, load
from .clean import clean_key
from .detect import Column, Header
from .doubts import doubts
from .fields import FIELDS, LABELS, OPEN_QUANTITY_WORDS, ORDER_WORDS
from .limits import DEFAULT, Limits
from .memory import deviations, layout_of
from .fields import Field
from .form import Form, FormRow, read_form
from .listing import Listing, read_list
from .profile import Profile
from .propose import Proposal, propose, propose_for
from .source import Source, read
from .table import Balance, Mismatch, Row, Table, is_payment, paid_amount
from .text import Finding, Refused, Text

Skipped = Finding

__all__ = [
    "DEFAULT",
    "FIELDS",
    "OPEN_QUANTITY_WORDS",
    "ORDER_WORDS",
    "LABELS",
    "Balance",
    "Block",
    "Field",
    "Book",
    "Column",
    "Finding",
    "Form",
    "FormRow",
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
    "Source",
    "Table",
    "Text",
    "clean_key",
    "deviations",
    "is_payment",
    "doubts",
    "layout_of",
    "load",
    "paid_amount",
    "propose",
    "propose_for",
    "read",
    "read_form",
    "read_list",
]
