# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from ..ledger.clean import clean_key
from ..tools.intake import Column, KnownRow, MendRow
from ..tools.intake_finder import IntakeFinder
from ..tools.intake_words import CUSTOMER, OUR_PART, THEIR_PART


class RdIntakeAlias(models.AbstractModel):
    """How customers write our parts."""

    _name = "rd.intake.alias"
    _description = "Part aliases"
    _inherit = ["rd.intake.kind"]

    _intake_model = "rd.part.alias"
    _intake_sequence = 30

    @api.model
    def _get_label(self):
        return self.env._("Part aliases")

    @api.model
    def _get_text(self):
        return self.env._(
            "What each customer calls our parts and in which unit he counts them, so "
            "that his lists and ledgers are read without asking."
        )

    @api.model
    def _get_columns(self):
        return {
            "partner": Column(
                self.env._("Customer"),
                self.env._("Name, reference or tax number, as the contact has it."),
                "Northern Works",
                words=CUSTOMER,
                required=True,
            ),
            "code": self._field_column(
                "rd.part.alias",
                "code",
                "NW-4711",
                help=self.env._("The part number as the customer writes it."),
                words=THEIR_PART,
                required=True,
            ),
            "part": Column(
                self.env._("Part number"),
                self.env._("Our number of the part, as the product has it."),
                "P-100",
                words=OUR_PART,
                required=True,
            ),
            "factor": self._field_column(
                "rd.part.alias",
                "factor",
                "1",
                words="Unit factor|Factor|换算系数|换算率|换算比例|單位換算|单位换算",
            ),
        }

    @api.model
    def _look_up(self, company, rows):
        finder = IntakeFinder(company)
        finder.read_partners([row._text("partner") for row in rows])
        finder.read_parts([row._text("part") for row in rows])
        finder.read_aliases([row._text("code") for row in rows])
        return finder

    @api.model
    def _prepare_row(self, row, finder):
        partner = finder.partner("partner", row._text("partner"))
        part = finder.own_part("part", row._text("part"))
        factor = row._number("factor")
        if factor is not None and factor <= 0:
            raise MendRow(
                "factor", self.env._("it must be greater than zero; usually it is 1.")
            )
        values = {
            "partner_id": partner.id,
            "code": row._text("code"),
            "product_id": part.id,
            "factor": float(1 if factor is None else factor),
        }
        self._check_alias(finder.alias(partner, values["code"]), values)
        return values

    def _check_alias(self, alias, values):
        """Recognise the alias that is here; refuse one that says something else."""
        if not alias:
            return
        if alias.product_id.id == values["product_id"]:
            if abs(alias.factor - values["factor"]) < 1e-6:
                raise KnownRow(self.env._("This alias is here already."), alias)
        raise MendRow(
            "code",
            self.env._(
                "“%(code)s” stands for %(part)s × %(factor)s already; archive that "
                "alias first, or correct the row.",
                code=alias.code,
                part=alias.product_id.display_name,
                factor=f"{alias.factor:g}",
            ),
        )

    @api.model
    def _get_key(self, row, values):
        return values["partner_id"], clean_key(values["code"])

    @api.model
    def _make(self, company, ready):
        return self.env["rd.part.alias"].create(
            [{**one.values, "company_id": company.id} for one in ready]
        )
