# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

PDF = "application/pdf"


class SaleOrder(models.Model):
    """The quotation that went out is filed by itself once it is confirmed."""

    _name = "sale.order"
    _inherit = ["sale.order", "rd.papers.mixin"]

    def action_confirm(self):
        """Confirm, and file the quotation as it was last sent."""
        res = super().action_confirm()
        self.filtered(lambda order: order.state == "sale")._rd_file_quotation()
        return res

    def _rd_file_quotation(self):
        """File the newest PDF of each order that was sent; none sent, none filed."""
        for order in self:
            papers = order._rd_get_sent_papers()
            if papers:
                order._rd_file_paper(papers[0])

    def _rd_get_sent_papers(self):
        """Return the PDFs of the order's own messages to others, newest first."""
        # Whoever confirms need not be one who sent it.
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "in", ("comment", "email_outgoing")),
                    ("attachment_ids.mimetype", "=", PDF),
                    ("author_id.user_ids.share", "=", False),
                ],
                order="id desc",
            )
        )
        return messages.attachment_ids.filtered(
            lambda paper: paper.mimetype == PDF
        ).sorted("id", reverse=True)

    def _rd_file_paper(self, paper):
        """File one PDF as the order's quotation; a later one is a new version."""
        self.ensure_one()
        self.env["rd.document"].sudo()._file(
            "quotation",
            self.env["rd.document"]._get_own_title(self, "quotation"),
            [(paper.name, paper.raw)],
            self,
            user_id=self.user_id.id or self.env.uid,
        )

    def _message_post_after_hook(self, message, msg_vals):
        """File the signed order that Odoo's portal puts into the conversation."""
        res = super()._message_post_after_hook(message, msg_vals)
        for order in self.filtered("signature"):
            signed = message.sudo().attachment_ids.filtered(
                lambda paper, order=order: (
                    paper.mimetype == PDF and paper.name == f"{order.name}.pdf"
                )
            )
            if signed and order.state == "sale":
                order._rd_file_paper(signed[0])
        return res
