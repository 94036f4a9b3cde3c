# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CODES = [
    ("bounced", "Bounced bill"),
    ("dispute", "Dispute not settled"),
    ("promises", "Broken promises"),
    ("short", "Short payment"),
    ("carried", "Carried from plan to plan"),
    ("silence", "Nothing heard"),
    ("overdue", "Overdue"),
]
PROPOSALS = [
    ("call", "Call the customer"),
    ("resend", "Send the tax invoice again"),
    ("credit", "Grant a credit note"),
    ("escalate", "Bring it to the supervisor"),
    ("stop", "Stop deliveries"),
    ("offset", "Offset against what we owe"),
    ("legal", "Take legal steps"),
]
ROLES = [
    ("clerk", "Clerk"),
    ("finance", "Finance"),
    ("supervisor", "Supervisor"),
]


class Default(NamedTuple):
    """What a rule is before somebody changes it."""

    limit: int
    """Days, promises or plans, by the rule."""
    proposal: str
    role: str
    days: int
    """Working days of the clock."""


DEFAULTS = {
    "bounced": Default(0, "escalate", "finance", 2),
    "dispute": Default(15, "credit", "clerk", 5),
    "promises": Default(2, "escalate", "clerk", 3),
    "short": Default(10, "call", "clerk", 5),
    "carried": Default(3, "stop", "clerk", 5),
    "silence": Default(21, "call", "clerk", 3),
    "overdue": Default(30, "call", "clerk", 5),
}
DEFAULT_ESCALATION = 3
DEFAULT_AGAIN = 30


class RdReceivableRule(models.Model):
    """From which facts a company makes an exception, and who handles it by when."""

    _name = "rd.receivable.rule"
    _description = "Rule of Receivable Exceptions"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True)
    code = fields.Selection(CODES, string="Rule", required=True, readonly=True)
    active = fields.Boolean(default=True, tracking=True)
    limit = fields.Integer(
        tracking=True, help="Days, promises or plans: the sentence says which."
    )
    sentence = fields.Char(string="In words", compute="_compute_sentence")
    minimum = fields.Monetary(
        string="From an amount of",
        tracking=True,
        help="Smaller items make no exception; in the company's currency.",
    )
    proposal = fields.Selection(
        PROPOSALS, string="Suggested handling", required=True, tracking=True
    )
    role = fields.Selection(ROLES, string="Handled by", required=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain=[("share", "=", False)],
        tracking=True,
        help="Who gets exceptions of this rule. Empty: the owner of the customer where "
        "he has the role, else the first person of the role.",
    )
    days = fields.Integer(
        string="Working days", tracking=True, help="Until the clock runs out."
    )
    escalation_days = fields.Integer(
        string="Escalate after",
        tracking=True,
        help="Working days after the clock has run out until a supervisor is told.",
    )
    again_days = fields.Integer(
        string="Again after (days)",
        tracking=True,
        help="An item that was handled and is still so comes up again after so many "
        "days.",
    )

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "There is already a rule for this kind of exception."
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for rule in self:
            rule.display_name = labels.get(rule.code, "")

    @api.depends("code", "limit")
    @api.depends_context("lang")
    def _compute_sentence(self):
        texts = self._get_sentences()
        for rule in self:
            template = texts.get(rule.code, "")
            rule.sentence = template.replace("{limit}", str(rule.limit))

    @api.model
    def _get_sentences(self):
        """Return what each rule says, with ``{limit}`` for its number."""
        return {
            "bounced": self.env._(
                "A bill bounced and the debt that it paid is open again."
            ),
            "dispute": self.env._(
                "The customer disputes something for more than {limit} days."
            ),
            "promises": self.env._(
                "The customer broke {limit} promises or more and still owes."
            ),
            "short": self.env._(
                "Less came than was owed, and the rest is open {limit} days later."
            ),
            "carried": self.env._(
                "An item stood on {limit} approved plans and is still open."
            ),
            "silence": self.env._(
                "Something is overdue and nothing was heard for {limit} days."
            ),
            "overdue": self.env._("An item is overdue by more than {limit} days."),
        }

    @api.constrains("limit", "days", "escalation_days", "again_days", "minimum")
    def _check_not_negative(self):
        for rule in self:
            numbers = (rule.limit, rule.days, rule.escalation_days, rule.again_days)
            if min(*numbers, rule.minimum) < 0:
                raise ValidationError(
                    self.env._(
                        "Numbers of the rule “%(rule)s” cannot be below zero.",
                        rule=rule.display_name,
                    )
                )
            if rule.code in ("promises", "carried") and rule.limit < 1:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” counts from 1; archive it to turn it off.",
                        rule=rule.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Defaults
    # ------------------------------------------------------------------
    @api.model
    def _ensure(self, company):
        """Return the company's active rules; missing ones get their defaults."""
        rules = self.with_context(active_test=False).search(
            [("company_id", "=", company.id)]
        )
        known = rules.mapped("code")
        rules |= self.sudo().create(
            [
                self._prepare_default(company, code)
                for code, _label in CODES
                if code not in known
            ]
        )
        return rules.filtered("active").sorted("sequence")

    @api.model
    def _prepare_default(self, company, code):
        default = DEFAULTS[code]
        return {
            "company_id": company.id,
            "sequence": list(dict(CODES)).index(code),
            "code": code,
            **default._asdict(),
            "escalation_days": DEFAULT_ESCALATION,
            "again_days": DEFAULT_AGAIN,
        }

    @api.model
    def _ensure_all(self):
        """Give every company its rules; called when the add-on is installed."""
        everyone = [("active", "in", (True, False))]
        for company in self.env["res.company"].search(everyone, order="id"):
            self._ensure(company)

    def _get_owner(self, partner):
        """Return who handles exceptions of this customer."""
        self.ensure_one()
        if self.user_id:
            return self.user_id
        people = self._get_people(self.role, self.company_id)
        return people & partner.user_id or people[:1]

    @api.model
    def _get_people(self, role, company):
        """Return the users of the role, people before robots.

        Who has a higher role is left out where somebody has just this one.
        """
        group = f"rd_sales_admin.rd_sales_admin_group_{role}"
        # The scheduled action names whom it tells.
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(group).ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        technical = self.env.ref("base.user_root") | self.env.ref("base.user_admin")
        higher = company._rd_get_supervisors() if role != "supervisor" else technical
        return (users - higher - technical or users - technical or users).sudo(False)
