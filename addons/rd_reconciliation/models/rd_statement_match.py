# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import matching
from .rd_statement import OPEN_STATES


class RdStatement(models.Model):
    """Our lines against their ledger, by the pure matching package."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    ledger_question = fields.Char(
        string="Question about their ledger", compute="_compute_ledger_question"
    )

    @api.depends("ledger_ids.layout_state")
    @api.depends_context("lang")
    def _compute_ledger_question(self):
        for statement in self:
            asked = statement._get_asked_ledgers()
            statement.ledger_question = asked._ask_sentence() if asked else False

    def _get_asked_ledgers(self):
        """Return the ledgers whose rows wait until their layout is confirmed."""
        if self.state not in OPEN_STATES:
            return self.env["rd.ledger"]
        return self.ledger_ids.filtered(lambda one: one.layout_state == "asked")

    def action_view_ledger_question(self):
        """Open the first ledger whose layout has to be confirmed."""
        self.ensure_one()
        self.check_access("read")
        return self._get_asked_ledgers()[:1].get_formview_action()

    def action_match(self):
        """Match the open lines with the affiliate's ledgers; a repeat matches anew.

        What a person has settled stays as it is.

        :raise UserError: when a statement is already agreed
        """
        self._check_desk()
        for statement in self:
            if statement.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(statement)s is already agreed and is not matched again.",
                        statement=statement.display_name,
                    )
                )
            statement._match()
        return True

    def _match(self):
        self.ensure_one()
        self._match_lines()
        self._match_accounts()

    def _match_lines(self):
        self.ensure_one()
        self._drop_open_matches()
        ours = self._lines().filtered(
            lambda line: (
                not line.match_id
                and (
                    line.verdict in ("pending", "no_price")
                    or (line.pre_confirmed and line.verdict == "confirmed")
                )
            )
        )
        theirs = self._get_open_ledger_lines()
        if not theirs:
            return
        profile = self._get_ledger_profile()
        result = matching.compare(
            [line._prepare_match_line(profile) for line in ours],
            [line._prepare_match_line() for line in theirs],
            self._prepare_match_rules(profile, theirs, ours),
        )
        matches = self._create_matches(self._without_waiting(result.groups, ours))
        self.env["rd.difference"]._open_for_matches(matches)
        self._confirm_matched(matches)

    def _without_waiting(self, groups, ours):
        """Leave out what only waits for its price: they need not have booked it."""
        waiting = set(ours.filtered(lambda line: line.verdict == "no_price").ids)
        return [
            group
            for group in groups
            if group.theirs or not waiting.issuperset(group.ours)
        ]

    def _has_new_ledger(self):
        """Tell whether a ledger has been read since the last match."""
        self.ensure_one()
        return any(not line.match_id for line in self.ledger_ids.line_ids)

    def _has_new_lines(self):
        """Tell whether the statement has taken a line since the last match."""
        self.ensure_one()
        return any(
            line.verdict == "pending" and not line.match_id for line in self._lines()
        )

    def _drop_open_matches(self, lines=None):
        """Forget matches that rest on nobody's decision.

        :param lines: whose matches alone are meant; all of the statement without it
        """
        old = self._get_open_matches()
        if lines is not None:
            old &= lines.match_id
        lines = old.statement_line_ids.filtered(
            lambda line: line.verdict in ("confirmed", "difference")
        )
        early = lines.filtered("pre_confirmed")
        lines._as_internal().write({"match_id": False})
        early._as_internal().write({"verdict": "confirmed"})
        (lines - early)._as_internal().write({"verdict": "pending"})
        old.difference_ids._as_internal().unlink()
        old._as_internal().unlink()

    def _get_open_matches(self):
        """Return the matches that rest on nobody's decision."""
        decided = self.difference_ids.filtered(
            lambda item: (
                item.settled_by_id
                or item.requested_by_id
                or item.dispute_reason
                or item.proof_sent_date
            )
        )
        manual = self.match_ids.filtered(lambda match: match.status == "manual")
        return self.match_ids - decided.match_id - manual

    def _get_open_ledger_lines(self):
        """Return the affiliate's ledger rows that found no place yet.

        Rows of earlier months stay open until they are used, so that what they
        booked early meets our delivery when it comes.
        """
        return self.env["rd.ledger.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("used", "=", False),
                "|",
                ("match_id", "=", False),
                ("match_id.difference_id.state", "in", ("carried", "cancelled")),
            ],
            order="id",
        )

    def _get_rows_for_link(self):
        """Return rows that may be linked by hand: not used on an agreed statement."""
        return self.env["rd.ledger.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("used", "=", False),
            ],
            order="id",
        )

    def _make_why_not(self):
        """Return what answers why a line of this statement was not matched."""
        self.ensure_one()
        ours = self._lines()
        profile = self._get_ledger_profile()
        rows = self._get_rows_for_link()
        taken = {
            "ours": set(ours.filtered("match_id.ledger_line_ids").ids),
            "theirs": set(rows.filtered("match_id.statement_line_ids").ids),
        }
        return matching.WhyNot(
            [line._prepare_match_line(profile) for line in ours],
            [row._prepare_match_line() for row in rows],
            self._prepare_match_rules(profile, rows, ours),
            taken,
        )

    def _get_ledger_profile(self):
        return self.env["rd.ledger.profile"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("purpose", "=", "account"),
            ],
            limit=1,
        )

    def _prepare_match_rules(self, profile, theirs, ours=None):
        """Return how strictly this affiliate is compared, and what is known of it."""
        days = [
            day for line in theirs for day in (line.date, line._receipt_day()) if day
        ]
        company = self.company_id
        return matching.Rules(
            line_tolerance=Decimal(str(company.rd_line_tolerance)),
            statement_tolerance=Decimal(str(company.rd_statement_tolerance)),
            window_days=company.rd_timing_days,
            basis=profile.quantity_basis or "accepted",
            ours_span=(self.date_from, self.date_to),
            theirs_span=(min(days), max(days)) if days else None,
            aliases=self._prepare_match_aliases(),
            tolerances=self.env["rd.match.tolerance"]._get_tolerances(
                company, self.partner_id
            ),
            habits=self.env["rd.match.habit"]._get_habits(company, self.partner_id),
            forbidden=frozenset(
                self.env["rd.match.refusal"]._get_pairs(ours, theirs) if ours else ()
            ),
            scoped=False,
        )

    def _prepare_match_aliases(self):
        """Return ``{their code: (our part, factor[, who learned it])}``."""
        aliases = self.env["rd.part.alias"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
            ]
        )
        found = {}
        for alias in aliases:
            product = alias.product_id
            known = (
                product.default_code or product.name,
                Decimal(str(alias.factor)),
            )
            learned = alias.source == "learned"
            origin = (self.env["rd.match.habit"]._origin_of(alias),) if learned else ()
            found[alias.code_clean] = known + origin
        return found

    def _create_matches(self, groups):
        matches = (
            self.env["rd.match"]
            ._as_internal()
            .create([self._prepare_match_values(group) for group in groups])
        )
        for match, group in zip(matches, groups, strict=True):
            self.env["rd.statement.line"].browse(group.ours)._as_internal().write(
                {"match_id": match.id}
            )
            self.env["rd.ledger.line"].browse(group.theirs)._as_internal().write(
                {"match_id": match.id}
            )
        return matches

    def _prepare_match_values(self, group):
        return {
            "statement_id": self.id,
            "code": group.code,
            "also_codes": list(group.also),
            "candidates": list(group.candidates),
            "rule": group.rule,
            "reason_template": group.reason.template,
            "reason_values": {
                name: str(value) for name, value in group.reason.values.items()
            },
            "status": group.status,
            "ours_qty": float(group.ours_qty or 0),
            "theirs_qty": float(group.theirs_qty or 0),
            "ours_amount": float(group.ours_amount or 0),
            "theirs_amount": float(group.theirs_amount or 0),
        }

    def _confirm_matched(self, matches):
        agreed = matches.filtered(lambda match: match.code in ("match", "rounding"))
        # A line that lacks its price keeps waiting for it, whatever they booked.
        for part, verdict in ((agreed, "confirmed"), (matches - agreed, "difference")):
            lines = part.statement_line_ids.filtered(
                lambda line: (
                    line.verdict == "pending"
                    or (line.pre_confirmed and line.verdict == "confirmed")
                )
            )
            lines._as_internal().write({"verdict": verdict})
