# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from typing import NamedTuple

from odoo import api, models

# One integer per kind of source: the exclusion constraint that keeps portions
# apart compares integers (ranges need no extension of the database).
KIND_DELIVERY = 1
KIND_OPENING = 2
KIND_LATE = 3
KIND_ADJUSTMENT = 4
KIND_CHARGE = 5
KIND_HANDOVER = 6
KIND_STAGE = 7
# Asks a source for everything. What was invoiced elsewhere shows only beside all
# that was ever moved: a later return or delivery must not be taken for it.
FOREVER = date(2999, 12, 31)


class Portion(NamedTuple):
    """A quantity that one source record offers for settlement."""

    kind: int
    """Which kind of source (``KIND_*``)."""
    res_id: int
    """Record of that source."""
    sale_line_id: int
    """Order line the quantity belongs to; 0 for what is no delivered quantity."""
    quantity: float
    """The whole quantity of the source, ≥ 0, in the unit of the order line."""
    sign: int
    """1 for a delivery, −1 for a return."""
    date: object
    """The company's calendar day of the event."""
    note: str
    """Delivery note it is known by."""
    zero_reason: str
    """Code why it is listed at amount 0, or an empty string."""
    currency_id: int = 0
    """Currency, where no order line says it."""
    values: dict | None = None
    """What the statement line keeps, where not what the order says today."""
    start: float = 0.0
    """Where the offered part of the source begins."""
    end: float | None = None
    """Where it ends; None: with the whole quantity."""
    due: bool = True
    """Whether it may be stated. What is not due yet is told all the same: nothing
    that was moved may be missing when quantities are compared."""
    confirmed: bool = False
    """Whether the other side has confirmed this part already."""
    moved_on: object = None
    """The company's calendar day of the movement where ``date`` is another one
    (the signature); prices are those of this day."""

    @property
    def until(self):
        """Where the offered part ends."""
        return self.quantity if self.end is None else self.end


class RdSettlementSource(models.AbstractModel):
    """Where statement lines come from.

    A model that feeds statements inherits this, answers ``_rd_get_portions`` and
    adds its own name in ``_rd_get_sources`` through ``super()``.
    """

    _name = "rd.settlement.source"
    _description = "Source of Settlement"

    @api.model
    def _rd_get_sources(self):
        """Return the names of the models that feed statements, in order."""
        return ["stock.move"]

    @api.model
    def _rd_get_portions(self, company, partner, until):
        """Return the portions of ``partner`` up to and including the day ``until``.

        :param company: one ``res.company``
        :param partner: one commercial partner
        :param until: last calendar day in the company's time zone
        :return: list of :class:`Portion`, oldest first; together the whole
            quantity of each source, whatever of it is already on a statement
        """
        return []
