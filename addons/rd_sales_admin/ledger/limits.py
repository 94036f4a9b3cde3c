# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How large a file may be before it is refused unread."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file; sizes in bytes, times in seconds.

    `memory` bounds the address space of the helper process that parses, not
    its resident size; it never raises a limit the caller already runs under.
    `seconds` is processor time, `patience` time on the clock: a busy machine
    makes an honest file slow, not expensive.
    """

    size: int = 32 << 20
    unpacked: int = 200 << 20
    ratio: int = 100
    ratio_from: int = 8 << 20
    entries: int = 2000
    rows: int = 300_000
    columns: int = 2000
    cells: int = 2_000_000
    memory: int = 1 << 30
    seconds: int = 8
    patience: int = 60


DEFAULT = Limits()
