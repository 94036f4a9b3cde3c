# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdHandover(models.Model):
    """The stamped paper of an acceptance files itself."""

    _name = "rd.handover"
    _inherit = ["rd.handover", "rd.papers.mixin"]

    def _accept(self, source):
        res = super()._accept(source)
        self._file_stamped()
        return res

    def _file_stamped(self):
        """File the scans by which the handover was accepted, where there are any."""
        # Whoever notes an acceptance need not keep the register.
        handover = self.sudo()
        accepted = handover.answer_ids.filtered(
            lambda answer: answer.decision == "accepted"
        )
        papers = [(paper.name, paper.raw) for paper in accepted.attachment_ids]
        if papers:
            documents = self.env["rd.document"].sudo()
            documents._file(
                "handover",
                documents._get_own_title(handover, "handover"),
                papers,
                handover,
                user_id=handover.user_id.id or self.env.uid,
                date=handover.company_id._rd_local_date(handover.confirmed_date),
            )
