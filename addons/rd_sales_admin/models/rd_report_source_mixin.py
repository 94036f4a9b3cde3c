# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class RdReportSourceMixin(models.AbstractModel):
    """A record that is, or prints, a report of the calendar.

    Its form has a button that hands the report in: the file is made, and the small
    form of the report that is due for the same period opens with it.
    """

    _name = "rd.report.source.mixin"
    _description = "Report that is Handed In"

    def _get_report_kind(self):
        """Return the kind of ``rd.report.calendar`` that this record serves."""
        raise NotImplementedError

    def _get_report_period(self):
        """Return ``(company, first day, last day)``."""
        raise NotImplementedError

    def _get_report_name(self):
        """Return ``(name of the report action, records to print)``."""
        raise NotImplementedError

    def _render_report_file(self):
        """Return ``(file name, bytes)`` of the workbook as the user may read it."""
        name, records = self._get_report_name()
        reports = self.env["ir.actions.report"]
        content, kind = reports._render(name, records.ids)
        return f"{self.display_name}.{kind}", content

    def action_hand_in_report(self):
        """Make the file and open the report that is due for the period with it.

        :raise UserError: where the calendar knows no such report
        """
        self.ensure_one()
        self.check_access("read")
        company, first, last = self._get_report_period()
        dues = self.env["rd.report.due"]
        dues.check_access("write")
        due = dues._find(company, self._get_report_kind(), first, last)[:1]
        if not due:
            raise UserError(
                self.env._(
                    "The report calendar has no such report for %(first)s to %(last)s; "
                    "a supervisor adds it under Configuration → Report calendar.",
                    first=first,
                    last=last,
                )
            )
        return self.env["rd.report.hand.in"]._open(due, self._render_report_file())
