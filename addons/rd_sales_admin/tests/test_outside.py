# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.sql_db import Cursor
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

GROUPS = (
    "sales_team.group_sale_manager",
    "stock.group_stock_manager",
    "account.group_account_manager",
)


# What people outside the desk open all day.
FORMS = (
    *("res.partner", "product.template", "product.product", "sale.order"),
    *("stock.picking", "account.move", "project.project", "res.users"),
)


@tagged("post_install", "-at_install")
class TestOutside(AccountTestInvoicingCommon):
    """Who does not work with the desk works as before it was installed.

    A user with the rights of sales, stock and accounting and no post of ours sells to
    a customer without a class: the results are those of stock Odoo, stated here as
    figures, and no record of ours comes of it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.user = new_test_user(
            cls.env,
            login="outsider",
            groups=",".join(GROUPS),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.part = cls.env["product.product"].create(
            {
                "name": "Bench vice",
                "type": "consu",
                "is_storable": True,
                "lst_price": 50.0,
                "invoice_policy": "delivery",
                "taxes_id": [Command.set(cls.company_data["default_tax_sale"].ids)],
            }
        )
        cls.house = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["stock.warehouse"].create(
            {"name": "Main", "code": "MAIN", "company_id": cls.company.id}
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.part, cls.house.lot_stock_id, 100
        )

    def _count_ours(self):
        """Return how many records each table of ours holds."""
        self.env.flush_all()
        return {
            name: self.env[name].sudo().with_context(active_test=False).search_count([])
            for name, model in self.env.registry.items()
            if name.startswith("rd.") and model._auto and not model._abstract
        }

    def _sell(self, quantity):
        with Form(self.env["sale.order"].with_user(self.user)) as form:
            form.partner_id = self.partner_a
            with form.order_line.new() as line:
                line.product_id = self.part
                line.product_uom_qty = quantity
        order = form.record
        order.action_confirm()
        return order

    def test_customer_is_made_as_before(self):
        partner = self.env["res.partner"].create({"name": "Somebody"})
        self.assertFalse(partner.rd_partner_class)
        self.assertFalse(partner._rd_settles_by_statement())

    def test_sell_deliver_invoice_credit(self):
        before = self._count_ours()
        order = self._sell(10)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.amount_untaxed, 500)
        picking = order.picking_ids
        self.assertEqual(picking.state, "assigned")
        picking.move_ids.quantity = 8
        picking.move_ids.picked = True
        picking.with_user(self.user)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 8)
        self.assertEqual(order.order_line.qty_to_invoice, 8)
        self.assertEqual(order.invoice_status, "to invoice")
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_untaxed, 400)
        invoice.action_post()
        self.assertEqual(invoice.invoice_date_due, invoice.invoice_date)
        self.assertEqual(order.order_line.qty_invoiced, 8)
        self._give_back(picking, 3)
        self.assertEqual(order.order_line.qty_delivered, 5)
        self.assertEqual(order.order_line.qty_to_invoice, -3)
        credit = order._create_invoices(final=True)
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 150))
        credit.action_post()
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertEqual(order.invoice_status, "no")
        self.assertEqual(self._count_ours(), before, "nothing of ours came of it")

    def _give_back(self, picking, quantity):
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.user)
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        back._action_done()

    def test_invoice_by_hand(self):
        before = self._count_ours()
        invoice = self.init_invoice(
            "out_invoice", partner=self.partner_a, amounts=[100.0], post=True
        )
        reversal = invoice.with_user(self.user)._reverse_moves(cancel=True)
        self.assertEqual(reversal.state, "posted")
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(self._count_ours(), before)

    def test_no_menu_of_ours(self):
        menus = self.env["ir.ui.menu"].with_user(self.user)
        shown = [one for one in menus.load_menus(False) if isinstance(one, int)]
        visible = menus.browse(shown)
        self.assertTrue(visible)
        ours = self.env["ir.model.data"].search_fetch(
            [("model", "=", "ir.ui.menu"), ("module", "=like", "rd_%")], ["res_id"]
        )
        self.assertFalse(visible & menus.browse(ours.mapped("res_id")).exists())

    def test_no_record_of_ours_is_open(self):
        for name, model in self.env.registry.items():
            if name.startswith("rd.") and model._auto and not model._transient:
                with self.subTest(model=name):
                    records = self.env[name].with_user(self.user)
                    self.assertFalse(records.has_access("write"))
                    self.assertFalse(records.has_access("create"))

    def test_scheduled_actions_make_nothing(self):
        """A company whose desk has not started stays empty."""
        self._sell(2)
        self.assertFalse(self.company.rd_start_date)
        before = self._count_ours()
        cron = type(self.env["ir.cron"])
        self.patch(cron, "_commit_progress", lambda *args, **kw: float("inf"))
        self.env["rd.close"].sudo()._cron_run()
        self.assertEqual(self._count_ours(), before)

    # ------------------------------------------------------------------
    # What is given to everybody
    # ------------------------------------------------------------------
    def test_nobody_gets_a_post(self):
        """No group that people have by default leads to a post of ours."""
        ours = self.env["ir.model.data"].search_fetch(
            [("model", "=", "res.groups"), ("module", "=like", "rd_%")], ["res_id"]
        )
        posts = self.env["res.groups"].browse(ours.mapped("res_id"))
        self.assertTrue(posts)
        users = self.env["res.users"].sudo()
        newcomer = users.create({"name": "Newcomer", "login": "newcomer"})
        portal = new_test_user(self.env, login="guest", groups="base.group_portal")
        for one in (self.user, newcomer, portal, self.env.ref("base.public_user")):
            one = one.sudo()
            with self.subTest(login=one.login):
                self.assertFalse(one.all_group_ids & posts)

    def test_no_field_of_ours_is_required(self):
        """What others write into their own records is enough as before."""
        for name, model in self.env.registry.items():
            if name.startswith("rd.") or model._abstract:
                continue
            for field in model._fields.values():
                if field.name.startswith("rd_") and field.required:
                    with self.subTest(field=str(field)):
                        given = field.default or field.compute
                        self.assertTrue(given, "who does not know it cannot save")

    def test_forms_ask_nothing_more(self):
        """Nothing of ours is to be filled in on the forms of others."""
        for name in FORMS:
            view = self.env[name].with_user(self.user).get_view(view_type="form")
            for node in etree.fromstring(view["arch"]).iter("field"):
                if node.get("name", "").startswith("rd_"):
                    with self.subTest(model=name, field=node.get("name")):
                        self.assertFalse(node.get("required"))

    def test_nobody_is_written_to(self):
        """The day's work of others makes no activity and no mail of ours."""
        counted = ("mail.activity", "mail.mail")
        before = [self.env[name].sudo().search_count([]) for name in counted]
        order = self._sell(2)
        picking = order.picking_ids
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.with_user(self.user)._action_done()
        order._create_invoices().action_post()
        after = [self.env[name].sudo().search_count([]) for name in counted]
        self.assertEqual(after, before)

    # ------------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------------
    def _get_tables_asked(self, act):
        """Return the tables of ours that are asked while something is done."""
        tables = {
            model._table
            for name, model in self.env.registry.items()
            if name.startswith("rd.")
        }
        asked, execute = set(), Cursor.execute

        def look(cursor, query, *args, **options):
            text = getattr(query, "code", query)
            text = text.decode() if isinstance(text, bytes) else str(text)
            asked.update(table for table in tables if f'"{table}"' in text)
            return execute(cursor, query, *args, **options)

        with patch.object(Cursor, "execute", look):
            act()
            self.env.flush_all()
        return asked

    def test_writing_asks_no_table_of_ours(self):
        """Contacts, parts and orders are written without a look into our tables.

        Only what a rule of ours may forbid is looked at: another quantity on a
        confirmed order, and the basis of a customer, once for all that are made.
        """
        order = self._sell(1).with_user(self.user)
        partner, part = self.partner_a, self.part
        acts = {
            "contact": lambda: partner.write({"phone": "1", "comment": "x"}),
            "part": lambda: part.write({"name": "Vice", "list_price": 51.0}),
            "order": lambda: order.write({"note": "soon"}),
            "line": lambda: order.order_line.write({"name": "Bench vice, grey"}),
        }
        for name, act in acts.items():
            with self.subTest(act=name):
                self.env.flush_all()
                self.env.invalidate_all()
                # Who sits in for whom is read once for all.
                self.env["rd.deputy"]._get_spans()
                self.assertFalse(self._get_tables_asked(act))
        # A new part empties Odoo's caches, that of who sits in for whom with them.
        allowed = {
            "res.partner": {"rd_statement", "rd_statement_line"},
            "product.product": {"rd_deputy"},
        }
        for name, tables in allowed.items():
            values = [{"name": f"New {number}"} for number in range(20)]
            made = self.env[name].create
            with self.subTest(model=name):
                asked = self._get_tables_asked(lambda: made(values))  # noqa: B023
                self.assertLessEqual(asked, tables)
