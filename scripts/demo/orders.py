# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Orders in progress: two departments, tooling orders in every stage, a feedback."""

from datetime import timedelta

from odoo import Command

from .catalogue import OUTSIDERS, PASSWORD, PRODUCTS, TOOLS
from .masters import ZONE

# (login, name, department)
FLOOR = (("floor", "高铁军", "工装部"), ("floor2", "白月英", "装配部"))
# (days until wanted, what the department says: stage, days until promised, reason)
ORDERS = (
    (21, None),
    (14, ("machining", 12, False)),
    (9, ("material", 16, "material")),
    (-2, ("trial", 3, "quality")),
    (6, ("ready", None, False)),
    (30, "open"),
)


class Orders:
    """Sporadic tooling orders of outside customers, at their departments."""

    def __init__(self, desk):
        self.desk = desk
        self.company = desk.company
        self.today = desk.company._rd_today()
        self.tools = [part for part, one in PRODUCTS.items() if one.warehouse == TOOLS]

    def happen(self):
        """Enter the orders, release them, and let the floor answer."""
        self.make_departments()
        for number, (wanted, told) in enumerate(ORDERS, start=1):
            order = self.make_order(number)
            if told != "open":
                self.release(order, wanted, told)
        self.quote()
        self.note_feedback(order)
        self.desk.env.cr.commit()

    def make_departments(self):
        """A head for each, who has the page on his phone."""
        env = self.desk.masters.env
        group = env.ref("rd_sales_admin.rd_sales_admin_group_floor")
        self.departments = env["rd.department"]
        for login, name, department in FLOOR:
            user = env["res.users"].create(
                {
                    "name": name,
                    "login": login,
                    "password": PASSWORD,
                    "email": f"{login}@example.com",
                    "lang": "zh_CN",
                    "tz": ZONE,
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [Command.set(group.ids)],
                }
            )
            self.desk.masters.users[login] = user
            self.departments |= env["rd.department"].create(
                {
                    "name": department,
                    "company_id": self.company.id,
                    "head_id": user.id,
                }
            )

    def prepare_order(self, number):
        """Return the values of an order for one tool."""
        masters = self.desk.masters
        customer = masters.partners[OUTSIDERS[number % len(OUTSIDERS)].code]
        product = masters.products[self.tools[number % len(self.tools)]]
        line = {
            "product_id": product.id,
            "product_uom_qty": 1 + number % 3,
            "price_unit": product.lst_price or 1800,
        }
        return {
            "partner_id": customer.id,
            "company_id": self.company.id,
            "client_order_ref": f"GZ-{number:03d}",
            "rd_order_kind": "tooling",
            "order_line": [Command.create(line)],
        }

    def make_order(self, number):
        """Enter and confirm an order as the clerk."""
        order = self.desk.model("sale.order").create(self.prepare_order(number))
        order.action_confirm()
        return order

    def release(self, order, wanted, told):
        """Release an order; its department answers, unless it has not yet."""
        releases = self.desk.model("rd.order.release")
        release = releases.create(
            {
                **releases._prepare_of_order(order),
                "department_id": self.departments[0].id,
                "wanted_date": self.today + timedelta(days=wanted),
            }
        )
        release.action_release()
        if told:
            stage, days, reason = told
            answer = {"id": release.id, "stage": stage, "reason": reason}
            if days:
                answer["promised_date"] = str(self.today + timedelta(days=days))
            self.desk.model("rd.order.release", "floor").answer_floor([answer])

    def quote(self):
        """A quotation in its second revision, and an enquiry without a price."""
        quotations = self.desk.model("sale.order")
        quotation = quotations.create(self.prepare_order(len(ORDERS) + 1))
        quotation.action_rd_revise()
        partner = self.desk.masters.partners[OUTSIDERS[0].code]
        quotations.create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "client_order_ref": "询价-检具改造",
                "rd_order_kind": "equipment",
            }
        )

    def note_feedback(self, order):
        """A customer waits for an answer."""
        self.desk.model("rd.feedback").create(
            {
                "name": "夹具定位销偏紧，请确认公差",
                "partner_id": order.partner_id.id,
                "company_id": self.company.id,
                "said_by": "冯永康",
                "reference": f"sale.order,{order.id}",
                "date": self.today,
                "date_due": self.today + timedelta(days=2),
            }
        )
