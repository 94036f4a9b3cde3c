# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

PROGRESS = "/my/progress"


class ProgressPortal(CustomerPortal):
    """How the customer's own running orders stand, live."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_progress_count" in counters:
            values["rd_progress_count"] = self._rd_count_progress()
        return values

    def _rd_count_progress(self):
        orders = request.env["sale.order"]
        if not orders.has_access("read"):
            return 0
        return orders.search_count(
            orders._rd_get_progress_domain(request.env.user.partner_id)
        )

    @route(
        [PROGRESS, f"{PROGRESS}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_progress(self, page=1, **_kwargs):
        """The running orders of the user's own company, page by page."""
        orders = request.env["sale.order"]
        pager = portal_pager(
            url=PROGRESS,
            total=self._rd_count_progress(),
            page=page,
            step=self._items_per_page,
        )
        rows = []
        if orders.has_access("read"):
            rows = orders.search(
                orders._rd_get_progress_domain(request.env.user.partner_id),
                order="commitment_date, id",
                limit=self._items_per_page,
                offset=pager["offset"],
            )._rd_prepare_progress_rows()
        return request.render(
            "rd_sales_admin.portal_my_progress",
            {
                **self._prepare_portal_layout_values(),
                "rows": rows,
                "page_name": "rd_progress",
                "pager": pager,
                "default_url": PROGRESS,
            },
        )
