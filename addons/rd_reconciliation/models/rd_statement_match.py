# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

from .. import matching
from .rd_statement import OPEN_STATES

STATUS = {
    "match": "exact",
    "rounding": "exact",
    "part_alias": "suggested",
    "doc_ref": "suggested",
}


class RdStatement(models.Model):
    """Our lines against their ledger, by the pure matching package."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

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
        self._drop_open_matches()
        ours = self._lines().filtered(
            lambda line: line.verdict in ("pending", "no_price") and not line.match_id
        )
        theirs = self._get_open_ledger_lines()
        if not theirs:
            return
        profile = self._get_ledger_profile()
        result = matching.compare(
            [line._prepare_match_line(profile) for line in ours],
            [line._prepare_match_line() for line in theirs],
            self._prepare_match_rules(profile, theirs),
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

    def _drop_open_matches(self):
        """Forget matches that rest on nobody's decision."""
        settled = self.difference_ids.filtered(lambda item: item.settled_by_id)
        old = self.match_ids - settled.match_id
        lines = old.statement_line_ids.filtered(
            lambda line: line.verdict in ("confirmed", "difference")
        )
        lines._as_internal().write({"verdict": "pending", "match_id": False})
        old.difference_ids._as_internal().unlink()
        old._as_internal().unlink()

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

    def _get_ledger_profile(self):
        return self.env["rd.ledger.profile"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
            ],
            limit=1,
        )

    def _prepare_match_rules(self, profile, theirs):
        days = [
            day for line in theirs for day in (line.date, line._receipt_day()) if day
        ]
        company = self.company_id
        aliases = self.env["rd.part.alias"]._get_codes(company, self.partner_id)
        return matching.Rules.from_dict(
            {
                "line_tolerance": str(company.rd_line_tolerance),
                "statement_tolerance": str(company.rd_statement_tolerance),
                "window_days": company.rd_timing_days,
                "basis": profile.quantity_basis or "accepted",
                "ours_span": (self.date_from, self.date_to),
                "theirs_span": (min(days), max(days)) if days else None,
                "aliases": {
                    code: (product.default_code or product.name, str(factor))
                    for code, (product, factor) in aliases.items()
                },
                "scoped": False,
            }
        )

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
        status = STATUS.get(group.code, "mismatch")
        if not group.theirs:
            status = "only_ours"
        elif not group.ours:
            status = "only_theirs"
        return {
            "statement_id": self.id,
            "code": group.code,
            "rule": group.rule,
            "reason_template": group.reason.template,
            "reason_values": {
                name: str(value) for name, value in group.reason.values.items()
            },
            "status": status,
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
                lambda line: line.verdict == "pending"
            )
            lines._as_internal().write({"verdict": verdict})
