# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class StockMoveLine(models.Model):
    """The door that all goods pass: it is shut for customers that are stopped."""

    _name = "stock.move.line"
    _inherit = ["stock.move.line"]

    def _action_done(self):
        self._rd_check_stopped()
        return super()._action_done()

    def _rd_check_stopped(self):
        """Refuse goods that leave for a customer whose deliveries are held.

        What a shipping list of the warehouse reports has left already: that is
        booked, and a supervisor is told.
        """
        leaving = self.sudo().filtered(
            lambda line: (
                line.location_dest_id.usage == "customer"
                and line.location_id.usage != "customer"
            )
        )
        for company, lines in leaving.grouped("company_id").items():
            stops = lines._rd_get_stops(company)
            for stop in stops:
                own = lines.filtered(
                    lambda line, stop=stop: stop.partner_id in line._rd_get_debtors()
                )
                reported = own.picking_id.filtered("rd_shipping_list_id")
                if own.filtered(
                    lambda line, some=reported: line.picking_id not in some
                ):
                    raise UserError(stop._get_refusal())
                reported._rd_tell_left(stop)

    def _rd_get_stops(self, company):
        return (
            self.env["rd.delivery.stop"]
            .sudo()
            ._get_stops(company, self._rd_get_debtors())
        )

    def _rd_get_debtors(self):
        """Return the customers who get the goods, and those who pay for them."""
        partners = self.picking_id.partner_id | self.move_id.partner_id
        partners |= self.move_id.sale_line_id.order_id.partner_invoice_id
        return partners.commercial_partner_id
