# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

# The steps of the month in their order: code, field with the working days after the
# affiliate's cut-off by which the step is done.
STEP_DAYS = {
    "build": "rd_build_due_days",
    "match": "rd_match_due_days",
    "agree": "rd_agree_due_days",
    "invoice": "rd_invoice_due_days",
    "post": "rd_post_due_days",
    "fapiao": "rd_fapiao_due_days",
}


class ResCompany(models.Model):
    """By when the steps of a month are done."""

    _name = "res.company"
    _inherit = ["res.company"]

    rd_build_due_days = fields.Integer(
        string="Statement made after (working days)",
        default=1,
        help="Working days after a cut-off by which the statement is made.",
    )
    rd_match_due_days = fields.Integer(
        string="Their ledger here after (working days)",
        default=5,
        help="Working days after a cut-off by which an affiliate has answered with "
        "its ledger or line by line.",
    )
    rd_agree_due_days = fields.Integer(
        string="Agreed after (working days)",
        default=8,
        help="Working days after a cut-off by which a statement is agreed.",
    )
    rd_invoice_due_days = fields.Integer(
        string="Invoiced after (working days)",
        default=11,
        help="Working days after a cut-off by which what was agreed is invoiced.",
    )
    rd_post_due_days = fields.Integer(
        string="Posted after (working days)",
        default=12,
        help="Working days after a cut-off by which finance has posted the invoice.",
    )
    rd_fapiao_due_days = fields.Integer(
        string="Tax invoice delivered after (working days)",
        default=15,
        help="Working days after a cut-off by which they have the tax invoice.",
    )

    @api.constrains(*STEP_DAYS.values())
    def _check_rd_step_days(self):
        labels = self.fields_get(list(STEP_DAYS.values()), ["string"])
        for company in self:
            before, least = "", 0
            for name in STEP_DAYS.values():
                step, days = labels[name]["string"], company[name]
                if days < least:
                    raise ValidationError(
                        company._rd_say_step_days(step, before, least)
                    )
                before, least = step, days

    def _rd_say_step_days(self, step, before, least):
        if not before or least == 0:
            return self.env._("“%(step)s” takes a number of days from 0 on.", step=step)
        return self.env._(
            "“%(step)s” cannot be before “%(before)s”, which takes %(days)s; enter as "
            "many days or more.",
            step=step,
            before=before,
            days=least,
        )
