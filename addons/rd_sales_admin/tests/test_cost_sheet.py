# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import date
from unittest.mock import patch

from python_calamine import CalamineWorkbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_sales_report import SalesCase

SHEET = "odoo.addons.rd_sales_admin.models.rd_cost_sheet"


@tagged("post_install", "-at_install")
class TestCostSheet(SalesCase):
    """What the month cost, against what was invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parts[0].standard_price = 4.0
        cls.parts[1].standard_price = 0.0
        plan = cls.env["account.analytic.plan"].sudo().search([], limit=1)
        cls.account = (
            cls.env["account.analytic.account"]
            .sudo()
            .create(
                {
                    "name": "Programme",
                    "plan_id": plan.id,
                    "company_id": cls.company.id,
                }
            )
        )
        cls.project.account_id = cls.account
        cls.order = cls._sell(
            [(cls.parts[0], 10, 9.0), (cls.parts[1], 5, 7.0)],
            date(2026, 9, 1),
            partner=cls.outside,
            project_id=cls.project.id,
        )
        cls.picking = cls._deliver(
            cls.order, {cls.parts[0]: 10, cls.parts[1]: 5}, "DN-1", date(2026, 9, 2)
        )
        cls.finance = cls._create_user("finance")
        cls.sheet = (
            cls.env["rd.cost.sheet"]
            .with_user(cls.finance)
            .create({"company_id": cls.company.id, "month": "2026-09-01"})
        )

    def _add_bill(self, amount, part=None, day=date(2026, 9, 10)):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_b.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Work",
                            "product_id": part and part.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {str(self.account.id): 100},
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def _collect(self):
        self.env.flush_all()
        self._rpc(self.finance, "rd.cost.sheet", "action_collect", self.sheet.ids)
        return {line.settlement_class: line for line in self.sheet.sudo().line_ids}

    def test_goods_and_what_has_no_cost(self):
        lines = self._collect()
        self.assertRecordValues(
            lines["other"] | lines["tooling"],
            [
                {"goods": 40.0, "project_id": self.project.id, "missing_count": 0},
                {"goods": 0.0, "project_id": self.project.id, "missing_count": 1},
            ],
        )
        note = lines["tooling"].missing_note
        self.assertIn("DN-1", note)
        self.assertIn("P-200", note)
        self.assertEqual(self.sheet.missing_count, 1)
        self.assertEqual(self.sheet.missing_note, note)

    def test_what_came_back_is_no_cost(self):
        self._return(self.picking, {self.parts[0]: 4}, "R-1", date(2026, 9, 20))
        self.assertAlmostEqual(self._collect()["other"].goods, 24.0)

    def test_bills_analytic_and_invoiced(self):
        self._add_bill(300.0)
        self._add_bill(55.0, day=date(2026, 10, 1))
        # the cost of stored goods is in their value already
        self._add_bill(77.0, part=self.parts[0])
        self.env["account.analytic.line"].sudo().create(
            {
                "name": "Hours",
                "account_id": self.account.id,
                "amount": -25.0,
                "date": date(2026, 9, 30),
                "company_id": self.company.id,
            }
        )
        self._bill(self.order, date(2026, 9, 12))
        lines = self._collect()
        self.assertAlmostEqual(sum(line.bills for line in lines.values()), 300.0)
        self.assertAlmostEqual(sum(line.analytic for line in lines.values()), 25.0)
        self.assertAlmostEqual(lines["other"].invoiced, 90.0)
        self.assertAlmostEqual(lines["tooling"].invoiced, 35.0)
        self.assertAlmostEqual(self.sheet.amount_cost, 365.0)
        self.assertAlmostEqual(self.sheet.amount_margin, 125.0 - 365.0)

    def test_by_contract(self):
        """Goods and invoices stand under the order's contract, and so do the costs of
        a project all of whose orders have the same one."""
        contract = self.env["rd.contract"].create(
            {"subject": "Programme", "partner_id": self.outside.id}
        )
        self.order.rd_contract_id = contract
        self._add_bill(300.0)
        self._bill(self.order, date(2026, 9, 12))
        self._collect()
        lines = self.sheet.sudo().line_ids
        self.assertEqual(lines.contract_id, contract)
        self.assertEqual(len(lines.filtered("contract_id")), len(lines))
        second = self._sell(
            [(self.parts[0], 5, 9.0)],
            date(2026, 9, 3),
            partner=self.outside,
            project_id=self.project.id,
        )
        self._deliver(second, {self.parts[0]: 5}, "DN-2", date(2026, 9, 4))
        self._collect()
        lines = self.sheet.sudo().line_ids
        goods = {line.contract_id: line.goods for line in lines if line.goods}
        self.assertEqual(goods, {contract: 40.0, contract.browse(): 20.0})
        bills = lines.filtered("bills")
        self.assertFalse(bills.contract_id, "which of the two orders it was for?")
        groups = self._rpc(
            self.finance,
            "rd.cost.sheet.line",
            "formatted_read_group",
            [("sheet_id", "=", self.sheet.id)],
            ["contract_id"],
            ["invoiced:sum"],
        )
        self.assertEqual(
            {
                row["contract_id"] and row["contract_id"][0]: row["invoiced:sum"]
                for row in groups
            },
            {contract.id: 125.0, False: 0.0},
        )
        report = self.env["rd.sales.report"].with_user(self.finance)
        found = report._read_group(
            [("company_id", "=", self.company.id), ("state", "=", "5_invoiced")],
            ["contract_id"],
            ["amount:sum"],
        )
        self.assertEqual(found, [(contract, 125.0)])

    def test_collecting_again_is_the_same(self):
        before = [line.read(["goods", "cost"])[0] for line in self._collect().values()]
        after = [line.read(["goods", "cost"])[0] for line in self._collect().values()]
        self.assertEqual(
            [(row["goods"], row["cost"]) for row in before],
            [(row["goods"], row["cost"]) for row in after],
        )

    def test_until_it_is_collected_it_may_be_of_another_month(self):
        sheet = self.sheet.with_user(self.finance)
        sheet.month = date(2026, 10, 1)
        sheet.month = date(2026, 9, 1)
        self._collect()
        with self.assertRaisesRegex(UserError, "stays that of its month"):
            sheet.month = date(2026, 10, 1)

    def test_of_much_that_has_no_cost_the_first_are_named(self):
        with patch(f"{SHEET}.MOST_NAMED", 1):
            order = self._sell(
                [(self.parts[1], 3, 7.0)],
                date(2026, 9, 3),
                partner=self.outside,
                project_id=self.project.id,
            )
            self._deliver(order, {self.parts[1]: 3}, "DN-2", date(2026, 9, 4))
            line = self._collect()["tooling"]
        self.assertEqual(line.missing_count, 2)
        self.assertEqual(len(line.missing_note.split("\n")), 2)
        self.assertIn("… and 1 more", line.missing_note)

    def test_frozen_at_the_close(self):
        close = self._open_close(date(2026, 9, 1))
        close.step_ids._as_internal().write({"state": "done"})
        close.with_user(self.clerk).action_close()
        self.assertEqual(self.sheet.state, "frozen")
        known = self.sheet.content_hash
        self.assertEqual(len(known), 64)
        self.assertEqual(self.sheet._get_content_hash(), known)
        self._add_bill(300.0)
        with self.assertRaises(UserError):
            self._rpc(self.finance, "rd.cost.sheet", "action_collect", self.sheet.ids)
        self.assertEqual(self.sheet._get_content_hash(), known)
        names = self.env["rd.cost.sheet"]._get_guarded_fields() | {"month"}
        self._assert_guarded(self.sheet, names - {"line_ids"}, (self.clerk,))

    def test_made_by_the_close_where_there_is_none(self):
        close = self._open_close(date(2026, 10, 1))
        close.step_ids._as_internal().write({"state": "done"})
        close.with_user(self.clerk).action_close()
        sheet = self.env["rd.cost.sheet"].search([("month", "=", "2026-10-01")])
        self.assertEqual(sheet.state, "frozen")

    def test_hidden(self):
        self._collect()
        portal = new_test_user(self.env, login="rd_port", groups="base.group_portal")
        roles = ("floor", "warehouse", "salesperson")
        users = [portal, *(self._create_user(role) for role in roles)]
        for user in users:
            for model in ("rd.cost.sheet", "rd.cost.sheet.line"):
                for method, args in (
                    ("search_read", ([],)),
                    ("formatted_read_group", ([], [], ["__count"])),
                ):
                    with (
                        self.subTest(user=user.login, model=model, method=method),
                        mute_logger("odoo.addons.base.models.ir_model"),
                        self.assertRaises(AccessError),
                    ):
                        self._rpc(user, model, method, *args)
        stranger = self._create_other_clerk()
        self._assert_isolated("rd.cost.sheet", stranger)
        self._assert_isolated("rd.cost.sheet.line", stranger)

    def test_lines_are_nobodys_to_write(self):
        line = self._collect()["other"]
        for user in (self.finance, self.supervisor):
            for call in (("write", line.ids, {"goods": 1}), ("unlink", line.ids)):
                with (
                    mute_logger("odoo.addons.base.models.ir_model"),
                    self.assertRaises(UserError),
                ):
                    self._rpc(user, "rd.cost.sheet.line", *call)
        self.assertAlmostEqual(line.goods, 40.0)

    def test_workbook(self):
        self._collect()
        report = self.env["ir.actions.report"].with_user(self.finance)
        content, kind = report._render("rd_sales_admin.cost_xlsx", self.sheet.ids)
        self.assertEqual(kind, "xlsx")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_name("2026-09").to_python()
        head = next(row for row in rows if "Value of goods" in row)
        self.assertAlmostEqual(rows[-1][head.index("Value of goods")], 40.0)
        self.assertEqual(rows[-1][0], "Total")
