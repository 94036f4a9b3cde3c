# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeskCommon
from .guards import GuardMixin

# The company's days begin at 16:00 UTC of the day before (Asia/Shanghai).
BEFORE = "2026-10-11 15:59:59"
FIRST = "2026-10-11 16:00:00"
DURING = "2026-10-14 03:00:00"
LAST = "2026-10-16 15:59:59"
AFTER = "2026-10-16 16:00:00"


@tagged("post_install", "-at_install")
class TestDeputy(GuardMixin, DeskCommon):
    """A salesperson sits in for the clerk from 12 to 16 October, and not longer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls._create_user("salesperson")
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.alias_values = {
            "partner_id": cls.affiliate.id,
            "product_id": cls.parts[0].id,
            "name": "X-1",
        }
        with freeze_time("2026-10-10 03:00:00"):
            cls.handover = cls._prepare()
            cls.handover.with_user(cls.clerk).action_give()

    @classmethod
    def _prepare(cls, **values):
        return (
            cls.env["rd.deputy"]
            .with_user(cls.clerk)
            .create(
                {
                    "company_id": cls.company.id,
                    "user_id": cls.clerk.id,
                    "deputy_id": cls.salesperson.id,
                    "date_from": date(2026, 10, 12),
                    "date_to": date(2026, 10, 16),
                    **values,
                }
            )
        )

    def _at(self, moment):
        """Return a clock at ``moment``, in a request of its own."""
        self.env.flush_all()
        self.env.invalidate_all()
        return freeze_time(moment)

    def _may_write(self):
        """Tell whether the deputy can do over RPC what only the clerk may."""
        self.env.invalidate_all()
        with mute_logger("odoo.addons.base.models.ir_model"):
            try:
                with self.env.cr.savepoint() as savepoint:
                    values = {"company_id": self.company.id, "month": "2027-03-01"}
                    self._rpc(self.salesperson, "rd.close", "create", [values])
                    savepoint.rollback()
            except AccessError:
                return False
        return True

    # ------------------------------------------------------------------
    # Before, during, after
    # ------------------------------------------------------------------
    def test_rights_before_during_after(self):
        # the caches of each moment stay as they are for the next one
        for moment, expected in (
            (BEFORE, False),
            (FIRST, True),
            (DURING, True),
            (LAST, True),
            (AFTER, False),
            (DURING, True),
            ("2026-11-20 03:00:00", False),
        ):
            with self._at(moment):
                self.assertEqual(self._may_write(), expected, moment)
                user = self.salesperson.with_user(self.salesperson)
                group = "rd_sales_admin.rd_sales_admin_group_clerk"
                self.assertEqual(user.has_group(group), expected, moment)
                self.assertEqual(
                    self.env.ref(group) in user.all_group_ids, expected, moment
                )
                self.assertFalse(
                    user.has_group("rd_sales_admin.rd_sales_admin_group_supervisor")
                )

    def test_who_is_not_saved_yet_sits_in_for_nobody(self):
        with self._at(DURING):
            self.assertTrue(self.salesperson.rd_sits_in_for_ids)
            self.assertFalse(self.env["res.users"].new({}).rd_sits_in_for_ids)

    def test_record_rules_follow(self):
        """Rules of the lent groups hold as long as the groups: all orders are seen."""
        order = self._create_order([(self.parts[0], 5, 10.0)], user_id=self.clerk.id)
        for moment, seen in ((BEFORE, 0), (DURING, 1), (AFTER, 0), (DURING, 1)):
            with self._at(moment):
                found = self._rpc(
                    self.salesperson,
                    "sale.order",
                    "search_count",
                    [("id", "=", order.id)],
                )
                self.assertEqual(found, seen, moment)

    def test_menus_follow(self):
        menu = self.env.ref("rd_sales_admin.menu_rd_shipping_upload").id
        for moment, seen in ((BEFORE, False), (DURING, True), (AFTER, False)):
            with self._at(moment):
                menus = self.env(user=self.salesperson)["ir.ui.menu"].load_menus(False)
                self.assertEqual(menu in menus, seen, moment)

    def test_another_time_zone(self):
        self.company.rd_tz = "America/New_York"
        self.env["rd.deputy"]._forget_spans()
        with self._at("2026-10-12 03:59:59"):
            self.assertFalse(self._may_write())
        with self._at("2026-10-12 04:00:00"):
            self.assertTrue(self._may_write())

    def test_changed_time_zone_counts_at_once(self):
        with self._at(FIRST):
            self.assertTrue(self._may_write())
            self.company.rd_tz = "America/New_York"
            self.assertFalse(self._may_write())

    def test_taken_back_at_once(self):
        with self._at(DURING):
            self.assertTrue(self._may_write())
            self._rpc(self.clerk, "rd.deputy", "action_revoke", self.handover.ids)
            self.assertFalse(self._may_write())
            self.assertEqual(self.handover.state, "revoked")

    def test_given_back_by_the_deputy(self):
        with self._at(DURING):
            self._rpc(self.salesperson, "rd.deputy", "action_revoke", self.handover.ids)
            self.assertFalse(self._may_write())

    def test_other_company_stays_closed(self):
        """Lent in one company: with another one switched on nothing is lent."""
        other = self.env["res.company"].create({"name": "Other house"})
        close = self.env["rd.close"].create(
            {"company_id": other.id, "month": date(2026, 9, 1)}
        )
        self.salesperson.company_ids |= other
        with self._at(DURING):
            env = self.env(user=self.salesperson)
            self.assertFalse(self._may_write())
            both = {"allowed_company_ids": [self.company.id, other.id]}
            one = {"allowed_company_ids": self.company.ids}
            for context, allowed in ((both, False), (one, True)):
                self.env.invalidate_all()
                records = env["rd.close"].with_context(**context)
                self.assertEqual(records.has_access("write"), allowed)
            with self.assertRaises(AccessError):
                self._rpc(
                    self.salesperson,
                    "rd.close",
                    "action_run",
                    close.ids,
                    context=one,
                )

    # ------------------------------------------------------------------
    # Who hands over
    # ------------------------------------------------------------------
    def test_who_hands_over(self):
        with self._at("2026-10-11 03:00:00"):
            for user in (self.salesperson, self._create_user("finance")):
                with self.assertRaises(AccessError):
                    self._rpc(user, "rd.deputy", "action_give", self.handover.ids)
            item = (
                self.env["rd.deputy"]
                .with_user(self.supervisor)
                .create(
                    {
                        "company_id": self.company.id,
                        "user_id": self.clerk.id,
                        "deputy_id": self.salesperson.id,
                        "date_from": date(2026, 10, 20),
                        "date_to": date(2026, 10, 21),
                    }
                )
            )
            item.action_give()
            self.assertEqual(item.state, "given")

    def test_deputy_hands_nothing_on(self):
        with self._at(DURING):
            values = {
                "user_id": self.clerk.id,
                "deputy_id": self.salesperson.id,
                "date_from": "2026-10-17",
                "date_to": "2026-12-31",
            }
            with self.assertRaises(UserError):
                self._rpc(self.salesperson, "rd.deputy", "create", [values])
            with self.assertRaises(UserError):
                self._rpc(
                    self.salesperson,
                    "rd.deputy",
                    "write",
                    self.handover.ids,
                    {"date_to": "2026-12-31"},
                )
            with self.assertRaises(UserError):
                self._rpc(self.salesperson, "rd.deputy", "unlink", self.handover.ids)

    def test_days_stay_as_handed_over(self):
        names = {"date_from", "date_to", "deputy_id", "user_id", "company_id", "state"}
        self._assert_guarded(self.handover, names, (self.clerk, self.supervisor))

    def test_wrong_people(self):
        floor = self._create_user("floor")
        for values in (
            {"deputy_id": floor.id},
            {"deputy_id": self.clerk.id},
            {"user_id": self.salesperson.id, "deputy_id": self.clerk.id},
        ):
            with self.subTest(values=values), self.assertRaises(Exception) as caught:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    self.env["rd.deputy"].create(
                        {
                            "company_id": self.company.id,
                            "user_id": self.clerk.id,
                            "deputy_id": self.salesperson.id,
                            **values,
                        }
                    )
            self.assertNotIsInstance(caught.exception, AssertionError)

    def test_a_deputy_works_in_the_company(self):
        second = self.env["res.company"].create({"name": "Second"})
        (self.clerk | self.supervisor).company_ids += second
        with self.assertRaisesRegex(ValidationError, "does not work in Second"):
            self._prepare(company_id=second.id)

    def test_a_deputy_is_told_once(self):
        with self._at(BEFORE):
            told = len(self.handover.message_ids)
            self.handover.with_user(self.clerk).action_give()
            self.assertEqual(len(self.handover.message_ids), told)

    def test_one_deputy_per_day(self):
        second = self._prepare(deputy_id=self.supervisor.id)
        with self._at(BEFORE), self.assertRaises(ValidationError):
            second.with_user(self.clerk).action_give()

    def test_past_days_are_refused(self):
        item = self._prepare(date_from=date(2026, 10, 1), date_to=date(2026, 10, 2))
        with self._at(DURING), self.assertRaises(UserError):
            item.with_user(self.clerk).action_give()

    # ------------------------------------------------------------------
    # What he does
    # ------------------------------------------------------------------
    def test_acts_are_told(self):
        with self._at(DURING):
            (number,) = self._rpc(
                self.salesperson, "rd.close", "create", [{"month": "2026-11-01"}]
            )
            close = self.env["rd.close"].browse(number)
            self.assertEqual(close.create_uid, self.salesperson)
            act = self.env["rd.deputy.act"].search(
                [("res_model", "=", "rd.close"), ("res_id", "=", number)]
            )
            self.assertEqual(act.user_id, self.salesperson)
            self.assertEqual(act.for_user_id, self.clerk)
            self._rpc(
                self.salesperson, "rd.close", "message_post", [number], body="Looked"
            )
            message = close.message_ids[0]
            self.assertEqual(message.author_id, self.salesperson.partner_id)
            self.assertIn(f"(for {self.clerk.name})", message.body)
        self._assert_guarded(
            act, {"what", "user_id", "for_user_id", "date"}, (self.supervisor,)
        )

    def test_changing_and_deleting_is_told(self):
        profile = self.env["rd.ledger.profile"].create(
            {
                "name": "Old",
                "partner_id": self.affiliate.id,
                "company_id": self.company.id,
            }
        )
        with self._at(DURING):
            values = {"sheet": "Second", "keep_partners": "A1"}
            call = ("rd.ledger.profile", "write", profile.ids, values)
            self._rpc(self.salesperson, *call)
            act = self.env["rd.deputy.act"].search([("res_id", "=", profile.id)])
            self.assertEqual(act.what, "changed: Only rows of, Sheet")
            self._rpc(self.salesperson, "rd.ledger.profile", "unlink", profile.ids)
        act = self.env["rd.deputy.act"].search(
            [("res_model", "=", "rd.ledger.profile"), ("what", "=", "deleted")]
        )
        self.assertEqual(act.res_id, profile.id)
        gone = act.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "Old is no longer there"):
            gone.action_open_record()
        act.sudo()._as_internal().write({"res_model": "rd.gone"})
        with self.assertRaisesRegex(UserError, "Old is no longer there"):
            gone.action_open_record()
        with self.assertRaisesRegex(UserError, "did is not deleted"):
            act.sudo().unlink()

    def test_core_records_are_told(self):
        order = self._create_order([(self.parts[0], 5, 10.0)], user_id=self.clerk.id)
        with self._at(DURING):
            self._rpc(
                self.salesperson,
                "sale.order",
                "message_post",
                order.ids,
                body="Called",
                message_type="comment",
            )
        act = self.env["rd.deputy.act"].search([("res_model", "=", "sale.order")])
        self.assertEqual(act.res_id, order.id)
        self.assertEqual(act.name, order.display_name)

    def test_what_others_say_beside_it_is_not_told(self):
        order = self._create_order([(self.parts[0], 5, 10.0)], user_id=self.clerk.id)
        about = {"model": "sale.order", "res_id": order.id, "message_type": "comment"}
        with self._at(DURING):
            messages = self.env["mail.message"].with_user(self.salesperson).sudo()
            messages.create(
                [
                    {**about, "body": "Called"},
                    {**about, "body": "Yes", "author_id": self.affiliate.id},
                    {"body": "To all"},
                ]
            )
        act = self.env["rd.deputy.act"].search([])
        self.assertEqual(act.res_id, order.id)
        self.assertEqual(act.what, f"Called (for {self.clerk.name})")

    def test_own_work_is_not_told(self):
        with self._at(DURING):
            self._rpc(self.clerk, "rd.close", "create", [{"month": "2026-11-01"}])
        with self._at(AFTER):
            order = self._create_order(
                [(self.parts[0], 5, 10.0)], user_id=self.salesperson.id
            )
            self._rpc(
                self.salesperson, "sale.order", "message_post", order.ids, body="Mine"
            )
            self.assertNotIn("(for", order.message_ids[0].body)
        self.assertFalse(self.env["rd.deputy.act"].search([]))

    def test_does_not_approve_his_own(self):
        """Even a supervisor does not approve what he prepared as a deputy."""
        with self._at("2026-10-16 20:00:00"):
            item = self._prepare(
                deputy_id=self.supervisor.id,
                date_from=date(2026, 10, 17),
                date_to=date(2026, 10, 18),
            )
            item.with_user(self.clerk).action_give()
            (number,) = self._rpc(
                self.supervisor, "rd.close", "create", [{"month": "2026-11-01"}]
            )
        close = self.env["rd.close"].browse(number)
        approval = close.with_user(self.clerk)._ask_approval("close_left", "Close")
        other = self.env.user
        self.assertFalse(approval.with_user(self.supervisor).can_answer)
        self.assertTrue(approval.with_user(other).can_answer)
        with self.assertRaisesRegex(UserError, "supervisor other than"):
            self._rpc(self.supervisor, "rd.approval", "action_approve", approval.ids)
        self.assertEqual(approval.sudo().state, "waiting")

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------
    def _open_list(self):
        self._rpc(self.salesperson, "rd.deputy.task", "action_open_today")
        return self.env["rd.deputy.task"].with_user(self.salesperson).search([])

    def test_list(self):
        self.affiliate.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=date(2026, 10, 13),
            summary="Call about the drawing",
            user_id=self.clerk.id,
        )
        self.close.step_ids._as_internal().write(
            {"state": "waiting", "role": "clerk", "message": "A row is open"}
        )
        with self._at(DURING):
            tasks = self._open_list()
            first = tasks[0]
            self.assertEqual(first.advice, "Call about the drawing")
            self.assertTrue(first.late)
            action = self._rpc(
                self.salesperson, "rd.deputy.task", "action_open", first.ids
            )
            self.assertEqual(action["res_model"], "res.partner")
            self.assertEqual(action["res_id"], self.affiliate.id)
            step = tasks.filtered(lambda task: task.res_model == "rd.close.step")
            self.assertEqual(step[0].advice, "A row is open")
            activity = self.affiliate.activity_ids
            with mute_logger("odoo.addons.base.models.ir_rule"):
                self._rpc(
                    self.salesperson, "mail.activity", "action_feedback", activity.ids
                )
            self.assertFalse(activity.active)
            self.assertEqual(tasks.mapped("sequence"), sorted(tasks.mapped("sequence")))
        with self._at(AFTER):
            for method, args in (
                ("action_open_today", ()),
                ("action_open", (first.ids,)),
            ):
                with self.assertRaises(UserError):
                    self._rpc(self.salesperson, "rd.deputy.task", method, *args)
        # nothing changed hands
        self.assertEqual(activity.user_id, self.clerk)

    def test_the_menu_says_why_there_is_no_list(self):
        menu = self.env.ref("rd_sales_admin.rd_deputy_task_action")
        with self._at(DURING):
            self._open_list()
        with self._at(AFTER):
            action = menu.with_user(self.salesperson).run()
            self.assertIn("You sit in for nobody today.", action["help"])
            tasks = self.env["rd.deputy.task"].with_user(self.salesperson)
            self.assertFalse(tasks.search([]), "nothing of what was handed over")
        with self._at(DURING):
            action = menu.with_user(self.salesperson).run()
            self.assertNotIn("nobody", action["help"])

    def test_the_list_says_for_which_company_alone_it_is(self):
        other = self.env["res.company"].create({"name": "Other house"})
        self.salesperson.company_ids += other
        both = {"allowed_company_ids": (self.company | other).ids}
        today = (self.salesperson, "rd.deputy.task", "action_open_today")
        said = f"in {self.company.name} only; switch"
        with self._at(DURING), self.assertRaisesRegex(UserError, said):
            self._rpc(*today, context=both)

    def test_what_is_gone_or_may_not_be_read_is_no_task(self):
        partner = self.env["res.partner"].create({"name": "Passing by"})
        partner.activity_schedule(
            "mail.mail_activity_data_todo", summary="Call", user_id=self.clerk.id
        )
        self.close.step_ids._as_internal().write({"state": "waiting", "role": "clerk"})
        with self._at(DURING):
            tasks = self._open_list()
            task = tasks.filtered(lambda one: one.res_id == partner.id)
            self.assertIn("rd.close.step", tasks.mapped("res_model"))
            partner.unlink()
            with self.assertRaisesRegex(UserError, "Passing by is no longer there"):
                self._rpc(self.salesperson, "rd.deputy.task", "action_open", task.ids)
            rights = self.env["ir.model.access"].sudo()
            rights.search([("model_id.model", "=", "rd.close.step")]).active = False
            self.assertNotIn("rd.close.step", self._open_list().mapped("res_model"))

    def test_long_queue_opens_as_a_whole(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Partner {number}"} for number in range(60)]
        )
        for partner in partners:
            partner.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.clerk.id
            )
        with self._at(DURING):
            tasks = self._open_list().filtered(lambda task: task.sequence == 10)
            self.assertEqual(len(tasks), 51)
            action = self._rpc(
                self.salesperson, "rd.deputy.task", "action_open", tasks[-1].ids
            )
            self.assertEqual(action["res_model"], "mail.activity")

    def test_lists_are_ones_own(self):
        with self._at(DURING):
            self._open_list()
            self.assertFalse(
                self.env["rd.deputy.task"].with_user(self.clerk).search([])
            )

    def test_isolated(self):
        self._assert_isolated("rd.deputy", self._create_other_clerk())
        self._assert_isolated("rd.deputy.act", self._create_other_clerk_again())

    def _create_other_clerk_again(self):
        return self.env["res.users"].search([("login", "=", "rd_other_clerk")])
