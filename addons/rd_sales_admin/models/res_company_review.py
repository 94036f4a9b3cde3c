# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain

from .rd_deputy import CLERK, SUPERVISOR


class ResCompany(models.Model):
    """How often customers are asked how content they are, and who the clerks are."""

    _name = "res.company"
    _inherit = ["res.company"]

    rd_review_months = fields.Selection(
        [("3", "Once a quarter"), ("6", "Once a half-year")],
        string="Customers are asked",
        default="3",
        help="People of a customer on the portal are asked for marks after a statement "
        "was agreed or a register confirmed; empty: nobody is asked.",
    )

    def _rd_get_clerks(self):
        """Return the clerks of the company who are no supervisors."""
        clerk, supervisor = (self.env.ref(name).id for name in (CLERK, SUPERVISOR))
        domain = Domain("group_ids", "in", [clerk]) & Domain("share", "=", False)
        domain &= Domain("company_ids", "in", self.ids)
        domain &= ~Domain("group_ids", "in", [supervisor])
        # Whoever plans or complains need not see the other users.
        return self.env["res.users"].sudo().search(domain, order="id").sudo(False)
