# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.fields import Domain

RUNNING = ("contract", "release", "work", "ready")


class SaleOrder(models.Model):
    """How running orders stand, as their customer is told."""

    _name = "sale.order"
    _inherit = ["sale.order"]

    @api.model
    def _rd_get_progress_domain(self, partner):
        """Return the domain of a customer's running orders, his own and no other's."""
        return Domain(
            "partner_id.commercial_partner_id", "=", partner.commercial_partner_id.id
        ) & Domain("rd_order_stage", "in", RUNNING)

    def _rd_prepare_progress_rows(self):
        """Return a dict per order: what is made, its stage, dates wanted and promised.

        Reasons, news and departments are ours and not among them.
        """
        self.check_access("read")
        orders = self.sudo()
        labels = dict(self._fields["rd_order_stage"]._description_selection(self.env))
        release = self.env["rd.order.release"]
        works = dict(release._fields["stage"]._description_selection(self.env))
        orders.order_line.mapped("product_id.default_code")
        orders.rd_release_ids.mapped("last_news")
        return [order._rd_prepare_progress_row(labels, works) for order in orders]

    def _rd_prepare_progress_row(self, labels, works):
        company = self.company_id
        live = self.rd_release_ids.filtered(
            lambda one: one.state in ("sent", "accepted", "ready")
        )
        told = live.filtered("last_news").sorted("last_news", reverse=True)[:1]
        wanted = self.commitment_date
        lines = self.order_line.filtered(lambda line: not line.display_type)
        return {
            "order": self.name,
            "reference": self.client_order_ref or "",
            "goods": ", ".join(line._rd_describe_goods() for line in lines[:3])
            + (" …" if len(lines) > 3 else ""),
            "stage": works.get(told.stage) or labels.get(self.rd_order_stage, ""),
            "wanted": wanted and company._rd_local_date(wanted),
            "promised": self.rd_promised_date,
            "news": told and company._rd_local_date(told.last_news),
        }
