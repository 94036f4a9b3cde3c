# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _name = "base.partner.merge.automatic.wizard"
    _inherit = ["base.partner.merge.automatic.wizard"]

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Refuse to turn one customer's statements into another's.

        Core moves rows by plain SQL: what was confirmed by one partner would then
        read as confirmed by the other, and its hash would no longer hold.
        """
        statement = (
            self.env["rd.statement"]
            .sudo()
            .search([("partner_id", "in", src_partners.ids)], limit=1)
        )
        if statement:
            raise UserError(
                self.env._(
                    "%(partner)s has statements (%(statement)s) and cannot be merged "
                    "into %(target)s; merge the other way round, or archive the "
                    "contact that is not needed.",
                    partner=statement.partner_id.name,
                    statement=statement.name,
                    target=dst_partner.name,
                )
            )
        return super()._update_foreign_keys(src_partners, dst_partner)
