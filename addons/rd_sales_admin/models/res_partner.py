# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import calendar

from odoo import api, fields, models
from odoo.exceptions import ValidationError

BY_STATEMENT = ("statement_confirm", "statement_sent")


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    rd_partner_class = fields.Selection(
        selection=[("affiliate", "Affiliate"), ("outside", "Outside customer")],
        string="Customer class",
        index=True,
        tracking=True,
        help="Affiliates of the group settle by monthly statement; "
        "outside customers by order unless told otherwise.",
    )
    rd_settlement_mode = fields.Selection(
        selection=[
            ("statement_confirm", "Monthly statement with confirmation"),
            ("statement_sent", "Monthly statement, sent only"),
            ("delivery", "Per delivery"),
            ("order", "Per order"),
        ],
        string="Settlement",
        compute="_compute_rd_settlement_mode",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    rd_cutoff_day = fields.Integer(
        string="Cut-off day",
        default=31,
        tracking=True,
        help="Last day of the month whose deliveries count in the month's "
        "statement; 31 means the end of the month.",
    )

    rd_basis = fields.Selection(
        selection=[
            ("dispatched", "What was dispatched"),
            ("signed", "What was signed for"),
            ("accepted", "What was accepted"),
        ],
        string="Basis of the statement",
        default="dispatched",
        required=True,
        tracking=True,
        help="Dispatched: deliveries count on the day they left. Signed: only signed "
        "notes count, on the day of the signature. Accepted: of these only what the "
        "customer accepted.",
    )

    @api.depends("rd_partner_class")
    def _compute_rd_settlement_mode(self):
        for partner in self:
            if partner.rd_partner_class == "affiliate":
                partner.rd_settlement_mode = "statement_confirm"
            else:
                partner.rd_settlement_mode = "order"

    @api.constrains("rd_cutoff_day")
    def _check_rd_cutoff_day(self):
        for partner in self:
            if not 1 <= partner.rd_cutoff_day <= 31:
                raise ValidationError(
                    self.env._(
                        "The cut-off day of %(partner)s must lie between 1 and 31; "
                        "31 means the end of the month.",
                        partner=partner.display_name,
                    )
                )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            "rd_partner_class",
            "rd_settlement_mode",
            "rd_cutoff_day",
            "rd_basis",
        ]

    def _rd_settles_by_statement(self):
        """Tell whether deliveries to this customer are invoiced by statement."""
        self.ensure_one()
        return self.commercial_partner_id.rd_settlement_mode in BY_STATEMENT

    def _rd_cutoff(self, month):
        """Return the cut-off day (date, inclusive) of the month of ``month``."""
        self.ensure_one()
        last = calendar.monthrange(month.year, month.month)[1]
        day = self.commercial_partner_id.rd_cutoff_day or 31
        return month.replace(day=min(day, last))
