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
        self._drop_double_steps(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _drop_double_steps(self, src_partners, dst_partner):
        """Let the steps of a month go that the remaining contact has, too.

        Without a statement they hold nothing; two of one kind cannot be kept.
        """
        steps = self.env["rd.close.step"].sudo()
        kept = steps.search([("partner_id", "=", dst_partner.id)])
        known = {(step.close_id, step.code) for step in kept}
        double = steps.search([("partner_id", "in", src_partners.ids)]).filtered(
            lambda step: (step.close_id, step.code) in known
        )
        for close in double.close_id:
            close.message_post(
                body=self.env._(
                    "%(merged)s was merged into %(target)s; only the steps of "
                    "%(target)s remain in this month.",
                    merged=", ".join(src_partners.mapped("name")),
                    target=dst_partner.name,
                )
            )
        double._as_internal().unlink()
        self.env.flush_all()
