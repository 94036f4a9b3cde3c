# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.rd_sales_admin.models.rd_cockpit import Figure
from odoo.addons.rd_sales_admin.models.rd_deputy import Queue


class RdCockpit(models.AbstractModel):
    """What receivables know of the month."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    def _open_step(self, scope, step, label):
        if step.code != "plan":
            return super()._open_step(scope, step, label)
        return self._open(
            label,
            "rd.collection.plan",
            [
                ("company_id", "=", scope.company.id),
                ("month", ">", scope.close.month),
            ],
        )

    # ------------------------------------------------------------------
    # The chain
    # ------------------------------------------------------------------
    @api.model
    def _get_chain(self, scope):
        """Part what is delivered and not paid: not due, due, promised."""
        chain = super()._get_chain(scope)
        parted = []
        for place in chain:
            parted += (
                self._part_unpaid(scope, place) if place.code == "unpaid" else [place]
            )
        return parted

    def _part_unpaid(self, scope, place):
        """Return the parts of one place; an invoice is at one of them as a whole."""
        promised = fields.Domain("id", "in", self._find_promised(scope, place))
        due = fields.Domain("rd_due_waits_for", "=", False) & fields.Domain(
            "line_ids",
            "any",
            [
                ("display_type", "=", "payment_term"),
                ("reconciled", "=", False),
                ("rd_waits_stage", "=", False),
                ("date_maturity", "<=", fields.Date.to_string(scope.today)),
            ],
        )
        parts = (
            ("later", self.env._("Delivered, not due yet"), ~promised & ~due),
            ("due", self.env._("Due, not paid in full"), ~promised & due),
            ("promised", self.env._("Promised, not paid in full"), promised),
        )
        return [
            place._replace(
                code=f"{place.code}_{code}",
                label=label,
                domain=list(fields.Domain(place.domain) & domain),
            )
            for code, label, domain in parts
        ]

    def _find_promised(self, scope, place):
        """Return the ids of the unpaid invoices for which a promise is open.

        A promise of a sum holds for all that the customer owes.
        """
        moves = self.env["account.move"]
        if not moves.has_access("read"):
            return []
        # Whoever reads the month need not read what was said on the phone.
        promises = (
            self.env["rd.promise"]
            .sudo()
            .search([("company_id", "=", scope.company.id), ("state", "=", "open")])
        )
        sums = promises.filtered(lambda one: not one.line_ids).partner_id
        domain = fields.Domain(place.domain) & (
            fields.Domain("id", "in", promises.line_ids.move_id.ids)
            | fields.Domain("commercial_partner_id", "in", sums.ids)
        )
        return moves.search(domain).ids

    @api.model
    def _get_changes(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            *super()._get_changes(scope),
            (
                "receipts",
                42,
                self.env._("Payments of customers"),
                "account.payment",
                [
                    company,
                    ("payment_type", "=", "inbound"),
                    ("partner_type", "=", "customer"),
                    ("state", "in", ("in_process", "paid")),
                    ("create_date", ">=", scope.since),
                ],
            ),
            (
                "promises",
                43,
                self.env._("Promises of customers"),
                "rd.promise",
                [company, ("noted_date", ">=", scope.since)],
            ),
            (
                "exceptions",
                44,
                self.env._("Exceptions found"),
                "rd.receivable.exception",
                [company, ("create_date", ">=", scope.since)],
            ),
        ]

    # ------------------------------------------------------------------
    # Supervisor and finance
    # ------------------------------------------------------------------
    def _get_overdue(self, scope):
        """Return the domain of what is owed past its due day; what is paid and not
        assigned yet is nobody's debt."""
        return [
            ("company_id", "=", scope.company.id),
            ("days_overdue", ">", 0),
            ("amount_residual", ">", 0),
        ]

    @api.model
    def _get_risks(self, scope):
        overdue = self._get_overdue(scope)
        return [
            *super()._get_risks(scope),
            Figure(
                "overdue",
                5,
                self.env._("Overdue"),
                "rd.ageing.report",
                overdue,
                "amount_residual",
            ),
        ]

    @api.model
    def _get_late_work(self, scope):
        overdue = self._get_overdue(scope)
        return [
            *super()._get_late_work(scope),
            Queue(
                "overdue",
                5,
                self.env._("Overdue invoices"),
                "",
                "rd.ageing.report",
                overdue,
                "due_date",
                "partner_id",
            ),
            *self._get_late_collecting(scope),
        ]

    def _get_late_collecting(self, scope):
        """Return what of collecting is late: decisions, promises and the plan."""
        company = ("company_id", "=", scope.company.id)
        day = fields.Date.to_string(scope.today)
        broken = [
            company,
            ("state", "in", ("broken", "partly")),
            ("renewed_by_id", "=", False),
            # What was promised for a year ago is asked for by its exception.
            ("date", ">=", fields.Date.subtract(scope.today, years=1)),
        ]
        broken += [
            "|",
            ("line_ids.reconciled", "=", False),
            "&",
            ("line_ids", "=", False),
            ("partner_id", "in", self._find_owing(scope, broken)),
        ]
        plans = [
            company,
            ("state", "in", ("draft", "submitted")),
            ("month", "<=", day),
        ]
        return [
            Queue(
                "exceptions",
                11,
                self.env._("Exceptions nobody has decided"),
                "",
                "rd.receivable.exception",
                [company, ("state", "=", "open"), ("deadline", "<", day)],
                "deadline",
                "user_id",
            ),
            Queue(
                "promises",
                12,
                self.env._("Broken promises"),
                "",
                "rd.promise",
                broken,
                "date",
                "user_id",
            ),
            Queue(
                "plans",
                13,
                self.env._("Collection plans not approved"),
                "",
                "rd.collection.plan",
                plans,
                "month",
                "submitted_by_id",
            ),
        ]

    @api.model
    def _find_owing(self, scope, broken):
        """Return the ids of the customers with such promises of a sum who owe."""
        sums = self.env["rd.promise"].search([*broken, ("line_ids", "=", False)])
        # The sum of what is open is asked for, no entry of it.
        debts = self.env["account.move.line"].sudo()
        groups = debts._read_group(
            [
                ("company_id", "=", scope.company.id),
                ("partner_id.commercial_partner_id", "in", sums.partner_id.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("balance", ">", 0),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
            ],
            ["partner_id"],
        )
        return [partner.commercial_partner_id.id for (partner,) in groups]

    def _get_finance_queues(self, scope):
        overdue = self._get_overdue(scope)
        return [
            *super()._get_finance_queues(scope),
            Queue(
                "overdue",
                50,
                self.env._("Overdue"),
                self.env._("See whether the money is here already."),
                "rd.ageing.report",
                overdue,
                "due_date",
            ),
        ]
