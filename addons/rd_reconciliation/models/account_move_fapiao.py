# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.tools.roles import DESK

FORMER = {
    "rd_former_statement_id",
    "rd_former_group",
    "rd_fapiao_ids",
    "rd_deposit_statement_id",
    # From it the due date is counted.
    "rd_fapiao_received_date",
}


class AccountMove(models.Model):
    """What hangs on a statement's invoice: request, tax invoice, credit note."""

    _name = "account.move"
    _inherit = ["account.move"]

    rd_request_ids = fields.One2many(
        "rd.invoice.request",
        "move_id",
        string="Invoice requests",
        copy=False,
        groups=DESK,
    )
    rd_fapiao_ids = fields.Many2many(
        "rd.fapiao",
        "rd_fapiao_move_rel",
        "move_id",
        "fapiao_id",
        string="Tax invoices",
        readonly=True,
        copy=False,
        groups=DESK,
    )
    rd_fapiao_received_date = fields.Date(
        string="Tax invoice received",
        compute="_compute_rd_fapiao_received_date",
        store=True,
        copy=False,
        help="Day on which the customer had the last tax invoice of this invoice; "
        "from it the due date is counted.",
    )
    rd_deposit_statement_id = fields.Many2one(
        "rd.statement",
        string="Down payment given back with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    rd_former_statement_id = fields.Many2one(
        "rd.statement",
        string="Credited statement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Statement of this invoice until a credit note took it back whole.",
    )
    rd_former_group = fields.Integer(readonly=True, copy=False)

    @api.depends(
        "amount_total",
        "rd_fapiao_ids.state",
        "rd_fapiao_ids.amount_total",
        "rd_fapiao_ids.received_date",
        "rd_fapiao_ids.move_ids",
    )
    def _compute_rd_fapiao_received_date(self):
        for move in self:
            # A due date is counted from papers that its reader need not see.
            live = move.sudo().rd_fapiao_ids.filtered(lambda item: item._counts())
            days = live._get_covering().mapped("received_date")
            move.rd_fapiao_received_date = max(days) if days and all(days) else False

    # ------------------------------------------------------------------
    # What follows the invoice
    # ------------------------------------------------------------------
    def _post(self, soft=True):
        """Accept the request of what is posted; see what a credit note takes back."""
        self._rd_requests()._check_not_returned()
        for move in self.filtered("rd_deposit_statement_id"):
            move._rd_check_deposit()
        for move in self.filtered(lambda item: item.move_type == "out_refund"):
            move._rd_check_not_over_credited()
        posted = super()._post(soft=soft)
        posted._rd_requests().filtered(
            lambda item: item.state != "cancelled"
        )._invoice_posted()
        for move in posted.filtered(lambda item: item.move_type == "out_refund"):
            move._rd_credit_posted()
        return posted

    def _rd_check_not_over_credited(self):
        """Refuse to credit more of a statement's invoice than it comes to.

        Drafts count, too: a credit note of the whole frees the pieces to be invoiced
        again, and Odoo would take those of the draft for still more to invoice.
        """
        self.ensure_one()
        invoice = self.sudo().reversed_entry_id
        others = invoice._rd_get_live_credits() - self
        total = self.amount_total + sum(others.mapped("amount_total"))
        if others and self.currency_id.compare_amounts(total, invoice.amount_total) > 0:
            raise UserError(
                self.env._(
                    "%(credits)s already credits %(invoice)s, and together with this "
                    "note more would be credited than was invoiced; delete a draft "
                    "that is wrong, or lower this note.",
                    credits=", ".join(others.mapped("display_name")),
                    invoice=invoice.display_name,
                )
            )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Make no credit note of what others credit whole already.

        Odoo counts drafts, too: the order line would say too much to invoice.
        """
        for invoice in self.filtered(lambda move: move.move_type == "out_invoice"):
            invoice._rd_check_not_credited_whole()
        return super()._reverse_moves(default_values_list, cancel)

    def _rd_check_not_credited_whole(self):
        self.ensure_one()
        invoice = self.sudo()
        credits_ = invoice._rd_get_live_credits()
        total = sum(credits_.mapped("amount_total"))
        if (
            credits_
            and self.currency_id.compare_amounts(total, invoice.amount_total) >= 0
        ):
            raise UserError(
                self.env._(
                    "%(credits)s already credits the whole of %(invoice)s; delete a "
                    "draft that is wrong, or cancel it.",
                    credits=", ".join(credits_.mapped("display_name")),
                    invoice=invoice.display_name,
                )
            )

    def _rd_is_of_statement(self):
        return bool(self.rd_statement_id | self.rd_former_statement_id)

    def _rd_get_live_credits(self):
        """Return what credits an invoice of a statement, posted or in draft."""
        if not self._rd_is_of_statement():
            return self.browse()
        return self.reversal_move_ids.filtered(
            lambda one: one.state != "cancel" and one.currency_id == self.currency_id
        )

    def _rd_check_deposit(self):
        """Refuse to give back anything else than the down payments as invoiced."""
        self.ensure_one()
        for line in self.sudo().invoice_line_ids:
            origin = line.sale_line_ids
            if line.display_type == "product" and (
                len(origin) != 1
                or not origin.is_downpayment
                or round(line.quantity - 1, 6)
                or round(line.price_unit - origin.price_unit, 6)
                or line.tax_ids != origin.tax_ids
            ):
                raise UserError(
                    self.env._(
                        "“%(line)s” is not the down payment as it was invoiced; delete "
                        "the draft and make the invoices again.",
                        line=line.name,
                    )
                )

    def button_cancel(self):
        """Cancel with the invoice what was asked for it."""
        self._rd_check_can_go()
        self._rd_check_not_credited()
        res = super().button_cancel()
        self._rd_requests()._invoice_gone()
        self._rd_credit_gone()
        return res

    def button_draft(self):
        """Let the request wait again when its invoice is a draft again."""
        self._rd_check_can_go()
        posted = self.filtered(lambda move: move.state == "posted")
        cancelled = self.filtered(lambda move: move.state == "cancel")
        cancelled._rd_check_not_anew()
        cancelled._rd_check_still_credits()
        res = super().button_draft()
        cancelled.rd_statement_id._invoice_back()
        posted._rd_requests()._invoice_reset()
        self._rd_credit_gone()
        return res

    def unlink(self):
        """Cancel with the draft what was asked for it."""
        self._rd_check_can_go()
        self._rd_check_not_credited()
        self._rd_requests()._invoice_gone()
        return super().unlink()

    def _rd_requests(self):
        """Return what was asked for these invoices, whoever may read it."""
        return self.sudo().rd_request_ids

    def _rd_check_can_go(self):
        """Refuse to take back an invoice whose tax invoice is with the customer."""
        for move in self:
            live = move.sudo().rd_fapiao_ids.filtered(lambda item: item._stands())
            if live:
                raise UserError(
                    self.env._(
                        "Tax invoice %(number)s of %(invoice)s has been issued; make "
                        "its red-letter invoice first.",
                        number=live[0].display_name,
                        invoice=move.display_name,
                    )
                )
            if move.rd_former_statement_id:
                raise UserError(
                    self.env._(
                        "%(invoice)s has been credited whole; take its credit note "
                        "back first.",
                        invoice=move.display_name,
                    )
                )

    def _rd_check_not_credited(self):
        """Refuse to drop a statement's invoice from under its credit note, which
        would then take back what is not invoiced at all."""
        for move in self.sudo().filtered("rd_statement_id"):
            credit = (move.reversal_move_ids - self).filtered(
                lambda one: one.state != "cancel"
            )
            credit = credit or move._rd_get_credit_beyond(self)
            if credit:
                raise UserError(
                    self.env._(
                        "%(credit)s credits %(invoice)s; cancel or delete that credit "
                        "note first.",
                        credit=credit[0].display_name,
                        invoice=move.display_name,
                    )
                )

    def _rd_get_credit_beyond(self, together):
        """Return the credit notes written by hand that would take back more of an
        order line than is still invoiced without this invoice.

        :param together: what is dropped in the same go
        """
        self.ensure_one()
        if self.state == "cancel" or self.move_type != "out_invoice":
            return self.browse()
        found = self.browse()
        for sold in self.invoice_line_ids.sale_line_ids:
            dropped = sold.invoice_lines.filtered(
                lambda item: item.move_id in together and item.parent_state != "cancel"
            )
            own = sum(
                -item.move_id.direction_sign
                * item.product_uom_id._compute_quantity(
                    item.quantity, sold.product_uom_id, round=False
                )
                for item in dropped
            )
            if sold.product_uom_id.compare(sold.qty_invoiced - own, 0.0) < 0:
                found |= (sold.invoice_lines.move_id - together).filtered(
                    lambda one: (
                        one.move_type == "out_refund"
                        and one.state != "cancel"
                        and not one.rd_statement_id
                    )
                )
        return found

    def _rd_check_not_anew(self):
        """Refuse to bring back an invoice whose statement was invoiced anew."""
        for move in self.sudo().filtered("rd_statement_id"):
            if move.invoice_line_ids.rd_statement_line_id._get_invoiced():
                raise UserError(
                    self.env._(
                        "%(statement)s has been invoiced anew since %(invoice)s was "
                        "cancelled; cancel the new invoice first.",
                        statement=move.rd_statement_id.display_name,
                        invoice=move.display_name,
                    )
                )

    def _rd_check_still_credits(self):
        """Refuse to bring back a credit note of what is invoiced no more, or would
        be credited beyond: it would take back what was never billed."""
        notes = self.sudo().filtered(lambda move: move.move_type == "out_refund")
        for note in notes.filtered("reversed_entry_id"):
            invoice = note.reversed_entry_id
            if invoice._rd_is_of_statement() and invoice.state == "cancel":
                raise UserError(
                    self.env._(
                        "%(credit)s stays cancelled: %(invoice)s, which it credits, "
                        "is cancelled, too.",
                        credit=note.display_name,
                        invoice=invoice.display_name,
                    )
                )
            note._rd_check_not_over_credited()

    # ------------------------------------------------------------------
    # Credit notes made outside the chain
    # ------------------------------------------------------------------
    def _rd_credit_posted(self):
        """Bring back what a credit note made outside the chain takes back.

        A whole one frees the statement's lines to be invoiced again, once; a part
        is shown on the statement and never billed by itself. Either has its red
        letter asked for.
        """
        self.ensure_one()
        invoice = self.sudo().reversed_entry_id
        statement = invoice.rd_statement_id
        if self.rd_statement_id or not statement or invoice.state != "posted":
            return
        whole = self._rd_takes_back_whole(invoice)
        self._rd_ask_red(invoice, whole)
        if whole:
            invoice._rd_release()
            statement._invoice_gone()
        statement._note_outside(
            self.env._(
                "%(credit)s credits %(invoice)s of this statement outside the month.",
                credit=self.display_name,
                invoice=invoice.display_name,
            )
        )

    def _rd_takes_back_whole(self, invoice):
        """Tell whether this credit note says line by line what the invoice says."""
        return self._rd_line_facts() == invoice._rd_line_facts()

    def _rd_line_facts(self):
        lines = self.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        return sorted(
            (
                tuple(line.sale_line_ids.ids),
                line.product_id.id,
                round(line.quantity, 6),
                round(line.price_unit, 6),
                round(line.discount, 6),
                tuple(sorted(line.tax_ids.ids)),
            )
            for line in lines
        )

    def _rd_release(self):
        """Keep the links to the statement as history only."""
        for move in self._rd_internal():
            for line in move.invoice_line_ids.filtered("rd_statement_line_id"):
                line.write(
                    {
                        "rd_former_line_id": line.rd_statement_line_id.id,
                        "rd_statement_line_id": False,
                    }
                )
            move.invoice_line_ids._rd_release_stage()
            move.write(
                {
                    "rd_former_statement_id": move.rd_statement_id.id,
                    "rd_former_group": move.rd_statement_group,
                    "rd_statement_id": False,
                    "rd_statement_group": 0,
                }
            )
        self.env.flush_all()

    def _rd_credit_gone(self):
        """Tie an invoice to its statement again: its credit note is taken back.

        :raise UserError: when the statement has been invoiced or stated anew since
        """
        gone = self.sudo().filtered(
            lambda move: move.move_type == "out_refund" and move.state != "posted"
        )
        gone._rd_drop_red()
        for invoice in gone.reversed_entry_id.filtered("rd_former_statement_id"):
            statement = invoice.rd_former_statement_id
            former = invoice.invoice_line_ids.rd_former_line_id
            if former._get_invoiced():
                raise UserError(
                    self.env._(
                        "%(statement)s has been invoiced anew since %(invoice)s was "
                        "credited; cancel the new invoice first.",
                        statement=statement.display_name,
                        invoice=invoice.display_name,
                    )
                )
            if former != former.filtered("live"):
                raise UserError(
                    self.env._(
                        "%(statement)s has been stated anew since %(invoice)s was "
                        "credited; leave the credit note as it is.",
                        statement=statement.display_name,
                        invoice=invoice.display_name,
                    )
                )
            invoice._rd_take_up(statement)

    def _rd_take_up(self, statement):
        for move in self._rd_internal():
            move.write(
                {
                    "rd_statement_id": statement.id,
                    "rd_statement_group": move.rd_former_group,
                    "rd_former_statement_id": False,
                    "rd_former_group": 0,
                }
            )
            for line in move.invoice_line_ids.filtered("rd_former_line_id"):
                line.write(
                    {
                        "rd_statement_line_id": line.rd_former_line_id.id,
                        "rd_former_line_id": False,
                    }
                )
            move.invoice_line_ids._rd_take_up_stage()
        statement._invoice_back()

    def _rd_internal(self):
        """Return the moves with the key to what our own code alone writes."""
        key = self.env["rd.statement"]._as_internal().env.context["rd_guard"]
        return self.sudo().with_context(rd_guard=key, tracking_disable=True)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _rd_get_kept(self):
        kept = dict.fromkeys(sorted(FORMER), self._rd_link_refusal)
        return {**super()._rd_get_kept(), **kept}
