# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class RdClose(models.Model):
    """Collecting, day by day, what a month that is open has brought so far.

    It begins with the affiliate's period and goes on until its month is done. Nothing
    else happens before the cut-off: the steps wait for it.
    """

    _name = "rd.close"
    _inherit = ["rd.close"]

    @api.model
    def _collect_due(self):
        """Collect for each affiliate of an open month, once a day.

        An affiliate is one transaction, its months oldest first: where one cannot be
        collected, a later one does not take what belongs to it.
        """
        closes = self.search([("state", "=", "open")], order="month, id")
        for company, own in closes.grouped("company_id").items():
            self.env["ir.cron"]._rd_run_each(
                own._get_partners_to_collect().with_company(company),
                own._collect_partner,
            )

    def _get_partners_to_collect(self):
        """Return the affiliates of these months of one company that were not collected
        today yet, and not since something has come that was waited for.

        Nothing is collected for who was left open, whatever was done before that.
        """
        company = self.company_id
        today = company._rd_day_start(company._rd_today())
        groups = self.env["rd.close.step"]._read_group(
            [
                *(("close_id", "in", self.ids), ("state", "!=", "left")),
                # The company's own step is no affiliate's.
                ("partner_id", "!=", company.partner_id.id),
                *("|", ("collected_date", "=", False), ("collected_date", "<", today)),
            ],
            ["close_id", "partner_id"],
        )
        partners = self.env["res.partner"].union(
            *(
                partner
                for close, partner in groups
                if close._has_begun(partner) and not close._is_left_open(partner)
            )
        )
        return partners.sorted("id")

    def _is_left_open(self, partner):
        """Tell whether this month goes on without the affiliate."""
        self.ensure_one()
        return any(
            step.state == "left" and step.partner_id.id == partner.id
            for step in self.step_ids
        )

    def _has_begun(self, partner):
        """Tell whether the affiliate's period of this month has begun."""
        self.ensure_one()
        before = partner._rd_cutoff(self.month - relativedelta(months=1))
        return before < self.company_id._rd_today()

    def _collect_partner(self, partner):
        """Collect the open months of one affiliate, oldest first."""
        for close in self.sorted("month"):
            steps = close.step_ids.filtered(
                lambda step: step.partner_id.id == partner.id
            )
            is_left = close._is_left_open(partner)
            if close.state != "open" or is_left or not close._has_begun(partner):
                continue
            close = close.with_company(close.company_id)._in_company_language()
            close._touch(partner)
            steps._as_internal().write({"collected_date": fields.Datetime.now()})
            close._collect(partner)

    def _collect(self, partner):
        """Take what has come for one affiliate into this month; add-ons append."""
        self.ensure_one()
