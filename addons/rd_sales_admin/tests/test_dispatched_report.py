# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeskCommon


@tagged("post_install", "-at_install")
class TestDispatchedReport(DeskCommon):
    """What left and was not invoiced: how much, since when, signed or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part, cls.other = cls.parts[:2]
        cls.outside = cls.env["res.partner"].create(
            {"name": "Outside", "is_company": True, "rd_partner_class": "outside"}
        )
        cls.order = cls._create_order(
            [(cls.part, 100, 10.0), (cls.other, 50, 25.5)], partner=cls.outside
        )

    def _rows(self, order=None):
        self.env.flush_all()
        return self.env["rd.dispatched.report"].search(
            [("order_id", "=", (order or self.order).id)], order="date, product_id"
        )

    def _ship(self, quantities, note, day):
        return self._deliver(self.order, quantities, note, day)

    def test_age_by_the_day_of_the_company(self):
        self._ship({self.part: 10}, "DN-1", date(2026, 9, 1))
        for moment, days, bucket in (
            ("2026-10-01 15:59:59", 30, "0_30"),
            ("2026-10-01 16:00:00", 31, "31_60"),
            ("2026-10-31 15:59:59", 60, "31_60"),
            ("2026-10-31 16:00:00", 61, "61_90"),
            ("2026-11-30 15:59:59", 90, "61_90"),
            ("2026-11-30 16:00:00", 91, "91_more"),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertRecordValues(
                    self._rows(), [{"days": days, "bucket": bucket}]
                )

    def test_age_limits_of_the_company(self):
        self._ship({self.part: 10}, "DN-1", date(2026, 9, 1))
        self.company.write({"rd_dispatched_warn_days": 5, "rd_dispatched_late_days": 9})
        levels = []
        for day in (6, 7, 10, 11):
            with freeze_time(f"2026-09-{day:02} 04:00:00"):
                self.env.invalidate_all()
                levels.append(self._rows().age_level)
        self.assertEqual(levels, ["fresh", "old", "old", "late"])
        found = self.env["rd.dispatched.report"].search(
            [("age_level", "=", "late"), ("order_id", "=", self.order.id)]
        )
        self.assertTrue(found)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.company.rd_dispatched_late_days = 5
                self.env.flush_all()

    def test_places_amounts_and_what_was_not_accepted(self):
        one = self._ship({self.part: 10, self.other: 4}, "DN-1", date(2026, 9, 1))
        self._ship({self.part: 5}, "DN-2", date(2026, 9, 2))
        move = one.move_ids.filtered(lambda item: item.product_id == self.part)
        one._rd_sign(
            "Li",
            datetime(2026, 9, 3),
            self.env["ir.attachment"],
            {move.id: {"short": 1, "rejected": 2}},
        )
        self.assertRecordValues(
            self._rows(),
            [
                {"quantity": 10, "place": "2_signed", "amount": 100, "not_accepted": 3},
                {"quantity": 4, "place": "2_signed", "amount": 102, "not_accepted": 0},
                {"quantity": 5, "place": "1_unsigned", "amount": 50, "not_accepted": 0},
            ],
        )
        self.assertEqual(self._rows()[0].signed_date, date(2026, 9, 3))
        # our count was one too high: what he did not take goes first
        move.move_line_ids.quantity = 9
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRecordValues(self._rows()[0], [{"quantity": 9, "not_accepted": 2}])

    def test_returns_and_invoices_lower_it_oldest_first(self):
        one = self._ship({self.part: 10}, "DN-1", date(2026, 9, 1))
        self._ship({self.part: 5}, "DN-2", date(2026, 9, 2))
        self._return(one, {self.part: 3}, "R-1", date(2026, 9, 5))
        self._return(one, {self.part: 1}, "R-2", date(2026, 9, 6), to_refund=False)
        self.assertEqual(self._rows().mapped("quantity"), [7, 5])
        invoice = self.order._create_invoices()
        line = invoice.invoice_line_ids.filtered(lambda item: item.quantity == 12)
        line.quantity = 8
        self.env.invalidate_all()
        self.assertEqual(self._rows().mapped("quantity"), [4])
        invoice.button_cancel()
        self.env.invalidate_all()
        self.assertEqual(self._rows().mapped("quantity"), [7, 5])

    def test_what_left_before_the_start_absorbs_its_invoices(self):
        self._ship({self.part: 10}, "DN-0", date(2026, 8, 30))
        self._ship({self.part: 5}, "DN-1", date(2026, 9, 2))
        invoice = self.order._create_invoices()
        invoice.invoice_line_ids.filtered("sale_line_ids").quantity = 10
        self.env.invalidate_all()
        self.assertEqual(self._rows().mapped("quantity"), [5])

    def test_against_bare_sql(self):
        self._ship({self.part: 10, self.other: 4}, "DN-1", date(2026, 9, 1))
        self._ship({self.part: 5}, "DN-2", date(2026, 9, 2))
        rows = self.env["rd.dispatched.report"]._read_group(
            [("company_id", "=", self.company.id)], ["product_id"], ["quantity:sum"]
        )
        self.env.cr.execute(
            """
            SELECT product_id, SUM(quantity) FROM stock_move
             WHERE state = 'done' AND sale_line_id IS NOT NULL AND company_id = %s
             GROUP BY product_id
            """,
            [self.company.id],
        )
        self.assertEqual(
            {product.id: quantity for product, quantity in rows},
            {key: float(value) for key, value in self.env.cr.fetchall()},
        )

    def test_reads_of_other_companies_and_roles(self):
        self._ship({self.part: 10}, "DN-1", date(2026, 9, 1))
        rows = self._rows()
        company = self.env["res.company"].create({"name": "Other house"})
        stranger = new_test_user(
            self.env,
            login="rd_other_clerk",
            groups="rd_sales_admin.rd_sales_admin_group_clerk",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        report = self.env["rd.dispatched.report"].with_user(stranger)
        self.assertFalse(report.search([]))
        with self.assertRaises(AccessError):
            report.browse(rows.ids).read(["amount"])
        for role in ("warehouse", "floor"):
            with self.assertRaises(AccessError):
                self.env["rd.dispatched.report"].with_user(
                    self._create_user(role)
                ).search([])
        self.assertEqual(
            rows.with_user(self.clerk).action_open_delivery()["res_model"],
            "stock.picking",
        )

    def test_who_may_not_open_the_delivery_opens_its_row(self):
        self._ship({self.part: 10}, "DN-1", date(2026, 9, 1))
        row = self._rows().with_user(self._create_user("auditor"))
        self.assertEqual(row.action_open_delivery()["res_model"], "stock.picking")
        rights = self.env["ir.model.access"].sudo()
        rights.search([("model_id.model", "=", "stock.picking")]).active = False
        action = row.action_open_delivery()
        self.assertEqual((action["res_model"], action["res_id"]), (row._name, row.id))

    def test_views_load(self):
        self._ship({self.part: 10}, "DN-1", date(2026, 9, 1))
        report = self.env["rd.dispatched.report"].with_user(self.clerk)
        found = report.web_search_read(
            [("days", ">", 30), ("place", "=", "1_unsigned")],
            {"note": {}, "amount": {}, "bucket": {}},
        )
        self.assertEqual([row["note"] for row in found["records"]], ["DN-1"])
