# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from odoo.addons.rd_sales_admin.ledger.clean import clean_key

from .. import matching


class RdDifference(models.Model):
    """What a confirmed pair teaches: shown, revocable, and never more than a help."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    def _settle_learn(self):
        """Confirm the lines and remember how the affiliate wrote them."""
        self._check_has_ours()
        if len(self.line_ids) == 1 == len(self.ledger_line_ids):
            self._remember()
        self._settle_keep_ours()

    def _remember(self):
        """Keep what the pair teaches as an alias or habit of the affiliate."""
        profile = self.statement_id._get_ledger_profile()
        line, row = self.line_ids, self.ledger_line_ids
        rules = self.statement_id._prepare_match_rules(profile, row)
        habits = matching.learn(
            line._prepare_match_line(profile), row._prepare_match_line(), rules
        )
        found = {habit.kind: habit.value for habit in habits}
        if "alias" in found:
            self._remember_alias(line, row, found.pop("unit", None))
            found.pop("alias")
        for kind, value in found.items():
            self._remember_habit(kind, value)

    def _remember_alias(self, line, row, unit):
        """Their number stands for our part from now on, with its unit factor."""
        Alias = self.env["rd.part.alias"]
        factor = float(unit["factor"]) if unit else 1.0
        alias = Alias.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("code_clean", "=", clean_key(row.part)),
            ]
        )
        if alias:
            if alias.product_id == line.product_id:
                alias.factor = factor
            return
        alias = Alias.create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "code": row.part,
                "product_id": line.product_id.id,
                "factor": factor,
                "source": "learned",
            }
        )
        self._as_internal().write({"alias_id": alias.id})

    def _remember_habit(self, kind, value):
        """Keep one habit, unless it is known already."""
        Habit = self.env["rd.match.habit"]
        values = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "kind": kind,
            **{name: _plain(item) for name, item in value.items()},
        }
        known = Habit.search(
            [
                (name, "=", item)
                for name, item in values.items()
                if name not in ("factor", "days")
            ]
        )
        if known:
            known.write(
                {name: values[name] for name in ("factor", "days") if name in values}
            )
        else:
            Habit.create({**values, "difference_id": self.id})


def _plain(value):
    """A number as the database keeps it, text as it is."""
    return value if isinstance(value, (str, int)) else float(value)
