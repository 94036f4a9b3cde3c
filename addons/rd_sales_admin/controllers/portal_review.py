# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

REVIEW = "/my/review"
MOST = 50


class ReviewPortal(CustomerPortal):
    """Two questions, each person his own; what is not his is not there."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_review_count" in counters:
            reviews = request.env["rd.customer.review"]
            values["rd_review_count"] = (
                reviews.search_count(
                    reviews._get_portal_domain() & Domain("state", "=", "asked")
                )
                if reviews.has_access("read")
                else 0
            )
        return values

    @route(
        REVIEW,
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_reviews(self, **_kwargs):
        """What the user was asked and has answered."""
        reviews = request.env["rd.customer.review"]
        if reviews.has_access("read"):
            reviews = reviews.search(reviews._get_portal_domain(), limit=MOST)
        return request.render(
            "rd_sales_admin.portal_my_reviews",
            {
                **self._prepare_portal_layout_values(),
                "reviews": reviews,
                "page_name": "rd_reviews",
            },
        )

    @route(
        f"{REVIEW}/<int:review_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_review(self, review_id, **_kwargs):
        """The questions of one period."""
        review = self._find_review(review_id)
        if not review:
            return request.redirect(REVIEW)
        return self._render_review(review)

    @route(
        f"{REVIEW}/<int:review_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_review_answer(self, review_id, **values):
        """Take the answer of the person who was asked."""
        review = self._find_review(review_id)
        if not review:
            return request.redirect(REVIEW)
        try:
            with request.env.cr.savepoint():
                review._portal_answer(values)
        except UserError as refusal:
            return self._render_review(review, error=str(refusal))
        return self._render_review(review, thanks=True)

    def _render_review(self, review, error=None, thanks=False):
        return request.render(
            "rd_sales_admin.portal_review",
            {
                **self._prepare_portal_layout_values(),
                "review": review,
                "is_open": review._is_open(),
                "error": error,
                "thanks": thanks,
                "page_name": "rd_review",
            },
        )

    def _find_review(self, review_id):
        reviews = request.env["rd.customer.review"]
        if not reviews.has_access("read"):
            return reviews
        own = reviews._get_portal_domain() & Domain("id", "=", review_id)
        return reviews.search(own)
