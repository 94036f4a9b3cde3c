# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.res_partner import _tz_get

SUPERVISOR = "rd_sales_admin.rd_sales_admin_group_supervisor"


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    rd_start_date = fields.Date(
        string="Desk start date",
        help="Deliveries before this day are out of scope; of them only what was "
        "delivered and not yet invoiced on this day enters, by the opening list.",
    )
    rd_tz = fields.Selection(
        selection=_tz_get,
        string="Desk time zone",
        default="Asia/Shanghai",
        required=True,
        help="The one time zone in which the company's days and cut-offs are counted.",
    )
    rd_list_due_days = fields.Integer(
        string="Shipping list due after (days)",
        default=2,
        help="Calendar days after an affiliate's cut-off by which the warehouses' "
        "shipping lists are expected.",
    )

    rd_note_prices = fields.Boolean(
        string="Prices on delivery notes",
        help="Print price and amount on delivery notes and shipment lists; else their "
        "columns stay blank.",
    )
    rd_note_paper = fields.Selection(
        [
            ("a4", "A4"),
            ("241_140", "241 × 140 mm, multi-part"),
            ("241_280", "241 × 280 mm, multi-part"),
        ],
        string="Paper of delivery notes",
        default="a4",
        required=True,
        help="A4, or the endless paper of multi-part forms.",
    )

    def _rd_timezone(self):
        self.ensure_one()
        return pytz.timezone(self.rd_tz or "UTC")

    def _rd_today(self):
        """Return today's date in the company's time zone."""
        return self._rd_local_date(fields.Datetime.now())

    def _rd_in_language(self, records):
        """Return the records so that what is kept of them, as messages, is in the
        company's language: a scheduled action's own user reads none of it."""
        lang = self.partner_id.lang
        return records.with_context(lang=lang) if lang else records

    @api.model
    def _rd_group_by_today(self):
        """Return ``{day: companies}``: whose calendar shows which day just now.

        There are three days on earth at most, however many companies there are.
        """
        # Which day it is somewhere is no secret.
        companies = self.sudo().with_context(active_test=False)
        groups = defaultdict(companies.browse)
        for _zone, found in companies._read_group([], ["rd_tz"], ["id:recordset"]):
            groups[found[0]._rd_today()] |= found
        return groups

    @api.model
    def _rd_compare_today(self, name, operator):
        """Return a domain that compares a day with today of the record's company.

        :param name: a date field of a model with ``company_id``
        """
        groups = self._rd_group_by_today()
        if len(groups) == 1:
            return Domain(name, operator, *groups)
        return Domain.OR(
            Domain("company_id", "in", companies.ids) & Domain(name, operator, day)
            for day, companies in groups.items()
        )

    @api.model
    def _rd_query_today(self, column):
        """Return today of the company whose id is in the column, as SQL."""
        whens = (
            SQL("WHEN %s IN %s THEN %s::date", column, companies._ids, day)
            for day, companies in self._rd_group_by_today().items()
        )
        return SQL("CASE %s END", SQL(" ").join(whens))

    def _rd_local_date(self, moment):
        """Return the company's calendar day of a naive UTC datetime."""
        return pytz.utc.localize(moment).astimezone(self._rd_timezone()).date()

    def _rd_day_start(self, day):
        """Return the naive UTC datetime at which ``day`` begins for the company.

        Where clocks are put forward at midnight the day begins at one o'clock, where
        they are put back to it at the first of two midnights.
        """
        zone, midnight = self._rd_timezone(), datetime.combine(day, time.min)
        moments = (
            zone.localize(midnight, is_dst=is_dst).astimezone(pytz.utc)
            for is_dst in (True, False)
        )
        found = [one.replace(tzinfo=None) for one in moments]
        return min(one for one in found if self._rd_local_date(one) >= day)

    def _rd_day_end(self, day):
        """Return the first naive UTC moment after ``day`` (exclusive bound)."""
        return self._rd_day_start(day + timedelta(days=1))

    def _rd_noon(self, day):
        """Return noon of the company's ``day``, as naive UTC datetime."""
        return self._rd_day_start(day) + timedelta(hours=12)

    def _rd_in_own_currency(self, amount, currency, day):
        """Return the amount in the company's currency, at the rate of the day.

        Whoever sets a limit sets it in the company's currency.
        """
        self.ensure_one()
        return currency._convert(amount, self.currency_id, self, day)

    def _rd_get_supervisors(self):
        """Return the supervisors of the company, people before robots."""
        # Whoever asks for an approval need not see the other users.
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(SUPERVISOR).ids),
                    ("company_ids", "in", self.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        technical = self.env.ref("base.user_root") | self.env.ref("base.user_admin")
        return users.sorted(lambda user: user in technical).sudo(False)
