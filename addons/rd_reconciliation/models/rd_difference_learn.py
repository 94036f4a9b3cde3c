# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

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

    # ------------------------------------------------------------------
    # What several differences of one month teach together
    # ------------------------------------------------------------------
    def _settled(self, reason=None):
        res = super()._settled(reason)
        left = self.exists()
        for statement in left.statement_id:
            own = left.filtered(lambda one, its=statement: one.statement_id == its)
            own[-1:]._learn_cutoff_together()
        return res

    def action_reopen(self):
        """Forget a cut-off, too, that fewer than two differences show by now."""
        res = super().action_reopen()
        for statement in self.statement_id:
            learned = statement.difference_ids.habit_ids.filtered(
                lambda habit: habit.kind == "cutoff_days" and habit.confirmations > 1
            )
            if learned and not self._get_cutoff(statement):
                learned.action_archive()
        return res

    def _learn_cutoff_together(self):
        """Keep a cut-off as a habit once two timing differences show the same."""
        self.ensure_one()
        habit = self._get_cutoff(self.statement_id)
        if not habit:
            return
        Habit = self.env["rd.match.habit"].with_context(active_test=False)
        known = Habit.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("kind", "=", "cutoff_days"),
            ]
        )
        # What a person took back, or knows better, is not learned again.
        if known.filtered("active") or habit.value["days"] in known.mapped("days"):
            return
        self._remember_habit(habit.kind, habit.value)
        self.habit_ids.filtered(
            lambda one: one.kind == "cutoff_days"
        ).confirmations = len(self._get_confirmed_timing(self.statement_id))

    @api.model
    def _get_cutoff(self, statement):
        """Return the cut-off that the confirmed differences of a statement teach."""
        days = [
            item._get_timing_days() for item in self._get_confirmed_timing(statement)
        ]
        return matching.learn_together(days)

    @api.model
    def _get_confirmed_timing(self, statement):
        """Return what a person carried as timing, or linked with another month."""
        return statement.difference_ids.filtered(
            lambda item: (
                item.settled_by_id
                and item.line_ids
                and (
                    (item.code == "timing" and item.state == "carried")
                    or item.match_id.status == "manual"
                )
            )
        )

    def _get_timing_days(self):
        """Return how many days late the affiliate books, as this difference shows."""
        self.ensure_one()
        profile = self.statement_id._get_ledger_profile()
        ours = self.line_ids[0]._prepare_match_line(profile)
        if self.ledger_line_ids:
            theirs = self.ledger_line_ids[0]._prepare_match_line()
            return matching.days_late(ours, theirs)
        rows = self.statement_id.ledger_ids.line_ids
        booked = [day for row in rows if (day := row.date or row._receipt_day())]
        last = max(booked, default=None)
        return matching.days_early(ours, last, self.statement_id.date_to)


def _plain(value):
    """A number as the database keeps it, text as it is."""
    return value if isinstance(value, (str, int)) else float(value)
