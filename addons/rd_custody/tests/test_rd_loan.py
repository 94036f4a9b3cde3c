# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import ast
import re
from contextlib import contextmanager
from datetime import date
from io import BytesIO

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import UniqueViolation
from python_calamine import CalamineWorkbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CustodyCommon
from .test_rd_property_check import picture

TODAY = "2026-03-10"


class LoanCommon(CustodyCommon):
    """An own sample, a sealed one and a customer's on the shelves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rd_tz = "UTC"
        cls.home = cls.company.partner_id
        cls.own = cls._create_sample(description="Front cover", partner_id=cls.home.id)
        cls.sealed = cls._create_sample(
            description="Sealed cover", partner_id=cls.home.id, sample_kind="sealed"
        )
        cls.theirs = cls._create_sample(description="Their cover")
        cls.floor = cls.users["floor"]
        cls.clerk = cls.users["clerk"]

    @classmethod
    def _create_sample(cls, **values):
        return cls._create_held(quantity=1.0, kind="sample", **values)

    @classmethod
    def _create_loan(cls, cards, user=None, **values):
        user = user or cls.clerk
        return (
            cls.env["rd.loan"]
            .with_user(user)
            .create(
                {
                    "borrower_id": cls.floor.partner_id.id,
                    "date_due": "2026-03-17",
                    "line_ids": [
                        Command.create({"property_id": card.id}) for card in cards
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _lend(cls, cards, **values):
        loan = cls._create_loan(cards, **values)
        loan.action_lend()
        if loan.state == "waiting":
            approval = loan.waiting_approval_id
            approval.with_user(cls.users["supervisor"]).action_approve()
        return loan

    @contextmanager
    def _refused(self, sentence):
        """Expect one sentence, and that nothing is left of the attempt."""
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            yield


@tagged("post_install", "-at_install")
class TestRdLoan(LoanCommon):
    """Lending, bringing back, approval, reminders and the register of samples."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(f"{TODAY} 08:00:00"))

    # ------------------------------------------------------------------
    # Out and back
    # ------------------------------------------------------------------
    def test_events_are_the_truth(self):
        loan = self._lend(self.own)
        self.assertEqual(loan.state, "lent")
        self.assertRecordValues(
            self.own,
            [
                {
                    "state": "out",
                    "holder_id": self.floor.partner_id.id,
                    "place": False,
                    "due_back": date(2026, 3, 17),
                }
            ],
        )
        event = loan.line_ids.lend_event_id
        self.assertEqual((event.kind, event.document), ("lend", loan.name))
        loan.action_lend()
        self.assertEqual(len(self.own.event_ids), 2, "a repeat lends once")
        loan.action_all_back()
        self.assertEqual(loan.state, "back")
        self.assertRecordValues(
            self.own,
            [
                {
                    "state": "held",
                    "holder_id": self.home.id,
                    "place": "Shelf 1",
                    "condition": "good",
                }
            ],
        )
        self.assertEqual(loan.line_ids.back_event_id.kind, "move")
        with self._refused("is not out with"):
            loan.line_ids.action_back_good()

    def test_one_after_the_other_comes_back(self):
        second = self._create_sample(description="Rear cover", partner_id=self.home.id)
        loan = self._lend(self.own | second)
        first = loan.line_ids[0]
        first.with_user(self.floor).action_back_good()
        self.assertEqual(loan.state, "lent")
        self.assertEqual(first.back_to_id, self.floor)
        loan.action_all_back()
        self.assertEqual(loan.state, "back")

    def test_lending_what_is_not_there(self):
        """Each state of a card is refused in one plain sentence."""
        lost = self._create_sample(partner_id=self.home.id, description="Lost one")
        self._register(lost, "lose", TODAY, quantity=1.0, note="gone")
        gone = self._create_sample(description="Gone one")
        self._register(gone, "return", TODAY, quantity=1.0)
        thrown = self._create_sample(partner_id=self.home.id, description="Old one")
        self._register(thrown, "dispose", TODAY, quantity=1.0, note="old")
        new = self._create_card(kind="sample", description="New one")
        old = self._create_sample(partner_id=self.home.id, valid_until="2026-03-09")
        self._lend(self.own)
        cases = {
            lost: "Lost one is lost and cannot be lent",
            gone: "Gone one went back to its owner",
            thrown: "Old one was disposed of",
            new: "New one has not been received yet",
            old: "was valid until 2026-03-09",
            self.own: f"is with {re.escape(self.floor.name)} already",
        }
        for card, sentence in cases.items():
            with self.subTest(sentence), self._refused(sentence):
                with self.env.cr.savepoint():
                    self._create_loan(card).action_lend()
            with self.subTest(sentence), self._refused(sentence):
                card.with_user(self.clerk).action_borrow()
        with self._refused("Say what is borrowed"):
            self._create_loan(self.own.browse()).action_lend()
        late = self._create_loan(self.sealed, date_due="2026-03-09")
        with self._refused("cannot be due on 2026-03-09, which is past"):
            late.action_lend()
        self.assertEqual((late.state, self.sealed.state), ("draft", "held"))

    def test_one_holder_at_a_time(self):
        """The index holds where two ask in the same moment."""
        self._lend(self.own)
        second = self._create_loan(self.own)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            second.sudo().line_ids._as_internal().write({"is_out": True})
            self.env.flush_all()

    def test_what_is_lent_moves_by_its_loan_only(self):
        loan = self._lend(self.own)
        for kind, values in (
            ("move", {"place": "Elsewhere"}),
            ("dispose", {"quantity": 1.0, "note": "x"}),
            ("return", {"quantity": 1.0}),
            ("lend", {"holder_id": self.owner.id}),
        ):
            with self.subTest(kind), self._refused(loan.name):
                self._register(self.own, kind, TODAY, **values)
        with self._refused(loan.name):
            self.own._dispose_samples("old")

    # ------------------------------------------------------------------
    # Bad ends
    # ------------------------------------------------------------------
    def test_damaged_of_a_customer_becomes_an_incident(self):
        loan = self._lend(self.theirs)
        line = loan.line_ids
        with self._refused("Say what happened"):
            line._bring_back("damaged")
        form = (
            self.env["rd.loan.back"]
            .with_user(self.floor)
            .create(
                {
                    "line_id": line.id,
                    "outcome": "damaged",
                    "note": "Clip is broken",
                    "photo": picture(),
                }
            )
        )
        form.action_take_back()
        self.assertEqual(
            line.incident_id.photo_ids.mapped("name"), [f"{loan.name}.jpg"]
        )
        self.assertRecordValues(
            line.incident_id,
            [
                {
                    "kind": "damage",
                    "state": "draft",
                    "property_id": self.theirs.id,
                    "description": "Clip is broken",
                }
            ],
        )
        self.assertEqual(self.theirs.state, "held")
        self.assertEqual(self.theirs.condition, "damaged")
        self.assertEqual(loan.state, "back")

    def test_lost_of_a_customer(self):
        self.owner.email = "owner@example.com"
        loan = self._lend(self.theirs)
        loan.line_ids._bring_back("lost", "Left on the train")
        incident = loan.line_ids.incident_id
        self.assertEqual(incident.kind, "loss")
        incident.with_user(self.clerk).action_report()
        self.assertEqual(self.theirs.state, "lost")

    def test_own_things_tell_nobody(self):
        loan = self._lend(self.own)
        loan.line_ids._bring_back("damaged", "Clip is broken")
        self.assertFalse(loan.line_ids.incident_id)
        self.assertEqual(self.own.condition, "damaged")
        loan = self._lend(self.own)
        loan.line_ids._bring_back("lost", "Left on the train")
        self.assertEqual(self.own.state, "lost")
        self.assertEqual(loan.state, "back")

    def test_lost_by_an_incident_ends_the_loan(self):
        self.owner.email = "owner@example.com"
        loan = self._lend(self.theirs)
        incident = self.env["rd.property.incident"].create(
            {
                "property_id": self.theirs.id,
                "kind": "loss",
                "quantity": 1.0,
                "description": "Nobody knows",
            }
        )
        incident.action_report()
        self.assertRecordValues(loan.line_ids, [{"is_out": False, "outcome": "lost"}])
        self.assertEqual(loan.state, "back")

    # ------------------------------------------------------------------
    # Approval and roles
    # ------------------------------------------------------------------
    def test_sealed_and_customers_need_a_supervisor(self):
        for card in (self.sealed, self.theirs):
            loan = self._create_loan(card, user=self.floor)
            loan.action_lend()
            self.assertEqual(loan.state, "waiting")
            self.assertEqual(card.state, "held")
            loan.action_lend()
            self.assertEqual(card.state, "held", "pressing again hands nothing out")
            approval = loan.with_user(self.clerk).waiting_approval_id
            self.assertIn(card.description, approval.name)
            with self.assertRaises(UserError):
                approval.with_user(self.clerk).action_approve()
            approval.with_user(self.users["supervisor"]).action_approve()
            self.assertEqual(loan.state, "lent")
            self.assertEqual(card.state, "out")
            self.assertEqual(loan.approved_by_id, self.users["supervisor"])

    def test_nobody_approves_his_own_loan(self):
        supervisor = self.users["supervisor"]
        loan = self._create_loan(self.sealed, borrower_id=supervisor.partner_id.id)
        loan.action_lend()
        with self._refused("other than"):
            loan.waiting_approval_id.with_user(supervisor).action_approve()

    def test_refused_loan_is_prepared_again(self):
        loan = self._create_loan(self.sealed)
        loan.action_lend()
        loan.waiting_approval_id.with_user(self.users["supervisor"]).action_refuse(
            "Needed on Monday"
        )
        self.assertEqual(loan.state, "draft")
        self.assertEqual(self.sealed.state, "held")

    def test_taken_back_before_anything_was_handed_out(self):
        draft = self._create_loan(self.own)
        draft.action_cancel()
        self.assertEqual((draft.state, self.own.state), ("cancelled", "held"))
        asked = self._create_loan(self.sealed, user=self.floor)
        asked.action_lend()
        approval = asked.with_user(self.clerk).waiting_approval_id
        with self._refused("handed out and taken back"):
            asked.with_user(self.users["auditor"]).action_cancel()
        asked.action_cancel()
        self.assertEqual((asked.state, self.sealed.state), ("cancelled", "held"))
        with self._refused("already been answered"):
            approval.with_user(self.users["supervisor"]).action_approve()
        self.assertEqual(self.sealed.state, "held", "nothing is handed out any more")
        lent = self._lend(self.own)
        with self._refused("cannot become “Cancelled”"):
            lent.action_cancel()
        self.assertEqual(lent.state, "lent")

    def test_floor_borrows_for_himself_only(self):
        mine = self._create_loan(self.own, user=self.floor)
        mine.action_lend()
        self.assertEqual(self.own.holder_id, self.floor.partner_id)
        mine.line_ids.action_back_good()
        with self._refused("handed out and taken back"):
            self._create_loan(self.own, user=self.floor, borrower_id=self.owner.id)
        other = self._create_loan(self.own, borrower_id=self.owner.id)
        self.assertTrue(mine.can_act)
        self.assertFalse(other.with_user(self.floor).can_act)
        self.assertTrue(other.with_user(self.users["warehouse"]).can_act)
        with self._refused("handed out and taken back"):
            other.with_user(self.floor).action_lend()
        for values in ({"state": "lent"}, {"purpose": "x"}):
            with self.assertRaises(UserError):
                mine.write(values)
        with self.assertRaises(AccessError):
            self._register(self.own, "move", TODAY, user=self.floor, place="x")
        with self.assertRaises(AccessError):
            self.own.with_user(self.floor)._dispose_samples("old")

    def test_the_day_stays_once_it_is_over(self):
        loan = self._lend(self.own)
        loan.date_due = "2026-03-20"
        loan.action_all_back()
        cancelled = self._create_loan(self.own)
        cancelled.action_cancel()
        for over, day in ((loan, date(2026, 3, 20)), (cancelled, date(2026, 3, 17))):
            for user in (self.clerk, self.users["warehouse"]):
                with self._refused("is over and keeps what it says"):
                    over.with_user(user).date_due = "2026-04-01"
            self.assertEqual((over.date_due, over.line_ids.date_due), (day, day))

    def test_no_line_comes_to_a_loan_that_is_handed_out(self):
        lent = self._lend(self.own)
        draft = self._create_loan(self.theirs)
        with self._refused("only the day it is due can be moved"):
            draft.line_ids.loan_id = lent
        with self._refused("only the day it is due can be moved"):
            lent.line_ids.loan_id = draft
        self.assertEqual(draft.line_ids.property_id, self.theirs)
        self.assertEqual(lent.line_ids.property_id, self.own)
        other = self._create_loan(self.sealed)
        draft.line_ids.loan_id = other
        self.assertEqual(other.line_ids.property_id, self.sealed | self.theirs)

    def test_lines_are_guarded(self):
        loan = self._create_loan(self.own)
        with self.assertRaises(UserError):
            loan.line_ids.is_out = True
        loan.action_lend()
        for act in (
            lambda: loan.line_ids.write({"property_id": self.sealed.id}),
            loan.line_ids.unlink,
            lambda: loan.write({"borrower_id": self.owner.id}),
            loan.unlink,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                act()
        loan.date_due = "2026-04-01"

    def test_the_day_stays_while_the_loan_waits_for_approval(self):
        loan = self._create_loan(self.sealed)
        loan.action_lend()
        self.assertEqual(loan.state, "waiting")
        day = loan.date_due
        with self._refused("waits for approval and keeps what it says"):
            loan.date_due = "2027-04-01"
        self.assertEqual(loan.date_due, day)

    def test_other_company_is_out_of_sight(self):
        second = self._create_company()
        card = self._create_card(company_id=second.id, kind="sample")
        self._register(card, "receive", TODAY, quantity=1.0)
        loan = self.env["rd.loan"].create(
            {
                "company_id": second.id,
                "borrower_id": self.owner.id,
                "line_ids": [Command.create({"property_id": card.id})],
            }
        )
        supervisor = self.users["supervisor"]
        for model in ("rd.loan", "rd.loan.line"):
            found = self.env[model].with_user(supervisor).search([])
            self.assertNotIn(second, found.company_id)
        with self.assertRaises(AccessError):
            loan.with_user(supervisor).action_lend()
        with self.assertRaises(UserError):
            self._create_loan(card)

    # ------------------------------------------------------------------
    # Clock
    # ------------------------------------------------------------------
    def _run_cron(self, day):
        crons = self.env.registry["ir.cron"]
        # a test has one transaction; how it is parted is tested on a server
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        self.env.invalidate_all()
        with freeze_time(f"{day} 08:00:00"):
            self.env["rd.loan"]._cron_remind()

    def test_reminder_and_escalation_once(self):
        """Due on Tuesday 17: told on Monday; escalated after Thursday."""
        self.floor.email = "floor@example.com"
        loan = self._lend(self.own)
        mails = self.env["mail.mail"].sudo()
        before = mails.search_count([])
        self._run_cron("2026-03-15")
        self.assertFalse(loan.activity_ids)
        self._run_cron("2026-03-16")
        self.assertEqual(loan.activity_ids.user_id, self.floor)
        self.assertEqual(mails.search_count([]), before + 1)
        self._run_cron("2026-03-17")
        self._run_cron("2026-03-19")
        self.assertEqual(mails.search_count([]), before + 1, "reminded once")
        self.assertEqual(len(loan.activity_ids), 1)
        self._run_cron("2026-03-20")
        self.assertIn(self.users["supervisor"], loan.activity_ids.user_id)
        count = len(loan.activity_ids)
        self._run_cron("2026-03-25")
        self.assertEqual(len(loan.activity_ids), count, "escalated once")
        loan.date_due = "2026-04-01"
        self.assertFalse(loan.reminded_date)

    def test_who_is_outside_is_reminded_by_mail(self):
        self.subsupplier.email = "plating@example.com"
        loan = self._lend(self.own, borrower_id=self.subsupplier.id)
        before = self.env["mail.mail"].sudo().search([])
        self._run_cron("2026-03-16")
        mails = self.env["mail.mail"].sudo().search([]) - before
        told = mails.filtered(lambda mail: mail.recipient_ids == self.subsupplier)
        self.assertEqual(len(told), 1)
        self.assertIn(self.own.description, told.body_html)
        self.assertEqual(loan.activity_ids.user_id, self.clerk)

    def test_overdue_list(self):
        loan = self._lend(self.own)
        loans, lines = self.env["rd.loan"], self.env["rd.loan.line"]
        self.assertNotIn(loan, loans.search([("is_overdue", "=", True)]))
        self.env.invalidate_all()
        with freeze_time("2026-03-18 08:00:00"):
            self.assertTrue(loan.is_overdue)
            self.assertIn(loan.id, loans.search([("is_overdue", "=", True)]).ids)
            self.assertIn(
                loan.line_ids.id, lines.search([("is_overdue", "=", True)]).ids
            )
            for record in (loan, loan.line_ids):
                self._assert_found(record, "is_overdue")

    def _assert_found(self, record, name):
        """What is so is found as such, and among all, and nowhere else."""
        records = self.env[record._name]
        self.assertIn(record, records.search([(name, "=", True)]))
        self.assertNotIn(record, records.search([(name, "=", False)]))
        self.assertEqual(
            records.search([(name, "in", [True, False])]), records.search([])
        )

    # ------------------------------------------------------------------
    # Samples
    # ------------------------------------------------------------------
    def test_one_record_two_views(self):
        """A customer's sample stands in both registers, our own only in one."""
        register = self.env.ref("rd_custody.rd_property_action")
        samples = self.env.ref("rd_custody.rd_sample_action")
        cards = self.env["rd.property"]
        kept = cards.search(ast.literal_eval(register.domain))
        shown = cards.search(ast.literal_eval(samples.domain))
        self.assertIn(self.theirs, kept & shown)
        self.assertIn(self.own, shown - kept)

    def test_our_own_is_asked_of_nobody(self):
        """Register, frozen copy, letters and figures are of what is a customer's."""
        day = self.company._rd_today()
        ours = {self.own.id, self.sealed.id}
        rows = self.env["rd.property.asof"]._get_rows(self.company, day)
        self.assertIn(self.theirs.id, {row["id"] for row in rows})
        self.assertFalse(ours & {row["id"] for row in rows})
        month = self.env["rd.property.month"]._freeze(self.company, day.replace(day=1))
        self.assertFalse(ours & {row["id"] for row in month.rows})
        self.home.write(
            {
                "email": "home@example.com",
                "rd_property_rhythm": "quarter",
                "rd_property_letter_next": day,
            }
        )
        letters = self.env["rd.property.confirmation"]
        letter = letters.with_user(self.clerk).create({"partner_id": self.home.id})
        self.assertFalse(letter.line_ids)
        with self.assertRaisesRegex(UserError, "We keep nothing of"):
            letter.action_send()
        letter.action_cancel()
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        letters._cron_letters()
        self.assertEqual(letters.search([("partner_id", "=", self.home.id)]), letter)
        domains = self.env["rd.property"]._get_open_domains(self.company)
        for code in ("unmarked", "unverified", "unconfirmed"):
            model, domain = domains[code]
            found = self.env[model].search(domain)
            self.assertFalse(found & (self.own | self.sealed), code)
        cards = self.env["rd.property"]
        self.assertIn(self.theirs, cards.search(domains["unmarked"][1]))
        view = self.env.ref("rd_custody.rd_property_view_search").arch
        shown = etree.fromstring(view).find(".//filter[@name='unmarked']")
        listed = cards.search(ast.literal_eval(shown.attrib["domain"]))
        self.assertIn(self.theirs, listed)
        self.assertFalse(listed & (self.own | self.sealed))

    def test_new_sample_is_our_own(self):
        values = (
            self.env["rd.property"]
            .with_context(default_kind="sample")
            .default_get(["kind", "partner_id"])
        )
        self.assertEqual(values["partner_id"], self.home.id)

    def test_expiry(self):
        self.own.valid_until = "2026-03-10"
        self.sealed.valid_until = "2026-03-09"
        expired = self.env["rd.property"].search([("is_expired", "=", True)])
        self.assertIn(self.sealed, expired)
        self.assertNotIn(self.own, expired)
        self.assertNotIn(self.theirs, expired)
        self.assertFalse(self.own.is_expired)
        self._assert_found(self.sealed, "is_expired")
        valid = self.env["rd.property"].search([("is_expired", "=", False)])
        self.assertLessEqual(self.own | self.theirs, valid)

    def test_disposal_needs_the_owners_consent(self):
        warehouse = self.users["warehouse"]
        cards = (self.own | self.theirs).with_user(warehouse)
        form = self.env["rd.sample.dispose"].with_user(warehouse)
        form = form.create({"property_ids": cards.ids, "reason": "Expired"})
        self.assertTrue(form.has_foreign)
        with self._refused("who there agreed"):
            with self.env.cr.savepoint():
                form.action_dispose()
        self.assertEqual(self.own.state, "held")
        form.consent = "Ms Wen, 9 March"
        form.action_dispose()
        self.assertEqual(set(cards.mapped("state")), {"disposed"})
        self.assertEqual(self.theirs.event_ids[0].consent, "Ms Wen, 9 March")
        self.assertFalse(self.own.event_ids[0].consent)
        again = self._create_sample()
        with self._refused("who there agreed"):
            self._register(again, "dispose", TODAY, quantity=1.0, note="x")

    def test_counts_find_samples(self):
        count = self.env["rd.property.count"].create({"name": "S", "kind": "sample"})
        self._lend(self.own)
        count.action_start()
        self.assertIn(self.sealed, count.line_ids.property_id)
        self.assertNotIn(self.own, count.line_ids.property_id, "it is outside")

    def test_slip_and_register(self):
        loan = self._lend(self.own)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "rd_custody.report_loan_slip", loan.ids
        )[0]
        self.assertIn(b"data:image/svg+xml;base64,", html)
        self.assertIn(self.own.name.encode(), html)
        action = self.env["rd.property"].action_open_scanned(loan._get_slip_code())
        self.assertEqual((action["res_model"], action["res_id"]), ("rd.loan", loan.id))
        with self._refused("No loan is found"):
            self.env["rd.property"].action_open_scanned("rd-loan:1:LN/none")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "rd_custody.report_sample_register", (self.own | self.theirs).ids
        )[0]
        self.assertIn(self.theirs.name.encode(), html)
        self.assertIn(b"Shelf", html)

    def test_workbook(self):
        mould = self._create_held()
        self.own.write({"specification": "D-7", "drawing_version": "B"})
        loan = self._lend(self.own)
        report = self.env["report.rd_custody.sample_xlsx"].with_user(self.clerk)
        report = report.with_context(active_model="rd.property")
        cards = self.own | self.theirs | mould
        data = report.create_xlsx_report(cards.ids, {})[0]
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python()[2:]
        self.assertEqual(
            [row[0] for row in rows], sorted((self.own.name, self.theirs.name))
        )
        mine = next(row for row in rows if row[0] == self.own.name)
        self.assertEqual(mine[3], "D-7 B")
        self.assertEqual(mine[11], self.floor.name)
        loans = book.get_sheet_by_index(1).to_python()[2:]
        self.assertEqual([row[0] for row in loans], [loan.name])

    def test_constant_queries(self):
        counts = []
        for number in (3, 5, 60):
            cards = self.env["rd.property"].union(
                *(
                    self._create_sample(
                        description=f"S{number}-{index}", partner_id=self.home.id
                    )
                    for index in range(number)
                )
            )
            loan = self._lend(cards)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cards.read(["state", "due_back", "is_expired", "is_own", "holder_id"])
            loan.line_ids.read(["is_overdue", "property_id", "outcome", "date_due"])
            cards._get_register_rows()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
