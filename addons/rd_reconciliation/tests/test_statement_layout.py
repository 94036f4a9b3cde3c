# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Their columns, sub-totals by plant, the account of the period, the age."""

import io
from datetime import date

from python_calamine import CalamineWorkbook

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_adjustments import AfterwardsCase


@tagged("post_install", "-at_install")
class TestStatementLayout(AfterwardsCase):
    """One layout per affiliate, for paper and workbook alike."""

    def _get_rows(self):
        content, _kind = self.env["ir.actions.report"]._render_xlsx(
            "rd_reconciliation.statement_xlsx", self.statement.ids, {}
        )
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python()

    def _set_layout(self, *columns):
        self.env["rd.statement.column"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.affiliate.id,
                    "sequence": place,
                    "key": key,
                    "label": label,
                }
                for place, (key, label) in enumerate(columns)
            ]
        )

    def test_own_columns_in_their_order_and_words(self):
        self._set_layout(
            ("note", "Docket"),
            ("part", False),
            ("quantity", "Pieces"),
            ("total", False),
        )
        data = self.statement._prepare_print_data()
        self.assertEqual(
            [column["label"] for column in data["columns"]],
            ["Docket", "Our part no.", "Pieces", "Total (tax included)"],
        )
        self.assertEqual(data["span"], 2)
        header = ["Docket", "Our part no.", "Pieces", "Total (tax included)"]
        self.assertIn(header, [row[:4] for row in self._get_rows()])
        html = self.env["ir.qweb"]._render(
            "rd_reconciliation.report_statement", {"docs": self.statement}
        )
        self.assertIn("Docket", str(html))

    def test_the_usual_layout_is_there_and_copied(self):
        own = self.env["rd.statement.column"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(own), 16)
        self.affiliate.with_user(self.clerk).action_view_statement_columns()
        copied = self.env["rd.statement.column"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertEqual(copied.mapped("key"), own.mapped("key"))
        self.affiliate.with_user(self.clerk).action_view_statement_columns()
        self.assertEqual(len(copied), 16)

    def test_a_sum_is_never_first(self):
        with self.assertRaisesRegex(ValidationError, "cannot be the first"):
            self._set_layout(("total", False), ("note", False))

    def test_sub_totals_by_plant(self):
        plants = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.affiliate.id, "type": "delivery"}
                for name in ("Plant East", "Plant West")
            ]
        )
        for number, plant in enumerate(plants):
            order = self._create_order(
                [(self.p100, 5, 10.0)], partner_shipping_id=plant.id
            )
            self._deliver(order, {self.p100: 5}, f"DN-{number}P", date(2026, 9, 12))
        self._build(self.close)
        group = self.statement._prepare_print_data()["groups"][0]
        self.assertEqual(
            [(part["label"], part["sums"]["untaxed"]) for part in group["parts"]],
            [("Northern Works", 602.38), ("Plant East", 50), ("Plant West", 50)],
        )
        self.assertEqual(group["sums"]["untaxed"], 702.38)
        labels = [str(row[0]) for row in self._get_rows()]
        self.assertIn("Sub-total: Plant West", labels)

    def test_currencies_are_never_added_up(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id, "company_id": self.company.id}
        )
        order = self._create_order([(self.p200, 3, 8.0)], pricelist_id=pricelist.id)
        self._deliver(order, {self.p200: 3}, "DN-E", date(2026, 9, 12))
        statements = self._build(self.close)
        self.assertEqual(len(statements), 2)
        self.assertEqual(len(statements.currency_id), 2)

    def test_account_of_the_period(self):
        self.statement.invoice_date = date(2026, 9, 30)
        self._invoice()
        total = self.statement.amount_total
        self.assertRecordValues(
            self.statement,
            [
                {
                    "opening_balance": 0,
                    "increase": total,
                    "receipts": 0,
                    "closing_balance": total,
                }
            ],
        )
        rows = [(row[0], row[2]) for row in self._get_rows()]
        self.assertIn(("Closing balance", total), rows)
        self.assertIn(
            ("Closing balance", total), self.statement._prepare_print_data()["balances"]
        )

    def test_account_says_what_is_not_invoiced_yet(self):
        """Last month's invoice is this month's increase; all below is still to come."""
        self.statement.invoice_date = date(2026, 10, 2)
        self._invoice()
        self._deliver(self.order, {self.p100: 5}, "DN-2", date(2026, 10, 12))
        late = self._build(self.october)
        old, new = self.statement.amount_total, late.amount_total
        self.assertTrue(new)
        for statement, expected in (
            (self.statement, (0, 0, 0, 0, old, old)),
            (late, (0, old, 0, old, new, old + new)),
        ):
            printed = statement._prepare_print_data()["balances"]
            self.assertEqual(
                [label for label, _amount in printed],
                [
                    "Opening balance",
                    "Invoiced this period",
                    "Received this period",
                    "Closing balance",
                    "Stated, not invoiced yet",
                    "Closing with this statement",
                ],
            )
            for (label, amount), wanted in zip(printed, expected, strict=True):
                self.assertAlmostEqual(amount, wanted, 2, f"{statement.name} {label}")
            self.assertAlmostEqual(statement.not_invoiced, expected[4], 2)
            self.assertAlmostEqual(statement.closing_stated, expected[5], 2)

    def test_age_is_said(self):
        line = self.statement.line_ids[0]
        line._as_internal().write({"carried_age": 2, "late": True})
        self.assertEqual(line.age_text, "carried over, third month")
        row = self.statement._prepare_print_data()["groups"][0]["rows"][0]
        self.assertIn("third month", row["remark"])
        line._as_internal().write({"carried_age": 9})
        self.assertEqual(line.age_text, "carried over, month 10")

    def test_a_column_is_called_by_whom_it_is_for_and_its_heading(self):
        self._set_layout(("note", "Docket"), ("part", False))
        own = self.env["rd.statement.column"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertEqual(
            own.mapped("display_name"),
            ["Northern Works: Docket", "Northern Works: Our part no."],
        )

    def test_every_company_has_a_layout_once(self):
        columns = self.env["rd.statement.column"].sudo()
        new = self.env["res.company"].sudo().create({"name": "New"})
        columns.search([("company_id", "=", new.id)]).unlink()
        before = columns.search_count([("company_id", "=", self.company.id)])
        columns._ensure_all()
        for company in (new, self.company):
            found = columns.search_count([("company_id", "=", company.id)])
            self.assertEqual(found, before)

    def test_only_the_desk_changes_columns(self):
        column = self.env["rd.statement.column"].search([], limit=1)
        for role in ("auditor", "finance", "salesperson"):
            user = self._create_user(role)
            self.assertFalse(column.with_user(user).has_access("write"))
        self.assertTrue(column.with_user(self.clerk).has_access("write"))
