# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .contract import USUAL, ContractCase

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestContract(ContractCase):
    """The register: from draft to signed, amended, warned of, lapsed."""

    def test_way_of_a_contract(self):
        contract = self._create_contract(USUAL, amount=113000)
        self.assertTrue(contract.name)
        contract.action_send()
        self.assertEqual(contract.revision, 1)
        self.assertTrue(contract.content_hash)
        with self.assertRaisesRegex(UserError, "no stamped scan"):
            contract.action_sign_scan()
        contract.write({"scan": "c2Nhbg==", "scan_name": "signed.pdf"})
        contract.action_sign_scan()
        self.assertEqual(contract.state, "signed")
        self.assertEqual(contract.confirmation_channel, "scan")
        self.assertEqual(contract.date_signed, self.company._rd_today())
        contract.action_start()
        with self.assertRaisesRegex(UserError, "still open"):
            contract.action_complete()
        self.assertEqual(contract.state, "execution")

    def test_percentages_have_to_total_100(self):
        for column, plan in (
            ("falls due", [("All", 90, "signature", 0, 100, "signature")]),
            ("invoiced", [("All", 100, "signature", 0, 99.99, "signature")]),
            ("falls due", [("All", 60, "signature", 0, 50, "signature")] * 2),
        ):
            contract = self._create_contract(plan)
            text = self._assert_refused(
                contract,
                self._rpc,
                self.clerk,
                "rd.contract",
                "action_send",
                contract.ids,
            )
            self.assertIn(column, text)
            self.assertIn("100", text)
            self.assertEqual(contract.state, "draft")

    def test_incomplete_stages_are_named(self):
        plan = [("Later", 100, "date", 0, 100, "handover")]
        with self.assertRaisesRegex(UserError, "Later needs a day"):
            self._create_contract(plan).action_send()
        plan = [("Kept", 100, "warranty_end", 0, 100, "handover")]
        with self.assertRaisesRegex(UserError, "enter its months"):
            self._create_contract(plan, warranty_months=0).action_send()
        with self.assertRaisesRegex(UserError, "neither amount nor prices"):
            self._create_contract().action_send()

    def test_frozen_once_sent(self):
        contract = self._create_contract(
            USUAL, [(self.p100, 0, 9.5, date(2026, 9, 1))], amount=1000
        )
        contract.action_send()
        for model, number, values in (
            ("rd.contract", contract.ids, {"amount": 1.0}),
            ("rd.contract", contract.ids, {"stage_ids": [Command.clear()]}),
            ("rd.contract.price", contract.price_ids.ids, {"price": 1.0}),
            ("rd.contract.stage", contract.stage_ids[0].ids, {"due_percent": 1.0}),
        ):
            with self.subTest(model=model, values=values):
                text = self._assert_refused(
                    contract, self._rpc, self.clerk, model, "write", number, values
                )
                self.assertIn("back to draft", text)
        self._assert_refused(
            contract,
            self._rpc,
            self.clerk,
            "rd.contract.price",
            "unlink",
            contract.price_ids.ids,
        )
        self._assert_refused(
            contract,
            self._rpc,
            self.clerk,
            "rd.contract.stage",
            "create",
            [{"contract_id": contract.id, "name": "More", "due_percent": 5}],
        )
        contract.action_back_to_draft()
        contract.amount = 1200
        contract.action_send()
        self.assertEqual(contract.revision, 2)

    def test_the_scan_of_a_signed_contract_stays(self):
        contract = self._sign(self._create_contract(USUAL, amount=1000))
        scan = contract.scan
        for values in ({"scan": "bmV3"}, {"signer_id": self.signer.partner_id.id}):
            write = ("rd.contract", "write", contract.ids, values)
            refusal = self._assert_refused(contract, self._rpc, self.clerk, *write)
            self.assertIn("no longer changes; make an amendment", refusal)
        self.assertEqual(contract.scan, scan)

    def test_companies_sign_by_people_of_their_own(self):
        contract = self._create_contract(USUAL, amount=1000)
        stranger = self.env["res.partner"].create({"name": "Ms Stranger"})
        for values, words in (
            ({"partner_id": self.signer.partner_id.id}, "is a contact; choose"),
            ({"signer_id": stranger.id}, "does not belong to Harbour Motors"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                with self.env.cr.savepoint():
                    contract.write(values)
        self.env.invalidate_all()
        self.assertEqual(contract.partner_id, self.customer)
        self.assertFalse(contract.signer_id)

    def test_guarded_fields(self):
        contract = self._create_contract(USUAL, amount=1000)
        self._assert_guarded(
            contract,
            {"state", "version", "date_signed", "content_hash", "revision"},
            [self.clerk, self.supervisor],
        )
        self._assert_guarded(
            contract.stage_ids[0], {"due_reached", "invoice_reached"}, [self.clerk]
        )

    def test_ageing_of_unsigned_ones(self):
        contract = self._create_contract(amount=1000)
        with freeze_time("2026-09-01 04:00:00"):
            contract.action_send()
        with freeze_time("2026-09-21 04:00:00"):
            contract.invalidate_recordset()
            self.assertEqual(contract.unsigned_days, 20)
            found = contract.search([("unsigned_days", ">", 14)])
            self.assertIn(contract, found)
            self.assertNotIn(contract, contract.search([("unsigned_days", ">", 20)]))

    def test_found_by_the_days_it_waits_for_its_signature(self):
        waiting = self._create_contract(USUAL, amount=1000)
        draft = self._create_contract(USUAL, amount=1000)
        waiting.action_send()
        waiting._as_internal().sent_date = datetime.now() - timedelta(days=3)
        both = waiting | draft
        for operator, value, found in (
            *(("=", 3, waiting), ("!=", 3, draft), ("in", [0, 3], both)),
            *(("=", 0, draft), (">", 3, draft.browse()), (">=", 3, waiting)),
            *(("<", 3, draft), ("<=", 3, both)),
        ):
            with self.subTest(operator=operator, value=value):
                domain = [("unsigned_days", operator, value), ("id", "in", both.ids)]
                self.assertEqual(both.search(domain), found)

    def test_warned_in_time_and_lapsed(self):
        with freeze_time("2026-09-01 04:00:00"):
            contract = self._create_contract(
                kind="framework",
                amount=1000,
                notice_days=30,
                renewal="ask",
                date_to=date(2026, 12, 31),
                prices=[(self.p100, 0, 9.5, date(2026, 9, 1))],
            )
            self._sign(contract)
            self._run_parted("rd.contract")
            self.assertFalse(contract.activity_ids)
        with freeze_time("2026-12-01 04:00:00"):
            for _twice in range(2):
                self._run_parted("rd.contract")
            self.assertEqual(len(contract.activity_ids), 1)
            self.assertIn("renew it", contract.activity_ids.summary)
            self.assertEqual(contract.activity_ids.user_id, self.clerk)
        with freeze_time("2026-12-31 04:00:00"):
            self._run_parted("rd.contract")
            self.assertEqual(contract.state, "signed")
        with freeze_time("2026-12-31 17:00:00"):  # 1 January in Shanghai
            self._run_parted("rd.contract")
            self.assertEqual(contract.state, "lapsed")
        self.assertEqual(contract.price_ids.valid_to, date(2026, 12, 31))

    def test_unsigned_ones_lapse(self):
        today = self.company._rd_today()
        contract = self._create_contract(
            amount=1000, sign_until=today + timedelta(days=5)
        )
        contract.action_send()
        self._run_parted("rd.contract")
        self.assertIn("not signed", contract.activity_ids.summary)
        with freeze_time(datetime.now() + timedelta(days=7)):
            self._run_parted("rd.contract")
        self.assertEqual(contract.state, "lapsed")
        self.assertFalse(contract.activity_ids)

    def test_amendment_is_a_version(self):
        contract = self._create_contract(
            USUAL, [(self.p100, 0, 9.5, date(2026, 9, 1))], amount=1000
        )
        self._sign(contract)
        order = self._order_under(contract, [(self.equipment, 1, 1000)])
        deposit = contract.stage_ids[0]
        self.assertTrue(deposit.due_reached)
        number = contract.action_amend()["res_id"]
        later = contract.browse(number)
        self.assertEqual(contract.action_amend()["res_id"], number)
        self.assertEqual((later.version, later.name), (2, contract.name))
        later.price_ids.write({"price": 9.0})
        self.assertEqual(contract.state, "signed")
        self.assertEqual(contract.price_ids.price, 9.5)
        self._sign(later)
        self.assertEqual(contract.state, "archived")
        self.assertEqual(contract.replaced_by_id, later)
        self.assertEqual(order.rd_contract_id, later)
        self.assertEqual(later.stage_ids[0].due_reached, deposit.due_reached)
        self.assertFalse(contract.price_ids.live)
        self.assertTrue(later.price_ids.live)
        self.assertEqual(order.order_line.rd_settlement_way, "stages")

    def test_an_order_is_invoiced_to_who_signed_its_contract(self):
        contract = self._create_contract(amount=10)
        order = self._create_order([(self.p100, 1, 10.0)])
        values = {"rd_contract_id": contract.id}
        with self.assertRaisesRegex(UserError, "is with Harbour Motors"):
            self._rpc(self.clerk, "sale.order", "write", order.ids, values)
        self.assertFalse(order.rd_contract_id)

    def test_cancel_only_what_has_not_begun(self):
        plan = [("All", 100, "signature", 0, 100, "signature")]
        contract = self._create_contract(plan)
        self._order_under(contract, [(self.equipment, 1, 1000)])
        self._sign(contract)
        with self.assertRaisesRegex(UserError, "invoiced or paid in part"):
            contract.action_cancel()
        other = self._create_contract(amount=10)
        other.action_cancel()
        self.assertEqual(other.state, "cancelled")

    # ------------------------------------------------------------------
    # Portal
    # ------------------------------------------------------------------
    def _portal_sign(self, user, contract, **values):
        seen = {
            "name": "Ms Harbour",
            "signature": PNG,
            "revision": contract.revision,
            "content_hash": contract.content_hash,
            "address": "127.0.0.1",
            **values,
        }
        return contract.with_user(user)._portal_sign(**seen)

    def test_who_signs_on_the_portal(self):
        contract = self._create_contract(USUAL, amount=1000)
        contract.signer_id = self.signer.partner_id
        colleague = self._create_portal_user("harbour_other", self.customer)
        self.assertFalse(contract.with_user(self.signer).has_access("read"))
        contract.action_send()
        self.assertTrue(contract.with_user(self.signer).has_access("read"))
        with self.assertRaises(AccessError):
            self._portal_sign(colleague, contract)
        with self.assertRaises(AccessError):
            self._portal_sign(self.clerk, contract)
        with self.assertRaisesRegex(UserError, "sent anew"):
            self._portal_sign(self.signer, contract, revision=7)
        for nothing in ("", False, "no base64!", "c2Nhbg=="):
            with self.assertRaisesRegex(UserError, "your signature"):
                self._portal_sign(self.signer, contract, signature=nothing)
        self.assertEqual(contract.state, "signature")
        self._portal_sign(self.signer, contract)
        self.assertEqual(contract.state, "signed")
        self.assertEqual(contract.confirmed_by, "Ms Harbour")
        self.assertEqual(contract.confirmation_channel, "portal")
        self.assertTrue(contract.signature)
        with self.assertRaises(UserError):
            self._portal_sign(self.signer, contract)

    def test_what_the_portal_reads(self):
        contract = self._create_contract(USUAL, amount=1000)
        contract.signer_id = self.signer.partner_id
        contract.action_send()
        own = contract.with_user(self.signer)
        self.assertEqual(own.read(["subject", "amount"])[0]["amount"], 1000)
        for name in ("note", "user_id", "access_token", "amount_paid", "scan"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.read([name])
        for user in (self.signer, self.auditor):
            with self.assertRaises(UserError):
                self._rpc(user, "rd.contract", "write", own.ids, {"subject": "mine"})
        with self.assertRaises(AccessError):
            own.read(["rd_papers"])

    def test_who_signs_takes_part_in_the_conversation(self):
        contract = self._create_contract(USUAL, amount=1000)
        contract.signer_id = self.signer.partner_id
        contract.action_send()
        colleague = self._create_portal_user("harbour_other", self.customer)
        contracts, number = self.env["rd.contract"], contract.id
        for user, found in ((self.signer, contract), (colleague, contracts)):
            thread = contracts.with_user(user)._get_thread_with_access(
                number, mode="write", token=contract.access_token
            )
            self.assertEqual(thread, found, user.login)
        employee = new_test_user(self.env, "rd_bare", groups="base.group_user")
        self.assertEqual(contracts.with_user(employee)._count_to_sign(), 0)
        self.assertEqual(contracts.with_user(self.signer)._count_to_sign(), 1)

    def test_roles(self):
        contract = self._create_contract(USUAL, amount=1000)
        for user in (self.auditor, self.finance):
            self.assertTrue(contract.with_user(user).read(["amount_open"]))
            with self.assertRaises(AccessError):
                contract.with_user(user).write({"subject": "x"})
            for method in ("action_send", "action_cancel", "action_amend"):
                with self.assertRaises(UserError):
                    self._rpc(user, "rd.contract", method, contract.ids)
        warehouse = self._create_user("warehouse")
        self.assertFalse(contract.with_user(warehouse).has_access("read"))
        self._assert_isolated("rd.contract", self._create_other_clerk())
        self._assert_isolated("rd.contract.stage", self.env.ref("base.user_admin"))

    def test_register_asks_as_often_for_many_as_for_few(self):
        def count(number):
            contracts = self.env["rd.contract"].search([], limit=number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts.with_user(self.auditor).web_read(
                {
                    name: {}
                    for name in (
                        *("display_name", "partner_id", "amount_invoiced"),
                        *("amount_paid", "amount_open", "retention", "unsigned_days"),
                    )
                }
            )
            contracts.with_user(self.auditor).stage_ids.web_read(
                {
                    name: {}
                    for name in (
                        *("due_amount", "request_amount", "progress"),
                        "invoice_gone",
                    )
                }
            )
            return self.env.cr.sql_log_count - before

        values = self._create_contract(USUAL, amount=1000).copy_data()[0]
        stages = [
            Command.create(
                dict(zip(("name", "due_percent", "invoice_percent"), row, strict=True))
            )
            for row in (("a", 40, 0), ("b", 60, 100))
        ]
        self.env["rd.contract"].create(
            [
                {**values, "name": f"C{number}", "stage_ids": stages}
                for number in range(1000)
            ]
        )
        count(10)
        # Odoo fetches the 2,000 stages in two batches, each kind of figure once more.
        self.assertLessEqual(count(1000), count(10) + 6)
