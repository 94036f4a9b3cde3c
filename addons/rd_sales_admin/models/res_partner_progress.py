# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain

WEEK = timedelta(days=7)


class ResPartner(models.Model):
    """The weekly word to each affiliate on how its orders stand."""

    _name = "res.partner"
    _inherit = ["res.partner"]

    rd_progress_contact_ids = fields.Many2many(
        "res.partner",
        "rd_partner_progress_rel",
        "partner_id",
        "contact_id",
        string="Weekly progress to",
        help="Who gets the list of running orders each week; empty: the affiliate's "
        "own address.",
    )
    rd_progress_mailed = fields.Date(
        string="Progress last sent", readonly=True, company_dependent=True, copy=False
    )

    @api.model
    def _cron_weekly_progress(self):
        """Send each affiliate its running orders once a week, in its language."""
        companies = self.env["res.company"].search([("rd_start_date", "!=", False)])
        crons = self.env["ir.cron"]
        found = crons._rd_find_each(companies, self._rd_find_progress_due)
        for company, due in found.items():
            today = company._rd_today()
            crons._rd_run_each(
                due,
                lambda one, company=company, today=today: one._rd_mail_progress(
                    company, today
                ),
            )

    @api.model
    def _rd_find_progress_due(self, company):
        """Return the affiliates with running orders whose week is over."""
        today = company._rd_today()
        found = self.env["sale.order"]._read_group(
            Domain("company_id", "=", company.id)
            & Domain("rd_order_stage", "in", ("contract", "release", "work", "ready"))
            & Domain(
                "partner_id.commercial_partner_id.rd_partner_class", "=", "affiliate"
            ),
            ["partner_id"],
        )
        affiliates = self.union(*(one.commercial_partner_id for (one,) in found))
        return affiliates.with_company(company).filtered(
            lambda one: (
                not one.rd_progress_mailed or one.rd_progress_mailed + WEEK <= today
            )
        )

    def _rd_mail_progress(self, company, today):
        """Make the mail of one affiliate, where it has an address."""
        self.ensure_one()
        receivers = (self.rd_progress_contact_ids or self).filtered("email")
        if not receivers:
            return
        lang = self.lang or company.partner_id.lang or self.env.lang
        self = self.with_context(lang=lang)
        orders = self.env["sale.order"].search(
            self.env["sale.order"]._rd_get_progress_domain(self)
            & Domain("company_id", "=", company.id),
            order="commitment_date, id",
        )
        body = self.env["ir.qweb"]._render(
            "rd_sales_admin.progress_mail",
            {
                "company": company,
                "partner": self,
                "today": today,
                "rows": orders._rd_prepare_progress_rows(),
                "url": f"{self.get_base_url()}/my/progress",
            },
        )
        self.env["mail.mail"].create(
            {
                "subject": self.env._(
                    "%(company)s: your orders in progress, %(day)s",
                    company=company.name,
                    day=today,
                ),
                "body_html": body,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "recipient_ids": [Command.set(receivers.ids)],
                "auto_delete": True,
            }
        )
        self.rd_progress_mailed = today
