# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

DOCUMENT_KINDS = [
    ("quotation", "Quotation"),
    ("contract", "Contract"),
    ("order", "Order"),
    ("shipping", "Shipping list"),
    ("receipt", "Signed receipt"),
    ("handover", "Handover list"),
    ("statement", "Affiliate statement"),
    ("invoice", "Invoice"),
    ("ledger", "Register"),
    ("statistics", "Statistics"),
    ("property", "Customer property"),
    ("procedure", "Procedure"),
    ("other", "Other paper"),
]


class RdDocumentRetention(models.Model):
    """How long papers of one kind are kept, and from which day on.

    A rule of a company goes before the one for all. A longer period lengthens what
    is filed already; a shorter one holds for what is filed from now on.
    """

    _name = "rd.document.retention"
    _description = "Retention Rule"
    _inherit = ["mail.thread"]
    _order = "kind, company_id"
    _rec_name = "kind"

    kind = fields.Selection(DOCUMENT_KINDS, required=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    years = fields.Integer(required=True, default=10, tracking=True)
    basis = fields.Selection(
        [
            ("date", "Day of the paper"),
            ("year_end", "End of the year of the paper"),
            ("ended", "Day on which it ended (contract fulfilled, replaced)"),
            ("ended_year", "End of the year in which it ended"),
            ("forever", "Kept for ever"),
        ],
        string="Counted from",
        required=True,
        default="year_end",
        tracking=True,
    )
    note = fields.Char(string="Ground", help="The rule or law it follows.")

    _kind_once = models.UniqueIndex(
        "(kind, COALESCE(company_id, 0))", "There is already a rule for this kind."
    )
    _years_positive = models.Constraint(
        "CHECK (years BETWEEN 0 AND 100)", "A period has between 0 and 100 years."
    )

    @api.model
    def _find(self, kind, company):
        """Return the rule for a kind: the company's own before the common one."""
        rules = self.sudo().search(
            [("kind", "=", kind), ("company_id", "in", (False, company.id))]
        )
        return rules.sorted(lambda rule: not rule.company_id)[:1]

    def _get_end(self, day, ended):
        """Return the last day of keeping, or False while it cannot be told.

        Without a rule nothing is ever free: a paper nobody thought of is kept.
        """
        if not self or self.basis == "forever":
            return False
        start = ended if self.basis.startswith("ended") else day
        if not start:
            return False
        if self.basis in ("year_end", "ended_year"):
            start = date(start.year, 12, 31)
        return start + relativedelta(years=self.years)

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._lengthen()
        return rules

    def write(self, vals):
        if {"kind", "company_id"} & vals.keys():
            raise UserError(
                self.env._("A rule keeps its kind and company; make another one.")
            )
        res = super().write(vals)
        self._lengthen()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_common(self):
        """The rule for all companies stays: papers without one are kept for ever."""
        common = self.filtered(lambda rule: not rule.company_id)[:1]
        if common:
            raise UserError(
                self.env._("The rule of all companies is changed, not deleted.")
            )

    def _lengthen(self):
        """Lengthen what is filed already, where the rule now asks for more."""
        for rule in self:
            domain = [("kind", "=", rule.kind), ("state", "!=", "destroyed")]
            if rule.company_id:
                domain.append(("company_id", "=", rule.company_id.id))
            self.env["rd.document"].sudo().search(domain)._stamp_retention()
