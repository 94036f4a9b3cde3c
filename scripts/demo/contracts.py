# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Contracts of the demo company: two in execution, one to be signed, one a draft."""

import base64
from datetime import timedelta

from odoo import Command

_SCAN = base64.b64encode(b"%PDF-1.4 stamped").decode()
# stage, due percent, trigger, days to pay, invoiced percent
_PLAN = (
    ("预付款", 30, "signature", 10, 0),
    ("发货款", 30, "dispatch", 15, 0),
    ("验收款", 30, "handover", 30, 100),
    ("质保金", 10, "warranty_end", 0, 0),
)
_PRICE = 480000.0
_TERMS = (
    "<p>交货：自合同签订之日起 90 日内运至需方工厂，卸货由需方负责。</p>"
    "<p>验收：按技术协议逐项进行，图纸、易损件清单与合格证随货移交。</p>"
    "<p>违约：逾期交货的，每日按未交货金额的万分之五支付违约金。</p>"
)


class Contracts:
    """What the clerk keeps in the register of contracts."""

    def __init__(self, desk):
        self.desk = desk
        self.today = desk.company._rd_today()

    def make(self):
        """Make all four, each through the desk's own methods."""
        self.execute_project(self.create_project())
        self.send_framework()
        self.sign_framework("K03")
        self.create(
            "K02", "冲压模具两套", "tooling", amount=168000.0, warranty_months=12
        )
        self.desk.env.cr.commit()

    def create(self, code, subject, kind, **values):
        """Return a draft with the customer's contact as signer."""
        partner = self.desk.masters.partners[code]
        return self.desk.model("rd.contract").create(
            {
                "subject": subject,
                "partner_id": partner.id,
                "signer_id": partner.child_ids[:1].id,
                "company_id": self.desk.company.id,
                "kind": kind,
                "note": _TERMS,
                "user_id": self.desk.masters.users["clerk"].id,
                **values,
            }
        )

    def create_project(self):
        """A line of welding fixtures, paid in four stages."""
        return self.create(
            "K01",
            "焊装夹具线 HX-6",
            "project",
            amount=round(_PRICE * 1.13, 2),
            warranty_months=12,
            date_to=self.today + timedelta(days=300),
            stage_ids=[
                Command.create(
                    {
                        "sequence": number,
                        "name": name,
                        "due_percent": due,
                        "due_trigger": trigger,
                        "due_days": days,
                        "invoice_percent": invoiced,
                        "invoice_trigger": trigger,
                    }
                )
                for number, (name, due, trigger, days, invoiced) in enumerate(_PLAN)
            ],
        )

    def execute_project(self, contract):
        """It is signed on paper, ordered, and its deposit has been asked for."""
        contract.action_send()
        contract.write({"scan": _SCAN, "scan_name": "合同盖章扫描件.pdf"})
        contract.action_sign_scan()
        product = (
            self.desk.env["product.product"]
            .with_context(lang="zh_CN")
            .create(
                {"name": "焊装夹具线", "default_code": "YH90-0001", "type": "service"}
            )
        )
        order = self.desk.model("sale.order").create(
            {
                "partner_id": contract.partner_id.id,
                "company_id": self.desk.company.id,
                "rd_contract_id": contract.id,
                "rd_order_kind": "project",
                "user_id": self.desk.masters.users["sales"].id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": _PRICE,
                            "tax_ids": [
                                Command.set(self.desk.company.account_sale_tax_id.ids)
                            ],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        contract.action_start()
        contract.stage_ids.filtered("request_amount").action_request_payment()

    def sign_framework(self, code):
        """The prices of an outside customer are agreed until the end of the year."""
        partner = self.desk.masters.partners[code]
        lines = self.desk.env["sale.order.line"].search(
            [("order_id.partner_id", "=", partner.id), ("price_unit", ">", 0)], limit=3
        )
        start = self.today.replace(day=1)
        contract = self.create(
            code,
            "年度价格协议",
            "framework",
            date_from=start,
            date_to=self.today + timedelta(days=240),
            price_ids=[
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "price": line.price_unit,
                        "valid_from": start,
                    }
                )
                for line in lines
            ],
        )
        contract.action_send()
        contract.write({"scan": _SCAN, "scan_name": "价格协议盖章扫描件.pdf"})
        contract.action_sign_scan()
        contract.action_start()

    def send_framework(self):
        """Next year's prices of an affiliate wait for its signature."""
        partner = self.desk.masters.partners["A02"]
        lines = self.desk.env["sale.order.line"].search(
            [("order_id.partner_id", "=", partner.id), ("price_unit", ">", 0)], limit=3
        )
        start = self.today.replace(month=1, day=1, year=self.today.year + 1)
        contract = self.create(
            "A02",
            f"{start.year}年度供货框架",
            "framework",
            date_from=start,
            date_to=start.replace(month=12, day=31),
            sign_until=self.today + timedelta(days=20),
            renewal="ask",
            price_ids=[
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "min_quantity": minimum,
                        "price": round(line.price_unit * factor, 2),
                        "valid_from": start,
                    }
                )
                for line in lines
                for minimum, factor in ((0, 1.0), (500, 0.97))
            ],
        )
        contract.action_send()
