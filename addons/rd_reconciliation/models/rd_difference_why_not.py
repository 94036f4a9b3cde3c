# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.ledger.clean import clean_key


class RdDifference(models.Model):
    """Why the lines of one side were not put together with any of the other."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    def get_why_not(self):
        """Return why these lines were not matched: ``{"sentence", "nearest"}``.

        ``nearest`` is ``{"side", "id", "text"}`` of the nearest line of the other
        side, or False.
        """
        self.ensure_one()
        self.check_access("read")
        ours, theirs = self.line_ids, self.ledger_line_ids
        if bool(ours) == bool(theirs):
            return {"sentence": self.reason, "nearest": False}
        side, other = ("ours", "theirs") if ours else ("theirs", "ours")
        near = self.statement_id._make_why_not().nearest(side, (ours or theirs)[0].id)
        parted = self._find_parted()
        found = near.ref if near else next(iter(parted), None)
        if found is None:
            return {"sentence": self._nothing_alike(side), "nearest": False}
        model = "rd.ledger.line" if other == "theirs" else "rd.statement.line"
        line = self.env[model].browse(found)
        return {
            "sentence": self._why_not_sentence(line, near, parted),
            "nearest": {"side": other, "id": line.id, "text": line.display_name},
        }

    def _why_not_sentence(self, line, near, parted):
        """Return first that a person has parted them, then what else is in the way."""
        if not parted:
            return self._nearest_sentence(line, near)
        if line.id not in parted:
            last = next(iter(parted.values()))
            return f"{last} {self._nearest_sentence(line, near)}"
        failed = self._get_failed(near, but="parted") if near else []
        return " ".join([parted[line.id], *failed])

    def _find_parted(self):
        """Return ``{line id: sentence}`` of what these were parted from by hand.

        Only lines that are still free, the last that were parted first.
        """
        free = self._get_free_lines(self._other_side())
        match, ours = self.match_id, bool(self.line_ids)
        last = (match.reason_values or {}).get("parted_from", ())
        found = {
            line.id: self._parted_sentence(match, line)
            for line in free
            if line.id in last
        }
        pairs = self.env["rd.match.refusal"]._find_pairs(
            self.line_ids or free, self.ledger_line_ids or free
        )
        for pair, refusal in pairs:
            line = free.browse(pair[ours])
            found[line.id] = self._parted_sentence(refusal, line)
        return found

    def _parted_sentence(self, parted, line):
        """Return who parted these from a line, when, and whether it is for good.

        :param parted: the refusal that keeps them apart, or the match that is left
        """
        # The name of who parted them is all that is told of him.
        values = {
            "who": parted.create_uid.sudo().name,
            "line": line.display_name,
            "day": self.company_id._rd_local_date(parted.create_date),
        }
        if parted._name == "rd.match":
            return self.env._(
                "%(who)s parted it from %(line)s on %(day)s; the next match may "
                "propose the two again.",
                **values,
            )
        return self.env._(
            "%(who)s parted it from %(line)s on %(day)s; the two are not proposed "
            "again.",
            **values,
        )

    def _get_failed(self, near, but=None):
        """Return in sentences what speaks against the nearest line."""
        translate = self.env["rd.match"]._translate_reason
        return [
            translate(item.reason.template, item.reason.values)
            for item in near.criteria
            if item.name != but
        ]

    def _nothing_alike(self, side):
        if side == "ours":
            return self.env._(
                "Nothing in their ledger shares note, part, order or amount with it."
            )
        return self.env._(
            "Nothing on our side shares note, part, order or amount with it."
        )

    def _nearest_sentence(self, line, near):
        reasons = self._get_failed(near)
        if not reasons and not line.match_id:
            return self.env._(
                "%(line)s came after the last match; match the statement anew.",
                line=line.display_name,
            )
        if not reasons and clean_key(line.note or ""):
            # What is equal and states a note is matched where both are free.
            return self.env._(
                "%(line)s has become free since the last match; match the statement "
                "anew.",
                line=line.display_name,
            )
        if not reasons:
            return self.env._(
                "%(line)s looks the same, but neither states a note number, and "
                "nothing else proves that they are one.",
                line=line.display_name,
            )
        nearest = self.env._("Nearest is %(line)s.", line=line.display_name)
        return " ".join([nearest, *reasons])
