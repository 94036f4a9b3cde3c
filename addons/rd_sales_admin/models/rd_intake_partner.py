# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re
from decimal import Decimal

from odoo import api, models

from ..tools.intake import RATE, TEXT, Column, KnownRow, MendRow
from ..tools.intake_finder import IntakeFinder
from ..tools.intake_words import CUSTOMER

# “25”, “25th”, “每月25日”.
DAY = re.compile(r"(?:每月)?(\d{1,3})(?:st|nd|rd|th|日|号|號)?$", re.I)


class RdIntakePartner(models.AbstractModel):
    """How each customer is settled: class, cut-off, basis, and what add-ons know.

    The columns are fields of the contact; an empty cell leaves what is there.
    """

    _name = "rd.intake.partner"
    _description = "Affiliates and customers"
    _inherit = ["rd.intake.kind"]

    _intake_model = "res.partner"
    _intake_sequence = 10

    @api.model
    def _get_label(self):
        return self.env._("Affiliates and customers")

    @api.model
    def _get_text(self):
        return self.env._(
            "How each customer is settled: class, cut-off day, basis, targets. The "
            "contacts themselves are here already; an empty cell changes nothing."
        )

    @api.model
    def _get_columns(self):
        partner = Column(
            self.env._("Customer"),
            self.env._("Name, reference or tax number, as the contact has it."),
            "Northern Works",
            words=CUSTOMER,
            required=True,
        )
        column = self._field_column
        return {
            "partner": partner,
            "rd_partner_class": column(
                "res.partner",
                "rd_partner_class",
                self._get_choice("affiliate"),
                words="Class|客户类别|客户分类|客户性质|客户类型|类别|分类|客戶類別",
            ),
            "rd_settlement_mode": column(
                "res.partner",
                "rd_settlement_mode",
                "",
                help=self.env._("Empty: what is usual for the customer's class."),
                words="Settlement|结算方式|對帳方式|对账方式|结算模式|結算方式",
            ),
            "rd_cutoff_day": column(
                "res.partner",
                "rd_cutoff_day",
                "25",
                kind=TEXT,
                words="Cut-off|Cutoff|截止日|对账日|结账日|对账截止|每月对账日|關帳日|关账日",
            ),
            "rd_basis": column(
                "res.partner",
                "rd_basis",
                "",
                words="Basis|结算依据|对账依据|计算依据|開票依據|开票依据|对账基准",
            ),
        }

    @api.model
    def _get_choice(self, value, name="rd_partner_class"):
        """Return how a value of a choice is written in the person's language."""
        field = self.env["res.partner"]._fields[name]
        return dict(field._description_selection(self.env))[value]

    @api.model
    def _get_names(self):
        """Return the columns that are fields of the contact."""
        return [name for name in self._get_columns() if name != "partner"]

    @api.model
    def _look_up(self, company, rows):
        finder = IntakeFinder(company)
        finder.read_partners([row._text("partner") for row in rows])
        finder.names = self._get_names()
        return finder

    @api.model
    def _prepare_row(self, row, finder):
        partner = finder.partner("partner", row._text("partner"))
        changed = self._get_changes(row, partner, finder)
        if not changed:
            raise KnownRow(
                self.env._("%s is set like this already.", partner.display_name),
                partner,
            )
        return {"partner": partner, "values": changed}

    def _get_changes(self, row, partner, finder):
        """Return what the row says otherwise than the contact."""
        values = {
            name: self._read_value(row, name, finder)
            for name in finder.names
            if row._text(name)
        }
        return {name: value for name, value in values.items() if partner[name] != value}

    def _read_value(self, row, name, finder):
        """Return the value of one setting that the row fills in."""
        column = finder.columns[name]
        if column.choices:
            return self._choice(row, name, finder)
        if name == "rd_cutoff_day":
            number = self._read_day(row, name)
        elif column.kind == RATE:
            number = self._read_percent(row, name)
        else:
            number = row._number(name)
        self._check_number(name, number)
        whole = self.env["res.partner"]._fields[name].type == "integer"
        return int(number) if whole else float(number)

    def _read_day(self, row, name):
        """Return the day of the month that a cell says."""
        text = row._text(name)
        match = DAY.match(text.replace(" ", ""))
        if not match:
            raise MendRow(
                name,
                self.env._(
                    "“%s” is not a day of the month; write 1 to 31, where 31 is the "
                    "last day of each.",
                    text,
                ),
            )
        return int(match[1])

    def _read_percent(self, row, name):
        """Return what a cell says in percent; a spreadsheet keeps 95 % as 0.95."""
        number = row._number(name)
        if number == Decimal("0.01"):
            raise MendRow(
                name,
                self.env._("1 can be 1 % or 100 %; write the percentage as 100%."),
            )
        return number * 100

    def _check_number(self, name, number):
        """Refuse a number that the setting cannot have."""
        low, high = self._get_bounds().get(name, (None, None))
        whole = self.env["res.partner"]._fields[name].type == "integer"
        if low is not None and not low <= number <= high or whole and number % 1:
            raise MendRow(
                name,
                self.env._(
                    "%(number)s cannot be; write %(low)s to %(high)s.",
                    number=f"{number:f}",
                    low=low,
                    high=high,
                ),
            )

    @api.model
    def _get_bounds(self):
        """Return ``{column: (least, most)}`` of the settings that are numbers."""
        return {"rd_cutoff_day": (1, 31)}

    @api.model
    def _get_key(self, row, values):
        return values["partner"]

    @api.model
    def _describe_change(self, values, finder):
        texts = []
        for name, value in values["values"].items():
            column = finder.columns[name]
            texts.append(f"{column.label}: {dict(column.choices).get(value, value)}")
        return f"{values['partner'].display_name} ← {', '.join(texts)}"

    @api.model
    def _make(self, company, ready):
        """Write what is the same for several customers in one go."""
        groups = {}
        for one in ready:
            key = tuple(sorted(one.values["values"].items()))
            groups.setdefault(key, self.env["res.partner"])
            groups[key] |= one.values["partner"]
        for values, partners in groups.items():
            self._write_settings(company, partners, dict(values))
        return [one.values["partner"] for one in ready]

    @api.model
    def _write_settings(self, company, partners, values):
        """Write the same settings of several customers."""
        if values:
            partners.write(values)

    @api.model
    def _get_made_domain(self, company):
        domain = super()._get_made_domain(company)
        return [*domain, ("rd_partner_class", "!=", False), ("parent_id", "=", False)]
