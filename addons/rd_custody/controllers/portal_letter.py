# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

LETTERS = "/my/property-letters"


class LetterPortal(CustomerPortal):
    """What we keep for the user's own house, to be confirmed line by line."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_letter_count" in counters:
            letters = request.env["rd.property.confirmation"]
            domain = [*letters._get_portal_domain(), ("state", "=", "sent")]
            values["rd_letter_count"] = letters.search_count(domain)
        return values

    @route(
        [LETTERS, f"{LETTERS}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_letters(self, page=1, **_kwargs):
        """The letters to the user's own house, page by page."""
        letters = request.env["rd.property.confirmation"]
        domain = letters._get_portal_domain()
        pager = portal_pager(
            url=LETTERS,
            total=letters.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = letters.search(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        return request.render(
            "rd_custody.portal_my_letters",
            {
                **self._prepare_portal_layout_values(),
                "letters": found._get_portal_view(),
                "page_name": "rd_letters",
                "pager": pager,
                "default_url": LETTERS,
            },
        )

    @route(
        f"{LETTERS}/<int:letter_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_letter(self, letter_id, error="", **_kwargs):
        """One letter with a form that answers each of its lines."""
        letter = self._find_letter(letter_id)
        if not letter:
            return request.redirect("/my")
        lines = request.env["rd.property.confirmation.line"]
        return request.render(
            "rd_custody.portal_letter",
            {
                **self._prepare_portal_layout_values(),
                "letter": letter._get_portal_view(),
                "differences": lines._fields["difference"]._description_selection(
                    request.env
                ),
                "error": error,
                "page_name": "rd_letters",
            },
        )

    @route(
        f"{LETTERS}/<int:letter_id>/letter.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def portal_letter_report(self, letter_id, **_kwargs):
        """The letter as PDF."""
        letter = self._find_letter(letter_id)
        if not letter:
            raise request.not_found()
        return self._show_report(
            model=letter._get_portal_view(),
            report_type="pdf",
            report_ref="rd_custody.action_report_letter",
        )

    @route(
        f"{LETTERS}/<int:letter_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_letter_answer(self, letter_id, **post):
        """Take the owner's answer to every line."""
        letter = self._find_letter(letter_id)
        if not letter:
            return request.redirect("/my")
        revision = post.get("revision") or ""
        try:
            with request.env.cr.savepoint():
                letter._portal_answer(
                    self._get_differing(post),
                    int(revision) if revision.isdecimal() else 0,
                    post.get("content_hash"),
                    request.httprequest.remote_addr,
                )
        except UserError as error:
            return self.portal_letter(letter_id, error=str(error))
        return request.redirect(f"{LETTERS}/{letter_id}")

    def _get_differing(self, post):
        """Return ``{line id: (kind, words, their quantity)}`` of what was marked."""
        marked = {
            int(name[8:]): value
            for name, value in post.items()
            if name.startswith("differs_") and name[8:].isdecimal() and value
        }
        return {
            line: (kind, post.get(f"words_{line}"), post.get(f"quantity_{line}"))
            for line, kind in marked.items()
        }

    def _find_letter(self, letter_id):
        """Return the letter as the user, or nothing where it is not his."""
        letters = request.env["rd.property.confirmation"]
        letter = letters.browse(letter_id)
        try:
            letter.check_access("read")
        except (AccessError, MissingError):
            return letters
        return letter.exists()
