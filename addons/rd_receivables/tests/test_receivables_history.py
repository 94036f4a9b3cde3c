# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import csv
import logging
import os
import unittest
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import tagged

from .. import dues
from .common import ReceivablesCommon

_logger = logging.getLogger(__name__)
SAMPLES = os.environ.get("RD_SAMPLES")


def day(text):
    """Return the day of a cell: month/day/year."""
    return datetime.strptime(text, "%m/%d/%Y").date()


class HistoryCase(ReceivablesCommon):
    """Two years of a real receivables ledger, through Odoo's own books.

    What is expected is counted a second time from the file in plain Python.
    """

    # Customers taken from the file, in the order of their names; None: all.
    taken = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all_rows = cls._read_rows()
        names = sorted({row["customerID"] for row in cls.all_rows})[: cls.taken]
        cls.rows = [row for row in cls.all_rows if row["customerID"] in names]
        cls.customers = cls._make_customers()
        cls.items = cls._make_invoices()
        cls._make_payments()
        cls.env.flush_all()
        # What earlier tests rolled back lets the planner take the tables for empty.
        cls.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_partial_reconcile"
        )

    @staticmethod
    def _read_rows():
        path = next((Path(SAMPLES) / "receivables_history").glob("*.csv"))
        with path.open(newline="") as file:
            return list(csv.DictReader(file))

    @classmethod
    def _make_customers(cls):
        names = sorted({row["customerID"] for row in cls.rows})
        partners = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "rd_partner_class": ("affiliate", "outside")[number % 2],
                    "property_payment_term_id": False,
                }
                for number, name in enumerate(names)
            ]
        )
        return dict(zip(names, partners, strict=True))

    @classmethod
    def _make_invoices(cls):
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customers[row["customerID"]].id,
                    "invoice_date": day(row["InvoiceDate"]),
                    "date": day(row["InvoiceDate"]),
                    "invoice_date_due": day(row["DueDate"]),
                    "invoice_payment_term_id": False,
                    "ref": row["invoiceNumber"],
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "sample",
                                "price_unit": float(row["InvoiceAmount"]),
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for row in cls.rows
            ]
        )
        moves.action_post()
        return moves.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        ).sorted("move_id")

    @classmethod
    def _make_payments(cls):
        """One payment per customer and day, matched with what it settles."""
        groups = defaultdict(list)
        by_ref = {item.move_id.ref: item for item in cls.items}
        for row in cls.rows:
            key = (row["customerID"], day(row["SettledDate"]))
            groups[key].append(by_ref[row["invoiceNumber"]].id)
        found = [
            (customer, paid, cls.items.browse(ids))
            for (customer, paid), ids in sorted(groups.items())
        ]
        payments = cls.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_id": cls.customers[customer].id,
                    "amount": sum(items.mapped("balance")),
                    "date": paid,
                }
                for customer, paid, items in found
            ]
        )
        payments.action_post()
        cls.env["account.move.line"]._reconcile_plan(
            [
                items
                | payment.move_id.line_ids.filtered(
                    lambda line, items=items: line.account_id == items.account_id
                )
                for payment, (_customer, _paid, items) in zip(
                    payments, found, strict=True
                )
            ]
        )

    def _count_late(self):
        """Return how many of how many were settled after their due date."""
        debts = self.env["rd.receivable.reader"]._read_debts(
            self.company, date(2014, 1, 31), ids=self.items.ids
        )
        settled = [
            (item.due, dues.settled_on(item, partials))
            for item, partials in debts.values()
        ]
        return sum(1 for due, paid in settled if paid > due), len(settled)

    def _get_months(self):
        return sorted({day(row["DueDate"]).replace(day=1) for row in self.rows})

    def _check_month(self, month):
        last = month + relativedelta(months=1, days=-1)
        plan = self.env["rd.collection.plan"].create({"month": month})
        plan._propose()
        shown = plan.with_context(rd_as_of=str(last))
        eve = month - timedelta(days=1)
        due = received = 0
        for row in self.rows:
            amount = round(float(row["InvoiceAmount"]) * 100)
            until, paid = day(row["DueDate"]), day(row["SettledDate"])
            start = day(row["InvoiceDate"])
            if start <= last and until <= last and max(paid, start) > eve:
                due += amount
                received += amount if max(paid, start) <= last else 0
        self.assertEqual(round(shown.due_amount * 100), due)
        self.assertEqual(round(shown.due_received * 100), received)
        self.assertEqual(shown.due_rate_text, f"{100 * received / due:.2f} %")
        _logger.info(
            "%s: %s items, planned %.2f, due %.2f, rate %s, on time %s",
            *(plan.name, plan.line_count, plan.planned_amount, shown.due_amount),
            *(shown.due_rate_text, shown.on_time_rate_text),
        )


@unittest.skipUnless(SAMPLES, "RD_SAMPLES is not set")
@tagged("post_install", "-at_install")
class TestReceivablesHistory(HistoryCase):
    """A fair part of it in every run."""

    taken = 6

    def test_late_and_rates_per_month(self):
        expected = [
            row for row in self.rows if day(row["SettledDate"]) > day(row["DueDate"])
        ]
        self.assertGreater(len(self.rows), 100)
        self.assertEqual(self._count_late(), (len(expected), len(self.rows)))
        for month in self._get_months()[1:-1:6]:
            self._check_month(month)


@unittest.skipUnless(SAMPLES, "RD_SAMPLES is not set")
@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestWholeHistory(HistoryCase):
    def test_late_and_rates_per_month(self):
        """35.6 % were settled after their due date."""
        late, settled = self._count_late()
        self.assertEqual(settled, 2466)
        self.assertEqual(f"{100 * late / settled:.1f}", "35.6")
        months = self._get_months()
        self.assertGreater(len(months), 20)
        for month in months[1:-1]:
            self._check_month(month)
