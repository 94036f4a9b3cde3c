# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class StockPicking(models.Model):
    """A delivery says that it is held, before anybody loads it."""

    _name = "stock.picking"
    _inherit = ["stock.picking"]

    rd_stop_reason = fields.Char(string="On hold", compute="_compute_rd_stop_reason")

    @api.depends("partner_id", "state", "sale_id.partner_invoice_id")
    @api.depends_context("lang")
    def _compute_rd_stop_reason(self):
        self.rd_stop_reason = False
        going = self.sudo().filtered(
            lambda picking: (
                picking.picking_type_code == "outgoing"
                and picking.state not in ("done", "cancel")
            )
        )
        stops = self.env["rd.delivery.stop"].sudo()
        for company, pickings in going.grouped("company_id").items():
            partners = pickings.partner_id | pickings.sale_id.partner_invoice_id
            found = {
                stop.partner_id: stop for stop in stops._get_stops(company, partners)
            }
            for picking in pickings if found else ():
                own = picking.partner_id | picking.sale_id.partner_invoice_id
                for partner in own.commercial_partner_id:
                    if partner in found:
                        picking.rd_stop_reason = found[partner]._get_refusal()

    def _rd_tell_left(self, stop):
        """Tell a supervisor that goods have left although they were held."""
        for picking in self:
            supervisor = picking.company_id._rd_get_supervisors()[:1]
            picking.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "%(note)s left although deliveries to %(partner)s are held",
                    note=picking.rd_note or picking.name,
                    partner=stop.partner_id.name,
                ),
                user_id=(supervisor or self.env.user).id,
            )
