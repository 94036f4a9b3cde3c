# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .rd_property import HELD

RHYTHMS = {"quarter": 3, "half": 6, "year": 12}


class RdProperty(models.Model):
    """Whether the register agrees with the business, in figures that open."""

    _name = "rd.property"
    _inherit = ["rd.property"]

    @api.model
    def _get_agreement(self, company, month):
        """Return how many of the cards counted in a month agreed with the register.

        :param month: its first day
        :return: (without a difference, counted, domain of the counted lines)
        """
        domain = [
            ("company_id", "=", company.id),
            ("is_counted", "=", True),
            ("count_id.state", "!=", "cancelled"),
            ("count_id.date_due", ">=", month),
            ("count_id.date_due", "<=", month + relativedelta(day=31)),
        ]
        lines = self.env["rd.property.count.line"]
        agreeing = lines.search_count([*domain, ("differs", "=", False)])
        return agreeing, lines.search_count(domain), domain

    @api.model
    def _get_open_domains(self, company):
        """Return ``{code: (model, domain)}`` of what keeps the register from
        agreeing with the business today.

        What is our own is no customer's property: nobody marks, verifies or confirms
        it. Upkeep and incidents are work whoever owns the thing.
        """
        today = company._rd_today()
        ours = [("company_id", "=", company.id)]
        here = [*ours, ("state", "in", HELD)]
        theirs = [*here, ("is_own", "=", False)]
        return {
            "incidents": (
                "rd.property.incident",
                [*ours, ("state", "in", ("draft", "reported", "answered"))],
            ),
            "unmarked": ("rd.property", [*theirs, ("marked_on", "=", False)]),
            "unverified": (
                "rd.property",
                [*theirs, ("check_ids", "any", [("verified_event_id", "=", False)])],
            ),
            "unconfirmed": (
                "rd.property",
                [*theirs, *self._get_unconfirmed_domain(today)],
            ),
            "overdue": (
                "rd.property.count",
                [
                    *ours,
                    ("state", "in", ("planned", "counting", "review")),
                    ("date_due", "<", today),
                ],
            ),
            "upkeep": ("rd.property", [*here, ("upkeep_due", "<=", today)]),
        }

    @api.model
    def _get_unconfirmed_domain(self, today):
        """Return what its owner has not confirmed within his own rhythm."""
        terms = [
            fields.Domain("partner_id.rd_property_rhythm", "=", rhythm)
            & (
                fields.Domain("confirmed_on", "=", False)
                | fields.Domain(
                    "confirmed_on", "<", today - relativedelta(months=months)
                )
            )
            for rhythm, months in RHYTHMS.items()
        ]
        return fields.Domain.OR(terms)
