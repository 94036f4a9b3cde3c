# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

COUNTS = [("receipt", "When it is received"), ("maturity", "When it matures")]
DEFAULT_BUCKETS = "30,60,90"
MOST_BUCKETS = 8


class ResCompany(models.Model):
    """How the company counts its receivables."""

    _name = "res.company"
    _inherit = ["res.company"]

    rd_plan_day = fields.Integer(
        string="Collection plan proposed on day",
        default=25,
        help="Day of the month on which the plan of the next month is proposed; "
        "31 means the last day, 0 never.",
    )
    rd_plan_due_days = fields.Integer(
        string="Collection plan approved after (working days)",
        default=5,
        help="Working days after the cut-off by which the collection plan of the next "
        "month is approved.",
    )
    rd_ageing_buckets = fields.Char(
        string="Ageing classes",
        default=DEFAULT_BUCKETS,
        help="Last day of each class but the open one, by commas: 30,60,90.",
    )
    rd_bill_bank_counts = fields.Selection(
        COUNTS,
        string="Bank acceptance counts",
        default="receipt",
        required=True,
        help="From when on a bill that a bank has accepted counts as received.",
    )
    rd_bill_commercial_counts = fields.Selection(
        COUNTS,
        string="Commercial acceptance counts",
        default="maturity",
        required=True,
        help="From when on a bill that a company has accepted counts as received.",
    )

    rd_close_waits_for_plan = fields.Boolean(
        string="Close waits for the plan",
        help="A month is closed only when the collection plan of the next one is "
        "approved.",
    )

    @api.constrains("rd_plan_day")
    def _check_rd_plan_day(self):
        for company in self:
            if not 0 <= company.rd_plan_day <= 31:
                raise ValidationError(
                    self.env._(
                        "The day of the collection plan must lie between 1 and 31; "
                        "0 turns the proposal off."
                    )
                )

    @api.constrains("rd_ageing_buckets")
    def _check_rd_ageing_buckets(self):
        for company in self:
            company._rd_get_buckets()

    def _rd_get_buckets(self):
        """Return the last day of each ageing class but the open one, ascending.

        :raise ValidationError: for what are no ascending days
        """
        self.ensure_one()
        parts = (
            (self.rd_ageing_buckets or DEFAULT_BUCKETS).replace("，", ",").split(",")
        )
        days = [int(part) for part in parts if part.strip().isdecimal()]
        if (
            len(days) != len(parts)
            or len(days) > MOST_BUCKETS
            or sorted(set(days)) != days
            or days[0] < 1
        ):
            raise ValidationError(
                self.env._(
                    "Ageing classes of %(company)s: write up to %(most)s ascending "
                    "days by commas, such as 30,60,90.",
                    company=self.name,
                    most=MOST_BUCKETS,
                )
            )
        return days
