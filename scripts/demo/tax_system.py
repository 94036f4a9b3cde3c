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


def issued_list(requests, day):
    """Return the list (csv) with one invoice per request, issued on one day."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["已开具发票清单"])
    writer.writerow(HEADS)
    for number, request in enumerate(requests.sorted("id"), start=1):
        writer.writerow(
            [
                number,
                f"{day:%y}31{day:%m%d}{number:012d}",
                day.isoformat(),
                request.buyer_name,
                request.buyer_vat or "",
                *(
                    f"{request[name]:.2f}"
                    for name in ("amount_untaxed", "amount_tax", "amount_total")
                ),
                "数电票（增值税专用发票）",
                "正常",
            ]
        )
    return file.getvalue().encode("utf-8-sig")
