# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lists that the desk kept in spreadsheets, as people keep them, taken over in part."""

import base64
import io

import xlsxwriter

from .catalogue import CUSTOMERS

# what the desk's own workbook says of each: class, way, cut-off day, basis, and how
# its tax invoices go; the last is all that is new
SETTLED = (
    ("A01", "集团内", "月结对账", "25日", "", ""),
    ("A02", "集团内", "月结对账", "26日", "", ""),
    ("A04", "集团内", "月结对账", "25日", "发货", ""),
    ("K02", "外部企业", "", "", "", "快递"),
)
# a new sister company, of which nobody has made a contact
NEWCOMER = ("澄湾电控系统有限公司", "集团内", "月结对账", "每月20日", "签收", "")
# how outside customers write their parts; the last two are not ready
ALIASES = (("K01", 0, "JX-7701"), ("K01", 1, "JX-7702"), ("K02", 0, "L-20-5518"))
MISTAKEN = (("K02", "YH21-9999", "L-20-5520"), ("K03", "", "Q8-114"))
HEADS = {
    "partner": (
        *("序号", "客户名称", "客户类别", "结算方式", "对账截止日", "对账依据"),
        "发票送达方式",
    ),
    "alias": ("序号", "客户名称", "我司料号", "客户料号"),
}


class FirstDay:
    """The first lists of the desk: settings of customers, part numbers of outsiders."""

    def __init__(self, desk):
        self.desk = desk

    def take_over(self):
        """Two lists are handed in; what is ready is taken over, the rest is named."""
        # Contacts are changed by who may change them; the clerk may not.
        supervisor = self.desk.masters.users["supervisor"]
        supervisor.group_ids |= self.desk.env.ref("base.group_partner_manager")
        self._hand_in("partner", "客户结算资料.xlsx", self._settings(), "supervisor")
        self._hand_in("alias", "外部客户料号对照表.xlsx", self._aliases(), "clerk")

    def _settings(self):
        rows = [(self._name(code), *rest) for code, *rest in SETTLED]
        return [*rows, NEWCOMER]

    def _aliases(self):
        ready = [
            (self._name(code), CUSTOMERS[code].parts[number], theirs)
            for code, number, theirs in ALIASES
        ]
        return [*ready, *((self._name(code), *rest) for code, *rest in MISTAKEN)]

    def _name(self, code):
        return self.desk.masters.partners[code].name

    def _hand_in(self, kind, filename, rows, login):
        lists = self.desk.model("rd.intake", login).create(
            {
                "kind": kind,
                "company_id": self.desk.company.id,
                "file": base64.b64encode(self._write(kind, filename, rows)),
                "filename": filename,
            }
        )
        lists.action_check()
        lists.action_take()

    def _write(self, kind, filename, rows):
        """A workbook as people keep it: a title, a blank row, their own headings."""
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write(0, 0, filename.partition(".")[0])
            sheet.write_row(2, 0, HEADS[kind])
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number + 2, 0, (number, *row))
        return target.getvalue()
