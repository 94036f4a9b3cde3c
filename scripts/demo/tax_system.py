# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the tax system would export: its list of the invoices that were issued."""

import csv
import io

HEADS = (
    "序号",
    "数电发票号码",
    "开票日期",
    "购买方名称",
    "购方识别号",
    "金额",
    "税额",
    "价税合计",
    "发票票种",
    "发票状态",
)


def issued_list(requests, day, unasked=()):
    """Return the list (csv) with one invoice per request, issued on one day.

    :param unasked: entries that an invoice was issued for without a request
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["已开具发票清单"])
    writer.writerow(HEADS)
    rows = [
        (request, request.buyer_name, request.buyer_vat)
        for request in requests.sorted("id")
    ]
    rows += [(move, move.partner_id.name, move.partner_id.vat) for move in unasked]
    for number, (source, buyer, vat) in enumerate(rows, start=1):
        writer.writerow(
            [
                number,
                f"{day:%y}31{day:%m%d}{number:012d}",
                day.isoformat(),
                buyer,
                vat or "",
                *(
                    f"{source[name]:.2f}"
                    for name in ("amount_untaxed", "amount_tax", "amount_total")
                ),
                "数电票（增值税专用发票）",
                "正常",
            ]
        )
    return file.getvalue().encode("utf-8-sig")
