# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import os
import unittest
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from odoo import Command
from odoo.tests import tagged

from odoo.addons.rd_sales_admin import ledger
from odoo.addons.rd_sales_admin.ledger.clean import clean_key

from .common import ReconciliationCommon

SAMPLES = os.environ.get("RD_SAMPLES")
NOTE = r"\d{9,}"
# Facts of the sample, per note and part that we shipped.
CODES = {
    "match": 217,
    "quantity_short": 6,
    "quantity": 3,
    "return_unposted": 1,
    "timing": 76,
    "part_alias": 2,
    "not_in_theirs": 40,
}


@unittest.skipUnless(SAMPLES, "RD_SAMPLES is not set")
@tagged("post_install", "-at_install")
class TestTwoSidedSample(ReconciliationCommon):
    """Five real days of two companies, from their files to the posted invoice.

    What is invoiced is computed a second time from the files in plain Python.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(SAMPLES) / "deliveries_two_sided"
        cls.ours_file = next(folder.glob("ours_*.xlsx"))
        cls.theirs_file = next(folder.glob("theirs_*.xlsx"))
        cls.company.write({"rd_start_date": date(2025, 12, 1), "rd_timing_days": 0})
        cls.ours = cls._read(cls.ours_file, {"note": "备注", **_names("数量")})
        cls.theirs = cls._read(
            cls.theirs_file,
            {"note": "送货单号", "part": "物料编码", "quantity": "送货数量"}
            | {"accepted": "入库数量", "partner": "供应商编码"},
        )

    @classmethod
    def _read(cls, path, columns):
        profile = ledger.Profile.from_dict(
            {"columns": columns, "key_pattern": NOTE if "kind" in columns else None}
        )
        return ledger.read(path.read_bytes(), path.name, profile).rows

    def test_invoice_equals_plain_python(self):
        statement = self._build_statement()
        self.assertEqual(len(statement.line_ids), 466)
        self._match(statement)
        self.assertEqual(self._count_codes(statement), CODES)
        differences = statement.difference_ids
        still_open = differences.filtered(lambda item: item.state == "open")
        still_open.action_settle()
        statement.action_agree()
        statement.action_invoice()
        statement.action_post()
        invoice = statement.invoice_ids
        self.assertEqual(invoice.state, "posted")
        untaxed, tax = self._expected_amounts()
        self.assertEqual(Decimal(str(invoice.amount_untaxed)), untaxed)
        self.assertAlmostEqual(invoice.amount_tax, float(tax), 2)
        self.assertEqual(invoice.amount_total, statement.amount_total)

    # ------------------------------------------------------------------
    # Through Odoo
    # ------------------------------------------------------------------
    def _build_statement(self):
        totals = defaultdict(Decimal)
        for row in self.ours:
            totals[row.values["part"]] += abs(row.values["quantity"])
        self._create_order_of(totals)
        self.env["rd.ledger.profile"].create(
            {
                "name": "Warehouse",
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "key_pattern": NOTE,
                "column_ids": _columns({"note": "备注", **_names("数量")}),
            }
        )
        shipping_list = self.env["rd.shipping.list"].create(
            {
                "warehouse_id": self.warehouse.id,
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "date_from": date(2025, 12, 1),
                "date_to": date(2025, 12, 5),
                "file": base64.b64encode(self.ours_file.read_bytes()),
                "filename": self.ours_file.name,
            }
        )
        shipping_list.action_check()
        shipping_list.action_apply()
        self.assertEqual(set(shipping_list.line_ids.mapped("verdict")), {"delivered"})
        return self._build(self._open_close(date(2025, 12, 1)))

    def _create_order_of(self, totals):
        self.prices = {}
        lines = []
        for index, (part, quantity) in enumerate(sorted(totals.items())):
            self.prices[clean_key(part)] = price = Decimal(index % 37 + 1) / 4
            product = self._create_part(part, float(price))
            lines.append((product, float(quantity), float(price)))
        self._create_order(lines)

    def _match(self, statement):
        suppliers = sorted(self._our_suppliers())
        self.env["rd.ledger.profile"].create(
            {
                "name": "Northern Works",
                "company_id": self.company.id,
                "partner_id": self.affiliate.id,
                "keep_partners": ",".join(suppliers),
                "column_ids": _columns(
                    {
                        "note": "送货单号",
                        "part": "物料编码",
                        "quantity": "送货数量",
                        "accepted": "入库数量",
                        "partner": "供应商编码",
                        "date": "送货提交时间",
                        "receipt_date": "最新入库时间",
                    }
                ),
            }
        )
        book = self.env["rd.ledger"].create(
            {
                "statement_id": statement.id,
                "file": base64.b64encode(self.theirs_file.read_bytes()),
                "filename": self.theirs_file.name,
            }
        )
        self.assertEqual(book.rows_read, 2225)
        foreign = [row for row in self.theirs if row.values["partner"] not in suppliers]
        self.assertEqual(book.rows_skipped, len(foreign))
        statement.action_match()

    def _our_suppliers(self):
        rows = self._read(self.ours_file, {"partner": "供应商代码", **_names("数量")})
        return {row.values["partner"] for row in rows}

    def _count_codes(self, statement):
        counts = defaultdict(int)
        for match in statement.match_ids.filtered("statement_line_ids"):
            counts[match.code] += 1
        return dict(counts)

    # ------------------------------------------------------------------
    # In plain Python
    # ------------------------------------------------------------------
    def _expected_amounts(self):
        """Bill per note and part what both sides have, never more than shipped."""
        shipped, accepted = defaultdict(Decimal), defaultdict(Decimal)
        for row in self.ours:
            shipped[_key(row)] += row.values["quantity"]
        for row in self.theirs:
            accepted[_key(row)] += row.values["accepted"] or 0
        suffixed = self._suffixed(shipped, accepted)
        untaxed = Decimal()
        for key, quantity in shipped.items():
            billed = min(quantity, accepted.get(suffixed.get(key, key), Decimal()))
            untaxed += billed * self.prices[key[1]]
        cent = Decimal("0.01")
        tax = (untaxed * Decimal("0.13")).quantize(cent, ROUND_HALF_UP)
        return untaxed.quantize(cent, ROUND_HALF_UP), tax

    def _suffixed(self, shipped, accepted):
        """Return our keys whose part they write with another suffix."""
        stems = defaultdict(list)
        for note, part in accepted:
            stems[note, part.rsplit("-", 1)[0]].append((note, part))
        found = {}
        for note, part in shipped:
            others = stems.get((note, part.rsplit("-", 1)[0]), [])
            if (note, part) not in accepted and len(others) == 1:
                found[note, part] = others[0]
        return found


def _names(quantity):
    return {
        "part": "零件代码",
        "kind": "事务类型",
        "date": "日期",
        "quantity": quantity,
    }


def _columns(columns):
    return [
        Command.create({"field": field, "header": header})
        for field, header in columns.items()
    ]


def _key(row):
    return clean_key(row.values["note"]), clean_key(row.values["part"])
