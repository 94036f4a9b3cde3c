# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

RHYTHMS = [("1", "Month"), ("3", "Quarter"), ("6", "Half-year"), ("12", "Year")]


class RdWorkTemplate(models.Model):
    """A routine of the desk, which becomes an item of the work plan by itself."""

    _name = "rd.work.template"
    _description = "Routine of the Work Plan"
    _inherit = ["mail.thread", "rd.guarded.mixin"]
    _order = "working_day, name, id"
    _check_company_auto = True

    name = fields.Char(string="Task", required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user._rd_get_responsible(),
        domain="[('share', '=', False)]",
        tracking=True,
    )
    rhythm = fields.Selection(
        RHYTHMS,
        string="Every",
        required=True,
        default="1",
        help="Counted from the month of the first day.",
    )
    working_day = fields.Integer(
        string="Due on working day",
        required=True,
        default=5,
        tracking=True,
        help="On which working day of the month, by the company's calendar (1 for the "
        "first); 31 is the last one.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._rd_today(),
        help="Nothing is made that is due before this day.",
    )
    weight = fields.Float(required=True, default=1.0, tracking=True)
    evidence_hint = fields.Char(
        string="What shows it", help="What is to be seen when the task is done."
    )
    item_ids = fields.One2many("rd.work.item", "template_id", string="Items")

    _day_of_month = models.Constraint(
        "CHECK (working_day BETWEEN 1 AND 31)",
        "Write a working day from 1 to 31; 31 means the last one.",
    )
    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A task without weight does not count; give it one."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"item_ids"}

    def _is_in(self, month):
        """Tell whether the routine has its turn in this month."""
        self.ensure_one()
        start = self.date_from.replace(day=1)
        passed = (month.year - start.year) * 12 + month.month - start.month
        return passed >= 0 and passed % int(self.rhythm) == 0

    def _prepare_items(self, company, month):
        """Return the values of the month's items that are not there yet."""
        days = company._rd_get_month_days(month)
        groups = self.env["rd.work.item"]._read_group(
            [("template_id", "in", self.ids), ("month", "=", month)], ["template_id"]
        )
        known = {template.id for (template,) in groups}
        lang = company.partner_id.lang or self.env.lang
        values = []
        for template in self.with_context(lang=lang):
            due = days[min(template.working_day, len(days)) - 1]
            if (
                template.id in known
                or not template._is_in(month)
                or due < template.date_from
            ):
                continue
            values.append(
                {
                    "name": template.name,
                    "company_id": company.id,
                    "template_id": template.id,
                    "source": "routine",
                    "user_id": template.user_id.id,
                    "date_due": due,
                    "weight": template.weight,
                    "evidence_hint": template.evidence_hint,
                }
            )
        return values

    def action_make(self):
        """Make this month's items of the routines now; what is there stays as it is."""
        self.check_access("write")
        for company in self.company_id:
            mine = self.filtered(lambda one, company=company: one.company_id == company)
            self.env["rd.work.item"]._make_routine(company, mine)
        return True
