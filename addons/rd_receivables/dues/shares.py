# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""An amount in parts whose sum is the amount."""

from decimal import ROUND_HALF_UP, Decimal


def shares(amount, weights, step=Decimal("0.01")):
    """Return one part per weight; their sum is always exactly ``amount``.

    Each part ends where the rounded running total ends, so no part is further
    than one step from its exact share.

    :param Decimal amount: a multiple of ``step``, of either sign
    :param weights: numbers ≥ 0, not all 0
    :param Decimal step: smallest coin of the currency
    :raise ValueError: for weights that divide nothing, or an amount finer than a step
    """
    weights = [Decimal(weight) for weight in weights]
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be positive")
    if amount % step:
        raise ValueError(f"{amount} is no multiple of {step}")
    parts, running, given = [], Decimal(0), Decimal(0)
    for weight in weights:
        running += weight
        until = _rounded(amount * running / whole, step)
        parts.append(until - given)
        given = until
    return parts


def _rounded(value, step):
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step
