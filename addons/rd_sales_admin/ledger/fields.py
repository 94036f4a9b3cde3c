# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The fields a ledger row can have, and the words people head them with.

All data: a new synonym is a new string here and nothing else.
"""

from typing import NamedTuple

from .text import Text, _

TEXT, NUMBER, RATE, DATE = "text", "number", "rate", "date"


def words(text):
    """The words of a list that is cut at bars."""
    return tuple(text.split("|"))


class Field(NamedTuple):
    """How one field is read.

    A value that cannot be read sets the whole row aside when `strict`, else it
    is left out with a warning. `signed` fields turn negative on a return.
    `key` texts must be exact, so a number that lost digits is not accepted.
    `instead` are headings of another column that says the same in other words: in a
    form that has both, it is read where the first one is empty.
    """

    kind: str
    headers: tuple[str, ...]
    strict: bool = True
    signed: bool = False
    key: bool = False
    instead: tuple[str, ...] = ()


# Labels of what a statement says beside its lines, by what they state.
BALANCE_KINDS = {
    "opening": words(
        "期初余额|期初餘額|期初应收余额|期初應收餘額|期初应付余额|期初應付餘額|"
        "期初应收|期初應收|期初应付|期初應付|期初结余|期初結餘|期初未付|期初数|期初數|"
        "期初|上期结转|上期結轉|上期余额|上期餘額|上期结余|上期結餘|上期未付|上月余额|"
        "上月餘額|上月结余|上月結餘|上月结转|上月結轉|上月欠款|上期欠款|"
        "openingbalance|balanceb/f|balancebroughtforward|broughtforward"
    ),
    "increase": words(
        "本期增加|本期新增|本期应收|本期應收|本期应付|本期應付|本期发生额|本期發生額|"
        "本期发生|本期發生|本月增加|本月新增|本月新增应收|本月新增應收|本期新增应收|"
        "本期新增應收|本月应收|本月應收|本月应付|本月應付|本月发生额|本月發生額|"
        "本期货款|本期貨款|本月货款|本月貨款|increase|increaseinperiod|newcharges|"
        "chargesthisperiod"
    ),
    "receipts": words(
        "已收金额|已收金額|已付金额|已付金額|本期收回|本月收回|本期收款|本月收款|"
        "本期已收|本月已收|本期支付|本月支付|本期付款|本月付款|本期已付|本月已付|"
        "本期回款|本月回款|receiptsinperiod|paymentsreceived|lesspayments"
    ),
    "closing": words(
        "期末余额|期末餘額|期末应收余额|期末應收餘額|期末应付余额|期末應付餘額|"
        "期末应收|期末應收|期末应付|期末應付|期末结余|期末結餘|期末数|期末數|期末|"
        "应收余额|應收餘額|应付余额|應付餘額|本期余额|本期餘額|本期结余|本期結餘|"
        "本月余额|本月餘額|本月结余|本月結餘|累计欠款|累計欠款|累计未付|累計未付|"
        "closingbalance|balancec/f|balancecarriedforward|carriedforward|balancedue"
    ),
}


def balance_headers(kind):
    """How a column of this kind of balance is headed."""
    return tuple(
        word + tail for tail in ("", "金额", "金額") for word in BALANCE_KINDS[kind]
    )


FIELDS = {
    "date": Field(
        DATE,
        words(
            "送货日期|送貨日期|发货日期|發貨日期|出货日期|出貨日期|交货日期|"
            "交貨日期|送货提交时间|送貨提交時間|签收日期|簽收日期|业务日期|"
            "業務日期|单据日期|單據日期|日期|delivery date|ship date|"
            "document date|invoice date|交稿日期|date"
        ),
    ),
    "receipt_date": Field(
        DATE,
        words(
            "最新入库时间|最新入庫時間|入库时间|入庫時間|入库日期|入庫日期|"
            "收货日期|收貨日期|receipt date|received on"
        ),
        strict=False,
    ),
    "due_date": Field(
        DATE,
        words("到期日|到期日期|应付日期|應付日期|due date|payment due"),
        strict=False,
    ),
    "settled_date": Field(
        DATE,
        words(
            "结清日期|結清日期|核销日期|核銷日期|收款日期|付款日期|回款日期|"
            "settled date|payment date|paid on"
        ),
        strict=False,
    ),
    "note": Field(
        TEXT,
        words(
            "送货单号|送貨單號|送货单|送貨單|发货单号|發貨單號|出货单号|"
            "出貨單號|交货单号|交貨單號|asn号|asn|单据编号|單據編號|单据号|"
            "單據號|单号|單號|delivery note|delivery no|note no|document no|"
            "invoiceid|invoice no|invoice number|凭证字号|憑證字號"
        ),
        key=True,
    ),
    "order": Field(
        TEXT,
        words(
            "采购订单号|採購訂單號|客户订单号|客戶訂單號|订单号|訂單號|"
            "订单编号|訂單編號|合同号|合約號|po号|po|po no|po number|"
            "purchase order|order no|order|项目编号|項目編號"
        ),
        key=True,
    ),
    "order_line": Field(
        TEXT,
        words(
            "采购订单行号|採購訂單行號|订单行号|訂單行號|行项目|po line|"
            "order line|line no"
        ),
        key=True,
    ),
    "part": Field(
        TEXT,
        words(
            "物料编码|物料編碼|物料代码|物料代碼|零件代码|零件代碼|零件号|"
            "零件號|料号|料號|图号|圖號|品号|品號|产品编码|產品編碼|货号|"
            "貨號|图号/物料编码|p/n|pn|part number|part no|part|item no|"
            "item code|sku"
        ),
        key=True,
    ),
    "name": Field(
        TEXT,
        words(
            "品名规格|品名規格|名称规格|名稱規格|物料名称|物料名稱|零件名称|"
            "零件名稱|产品名称|產品名稱|货物名称|貨物名稱|品名|名称|名稱|"
            "加工内容/摘要|加工內容/摘要|摘要|description|name"
        ),
        strict=False,
    ),
    "unit": Field(
        TEXT,
        words("单位|單位|计量单位|計量單位|unit|uom"),
        strict=False,
    ),
    "quantity": Field(
        NUMBER,
        words(
            "送货数量|送貨數量|发货数量|發貨數量|出货数量|出貨數量|"
            "交货数量|交貨數量|送货数|送貨數|发货数|發貨數|数量|數量|件数|件數|"
            "字数|字數|delivered qty|shipped qty|quantity delivered|quantity shipped|"
            "quantity|qty|pcs"
        ),
        signed=True,
    ),
    "accepted": Field(
        NUMBER,
        words(
            "入库数量|入庫數量|实收数量|實收數量|签收数量|簽收數量|收货数量|"
            "收貨數量|验收数量|驗收數量|合格数量|合格數量|验收合格数量|"
            "驗收合格數量|入库数|入庫數|实收数|實收數|实收|實收|received qty|"
            "received quantity|accepted qty|accepted quantity|qty received|"
            "qty accepted|quantity received|quantity accepted|accepted|received"
        ),
        signed=True,
    ),
    "price": Field(
        NUMBER,
        words(
            "含税单价|含稅單價|未税单价|未稅單價|不含税单价|不含稅單價|"
            "单价|單價|unit price|price"
        ),
        strict=False,
    ),
    "amount": Field(
        NUMBER,
        words(
            "金额不含税|金額不含稅|不含税金额|不含稅金額|未税金额|未稅金額|"
            "金额|金額|结算金额|結算金額|小计金额|小計金額|货款|貨款|"
            "invoice amount|amount"
        ),
        signed=True,
    ),
    "tax_rate": Field(
        RATE,
        words("税率|稅率|tax rate|vat rate"),
        strict=False,
    ),
    "tax_amount": Field(
        NUMBER,
        words("税额|稅額|税款|稅款|税费|稅費|tax amount|tax|vat"),
        strict=False,
        signed=True,
    ),
    "total": Field(
        NUMBER,
        words(
            "价税合计|價稅合計|含税金额|含稅金額|金额含税|金額含稅|含税总额|"
            "含稅總額|total amount|gross amount|total"
        ),
        signed=True,
    ),
    "debit": Field(
        NUMBER, words("借方金额|借方金額|借方发生额|借方發生額|借方|借|debit|dr")
    ),
    "credit": Field(
        NUMBER,
        words("贷方金额|貸方金額|贷方发生额|貸方發生額|贷方|貸方|贷|貸|credit|cr"),
    ),
    "balance": Field(
        NUMBER,
        words("余额|餘額|结余|結餘|账面余额|帳面餘額|running balance|balance"),
        strict=False,
    ),
    "opening": Field(NUMBER, balance_headers("opening")),
    "increase": Field(NUMBER, balance_headers("increase")),
    "receipts": Field(NUMBER, balance_headers("receipts")),
    "closing": Field(NUMBER, balance_headers("closing")),
    "paid": Field(
        NUMBER,
        words(
            "付款金额|付款金額|收款金额|收款金額|回款金额|回款金額|支付金额|支付金額|"
            "已付款|已收款|paid|payment|payment amount|amount paid"
        ),
        strict=False,
    ),
    "invoice": Field(
        TEXT,
        words(
            "发票号码|發票號碼|发票号|發票號|税票号|稅票號|fapiao no|fapiao|"
            "tax invoice no|tax invoice"
        ),
        strict=False,
        key=True,
    ),
    "kind": Field(
        TEXT,
        words(
            "事务类型|事務類型|业务类型|業務類型|单据类型|單據類型|类型|"
            "類型|transaction type|type|借贷方向|借貸方向|借贷|借貸|借/贷|借/貸|"
            "dr/cr|debit/credit"
        ),
    ),
    "partner": Field(
        TEXT,
        words(
            "供应商代码|供應商代碼|供应商编码|供應商編碼|供应商名称|"
            "供應商名稱|供应商|供應商|客户名称|客戶名稱|客户|客戶|合作方|"
            "customer id|vendor|supplier|customer|partner"
        ),
    ),
    "warehouse": Field(
        TEXT,
        words(
            "库存地点名称|庫存地點名稱|库存地点|庫存地點|仓库|倉庫|warehouse|location"
        ),
        strict=False,
    ),
    "remark": Field(
        TEXT,
        words("备注|備註|备註|说明|說明|remark|remarks|notes"),
        strict=False,
    ),
}

MEASURES = ("quantity", "accepted", "amount", "total", "paid")
SIDES = ("debit", "credit")
IDENTITY = ("note", "order", "part", "date")
FILLED_FROM_ABOVE = tuple(
    name for name, field in FIELDS.items() if field.kind in (TEXT, DATE)
)

# Headers that tell on which side of the tax an amount or a price stands.
UNTAXED_WORDS = words("不含税|不含稅|未税|未稅|未連稅|excl|without|untaxed|net")
TAXED_WORDS = words("价税|價稅|含税|含稅|incl|with|gross")
# What a header loses before it is asked for its meaning without the tax.
TAX_PHRASES = words(
    "不含税|不含稅|未税|未稅|未連稅|含税|含稅|including|excluding|incl.|excl.|"
    "incl|excl|without|with|untaxed|vat|tax|gross|net"
)

# How a list of orders heads what a ledger of goods does not have. What is still to
# come goes before what was ordered at first: a part of it may have been delivered.
OPEN_QUANTITY_WORDS = words(
    "未交数量|未交数|未交量|欠交数量|欠交数|未完数量|未完成数量|未发数量|未发货数量|"
    "未出货数量|未送数量|剩余数量|未清数量|待交数量|"
    "open qty|open quantity|outstanding qty"
)
ORDER_WORDS = {
    "quantity": (
        *OPEN_QUANTITY_WORDS,
        *words("订单数量|订单数|订货数量|订购数量|采购数量|需求数量|order qty"),
    ),
    "order_line": words("行号|项次|订单行|行项|item|line"),
    "date": words(
        "要求交期|要求交货日期|要求到货日期|需求日期|需求交期|计划交期|客户交期|"
        "订单交期|交期|交货期|到货日期|requested date|required date|need by"
    ),
}

NEGATIVE_WORDS = words(
    "退仓|退倉|退货|退貨|退料|退回|冲红|沖紅|红字|紅字|冲销|沖銷|return|reversal|credit"
)

# A row with one of these words, an amount, and neither part nor quantity is money
# that was paid, no delivery.
PAYMENT_WORDS = words(
    "收款|付款|回款|来款|來款|汇款|匯款|电汇|電匯|转账|轉賬|轉帳|银承|銀承|商承|承兑|承兌|"
    "payment|remittance|wire transfer|bank transfer|bank draft"
)

# Kinds of movement that are deliveries, whatever else is said of them.
FORWARD_WORDS = words(
    "发货|發貨|送货|送貨|出货|出貨|交货|交貨|入库|入庫|收货|收貨|验收|驗收|签收|"
    "簽收|采购|採購|销售|銷售|蓝字|藍字|正常|receipt|received|deliver|shipment|"
    "shipped|sale|purchase|invoice"
)

DITTO_MARKS = frozenset(("〃", "″", '"', "''", "“", "”", "々", "同上", "-do-", "do."))

# Labels of lines that repeat the figures above them; blanks are taken out first.
SUBTOTAL_WORDS = words("小计|小計|本页合计|本頁合計|页计|頁計|subtotal")
TOTAL_WORDS = words(
    "合计|合計|总计|總計|总合计|總合計|本月合计|本月合計|当日合计|當日合計|"
    "共计|共計|ttl|total|grandtotal"
)
BALANCE_WORDS = words("累计|累計|本年累计|本年累計|movement") + tuple(
    word for kind in BALANCE_KINDS.values() for word in kind
)

# What stands below (or above) a table and is no line of it.
FOOTER_WORDS = words(
    "人民币|人民幣|金额大写|金額大寫|大写|大寫|say|说明|說明|备注|備註|注:|"
    "注意|供方|需方|甲方|乙方|公司盖章|公司蓋章|盖章|蓋章|签字|簽字|签收|"
    "簽收|制表|製表|审核|審核|开户|開戶|银行|銀行|账号|帳號|税号|稅號|发票|"
    "發票|开票|開票|地址|电话|電話|联系人|聯絡人|打印日期|列印日期|对账期间|"
    "對帳期間|客户名称:|(新增|公司名称|公司名稱|账户|帳戶"
)


# What a field is called in a sentence.
LABELS = {
    "date": _("delivery date"),
    "receipt_date": _("receipt date"),
    "note": _("delivery note"),
    "order": _("order"),
    "order_line": _("order line"),
    "part": _("part number"),
    "name": _("name"),
    "unit": _("unit"),
    "quantity": _("quantity"),
    "accepted": _("accepted quantity"),
    "price": _("price"),
    "amount": _("amount"),
    "tax_rate": _("tax rate"),
    "tax_amount": _("tax amount"),
    "total": _("amount with tax"),
    "due_date": _("due date"),
    "settled_date": _("day of settlement"),
    "debit": _("debit"),
    "credit": _("credit"),
    "balance": _("running balance"),
    "opening": _("opening balance"),
    "increase": _("increase of the period"),
    "receipts": _("receipts of the period"),
    "closing": _("closing balance"),
    "paid": _("amount paid"),
    "invoice": _("invoice number"),
    "kind": _("kind of movement"),
    "partner": _("party"),
    "warehouse": _("warehouse"),
    "remark": _("remark"),
}
EITHER = _("%(one)s or %(other)s")


def labelled(names):
    """The label of a field, or of several of which any will do, as a `Text`."""
    texts = [Text(LABELS.get(name, name)) for name in names]
    result = texts[0]
    for text in texts[1:]:
        result = Text(EITHER, {"one": result, "other": text})
    return result
