# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

DELIVERIES = "/my/deliveries"


class DeliveryPortal(CustomerPortal):
    """Deliveries as they arrive: a list that looks, and a confirmation per delivery."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_delivery_count" in counters:
            pickings = request.env["stock.picking"]
            domain = pickings._get_delivery_domain("open")
            values["rd_delivery_count"] = pickings._count_deliveries(domain)
        return values

    @route(
        ["/my/deliveries", "/my/deliveries/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_deliveries(self, page=1, filterby="open", search="", **_kwargs):
        """The deliveries of the user's affiliate, page by page."""
        pickings = request.env["stock.picking"]
        filters = pickings._get_delivery_filters()
        filterby = filterby if filterby in filters else "open"
        domain = pickings._get_delivery_domain(filterby, search)
        pager = portal_pager(
            url=DELIVERIES,
            url_args={"filterby": filterby, "search": search},
            total=pickings._count_deliveries(domain),
            page=page,
            step=self._items_per_page,
        )
        found = pickings._find_deliveries(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        return request.render(
            "rd_reconciliation.portal_my_deliveries",
            {
                **self._prepare_portal_layout_values(),
                "rows": found._prepare_delivery_rows(),
                "page_name": "rd_deliveries",
                "pager": pager,
                "default_url": DELIVERIES,
                "searchbar_filters": filters,
                "filterby": filterby,
                "search": search,
            },
        )

    @route(
        "/my/deliveries/<int:picking_id>/confirm",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def portal_delivery_confirm(self, picking_id, quantities=None, **_kwargs):
        """Confirm one delivery, in full or with what arrived of each line."""
        picking = request.env["stock.picking"].browse(picking_id)
        try:
            with request.env.cr.savepoint():
                picking._portal_confirm_delivery(
                    quantities, request.httprequest.remote_addr
                )
        except (AccessError, MissingError):
            return {"error": request.env._("This delivery is not yours to confirm.")}
        except UserError as error:
            return {"error": str(error)}
        return {"done": True, "label": request.env._("Confirmed")}
