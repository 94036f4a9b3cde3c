# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
import shutil
import subprocess
from datetime import date
from unittest import skipUnless

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tools.chromium import find_chromium

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestAgeingPaper(PlanCommon):
    """The table of a day: by customer, class, owner and contract, and its items."""

    def _ask(self, day="2025-03-10", **values):
        return self.env["rd.receivables.as.of"].create({"day": day, **values})

    def test_by_each_group(self):
        """Rows and totals are what the items come to, whatever they are grouped by."""
        self._pay(self.overdue, 400, "2025-03-09")
        self._pay(self.overdue, 100, "2025-03-11")
        for group, rows in (
            (
                "partner_id",
                [
                    ["outside", 70, 0, 600, 0, 0, 670, 600],
                    ["affiliate", 500, 0, 0, 0, 0, 500, 0],
                ],
            ),
            (
                "partner_class",
                [
                    ["Outside customer", 70, 0, 600, 0, 0, 670, 600],
                    ["Affiliate", 500, 0, 0, 0, 0, 500, 0],
                ],
            ),
            ("contract_id", [["None", 570, 0, 600, 0, 0, 1170, 600]]),
        ):
            paper = self._ask(group=group)._prepare_paper()
            self.assertEqual(paper["matrix"]["rows"], rows, group)
            self.assertEqual(
                paper["matrix"]["sums"], [570, 0, 600, 0, 0, 1170, 600], group
            )
        self.assertEqual(paper["shares"][0], "48.7 %")
        self.assertEqual(paper["shares"][-2], "100.0 %")
        owners = self._ask(group="user_id")._prepare_paper()
        self.assertEqual(owners["matrix"]["sums"][-2:], [1170, 600])

    def test_the_basis_is_printed(self):
        for basis, words, column, amount in (
            ("due", "days overdue", 3, 1000),
            ("document", "days since the invoice", 4, 1070),
            ("delivery", "days since the last delivery", 4, 1070),
        ):
            paper = self._ask(basis=basis)._prepare_paper()
            self.assertIn(words, dict(paper["heads"])["Age counts"])
            self.assertEqual(paper["matrix"]["rows"][0][column], amount)

    def test_own_classes_of_the_company(self):
        self.company.rd_ageing_buckets = "10"
        paper = self._ask()._prepare_paper()
        self.assertEqual(paper["columns"][1:4], ["Not due", "1–10 days", "10+ days"])

    def test_workbook_holds_the_items_of_every_figure(self):
        data = self.env["ir.actions.report"]._render_xlsx(
            "rd_receivables.ageing_xlsx", self._ask().ids, {}
        )[0]
        table, items = openpyxl.load_workbook(io.BytesIO(data)).worksheets
        total = list(table.iter_rows(values_only=True))[-1]
        self.assertEqual((total[0], total[-2], total[-1]), ("Total", 1570, 1000))
        rows = [row for row in items.iter_rows(values_only=True) if row[-1]]
        amounts = [row[-1] for row in rows if isinstance(row[-1], int | float)]
        self.assertEqual(sum(amounts), 1570)
        names = {row[1] for row in rows}
        self.assertLessEqual({self.overdue.name, self.due.name, self.later.name}, names)

    @skipUnless(find_chromium() and shutil.which("pdftotext"), "needs Chromium")
    def test_paper(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf = report._render_qweb_pdf("rd_receivables.report_ageing", self._ask().ids)[
            0
        ]
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout.decode()
        for words in ("Ageing of receivables", "days overdue", "1,570.00", "affiliate"):
            self.assertIn(words, text)

    def test_queries_do_not_grow_with_the_items(self):
        counts = []
        for number in (0, 57):
            for _each in range(number):
                self._create_open(10, due="2025-02-09")
            asked = self._ask()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            asked._prepare_paper()
            self.env["rd.ageing.report"]._get_items_of(
                self.company, asked.day, asked.basis
            )
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_own_company_only(self):
        other = self.setup_other_company()["company"]
        asked = self._ask(company_id=other.id)
        with self.assertRaises(AccessError):
            asked.with_user(self.clerk)._prepare_paper()


@tagged("post_install", "-at_install")
@freeze_time("2025-03-05 04:00:00")
class TestCashIn(PlanCommon):
    """What comes in which week: by promises first, else by due dates."""

    def _rows(self):
        self.env.flush_all()
        rows = self.env["rd.cash.in.report"].search(
            [("company_id", "=", self.company.id)]
        )
        return sorted(
            (row.name, row.source, row.expected_date, row.amount) for row in rows
        )

    def _promise(self, amount, day, *moves, partner=None):
        items = self.env["account.move.line"]
        for move in moves:
            items |= move._rd_get_instalments()
        return self.env["rd.promise"].create(
            {
                "partner_id": (partner or self.outside).id,
                "amount": amount,
                "date": day,
                "line_ids": [(6, 0, items.ids)],
            }
        )

    def test_by_due_date(self):
        self.later.write({"invoice_date_due": "2025-05-01"})
        self.assertEqual(
            self._rows(),
            sorted(
                [
                    (self.overdue.name, "due", date(2025, 3, 5), 1000),
                    (self.due.name, "due", date(2025, 3, 20), 500),
                    (self.later.name, "due", date(2025, 5, 1), 70),
                ]
            ),
        )

    def test_a_promise_for_items_and_a_sum(self):
        """Fails when something is expected twice, or lost."""
        self._promise(400, "2025-03-14", self.overdue)
        self._promise(650, "2025-04-10")
        self.assertEqual(
            self._rows(),
            sorted(
                [
                    (self.overdue.name, "promise", date(2025, 3, 14), 400),
                    (self.overdue.name, "promise", date(2025, 4, 10), 600),
                    (self.later.name, "promise", date(2025, 4, 10), 50),
                    (self.later.name, "due", date(2025, 5, 1), 20),
                    (self.due.name, "due", date(2025, 3, 20), 500),
                ]
            ),
        )

    def test_a_promise_in_its_grace_is_not_expected_in_the_past(self):
        self._promise(400, "2025-03-07", self.overdue)
        with freeze_time("2025-03-10 04:00:00"):
            self.assertEqual(
                [row for row in self._rows() if row[0] == self.overdue.name],
                [
                    (self.overdue.name, "due", date(2025, 3, 10), 600),
                    (self.overdue.name, "promise", date(2025, 3, 10), 400),
                ],
            )

    def test_what_waits_has_no_day(self):
        self.due._rd_get_instalments()._rd_due_internal().write(
            {"rd_waits_stage": True}
        )
        self.assertIn((self.due.name, "waits", False, 500), self._rows())

    def test_rows_are_what_is_open(self):
        """The same as the ageing of today, debts only, after any promises."""
        self._pay(self.overdue, 123.45)
        self._promise(300, "2025-03-14", self.overdue, self.later)
        self._promise(77.77, "2025-03-20")
        [(amount,)] = self.env["rd.cash.in.report"]._read_group(
            [("company_id", "=", self.company.id)], [], ["amount:sum"]
        )
        [(books,)] = self.env["rd.ageing.report"]._read_group(
            [("company_id", "=", self.company.id), ("amount_residual", ">", 0)],
            [],
            ["amount_residual:sum"],
        )
        self.assertEqual(amount, books)
        row = self.env["rd.cash.in.report"].search([("name", "=", self.due.name)])
        self.assertEqual(row.action_open_entry()["res_id"], self.due.id)

    def test_own_company_and_roles(self):
        other = self.setup_other_company()["company"]
        self.clerk.sudo().write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        report = self.env["rd.cash.in.report"]
        self.assertFalse(report.with_user(self.clerk).search([]))
        with self.assertRaises(AccessError):
            report.with_user(self.users["warehouse"]).search([])
