# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""How people head the columns of their own lists, and what they write for a choice.

All data: a new word is a new string here and nothing else. A word stands for one
thing only; what could mean two is asked back.
"""

CUSTOMER = (
    "Customer|Customer name|Affiliate|Company|Buyer|客户|客户名称|客戶|客戶名稱|"
    "客户简称|客户全称|关联企业|关联公司|单位名称|往来单位|购方名称|購方名稱|购货单位|需方|甲方"
)
OUR_PART = (
    "Part number|Our part number|Part|Item number|料号|料號|我方料号|我司料号|本厂料号|"
    "我方品号|品号|品號|物料号|物料编码|物料代码|物料编号|零件号|产品编码|产品编号|存货编码|"
    "產品編號|产品料号"
)
THEIR_PART = (
    "Their part number|Customer part number|对方料号|客户料号|客戶料號|客户零件号|"
    "客户物料号|客户物料编码|客户品号|客户产品编码|客户图号"
)
OUR_ORDER = (
    "Order|Order number|Order no.|订单号|订单|訂單號|订单编号|销售订单号|我方订单号|"
    "合同订单号"
)
THEIR_ORDER = (
    "PO|PO number|Customer order|客户订单号|客户订单|客戶訂單號|采购订单号|采购订单"
)
ORDER_LINE = "Line|Line number|行项目|行号|行號|項次|项次|订单行|订单行号|采购行号"
QUANTITY = "Quantity|Qty|数量|數量"
REASON = "Reason|原因|差异原因|差異原因|说明原因"

# Of a choice: what is written for a value, beside the value and its label.
YES_NO = {
    "yes": "y|true|1|是|有|√|✓|含|含税|含稅",
    "no": "n|false|0|否|无|×|不含|不含税|不含稅|未税|未稅",
}
CHOICES = {
    "rd_partner_class": {
        "affiliate": "group|internal|关联方|关联|关联公司|集团内|内部|内部客户",
        "outside": "external|outside|外部|外部企业|集团外|非关联|非关联方",
    },
    "rd_settlement_mode": {
        "statement_confirm": "月结对账|对账确认|月结需确认|月度对账确认|对账后开票",
        "statement_sent": "月结不确认|仅发送对账单|只发对账单",
        "delivery": "按送货单|送货即开|逐单|货到开票",
        "order": "按订单开票|订单",
    },
    "rd_basis": {
        "dispatched": "dispatch|发货|发出|按发货|出库|按出库|送货",
        "signed": "签收|签收单|回单",
        "accepted": "验收|入库|按入库|合格入库",
    },
    "rd_fapiao_way": {
        "email": "邮件|邮箱|mail",
        "courier": "快递|邮寄|寄送",
        "hand": "当面|自取|面交",
    },
}
CURRENCIES = {
    "CNY": "人民币|人民幣|RMB|元|￥|¥",
    "USD": "美元|美金|US$",
    "EUR": "欧元|歐元|€",
    "JPY": "日元|日圆|日圓",
    "HKD": "港币|港幣|港元|HK$",
    "TWD": "新台币|新台幣|NT$",
}


def by_word(words):
    """``{word in small letters: value}`` of ``{value: words cut at bars}``."""
    return {
        word.casefold(): value
        for value, texts in words.items()
        for word in texts.split("|")
    }
