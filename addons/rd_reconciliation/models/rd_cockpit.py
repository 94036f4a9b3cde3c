# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_cockpit import Figure
from odoo.addons.rd_sales_admin.models.rd_deputy import Queue

from .rd_statement import OPEN_STATES

# Where a click on a step leads; everything else opens the affiliate's statement.
STEP_MODELS = {
    **dict.fromkeys(("build", "agree", "invoice"), "rd.statement"),
    "match": "rd.difference",
    "post": "account.move",
    "fapiao": "rd.fapiao",
}


class RdCockpit(models.AbstractModel):
    """What reconciliation knows of the month."""

    _name = "rd.cockpit"
    _inherit = ["rd.cockpit"]

    # ------------------------------------------------------------------
    # The chain
    # ------------------------------------------------------------------
    @api.model
    def _get_chain(self, scope):
        return [
            *super()._get_chain(scope),
            *self._get_stated_places(scope),
            *self._get_invoiced_places(scope),
        ]

    def _get_stated_places(self, scope):
        lines = [("statement_id.close_id", "=", scope.close.id), ("live", "=", True)]
        opened = [*lines, ("statement_id.state", "in", list(OPEN_STATES))]
        places = (
            (
                "stated",
                self.env._("On a statement, not agreed"),
                [*opened, ("verdict", "not in", ("difference", "no_price"))],
            ),
            (
                "disputed",
                self.env._("On a statement, disputed or without price"),
                [*opened, ("verdict", "in", ("difference", "no_price"))],
            ),
            (
                "agreed",
                self.env._("Agreed, not invoiced"),
                [*lines, ("statement_id.state", "=", "agreed")],
            ),
        )
        return [
            Figure(code, number, label, "rd.statement.line", domain, "amount_untaxed")
            for number, (code, label, domain) in enumerate(places, 10)
        ]

    def _get_invoiced_places(self, scope):
        """Return the places of invoices: an invoice is at one of them as a whole."""
        month = ("rd_statement_id.close_id", "=", scope.close.id)
        draft, posted = ("state", "=", "draft"), ("state", "=", "posted")
        unpaid = ("payment_state", "in", ("not_paid", "partial", "blocked"))
        paid = ("payment_state", "in", ("paid", "in_payment"))
        due = [month, posted, unpaid]
        places = [("drafted", self.env._("Invoice made, not posted"), [month, draft])]
        if scope.company.rd_tax_invoices:
            label = self.env._("Invoiced, tax invoice not delivered")
            received = "rd_fapiao_received_date"
            places.append(("posted", label, [*due, (received, "=", False)]))
            due = [*due, (received, "!=", False)]
        label = self.env._("Credited in full")
        credited = ("payment_state", "=", "reversed")
        places.append(("credited", label, [month, posted, credited]))
        label = self.env._("Delivered, not paid in full")
        places.append(("unpaid", label, due))
        label = self.env._("Paid")
        places.append(("paid", label, [month, posted, paid]))
        amount = "amount_untaxed_in_currency_signed"
        return [
            Figure(code, number, label, "account.move", domain, amount)
            for number, (code, label, domain) in enumerate(places, 20)
        ]

    # ------------------------------------------------------------------
    # The month
    # ------------------------------------------------------------------
    def _open_step(self, scope, step, label):
        model = STEP_MODELS.get(step.code)
        if not model:
            return super()._open_step(scope, step, label)
        month = ("close_id", "=", scope.close.id)
        partner = ("partner_id", "=", step.partner_id.id)
        domains = {
            "rd.statement": [month, partner, ("state", "!=", "cancelled")],
            "rd.difference": [("statement_id.close_id", "=", scope.close.id), partner],
            "account.move": [
                ("rd_statement_id.close_id", "=", scope.close.id),
                ("commercial_partner_id", "=", step.partner_id.id),
            ],
            "rd.fapiao": [
                ("move_ids.rd_statement_id.close_id", "=", scope.close.id),
                partner,
            ],
        }
        return self._open(f"{label} – {step.partner_id.name}", model, domains[model])

    def _get_blocker_rows(self, scope):
        """Add the statements that are not invoiced and posted."""
        left = scope.close.step_ids.filtered(lambda one: one.state == "left").partner_id
        domain = [
            ("close_id", "=", scope.close.id),
            ("state", "in", [*OPEN_STATES, "agreed"]),
            ("line_ids.live", "=", True),
            ("partner_id", "not in", left.ids),
        ]
        label = self.env._("Statements that are not invoiced and posted")
        statements = self.env["rd.statement"].search(domain)
        rows = super()._get_blocker_rows(scope)
        if statements:
            rows.append(
                {
                    "key": "statements",
                    "label": label,
                    "count": len(statements),
                    "detail": self._join(statements.mapped("name")),
                    "tone": "warning",
                    "action": self._open(label, "rd.statement", domain),
                }
            )
        return rows

    @api.model
    def _get_changes(self, scope):
        return [
            *super()._get_changes(scope),
            *self._get_changes_of_statements(scope),
            *self._get_changes_of_differences(scope),
            *self._get_changes_of_invoices(scope),
        ]

    def _get_changes_of_statements(self, scope):
        labels = {
            "fixed": self.env._("Statements whose content was fixed"),
            "confirmed": self.env._("Confirmations that came in"),
            "taken_back": self.env._("Statements taken back"),
        }
        return [
            (
                event,
                number,
                label,
                "rd.statement.revision",
                [
                    ("company_id", "=", scope.company.id),
                    ("event", "=", event),
                    ("date", ">=", scope.since),
                ],
            )
            for number, (event, label) in enumerate(labels.items(), 20)
        ]

    def _get_changes_of_differences(self, scope):
        def change(code, number, label, model, name):
            company = ("company_id", "=", scope.company.id)
            return code, number, label, model, [company, (name, ">=", scope.since)]

        model = "rd.difference"
        return [
            change(
                "ledgers",
                30,
                self.env._("Ledgers that came in"),
                "rd.ledger",
                "create_date",
            ),
            change("found", 31, self.env._("Differences found"), model, "create_date"),
            change(
                "settled", 32, self.env._("Differences settled"), model, "settled_date"
            ),
            change(
                "late_facts",
                50,
                self.env._("Late facts: they enter the next month"),
                "rd.drift",
                "found_date",
            ),
        ]

    def _get_changes_of_invoices(self, scope):
        company = ("company_id", "=", scope.company.id)
        posted = [
            company,
            ("rd_statement_id", "!=", False),
            ("state", "=", "posted"),
            ("rd_posted_date", ">=", scope.since),
        ]
        return [
            ("posted", 40, self.env._("Invoices posted"), "account.move", posted),
            (
                "received",
                41,
                self.env._("Tax invoices received by customers"),
                "rd.fapiao",
                [company, ("receipt_noted_date", ">=", scope.since)],
            ),
        ]

    # ------------------------------------------------------------------
    # Supervisor, finance, auditor
    # ------------------------------------------------------------------
    @api.model
    def _get_late_work(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            *super()._get_late_work(scope),
            Queue(
                "differences",
                10,
                self.env._("Differences past their deadline"),
                "",
                "rd.difference",
                [company, ("state", "=", "open"), ("deadline", "<", scope.today)],
                "deadline",
                "user_id",
            ),
        ]

    @api.model
    def _get_risks(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            *super()._get_risks(scope),
            Figure(
                "differences",
                10,
                self.env._("Open differences in which they count less"),
                "rd.difference",
                [company, ("state", "=", "open"), ("amount", ">", 0)],
                "amount",
                "statement_id.currency_id",
            ),
        ]

    def _get_finance_queues(self, scope):
        company = ("company_id", "=", scope.company.id)
        return [
            *super()._get_finance_queues(scope),
            Queue(
                "requests",
                20,
                self.env._("Invoice requests"),
                self.env._("Accept it, or return it with a reason."),
                "rd.invoice.request",
                [company, ("state", "=", "requested")],
                "requested_date",
            ),
            Queue(
                "to_issue",
                30,
                self.env._("Tax invoices to issue"),
                self.env._("Issue it, or read the tax system's list in."),
                "rd.invoice.request",
                [company, ("state", "=", "accepted")],
                "accepted_date",
            ),
            Queue(
                "returned",
                40,
                self.env._("Tax invoices that came back"),
                self.env._("Issue a red letter, or settle it with the customer."),
                "rd.fapiao",
                [company, ("state", "=", "returned")],
                "date",
            ),
            Queue(
                "red_letters",
                50,
                self.env._("Red letters to make"),
                self.env._("Make it in the tax system and note it here."),
                "rd.fapiao",
                [
                    company,
                    "|",
                    ("red_state", "in", ("pending", "confirming", "lapsed")),
                    *("&", ("state", "=", "requested"), ("red_of_ids", "!=", False)),
                ],
                "date",
            ),
        ]

    @api.model
    def _get_kept(self, scope):
        findings = [("state", "!=", "green")]
        company = ("company_id", "=", scope.company.id)
        return [
            *super()._get_kept(scope),
            (
                "statements",
                50,
                self.env._("Agreed statements, with their hash"),
                "rd.statement",
                [company, ("state", "in", ("agreed", "invoiced", "closed"))],
            ),
            ("facts", 60, self.env._("Late facts"), "rd.drift", [company]),
            (
                "checks",
                70,
                self.env._("Checks of the invariants with findings"),
                "rd.check.run",
                findings,
            ),
        ]
