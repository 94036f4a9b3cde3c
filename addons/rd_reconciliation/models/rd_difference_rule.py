# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import matching

CODES = [
    ("match", "Agrees"),
    ("rounding", "Rounding"),
    ("tax_basis", "Tax basis"),
    ("uom", "Unit of measure"),
    ("timing", "Timing"),
    ("quantity_short", "Short on receipt"),
    ("quantity", "Quantity difference"),
    ("price", "Price difference"),
    ("amount", "Amount difference"),
    ("not_in_theirs", "Missing in theirs"),
    ("not_in_ours", "Missing in ours"),
    ("duplicate", "Booked twice"),
    ("return_unposted", "Return not booked"),
    ("part_alias", "Part number difference"),
    ("doc_ref", "Document number"),
    ("party", "Booked to a sister company"),
    ("invoiced_not_received", "Invoiced, not received"),
    ("received_not_invoiced", "Received, not invoiced"),
    ("payment", "Payment"),
    ("opening", "Opening difference"),
    ("deduction", "Deduction"),
]
ROLES = [
    ("us", "Clerk"),
    ("supervisor", "Supervisor"),
    ("salesperson", "Salesperson"),
    ("warehouse", "Warehouse"),
    ("finance", "Finance"),
    ("them", "Affiliate"),
    ("none", "Nobody"),
]
BLOCKS = [
    ("no", "Nothing"),
    ("line", "Its lines"),
    ("short", "The short part"),
    ("statement", "The whole statement"),
]
PROPOSALS = [
    ("carry", "Carry over to next month"),
    ("accept_theirs", "Accept their quantity, carry the rest"),
    ("keep_ours", "They accept ours"),
    ("send_proof", "Keep ours and send the proof"),
    ("learn", "Confirm and remember"),
    ("explain", "Explain, nothing of ours"),
    ("write_off", "Settle the rest as lost"),
    ("price", "Wait for the price"),
    ("correct_price", "Take their price"),
    ("return", "Raise a return of the rest"),
    ("credit", "Grant a credit note"),
    ("dispute", "Dispute it"),
    ("ask_finance", "Ask finance"),
    ("check_before", "Have the last closing checked"),
    ("transfer", "Note the transfer"),
]
# Whom the matching package's owners are at the desk.
OWNERS = {"their_side": "them", "its_side": "us"}
# What one tap does for each kind of difference.
DEFAULT_PROPOSALS = {
    "timing": "carry",
    "quantity_short": "accept_theirs",
    "quantity": "accept_theirs",
    "not_in_theirs": "carry",
    "not_in_ours": "explain",
    "duplicate": "keep_ours",
    "return_unposted": "carry",
    "part_alias": "learn",
    "doc_ref": "keep_ours",
    "uom": "learn",
    "tax_basis": "keep_ours",
    "price": "carry",
    "amount": "keep_ours",
    "party": "transfer",
    "invoiced_not_received": "carry",
    "received_not_invoiced": "explain",
    "payment": "ask_finance",
    "opening": "check_before",
    "deduction": "dispute",
}
# Who is told when a clock runs out, and how long after.
DEFAULT_ESCALATION = 2


class RdDifferenceRule(models.Model):
    """What a company does about one kind of difference: who, by when, what first."""

    _name = "rd.difference.rule"
    _description = "Difference Rule"
    _inherit = ["mail.thread", "rd.guarded.mixin"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    sequence = fields.Integer(readonly=True)
    code = fields.Selection(CODES, string="Kind", required=True, readonly=True)
    role = fields.Selection(
        ROLES, string="To be settled by", required=True, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain=[("share", "=", False)],
        tracking=True,
        help="Who gets differences of this kind. Empty: the responsible of the "
        "statement, for the salesperson the one of the order.",
    )
    days = fields.Integer(
        string="Working days", tracking=True, help="Until the clock runs out."
    )
    periods = fields.Integer(
        tracking=True,
        help="How often it may be carried over before a supervisor has to look; "
        "0: as often as needed.",
    )
    blocks = fields.Selection(BLOCKS, required=True, tracking=True)
    blocks_dunning = fields.Boolean(
        string="Holds back chasing",
        tracking=True,
        help="As long as it is open, the affiliate is not chased for these items.",
    )
    proposal = fields.Selection(
        PROPOSALS, string="Proposed action", required=True, tracking=True
    )
    escalation_days = fields.Integer(
        string="Escalate after",
        tracking=True,
        help="Working days after the clock has run out until a supervisor is told.",
    )

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "There is already a rule for this kind of difference."
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for rule in self:
            rule.display_name = labels.get(rule.code, "")

    @api.constrains("days", "periods", "escalation_days")
    def _check_not_negative(self):
        for rule in self:
            if min(rule.days, rule.periods, rule.escalation_days) < 0:
                raise ValidationError(
                    self.env._(
                        "Days and periods of “%(rule)s” cannot be below zero.",
                        rule=rule.display_name,
                    )
                )

    @api.model
    def _ensure(self, company):
        """Return the company's rules; those that are missing get their defaults."""
        rules = self.search([("company_id", "=", company.id)])
        missing = [code for code, _label in CODES if code not in rules.mapped("code")]
        # Whoever opens a difference may bring its rule into being.
        rules |= self.sudo().create(
            [self._prepare_default(company, code) for code in missing]
        )
        return rules.sudo(False)

    @api.model
    def _prepare_default(self, company, code):
        default = matching.CODES[code]
        return {
            "company_id": company.id,
            "sequence": list(dict(CODES)).index(code),
            "code": code,
            "role": OWNERS.get(default.owner, default.owner),
            "days": default.days,
            "periods": default.periods,
            "blocks": default.blocks_invoice,
            "blocks_dunning": default.blocks_dunning,
            "proposal": DEFAULT_PROPOSALS.get(code, "keep_ours"),
            "escalation_days": DEFAULT_ESCALATION,
        }

    @api.model
    def _get_by_code(self, company):
        """Return ``{code: rule}`` of a company."""
        return {rule.code: rule for rule in self._ensure(company)}

    @api.model
    def _ensure_all(self):
        """Give every company its rules; called when the add-on is installed."""
        everyone = [("active", "in", (True, False))]
        for company in self.env["res.company"].search(everyone, order="id"):
            self._ensure(company)
