# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.models.rd_settlement_source import (
    KIND_DELIVERY,
    KIND_LATE,
)


class RdStatement(models.Model):
    """What changed after a statement went out never changes the statement."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    opening_balance = fields.Monetary(compute="_compute_balances")
    increase = fields.Monetary(
        string="Invoiced this period", compute="_compute_balances"
    )
    receipts = fields.Monetary(
        string="Received this period", compute="_compute_balances"
    )
    closing_balance = fields.Monetary(compute="_compute_balances")
    not_invoiced = fields.Monetary(
        string="Stated, not invoiced yet",
        compute="_compute_stated_balances",
        help="What is stated until the end of the period and was not invoiced in it.",
    )
    closing_stated = fields.Monetary(
        string="Closing with this statement", compute="_compute_stated_balances"
    )
    drift_ids = fields.One2many("rd.drift", "statement_id", copy=False)
    drift_count = fields.Integer(string="Late facts", compute="_compute_drift_count")

    @api.depends("partner_id", "currency_id", "date_from", "date_to", "company_id")
    def _compute_balances(self):
        balances = self._get_account_balances()
        for statement in self:
            figures = balances[statement.id]
            statement.opening_balance = figures["opening"]
            statement.increase = figures["increase"]
            statement.receipts = figures["receipts"]
            statement.closing_balance = figures["closing"]

    @api.depends("amount_total", "closing_balance")
    def _compute_stated_balances(self):
        balances = self.filtered("id")._get_stated_balances()
        for statement in self:
            figures = balances.get(statement.id, {})
            statement.not_invoiced = figures.get("not_invoiced", 0.0)
            statement.closing_stated = figures.get("closing_stated", 0.0)

    @api.depends("drift_ids.state")
    def _compute_drift_count(self):
        groups = self.env["rd.drift"]._read_group(
            [("statement_id", "in", self.ids), ("state", "=", "open")],
            ["statement_id"],
            ["__count"],
        )
        counts = {statement.id: count for statement, count in groups}
        for statement in self:
            statement.drift_count = counts.get(statement.id, 0)

    def action_view_drifts(self):
        """Look for late facts of these affiliates now and open them."""
        self._check_desk()
        for company, partner in {(one.company_id, one.partner_id) for one in self}:
            self.env["rd.drift"]._detect(company, partner)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_drift_action"
        )
        action["domain"] = [("statement_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _get_others(self):
        """Return the other statements of the affiliate in this currency."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("state", "!=", "cancelled"),
                ("id", "!=", self.id),
            ]
        )

    def _forget_late_facts(self):
        """Take back what was noted of lines that state nothing any more."""
        for statement in self.filtered("drift_ids"):
            self.env["rd.drift"]._detect(statement.company_id, statement.partner_id)

    def _renew_changed(self):
        """Let go of lines whose source has changed, as long as nobody saw them.

        A draft follows its deliveries; what a person has decided on it stays. What
        was not accepted and has come back is nobody's to decide any more, and of a
        delivery whose quantity was corrected it is asked anew.
        """
        self.filtered(lambda record: record.basis == "accepted")._lines()._fit_gone()
        for statement in self.filtered(lambda record: record.state == "draft"):
            lines = self.env["rd.statement.line"]._get_changed(
                statement.company_id, statement=statement
            )
            if not lines:
                continue
            statement._drop_open_matches(lines)
            lines._fit_corrected()
            lines.filtered(lambda line: line._is_undecided())._let_go()
            statement._recompute_amounts()

    def _begin_anew(self):
        """Let drafts be collected once more, with what order, note, receipt and period
        say by now; what somebody has said something of stays."""
        for statement in self.filtered(lambda one: one.state == "draft"):
            lines = statement._lines()
            free = lines.filtered(
                lambda line: line.source_kind == KIND_DELIVERY and line._is_undecided()
            )
            free._let_go()
            if free == lines:
                statement._as_internal().write(
                    self._prepare_period(statement.close_id, statement.partner_id)
                )
            statement._recompute_amounts()

    @api.model
    def _collect_anew(self, partners):
        """Empty the drafts of these affiliates whose period is not over and of which
        nobody has said anything yet; the next run collects them again."""
        drafts = self.search(
            [("partner_id", "in", partners.ids), ("state", "=", "draft")]
        )
        for statement in drafts.filtered(lambda one: one._why_too_early()):
            lines = statement._lines()
            # What was confirmed on arrival stands on the delivery and is found again.
            if all(line._is_undecided() or line._is_just_confirmed() for line in lines):
                lines._let_go()
                statement._recompute_amounts()
                statement.close_id._wake(statement.partner_id)

    def _find_prices(self):
        """Look again for what was missing when the lines were made; return those that
        have their price by now."""
        waiting = self.env["rd.statement.line"].search(
            [
                ("statement_id", "in", self.ids),
                ("live", "=", True),
                ("verdict", "=", "no_price"),
            ]
        )
        for line in waiting:
            line._refresh_price()
        found = waiting.filtered(lambda line: line.verdict != "no_price")
        found.statement_id._recompute_amounts()
        return found

    def _renew_to_agree(self):
        """Let a draft follow its deliveries once more before it is agreed.

        What is only sent is stated anew and goes on. What was compared with their
        ledger is compared again first: nobody has said yes to what it is by now.

        :raise UserError: names a line that is no longer what was compared
        """
        self.ensure_one()
        changed = self._find_changed() if self.state == "draft" else ""
        if changed and self.partner_id.rd_settlement_mode != "statement_sent":
            raise UserError(
                self.env._(
                    "%(line)s of %(statement)s has changed since it was matched; "
                    "refresh the statement and match it again before it is agreed.",
                    line=changed,
                    statement=self.name,
                )
            )
        if changed:
            self._build(self.close_id, self.partner_id)
        self._renew_changed()

    def _find_changed(self):
        """Return the name of a line that the draft would let go of today, or none."""
        lines = self.env["rd.statement.line"]._get_changed(
            self.company_id, statement=self
        )
        free = self._get_open_matches()
        for line in lines:
            if line._is_undecided() or (
                line.match_id in free and not line.pre_confirmed
            ):
                return line.display_name
        late = self._lines().filtered(lambda line: line.source_kind == KIND_LATE)
        names = {line.id: line.display_name for line in late}
        self.env["rd.drift"]._detect(self.company_id, self.partner_id)
        kept = set(self._lines().ids)
        return next((name for key, name in names.items() if key not in kept), "")
