# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdStatement(models.Model):
    """What was sent is filed by itself: one version for each revision."""

    _name = "rd.statement"
    _inherit = ["rd.statement", "rd.papers.mixin"]

    def _make_mail_attachments(self, lang):
        papers = super()._make_mail_attachments(lang)
        self._file_sent(papers)
        return papers

    def _file_sent(self, papers):
        """File paper and workbook of a revision as it first goes out."""
        self.ensure_one()
        # Whoever sends does not keep the register.
        documents = self.env["rd.document"].sudo()
        label = f"R{self.revision}"
        filed = documents.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        if label in filed.version_ids.mapped("reference"):
            return
        document = documents._file(
            "statement",
            documents._get_own_title(self, "statement"),
            [(paper.name, paper.raw) for paper in papers],
            self,
            user_id=self.user_id.id or self.env.uid,
        )
        document.version_id.sudo()._as_internal().write({"reference": label})
