# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

# What has to be done before a statement can be agreed, per customer class.
GATE_LINES = [
    ("none", "Nothing"),
    ("assigned", "Every line is confirmed or has a difference with an owner"),
    ("matched", "Every line is confirmed"),
]
GATE_APPROVAL = [
    ("none", "Nobody"),
    ("any", "A second person, if there is any difference"),
    ("tolerance", "A second person above the tolerance"),
]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company"]

    rd_line_tolerance = fields.Float(
        string="Rounding per line",
        digits=(16, 2),
        default=0.05,
        help="Amounts of a line that differ by no more agree, as rounding; in the "
        "currency of the statement.",
    )
    rd_statement_tolerance = fields.Float(
        string="Rounding per statement",
        digits=(16, 2),
        default=1.0,
        help="Totals of a statement that differ by no more agree, as rounding.",
    )
    rd_timing_days = fields.Integer(
        string="Timing window (days)",
        default=3,
        help="Days around the cut-off within which a one-sided line is called "
        "timing and not missing.",
    )
    rd_write_off_limit = fields.Float(
        string="Write-off without approval",
        digits=(16, 2),
        default=500.0,
        help="Up to this amount the desk settles a short quantity alone; in the "
        "company's currency.",
    )
    rd_charge_limit = fields.Float(
        string="Charge without approval",
        digits=(16, 2),
        default=500.0,
        help="Up to this amount the desk enters a charge or deduction alone; in the "
        "company's currency.",
    )
    rd_remind_days = fields.Integer(
        string="Remind after (working days)",
        default=3,
        help="Working days after sending, and after the cut-off, until who has not "
        "answered is reminded; 0 reminds nobody.",
    )
    rd_remind_times = fields.Integer(
        string="Reminders at most",
        default=2,
        help="After the last one the responsible is told to call.",
    )
    rd_silence_days = fields.Integer(
        string="Silence is escalated after",
        default=5,
        help="Working days after sending on which a supervisor is told that an "
        "affiliate has answered nothing.",
    )
    rd_auto_agree_affiliate = fields.Boolean(
        string="Agree by itself (affiliates)",
        help="A statement of an affiliate is agreed without a person when "
        "every line is confirmed.",
    )
    rd_auto_invoice_affiliate = fields.Boolean(
        string="Make the invoice (affiliates)",
        help="The invoice of an agreed statement of an affiliate is made "
        "without a person.",
    )
    rd_auto_post_affiliate = fields.Boolean(
        string="Post the invoice (affiliates)",
        help="The invoice of an agreed statement of an affiliate is posted "
        "without a person.",
    )
    rd_auto_agree_outside = fields.Boolean(
        string="Agree by itself (outside)",
        help="A statement of an outside customer is agreed without a person when "
        "every line is confirmed.",
    )
    rd_auto_invoice_outside = fields.Boolean(
        string="Make the invoice (outside)",
        help="The invoice of an agreed statement of an outside customer is made "
        "without a person.",
    )
    rd_auto_post_outside = fields.Boolean(
        string="Post the invoice (outside)",
        help="The invoice of an agreed statement of an outside customer is posted "
        "without a person.",
    )

    rd_tax_invoices = fields.Boolean(
        string="Tax invoices",
        compute="_compute_rd_tax_invoices",
        store=True,
        readonly=False,
        help="Invoices of statements are requested from finance, and a month is done "
        "when their tax invoices have been received.",
    )
    rd_invoice_max_amount = fields.Monetary(
        string="Most untaxed amount per invoice", help="0: no limit."
    )
    rd_invoice_max_lines = fields.Integer(
        string="Most lines per invoice",
        help="Counted as printed: one per part, price and tax. 0: no limit.",
    )
    rd_invoice_by_class = fields.Boolean(
        string="One invoice per settlement class",
        help="Lines of different settlement classes never share an invoice.",
    )
    rd_invoice_by_order = fields.Boolean(
        string="One invoice per order",
        help="Lines of different orders never share an invoice.",
    )
    rd_invoice_by_rate = fields.Boolean(
        string="One invoice per tax rate",
        help="Lines of different tax rates never share an invoice.",
    )
    rd_fapiao_days = fields.Integer(
        string="Tax invoices delivered within (days)",
        default=7,
        help="Calendar days from the date of the tax invoice to its receipt.",
    )

    @api.depends("country_id")
    def _compute_rd_tax_invoices(self):
        for company in self:
            company.rd_tax_invoices = company.country_id.code == "CN"

    rd_gate_lines_affiliate = fields.Selection(
        GATE_LINES,
        string="Lines before agreeing (affiliates)",
        default="none",
        required=True,
        help="Which lines have to be settled before a statement is agreed.",
    )
    rd_gate_approval_affiliate = fields.Selection(
        GATE_APPROVAL,
        string="Approval before agreeing (affiliates)",
        default="none",
        required=True,
        help="Who has to approve a statement before it is agreed.",
    )
    rd_gate_tolerance_affiliate = fields.Float(
        string="Tolerance before agreeing (affiliates)",
        digits=(16, 2),
        help="Sum of all differences, whatever their sign, up to which nobody has "
        "to approve; in the company's currency.",
    )
    rd_gate_lines_outside = fields.Selection(
        GATE_LINES,
        string="Lines before agreeing (outside)",
        default="none",
        required=True,
        help="Which lines have to be settled before a statement is agreed.",
    )
    rd_gate_approval_outside = fields.Selection(
        GATE_APPROVAL,
        string="Approval before agreeing (outside)",
        default="none",
        required=True,
        help="Who has to approve a statement before it is agreed.",
    )
    rd_gate_tolerance_outside = fields.Float(
        string="Tolerance before agreeing (outside)",
        digits=(16, 2),
        help="Sum of all differences, whatever their sign, up to which nobody has "
        "to approve; in the company's currency.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give new companies their rules per kind of difference."""
        companies = super().create(vals_list)
        companies._rd_make_rules()
        return companies

    def _rd_make_rules(self):
        # Whoever may make a company need not be of the desk.
        rules = self.env["rd.difference.rule"].sudo()
        for company in self:
            rules._ensure(company)
            self.env["rd.statement.column"].sudo()._ensure(company)

    def _rd_is_automatic(self, act, partner):
        """Tell whether ``act`` (agree, invoice, post) needs no person here."""
        self.ensure_one()
        return self[f"rd_auto_{act}_{self._rd_get_class(partner)}"]

    @api.model
    def _rd_get_class(self, partner):
        return "affiliate" if partner.rd_partner_class == "affiliate" else "outside"

    def _rd_get_gate(self, partner):
        """Return ``(lines, approval, tolerance)``: what agreeing asks for here."""
        self.ensure_one()
        kind = self._rd_get_class(partner)
        return (
            self[f"rd_gate_lines_{kind}"],
            self[f"rd_gate_approval_{kind}"],
            self[f"rd_gate_tolerance_{kind}"],
        )
