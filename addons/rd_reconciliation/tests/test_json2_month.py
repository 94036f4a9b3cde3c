# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A whole month by ``/json/2``: from the warehouse's list to the closed month."""

import base64
from datetime import date

from odoo.tests import HttpCase, tagged

from .common import ReconciliationCommon
from .json_client import JsonClient

LIST = "日期,送货单号,料号,数量,客户,事务类型"
LEDGER = "送货日期,送货单号,料号,数量,价税合计"


def csv(*lines):
    """Return a file as an outside program sends it."""
    return base64.b64encode("\n".join(lines).encode()).decode()


@tagged("post_install", "-at_install")
class TestMonthByJson2(JsonClient, ReconciliationCommon, HttpCase):
    """What an outside program can do with the keys of warehouse, clerk and finance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for act in ("agree", "invoice", "post"):
            cls.company[f"rd_auto_{act}_affiliate"] = True
        cls.company.rd_start_date = date(2026, 9, 1)
        cls.stores = cls._create_user("warehouse")
        p100, p200, _p300 = cls.parts
        cls.order = cls._create_order([(p100, 100, 10.0), (p200, 50, 25.5)])
        cls.close = cls._open_close(date(2026, 9, 1))

    def _hand_in(self):
        """Hand in the warehouse's list and let the desk make the deliveries."""
        row = f"2026-09-10,DN-1,%s,%s,{self.affiliate.name},发货"
        values = {
            "warehouse_id": self.warehouse.id,
            "date_from": "2026-09-01",
            "date_to": "2026-09-30",
            "file": csv(LIST, row % ("P-100", 30), row % ("P-200", 5)),
            "filename": "list.csv",
        }
        model = "rd.shipping.list"
        ids = self._taken(self.stores, model, "create", vals_list=[values])
        self._taken(self.stores, model, "action_check", ids=ids)
        self._taken(self.clerk, model, "action_apply", ids=ids)
        fields = ["state", "open_count"]
        [read] = self._taken(self.clerk, model, "read", ids=ids, fields=fields)
        self.assertEqual((read["state"], read["open_count"]), ("applied", 0))

    def _run(self):
        """Run the month; return its one statement as the program reads it."""
        self._taken(self.clerk, "rd.close", "action_run", ids=self.close.ids)
        [statement] = self._taken(
            self.clerk,
            "rd.statement",
            "search_read",
            domain=[["close_id", "=", self.close.id]],
            fields=["state", "amount_total", "invoice_ids"],
        )
        return statement

    def test_from_the_list_to_the_closed_month(self):
        self._hand_in()
        statement = self._run()
        self.assertEqual(
            (statement["state"], statement["amount_total"]), ("draft", 483.08)
        )
        self._taken(self.clerk, "rd.statement", "action_send", ids=[statement["id"]])
        ledger = csv(
            LEDGER,
            "2026-09-10,DN-1,P-100,30,339.00",
            "2026-09-10,DN-1,P-200,5,144.08",
        )
        values = {
            "statement_id": statement["id"],
            "file": ledger,
            "filename": "ledger.csv",
        }
        self._taken(self.clerk, "rd.ledger", "create", vals_list=[values])
        for _turn in range(2):  # a program that repeats itself makes nothing more
            statement = self._run()
            self.assertEqual(statement["state"], "invoiced")
            self.assertEqual(len(statement["invoice_ids"]), 1)
        [invoice] = self._taken(
            self.clerk,
            "account.move",
            "read",
            ids=statement["invoice_ids"],
            fields=["state", "amount_total"],
        )
        self.assertEqual(
            (invoice["state"], invoice["amount_total"]), ("posted", 483.08)
        )
        self._taken(self.clerk, "rd.close", "action_close", ids=self.close.ids)
        [close] = self._taken(
            self.clerk, "rd.close", "read", ids=self.close.ids, fields=["state"]
        )
        self.assertEqual(close["state"], "closed")
        self.assertEqual(self.order.order_line.mapped("qty_invoiced"), [30, 5])

    def test_without_a_key(self):
        status, _answer = self._call(None, "rd.close", "action_run", ids=self.close.ids)
        self.assertEqual(status, 401)
