# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .orders_common import OrdersCommon


@tagged("post_install", "-at_install")
class TestOrderDigest(OrdersCommon, HttpCase):
    """An affiliate is told each week, and sees at any time, how its orders stand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.affiliate.write({"email": "north@example.com"})
        cls.release = cls._release()
        cls.env["rd.order.release"].with_user(cls.head).answer_floor(
            [
                {
                    "id": cls.release.id,
                    "stage": "machining",
                    "promised_date": str(cls._day(12)),
                    "reason": "capacity",
                    "news": "the mill is broken",
                }
            ]
        )
        cls.other = cls.env["res.partner"].create(
            {
                "name": "Southern Works",
                "is_company": True,
                "rd_partner_class": "affiliate",
                "email": "south@example.com",
            }
        )
        cls.foreign = cls._create_tooling_order(
            partner=cls.other, client_order_ref="SOUTH-1"
        )
        cls.person = cls._create_person("north", cls.affiliate)

    @classmethod
    def _create_person(cls, login, partner):
        contact = cls.env["res.partner"].create(
            {"name": login, "parent_id": partner.id, "email": f"{login}@example.com"}
        )
        return cls.env["res.users"].create(
            {
                "login": f"rd_{login}",
                "password": f"rd_{login}",
                "partner_id": contact.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    def _run(self, moment):
        before = self.env["mail.mail"].search([])
        with freeze_time(moment), self._parted():
            self.env["res.partner"].sudo()._cron_weekly_progress()
        made = self.env["mail.mail"].search([]) - before
        ours = self.affiliate | self.other | self.person.partner_id
        return made.filtered(lambda mail: mail.recipient_ids & ours)

    def test_once_a_week_and_only_its_own(self):
        mails = self._run(datetime(2026, 11, 25, 1))
        self.assertEqual(mails.recipient_ids, self.affiliate | self.other)
        mine = mails.filtered(lambda one: one.recipient_ids == self.affiliate)
        self.assertIn("PO-1", mine.body_html)
        self.assertIn("Machining", mine.body_html)
        self.assertIn("/my/progress", mine.body_html)
        self.assertNotIn("SOUTH-1", mine.body_html)
        for ours in ("mill is broken", "Capacity", "Tooling"):
            self.assertNotIn(ours, mine.body_html, "that is not for the customer")
        self.assertFalse(self._run(datetime(2026, 12, 1, 1)))
        self.assertTrue(self._run(datetime(2026, 12, 2, 1)))

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_one_that_fails_keeps_no_other_from_its_mail(self):
        partners = type(self.env["res.partner"])
        mail = partners._rd_mail_progress

        def fail(partner, company, today):
            if partner == self.affiliate:
                raise ZeroDivisionError
            return mail(partner, company, today)

        self.patch(partners, "_rd_mail_progress", fail)
        mails = self._run(datetime(2026, 11, 25, 1))
        self.assertEqual(mails.recipient_ids, self.other)

    def test_its_language_and_its_contacts(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.affiliate.lang = "fr_FR"
        self.affiliate.rd_progress_contact_ids = self.person.partner_id
        language = []
        partner_class = type(self.env["sale.order"])
        prepare = partner_class._rd_prepare_progress_rows

        def note(orders):
            language.append((orders[:1].partner_id.name, orders.env.lang))
            return prepare(orders)

        self.patch(partner_class, "_rd_prepare_progress_rows", note)
        mails = self._run(datetime(2026, 11, 25, 1))
        self.assertIn(("Northern Works", "fr_FR"), language)
        self.assertIn(self.person.partner_id, mails.recipient_ids)
        self.assertNotIn(self.affiliate, mails.recipient_ids)

    def test_one_without_address_gets_it_once_it_has_one(self):
        self.affiliate.email = False
        mails = self._run(datetime(2026, 11, 25, 1))
        self.assertEqual(mails.recipient_ids, self.other)
        self.affiliate.email = "north@example.com"
        mails = self._run(datetime(2026, 11, 26, 1))
        self.assertEqual(mails.recipient_ids, self.affiliate)

    def test_outside_customers_and_settled_orders_get_none(self):
        self.other.rd_partner_class = "outside"
        self._deliver(self.order, {self.parts[0]: 4}, "DN-1", self.today)
        self.assertFalse(self._run(datetime(2026, 11, 25, 1)))

    def test_portal_shows_its_own_only(self):
        self.authenticate(self.person.login, self.person.login)
        page = self.url_open("/my/progress").text
        self.assertIn("PO-1", page)
        self.assertIn("Machining", page)
        for hidden in ("SOUTH-1", "mill is broken", "Capacity"):
            self.assertNotIn(hidden, page)

    def test_portal_needs_a_login(self):
        answer = self.url_open("/my/progress", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_who_reads_no_orders_gets_an_empty_page(self):
        new_test_user(self.env, "rd_bare", groups="base.group_user", password="rd_bare")
        self.authenticate("rd_bare", "rd_bare")
        page = self.url_open("/my/progress")
        self.assertEqual(page.status_code, 200)
        for hidden in ("PO-1", "SOUTH-1"):
            self.assertNotIn(hidden, page.text)

    def test_portal_user_reads_no_release(self):
        for model in ("rd.order.release", "rd.order.progress", "rd.department"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.person).search([])
        orders = self.env["sale.order"].with_user(self.person)
        self.assertTrue(self.order.with_user(self.clerk).rd_attention_note)
        self.assertFalse(self.order.with_user(self.person).rd_attention_note)
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.person)._rd_prepare_progress_rows()
        found = orders.search(orders._rd_get_progress_domain(self.person.partner_id))
        self.assertEqual(found, self.order)

    def test_portal_constant_queries(self):
        def count(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            orders = self.env["sale.order"].with_user(self.person)
            domain = orders._rd_get_progress_domain(self.person.partner_id)
            before = self.env.cr.sql_log_count
            # The oldest is in work: ten of them ask as much as all do.
            found = orders.search(domain, order="id", limit=limit)
            found._rd_prepare_progress_rows()
            return self.env.cr.sql_log_count - before

        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.affiliate.id,
                    "order_line": [Command.create({"product_id": self.parts[0].id})],
                }
                for _index in range(989)
            ]
        )
        orders.write({"state": "sale"})
        count(1000)
        many = count(1000)
        self.assertEqual(count(10), many)
