# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

OVER = ("back", "cancelled")


class RdLoan(models.Model):
    """Somebody borrows things from the sample room until a day.

    The events of the cards are the truth: lending and bringing back write them, and
    who holds a thing follows from them. What is sealed, a limit sample or a
    customer's is lent once a supervisor has approved it.
    """

    _name = "rd.loan"
    _description = "Loan"
    _inherit = [
        "rd.workflow.mixin",
        "rd.approval.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, default="/", copy=False, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    borrower_id = fields.Many2one(
        "res.partner",
        string="Borrowed by",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env.user.partner_id,
        tracking=True,
    )
    purpose = fields.Char(string="What for", tracking=True)
    date_due = fields.Date(
        string="Due back",
        required=True,
        default=lambda self: self._default_date_due(),
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handed out by",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
    )
    line_ids = fields.One2many("rd.loan.line", "loan_id", string="Things")
    lent_date = fields.Date(string="Lent on", readonly=True, copy=False)
    back_date = fields.Date(string="All back on", readonly=True, copy=False)
    approved_by_id = fields.Many2one(
        "res.users", string="Approved by", readonly=True, copy=False, tracking=True
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    can_act = fields.Boolean(compute="_compute_can_act")
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("waiting", "Waits for approval"),
            ("lent", "Lent"),
            ("back", "Back"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )

    _number_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "A loan with this number exists already.",
    )

    def _default_date_due(self):
        company = self.env.company
        day = company._rd_today() + timedelta(days=company.rd_loan_days)
        # on a day off nobody is there to take it back
        return company._rd_get_working_days().next_worked(day)

    @api.depends("line_ids.property_id")
    def _compute_needs_approval(self):
        for loan in self:
            cards = loan.line_ids.property_id
            loan.needs_approval = any(card._is_lent_by_approval() for card in cards)

    @api.depends_context("uid")
    @api.depends("borrower_id")
    def _compute_can_act(self):
        for loan in self:
            loan.can_act = loan._may_act()

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "waiting": ("draft",),
            "lent": ("draft", "waiting"),
            "draft": ("waiting",),
            "back": ("lent",),
            "cancelled": ("draft", "waiting"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("waiting", "lent", "back", "cancelled")

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | {"user_id", "date_due"}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "name",
            "lent_date",
            "back_date",
            "approved_by_id",
            "reminded_date",
            "escalated_date",
        }

    def _frozen_refusal(self):
        if self.state == "waiting":
            return self.env._(
                "%(loan)s waits for approval and keeps what it says; cancel it and "
                "prepare another one.",
                loan=self.display_name,
            )
        if self.state in OVER:
            return self.env._(
                "%(loan)s is over and keeps what it says, its day included.",
                loan=self.display_name,
            )
        return self.env._(
            "%(loan)s is handed out or waits for it and keeps what it says; only the "
            "day it is due can be moved.",
            loan=self.display_name,
        )

    def _why_not(self, target):
        if target in ("waiting", "lent"):
            if not self.line_ids:
                return self.env._("Say what is borrowed with %s.", self.display_name)
            today = self.company_id._rd_today()
            if self.date_due < today:
                return self.env._(
                    "%(loan)s cannot be due on %(day)s, which is past.",
                    loan=self.display_name,
                    day=self.date_due,
                )
            for line in self.line_ids:
                if reason := line._why_not_lend():
                    return reason
        return super()._why_not(target)

    def _may_act(self):
        """Tell whether the present user may hand out and take back this loan.

        The desk and the warehouse may for everybody; anybody else for himself.
        """
        desk = self.env["rd.property.event"].has_access("create")
        return desk or self.borrower_id == self.env.user.partner_id

    def _check_may_act(self):
        self.check_access("read")
        for loan in self:
            if not loan._may_act():
                raise UserError(
                    self.env._(
                        "%(loan)s is handed out and taken back by the sample room, "
                        "the warehouse or %(borrower)s.",
                        loan=loan.display_name,
                        borrower=loan.borrower_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        loans = super().create(vals_list)
        loans._check_may_act()
        loans._give_numbers()
        return loans

    def write(self, vals):
        """What is to be approved stays as it was asked, the day included; so does
        what is over."""
        kept = self.filtered(lambda loan: loan.state in ("waiting", *OVER))
        if "date_due" in vals and kept and not self._is_internal():
            raise UserError(kept[0]._frozen_refusal())
        return super().write(vals)

    def _give_numbers(self):
        """Number them; whoever may only borrow writes no number."""
        cards = self.env["rd.property"].sudo()
        for loan in self.sudo()._as_internal():
            loan.name = cards._next_of("rd.loan", loan.company_id)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_lend(self):
        """Hand the things out, or ask a supervisor where that is needed.

        Each card gets its event; a repeat lends once.

        :raise UserError: for what is out, lost, gone or no longer valid
        """
        self._check_may_act()
        for loan in self:
            if loan.state == "draft" and loan.needs_approval:
                loan._ask()
            elif loan.state != "waiting":
                loan._lend()
        return True

    def _ask(self):
        self.sudo()._move_to("waiting")
        self._ask_approval(
            "custody_loan",
            self.env._(
                "%(loan)s: %(things)s for %(borrower)s until %(day)s",
                loan=self.name,
                things=", ".join(self.line_ids.property_id.mapped("display_name")),
                borrower=self.borrower_id.name,
                day=self.date_due,
            ),
            reason=self.purpose,
        )

    def _lend(self, **values):
        # Who may only borrow writes no event himself; he was asked before.
        loans = self.sudo()
        today = self.company_id._rd_today()
        if loans._move_to("lent", {"lent_date": today, **values}):
            loans.line_ids._lend(today)

    def _approved(self, approval):
        res = super()._approved(approval)
        self._lend(approved_by_id=self.env.uid)
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        self._move_to("draft")
        return res

    def _get_approval_involved(self, approval):
        """Nobody approves what he borrows himself."""
        return super()._get_approval_involved(approval) | self.borrower_id.user_ids

    def action_all_back(self):
        """Take everything back as it went out, in good order."""
        self._check_may_act()
        self.line_ids.filtered("is_out")._bring_back("good")
        return True

    def action_cancel(self):
        """Take the loan back before anything was handed out."""
        self._check_may_act()
        for loan in self:
            loan._withdraw()
        return True

    def _withdraw(self):
        self._withdraw_approvals()
        # Who may only borrow changes no loan himself; he was asked before.
        self.sudo()._move_to("cancelled")
