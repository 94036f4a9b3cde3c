# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.rd_reconciliation.tests.invoicing import InvoicingCase

from .chase_common import NOW, ChaseCommon


@tagged("post_install", "-at_install")
class TestCockpitUnpaid(InvoicingCase):
    """What is delivered and not paid is not due, due or promised: one of them."""

    def _read_section(self, code, day):
        self.env.flush_all()
        with freeze_time(f"{day} 04:00:00"):
            page = (
                self.env["rd.cockpit"]
                .with_user(self.clerk)
                .read_page(page="month", close_id=self.close.id)
            )
        [data] = [one["data"] for one in page["sections"] if one["code"] == code]
        return data

    def _read(self, day):
        """Return the places of what is unpaid that hold anything, opened."""
        data = self._read_section("chain", day)
        found = {}
        for place in data[0]["places"]:
            if place["code"].startswith("unpaid") and place["amount"]:
                moves = self.env["account.move"].search(place["action"]["domain"])
                found[place["code"]] = moves
                self.assertEqual(len(moves), place["count"])
        return found

    def test_not_due_due_promised(self):
        self.affiliate.property_payment_term_id = self.env.ref(
            "account.account_payment_term_30days"
        )
        with freeze_time("2026-10-06 04:00:00"):
            statement = self._agree([(self.p100, 10, 10.0)])
            fapiao = self._accept(statement)
            self._receive(self._issue(fapiao))
        move = statement.sudo().invoice_ids
        due = move.invoice_date_due
        self.assertEqual(self._read(date(2026, 10, 7)), {"unpaid_later": move})
        self.assertEqual(self._read(due), {"unpaid_due": move})
        with freeze_time(f"{due} 05:00:00"):
            self.env["rd.promise"].with_user(self.clerk).create(
                {
                    "partner_id": self.affiliate.id,
                    "amount": 10,
                    "date": due + timedelta(days=5),
                }
            )
        self.assertEqual(self._read(due), {"unpaid_promised": move})
        rights = [("model_id.model", "=", "account.move")]
        self.env["ir.model.access"].search(rights).active = False
        chain = self._read_section("chain", due)
        self.assertEqual(chain, [], "she may read no invoices any more")

    def test_the_step_of_the_plan_opens_the_plans_to_come(self):
        self.company.rd_close_waits_for_plan = True
        self.close._add_steps()
        plans = self.env["rd.collection.plan"]
        plans.create({"month": "2026-09-01"})
        later = plans.create({"month": "2026-10-01"})
        board = self._read_section("board", date(2026, 10, 2))
        [cell] = [
            cell
            for row in board["rows"]
            for cell in row["steps"]
            if cell["code"] == "plan"
        ]
        action = cell["action"]
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), later)


@tagged("post_install", "-at_install")
class TestCockpitCollecting(ChaseCommon):
    """Receipts, promises and exceptions of the day; what of collecting is late."""

    def _section(self, code, now, page="supervisor"):
        self.env.flush_all()
        with freeze_time(now):
            read = self.env["rd.cockpit"].with_user(self.second).read_page(page=page)
        found = [one["data"] for one in read["sections"] if one["code"] == code]
        return found[0] if found else None

    def test_what_is_late(self):
        promise = self._promise(100, "2025-04-03")
        self._refresh(promise, "2025-04-20 04:00:00")
        self.assertEqual(promise.state, "broken")
        with freeze_time(NOW):
            self.env["rd.receivable.exception"]._sync(self.company, self.outside)
            self.env["rd.collection.plan"].create(
                {"company_id": self.company.id, "month": "2025-04-01"}
            )
        rows = self._section("late", "2025-04-28 04:00:00") or []
        keys = {row["key"].rpartition("_")[0] for row in rows}
        self.assertLessEqual({"exceptions", "promises", "plans"}, keys)
        self._pay(self.overdue, 1000, "2025-04-27")
        rows = self._section("late", "2025-04-28 04:00:00") or []
        keys = {row["key"].rpartition("_")[0] for row in rows}
        self.assertNotIn("promises", keys, "nothing of it is owed any more")

    def test_a_sum_of_who_owes_nothing_is_not_late(self):
        """Fails when a broken promise of a sum stands there when all is paid."""
        promise = self._promise(100, "2025-04-03", items=self.item.browse())
        self._refresh(promise, "2025-04-20 04:00:00")
        self.assertEqual(promise.state, "broken")
        for paid, listed in ((None, True), (self.overdue, True), (self.later, False)):
            if paid:
                with freeze_time("2025-04-27 04:00:00"):
                    self._pay(paid, paid.amount_residual, "2025-04-27")
            rows = self._section("late", "2025-04-28 04:00:00") or []
            keys = {row["key"].rpartition("_")[0] for row in rows}
            self.assertEqual("promises" in keys, listed)
