# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

OPEN_ITEMS = "/my/open-items"
MOST_BYTES = 16 << 20


class OpenItemsPortal(CustomerPortal):
    """What the user's own company owes us, and what it says to that.

    The page only looks; each act is posted with the hash of what was shown. Every
    rule is the model's.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_open_item_count" in counters:
            values["rd_open_item_count"] = request.env[
                "rd.chase.note"
            ]._portal_count_overdue()
        return values

    @route(OPEN_ITEMS, type="http", auth="user", website=True, methods=["GET"])
    def portal_my_open_items(self, outcome=None, **_kwargs):
        """The open items of the user's company with due dates and days."""
        return self._render_items(said=outcome == "done")

    @route(f"{OPEN_ITEMS}/promise", type="jsonrpc", auth="user", website=True)
    def portal_promise(self, **values):
        """Promise to pay items, or a sum, on a day."""
        return self._act_on_items("_portal_promise", values)

    @route(f"{OPEN_ITEMS}/dispute", type="jsonrpc", auth="user", website=True)
    def portal_dispute_items(self, **values):
        """Say why items are not paid."""
        return self._act_on_items("_portal_dispute", values)

    @route(
        f"{OPEN_ITEMS}/proof", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_payment_proof(self, file=None, **values):
        """Hand in the proof of a payment that was made."""
        data = file.read(MOST_BYTES + 1) if hasattr(file, "read") else b""
        name = getattr(file, "filename", None) or ""
        answer = self._act_on_items("_portal_proof", values, name, data)
        return self._render_items(said="done" in answer, error=answer.get("error"))

    def _act_on_items(self, method, values, *args):
        """Call an act as the user; a refusal is one sentence and changes nothing."""
        try:
            with request.env.cr.savepoint():
                getattr(request.env["rd.chase.note"], method)(values, *args)
        except (AccessError, MissingError):
            return {"error": request.env._("Open items are not open to you.")}
        except UserError as error:
            return {"error": str(error)}
        return {"done": True}

    def _render_items(self, said=False, error=None):
        page = request.env["rd.chase.note"]._prepare_portal_page()
        return request.render(
            "rd_receivables.portal_my_open_items",
            {
                **self._prepare_portal_layout_values(),
                **page,
                "said": said,
                "error": error,
                "page_name": "rd_open_items",
            },
        )
