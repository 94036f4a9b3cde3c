# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

STATEMENTS = "/my/statements"


class AffiliatePortal(CustomerPortal):
    """The affiliate's home and lists."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_statement_count" in counters:
            values["rd_statement_count"] = request.env[
                "rd.statement"
            ]._count_to_answer()
        return values

    @route(
        ["/my/statements", "/my/statements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_statements(
        self, page=1, sortby="date", filterby="all", search="", **_kwargs
    ):
        """The statements of the user's affiliate, page by page."""
        statements = request.env["rd.statement"]
        sortings = statements._get_portal_sortings()
        filters = statements._get_portal_list_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = statements._get_portal_list_domain(filterby, search)
        visible = statements.has_access("read")
        pager = portal_pager(
            url=STATEMENTS,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
            total=statements.search_count(domain) if visible else 0,
            page=page,
            step=self._items_per_page,
        )
        found = statements
        if visible:
            found = statements.search(
                domain,
                order=sortings[sortby]["order"],
                limit=self._items_per_page,
                offset=pager["offset"],
            )
        return request.render(
            "rd_reconciliation.portal_my_statements",
            {
                **self._prepare_portal_layout_values(),
                "statements": found,
                "shows_amounts": statements._shows_amounts(),
                "page_name": "rd_statements",
                "pager": pager,
                "default_url": STATEMENTS,
                "searchbar_sortings": sortings,
                "sortby": sortby,
                "searchbar_filters": filters,
                "filterby": filterby,
                "search": search,
            },
        )
