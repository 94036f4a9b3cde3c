# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import glob
import io
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from datetime import date, timedelta
from unittest import skipUnless
from unittest.mock import patch

import openpyxl

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_actions_report import WkhtmlInfo
from odoo.addons.rd_sales_admin.models import ir_actions_report as engine
from odoo.addons.rd_sales_admin.models.rd_workflow_mixin import GUARD
from odoo.addons.rd_sales_admin.tools.chromium import find_chromium

from .common import ReconciliationCommon

PDF = "rd_reconciliation.report_statement"
XLSX = "rd_reconciliation.statement_xlsx"
HOSTILE = (
    "<script>document.title='x'</script>",
    "=1+1",
    "{{7*7}}",
    "@SUM(A1)",
    "http://example.com/a",
    "</style><b>&amp;",
)
can_print = skipUnless(
    find_chromium() and shutil.which("pdftotext"), "needs Chromium and pdftotext"
)


class StatementPrintCommon(ReconciliationCommon):
    """Statements written line by line, without deliveries behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cny = cls.env.ref("base.CNY")
        cls.cny.active = True
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.number = 0

    @classmethod
    def _create_statement(cls, lines, **values):
        """Return a sent statement of lines given as dicts."""
        cls.number += 1
        partner = values.pop("partner", None) or cls.env["res.partner"].create(
            {"name": f"Printed Works {cls.number}", "is_company": True}
        )
        return (
            cls.env["rd.statement"]
            .with_context(rd_guard=GUARD)
            .create(
                {
                    "name": f"ST/2026/09/{cls.number:04d}",
                    "company_id": cls.company.id,
                    "partner_id": partner.id,
                    "currency_id": cls.cny.id,
                    "close_id": cls.close.id,
                    "date_from": date(2026, 8, 26),
                    "date_to": date(2026, 9, 25),
                    "state": "sent",
                    "line_ids": [
                        Command.create(cls._prepare_line(index, **line))
                        for index, line in enumerate(lines)
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _prepare_line(cls, index, quantity=1.0, price=100.0, **values):
        untaxed = round(quantity * price, 2)
        tax = round(untaxed * 0.13, 2)
        return {
            "source_kind": 9,
            "source_id": 0,
            "qty_from": 0.0,
            "qty_to": abs(quantity),
            "moved_qty": abs(quantity),
            "sequence": index,
            "date": date(2026, 8, 26) + timedelta(days=index % 30),
            "note": f"DN-{index:05d}",
            "customer_order": f"PO-{index % 9}",
            "customer_order_line": "10",
            "part": f"P-{index:04d}",
            "customer_part": f"X-{index:04d}",
            "product_name": f"Left fixture {index}",
            "settlement_class": "finished",
            "quantity": quantity,
            "uom_name": "Units",
            "price_unit": price,
            "tax_ids": [Command.set(cls.tax.ids)],
            "tax_rate": 13.0,
            "amount_untaxed": untaxed,
            "amount_tax": tax,
            "amount_total": round(untaxed + tax, 2),
            **values,
        }

    @classmethod
    def _print(cls, statements):
        reports = cls.env["ir.actions.report"].with_context(force_report_rendering=True)
        return reports._render_qweb_pdf(PDF, statements.ids)[0]

    @classmethod
    def _pages(cls, statements):
        """Return the text of each page; Kangxi radicals become characters again."""
        result = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=cls._print(statements),
            capture_output=True,
            check=True,
        )
        text = unicodedata.normalize("NFKC", result.stdout.decode())
        return text.rstrip("\f").split("\f")

    @classmethod
    def _workbook(cls, statement):
        report = cls.env["ir.actions.report"]
        data = report._render_xlsx(XLSX, statement.ids, {})[0]
        return openpyxl.load_workbook(io.BytesIO(data))

    def assertNear(self, text, *parts):
        """All parts stand one after the other, whatever lies between in space."""
        pattern = r"\s+".join(re.escape(part) for part in parts)
        self.assertRegex(text, pattern)


@tagged("post_install", "-at_install")
class TestStatementPrint(StatementPrintCommon):
    """What stands on the statement's paper and in its workbook."""

    # ------------------------------------------------------------------
    # The one computation
    # ------------------------------------------------------------------
    def test_groups_and_total(self):
        statement = self._create_statement(
            [
                {"quantity": 2, "price": 3500},
                {"quantity": -1, "price": 3500, "settlement_class": "tooling"},
                {"quantity": 3, "price": 0.34, "settlement_class": "tooling"},
            ]
        )
        data = statement._prepare_print_data()
        finished, tooling = data["groups"]
        self.assertEqual([row["number"] for row in tooling["rows"]], [2, 3])
        self.assertEqual(finished["sums"]["total"], 7910.0)
        self.assertEqual(tooling["sums"]["untaxed"], -3498.98)
        self.assertEqual(
            data["total"]["total"], sum(statement.line_ids.mapped("amount_total"))
        )
        self.assertEqual(data["words"][1], "叁仟玖佰伍拾陆元壹角伍分")

    def test_quantities_of_different_units_are_not_added(self):
        lines = [{"quantity": 2, "uom_name": "kg"}, {"quantity": 3, "uom_name": "m"}]
        data = self._create_statement(lines)._prepare_print_data()
        self.assertNotIn("quantity", data["total"])
        lines[1]["uom_name"] = "kg"
        data = self._create_statement(lines)._prepare_print_data()
        self.assertEqual(data["total"]["quantity"], 5)

    def test_zero_and_negative_totals_in_capitals(self):
        for lines, words in (
            ([], "零元整"),
            ([{"quantity": 1}, {"quantity": -1}], "零元整"),
            ([{"quantity": -1, "price": 3955}], "负肆仟肆佰陆拾玖元壹角伍分"),
        ):
            data = self._create_statement(lines)._prepare_print_data()
            self.assertEqual(data["words"][1], words)

    def test_other_currencies_are_written_in_digits(self):
        usd = self.env.ref("base.USD")
        statement = self._create_statement([{"price": 1200}], currency_id=usd.id)
        data = statement._prepare_print_data()
        self.assertEqual(data["words"][1], "USD 1,356.00")

    def test_carried_lines_stand_apart(self):
        statement = self._create_statement(
            [
                {"price": 100},
                {
                    "price": 999,
                    "live": False,
                    "verdict": "carried",
                    "carry_reason": "Quantity differs: 2 sent, 1 accepted",
                },
                {"price": 5, "live": False},
            ]
        )
        data = statement._prepare_print_data()
        self.assertEqual(data["total"]["untaxed"], 100.0)
        (row,) = data["carried"]["rows"]
        self.assertEqual(row["note"], "DN-00001")
        self.assertEqual(row["remark"], "Quantity differs: 2 sent, 1 accepted")

    def test_remarks_say_why(self):
        statement = self._create_statement(
            [
                {"price": 0, "zero_reason": "not_settled"},
                {"late": True},
                {"carried_age": 2, "late": True},
                {"discount": 5},
            ]
        )
        (group,) = statement._prepare_print_data()["groups"]
        self.assertEqual(
            [row["remark"] for row in group["rows"]],
            [
                "Free of charge, sample or warranty",
                "of an earlier period",
                "carried over, third month",
                "discount 5%",
            ],
        )

    def test_a_draft_and_a_cancelled_statement_say_so(self):
        for state, mark in (
            ("draft", "DRAFT"),
            ("sent", ""),
            ("cancelled", "CANCELLED"),
        ):
            statement = self._create_statement([{}], state=state)
            self.assertEqual(statement._prepare_print_data()["mark"], mark)

    def test_price_says_whether_it_includes_tax(self):
        statement = self._create_statement([{}])
        labels = [c["label"] for c in statement._prepare_print_data()["columns"]]
        self.assertIn("Unit price (tax excluded)", labels)
        self.tax.price_include_override = "tax_included"
        labels = [c["label"] for c in statement._prepare_print_data()["columns"]]
        self.assertIn("Unit price (tax included)", labels)

    def test_numbers_in_the_language_of_the_partner(self):
        lang = self.env["res.lang"]._activate_lang("de_DE")
        lang.write({"thousands_sep": ".", "decimal_point": ","})
        statement = self._create_statement([{"quantity": 1200.5, "price": 1}])
        statement.partner_id.lang = "de_DE"
        data = statement._prepare_print_data()
        self.assertEqual(data["record"].env.lang, "de_DE")
        self.assertEqual(data["formats"]["quantity"](1200.5), "1.200,5")
        self.assertEqual(data["formats"]["money"](-0.001), "0,00")

    def test_file_name(self):
        statement = self._create_statement([])
        name = statement._get_report_base_filename()
        self.assertEqual(
            name, f"ST-2026-09-{self.number:04d} {statement.partner_id.name}"
        )

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------
    @can_print
    def test_header_and_number_on_every_page(self):
        pages = self._pages(self._create_statement([{} for _index in range(90)]))
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, start=1):
            self.assertIn("Delivery note", page)
            self.assertNear(page, "Page", str(number), "of", str(len(pages)))

    @can_print
    def test_total_and_seals_on_paper(self):
        statement = self._create_statement(
            [{"quantity": 2, "price": 1234.5}, {"quantity": -1, "price": 10000}]
        )
        (page,) = self._pages(statement)
        self.assertNear(page, "Total", "1", "-7,531.00", "-979.03", "-8,510.03")
        self.assertIn("负捌仟伍佰壹拾元零叁分", page)
        for words in ("Supplier (seal)", "Customer (seal)", "Signature"):
            self.assertIn(words, page)

    @can_print
    def test_a_zero_statement_is_printed(self):
        (page,) = self._pages(self._create_statement([]))
        self.assertNear(page, "Total", "0.00", "0.00", "0.00")
        self.assertIn("零元整", page)

    @can_print
    def test_hostile_text_is_printed_as_it_is(self):
        lines = [{"product_name": text, "note": text} for text in HOSTILE]
        partner = self.env["res.partner"].create(
            {"name": '"; } @page { size: A6 } </style><script>', "is_company": True}
        )
        statement = self._create_statement(lines, partner=partner)
        (page,) = self._pages(statement)
        # Long words are broken over lines: compare without spaces.
        squeezed = re.sub(r"\s", "", page)
        self.assertIn(re.sub(r"\s", "", partner.name), squeezed)
        for text in ("=1+1", "{{7*7}}", "@SUM(A1)"):
            self.assertIn(text, squeezed)
        self.assertNotIn("49", re.findall(r"\d+", page))
        html = self.env["ir.actions.report"]._render_qweb_html(PDF, statement.ids)[0]
        self.assertNotIn(b"<script", html)
        self.assertNotIn(b"</style><b>", html)

    @can_print
    def test_every_statement_counts_its_own_pages(self):
        statements = self._create_statement([{}]) | self._create_statement([{}, {}])
        pages = self._pages(statements)
        self.assertEqual(len(pages), 2)
        for page, statement in zip(pages, statements, strict=True):
            self.assertNear(page, "Page", "1", "of", "1")
            self.assertIn(statement.name, page)

    @can_print
    def test_the_clerk_prints(self):
        statement = self._create_statement([{}])
        reports = self.env["ir.actions.report"].with_user(self.clerk)
        pdf = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            PDF, statement.ids
        )[0]
        self.assertEqual(pdf[:5], b"%PDF-")

    # ------------------------------------------------------------------
    # Workbook
    # ------------------------------------------------------------------
    def test_workbook_has_no_formula_and_no_link(self):
        lines = [{"product_name": text, "note": text} for text in HOSTILE]
        sheet = self._workbook(self._create_statement(lines)).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        self.assertFalse([cell for cell in cells if cell.hyperlink])
        values = {cell.value for cell in cells}
        self.assertLessEqual(set(HOSTILE), values)

    def test_workbook_holds_numbers_and_dates(self):
        statement = self._create_statement([{"quantity": 2}, {"quantity": -3}])
        rows = list(self._workbook(statement).active.iter_rows(values_only=True))
        (header,) = [row for row in rows if row[0] == "No."]
        first = dict(zip(header, rows[rows.index(header) + 2], strict=True))
        self.assertEqual(first["Delivery date"].date(), date(2026, 8, 26))
        self.assertEqual(first["Quantity"], 2)
        self.assertEqual(
            (first["Your part no."], first["Our part no."]), ("X-0000", "P-0000")
        )
        (total,) = [row for row in rows if row[0] == "Total"]
        self.assertEqual(
            total[header.index("Total (tax included)")],
            round(sum(statement.line_ids.mapped("amount_total")), 2),
        )

    def test_one_sheet_per_statement(self):
        names = [f"ST/[2026]*?{'x' * 40}", "ST/2", "ST-2"]
        statements = self.env["rd.statement"].union(
            *(self._create_statement([{}], name=name) for name in names)
        )
        book = self._workbook(statements)
        self.assertEqual(len(book.sheetnames), 3)


@tagged("post_install", "-at_install")
class TestPrintEngine(StatementPrintCommon):
    """How a report comes to paper, and what is said when it cannot."""

    def _no_wkhtmltopdf(self):
        info = WkhtmlInfo("install", False, "wkhtmltopdf", "", False, "", None)
        return patch("odoo.addons.base.models.ir_actions_report._wkhtml", lambda: info)

    def test_chromium_alone_is_enough(self):
        reports = self.env["ir.actions.report"]
        with self._no_wkhtmltopdf(), patch.object(engine, "find_chromium", lambda: "x"):
            self.assertEqual(reports.get_wkhtmltopdf_state(), "ok")
        with (
            self._no_wkhtmltopdf(),
            patch.object(engine, "find_chromium", lambda: None),
        ):
            self.assertEqual(reports.get_wkhtmltopdf_state(), "install")

    def test_other_reports_still_ask_for_wkhtmltopdf(self):
        report = self.env.ref("sale.action_report_saleorder")
        with self._no_wkhtmltopdf(), self.assertRaisesRegex(UserError, "wkhtmltopdf"):
            report._run_wkhtmltopdf(["<p/>"], report_ref=report.report_name)

    def test_without_chromium_wkhtmltopdf_gets_the_whole_document(self):
        statement = self._create_statement([{}])
        taken = []

        def run(args):
            body, target = args[-2:]
            with open(body) as source:
                taken.append(source.read())
            with open(target, "wb") as out:
                out.write(b"%PDF-1.4")
            return subprocess.CompletedProcess(args, 0, "", "")

        core = "odoo.addons.base.models.ir_actions_report."
        info = WkhtmlInfo("ok", True, "wkhtmltopdf", "0.12.6", True, "", None)
        with (
            patch.object(engine, "find_chromium", lambda: None),
            patch(core + "_wkhtml", lambda: info),
            patch(core + "_run_wkhtmltopdf", run),
        ):
            self.assertEqual(self._print(statement), b"%PDF-1.4")
        self.assertIn("DN-00000", taken[0])
        self.assertIn("<style>", taken[0])

    def test_tests_render_no_pdf_unless_asked(self):
        statement = self._create_statement([{}])
        content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            PDF, statement.ids
        )
        self.assertEqual(kind, "html")
        self.assertIn(b"DN-00000", content)

    def test_a_failing_chromium_is_one_sentence(self):
        statement = self._create_statement([{}])
        for browser in ("/bin/false", "/nowhere/chromium"):
            with (
                patch.object(engine, "find_chromium", lambda name=browser: name),
                mute_logger(engine.__name__),
                self.assertRaisesRegex(UserError, "could not be printed"),
            ):
                self._print(statement)

    @can_print
    def test_nothing_is_left_behind(self):
        pattern = os.path.join(tempfile.gettempdir(), "rd_print.*")
        before = set(glob.glob(pattern))
        self._print(self._create_statement([{}]))
        self.assertFalse(set(glob.glob(pattern)) - before)

    def test_chromium_is_named_by_the_environment(self):
        with patch.dict(os.environ, {"RD_CHROMIUM": ""}):
            self.assertIsNone(find_chromium())
        with patch.dict(os.environ, {"RD_CHROMIUM": "/bin/sh"}):
            self.assertEqual(find_chromium(), "/bin/sh")
