# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import matching


class RdMatchHabit(models.Model):
    """How an affiliate writes things, learned from a pair that a person confirmed.

    A habit helps the next match to find its pair and is named there with its
    origin. It agrees or posts nothing; archiving it takes it back. Their part
    numbers are kept as aliases (``rd.part.alias``), beside this list.
    """

    _name = "rd.match.habit"
    _description = "Matching Habit"
    _inherit = ["mail.thread", "rd.guarded.mixin"]
    _order = "partner_id, kind, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Affiliate",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            ("note_rule", "Delivery note"),
            ("unit", "Unit"),
            ("cutoff_days", "Cut-off"),
        ],
        required=True,
    )
    prefix = fields.Char(
        string="They put before it",
        help="Characters before our note number that are left out of theirs.",
    )
    suffix = fields.Char(
        string="They put after it",
        help="Characters after our note number that are left out of theirs.",
    )
    part = fields.Char(string="Part number", help="Our part number.")
    factor = fields.Float(
        string="Unit factor",
        digits=(16, 6),
        help="Our quantity for one of theirs: 1000 where they count in thousands.",
    )
    days = fields.Integer(
        string="Days later", help="How many days after us they book a delivery."
    )
    difference_id = fields.Many2one(
        "rd.difference",
        string="Learned from",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    confirmations = fields.Integer(
        default=1,
        readonly=True,
        help="How many differences a person confirmed before it was learned.",
    )
    active = fields.Boolean(default=True, tracking=True)

    _value_unique = models.UniqueIndex(
        "(company_id, partner_id, kind, COALESCE(prefix, ''), COALESCE(suffix, ''), "
        "COALESCE(part, '')) WHERE active IS TRUE",
        "This habit of the affiliate is already known.",
    )

    @api.constrains("kind", "prefix", "suffix", "part", "factor", "days")
    def _check_complete(self):
        for habit in self:
            complete = {
                "note_rule": bool(habit.prefix or habit.suffix),
                "unit": bool(habit.part) and habit.factor > 0,
                "cutoff_days": habit.days > 0,
            }
            if not complete[habit.kind]:
                raise ValidationError(
                    self.env._(
                        "The habit of %(partner)s says nothing yet: give what stands "
                        "around the note, the part with its factor, or the days.",
                        partner=habit.partner_id.name,
                    )
                )

    @api.depends("kind", "prefix", "suffix", "part", "factor", "days")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for habit in self:
            habit.display_name = habit._describe_value()

    def _describe_value(self):
        """Return what the habit says, in words."""
        self.ensure_one()
        if self.kind == "note_rule":
            return f"{self.prefix or ''}…{self.suffix or ''}"
        if self.kind == "unit":
            return f"{self.part} × {self.factor:g}"
        return self.env._("%(days)s days later", days=self.days)

    def _prepare_habit(self):
        """Return the habit as the matching package reads it."""
        self.ensure_one()
        values = {
            "note_rule": {"prefix": self.prefix or "", "suffix": self.suffix or ""},
            "unit": {"part": self.part, "factor": Decimal(str(self.factor))},
            "cutoff_days": {"days": self.days},
        }
        return matching.Habit(self.kind, values[self.kind], self._origin_of(self))

    @api.model
    def _origin_of(self, record):
        """Return who confirmed a habit or alias and when, as a reason shows it."""
        return self.env._(
            "%(user)s on %(day)s",
            user=record.create_uid.name,
            day=record.company_id._rd_local_date(record.create_date),
        )

    @api.model
    def _get_habits(self, company, partner):
        """Return the habits of an affiliate, for ``matching.Rules``."""
        habits = self.search(
            [("company_id", "=", company.id), ("partner_id", "=", partner.id)]
        )
        return tuple(habit._prepare_habit() for habit in habits)
