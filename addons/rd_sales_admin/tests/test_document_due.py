# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_document_retention import DocumentCommon


@tagged("post_install", "-at_install")
class TestDocumentDue(DocumentCommon):
    """What each record needs, when, from whom, and how complete it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dues = cls.env["rd.document.due"]
        cls.requirements = cls.env["rd.document.requirement"]
        cls.requirements.search([]).active = False
        cls.customer_order = cls.env.ref(
            "rd_sales_admin.rd_document_requirement_order_customer"
        )
        cls.customer_order.active = True
        with freeze_time("2026-09-10 02:00:00"):
            cls.order = cls._create_order([(cls.parts[0], 5, 10.0)])

    def _refresh(self):
        self.dues._refresh(self.company)
        return self.dues.search([("company_id", "=", self.company.id)])

    def test_missing_then_filed_by_a_photo(self):
        due = self._refresh()
        self.assertEqual(due.res_id, self.order.id)
        self.assertEqual(due.date_due, date(2026, 9, 17))
        self.assertEqual(due.partner_id, self.affiliate)
        self.assertEqual(due.user_id, self.order.user_id)
        self.assertEqual(self.order.with_user(self.clerk).rd_papers, "0/1")
        self._rpc(self.clerk, "rd.document.due", "action_file", due.ids, self._files())
        self.assertEqual(due.state, "filed")
        self.assertEqual(due.document_id.title, "Customer's order")
        self.assertEqual(due.document_id.res_id, self.order.id)
        self.env.invalidate_all()
        self.assertEqual(self.order.with_user(self.clerk).rd_papers, "1/1")

    def test_a_paper_filed_elsewhere_counts_at_once(self):
        due = self._refresh()
        paper = self._file_paper("order", "Their order", record=self.order)
        self.assertEqual(due.document_id, paper)

    def test_of_two_papers_of_a_kind_the_named_one_counts(self):
        self.requirements.create(
            {
                "name": "Amendment",
                "model_id": self.env.ref("sale.model_sale_order").id,
                "document_kind": "order",
                "domain": "[('state', '=', 'sale')]",
            }
        )
        dues = self._refresh()
        self._file_paper("order", "Amendment", record=self.order)
        states = {due.requirement_id.name: due.state for due in dues}
        self.assertEqual(states, {"Customer's order": "missing", "Amendment": "filed"})

    def test_order_kind_and_another_model_by_data_alone(self):
        self.customer_order.order_kind = "equipment"
        self.assertFalse(self._refresh())
        self.order.rd_order_kind = "equipment"
        self.assertEqual(len(self._refresh()), 1)
        self.requirements.create(
            {
                "name": "Profile",
                "model_id": self.env.ref("base.model_res_partner").id,
                "document_kind": "other",
                "domain": f"[('id', '=', {self.affiliate.id})]",
                "user_id": self.clerk.id,
            }
        )
        profile = self._refresh() - self.dues.search(
            [("requirement_id", "=", self.customer_order.id)]
        )
        self.assertEqual(profile.res_id, self.affiliate.id)
        self.assertEqual(profile.user_id, self.clerk)

    def test_what_is_no_longer_needed_disappears_and_waived_stays(self):
        due = self._refresh()
        self._assert_refused(
            due, self._rpc, self.clerk, "rd.document.due", "action_waive", due.ids
        )
        self._assert_refused(
            due, self._rpc, self.clerk, "rd.document.due", "unlink", due.ids, exact=None
        )
        due.with_user(self.clerk).action_waive("by phone only")
        self.assertEqual(self.order.with_user(self.clerk).rd_papers, "n/a")
        due.with_user(self.clerk).action_need_again()
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertFalse(self._refresh())

    def test_completeness_is_not_applicable_where_nothing_is_due(self):
        close = self._open_close(date(2026, 9, 1))
        kpis = {label: value for label, value, _detail in close._get_kpis()}
        self.assertEqual(kpis["Papers complete"], "n/a")
        due = self._refresh()
        self.assertEqual(
            self.dues._get_completeness(self.company, date(2026, 9, 16)), (0, 0)
        )
        kpis = {label: value for label, value, _detail in close._get_kpis()}
        self.assertEqual(kpis["Papers complete"], "0 %")
        due.with_user(self.clerk).action_file(self._files())
        kpis = {label: value for label, value, _detail in close._get_kpis()}
        self.assertEqual(kpis["Papers complete"], "100 %")

    def test_one_reminder_from_the_due_day_on(self):
        due = self._refresh()
        with freeze_time("2026-09-16 02:00:00"):
            self.dues._remind(self.company)
            self.assertFalse(due.activity_ids)
            self.assertFalse(due.late)
        for day in ("2026-09-17 02:00:00", "2026-09-18 02:00:00"):
            with freeze_time(day):
                self.dues._remind(self.company)
                self.assertEqual(len(due.activity_ids), 1)
        with freeze_time("2026-09-18 02:00:00"):
            due.invalidate_recordset(["late"])
            self.assertTrue(due.late)
            self.assertEqual(
                self.dues.with_user(self.clerk).search([("late", "=", True)]), due
            )
        due.with_user(self.clerk).action_file(self._files())
        self.assertFalse(due.activity_ids)

    def test_many_papers_are_asked_for_at_once(self):
        """Whoever owes several papers gets one reminder, and the next one after it."""
        first = self._refresh()
        with freeze_time("2026-09-18 02:00:00"):
            others = first.browse()
            for number in range(3):
                order = self.order.copy({"client_order_ref": f"PO-{number}"})
                order.action_confirm()
                order.date_order = self.order.date_order
                others |= self._refresh() - first - others
            self.assertGreater(len(others), 1)
            self.dues._remind(self.company)
            asked = (first | others).activity_ids.filtered(
                lambda one: one.res_model == "rd.document.due"
            )
            self.assertEqual(len(asked), len(asked.user_id), "one each")
            self.assertTrue(any("papers" in one.summary for one in asked))
            self.dues._remind(self.company)
            self.assertEqual((first | others).activity_ids, asked)

    def test_a_reminder_waits_until_the_one_before_is_done(self):
        first = self._refresh()
        with freeze_time("2026-09-18 02:00:00"):
            self.assertEqual(self.dues._remind(self.company), first)
            order = self.order.copy({"client_order_ref": "PO-2"})
            order.action_confirm()
            order.date_order = self.order.date_order
            second = self._refresh().filtered(lambda due: due.res_id == order.id)
            second.user_id = first.user_id
            self.assertFalse(self.dues._remind(self.company))
            self.assertFalse(second.reminded_date)
            first.with_user(self.clerk).action_file(self._files())
            self.assertEqual(self.dues._remind(self.company), second)

    def test_what_is_late_is_found_and_what_is_not(self):
        due = self._refresh()
        dues = self.dues.with_user(self.clerk)
        with freeze_time("2026-09-18 02:00:00"):
            for value, found in (
                (("=", False), dues),
                (("in", [True, False]), due),
            ):
                with self.subTest(value=value):
                    self.assertEqual(dues.search([("late", *value)]), found)

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_what_fails_keeps_nothing_else_back(self):
        """Neither another company nor what comes after it."""
        self._refresh()
        second = self.env["res.company"].create(
            {"name": "Second", "rd_start_date": "2026-09-01"}
        )
        remind, seen = type(self.dues)._remind, []

        def fail(dues, company):
            if company == self.company:
                raise ZeroDivisionError
            seen.append(company)
            return remind(dues, company)

        checks = type(self.env["rd.document.check"])
        with (
            patch.object(type(self.dues), "_remind", fail),
            patch.object(checks, "_open_sessions", lambda _s, one: seen.append(one)),
        ):
            self._run_parted("rd.document.due", "_cron_papers")
        self.assertLessEqual({second, self.company}, set(seen))
        self.assertEqual(seen.count(second), 2)

    def test_days_are_the_companys(self):
        """At 20:00 UTC it is already the next day in Shanghai."""
        self.order.date_order = datetime(2026, 9, 10, 20)
        self.assertEqual(self._refresh().date_due, date(2026, 9, 18))

    def test_orders_before_the_start_need_nothing(self):
        self.order.date_order = datetime(2026, 8, 1)
        self.assertFalse(self._refresh())

    def test_before_a_company_has_a_start_every_order_counts(self):
        self.order.date_order = datetime(2026, 8, 10)
        self.assertFalse(self._refresh())
        self.company.rd_start_date = False
        self.assertEqual(self._refresh().res_id, self.order.id)

    def test_what_belongs_to_no_company_is_needed_by_all(self):
        channel = self.env["discuss.channel"].create({"name": "Harbour"})
        self.requirements.create(
            {
                "name": "Minutes",
                "model_id": self.env.ref("mail.model_discuss_channel").id,
                "document_kind": "other",
                "domain": f"[('id', '=', {channel.id})]",
            }
        )
        due = self._refresh().filtered(lambda one: one.res_model == channel._name)
        self.assertEqual((due.res_id, due.company_id), (channel.id, self.company))

    def test_no_paper_is_filed_for_what_is_gone(self):
        order = self.order.copy()
        order.action_confirm()
        order.date_order = self.order.date_order
        due = self._refresh().filtered(lambda one: one.res_id == order.id)
        order.with_context(disable_cancel_warning=True).action_cancel()
        order.unlink()
        file = (due._name, "action_file", due.ids, self._files())
        refusal = self._assert_refused(due, self._rpc, self.clerk, *file)
        self.assertIn("no longer exists", refusal)
        with self.assertRaisesRegex(UserError, "is needed; say that it is not"):
            due.sudo().unlink()
        self.assertFalse(self._refresh() & due)

    def test_a_model_that_is_not_loaded_keeps_no_other_back(self):
        gone = self.customer_order.copy()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rd_document_requirement SET model = 'rd.gone' WHERE id = %s",
            [gone.id],
        )
        gone.invalidate_recordset()
        self.assertEqual(self._refresh().requirement_id, self.customer_order)

    def test_the_button_of_an_order_looks_first_and_an_auditor_changes_nothing(self):
        auditor = self._create_user("auditor")
        self._rpc(auditor, "sale.order", "action_rd_papers", self.order.ids)
        self.assertFalse(self.dues.search([("res_id", "=", self.order.id)]))
        action = self._rpc(self.clerk, "sale.order", "action_rd_papers", self.order.ids)
        self.assertEqual(len(self.dues.search(action["domain"])), 1)

    def test_guards_and_roles(self):
        due = self._refresh()
        self._assert_guarded(
            due, ("state", "document_id", "res_id", "reason"), (self.clerk,)
        )
        self._assert_isolated("rd.document.due", self._create_other_clerk())
        self._assert_refused(
            due,
            self._rpc,
            self._create_user("auditor"),
            "rd.document.due",
            "action_file",
            due.ids,
            self._files(),
            exact=None,
        )

    def test_words_that_choose_nothing_are_refused(self):
        for domain in ("[('nothing', '=', 1)]", "[(", "__import__('os')"):
            with self.subTest(domain=domain), self.assertRaises(UserError):
                self.customer_order.domain = domain
        with self.assertRaisesRegex(UserError, "does not choose"):
            self.customer_order.date_field_id = self.env.ref(
                "rd_sales_admin.field_rd_contract__date_signed"
            )
        with self.assertRaises(UserError):
            self.requirements.create(
                {
                    "name": "x",
                    "model_id": self.env.ref("base.model_res_currency").id,
                    "document_kind": "other",
                }
            )

    def test_looking_again_asks_as_often_for_ten_as_for_a_thousand(self):
        counts = []
        partner = self.affiliate
        for number in (9, 990):
            self.env["sale.order"].create(
                [
                    {
                        "partner_id": partner.id,
                        "state": "sale",
                        "date_order": datetime(2026, 9, 10),
                        "company_id": self.company.id,
                    }
                    for _number in range(number)
                ]
            )
            for _time in range(2):
                self._refresh()
                self.env.flush_all()
                self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._refresh()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(self._refresh()), 1000)
        self.assertEqual(counts[0], counts[1])
