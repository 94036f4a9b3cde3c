# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.tools.intake import NUMBER, Column, MendRow


class RdIntakePartner(models.AbstractModel):
    """How a customer gets his tax invoices, and how exactly figures must agree."""

    _name = "rd.intake.partner"
    _inherit = ["rd.intake.partner"]

    @api.model
    def _get_columns(self):
        column = self._field_column
        tolerance = Column(
            self.env._("Tolerance per line"),
            self.env._(
                "Amounts of a line that differ by no more agree, as rounding; empty: "
                "as the company."
            ),
            "0.05",
            NUMBER,
            words="Tolerance|容差|允许误差",
        )
        return {
            **super()._get_columns(),
            "rd_fapiao_kind": column(
                "res.partner", "rd_fapiao_kind", "", words="开票类型|发票类型|票种"
            ),
            "rd_fapiao_way": column(
                "res.partner",
                "rd_fapiao_way",
                "",
                words="发票送达方式|发票交付方式|送票方式|发票邮寄方式",
            ),
            "tolerance": tolerance,
        }

    @api.model
    def _get_names(self):
        return [name for name in super()._get_names() if name != "tolerance"]

    @api.model
    def _look_up(self, company, rows):
        finder = super()._look_up(company, rows)
        found = self.env["rd.match.tolerance"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "!=", False),
                ("settlement_class", "=", False),
            ]
        )
        finder.tolerances = {one.partner_id: one.tolerance for one in found}
        finder.may_tolerate = found.has_access("create")
        return finder

    def _get_changes(self, row, partner, finder):
        changes = super()._get_changes(row, partner, finder)
        tolerance = row._number("tolerance")
        if tolerance is None or float(tolerance) == finder.tolerances.get(partner):
            return changes
        if not finder.may_tolerate:
            raise MendRow(
                "tolerance",
                self.env._("only the supervisor sets it; leave it empty, or ask him."),
            )
        if tolerance < 0:
            raise MendRow("tolerance", self.env._("it cannot be below zero."))
        return {**changes, "tolerance": float(tolerance)}

    @api.model
    def _write_settings(self, company, partners, values):
        tolerance = values.pop("tolerance", None)
        if tolerance is not None:
            self._write_tolerance(company, partners, tolerance)
        return super()._write_settings(company, partners, values)

    def _write_tolerance(self, company, partners, tolerance):
        rows = self.env["rd.match.tolerance"]
        found = rows.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("settlement_class", "=", False),
            ]
        )
        found.write({"tolerance": tolerance})
        rows.create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "tolerance": tolerance,
                }
                for partner in partners - found.partner_id
            ]
        )
