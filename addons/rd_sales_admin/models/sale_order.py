# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .res_partner import BY_STATEMENT

ORDER_KINDS = [
    ("project", "Project"),
    ("batch", "Batch products"),
    ("tooling", "Sporadic tooling"),
    ("equipment", "Dedicated equipment"),
]
# What makes an order one of the desk: see ``_rd_is_of_desk``.
SETTLED_BY = (
    "rd_contract_id",
    "partner_id.commercial_partner_id.rd_partner_class",
    "partner_id.commercial_partner_id.rd_settlement_mode",
    "partner_invoice_id.commercial_partner_id.rd_partner_class",
    "partner_invoice_id.commercial_partner_id.rd_settlement_mode",
)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order"]

    rd_order_kind = fields.Selection(
        selection=ORDER_KINDS,
        string="Order kind",
        index="btree_not_null",
        tracking=True,
    )

    def _rd_settles_by_statement(self):
        """Tell whether the goods of this order are invoiced by statement."""
        self.ensure_one()
        return self.partner_invoice_id._rd_settles_by_statement()

    def _rd_is_of_desk(self):
        """Tell whether the desk settles this order: it is under a contract, or who
        ordered or is invoiced has a class or settles by statement.

        Everything else is done as in Odoo without the desk.
        """
        self.ensure_one()
        partners = (self.partner_id | self.partner_invoice_id).commercial_partner_id
        return bool(self.rd_contract_id) or any(
            partner.rd_partner_class or partner.rd_settlement_mode in BY_STATEMENT
            for partner in partners
        )

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Refuse what a statement will invoice; all else is Odoo's own way."""
        for order in self:
            if not order._rd_settles_by_statement():
                continue
            lines = order._get_invoiceable_lines(final)
            stated = lines.filtered(lambda line: line._rd_is_settled_by_statement())
            if stated:
                raise UserError(order._rd_statement_refusal(stated))
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _rd_statement_refusal(self, lines):
        """Return in a sentence what invoices these lines instead of the order."""
        self.ensure_one()
        return self.env._(
            "%(partner)s settles by monthly statement, so the goods of %(order)s are "
            "invoiced from the agreed statement and not from the order.",
            partner=self.partner_invoice_id.commercial_partner_id.name,
            order=self.name,
        )
