# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import date, datetime
from unittest.mock import patch

from python_calamine import CalamineWorkbook

from odoo import Command
from odoo.tests import Form, tagged

from odoo.addons.rd_sales_admin.tools.chromium import find_chromium

from .common import DeskCommon


@tagged("post_install", "-at_install")
class TestPaper(DeskCommon):
    """Delivery note and shipment list, on paper and as workbooks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.affiliate.write(
            {"rd_cutoff_day": 25, "street": "1 Dock Road", "phone": "0512-1234"}
        )
        cls.order = cls._create_order([(cls.p100, 100, 10.0), (cls.p200, 50, 25.5)])
        cls.order.order_line[0].rd_customer_line = "10"
        cls.env["rd.part.alias"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.affiliate.id,
                "product_id": cls.p100.id,
                "code": "NW-77",
            }
        )
        cls.picking = cls._deliver(
            cls.order, {cls.p100: 10, cls.p200: 4}, "DN/1", date(2026, 9, 25)
        )
        cls._deliver(cls.order, {cls.p100: 5}, "DN-2", date(2026, 9, 26))
        cls.back = cls._return(cls.picking, {cls.p100: 2}, "R-1", date(2026, 9, 25))

    def _render(self, name, records):
        report = self.env.ref(f"rd_sales_admin.{name}")
        if report.report_type == "xlsx":
            content, kind = report._render_xlsx(report.report_name, records.ids, {})
        else:
            content, kind = report._render_qweb_html(report.report_name, records.ids)
        return content

    def _sheet(self, name, records):
        content = self._render(name, records)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python()

    def test_delivery_note(self):
        html = self._render("action_report_delivery_note", self.picking).decode()
        for text in ("Delivery Note", "DN/1", "2026-09-25", "PO-1 / 10", "P-200"):
            self.assertIn(text, html)
        self.assertIn("1 Dock Road", html)
        self.assertIn("Received by (signature and seal)", html)
        # The price stays blank on the copy unless it is wanted.
        self.assertNotIn("25.50", html)
        self.company.rd_note_prices = True
        html = self._render("action_report_delivery_note", self.picking).decode()
        self.assertIn("25.50", html)
        self.assertIn("102.00", html)

    def test_the_paper_speaks_the_customers_language(self):
        self.affiliate.lang = "zh_CN"
        data = self.picking._rd_prepare_paper()
        self.assertEqual(data["title"], "送货单")
        self.assertEqual(data["columns"][5]["label"], "数量")

    def test_multi_part_paper(self):
        self.company.rd_note_paper = "241_140"
        html = self._render("action_report_delivery_note", self.picking).decode()
        self.assertIn("size: 241mm 140mm", html)

    def test_a_return_names_itself(self):
        self.assertEqual(self.back._rd_prepare_paper()["title"], "Return note")

    def test_pdf_has_the_size_of_its_paper(self):
        if not find_chromium():
            self.skipTest("there is no Chromium")
        report = self.env.ref("rd_sales_admin.action_report_delivery_note")
        self.company.rd_note_paper = "241_140"
        pdf, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report.report_name, self.picking.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))
        # 241 mm are 683 points.
        self.assertRegex(pdf, rb"MediaBox ?\[ ?0 0 683")

    def test_odoos_own_papers_are_printed_by_odoos_own_means(self):
        report = self.env.ref("stock.action_report_delivery")
        printed = []

        def run(_reports, bodies, **options):
            printed.append((bodies, options["header"], options["footer"]))
            return b"%PDF-1.4"

        with patch.object(type(report), "_run_wkhtmltopdf", run):
            streams = report._render_qweb_pdf_prepare_streams(
                report.report_name, {}, self.picking.ids
            )
        self.assertEqual(streams[self.picking.id]["stream"].getvalue(), b"%PDF-1.4")
        [(bodies, header, footer)] = printed
        self.assertIn(self.picking.name, bodies[0])
        self.assertIn("minimal_layout_report_headers", header)
        self.assertIn("minimal_layout_report_footers", footer)

    def test_workbook_of_a_note(self):
        rows = self._sheet("action_report_delivery_note_xlsx", self.picking)
        flat = [cell for row in rows for cell in row]
        self.assertIn("DN/1", flat)
        line = next(row for row in rows if "P-100" in row)
        self.assertEqual(line[5], 10)
        self.assertEqual(line[6], "")

    def test_no_text_becomes_a_formula(self):
        self.picking.rd_note = "=1+1"
        rows = self._sheet("action_report_delivery_note_xlsx", self.picking)
        self.assertIn("=1+1", [cell for row in rows for cell in row])

    def test_shipments_of_a_month_from_cutoff_to_cutoff(self):
        wizard = self.env["rd.shipment.print"].with_user(self.clerk)
        form = Form(wizard)
        form.partner_id = self.affiliate
        form.month = date(2026, 9, 1)
        self.assertEqual(form.date_from, date(2026, 8, 26))
        self.assertEqual(form.date_to, date(2026, 9, 25))
        wizard = form.save()
        self.picking._rd_sign("Li", datetime(2026, 9, 26, 4), self.env["ir.attachment"])
        data = wizard._rd_prepare_paper()
        self.assertEqual(
            [(row["kind"], row["note"], row["quantity"]) for row in data["rows"]],
            [("Shipment", "DN/1", 10), ("Shipment", "DN/1", 4), ("Return", "R-1", 2)],
        )
        self.assertEqual(data["rows"][0]["customer_part"], "NW-77")
        self.assertEqual(data["rows"][0]["signed"], date(2026, 9, 26))
        self.assertEqual([total["quantity"] for total in data["totals"]], [14, 2])
        rows = self._sheet("action_report_shipment_month_xlsx", wizard)
        self.assertTrue(any("NW-77" in row for row in rows))
        self.assertIn(
            "NW-77", self._render("action_report_shipment_month", wizard).decode()
        )
        self.assertEqual(wizard.action_print()["type"], "ir.actions.report")
        self.assertEqual(wizard.action_workbook()["report_type"], "xlsx")

    def test_goods_of_no_order_travel_with_a_note_too(self):
        values = {
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        line = {
            "product_id": self.p300.id,
            "product_uom_qty": 2,
            "product_uom": self.env.ref("uom.product_uom_dozen").id,
            **values,
        }
        sample = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.affiliate.id,
                "move_ids": [Command.create(line)],
                **values,
            }
        )
        sample.action_confirm()
        sample.move_ids.write({"quantity": 2, "picked": True})
        sample.button_validate()
        self.assertEqual(sample.state, "done")
        self.company.rd_note_prices = True
        (row,) = sample._rd_prepare_paper()["rows"]
        self.assertEqual((row["part"], row["quantity"]), ("P-300", 2))
        self.assertEqual(row["uom"], "Dozens")
        self.assertEqual((row["order"], row["amount"]), ("", 0))

    def test_nobody_elses_shipments(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        wizard = self.env["rd.shipment.print"].create(
            {"partner_id": other.id, "month": date(2026, 9, 1)}
        )
        self.assertFalse(wizard._get_moves())
