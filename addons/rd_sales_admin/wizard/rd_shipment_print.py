# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class RdShipmentPrint(models.TransientModel):
    """Which customer's shipments of which month are printed."""

    _name = "rd.shipment.print"
    _description = "Shipment List of a Month"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        domain=[("is_company", "=", True), ("parent_id", "=", False)],
    )
    month = fields.Date(required=True, default=lambda self: self._default_month())
    date_from = fields.Date(
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date(
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.model
    def _default_month(self):
        today = self.env.company._rd_today()
        return today.replace(day=1) - relativedelta(months=1)

    @api.depends("month", "partner_id")
    def _compute_dates(self):
        """Take the customer's own period: from cut-off to cut-off."""
        for record in self:
            month = (record.month or self._default_month()).replace(day=1)
            before = (
                record.partner_id._rd_cutoff(month - relativedelta(months=1))
                if (record.partner_id)
                else month - timedelta(days=1)
            )
            record.date_from = before + timedelta(days=1)
            record.date_to = (
                record.partner_id._rd_cutoff(month)
                if record.partner_id
                else month + relativedelta(months=1, days=-1)
            )

    @api.depends("partner_id", "date_from", "date_to")
    def _compute_display_name(self):
        for record in self:
            period = f"{record.date_from}–{record.date_to}"
            record.display_name = f"{record.partner_id.name or ''} {period}".strip()

    def action_print(self):
        """Print the list on paper."""
        report = self.env.ref("rd_sales_admin.action_report_shipment_month")
        return report.report_action(self)

    def action_workbook(self):
        """Write the list into a workbook."""
        report = self.env.ref("rd_sales_admin.action_report_shipment_month_xlsx")
        return report.report_action(self)

    def _rd_prepare_paper(self):
        """Return all that is printed of the shipments, see ``rd.paper``."""
        self.ensure_one()
        return self.env["rd.paper"]._prepare_shipment_list(
            self,
            self._get_moves(),
            self.company_id,
            self.partner_id,
            (self.date_from, self.date_to),
        )

    def _get_moves(self):
        """Return what moved between us and the customer in the period."""
        company = self.company_id
        return self.env["stock.move"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "done"),
                ("quantity", ">", 0),
                ("date", ">=", company._rd_day_start(self.date_from)),
                ("date", "<", company._rd_day_end(self.date_to)),
                (
                    "sale_line_id.order_id.partner_invoice_id",
                    "child_of",
                    self.partner_id.id,
                ),
                "|",
                ("location_id.usage", "=", "customer"),
                ("location_dest_id.usage", "=", "customer"),
            ]
        )
