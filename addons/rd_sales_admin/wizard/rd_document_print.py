# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.fields import Domain

from ..models.rd_document_retention import DOCUMENT_KINDS


class RdDocumentPrint(models.TransientModel):
    """What the master index of the register shows."""

    _name = "rd.document.print"
    _description = "Index of Papers"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(DOCUMENT_KINDS, help="Empty: all kinds.")
    place_id = fields.Many2one(
        "rd.document.place",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all places.",
    )
    with_superseded = fields.Boolean(string="Superseded and destroyed too")

    def _compute_display_name(self):
        for record in self:
            record.display_name = record.env._("Master index")

    def action_print(self):
        """Print the index on paper."""
        report = self.env.ref("rd_sales_admin.action_report_document_index")
        return report.report_action(self)

    def action_workbook(self):
        """Write the index into a workbook."""
        report = self.env.ref("rd_sales_admin.action_report_document_index_xlsx")
        return report.report_action(self)

    def _get_documents(self):
        """Return the papers of the index, by kind and number."""
        domain = Domain("company_id", "=", self.company_id.id)
        states = ["filed"]
        if self.with_superseded:
            states += ["superseded", "destroyed"]
        domain &= Domain("state", "in", states)
        if self.kind:
            domain &= Domain("kind", "=", self.kind)
        if self.place_id:
            domain &= Domain("place_id", "child_of", self.place_id.ids)
        return self.env["rd.document"].search(domain, order="kind, name")

    def _rd_prepare_paper(self):
        """Return all that is printed, see ``rd.document.paper``."""
        self.ensure_one()
        return self.env["rd.document.paper"]._prepare_index(
            self,
            self.env._("Master index of papers"),
            self._get_documents(),
            [(self.env._("Place"), self.place_id.complete_name or self.env._("all"))],
        )
