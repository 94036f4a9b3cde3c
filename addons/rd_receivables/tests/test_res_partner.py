# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestResPartner(TransactionCase):
    def _create_partner(self, **values):
        return self.env["res.partner"].create({"name": "Customer", **values})

    def test_target_follows_the_class_until_typed(self):
        partner = self._create_partner()
        self.assertEqual(partner.rd_collection_target, 100)
        partner.rd_partner_class = "affiliate"
        self.assertEqual(partner.rd_collection_target, 95)
        partner.rd_collection_target = 90.5
        partner.name = "Renamed"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(partner.rd_collection_target, 90.5)
        partner.rd_partner_class = "outside"
        self.assertEqual(partner.rd_collection_target, 100)

    def test_target_given_at_once_is_kept(self):
        partner = self._create_partner(
            rd_partner_class="affiliate", rd_collection_target=80
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(partner.rd_collection_target, 80)

    def test_contact_has_the_target_of_his_company(self):
        company = self._create_partner(is_company=True, rd_partner_class="affiliate")
        contact = self._create_partner(parent_id=company.id)
        company.rd_collection_target = 70
        self.assertEqual(contact.rd_collection_target, 70)

    def test_target_lies_between_0_and_100(self):
        for target in (-0.01, 100.01):
            with self.subTest(target=target), self.assertRaises(ValidationError):
                self._create_partner(rd_collection_target=target)
        for target in (0, 100):
            self._create_partner(rd_collection_target=target)

    def test_target_is_on_the_form_of_the_desk_only(self):
        for group, shown in (
            ("rd_sales_admin.rd_sales_admin_group_clerk", True),
            ("rd_sales_admin.rd_sales_admin_group_auditor", True),
            ("base.group_user", False),
        ):
            user = new_test_user(self.env, f"target_{group}", groups=group)
            arch = self.env["res.partner"].with_user(user).get_view(view_type="form")
            with self.subTest(group=group):
                self.assertEqual("rd_collection_target" in arch["arch"], shown)
