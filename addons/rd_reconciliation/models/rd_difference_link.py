# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError

from .. import matching


class RdDifference(models.Model):
    """Putting lines together and parting them by hand."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    # ------------------------------------------------------------------
    # Link
    # ------------------------------------------------------------------
    def action_link(self, line_ids, remember=False):
        """Put the lines of this one-sided difference together with others' lines.

        :param list line_ids: ids of the other side's lines, also of another period
        :param bool remember: keep how they write part, note and unit
        :raise UserError: when they are not free, or of another affiliate
        """
        self._check_open()
        self.ensure_one()
        ours, theirs = self.line_ids, self.ledger_line_ids
        if ours and theirs:
            raise UserError(
                self.env._(
                    "%(difference)s has both sides already; part them first.",
                    difference=self.display_name,
                )
            )
        chosen = self._checked_lines(line_ids)
        if ours:
            theirs = chosen
        else:
            ours = chosen
        self._link(ours, theirs)
        if remember and len(ours) == 1 == len(theirs):
            self._remember()
        return self._settled()

    def _checked_lines(self, line_ids):
        """Return the free lines of the other side with these ids, or refuse."""
        wanted = set(line_ids) if isinstance(line_ids, (list, tuple)) else set()
        free = self._get_free_lines(self._other_side())
        chosen = free.filtered(lambda line: line.id in wanted)
        if not chosen or len(chosen) < len(wanted):
            raise UserError(
                self.env._(
                    "Choose open lines of %(partner)s to link %(difference)s with.",
                    partner=self.partner_id.name,
                    difference=self.display_name,
                )
            )
        return chosen

    def _other_side(self):
        return "theirs" if self.line_ids else "ours"

    def _get_free_lines(self, side):
        """Return the lines of a side that belong to no pair yet."""
        if side == "ours":
            lines = self.statement_id._lines()
            lines = lines.filtered(
                lambda line: line.verdict in ("pending", "difference")
            )
            return lines.filtered(lambda line: not line.match_id.ledger_line_ids)
        rows = self.statement_id._get_rows_for_link()
        return rows.filtered(
            lambda row: (
                not row.match_id.statement_line_ids
                or row.match_id.difference_id.state in ("carried", "cancelled")
            )
        )

    def _link(self, ours, theirs):
        """One match by hand for all of them; what is left of others shrinks."""
        statement = self.statement_id
        profile = statement._get_ledger_profile()
        group = matching.pair_by_hand(
            [line._prepare_match_line(profile) for line in ours],
            [row._prepare_match_line() for row in theirs],
            statement._prepare_match_rules(profile, theirs),
        )
        old = (ours.match_id | theirs.match_id) - self.match_id
        own = self.match_id
        match = statement._create_matches([group])
        match._as_internal().write({"status": "manual"})
        self._as_internal().write(
            {"match_id": match.id, **self._prepare_figures(match)}
        )
        own._as_internal().unlink()
        old._shrink()
        if match.code == "match":
            self._settle_keep_ours()
        else:
            rules = self.env["rd.difference.rule"]._get_by_code(self.company_id)
            proposal = rules[match.code].proposal
            self._as_internal().write({"proposal": proposal})
            ours._as_internal().write({"verdict": "difference"})

    # ------------------------------------------------------------------
    # Unlink
    # ------------------------------------------------------------------
    def action_unlink(self, again=False):
        """Part both sides; each becomes an open difference of its own.

        :param bool again: whether the next match may propose the pair anew
        """
        self.statement_id._check_desk()
        self.check_access("write")
        for item in self:
            item._check_reopenable()
            if not item.line_ids or not item.ledger_line_ids:
                raise UserError(
                    self.env._(
                        "%(difference)s has one side only; there is nothing to part.",
                        difference=item.display_name,
                    )
                )
            item.match_id._part(again)
        return True

    # ------------------------------------------------------------------
    # Choosing
    # ------------------------------------------------------------------
    def find_lines(self, side, text="", limit=20):
        """Return open lines of one side to link with, the likeliest first.

        :param str side: "ours" or "theirs"
        """
        self.ensure_one()
        self.check_access("read")
        if side not in ("ours", "theirs"):
            raise UserError(self.env._("Choose lines of our side or of theirs."))
        words = (text or "").casefold().split()
        found = []
        for line in self._get_free_lines(side):
            shown = self._prepare_link_line(line, side)
            haystack = f"{shown['text']} {shown['quantity']:g} {shown['amount']:.2f}"
            if all(word in haystack.casefold() for word in words):
                found.append(shown)
        quantity = self.ours_qty if self.line_ids else self.theirs_qty
        parts = set(self.line_ids.mapped("part")) | set(
            self.ledger_line_ids.mapped("part")
        )
        found.sort(
            key=lambda shown: (
                shown["part"] not in parts,
                abs(shown["quantity"] - quantity),
                shown["date"],
                shown["id"],
            )
        )
        return found[: max(1, min(int(limit), 100))]

    def _prepare_link_line(self, line, side):
        theirs = side == "theirs"
        amount = line.amount if theirs else line.amount_total
        return {
            "id": line.id,
            "text": line.display_name,
            "part": line.part or "",
            "date": str(line.date or ""),
            "quantity": line.accepted if theirs else line.quantity,
            "amount": amount,
            "other_period": theirs and line.statement_id != self.statement_id,
        }
