# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

READERS = ",".join(
    f"rd_sales_admin.rd_sales_admin_group_{role}"
    for role in ("auditor", "finance", "salesperson", "clerk")
)


class RdPapersMixin(models.AbstractModel):
    """A record whose papers are filed: how many are here, and a way to file."""

    _name = "rd.papers.mixin"
    _description = "Record with Papers"

    rd_papers = fields.Char(
        string="Papers here", compute="_compute_rd_papers", groups=READERS
    )

    def _compute_rd_papers(self):
        """Show papers here of papers needed, or n/a where none is needed."""
        groups = self.env["rd.document.due"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("missing", "filed")),
            ],
            ["res_id", "state"],
            ["__count"],
        )
        counts = {(res_id, state): count for res_id, state, count in groups}
        for record in self:
            filed = counts.get((record.id, "filed"), 0)
            needed = filed + counts.get((record.id, "missing"), 0)
            record.rd_papers = f"{filed}/{needed}" if needed else self.env._("n/a")

    def action_rd_papers(self):
        """Open what papers this record needs and has; file them with a tap."""
        self.ensure_one()
        self.check_access("read")
        dues = self.env["rd.document.due"]
        dues.check_access("read")
        if dues.has_access("write"):
            dues._refresh(self._rd_get_papers_company(), records=self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Papers of %s", self.display_name),
            "res_model": "rd.document.due",
            "views": [(False, "kanban"), (False, "list"), (False, "form")],
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {
                "rd_paper_model": self._name,
                "rd_paper_id": self.id,
            },
        }

    @api.model
    def _rd_get_papers_source(self):
        return self.env["rd.document.requirement"]._get_source(self._name)

    def _rd_get_papers_company(self):
        source = self._rd_get_papers_source()
        return source._get_value(self, source.company) or self.env.company
