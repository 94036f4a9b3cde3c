# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import date

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.common import DeskCommon

from .test_receivable_exception import NOW, ExceptionCase

NEXT = "2025-04-01 04:00:00"


@tagged("post_install", "-at_install")
class TestExceptionMonth(ExceptionCase):
    def _month(self):
        return self.env["rd.exception.month"].search(
            [("company_id", "=", self.company.id)]
        )

    def _make(self, now=NEXT):
        with freeze_time(now):
            self.env["rd.exception.month"]._make_for(self.company)
        return self._month()

    def test_made_once_for_the_month_before(self):
        """One done, one closed by itself, one left; one found in April stays out."""
        self._create_open(50, due="2025-02-01", partner=self.affiliate)
        other = self.env["res.partner"].create({"name": "third", "is_company": True})
        paid = self._create_open(7, due="2025-01-20", partner=other)
        self._sync(partners=self.outside | self.affiliate | other)
        found = {one.partner_id: one for one in self._live()}
        with freeze_time(NOW):
            own = found[self.outside].with_user(self.clerk)
            own.action_accept()
            own.action_finish("pays on Friday")
        self._pay(paid, 7, "2025-03-12")
        self._sync("2025-03-20 04:00:00", other)
        record = self._make()
        self.assertRecordValues(
            record,
            [
                {
                    "month": date(2025, 3, 1),
                    "found_count": 3,
                    "before_count": 0,
                    "done_count": 1,
                    "closed_count": 1,
                    "left_count": 1,
                }
            ],
        )
        rows = {row["customer"]: row for row in record.rows}
        self.assertEqual(rows["outside"]["outcome"], "pays on Friday")
        self.assertIn("settled on 2025-03-12", rows["third"]["outcome"])
        self.assertEqual(rows["affiliate"]["amount"], 50)
        self.assertEqual(self._make(), record)
        self.assertTrue(record.activity_ids)
        files = record.message_ids.attachment_ids.mapped("name")
        self.assertEqual(sorted(name.rpartition(".")[2] for name in files)[-1], "xlsx")
        self.assertEqual(len(files), 2)

    def test_months_in_which_nothing_ran_are_made_up_for(self):
        """Fails when after a standstill only the last month has its report."""
        self._sync()
        self._make()
        made = self._make("2025-07-02 04:00:00")
        self.assertEqual(
            sorted(made.mapped("month")),
            [date(2025, month, 1) for month in range(3, 7)],
        )
        self.assertTrue(all(record.activity_ids for record in made))

    def test_it_stays_as_it_was_made(self):
        self._sync()
        record = self._make()
        rows, summary = record.rows, record._get_summary()
        self._pay(self.overdue, 1000, "2025-04-02")
        self._sync("2025-04-02 04:00:00")
        self.env.invalidate_all()
        self.assertEqual((record.rows, record._get_summary()), (rows, summary))
        for user in (self.clerk, self.second):
            own = record.with_user(user)
            for call in (
                lambda own=own: own.write({"rows": []}),
                lambda own=own: own.unlink(),
                lambda own=own: own.create({"month": "2025-03-01"}),
            ):
                with self.assertRaises(UserError):
                    call()
        with self.assertRaisesRegex(UserError, "report of a month stays"):
            record.sudo().unlink()

    def test_what_was_open_before_is_named(self):
        self._sync("2025-03-10 04:00:00")
        self._make()
        record = self._make("2025-05-01 04:00:00").sorted("month")[-1]
        self.assertEqual((record.found_count, record.before_count), (0, 1))
        self.assertEqual(
            self.env["rd.receivable.exception"].search(
                record.action_view_exceptions()["domain"]
            ),
            self._live(),
        )

    def test_what_is_left_says_how_far_it_is(self):
        """Made by the scheduled action; a clerk may take its day from an exception."""
        self._create_open(50, due="2025-02-01", partner=self.affiliate)
        other = self.env["res.partner"].create({"name": "third", "is_company": True})
        self._create_open(7, due="2025-01-20", partner=other)
        self._sync(partners=self.outside | self.affiliate | other)
        found = {one.partner_id: one.with_user(self.clerk) for one in self._live()}
        with freeze_time(NOW):
            found[self.outside].action_accept()
        found[self.affiliate].deadline = False
        with freeze_time(NEXT), DeskCommon._parted(self):
            self.env["rd.exception.month"]._cron_make()
        self.assertEqual(
            {row["customer"]: row["outcome"] for row in self._month().rows},
            {
                "outside": "decided, not done",
                "affiliate": "",
                "third": "to decide by 2025-03-17",
            },
        )

    def test_workbook(self):
        self.outside.name = "=1+1"
        self._sync()
        record = self._make()
        data = self.env["ir.actions.report"]._render_xlsx(
            "rd_receivables.exceptions_xlsx", record.ids, {}
        )[0]
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        last = list(sheet.iter_rows(values_only=True))[-1]
        self.assertEqual((last[0], last[4]), ("=1+1", 1000))
        self.assertEqual(last[5].date(), date(2025, 3, 10))

    def test_paper_names_reason_and_amount(self):
        self._sync()
        data = self._make()._prepare_print_data()
        self.assertIn(self.overdue.name, data["rows"][0][2])
        self.assertEqual(data["rows"][0][4], "1,000.00")
