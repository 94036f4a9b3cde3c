# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdPropertyAgreement(models.TransientModel):
    """Does the register agree with the business? Each figure opens its rows."""

    _name = "rd.property.agreement"
    _description = "Agreement of the Register with the Business"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    month = fields.Date(
        required=True,
        default=lambda self: self.env.company._rd_today().replace(day=1),
    )
    counted = fields.Integer(string="Cards counted", compute="_compute_counts")
    agreeing = fields.Integer(
        string="Counted without a difference", compute="_compute_counts"
    )
    incidents = fields.Integer(string="Open incidents", compute="_compute_counts")
    unmarked = fields.Integer(string="Not yet marked", compute="_compute_counts")
    unverified = fields.Integer(string="Not verified", compute="_compute_counts")
    unconfirmed = fields.Integer(
        string="Not confirmed by the owner", compute="_compute_counts"
    )
    overdue = fields.Integer(string="Counts overdue", compute="_compute_counts")
    upkeep = fields.Integer(string="Upkeep due", compute="_compute_counts")

    @api.depends("company_id", "month")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Agrees with the business")

    @api.depends("company_id", "month")
    def _compute_counts(self):
        cards = self.env["rd.property"]
        for page in self:
            month = page.month.replace(day=1)
            page.agreeing, page.counted, _domain = cards._get_agreement(
                page.company_id, month
            )
            domains = cards._get_open_domains(page.company_id)
            for code, (model, domain) in domains.items():
                page[code] = self.env[model].search_count(domain)

    def action_open(self, code=None):
        """Open the rows behind a figure.

        :param code: one of the figures, "counted" or "differing"; a button names it
            in its context
        :raise UserError: for a figure that is not on the page
        """
        self.ensure_one()
        code = code or self.env.context.get("rd_figure")
        cards = self.env["rd.property"]
        if code in ("counted", "differing"):
            model = "rd.property.count.line"
            month = self.month.replace(day=1)
            domain = cards._get_agreement(self.company_id, month)[2]
            if code == "differing":
                domain = [*domain, ("differs", "=", True)]
        else:
            domains = cards._get_open_domains(self.company_id)
            if code not in domains:
                raise UserError(self.env._("Say which figure is to be opened."))
            model, domain = domains[code]
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(model).name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": list(domain),
        }
