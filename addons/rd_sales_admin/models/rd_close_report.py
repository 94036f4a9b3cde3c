# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models


class RdClose(models.Model):
    """The month's own step shows which reports are still due."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    def _wants_figures(self):
        own = [("company_id", "=", self.company_id.id)]
        calendars = self.env["rd.report.calendar"].sudo()
        return super()._wants_figures() or bool(calendars.search_count(own, limit=1))

    def _get_reports_due(self):
        """Return the reports on periods that are over with the month and were not
        handed in, by their day."""
        # Whoever runs the month need not be one who hands in.
        return (
            self.env["rd.report.due"]
            .sudo()
            .search(
                [
                    *(("company_id", "=", self.company_id.id), ("state", "=", "due")),
                    ("date_to", "<=", fields.Date.end_of(self.month, "month")),
                ],
                order="date_due, id",
            )
        )

    def _get_figures_waits(self):
        """Wait for reports whose day is over."""
        today = self.company_id._rd_today()
        late = self._get_reports_due().filtered(lambda due: due.date_due < today)
        waits = super()._get_figures_waits()
        if not late:
            return waits
        text = self.env._(
            "%(count)s reports are overdue, first: %(report)s (due %(day)s).",
            count=len(late),
            report=late[0].name,
            day=late[0].date_due,
        )
        return [(text, "clerk"), *waits]

    def _get_figures_notes(self):
        """Name what is still due, and say how the month's reports went."""
        notes = super()._get_figures_notes()
        dues = self._get_reports_due()
        if dues:
            notes.append(
                self.env._(
                    "Still due: %(reports)s.",
                    reports=", ".join(f"{due.name} ({due.date_due})" for due in dues),
                )
            )
        for label, value, detail in self._get_report_kpis():
            notes.append(f"{label}: {value} ({detail}).")
        return notes

    def _get_report_kpis(self):
        dues = self.env["rd.report.due"].sudo()
        timely, due, _domain = dues._get_timeliness(self.company_id, self.month)
        right, handed, _domain = dues._get_accuracy(self.company_id, self.month)
        nothing = self.env._("n/a")
        return [
            (
                self.env._("Reports in time"),
                f"{100 * timely / due:.0f} %" if due else nothing,
                self.env._(
                    "%(timely)s handed in by their day ÷ %(due)s due",
                    timely=timely,
                    due=due,
                ),
            ),
            (
                self.env._("Reports right at once"),
                f"{100 * right / handed:.0f} %" if handed else nothing,
                self.env._(
                    "%(right)s never handed in again ÷ %(handed)s handed in",
                    right=right,
                    handed=handed,
                ),
            ),
        ]

    def _get_kpis(self):
        """Add timeliness and accuracy of the reports."""
        return [*super()._get_kpis(), *self._get_report_kpis()]
