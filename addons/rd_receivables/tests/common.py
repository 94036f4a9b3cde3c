# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.rd_sales_admin.tests import ready
from odoo.addons.rd_sales_admin.tests.common import ReadyCompanyCommon

READERS = ("auditor", "finance", "clerk", "supervisor")
OTHERS = ("floor", "warehouse", "salesperson")


class ReceivablesCommon(ReadyCompanyCommon):
    """A company with an affiliate, an outside customer and a user of each role."""

    @classmethod
    def setUpClass(cls):
        if not ready.take(cls, "receivables", BaseCommon):
            super().setUpClass()
            cls._make_people()
        cls.company.rd_tz = "Asia/Shanghai"

    @classmethod
    def _make_people(cls):
        cls.company = cls.env.company
        cls.env.user.group_ids += cls.env.ref(
            "rd_sales_admin.rd_sales_admin_group_supervisor"
        )
        cls.affiliate, cls.outside = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "rd_partner_class": name,
                    "property_payment_term_id": False,
                    "is_company": True,
                }
                for name in ("affiliate", "outside")
            ]
        )
        cls.users = {
            role: new_test_user(
                cls.env,
                login=f"receivables_{role}",
                groups=f"rd_sales_admin.rd_sales_admin_group_{role}",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for role in READERS + OTHERS
        }

    @classmethod
    def _create_open(cls, amount=100.0, due="2025-01-31", partner=None, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.outside).id,
                "invoice_date": "2025-01-01",
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (0, 0, {"name": "x", "price_unit": amount, "tax_ids": []})
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, move, amount):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        wizard.create(
            {"amount": amount, "payment_date": "2025-02-01"}
        )._create_payments()

    def _let_write(self, role, *models):
        """Give a role the right to write, as somebody may in the settings."""
        for model in models:
            self.env["ir.model.access"].create(
                {
                    "name": f"{model} {role}",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": self.env.ref(
                        f"rd_sales_admin.rd_sales_admin_group_{role}"
                    ).id,
                    "perm_read": True,
                    "perm_write": True,
                }
            )
        return self.users[role]

    def _dismiss_supervisors(self):
        """Leave the company without anybody who approves."""
        group = self.env.ref("rd_sales_admin.rd_sales_admin_group_supervisor")
        people = self.company._rd_get_supervisors()
        people.write({"group_ids": [(3, group.id)]})
        self.assertFalse(self.company._rd_get_supervisors())
        return people

    def _rows(self, *moves, user=None):
        ids = [move.id for move in moves]
        report = self.env["rd.ageing.report"].with_user(user or self.env.user)
        return report.search([("move_id", "in", ids)])
