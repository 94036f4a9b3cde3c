# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

HANDOVERS = "/my/handovers"
MIMETYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PAPERS = ("list.pdf", "list.xlsx", "certificate.pdf", "certificate.xlsx")


class HandoverPortal(CustomerPortal):
    """Handovers: a list, a page that looks, and answers that are posted."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_handover_count" in counters:
            handovers = request.env["rd.handover"]
            domain = handovers._get_handover_domain("open")
            values["rd_handover_count"] = handovers._count_handovers(domain)
        return values

    @route(
        ["/my/handovers", "/my/handovers/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_handovers(self, page=1, filterby="open", search="", **_kwargs):
        """The handovers of the user's affiliate, page by page."""
        handovers = request.env["rd.handover"]
        filters = handovers._get_handover_filters()
        filterby = filterby if filterby in filters else "open"
        domain = handovers._get_handover_domain(filterby, search)
        pager = portal_pager(
            url=HANDOVERS,
            url_args={"filterby": filterby, "search": search},
            total=handovers._count_handovers(domain),
            page=page,
            step=self._items_per_page,
        )
        found = handovers._find_handovers(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        return request.render(
            "rd_reconciliation.portal_my_handovers",
            {
                **self._prepare_portal_layout_values(),
                "handovers": found,
                "page_name": "rd_handovers",
                "pager": pager,
                "default_url": HANDOVERS,
                "searchbar_filters": filters,
                "filterby": filterby,
                "search": search,
            },
        )

    @route(
        "/my/handovers/<int:handover_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_handover(self, handover_id, **_kwargs):
        """The page of one handover: its classes, and what each still lacks."""
        handover = request.env["rd.handover"]._find_handover(handover_id)
        if not handover:
            return request.redirect(HANDOVERS)
        revision, digest = handover._get_shown_revision()
        return request.render(
            "rd_reconciliation.portal_handover_page",
            {
                **self._prepare_portal_layout_values(),
                "handover": handover,
                "classes": handover._prepare_portal_classes(),
                "revision": revision,
                "content_hash": digest,
                "page_name": "rd_handover",
            },
        )

    @route(
        "/my/handovers/<int:handover_id>/<string:paper>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_handover_paper(self, handover_id, paper, **_kwargs):
        """The handover list or the acceptance certificate, as PDF or workbook."""
        handover = request.env["rd.handover"]._find_handover(handover_id)
        if not handover or paper not in PAPERS:
            return request.redirect(HANDOVERS)
        data = handover._render_handover(paper)
        suffix = paper.rpartition(".")[2]
        name = f"{handover.name.replace('/', '-')}-{paper}"
        return request.make_response(
            data,
            [
                ("Content-Type", MIMETYPES[suffix]),
                ("Content-Length", len(data)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @route(
        "/my/handovers/<int:handover_id>/answer",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def portal_handover_answer(self, handover_id, decision=None, **values):
        """Accept a class or all of it, dispute a line, or take a dispute back."""
        try:
            with request.env.cr.savepoint():
                request.env["rd.handover"]._portal_answer(
                    handover_id, decision, values, request.httprequest.remote_addr
                )
        except (AccessError, MissingError):
            return {"error": request.env._("This handover is not yours to answer.")}
        except UserError as error:
            return {"error": str(error)}
        return {"done": True}
