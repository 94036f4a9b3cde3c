# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route
from odoo.tools import groupby

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

RETURNS = "/my/returns"
QUANTITY = "quantity_"


class ReturnPortal(CustomerPortal):
    """The user's own returns, and the form that asks for one."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_return_count" in counters:
            returns = request.env["rd.return"]
            values["rd_return_count"] = (
                returns.search_count(returns._get_portal_domain())
                if returns.has_access("read")
                else 0
            )
        return values

    @route(
        [RETURNS, f"{RETURNS}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_returns(self, page=1, **_kwargs):
        """The returns of the user's own company, page by page."""
        returns = request.env["rd.return"]
        if not returns.has_access("read"):
            return request.redirect("/my")
        domain = returns._get_portal_domain()
        pager = portal_pager(
            url=RETURNS,
            total=returns.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = returns.search(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        return request.render(
            "rd_custody.portal_my_returns",
            {
                **self._prepare_portal_layout_values(),
                "returns": found._get_portal_view(),
                "page_name": "rd_returns",
                "pager": pager,
                "default_url": RETURNS,
            },
        )

    @route(
        f"{RETURNS}/<int:return_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_return(self, return_id, **_kwargs):
        """One return: what comes back, what was found and what was decided."""
        record = self._find_return(return_id)
        if not record:
            return request.redirect("/my")
        return request.render(
            "rd_custody.portal_return",
            {
                **self._prepare_portal_layout_values(),
                "record": record._get_portal_view(),
                "page_name": "rd_returns",
            },
        )

    @route(
        f"{RETURNS}/<int:return_id>/photo/<int:photo_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def portal_return_photo(self, return_id, photo_id, **_kwargs):
        """One photo of the user's own return."""
        record = self._find_return(return_id)
        photos = record._get_portal_view().photo_ids
        photo = photos.filtered(lambda one: one.id == photo_id)
        if not photo:
            raise request.not_found()
        return request.env["ir.binary"]._get_stream_from(photo).get_response()

    @route(
        f"{RETURNS}/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_return_new(self, error="", key="", **_kwargs):
        """The form: the user's own delivered lines with what can come back."""
        returns = request.env["rd.return"]
        if not returns.has_access("read"):
            return request.redirect("/my")
        room = returns._get_portal_room()
        return request.render(
            "rd_custody.portal_return_new",
            {
                **self._prepare_portal_layout_values(),
                "deliveries": groupby(room.items(), lambda row: row[0].picking_id),
                "reasons": returns._get_portal_reasons(),
                "error": error,
                "key": key or returns._make_portal_key(),
                "page_name": "rd_returns",
                "is_new": True,
            },
        )

    @route(
        f"{RETURNS}/request",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_return_request(self, **post):
        """Take the request of a person of the customer."""
        returns = request.env["rd.return"]
        if not returns.has_access("read"):
            return request.redirect("/my")
        quantities = {
            int(key[len(QUANTITY) :]): value
            for key, value in post.items()
            if key.startswith(QUANTITY) and key[len(QUANTITY) :].isdecimal()
        }
        reason = post.get("reason") or ""
        files = request.httprequest.files.getlist("photos")
        photos = [self._read_photo(file) for file in files if file.filename]
        try:
            with request.env.cr.savepoint():
                record = returns._portal_request(
                    quantities,
                    int(reason) if reason.isdecimal() else 0,
                    post.get("words"),
                    photos,
                    post.get("key"),
                )
        except UserError as error:
            return self.portal_return_new(str(error), post.get("key"))
        return request.redirect(f"{RETURNS}/{record.id}")

    @staticmethod
    def _read_photo(file):
        # A request that is tried again rewinds only the first file of a field.
        file.stream.seek(0)
        return file.filename, file.stream.read()

    def _find_return(self, return_id):
        """Return the record as the user, or nothing where it is not his."""
        returns = request.env["rd.return"]
        record = returns.browse(return_id)
        try:
            record.check_access("read")
        except (AccessError, MissingError):
            return returns
        return record.exists()
