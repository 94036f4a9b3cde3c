# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.tools.intake import (
    NUMBER,
    Column,
    KnownRow,
    MendRow,
)
from odoo.addons.rd_sales_admin.tools.intake_words import QUANTITY, REASON


class RdIntakeCarried(models.AbstractModel):
    """Differences that the desk has carried from month to month before the first day.

    They keep their age: the quantity enters the first statement as carried over.
    """

    _name = "rd.intake.carried"
    _description = "Carried differences"
    _inherit = ["rd.intake.opening"]

    _intake_sequence = 60

    @api.model
    def _get_label(self):
        return self.env._("Carried differences")

    @api.model
    def _get_text(self):
        return self.env._(
            "What customers have not agreed for some months: the quantity enters the "
            "first statement with its age and reason, and comes up where it is older "
            "than it should be."
        )

    @api.model
    def _get_columns(self):
        return {
            **self._get_place_columns(),
            "quantity": Column(
                self.env._("Quantity in dispute"),
                self.env._("Part of what was delivered and not invoiced."),
                "20",
                NUMBER,
                words=f"差异数量|争议数量|差異數量|遗留数量|{QUANTITY}",
                required=True,
            ),
            "periods": Column(
                self.env._("Carried for (periods)"),
                self.env._("In how many statements it was left open, 1 or more."),
                "2",
                NUMBER,
                words="Periods|Age|结转期数|期数|结转月数|结转次数|遗留月数|挂账月数",
                required=True,
            ),
            "reason": Column(
                self.env._("What is in dispute"),
                self.env._("In your words, for whoever takes it up."),
                "",
                words=f"{REASON}|差异说明|争议原因|争议事项",
                required=True,
            ),
        }

    @api.model
    def _prepare_row(self, row, finder):
        self._check_open(finder)
        line = self._find_line(row, finder)
        quantity, periods = row._number("quantity"), row._number("periods")
        if quantity <= 0 or line.uom_id.compare(float(quantity), line.quantity) > 0:
            raise MendRow(
                "quantity",
                self.env._(
                    "write more than 0 and at most %s, which enter the first "
                    "statement.",
                    f"{line.quantity:g}",
                ),
            )
        if periods < 1 or periods % 1:
            raise MendRow("periods", self.env._("write a whole number, 1 or more."))
        values = {
            "carried_quantity": float(quantity),
            "carried_periods": int(periods),
            "carried_reason": row._text("reason"),
        }
        if all(line[name] == value for name, value in values.items()):
            raise KnownRow(self.env._("It is noted like this already."), line)
        self._check_changeable(finder)
        return {"line": line, "values": values}

    @api.model
    def _make(self, company, ready):
        for one in ready:
            one.values["line"]._as_internal().write(one.values["values"])
        return [one.values["line"] for one in ready]

    @api.model
    def _get_made_domain(self, company):
        return [("company_id", "=", company.id), ("carried_periods", ">", 0)]
