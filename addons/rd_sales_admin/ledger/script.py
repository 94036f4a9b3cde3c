# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Headings that mix Traditional and Simplified characters, made comparable.

Only the characters that headings are made of, and only to find a heading: the
words in the cells below are never changed.
"""

SIMPLE = str.maketrans(
    "貨單號數價稅計備註說圖編碼產鏈倉庫點訂採購約規稱間業務據類憑證發簽驗實應餘額"
    "結轉帳對開項進門車運費種條組員質檢壓齒銀總進續線準後從個萬與當時",
    "货单号数价税计备注说图编码产链仓库点订采购约规称间业务据类凭证发签验实应余额"
    "结转账对开项进门车运费种条组员质检压齿银总进续线准后从个万与当时",
)


def fold(text):
    """The text with these characters in their simplified form."""
    return text if text.isascii() else text.translate(SIMPLE)
