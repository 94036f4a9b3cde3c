# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class ResCompany(models.Model):
    """From which age on dispatched goods that nobody has invoiced stand out."""

    _name = "res.company"
    _inherit = ["res.company"]

    rd_dispatched_warn_days = fields.Integer(
        string="Dispatched goods get old after",
        default=30,
        required=True,
        help="Days since the dispatch; older rows are marked.",
    )
    rd_dispatched_late_days = fields.Integer(
        string="Dispatched goods are too old after",
        default=60,
        required=True,
        help="Days since the dispatch; older rows are marked in red.",
    )

    _rd_dispatched_days_in_order = models.Constraint(
        "CHECK (rd_dispatched_warn_days > 0 "
        "AND rd_dispatched_late_days > rd_dispatched_warn_days)",
        "Goods get old after at least a day, and are too old only later than that.",
    )


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings"]

    rd_dispatched_warn_days = fields.Integer(
        related="company_id.rd_dispatched_warn_days", readonly=False
    )
    rd_dispatched_late_days = fields.Integer(
        related="company_id.rd_dispatched_late_days", readonly=False
    )
