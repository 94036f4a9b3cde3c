# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.rd_document_retention import DOCUMENT_KINDS


class RdDocumentUpload(models.TransientModel):
    """Kind, title, file, done: a paper into the register, from a phone too."""

    _name = "rd.document.upload"
    _description = "File a Paper"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(DOCUMENT_KINDS, required=True, default="contract")
    title = fields.Char(required=True)
    reference = fields.Char(string="Their number")
    partner_id = fields.Many2one("res.partner")
    date = fields.Date(
        string="Date of the paper",
        required=True,
        default=lambda self: self.env.company._rd_today(),
    )
    place_id = fields.Many2one(
        "rd.document.place",
        domain="[('company_id', '=', company_id)]",
    )
    res_model = fields.Char()
    res_id = fields.Integer()
    res_name = fields.Char(string="Belongs to", compute="_compute_res_name")
    file = fields.Binary(attachment=False)
    filename = fields.Char()

    @api.model
    def default_get(self, fields):
        """Take over the record that the form was opened from."""
        values = super().default_get(fields)
        context = self.env.context
        values.setdefault("res_model", context.get("rd_paper_model") or False)
        values.setdefault("res_id", context.get("rd_paper_id") or False)
        return values

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        for record in self:
            record.res_name = record._get_record().display_name or ""

    def _get_record(self):
        """Return the record that the paper belongs to, as its reader sees it."""
        model = self.env.get(self.res_model or "")
        if model is None or not self.res_id:
            return self.env["rd.document"]
        if "message_ids" not in model._fields:
            raise UserError(self.env._("Papers cannot belong to this record."))
        record = model.browse(self.res_id).exists()
        record.check_access("read")
        return record

    def action_file(self):
        """File the paper and open its entry."""
        self.ensure_one()
        documents = self.env["rd.document"]
        documents.check_access("create")
        values = {
            "date": self.date,
            "place_id": self.place_id.id,
            "keywords": self.reference,
            "company_id": self.company_id.id,
        }
        if self.partner_id:
            values["partner_id"] = self.partner_id.id
        record = self._get_record()
        if record:
            values.pop("company_id")
        papers = documents._decode_files(
            [{"name": self.filename, "data": (self.file or b"").decode()}]
        )
        document = documents._file(
            self.kind, self.title, papers, record or None, **values
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "rd.document",
            "res_id": document.id,
            "views": [(False, "form")],
        }
