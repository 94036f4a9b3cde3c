# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError


class RdDifference(models.Model):
    """Decisions that make a paper: a return, another price, a credit note, a mail."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    def _settle_return(self):
        self._check_has_ours()
        rest = self._confirm_accepted()[self]
        if not rest:
            raise UserError(
                self.env._(
                    "Nothing of %(difference)s is short; nothing is to be taken back.",
                    difference=self.display_name,
                )
            )
        pickings = rest._raise_returns()
        self._carry_lines({self: rest})
        self._as_internal().write({"return_picking_ids": pickings.ids})
        self._settle("agreed")

    def _settle_correct_price(self):
        self._check_has_ours()
        if self._get_price_ratio() is None:
            raise UserError(
                self.env._(
                    "Their ledger states no price or amount for %(difference)s.",
                    difference=self.display_name,
                )
            )
        self._ask("correct_price")

    def _get_price_ratio(self):
        """Return their price as a multiple of ours, None when it is not known."""
        if not self.ours_amount or not self.ours_qty:
            return None
        ours = self.ours_amount / self.ours_qty
        if self.theirs_amount and self.theirs_qty:
            return self.theirs_amount / self.theirs_qty / ours
        stated = set(self.ledger_line_ids.mapped("price")) - {0.0}
        return stated.pop() / ours if len(stated) == 1 else None

    def _take_their_price(self):
        """Put their price on our lines; a quantity they lack is carried over."""
        ratio = self._get_price_ratio()
        before = {
            line.id: [line.price_unit, line.price_source] for line in self.line_ids
        }
        source = self.env._(
            "Their price, asked for by %(asker)s, approved by %(user)s",
            asker=self.requested_by_id.name,
            user=self.env.user.name,
        )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        for line in self.line_ids:
            line._as_internal().write(
                {
                    "price_unit": round(line.price_unit * ratio, digits),
                    "price_source": source,
                }
            )
        self._as_internal().write({"undo_values": before})
        if self.line_ids[0]._get_unit().compare(self.quantity, 0.0):
            self._settle_accept_theirs()
        else:
            self._settle_keep_ours()

    def _settle_credit(self):
        amount = self._get_credit_amount()
        if self._needs_approval(amount):
            self._ask("credit")
            return
        self._draft_credit()

    def _get_credit_amount(self):
        """Return what they take off and we do not, tax included, above zero.

        :raise UserError: when they take nothing off
        """
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(
                self.env._(
                    "%(partner)s takes nothing off with %(difference)s; there is "
                    "nothing to credit.",
                    partner=self.partner_id.name,
                    difference=self.display_name,
                )
            )
        return self.amount

    def _draft_credit(self):
        """Draft a credit note over the amount; our own lines are confirmed."""
        # Finance posts it; the desk only says what it is for.
        move = self.env["account.move"].sudo().create(self._prepare_credit())
        self._fit_credit(move)
        self._as_internal().write({"credit_move_id": move.id})
        if self.line_ids:
            self._settle_keep_ours()
        else:
            self._settle("agreed")

    def _fit_credit(self, move):
        """Let the tax take the cent by which a rate on a rounded amount misses what
        they took off."""
        missing = self.currency_id.round(self._get_credit_amount() - move.amount_total)
        taxed = move.line_ids.filtered("tax_line_id")[:1]
        if taxed and not self.currency_id.is_zero(missing):
            taxed.amount_currency += missing

    def _prepare_credit(self):
        company = self.company_id
        stated = (self.line_ids or self.statement_id._lines()).tax_ids
        tax = stated[:1] or company.account_sale_tax_id
        # Their amount includes the tax; so does a price by such a tax, no other.
        price = self._get_credit_amount()
        if not tax.price_include:
            price = tax.with_context(force_price_include=True).compute_all(
                price, self.currency_id
            )["total_excluded"]
        label = self.ledger_line_ids[:1].name or self.display_name
        return {
            "move_type": "out_refund",
            "company_id": company.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "ref": f"{self.statement_id.name} {label}",
            "invoice_line_ids": [
                fields.Command.create(
                    {
                        "name": label,
                        "quantity": 1.0,
                        "price_unit": price,
                        "tax_ids": [fields.Command.set(tax.ids)],
                    }
                )
            ],
        }

    def _settle_send_proof(self):
        self._check_has_ours()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%(partner)s has no e-mail address; enter it on the contact.",
                    partner=self.partner_id.name,
                )
            )
        proofs = self._get_proofs()
        if not proofs:
            raise UserError(
                self.env._(
                    "No signed note is attached to %(notes)s; attach it to the "
                    "delivery first.",
                    notes=", ".join(sorted(set(self.line_ids.mapped("note")))),
                )
            )
        self.message_post(
            body=self.env._(
                "%(statement)s: your ledger lacks this delivery, or shows it "
                "otherwise. The signed note is attached; please check and book it.",
                statement=self.statement_id.name,
            ),
            partner_ids=self.partner_id.ids,
            attachment_ids=proofs.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self._as_internal().write(
            {
                "role": "them",
                "proof_sent_date": fields.Datetime.now(),
                "deadline": self._get_deadline(self.company_id, 5),
                "escalated_date": False,
            }
        )

    def _get_proofs(self):
        """Return the papers that are attached to the deliveries concerned."""
        # The desk may send what hangs on a delivery it states.
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "stock.picking"),
                    ("res_id", "in", self.line_ids.move_id.picking_id.ids),
                    ("res_field", "=", False),
                ],
                order="id",
            )
        )
