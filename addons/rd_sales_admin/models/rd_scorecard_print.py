# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdScorecard(models.Model):
    """What the printed scorecard and its workbook show."""

    _name = "rd.scorecard"
    _inherit = ["rd.scorecard"]

    def _rd_prepare_paper(self):
        """Return all that is printed, see ``rd.document.paper``."""
        self.ensure_one()
        env, paper = self.env, self.env["rd.document.paper"]
        title = env._("Scorecard %(month)s", month=self.name)
        return {
            **paper._prepare_sheet(self, title, self.company_id),
            "mark": self._get_mark(),
            "heads": [
                (env._("Company"), self.company_id.name),
                (env._("Result"), self.summary),
                (env._("Counted on"), self._get_counted_day()),
                (env._("Hash"), self.content_hash or env._("not frozen yet")),
            ],
            "columns": self._get_paper_columns(),
            "rows": [line._prepare_paper_row() for line in self.line_ids],
        }

    def _get_mark(self):
        if self.is_demo:
            return self.env._("DEMO")
        return "" if self.state == "frozen" else self.env._("RUNNING")

    def _get_counted_day(self):
        if not self.counted_date:
            return ""
        return self.company_id._rd_local_date(self.counted_date).isoformat()

    def _get_paper_columns(self):
        column, env = self.env["rd.document.paper"]._column, self.env
        return [
            column("topic", env._("Topic"), "text", 24),
            column("measure", env._("Measure"), "text", 34),
            column("value", env._("Figure"), "unit", 14),
            column("target", env._("Target"), "unit", 14),
            column("result", env._("Result"), "unit", 14),
            column("before", env._("Month before"), "unit", 16),
            column("counted", env._("Counted"), "unit", 18),
            column("formula", env._("Formula"), "text", 70),
        ]


class RdScorecardLine(models.Model):
    """One printed line."""

    _name = "rd.scorecard.line"
    _inherit = ["rd.scorecard.line"]

    def _prepare_paper_row(self):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("topic", "result")
        }
        return {
            "topic": labels["topic"].get(self.topic, ""),
            "measure": self.measure_id.name,
            "value": self.value_text,
            "target": self.target_text,
            "result": labels["result"].get(self.result, ""),
            "before": self.before_text,
            "counted": self.of_text,
            "formula": self.formula,
        }
