# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """Papers of an incident stay once its owner was told of it."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def _rd_check_kept(self):
        res = super()._rd_check_kept()
        self._check_rd_incident()
        return res

    def _check_rd_incident(self):
        """Refuse where one of the files is evidence of an incident that was told."""
        papers = self.filtered(lambda paper: paper.res_model == "rd.property.incident")
        if not papers:
            return
        # Whoever may not see the incident must not remove its evidence either.
        incidents = self.env["rd.property.incident"].sudo()
        told = incidents.search(
            [
                ("state", "not in", ("draft", "cancelled")),
                "|",
                ("photo_ids", "in", papers.ids),
                ("closing_document_id", "in", papers.ids),
            ],
            limit=1,
        )
        if told:
            raise UserError(
                self.env._(
                    "The papers of %(incident)s are evidence and are kept as they are.",
                    incident=told.name,
                )
            )
