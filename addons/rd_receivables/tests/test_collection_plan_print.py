# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import shutil
import subprocess
from unittest import skipUnless

import openpyxl
from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tools.chromium import find_chromium

from .plan_common import EVE, PlanCommon

HOSTILE = "=1+1 <script>x</script>"


@tagged("post_install", "-at_install")
class TestCollectionPlanPrint(PlanCommon):
    """The plan on paper and as a workbook, and what it costs to make it."""

    def _workbook(self, plan):
        data = self.env["ir.actions.report"]._render_xlsx(
            "rd_receivables.collection_plan_xlsx", plan.ids, {}
        )[0]
        return openpyxl.load_workbook(io.BytesIO(data)).active

    @freeze_time("2025-03-06 04:00:00")
    def test_workbook(self):
        """Figures are numbers, the total is their sum, text stays text."""
        self.outside.name = HOSTILE
        plan = self._approve()
        self._pay(self.due, 125)
        sheet = self._workbook(plan)
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        start = next(n for n, row in enumerate(rows) if "Number" in row)
        lines = {row[1]: row for row in rows[start + 1 : -1]}
        self.assertEqual(set(lines), set(plan.line_ids.mapped("item_name")))
        self.assertIn(HOSTILE, [row[0] for row in lines.values()])
        self.assertNotIn("f", {cell.data_type for row in sheet for cell in row})
        due = lines[self.due.name]
        self.assertEqual((due[4], due[6], due[9]), (500, 500, 125))
        total = rows[-1]
        self.assertEqual((total[0], total[4], total[6]), ("Total", 1570, 1500))
        flat = [cell for row in rows for cell in row if isinstance(cell, str)]
        self.assertIn("8.33 %", flat)

    @skipUnless(find_chromium() and shutil.which("pdftotext"), "needs Chromium")
    @freeze_time("2025-03-06 04:00:00")
    def test_paper(self):
        plan = self._propose()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        for state in ("draft", "approved"):
            if state == "approved":
                self._approve(plan, now=EVE)
            pdf = report._render_qweb_pdf(
                "rd_receivables.report_collection_plan", plan.ids
            )[0]
            text = subprocess.run(
                ["pdftotext", "-layout", "-", "-"],
                input=pdf,
                capture_output=True,
                check=True,
            ).stdout.decode()
            self.assertIn("Monthly collection plan", text)
            self.assertIn(self.due.name, text)
            self.assertIn("1,570.00", text)
            mark = plan._prepare_print_data()["mark"]
            self.assertEqual(bool(mark), state == "draft")

    def test_queries_do_not_grow_with_the_items(self):
        """Proposing, reading figures and the trend of 3 and of 60 items."""
        counts = []
        for number in (0, 57):
            for _each in range(number):
                self._create_open(10, due="2025-03-09")
            plan = self.env["rd.collection.plan"].create({"month": "2025-03-01"})
            taken = []
            with freeze_time(EVE):
                for call in (
                    plan._propose,
                    lambda plan=plan: plan.read(["due_rate_text", "received_amount"]),
                    lambda plan=plan: plan.line_ids.read(["received_amount"]),
                    plan._prepare_print_data,
                ):
                    self.env.flush_all()
                    self.env.invalidate_all()
                    before = self.cr.sql_log_count
                    call()
                    self.env.flush_all()
                    taken.append(self.cr.sql_log_count - before)
            self.assertEqual(len(plan.line_ids), 3 + number)
            counts.append(taken)
            plan.unlink()
        for small, large in zip(*counts, strict=True):
            self.assertLessEqual(large, small + 6, counts)
