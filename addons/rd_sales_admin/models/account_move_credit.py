# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Credit notes of stages: what is credited whole can be invoiced again, once."""

    _name = "account.move"
    _inherit = ["account.move"]

    def _post(self, soft=True):
        """Reopen the stages of invoices that are credited whole by what is posted."""
        posted = super()._post(soft=soft)
        invoices = posted.filtered(
            lambda move: move.move_type == "out_refund"
        ).reversed_entry_id
        for invoice in invoices:
            if invoice.state == "posted" and invoice._rd_is_credited_whole():
                invoice._rd_release_stages()
        return posted

    def button_draft(self):
        """Tie an invoice to its stages again when its credit note is taken back."""
        self._rd_check_stages_credited()
        self._rd_check_stages_anew()
        res = super().button_draft()
        self._rd_stages_credit_gone()
        return res

    def button_cancel(self):
        """The same for a credit note that is cancelled."""
        self._rd_check_stages_credited()
        res = super().button_cancel()
        self._rd_stages_credit_gone()
        return res

    def _rd_get_credits(self):
        """Return the posted credit notes of these invoices."""
        # Whoever runs contracts need not read entries.
        return self.sudo().reversal_move_ids.filtered(
            lambda move: move.state == "posted"
        )

    def _rd_is_credited_whole(self):
        """Tell whether the posted credit notes take back each order line's amount."""
        self.ensure_one()
        invoiced = self._rd_get_line_sums()
        credited = self._rd_get_credits()._rd_get_line_sums()
        return bool(invoiced) and all(
            self.currency_id.compare_amounts(credited.get(key, 0.0), amount) == 0
            for key, amount in invoiced.items()
        )

    def _rd_get_line_sums(self):
        """Return ``{(order lines, taxes): amount without tax}``."""
        sums = {}
        for item in self.sudo().invoice_line_ids:
            if item.display_type == "product":
                key = (tuple(item.sale_line_ids.ids), tuple(sorted(item.tax_ids.ids)))
                sums[key] = sums.get(key, 0.0) + item.price_subtotal
        return sums

    def _rd_release_stages(self):
        """Keep which stages were billed as history; they are open again.

        What an affiliate's statement bills goes with its statement.
        """
        items = self.sudo().invoice_line_ids.filtered(
            lambda item: (
                item.rd_stage_line_id and not item.rd_stage_line_id.by_statement
            )
        )
        items._rd_release_stage()
        for contract in items.rd_former_stage_line_id.contract_id:
            contract.message_post(
                body=self.env._(
                    "%(invoice)s has been credited whole: its stage can be invoiced "
                    "again.",
                    invoice=", ".join(self.mapped("display_name")),
                )
            )

    def _rd_check_stages_credited(self):
        """Refuse to take an invoice back from under its credit note."""
        for move in self.sudo().filtered(lambda one: one.move_type == "out_invoice"):
            items = move.invoice_line_ids
            if not (items.rd_stage_line_id | items.rd_former_stage_line_id):
                continue
            credit = move._rd_get_credits() - self
            if credit:
                raise UserError(
                    self.env._(
                        "%(credit)s credits %(invoice)s; take that credit note back "
                        "first.",
                        credit=credit[0].display_name,
                        invoice=move.display_name,
                    )
                )

    def _rd_check_stages_anew(self):
        """Refuse to bring back an invoice whose stages were invoiced anew."""
        cancelled = self.sudo().filtered(lambda move: move.state == "cancel")
        for item in cancelled.invoice_line_ids.filtered("rd_stage_line_id"):
            live = item.rd_stage_line_id._get_items()
            if live:
                raise UserError(
                    self.env._(
                        "%(stage)s is on %(invoice)s by now; cancel that one first.",
                        stage=item.rd_stage_line_id.stage_id.display_name,
                        invoice=live[0].move_id.display_name,
                    )
                )

    def _rd_stages_credit_gone(self):
        """Let an invoice bill its stages again: it is not credited whole any more.

        :raise UserError: when the stage has been invoiced anew since
        """
        credits_ = self.sudo().filtered(
            lambda move: move.move_type == "out_refund" and move.state != "posted"
        )
        for invoice in credits_.reversed_entry_id:
            items = invoice.invoice_line_ids.filtered("rd_former_stage_line_id")
            items = items.filtered(
                lambda item: not item.rd_former_stage_line_id.by_statement
            )
            for part in items.rd_former_stage_line_id:
                if part._get_items():
                    raise UserError(
                        self.env._(
                            "%(stage)s has been invoiced anew since %(invoice)s was "
                            "credited; cancel the new invoice first.",
                            stage=part.stage_id.display_name,
                            invoice=invoice.display_name,
                        )
                    )
            items._rd_take_up_stage()
