# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdReturnReason(models.Model):
    """Why goods come back: one word per cause, so that they can be counted."""

    _name = "rd.return.reason"
    _description = "Reason of a Return"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: for every company.", index="btree_not_null"
    )
