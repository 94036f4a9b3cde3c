# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

LINKS = {"rd_statement_line_id", "rd_former_line_id"}


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line"]

    rd_statement_line_id = fields.Many2one(
        "rd.statement.line",
        string="Statement line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    rd_former_line_id = fields.Many2one(
        "rd.statement.line",
        string="Credited statement line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Statement line of this item until a credit note took it back whole.",
    )

    _rd_statement_line_once = models.UniqueIndex(
        "(rd_statement_line_id) "
        "WHERE rd_statement_line_id IS NOT NULL AND parent_state != 'cancel'",
        "This line of the statement has already been invoiced.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take links to statement lines from the suite's own code only."""
        for vals in [self.default_get(list(LINKS)), *vals_list]:
            self._rd_check_link(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._rd_check_link(vals)
        return super().write(vals)

    def _rd_check_link(self, vals):
        """Refuse a link to a statement line that our own code has not made."""
        names = LINKS & vals.keys()
        if not names or self.env["rd.statement"]._is_internal():
            return
        if any(vals[name] or any(self.mapped(name)) for name in names):
            raise UserError(self.move_id._rd_link_refusal())

    def _rd_why_not_as_agreed(self, sign):
        """Return why the invoice line differs from what was agreed, or False.

        :param sign: −1 on a credit note, whose quantities are turned around
        """
        self.ensure_one()
        agreed = self.rd_statement_line_id
        if not agreed or agreed.statement_id != self.move_id.rd_statement_id:
            return self.env._(
                "“%(line)s” is not on %(statement)s; invoices of a statement carry "
                "its agreed lines only.",
                line=self.name or self.product_id.display_name,
                statement=self.move_id.rd_statement_id.name,
            )
        changed = self._rd_changed_field(agreed, sign)
        if not changed:
            return False
        return self.env._(
            "%(line)s: %(field)s is not what was agreed on %(statement)s "
            "(agreed %(agreed)s, on the invoice %(found)s).",
            line=agreed.display_name,
            statement=agreed.statement_id.name,
            **changed,
        )

    def _rd_changed_field(self, agreed, sign):
        """Return field, agreed and found value of the first deviation."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        if self.product_id != agreed._get_invoiced_product():
            return {
                "field": self.env._("part"),
                "agreed": agreed._get_invoiced_product().display_name or "–",
                "found": self.product_id.display_name or "–",
            }
        if self.product_uom_id != agreed._get_unit():
            return {
                "field": self.env._("unit"),
                "agreed": agreed._get_unit().display_name,
                "found": self.product_uom_id.display_name or "–",
            }
        if self.product_uom_id.compare(self.quantity, sign * agreed.quantity):
            return {
                "field": self.env._("quantity"),
                "agreed": sign * agreed.quantity,
                "found": self.quantity,
            }
        if round(self.price_unit - agreed.price_unit, digits):
            return {
                "field": self.env._("price"),
                "agreed": agreed.price_unit,
                "found": self.price_unit,
            }
        if round(self.discount - agreed.discount, 4):
            return {
                "field": self.env._("discount"),
                "agreed": agreed.discount,
                "found": self.discount,
            }
        if self.tax_ids != agreed.tax_ids:
            return {
                "field": self.env._("tax"),
                "agreed": ", ".join(agreed.tax_ids.mapped("name")),
                "found": ", ".join(self.tax_ids.mapped("name")),
            }
        return {}

    def _rd_get_reference(self):
        """Return by what number the other side may know the entry.

        An invoice goes by its tax invoice, as their ledger does (发票号); by its own
        number where there is none, or where several share it.
        """
        self.ensure_one()
        if self.move_id.is_sale_document(include_receipts=True):
            papers = self.move_id.rd_fapiao_ids.filtered(
                lambda item: item.number and item._counts()
            )
            return papers.number if len(papers) == 1 else self.move_name or ""
        return self.payment_id.payment_reference or self.ref or self.move_name or ""
