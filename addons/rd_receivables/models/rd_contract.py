# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_partner_due import ANCHORS, LONGEST_GRACE, SHIFTS


class RdContract(models.Model):
    """From which event the terms of a contract are counted."""

    _name = "rd.contract"
    _inherit = ["rd.contract"]

    rd_due_anchor = fields.Selection(
        ANCHORS,
        string="Terms count from",
        tracking=True,
        help="The payment terms of its invoices run from this day, with the days of "
        "grace that stand here; empty: as agreed with the customer.",
    )
    rd_due_grace_days = fields.Integer(
        string="Days of grace",
        tracking=True,
        help="Days granted after the payment terms: the 15 of “30 + 15”.",
    )
    rd_due_shift = fields.Selection(
        SHIFTS,
        string="Due on a day off",
        tracking=True,
        help="Where a due date goes that is no working day of the company's calendar; "
        "empty: it stays.",
    )

    @api.constrains("rd_due_grace_days")
    def _check_rd_due_grace_days(self):
        for contract in self:
            if not 0 <= contract.rd_due_grace_days <= LONGEST_GRACE:
                raise ValidationError(
                    self.env._(
                        "The days of grace of %(contract)s must lie between 0 and "
                        "%(most)s.",
                        contract=contract.display_name,
                        most=LONGEST_GRACE,
                    )
                )
