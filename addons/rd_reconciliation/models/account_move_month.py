# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

MONTH_FIELDS = {"rd_month_accepted", "rd_month_accepted_by_id"}


class AccountMove(models.Model):
    """The accounting month of what a statement invoices is never moved silently.

    Where the month of the invoice date is locked, Odoo posts into a later one
    without a word; here a person sees that month and accepts it first.
    """

    _name = "account.move"
    _inherit = ["account.move"]

    rd_month_accepted = fields.Date(
        string="Accepted accounting date", readonly=True, copy=False
    )
    rd_month_accepted_by_id = fields.Many2one(
        "res.users", string="Accounting date accepted by", readonly=True, copy=False
    )
    rd_month_note = fields.Char(
        string="Accounting month", compute="_compute_rd_month_note"
    )
    rd_needs_month = fields.Boolean(compute="_compute_rd_month_note")

    @api.depends(
        *("invoice_date", "state", "rd_month_accepted"),
        *("rd_statement_id", "rd_deposit_statement_id"),
    )
    def _compute_rd_month_note(self):
        for move in self:
            move.rd_month_note = move._rd_get_month_note()
            move.rd_needs_month = move._rd_needs_month()

    def _rd_get_posting_date(self):
        """Return the accounting date that posting would give, and the wanted one."""
        self.ensure_one()
        wanted = self.invoice_date or self.company_id._rd_today()
        taxed = self._affect_tax_report()
        locks = self._get_violated_lock_dates(wanted, taxed)
        if not locks:
            return wanted, wanted
        return self._get_accounting_date(wanted, taxed, lock_dates=locks), wanted

    def _rd_get_month_note(self):
        """Return the sentence about another accounting month, or False."""
        self.ensure_one()
        statement = self.rd_statement_id or self.rd_deposit_statement_id
        if self.state != "draft" or not statement:
            return False
        found, wanted = self._rd_get_posting_date()
        if found.replace(day=1) == wanted.replace(day=1):
            return False
        return self.env._(
            "%(wanted)s is locked in the accounts; the invoice of %(statement)s dated "
            "%(date)s would count in %(found)s.",
            wanted=wanted.strftime("%Y-%m"),
            statement=statement.name,
            date=wanted,
            found=found.strftime("%Y-%m"),
        )

    def _rd_needs_month(self):
        """Tell whether a person still has to accept the accounting month."""
        self.ensure_one()
        if not self._rd_get_month_note():
            return False
        found, _wanted = self._rd_get_posting_date()
        accepted = self.rd_month_accepted
        return not accepted or accepted.replace(day=1) != found.replace(day=1)

    def action_rd_accept_month(self):
        """Accept that these invoices count in the month that is shown.

        :raise UserError: when finance does not ask
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_finance"
        ):
            raise UserError(
                self.env._("Only finance accepts another accounting month.")
            )
        self._rd_accept_month()
        return True

    def _rd_accept_month(self):
        internal = self.env["rd.statement"]._as_internal().env.context["rd_guard"]
        for move in self:
            note = move._rd_get_month_note()
            if not note:
                continue
            found, _wanted = move._rd_get_posting_date()
            move.with_context(rd_guard=internal).write(
                {
                    "rd_month_accepted": found,
                    "rd_month_accepted_by_id": self.env.uid,
                }
            )
            move.message_post(body=self.env._("Accepted: %(note)s", note=note))

    def _post(self, soft=True):
        """Post nothing into another month than a person has seen and accepted."""
        for move in self:
            if move._rd_needs_month():
                raise UserError(
                    self.env._(
                        "%(note)s Finance accepts the month first.",
                        note=move._rd_get_month_note(),
                    )
                )
        return super()._post(soft=soft)

    @api.model
    def _rd_get_kept(self):
        kept = dict.fromkeys(MONTH_FIELDS, self._rd_month_refusal)
        return {**super()._rd_get_kept(), **kept}

    def _rd_month_refusal(self):
        return self.env._("The accounting month is accepted by its button.")
