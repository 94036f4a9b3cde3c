# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How far an affiliate's scales may lie from ours."""

AFFILIATE = "A05"


def allow_tolerance(desk):
    """The supervisor agrees with an affiliate what counts as the same weight."""
    desk.model("rd.match.tolerance", "supervisor").create(
        {
            "company_id": desk.company.id,
            "partner_id": desk.masters.partners[AFFILIATE].id,
            "settlement_class": "material",
            "quantity": 0.05,
            "days": 2,
        }
    )
