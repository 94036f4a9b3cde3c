# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

DELIVERY_FILTERS = {
    "open": fields.Domain("rd_portal_date", "=", False),
    "done": fields.Domain("rd_portal_date", "!=", False),
    "all": fields.Domain.TRUE,
}


class StockPicking(models.Model):
    """The deliveries an affiliate sees on the portal, and confirms as they arrive.

    Portal users have no access to transfers; what they see here is looked up for
    them, within their own affiliate.
    """

    _name = "stock.picking"
    _inherit = ["stock.picking"]

    @api.model
    def _get_delivery_domain(self, filterby=None, search=""):
        """Return the domain of the deliveries of this user's affiliate.

        Nothing for anybody without a role on the portal.
        """
        user = self.env.user
        if not self.env["rd.statement"]._get_portal_role():
            return fields.Domain.FALSE
        ours = user.commercial_partner_id.id
        domain = fields.Domain(
            [
                ("state", "=", "done"),
                ("picking_type_code", "=", "outgoing"),
                ("sale_id.partner_invoice_id.commercial_partner_id", "=", ours),
            ]
        )
        domain &= self._get_started_domain(user.company_ids)
        domain &= DELIVERY_FILTERS.get(filterby, DELIVERY_FILTERS["all"])
        for word in (search or "").split()[:5]:
            names = (
                *("rd_note", "name", "sale_id.client_order_ref"),
                "move_ids.product_id.default_code",
            )
            domain &= fields.Domain.OR(
                [fields.Domain(name, "ilike", word) for name in names]
            )
        return domain

    @api.model
    def _get_started_domain(self, companies):
        """Return the domain of what left since the companies started with the desk."""
        # A portal user may not read companies, only what belongs to them.
        started = companies.sudo().filtered("rd_start_date")
        return fields.Domain.OR(
            [
                fields.Domain("company_id", "=", company.id)
                & fields.Domain(
                    "date_done", ">=", company._rd_day_start(company.rd_start_date)
                )
                for company in started
            ]
        )

    @api.model
    def _find_deliveries(self, domain, **kwargs):
        """Return deliveries by a domain of ``_get_delivery_domain``, as the system."""
        return self.sudo().search(domain, order="date_done desc, id desc", **kwargs)

    @api.model
    def _count_deliveries(self, domain):
        return 0 if domain.is_false() else self.sudo().search_count(domain)

    @api.model
    def _find_delivery(self, picking_id):
        """Return one delivery of this user's affiliate as the system, or none."""
        domain = self._get_delivery_domain()
        return self._find_deliveries(domain & fields.Domain("id", "=", picking_id))

    def _portal_confirm_delivery(self, quantities, ip_address=None):
        """Confirm a delivery with what arrived of each move.

        :param dict quantities: ``{move id as text: number}``, as a client sends it;
            None: everything arrived
        :raise AccessError: for a delivery that is not there or not theirs
        """
        delivery = self._find_delivery(self.id)
        if not delivery:
            raise AccessError(self.env._("This delivery is not yours to confirm."))
        if isinstance(quantities, dict):
            quantities = {
                int(key) if str(key).isdecimal() else key: value
                for key, value in quantities.items()
            }
        return delivery._rd_confirm_by_portal(self.env.user, quantities, ip_address)

    @api.model
    def _get_delivery_filters(self):
        return {
            "open": {"label": self.env._("To confirm")},
            "done": {"label": self.env._("Confirmed")},
            "all": {"label": self.env._("All")},
        }

    def _prepare_delivery_rows(self):
        """Return what the page shows of each delivery: (delivery, moves, day).

        The day is the company's, as on the delivery note and the statement.
        """
        return [
            (
                delivery,
                delivery._rd_get_confirmable(),
                delivery.company_id._rd_local_date(delivery.date_done),
            )
            for delivery in self
        ]
