# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts takes their filed papers along."""

    _name = "base.partner.merge.automatic.wizard"
    _inherit = ["base.partner.merge.automatic.wizard"]

    @api.model
    def _update_reference_fields_generic(
        self, referenced_model, src_records, dst_record, additional_update_records=None
    ):
        for model in ("rd.document", "rd.document.due"):
            self.env[model].sudo().search(
                [
                    ("res_model", "=", referenced_model),
                    ("res_id", "in", src_records.ids),
                ]
            )._as_internal().write({"res_id": dst_record.id})
        return super()._update_reference_fields_generic(
            referenced_model, src_records, dst_record, additional_update_records
        )
