# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How people head the columns of their own registers, and what they call things.

All data: a new word is a new string here and nothing else.
"""

from odoo.addons.rd_sales_admin import ledger

TEXT, NUMBER, DATE = "text", "number", "date"


def _field(kind, words, **options):
    return ledger.Field(kind, tuple(words.split("|")), **options)


COLUMNS = {
    "number": _field(TEXT, "客户财产编号|财产编号|編號|编号|number|card", key=True),
    "owner": _field(
        TEXT, "客户名称|客戶名稱|客户|客戶|所有方|财产所有方|owner|customer"
    ),
    "description": _field(
        TEXT, "财产名称|名称|名稱|品名|品名规格|name and type|name|description"
    ),
    "specification": _field(
        TEXT,
        "规格/图号|規格/圖號|规格型号|图号|圖號|规格|型号|specification, drawing no.|"
        "specification|drawing|drawing no.",
    ),
    "serial": _field(
        TEXT, "序列号|序列號|出厂编号|出厂号|serial number|serial", key=True
    ),
    "mark": _field(
        TEXT, "客户标识|标识方式|標識方式|标识|how it is marked|customer's mark|mark"
    ),
    "kind": _field(TEXT, "类别|類別|种类|類型|类型|kind|category"),
    "quantity": _field(NUMBER, "数量|數量|quantity held|quantity|qty"),
    "unit": _field(TEXT, "单位|單位|unit"),
    "received": _field(
        DATE,
        "提供日期|接收日期|入库日期|收到日期|到货日期|provided on|received on|date",
    ),
    "document": _field(
        TEXT, "送货单号|单据编号|單據編號|单据|received with paper|paper|document"
    ),
    "clause": _field(TEXT, "合同/协议|合同|协议|contract|agreement"),
    "verified": _field(
        TEXT, "验证结果/验收人|验证结果|驗證結果|验收结果|验收|verified, by|verified"
    ),
    "place": _field(TEXT, "存放地点|存放地點|存放位置|库位|地点|place|location"),
    "custodian": _field(TEXT, "保管人|保管員|保管员|custodian"),
    "application": _field(TEXT, "使用部门|使用部門|used by|department"),
    "returned": _field(DATE, "归还日期|歸還日期|退还日期|returned on"),
    "value": _field(NUMBER, "价值|價值|原值|金额|declared value|value"),
    "photo": _field(TEXT, "照片|图片|圖片|photo file|photo"),
    "note": _field(TEXT, "备注|備註|remarks|notes|note"),
}
REQUIRED = ("description", "quantity")
KINDS = {
    "mould": "mould|mold|die|模",
    "fixture": "fixture|jig|夹具|夾具|治具",
    "gauge": "gauge|gage|检具|檢具|量具",
    "tool": "tool|工装|工裝|工具|刀具",
    "equipment": "equipment|machine|设备|設備",
    "packaging": "packaging|box|包装|包裝|周转箱|料箱|器具",
    "material": "material|component|材料|物料|零件|毛坯",
    "drawing": "drawing|data|document|图纸|圖紙|资料|文件",
    "sample": "sample|样品|樣品|样件|封样",
    "premises": "premises|场地|場地|厂房",
}
GOOD = ("合格", "完好", "通过", "良好", "good", "ok", "pass")


def kind_of(text):
    """Return the kind that a cell names, or None."""
    text = (text or "").strip().lower()
    for kind, words in KINDS.items():
        if text and any(word in text for word in words.split("|")):
            return kind
    return None


def is_good(text):
    """Tell whether a cell says that the thing was found in order."""
    text = (text or "").strip().lower()
    return not text.startswith(("不", "not")) and any(word in text for word in GOOD)
