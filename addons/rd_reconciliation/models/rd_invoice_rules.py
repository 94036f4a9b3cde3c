# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Words that several models of the tax invoice share."""

RULE_FIELDS = (
    "rd_invoice_max_amount",
    "rd_invoice_max_lines",
    "rd_invoice_by_class",
    "rd_invoice_by_order",
    "rd_invoice_by_rate",
)
KINDS = [
    ("special", "Special VAT invoice"),
    ("ordinary", "Ordinary VAT invoice"),
]
FAPIAO_KINDS = [
    *KINDS,
    ("digital_special", "Digital special invoice"),
    ("digital_ordinary", "Digital ordinary invoice"),
]
DELIVERY_WAYS = [
    ("email", "E-mail"),
    ("courier", "Courier"),
    ("hand", "By hand"),
    ("portal", "Portal"),
]
# Half a cent: sums of floats are compared by it.
HALF_CENT = 0.005
