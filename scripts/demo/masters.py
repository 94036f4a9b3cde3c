# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The company before its first month: people, parts, customers, orders, stock."""

import base64
import io
from datetime import datetime, time
from decimal import Decimal

from PIL import Image, ImageDraw

from odoo import Command

from .catalogue import (
    AFFILIATES,
    CLASSES,
    COMPANY,
    CUSTOMERS,
    GOODS,
    LATE_ORDER,
    NEW_PARTS,
    PASSWORD,
    PRODUCTS,
    TOOLS,
    USERS,
    WAREHOUSES,
    in_group,
    order_of,
    ordered_parts,
)
from .ledgers import LAYOUTS

ZONE = "Asia/Shanghai"
# What their statements rest on where it is not what was dispatched.
BASIS = {"A03": "signed", "A07": "accepted"}
_IN_STOCK = 2000000
# Open pieces on the framework orders by price: small parts go by the thousand, tools
# and samples one by one. The first limit above the price counts.
_ORDERED = ((Decimal(1), 240000), (Decimal(400), 12000), (Decimal("Infinity"), 240))
_QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


def paint_logo():
    """Return the company's mark: a ring and a beam across it."""
    image = Image.new("RGBA", (240, 120))
    pen = ImageDraw.Draw(image)
    pen.ellipse((10, 10, 110, 110), outline=(113, 99, 157, 255), width=16)
    pen.rounded_rectangle((86, 50, 230, 70), 10, fill=(23, 162, 184, 255))
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


class Masters:
    """Makes the records once and finds them again by the catalogue's codes."""

    def __init__(self, env, months):
        self.env = env(context={**env.context, **_QUIET, "lang": "en_US"})
        self.months = months
        self.company = env.ref("base.main_company").with_env(self.env)
        self.users = {}
        self.partners = {}
        self.products = {}
        self.warehouses = {}

    def make(self):
        """Make everything; return self."""
        self.set_up_company()
        self.make_warehouses()
        self.make_users()
        self.expect_lists()
        self.make_products()
        self.make_customers()
        self.make_profiles()
        self.make_stock()
        self.make_orders()
        return self

    # --- the company -----------------------------------------------------------

    def set_up_company(self):
        """Chart of accounts, currency, start date, and the three switches."""
        self.load_language()
        china, yuan = self.env.ref("base.cn"), self.env.ref("base.CNY")
        yuan.active = True
        self.company.write(
            {
                "name": COMPANY,
                "country_id": china.id,
                "currency_id": yuan.id,
                "logo": base64.b64encode(paint_logo()),
            }
        )
        self.company.partner_id.lang = "zh_CN"
        # Orders take the currency of their price list before the company's.
        lists = self.env["product.pricelist"].with_context(active_test=False)
        lists.search([("company_id", "in", (False, self.company.id))]).write(
            {"currency_id": yuan.id}
        )
        self.env["account.chart.template"].try_loading("cn", self.company)
        self.company.write(
            {
                "rd_start_date": self.months[0],
                "rd_tz": ZONE,
                "rd_auto_agree_affiliate": True,
                "rd_auto_invoice_affiliate": True,
                "rd_auto_post_affiliate": True,
                # Odoo would text every delivery to the invented telephone numbers.
                "stock_text_confirmation": False,
            }
        )
        self.env.ref("base.user_admin").tz = ZONE

    def load_language(self):
        """Chinese for the desk's people; the administrator stays with English."""
        chinese = self.env["res.lang"]._activate_lang("zh_CN")
        wizard = self.env["base.language.install"].create(
            {"lang_ids": [Command.set(chinese.ids)], "overwrite": False}
        )
        wizard.lang_install()

    def make_warehouses(self):
        """Name the one that is there and add the others."""
        Warehouse = self.env["stock.warehouse"]
        first = Warehouse.search([("company_id", "=", self.company.id)], limit=1)
        for code, name in WAREHOUSES.items():
            values = {"code": code, "name": name, "company_id": self.company.id}
            if first:
                first.write(values)
            self.warehouses[code] = first or Warehouse.create(values)
            first = Warehouse
        houses = Warehouse.union(*self.warehouses.values())
        # Whole framework orders would reserve stock that leaves piece by piece.
        houses.out_type_id.reservation_method = "manual"

    def make_users(self):
        """One person for each role of the desk."""
        for login, (name, role) in USERS.items():
            group = f"rd_sales_admin.rd_sales_admin_group_{role}"
            self.users[login] = self.env["res.users"].create(
                {
                    "name": name,
                    "login": login,
                    "password": PASSWORD,
                    "lang": "zh_CN",
                    "tz": ZONE,
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [Command.link(self.env.ref(group).id)],
                }
            )

    def expect_lists(self):
        """Every warehouse owes its list twice a month, and knows whom it goes to."""
        keeper = self.users["warehouse"]
        for house in self.warehouses.values():
            house.write(
                {
                    "rd_list_rhythm": "half",
                    "rd_list_contact_ids": [Command.set(keeper.partner_id.ids)],
                    "rd_list_user_id": self.users["clerk"].id,
                }
            )

    # --- parts and customers -----------------------------------------------------

    def make_products(self):
        """A category per settlement class, the units, and the parts."""
        categories = {
            kind: self.env["product.category"].create(
                {
                    "name": entry[0],
                    "rd_settlement_class": kind,
                    "rd_tax_code": f"109{number:02d}".ljust(19, "0"),
                }
            )
            for number, (kind, entry) in enumerate(CLASSES.items(), start=1)
        }
        names = sorted({item.unit for item in PRODUCTS.values()})
        units = self.env["uom.uom"].create([{"name": name} for name in names])
        units = dict(zip(names, units, strict=True))
        products = self.env["product.product"].create(
            [
                {
                    "name": item.name,
                    "default_code": item.part,
                    "categ_id": categories[item.kind].id,
                    "type": "consu",
                    "is_storable": True,
                    "uom_id": units[item.unit].id,
                    "invoice_policy": "delivery",
                    "list_price": 0 if item.part in NEW_PARTS else item.price,
                    "taxes_id": [Command.set(self.company.account_sale_tax_id.ids)],
                }
                for item in PRODUCTS.values()
            ]
        )
        self.products = dict(zip(PRODUCTS, products, strict=True))

    def make_customers(self):
        """Affiliates and outside customers, their contacts and part numbers."""
        bank = self.env["res.bank"].create({"name": "远衡示范银行城西支行"})
        for number, (code, item) in enumerate(CUSTOMERS.items(), start=1):
            self.partners[code] = self.env["res.partner"].create(
                {
                    "name": item.name,
                    "ref": code,
                    "is_company": True,
                    "country_id": self.env.ref("base.cn").id,
                    "lang": "zh_CN",
                    "user_id": self.users["clerk"].id,
                    "vat": f"91330000MA0D{number:05d}Q",
                    "city": "示范市",
                    "street": f"工业大道{number}号",
                    "phone": f"0571-5550{number:04d}",
                    "email": f"{code.lower()}@example.com",
                    "bank_ids": [
                        Command.create(
                            {"acc_number": f"62220000{number:08d}", "bank_id": bank.id}
                        )
                    ],
                    "rd_partner_class": "affiliate" if item.is_affiliate else "outside",
                    "rd_settlement_mode": item.mode,
                    "rd_cutoff_day": item.cutoff,
                    "rd_basis": BASIS.get(code, "dispatched"),
                    "child_ids": [Command.create({"name": item.contact})],
                }
            )
        self.env["rd.part.alias"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.partners[code].id,
                    "code": their_code,
                    "product_id": self.products[part].id,
                }
                for code, item in CUSTOMERS.items()
                for part, their_code in item.own_codes.items()
            ]
        )

    def make_profiles(self):
        """How each affiliate's and each warehouse's files are to be read."""
        values = [
            {
                "name": f"{item.name} 对账单",
                "partner_id": self.partners[item.code].id,
                **LAYOUTS[item.layout].profile,
                "column_ids": [
                    Command.create({"field": field, "header": header})
                    for field, header in LAYOUTS[item.layout].columns.items()
                ],
            }
            for item in AFFILIATES
            if item.layout
        ]
        values += [
            {"name": f"{house.name} 出货清单", "warehouse_id": house.id}
            for house in self.warehouses.values()
        ]
        for vals in values:
            vals["company_id"] = self.company.id
        self.env["rd.ledger.profile"].create(values)

    # --- stock and orders ----------------------------------------------------------

    def make_stock(self):
        """Enough of every part in its warehouse."""
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quants = quants.create(
            [
                {
                    "product_id": self.products[item.part].id,
                    "location_id": self.warehouses[item.warehouse].lot_stock_id.id,
                    "inventory_quantity": _IN_STOCK,
                }
                for item in PRODUCTS.values()
            ]
        )
        quants.action_apply_inventory()

    def make_orders(self):
        """A framework order per customer and warehouse, confirmed before month 1."""
        orders = self.env["sale.order"].create(
            [
                self.prepare_order(item, group)
                for item in CUSTOMERS.values()
                for group in (1, 2)
                if any(in_group(part, group) for part in ordered_parts(item))
            ]
        )
        day = datetime.combine(self.months[0], time(1))
        orders.action_confirm()
        orders.write({"date_order": day})

    def prepare_order(self, customer, group):
        """Return the values of one framework order."""
        parts = [part for part in ordered_parts(customer) if in_group(part, group)]
        return {
            **self.order_head(customer, order_of(customer, parts[0])[0]),
            "warehouse_id": self.warehouses[GOODS if group == 1 else TOOLS].id,
            "order_line": [
                Command.create(self.prepare_line(customer, part)) for part in parts
            ],
        }

    def order_head(self, customer, reference):
        """Return what every order of a customer has."""
        return {
            "partner_id": self.partners[customer.code].id,
            "company_id": self.company.id,
            "client_order_ref": reference,
            "user_id": self.users["sales"].id,
        }

    def prepare_line(self, customer, part, quantity=None):
        """Return the values of an order line; new parts have no price yet."""
        product = PRODUCTS[part]
        many = next(pieces for limit, pieces in _ORDERED if product.price < limit)
        return {
            "product_id": self.products[part].id,
            "product_uom_qty": quantity or many,
            "price_unit": 0 if part in NEW_PARTS else float(product.price),
            "tax_ids": [Command.set(self.company.account_sale_tax_id.ids)],
            "rd_customer_line": order_of(customer, part)[1],
        }

    def late_order(self, customer, part):
        """Return the values of the order that came after its goods had left."""
        return {
            **self.order_head(customer, LATE_ORDER),
            "warehouse_id": self.warehouses[GOODS].id,
            "order_line": [Command.create(self.prepare_line(customer, part, 24))],
        }
