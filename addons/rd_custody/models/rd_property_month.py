# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class RdPropertyMonth(models.Model):
    """The register as it stood when its month was closed; it never changes again.

    What is registered later with an earlier date shows as what is late, by name.
    """

    _name = "rd.property.month"
    _description = "Frozen Register of a Month"
    _inherit = ["rd.guarded.mixin", "rd.report.source.mixin"]
    _order = "month desc, id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    month = fields.Date(required=True)
    day = fields.Date(string="As of", required=True)
    # No requirement: an empty list is kept as nothing.
    rows = fields.Json()
    row_count = fields.Integer(string="Cards")
    content_hash = fields.Char(required=True)
    counted = fields.Integer(string="Cards counted")
    agreeing = fields.Integer(string="Counted without a difference")
    late_note = fields.Text(string="Registered later", compute="_compute_late_note")

    _once = models.UniqueIndex(
        "(company_id, month)", "The register of this month is frozen already."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A frozen register is never deleted."))

    # ------------------------------------------------------------------
    # Handing in
    # ------------------------------------------------------------------
    def _get_report_kind(self):
        return "register"

    def _get_report_period(self):
        return self.company_id, self.month, self.month + relativedelta(day=31)

    def _get_report_name(self):
        return "rd_custody.month_xlsx", self

    @api.depends("rows")
    def _compute_late_note(self):
        """Name the cards whose register of that day has changed since."""
        for frozen in self:
            now = self.env["rd.property.asof"]._get_rows(frozen.company_id, frozen.day)
            before = {row["id"]: row for row in frozen.rows or ()}
            after = {row["id"]: row for row in now}
            late = [
                (after.get(card) or before[card])["number"]
                for card in sorted({*before, *after})
                if self._essence(before.get(card)) != self._essence(after.get(card))
            ]
            frozen.late_note = ", ".join(late) or False

    @api.model
    def _essence(self, row):
        names = ("quantity", "state", "condition", "holder", "place")
        return row and [row[name] for name in names]

    @api.model
    def _freeze(self, company, month):
        """Freeze the register of a month's last day; a repeat changes nothing."""
        frozen = self.search([("company_id", "=", company.id), ("month", "=", month)])
        if frozen:
            return frozen
        made = self._as_internal().create(self._prepare(company, month))
        return made.with_env(self.env)

    @api.model
    def _prepare(self, company, month):
        day = month + relativedelta(day=31)
        rows = self.env["rd.property.asof"]._get_rows(company, day)
        agreeing, counted, _domain = self.env["rd.property"]._get_agreement(
            company, month
        )
        return {
            "name": f"{month:%Y-%m}",
            "company_id": company.id,
            "month": month,
            "day": day,
            "rows": rows,
            "row_count": len(rows),
            "content_hash": self._hash(rows),
            "counted": counted,
            "agreeing": agreeing,
        }

    @api.model
    def _hash(self, rows):
        content = json.dumps(rows, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def action_show(self):
        """Open today's register of that day, to look at what is late."""
        self.ensure_one()
        ask = self.env["rd.property.asof.ask"]
        return ask.create(
            {"company_id": self.company_id.id, "day": self.day}
        ).action_show()

    def _rd_prepare_paper(self):
        """Return all that is printed of the frozen register."""
        self.ensure_one()
        heads = [
            (self.env._("Frozen for"), self.name),
            (self.env._("Content hash"), self.content_hash),
        ]
        paper = self.env["rd.property.paper"]
        return paper._prepare_register(self, self.day, self.rows or [], heads)
