# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from .rd_property_import import OPEN_VERDICTS


class RdFirstDay(models.AbstractModel):
    _name = "rd.first.day"
    _inherit = ["rd.first.day"]

    @api.model
    def _collect_entries(self, company):
        return [*super()._collect_entries(company), self._describe_register(company)]

    def _describe_register(self, company):
        """Return the register of property, which has an import of its own."""
        own = [("company_id", "=", company.id)]
        return self._describe_import(
            "property",
            self.env._("Customers' property"),
            self.env._(
                "The register of moulds, fixtures, gauges and what else customers have "
                "given into your hands, with photos; every row becomes a card."
            ),
            "rd.property.import",
            own,
            self._count(self.env["rd.property.import.line"], own),
            made=("rd.property", [*own, ("kind", "!=", "sample")]),
            sequence=80,
            waiting=OPEN_VERDICTS,
        )
