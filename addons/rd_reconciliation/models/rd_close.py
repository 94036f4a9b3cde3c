# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.rd_sales_admin.models.rd_close import Outcome, Step


class RdClose(models.Model):
    """The steps of reconciliation: build, match, agree, invoice, post."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    statement_ids = fields.One2many("rd.statement", "close_id")
    statement_count = fields.Integer(compute="_compute_statement_count")

    @api.depends("statement_ids")
    def _compute_statement_count(self):
        groups = self.env["rd.statement"]._read_group(
            [("close_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["close_id"],
            ["__count"],
        )
        counts = {close.id: count for close, count in groups}
        for close in self:
            close.statement_count = counts.get(close.id, 0)

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step("build", self.env._("Statement"), 20, "_run_step_build"),
            Step("match", self.env._("Their ledger"), 30, "_run_step_match"),
            Step("agree", self.env._("Agreement"), 40, "_run_step_agree"),
            Step("invoice", self.env._("Invoice"), 50, "_run_step_invoice"),
            Step("post", self.env._("Posting"), 60, "_run_step_post"),
        ]

    def _get_kpis(self):
        lines = self.statement_ids._lines()
        confirmed = lines.filtered(lambda line: line.verdict == "confirmed")
        return [
            *super()._get_kpis(),
            (
                self.env._("Lines confirmed"),
                f"{len(confirmed)}/{len(lines)}",
                self.env._("live lines of the month's statements"),
            ),
        ]

    def _get_blockers(self):
        """Name the statements, too, that are not invoiced and posted by now."""
        blockers = super()._get_blockers()
        left = self.step_ids.filtered(lambda step: step.state == "left").partner_id
        for statement in self.statement_ids:
            if statement.partner_id not in left and statement._is_unfinished():
                blockers.append(
                    self.env._(
                        "%(statement)s is not invoiced and posted yet.",
                        statement=statement.display_name,
                    )
                )
        return blockers

    def _redo(self, partner):
        """Let the affiliate's steps run again: its statement was taken back, or has
        taken something more."""
        steps = self.step_ids.filtered(
            lambda step: (
                step.partner_id == partner
                and step.state == "done"
                and step.code in ("build", "match", "agree", "invoice", "post")
            )
        )
        steps._as_internal().write({"state": "todo", "run_date": False})

    def _get_statements(self, partner):
        return self.env["rd.statement"]._get_month_statements(self, partner)

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------
    def _run_step_build(self, partner):
        """Make the month's statements from what is delivered and not yet stated."""
        opening = self.env["rd.opening"]._ensure(self.company_id)
        if opening.state == "draft":
            return Outcome(
                False,
                self.env._(
                    "The opening list has to be approved before the first statement."
                ),
                "supervisor",
            )
        # Each day of the month has added to them; now they are made as they go out.
        self._get_statements(partner)._begin_anew()
        statements = self.env["rd.statement"]._build(self, partner)
        if not statements:
            return Outcome(True, self.env._("Nothing was delivered."))
        return Outcome(
            True,
            self.env._(
                "%(lines)s lines on %(names)s",
                lines=sum(statements.mapped("line_count")),
                names=", ".join(statements.mapped("name")),
            ),
        )

    def _run_step_match(self, partner):
        """Match with their ledger once it is here; sent-only needs none."""
        statements = self._get_statements(partner).filtered("line_count")
        if partner.rd_settlement_mode == "statement_sent":
            return Outcome(True)
        for statement in statements:
            if asked := statement._get_asked_ledgers():
                return Outcome(False, asked._ask_sentence(), "clerk")
            if statement.state in ("draft", "sent") and statement.ledger_ids:
                if statement._has_new_ledger() or statement._has_new_lines():
                    statement._match()
            elif statement.state in ("draft", "sent") and not statement._is_answered():
                return Outcome(
                    False,
                    self.env._(
                        "%(partner)s has not sent the ledger for %(statement)s yet.",
                        partner=partner.name,
                        statement=statement.name,
                    ),
                    "affiliate",
                )
        return Outcome(True)

    def _run_step_agree(self, partner):
        """Agree by itself only where every line is confirmed and no difference
        is open, and the company wants it so."""
        for statement in self._get_statements(partner):
            if statement.state in ("agreed", "invoiced", "closed"):
                continue
            if reason := statement._why_not_by_itself():
                return Outcome(False, reason, statement._who_is_waited_for())
            statement.action_agree()
        return Outcome(True)

    def _run_step_invoice(self, partner):
        """Make the invoices of what is agreed, where the company wants it so."""
        agreed = self._get_statements(partner).filtered(
            lambda record: record.state == "agreed"
        )
        if agreed and not self.company_id._rd_is_automatic("invoice", partner):
            return Outcome(
                False,
                self.env._(
                    "%(statement)s is agreed and waits to be invoiced.",
                    statement=agreed[0].name,
                ),
                "clerk",
            )
        agreed.action_invoice()
        return Outcome(True)

    def _run_step_post(self, partner):
        """Post the invoices, where the company wants it so."""
        drafts = self._get_statements(partner)._get_draft_invoices()
        if drafts and not self.company_id._rd_is_automatic("post", partner):
            return Outcome(
                False,
                self.env._(
                    "The invoice of %(statement)s waits to be posted.",
                    statement=drafts[0].rd_statement_id.name,
                ),
                "finance",
            )
        # The company's switch posts, whoever runs the month.
        self._get_statements(partner).sudo().action_post()
        return Outcome(True)

    def _after_transition(self, target):
        """A closed month closes the statements that are invoiced."""
        if target == "closed":
            self.statement_ids.filtered(
                lambda record: record.state == "invoiced"
            )._move_to("closed")
        return super()._after_transition(target)

    def action_view_statements(self):
        """Open the statements of the month."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_statement_action"
        )
        action["domain"] = [("close_id", "in", self.ids)]
        action["context"] = {}
        return action
