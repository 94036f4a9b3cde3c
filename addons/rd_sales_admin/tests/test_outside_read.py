# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import ReadyCompanyCommon

# Who works beside the desk, with what of Odoo's own.
OUTSIDERS = {
    "employee": "base.group_user",
    "sales": "sales_team.group_sale_salesman_all_leads",
    "stock": "stock.group_stock_user",
    "account": "account.group_account_manager",
    "project": "project.group_project_manager",
}


@tagged("post_install", "-at_install")
class TestOutsideRead(ReadyCompanyCommon):
    """Whoever reads a record of Odoo's reads it whole, as exports and interfaces do.

    What of ours is not for him is left out; it does not refuse him the rest.
    """

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for name in ("sales_team.group_sale_manager", "stock.group_stock_manager"):
            groups |= cls.quick_ref(name)
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        warehouses = cls.env["stock.warehouse"]
        if not warehouses.search_count([("company_id", "=", cls.company.id)]):
            warehouses.create(
                {"name": "Own", "code": "OWN", "company_id": cls.company.id}
            )
        products = cls.env["product.product"].create(
            [
                {"name": "Vice", "type": "consu", "is_storable": True},
                {
                    "name": "Fitting",
                    "type": "service",
                    "service_policy": "delivered_milestones",
                    "service_tracking": "project_only",
                },
            ]
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner_a.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 5})
                    for product in products
                ],
            }
        )
        cls.order.action_confirm()
        picking = cls.order.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking._action_done()
        cls.order._create_invoices().action_post()

    def _create_outsider(self, login, groups):
        return new_test_user(
            self.env,
            login=f"outside_{login}",
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _get_extended(self):
        """Return ``[(model, names)]`` of Odoo's own records: the fields that are ours
        or that we have changed."""
        found = []
        for name, model in sorted(self.env.registry.items()):
            if name.startswith("rd.") or model._abstract or model._transient:
                continue
            names = [
                field.name
                for field in model._fields.values()
                if any(module.startswith("rd_") for module in field._modules)
            ]
            if names:
                found.append((name, names))
        return found

    def test_records_are_read_whole(self):
        extended = self._get_extended()
        read = set()
        for login, groups in OUTSIDERS.items():
            user = self._create_outsider(login, groups)
            for name, names in extended:
                model = self.env[name].with_user(user)
                if not model.has_access("read"):
                    continue
                records = model.search([], limit=5, order="id desc")
                shown = [one for one in names if one in model.fields_get([one])]
                if records and shown:
                    self.env.invalidate_all()
                    with self.subTest(user=login, model=name):
                        self.assertEqual(len(records.read(shown)), len(records))
                        read.add(name)
        self.assertLessEqual(
            {"sale.order", "sale.order.line", "stock.move", "account.move"}
            | {"project.project", "project.milestone", "res.partner"},
            read,
        )

    def test_records_are_copied(self):
        """A copy takes along what its maker sees, and refuses him nothing."""
        extra = ("base.group_partner_manager", "product.group_product_manager")
        groups = ",".join((*extra, *OUTSIDERS.values()))
        user = self._create_outsider("manager", groups)
        originals = (
            *(self.order, self.order.picking_ids, self.order.invoice_ids),
            *(self.order.order_line.project_id, self.partner_a),
            self.order.order_line[0].product_id.product_tmpl_id,
        )
        for original in originals:
            with self.subTest(model=original._name):
                self.assertTrue(original.with_user(user).copy())
        for name, names in self._get_extended():
            for field in map(self.env[name]._fields.get, names):
                with self.subTest(field=str(field)):
                    self.assertFalse(
                        field.copy and field.groups and field.name.startswith("rd_")
                    )
