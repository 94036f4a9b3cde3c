# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lists of orders as customers send them: read into quotations, or asked about."""

import base64
import io
from datetime import timedelta

import xlsxwriter

from .catalogue import CUSTOMERS, PRODUCTS

HEADS = (
    *("序号", "采购订单号", "行号", "料号", "品名"),
    *("数量", "单位", "未税单价", "交货日期"),
)
READY, ASKED = "A09", "K02"
# of the one: two orders; of the other: a part nobody knows, a price that differs
_ORDERED = {
    READY: (("PO4509311", 0, 240), ("PO4509311", 1, 120), ("PO4509312", 2, 400)),
    ASKED: (("PO4552311", 0, 60), ("PO4552311", 1, 90)),
}
STRANGE = ("PO4552311", "L-20-7741", "后桥半轴", 30, 212.0)
DEARER = 0.96
VERDICTS = {READY: ["taken"] * 3, ASKED: ["price", "ready", "unknown"]}


class OrderLists:
    """What two customers order for the months to come."""

    def __init__(self, desk):
        self.desk = desk
        self.wanted = desk.company._rd_today() + timedelta(days=35)

    def hand_in(self):
        """One list is all known and becomes quotations; the other waits for answers."""
        self.read(READY).action_apply()
        self.read(ASKED)
        self.desk.env.cr.commit()

    def read(self, code):
        """Hand a list in and let it be checked, as the preview shows it."""
        partner = self.desk.masters.partners[code]
        made = self.desk.model("rd.order.list").create(
            {
                "partner_id": partner.id,
                "company_id": self.desk.company.id,
                "file": base64.b64encode(self.write(code)),
                "filename": f"{partner.name}_订单_{self.wanted:%Y%m}.xlsx",
            }
        )
        made.action_check()
        if made.layout_state == "asked":
            made.action_accept_layout()
        return made

    def rows(self, code):
        """Return the rows of a customer's list below its headings."""
        parts = CUSTOMERS[code].parts
        rows = []
        for order, number, quantity in _ORDERED[code]:
            product = PRODUCTS[parts[number]]
            price = float(product.price)
            if code == ASKED and not number:
                price = round(price * DEARER, 2)
            rows.append((order, product.part, product.name, quantity, price))
        return [*rows, STRANGE] if code == ASKED else rows

    def write(self, code):
        """A workbook as purchasing keeps it: a title above, its own headings."""
        target = io.BytesIO()
        day = f"{self.wanted:%Y/%m/%d}"
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            sheet = book.add_worksheet("订单")
            sheet.merge_range(0, 0, 0, len(HEADS) - 1, "采购订单汇总")
            sheet.write_row(1, 0, HEADS)
            for number, row in enumerate(self.rows(code), start=1):
                order, part, name, quantity, price = row
                unit = PRODUCTS[part].unit if part in PRODUCTS else "件"
                cells = (order, 10 * number, part, name, quantity, unit, price, day)
                sheet.write_row(number + 1, 0, (number, *cells))
        return target.getvalue()
