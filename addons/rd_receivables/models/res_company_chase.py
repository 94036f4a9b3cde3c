# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..dues import Weights
from .rd_promise import LONGEST_GRACE

WEIGHTS = tuple(f"rd_chase_weight_{name}" for name in Weights._fields)


class ResCompany(models.Model):
    """How the company asks for its money."""

    _name = "res.company"
    _inherit = ["res.company"]

    rd_promise_grace = fields.Integer(
        string="Days of grace of a promise",
        default=3,
        help="Days after the promised day before a promise counts as broken; money "
        "travels.",
    )
    rd_chase_weight_amount = fields.Integer(
        string="Weight of the amount",
        default=40,
        help="How much the overdue amount counts, measured by the largest one of the "
        "company.",
    )
    rd_chase_weight_age = fields.Integer(
        string="Weight of the age",
        default=30,
        help="How much the days of the oldest overdue item count; 90 days count in "
        "full.",
    )
    rd_chase_weight_broken = fields.Integer(
        string="Weight of broken promises",
        default=20,
        help="How much broken promises of the last twelve months count; three count "
        "in full.",
    )
    rd_chase_weight_target = fields.Integer(
        string="Weight of the target",
        default=10,
        help="How much the share counts that this month's target still misses.",
    )
    rd_chase_pause_days = fields.Integer(
        string="Days between two messages",
        default=6,
        help="Nobody gets a second chasing message before so many days have passed. "
        "With 6, a run that was sent on a Tuesday leaves nobody out of the next "
        "Monday's.",
    )
    rd_chase_by_itself = fields.Boolean(
        string="Prepare runs by itself",
        help="A dry run is prepared each Monday and put before the responsible; it is "
        "sent by a person.",
    )

    @api.constrains("rd_promise_grace", "rd_chase_pause_days", *WEIGHTS)
    def _check_rd_chasing(self):
        for company in self:
            weights = company._rd_get_chase_weights()
            if min(weights) < 0 or not sum(weights):
                raise ValidationError(
                    self.env._(
                        "Weights of the chasing score of %(company)s are 0 or more, "
                        "and one of them is more than 0.",
                        company=company.name,
                    )
                )
            if not 0 <= company.rd_promise_grace <= LONGEST_GRACE:
                raise ValidationError(
                    self.env._("Days of grace of a promise lie between 0 and 60.")
                )
            if not 0 <= company.rd_chase_pause_days <= 365:
                raise ValidationError(
                    self.env._("Days between two messages lie between 0 and 365.")
                )

    def _rd_get_chase_weights(self):
        """Return the :class:`Weights` of the worklist's score."""
        self.ensure_one()
        return Weights(*(self[name] for name in WEIGHTS))
