# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The kinds of difference and what is proposed for each, as data."""

from typing import NamedTuple


def _(message):
    """Mark `message` for extraction; the caller who shows it translates it."""
    return message


class Default(NamedTuple):
    """The proposed way out of one kind of difference.

    `owner` acts within `days` working days. `blocks_invoice` is "no", "line",
    "short" (only the part that is missing) or "statement". A kind with
    `periods` is carried to the next period and gives up after so many.
    """

    label: str
    owner: str
    days: int
    blocks_invoice: str
    blocks_dunning: bool
    action: str
    periods: int = 0


CODES = {
    "match": Default(_("Agrees"), "none", 0, "no", False, _("Nothing to do.")),
    "rounding": Default(
        _("Rounding"), "none", 0, "no", False, _("Post to a rounding line.")
    ),
    "tax_basis": Default(
        _("Tax basis"), "us", 2, "statement", True, _("Convert and confirm the rate.")
    ),
    "uom": Default(
        _("Unit of measure"),
        "us",
        2,
        "line",
        False,
        _("Convert and keep the factor for this part."),
    ),
    "timing": Default(
        _("Timing"), "none", 0, "line", False, _("Carry to the next period."), periods=2
    ),
    "quantity_short": Default(
        _("Short receipt"),
        "warehouse",
        5,
        "short",
        False,
        _("Settle what was accepted; return, redeliver or claim the rest."),
    ),
    "quantity": Default(
        _("Quantity"), "us", 3, "line", False, _("Check the signed delivery note.")
    ),
    "price": Default(
        _("Price"),
        "supervisor",
        3,
        "line",
        True,
        _("Apply the agreed price, or have the other one approved."),
    ),
    "amount": Default(
        _("Amount"), "us", 3, "line", False, _("Split the other charge off the line.")
    ),
    "not_in_theirs": Default(
        _("Missing on their side"),
        "us",
        5,
        "line",
        False,
        _("Send the signed delivery note."),
    ),
    "not_in_ours": Default(
        _("Missing on our side"), "us", 3, "no", False, _("Find our document.")
    ),
    "duplicate": Default(
        _("Booked twice"), "its_side", 2, "line", False, _("Void one of the two.")
    ),
    "return_unposted": Default(
        _("Return not booked"),
        "its_side",
        5,
        "line",
        True,
        _("Have the return booked, with a red invoice if invoiced."),
    ),
    "part_alias": Default(
        _("Other part number"),
        "us",
        2,
        "no",
        False,
        _("Confirm that both numbers mean the same part."),
    ),
    "doc_ref": Default(
        _("Other note number"),
        "us",
        2,
        "no",
        False,
        _("Confirm that both numbers mean the same delivery."),
    ),
    "party": Default(
        _("Other company"), "us", 5, "line", True, _("Transfer to the right company.")
    ),
    "invoiced_not_received": Default(
        _("Invoiced, not received"), "them", 5, "no", True, _("Ask for the receipt.")
    ),
    "received_not_invoiced": Default(
        _("Received, not invoiced"), "us", 3, "no", False, _("Accrue or invoice.")
    ),
    "payment": Default(
        _("Payment"), "finance", 3, "no", True, _("Compare receipts and bills.")
    ),
    "opening": Default(
        _("Opening difference"),
        "supervisor",
        3,
        "statement",
        True,
        _("Stop and reopen the period before."),
    ),
    "deduction": Default(
        _("Deduction"),
        "supervisor",
        10,
        "line",
        True,
        _("Dispute it, or grant a credit."),
    ),
}


# What each rung of the ladder is called where a person reads it.
RULES = {
    "key_exact": _("Same note and part"),
    "key_sum": _("Same note and part, several lines"),
    "key_converted": _("Same note and part, tax converted"),
    "alias": _("Known other part number"),
    "learned_alias": _("Learned part number"),
    "learned_note": _("Learned way of writing the note"),
    "learned_unit": _("Learned unit"),
    "learned_cutoff": _("Learned cut-off"),
    "note_in_remark": _("Note in the remark"),
    "rounding_line": _("Rounding"),
    "rounding_over_limit": _("Roundings above the limit"),
    "quantity_tolerance": _("Within the quantity tolerance"),
    "tax_ratio": _("Differs by a tax rate"),
    "tax_rates": _("Two tax rates"),
    "price_stated": _("Other price stated"),
    "price_implied": _("Amounts mean another price"),
    "amount": _("Amount only"),
    "unit_ratio": _("Differs by a unit"),
    "short_receipt": _("Short receipt stated"),
    "our_return": _("Our return"),
    "their_return": _("Their return"),
    "twice_ours": _("Repeated line of ours"),
    "twice_theirs": _("Repeated line of theirs"),
    "quantity": _("Same note and part, other quantity"),
    "nothing_to_compare": _("Nothing to compare"),
    "part_suffix": _("Part differs in its suffix"),
    "note_similar": _("Note differs by a slip"),
    "note_missing": _("One side has no note"),
    "note_sequence": _("Note with numbered parts"),
    "note_total": _("Sum of one note"),
    "order_sum": _("Sum of one order"),
    "taken_back": _("Delivered and taken back"),
    "adjacent_period": _("Next period"),
    "after_their_end": _("After their last entry"),
    "after_our_end": _("After our last entry"),
    "before_their_start": _("Before their first entry"),
    "before_our_start": _("Before our first entry"),
    "ours_only": _("On our side only"),
    "theirs_only": _("On their side only"),
    "several_candidates": _("Several would fit"),
    "too_many_to_try": _("Too many to try"),
    "their_deduction": _("Deduction without document"),
    "opening_equal": _("Same opening"),
    "opening_differs": _("Other opening"),
    "payment_number": _("Same payment reference"),
    "payment_day": _("Same payment, near day"),
    "payment_sum": _("Payments add up"),
    "payment_total": _("Sum of the payments"),
    "payment_amount": _("Same reference, other amount"),
    "payment_later": _("Paid at the end of the period"),
    "payment_earlier": _("Paid in an earlier period"),
    "payment_ours": _("Payment in our books only"),
    "payment_theirs": _("Payment in their books only"),
    "invoice_number": _("Same invoice"),
    "invoice_day": _("Same invoice amount, near day"),
    "invoice_total": _("Sum of the invoices"),
    "invoice_amount": _("Same invoice, other amount"),
    "invoice_ours": _("Invoice in our books only"),
    "invoice_theirs": _("Invoice in their books only"),
    "party_payment": _("Payment of a sister company"),
    "party_invoice": _("Invoice to a sister company"),
    "party_mirror": _("Mirror image of a sister company"),
    "party_balance": _("Balance of a sister company"),
    "by_hand": _("By hand"),
    "answered": _("Answered by the other side"),
    "parted": _("Parted by hand"),
    "split": _("Split by hand"),
}


def rule_label(rule):
    """The label of a rule; a known part number counts before what it led to."""
    return RULES["alias"] if rule.startswith("alias_") else RULES[rule]
