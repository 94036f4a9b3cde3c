# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from .common import ReceivablesCommon

EVE = "2025-02-28 04:00:00"
MARCH = date(2025, 3, 1)


class PlanCommon(ReceivablesCommon):
    """Open items on the eve of March 2025, and two supervisors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(
            cls.env,
            login="receivables_second",
            groups="rd_sales_admin.rd_sales_admin_group_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.clerk = cls.users["clerk"]
        cls.company.rd_start_date = "2025-01-01"
        cls.overdue = cls._create_open(1000, due="2025-01-31")
        cls.due = cls._create_open(500, due="2025-03-20", partner=cls.affiliate)
        cls.later = cls._create_open(70, due="2025-05-01")

    @classmethod
    def _pay(cls, move, amount, day="2025-03-05"):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        return wizard.create({"amount": amount, "payment_date": day})._create_payments()

    def _propose(self, month=MARCH, now=EVE):
        with freeze_time(now):
            plan = (
                self.env["rd.collection.plan"]
                .with_user(self.clerk)
                .create({"month": month})
            )
            plan.action_propose()
        return plan

    def _approve(self, plan=None, now=EVE):
        plan = plan or self._propose(now=now)
        with freeze_time(now):
            plan.action_submit()
            plan.with_user(self.second).action_approve()
        return plan

    def _line(self, plan, move):
        return plan.line_ids.filtered(lambda line: line.item_name == move.name)

    @contextmanager
    def _undone(self):
        """Undo in the database what happens inside, also after a failure."""
        savepoint = self.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _as_of(self, record, day):
        self.env.invalidate_all()
        return record.with_context(rd_as_of=str(day))
