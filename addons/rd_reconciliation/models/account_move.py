# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_statement import OPEN_STATES

LINKS = {"rd_statement_id", "rd_statement_group"}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move"]

    rd_statement_id = fields.Many2one(
        "rd.statement",
        string="Affiliate statement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    rd_statement_group = fields.Integer(
        readonly=True,
        copy=False,
        help="Which of the statement's invoices this is.",
    )

    _rd_statement_once = models.UniqueIndex(
        "(rd_statement_id, rd_statement_group) "
        "WHERE rd_statement_id IS NOT NULL AND state != 'cancel'",
        "The statement has already been invoiced.",
    )

    def _post(self, soft=True):
        """Post invoices of statements only as they were agreed, line by line."""
        for move in self.filtered("rd_statement_id"):
            move._rd_check_as_agreed()
        posted = super()._post(soft=soft)
        for statement in posted.rd_statement_id.filtered(
            lambda one: one.state == "closed"
        ):
            # An invoice cancelled before is there again.
            self.env["rd.drift"]._detect(statement.company_id, statement.partner_id)
        return posted

    def _rd_check_as_agreed(self):
        """Refuse with the line named when the invoice is not what was agreed."""
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        sign = -1 if self.move_type == "out_refund" else 1
        for line in lines:
            if reason := line._rd_why_not_as_agreed(sign):
                raise UserError(reason)
        expected = self.rd_statement_id._get_invoice_lines_of(self)
        missing = expected - lines.rd_statement_line_id
        if missing:
            raise UserError(
                self.env._(
                    "%(line)s was agreed on %(statement)s but is not on the invoice; "
                    "delete the draft and make the invoice again.",
                    line=missing[0].display_name,
                    statement=self.rd_statement_id.name,
                )
            )
        self._rd_check_header(expected, sign)

    def _rd_check_header(self, lines, sign):
        """Refuse another customer, currency or total than was agreed."""
        statement = self.rd_statement_id
        customer = self.partner_id.commercial_partner_id
        if (
            customer != statement.partner_id
            or self.currency_id != statement.currency_id
        ):
            raise UserError(
                self.env._(
                    "%(statement)s was agreed with %(partner)s in %(currency)s; the "
                    "invoice says %(customer)s and %(other)s.",
                    statement=statement.name,
                    partner=statement.partner_id.name,
                    currency=statement.currency_id.name,
                    customer=customer.name,
                    other=self.currency_id.name,
                )
            )
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            agreed = sign * sum(lines.mapped(name))
            if self.currency_id.compare_amounts(self[name], agreed):
                raise UserError(
                    self.env._(
                        "%(statement)s was agreed at %(agreed)s (%(field)s); the "
                        "invoice comes to %(found)s.",
                        statement=statement.name,
                        field=self._fields[name]._description_string(self.env),
                        agreed=self.currency_id.format(agreed),
                        found=self.currency_id.format(self[name]),
                    )
                )

    def button_draft(self):
        """Keep an invoice cancelled whose statement was taken back, or whose lines a
        later statement states anew.

        :raise UserError: names that statement, or what is no longer as agreed
        """
        for move in self.filtered(lambda move: move.state == "cancel"):
            move._rd_check_not_stated_anew()
            if move.rd_statement_id:
                move._rd_check_still_agreed()
        return super().button_draft()

    def _rd_check_still_agreed(self):
        """Refuse when what the invoice bills is agreed no more, or otherwise."""
        # Whoever keeps invoices need not read statements.
        move = self.sudo()
        statement = move.rd_statement_id
        if statement.state in (*OPEN_STATES, "cancelled"):
            raise UserError(
                self.env._(
                    "%(move)s stays cancelled: %(statement)s was taken back and is "
                    "invoiced anew once it is agreed.",
                    move=self.name or self.display_name,
                    statement=statement.name,
                )
            )
        move._rd_check_as_agreed()

    def _rd_check_not_stated_anew(self):
        # Whoever keeps invoices need not read statements.
        lines = self.sudo().invoice_line_ids.rd_statement_line_id
        later = lines._get_drifts("invoice_gone")._get_late_lines().statement_id[:1]
        if later:
            raise UserError(
                self.env._(
                    "%(move)s stays cancelled: its lines are on %(statement)s and "
                    "are invoiced from there.",
                    move=self.name,
                    statement=later.name,
                )
            )

    def button_cancel(self):
        """Give the statements of cancelled invoices back to "agreed"."""
        res = super().button_cancel()
        self.rd_statement_id._invoice_gone()
        return res

    def unlink(self):
        """Give the statements of deleted drafts back to "agreed"."""
        statements = self.rd_statement_id
        res = super().unlink()
        statements._invoice_gone()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        """Take statement links, and what is kept beside, from our own code only."""
        given = self.default_get([*LINKS, *self._rd_get_kept()])
        for vals in [given, *vals_list]:
            self._rd_check_links(vals)
            self._rd_check_kept_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._rd_check_links(vals)
        self._rd_check_kept_values(vals)
        return super(AccountMove, self._rd_without_second_sync(vals)).write(vals)

    def _rd_without_second_sync(self, vals):
        """Return the moves as ``write`` takes them.

        ``create`` ends by noting that nobody has changed the invoice. The journal
        items were made a moment before and do not depend on that note: for invoices
        of statements they are not all compared a second time.
        """
        made = self.env["rd.statement"]._is_internal()
        if made and vals.keys() == {"is_manually_modified"}:
            return self.with_context(skip_invoice_sync=True)
        return self

    def _rd_check_links(self, vals):
        """Refuse links to a statement that our own code has not made."""
        # As long as a record has no link a client may well send it empty.
        linked = any(vals.get(name) for name in LINKS) or (
            LINKS & vals.keys() and any(self.mapped("rd_statement_id"))
        )
        if linked and not self.env["rd.statement"]._is_internal():
            raise UserError(self._rd_link_refusal())

    @api.model
    def _rd_get_kept(self):
        """Return ``{field: function}`` of what our own code alone writes; the function
        gives the sentence for who writes it by hand. Each concern appends its own
        through ``super()``."""
        return {}

    def _rd_check_kept_values(self, vals):
        """Refuse what nobody writes by hand; what is empty may stay so."""
        if self.env["rd.statement"]._is_internal():
            return
        for name, refusal in self._rd_get_kept().items():
            if vals.get(name) or (name in vals and any(self.mapped(name))):
                raise UserError(refusal())

    def _rd_link_refusal(self):
        return self.env._(
            "Invoices are tied to a statement by making them from the statement."
        )
