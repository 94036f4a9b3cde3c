# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

INCIDENTS = "/my/incidents"


class IncidentPortal(CustomerPortal):
    """What happened to the user's own property, and his decision on it."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_incident_count" in counters:
            incidents = request.env["rd.property.incident"]
            domain = [*incidents._get_portal_domain(), ("state", "=", "reported")]
            values["rd_incident_count"] = incidents.search_count(domain)
        return values

    @route(
        [INCIDENTS, f"{INCIDENTS}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_incidents(self, page=1, **_kwargs):
        """The incidents of the user's own property, page by page."""
        incidents = request.env["rd.property.incident"]
        domain = incidents._get_portal_domain()
        pager = portal_pager(
            url=INCIDENTS,
            total=incidents.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = incidents.search(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        return request.render(
            "rd_custody.portal_my_incidents",
            {
                **self._prepare_portal_layout_values(),
                "incidents": found._get_portal_view(),
                "page_name": "rd_incidents",
                "pager": pager,
                "default_url": INCIDENTS,
            },
        )

    @route(
        f"{INCIDENTS}/<int:incident_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_incident(self, incident_id, error="", **_kwargs):
        """One incident with its photos and the form for the decision."""
        incident = self._find_incident(incident_id)
        if not incident:
            return request.redirect("/my")
        return request.render(
            "rd_custody.portal_incident",
            {
                **self._prepare_portal_layout_values(),
                "incident": incident._get_portal_view(),
                "decisions": incident._fields["decision"]._description_selection(
                    request.env
                ),
                "error": error,
                "page_name": "rd_incidents",
            },
        )

    @route(
        f"{INCIDENTS}/<int:incident_id>/report.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def portal_incident_report(self, incident_id, **_kwargs):
        """The report as PDF."""
        incident = self._find_incident(incident_id)
        if not incident:
            raise request.not_found()
        return self._show_report(
            model=incident._get_portal_view(),
            report_type="pdf",
            report_ref="rd_custody.action_report_incident",
        )

    @route(
        f"{INCIDENTS}/<int:incident_id>/photo/<int:photo_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def portal_incident_photo(self, incident_id, photo_id, **_kwargs):
        """One photo of an incident of the user's own property."""
        incident = self._find_incident(incident_id)
        photos = incident._get_portal_view().photo_ids
        photo = photos.filtered(lambda one: one.id == photo_id)
        if not photo:
            raise request.not_found()
        return request.env["ir.binary"]._get_stream_from(photo).get_response()

    @route(
        f"{INCIDENTS}/<int:incident_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_incident_answer(self, incident_id, **post):
        """Take the owner's decision."""
        incident = self._find_incident(incident_id)
        if not incident:
            return request.redirect("/my")
        revision = post.get("revision") or ""
        try:
            with request.env.cr.savepoint():
                incident._portal_answer(
                    post.get("decision"),
                    post.get("words"),
                    int(revision) if revision.isdecimal() else 0,
                    post.get("content_hash"),
                    request.httprequest.remote_addr,
                )
        except UserError as error:
            return self.portal_incident(incident_id, error=str(error))
        return request.redirect(f"{INCIDENTS}/{incident_id}")

    def _find_incident(self, incident_id):
        """Return the incident as the user, or nothing where it is not his."""
        incidents = request.env["rd.property.incident"]
        incident = incidents.browse(incident_id)
        try:
            incident.check_access("read")
        except (AccessError, MissingError):
            return incidents
        return incident.exists()
