# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.contract import ContractCase

NOW = "2026-09-10 04:00:00"
PLAN = (
    ("Deposit", 30, "signature", 10, 0, "signature"),
    ("Acceptance", 60, "handover", 30, 100, "handover"),
    ("Retention", 10, "warranty_end", 0, 0, "warranty_end"),
)


@tagged("post_install", "-at_install")
class TestStageDues(ContractCase):
    """What is retained is no debt that is due, and stays visible until released."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref(
            "rd_sales_admin.rd_sales_admin_group_supervisor"
        )
        cls.contract = cls._create_contract(PLAN)
        cls.order = cls._order_under(cls.contract, [(cls.equipment, 1, 100000)])
        with freeze_time("2026-09-01 04:00:00"):
            cls._sign(cls.contract)
        cls.contract = cls.contract.with_env(cls.env)

    def setUp(self):
        super().setUp()
        with freeze_time(NOW):
            self._trigger("handover", self.order.order_line)
            self.move = self._get_moves(self.order).with_env(self.env)
            self.move.action_post()

    def _item(self, name):
        return self.move.line_ids.filtered(
            lambda line: line.rd_due_stage_id.name == name
        )

    def _plan(self, month, now):
        with freeze_time(now):
            plan = self.env["rd.collection.plan"].create({"month": month})
            plan._propose()
        return {line.item_id: line for line in plan.line_ids}

    def _row(self, item, day):
        report = self.env["rd.ageing.report"].with_context(rd_as_of=str(day))
        self.env.invalidate_all()
        return report.browse(item.id)

    def test_each_part_has_its_stage(self):
        self.assertEqual(self.move.rd_contract_id, self.contract)
        self.assertEqual(
            {
                line.rd_due_stage_id.name: (line.date_maturity, line.rd_waits_stage)
                for line in self.move._rd_get_instalments()
            },
            {
                "Deposit": (date(2026, 9, 11), False),
                "Acceptance": (date(2026, 10, 10), False),
                "Retention": (date(2027, 9, 10), True),
            },
        )
        self.assertEqual(
            sum(self.move._rd_get_instalments().mapped("amount_residual")),
            self.move.amount_residual,
        )

    def test_retention_stays_visible_until_it_is_released(self):
        """Fails when it is overdue by its expected day, or hidden as not due yet."""
        item = self._item("Retention")
        lines = self._plan("2027-10-01", "2027-09-25 04:00:00")
        self.assertRecordValues(
            lines[item.id],
            [
                {
                    "kind": "retention",
                    "due_date": False,
                    "waits_for": "stage",
                    "planned_amount": 0,
                }
            ],
        )
        row = self._row(item, "2027-12-01")
        self.assertRecordValues(
            row,
            [{"bucket": "0", "waits_for": "stage", "contract_id": self.contract.id}],
        )
        self.assertEqual(row.amount_overdue, 0)
        self.assertLess(item._rd_days_overdue(date(2027, 12, 1)), 0)
        retention = self.contract.stage_ids.filtered(
            lambda one: one.name == "Retention"
        )
        retention._trigger_own("warranty_end", date(2027, 12, 5))
        self.assertEqual(
            (item.date_maturity, item.rd_waits_stage), (date(2027, 12, 5), False)
        )
        self.assertIn("2027-12-05", self.move.message_ids[0].body)
        lines = self._plan("2027-12-01", "2027-12-10 04:00:00")
        self.assertEqual(lines[item.id].kind, "retention")
        lines = self._plan("2028-01-01", "2027-12-31 04:00:00")
        self.assertEqual(lines[item.id].kind, "overdue")

    def test_a_past_day_knows_that_it_waited(self):
        item = self._item("Retention")
        retention = self.contract.stage_ids.filtered(
            lambda one: one.name == "Retention"
        )
        with freeze_time("2026-10-05 04:00:00"):
            retention._trigger_own("warranty_end", date(2026, 10, 1))
        self.assertRecordValues(
            self._row(item, "2026-10-04"),
            [{"due_date": False, "bucket": "0", "waits_for": "stage"}],
        )
        self.assertRecordValues(
            self._row(item, "2026-10-05"),
            [{"due_date": date(2026, 10, 1), "bucket": "1", "waits_for": False}],
        )

    def test_a_stage_in_its_month(self):
        lines = self._plan("2026-10-01", "2026-09-30 04:00:00")
        self.assertEqual(lines[self._item("Acceptance").id].kind, "stage")
        self.assertEqual(lines[self._item("Deposit").id].kind, "overdue")

    def test_survives_draft_and_posting_again(self):
        retention = self.contract.stage_ids[-1]
        for day in (date(2027, 9, 10), date(2027, 12, 5)):
            with freeze_time(NOW):
                self.move.button_draft()
                self.move.action_post()
            item = self._item("Retention")
            self.assertEqual(len(item), 1)
            self.assertEqual(item.date_maturity, day)
            retention._trigger_own("warranty_end", date(2027, 12, 5))
        self.assertFalse(item.rd_waits_stage)
        self.assertEqual(item.date_maturity, date(2027, 12, 5))

    def test_the_partners_anchor_leaves_the_plan_of_the_contract_alone(self):
        self.customer.write({"rd_due_anchor": "fapiao", "rd_due_grace_days": 15})
        self.company.rd_tax_invoices = True
        with freeze_time(NOW):
            self.move.button_draft()
            self.move.action_post()
        self.assertEqual(self._item("Acceptance").date_maturity, date(2026, 10, 10))

    def test_nobody_ties_by_hand(self):
        item = self._item("Retention")
        for vals in ({"rd_waits_stage": True}, {"rd_due_stage_id": 1}):
            with self.assertRaises(UserError):
                item.with_user(self.finance).write(vals)
