# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_cockpit import Section
from .rd_deputy import OPEN_VERDICTS, Queue

WORKERS = ("warehouse", "floor", "finance")
AUDITOR = ("auditor",)


class RdCockpit(models.AbstractModel):
    """The pages of floor, warehouse, finance and auditor: each his own work."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    @api.model
    def _get_sections(self):
        return [
            *super()._get_sections(),
            Section(
                "own",
                10,
                self.env._("What waits for you"),
                "list",
                "_read_own",
                WORKERS,
                self.env._("Nothing waits for you."),
            ),
            Section(
                "kept",
                10,
                self.env._("What is kept"),
                "list",
                "_read_kept",
                AUDITOR,
                self.env._("Nothing is kept yet."),
            ),
        ]

    @api.model
    def _get_own_queues(self, scope):
        """Return ``{page: Queue list}`` of what waits for the one whose page it is.

        Add-ons append theirs through ``super()``.
        """
        return {
            "floor": self._get_floor_queues(scope),
            "warehouse": self._get_warehouse_queues(scope),
            "finance": self._get_finance_queues(scope),
        }

    def _get_floor_queues(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            Queue(
                "released",
                10,
                self.env._("Orders to answer"),
                self.env._("Say by when it is ready, or refuse with a reason."),
                "rd.order.release",
                [company, ("state", "=", "sent")],
                "answer_due",
            ),
            Queue(
                "in_hand",
                20,
                self.env._("Orders in hand"),
                self.env._("Tell how far it is, and what has moved."),
                "rd.order.release",
                [company, ("state", "=", "accepted"), ("ready_date", "=", False)],
                "promised_date",
            ),
        ]

    def _get_warehouse_queues(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            Queue(
                "lists_missing",
                10,
                self.env._("Shipping lists to hand in"),
                self.env._("Hand in the list of the period."),
                "rd.shipping.expected",
                [company, ("state", "=", "expected"), ("date_due", "<=", scope.today)],
                "date_due",
            ),
            Queue(
                "rows",
                20,
                self.env._("Rows of your lists that are open"),
                self.env._("Mend the row and hand the list in again."),
                "rd.shipping.list.line",
                [
                    company,
                    ("verdict", "in", OPEN_VERDICTS),
                    ("list_id.state", "!=", "cancelled"),
                ],
            ),
            Queue(
                "receipts",
                30,
                self.env._("Deliveries without a signed note"),
                self.env._("Bring the signed note: two taps and a photo."),
                "stock.picking",
                [company, ("rd_receipt_state", "=", "waiting")],
                "date_done",
            ),
        ]

    def _get_finance_queues(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            Queue(
                "steps",
                10,
                self.env._("Steps of the month that wait for finance"),
                self.env._("Do what the step says; it goes on by itself."),
                "rd.close.step",
                [
                    company,
                    ("close_id.state", "=", "open"),
                    ("state", "in", ("waiting", "failed")),
                    ("role", "=", "finance"),
                ],
            )
        ]

    def _read_own(self, scope):
        return self._read_queues(scope, self._get_own_queues(scope)[scope.page])

    # ------------------------------------------------------------------
    # The auditor
    # ------------------------------------------------------------------
    @api.model
    def _get_kept(self, scope):
        """Return the ``(code, sequence, label, model, domain)`` of what an auditor
        reads; add-ons append theirs."""
        company = ("company_id", "=", scope.company.id)
        return [
            (
                "closed",
                10,
                self.env._("Closed months"),
                "rd.close",
                [company, ("state", "=", "closed")],
            ),
            (
                "frozen",
                15,
                self.env._("Frozen months"),
                "rd.close.freeze",
                [company],
            ),
            (
                "left",
                20,
                self.env._("Steps left open in closed months"),
                "rd.close.step",
                [
                    company,
                    ("close_id.state", "=", "closed"),
                    ("state", "=", "left"),
                ],
            ),
            (
                "pauses",
                30,
                self.env._("Pauses of the close"),
                "rd.close.pause",
                [company],
            ),
            (
                "approvals",
                40,
                self.env._("Approvals answered"),
                "rd.approval",
                [company, ("state", "in", ("approved", "refused"))],
            ),
        ]

    def _read_kept(self, scope):
        rows = []
        kept = sorted(self._get_kept(scope), key=lambda item: item[1])
        for code, _sequence, label, model, domain in kept:
            if not self.env[model].has_access("read"):
                continue
            if count := self.env[model].search_count(domain):
                rows.append(
                    {
                        "key": code,
                        "label": label,
                        "count": count,
                        "tone": "info",
                        "action": self._open(label, model, domain),
                    }
                )
        return rows
