# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

VERDICTS = [
    ("ready", "Ready to take over"),
    ("known", "Here already"),
    ("mend", "To mend"),
    ("dismissed", "Left out"),
    ("taken", "Taken over"),
    ("mended", "Mended later"),
]


class RdIntakeRow(models.Model):
    """One row of a list that is taken over, with its verdict."""

    _name = "rd.intake.row"
    _description = "Row Taken Over"
    _inherit = ["rd.guarded.mixin"]
    _order = "intake_id, row, id"
    _rec_name = "subject"

    intake_id = fields.Many2one(
        "rd.intake", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="intake_id.company_id", store=True, index=True)
    kind = fields.Selection(related="intake_id.kind", store=True)
    row = fields.Integer(aggregator=None, help="Row number in the spreadsheet.")
    subject = fields.Char(string="What it says")
    cells = fields.Json(help="What the cells say, by column.")
    texts = fields.Json(help="What stands in the cells, by column.")
    problems = fields.Json(help="Why a cell cannot be read, by column.")
    verdict = fields.Selection(VERDICTS, required=True, default="mend", index=True)
    message = fields.Char(string="What is to be done")
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model", string="Record")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Rows of a list are mended in the file, not deleted.")
        )

    # ------------------------------------------------------------------
    # Cells
    # ------------------------------------------------------------------
    @api.model
    def _prepare_cells(self, values):
        """Return the values of a row as they are kept: exact, and as text."""
        kept = {}
        for name, value in values.items():
            if isinstance(value, date):  # a moment is one as well
                kept[name] = value.isoformat()[:10]
            else:
                kept[name] = str(value)
        return kept

    def _text(self, name):
        """Return what a cell says, as text."""
        return (self.cells or {}).get(name) or ""

    def _number(self, name):
        """Return the exact number of a cell, None for an empty one."""
        text = self._text(name)
        return Decimal(text) if text else None

    def _day(self, name):
        """Return the day of a cell, False for an empty one."""
        return fields.Date.to_date(self._text(name)) or False

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    def _note(self, judged):
        """Keep what was found about each row."""
        for one in judged:
            one.row._as_internal().write(
                {
                    "verdict": one.verdict,
                    "message": one.message or False,
                    "res_model": one.record._name if one.record else False,
                    "res_id": one.record.id if one.record else False,
                }
            )

    def action_dismiss(self):
        """Leave these rows out; also what is to be mended of a list taken over."""
        self.intake_id.check_access("write")
        for row in self:
            if row.intake_id.state not in ("checked", "taken") or (
                row.intake_id.state == "taken" and row.verdict != "mend"
            ):
                raise UserError(
                    self.env._("Row %s is settled and does not change.", row.row)
                )
        self._as_internal().write({"verdict": "dismissed", "message": False})
        return True

    def _settle_mended(self):
        """Let the rows of earlier lists rest that come back mended in these.

        The workbook of rows to mend names each by its number in the register.
        """
        numbers = {int(row._number("mends")) for row in self if row._number("mends")}
        earlier = self.search(
            [
                ("id", "in", list(numbers)),
                ("company_id", "in", self.company_id.ids),
                ("kind", "in", list(set(self.mapped("kind")))),
                ("verdict", "=", "mend"),
                ("id", "not in", self.ids),
            ]
        )
        earlier._as_internal().write({"verdict": "mended"})

    def action_open(self):
        """Open what the row made, or found."""
        self.ensure_one()
        self.check_access("read")
        if not self.res_id:
            raise UserError(self.env._("Row %s has made nothing yet.", self.row))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
