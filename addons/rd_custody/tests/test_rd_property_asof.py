# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import date

from freezegun import freeze_time
from python_calamine import CalamineWorkbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..standing import Standing
from .common import ROLES, CustodyCommon


def replayed(card, day):
    """Return the standing of a card by replaying its events up to a day."""
    standing = Standing()
    for step in card._get_steps()[card.id]:
        if step.date <= day:
            card._apply(standing, step)
    return standing


class AsofCommon(CustodyCommon):
    def _asof(self, card, day):
        asof = self.env["rd.property.asof"].with_context(rd_as_of=str(day))
        self.env.flush_all()
        asof.invalidate_model()
        return asof.search([("property_id", "=", card.id)])

    def _assert_as_replayed(self, card, day):
        standing, row = replayed(card, day), self._asof(card, day)
        if not standing.received_on:
            self.assertFalse(row)
            return
        for name in Standing.__slots__:
            value = row[name].id if name == "holder_id" else row[name]
            expected = getattr(standing, name)
            if isinstance(expected, float):
                self.assertAlmostEqual(value, expected, 6, msg=(name, day))
            else:
                self.assertEqual(value or False, expected or False, (name, day))


@tagged("post_install", "-at_install")
class TestRdPropertyAsof(AsofCommon):
    """Each history fails when its kind is added up, placed or dated wrongly."""

    def _live(self, steps):
        card = self._create_card()
        for day, (kind, values) in enumerate(steps, start=1):
            # straight into the table: the register reads what is there
            self._register(card, kind, f"2025-01-{day:02}", **values)
        return card

    def test_equals_the_replay_of_each_day(self):
        shop = self.subsupplier.id
        good = {"condition": "good"}
        receive = ("receive", {"quantity": 10, "place": "A", "document": "DN 7"})
        histories = [
            [receive],
            [receive, ("move", {"place": "B"}), ("use", {"quantity": 4})],
            [receive, ("to_subsupplier", {"holder_id": shop, "place": "Hall"})],
            [receive, ("lend", {"holder_id": shop}), ("move", {"place": "A"})],
            [receive, ("return", {"quantity": 10}), receive, ("maintain", {})],
            [
                receive,
                ("lose", {"quantity": 10, "note": "gone"}),
                ("count", {"quantity": 3}),
                ("move", {"place": "C"}),
            ],
            [
                receive,
                ("count", {"quantity": 0}),
                ("count", {"quantity": 2, "place": "D"}),
            ],
            [
                receive,
                ("count", {"quantity": 12, "place": "E"}),
                ("return", {"quantity": 2}),
                ("receive", {"quantity": 0.5}),
            ],
            [
                receive,
                ("damage", {"condition": "damaged", "note": "x"}),
                ("dispose", {"quantity": 10, "note": "x"}),
                receive,
            ],
            [receive, ("use", {"quantity": 10}), ("receive", {"quantity": 1, **good})],
        ]
        for history in histories:
            card = self._live(history)
            for day in range(1, len(history) + 2):
                with self.subTest(kinds=[kind for kind, _ in history], day=day):
                    self._assert_as_replayed(card, date(2025, 1, day))

    def test_rows_open_filter_and_print(self):
        card = self._create_held(mark="OWNER-1")
        other = self._create_held(partner_id=self.other_owner.id)
        ask = self.env["rd.property.asof.ask"].create(
            {"day": "2025-06-30", "partner_id": self.owner.id}
        )
        action = ask.action_show()
        self.assertEqual(action["context"]["rd_as_of"], "2025-06-30")
        shown = self.env[action["res_model"]].with_context(rd_as_of="2025-06-30")
        shown = shown.search(action["domain"]).property_id
        self.assertEqual(shown & (card | other), card)
        whole = ask.with_user(self.users["clerk"]).create({"day": "2025-06-30"})
        self.assertFalse(whole.action_show()["domain"])
        self.assertEqual(whole.action_print()["report_type"], "qweb-pdf")
        self.assertEqual(whole.action_workbook()["report_type"], "xlsx")
        paper = ask._rd_prepare_paper()
        self.assertEqual([row["number"] for row in paper["rows"]], [card.name])
        reports = self.env["ir.actions.report"].with_context(active_model=ask._name)
        html = reports._render_qweb_html("rd_custody.report_register", ask.ids)[0]
        self.assertIn(card.name, html.decode())
        self.assertNotIn(other.name, html.decode())
        book = reports._render_xlsx("rd_custody.register_xlsx", ask.ids, {})[0]
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
        cells = {cell for row in sheet.to_python() for cell in row}
        self.assertLessEqual({card.name, "Provided on", 10.0}, cells)

    def test_own_companies_and_roles_only(self):
        theirs = self._create_held(company_id=self._create_company().id)
        ours = self._create_held()
        for role in ROLES:
            rows = self.env["rd.property.asof"].with_user(self.users[role]).search([])
            self.assertIn(ours, rows.property_id)
            self.assertNotIn(theirs, rows.property_id)
        with self.assertRaises(AccessError):
            self.env["rd.property.asof"].with_user(self.bare_user).search([])

    def test_constant_queries(self):
        company, day = self.company, self.company._rd_today()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["rd.property.asof"]._get_rows(company, day)
            return self.env.cr.sql_log_count - before

        for _number in range(3):
            self._create_held()
        count()
        few = count()
        for _number in range(60):
            self._create_held()
        self.assertEqual(count(), few)

    # ------------------------------------------------------------------
    # Frozen copy and figures
    # ------------------------------------------------------------------
    def test_month_is_frozen_and_late_facts_are_named(self):
        card = self._create_held()
        months = self.env["rd.property.month"]
        frozen = months._freeze(self.company, date(2025, 6, 1))
        self.assertEqual(months._freeze(self.company, date(2025, 6, 1)), frozen)
        self.assertFalse(frozen.late_note)
        row = next(row for row in frozen.rows if row["id"] == card.id)
        self.assertEqual((row["quantity"], row["place"]), (10, "Shelf 1"))
        self._register(card, "use", "2025-05-05", quantity=4)
        frozen.invalidate_recordset()
        self.assertEqual(frozen.late_note, card.name)
        self.assertEqual(frozen.content_hash, months._hash(frozen.rows))
        for act in (lambda: frozen.write({"rows": []}), frozen.unlink):
            with self.assertRaises(UserError):
                act()

    def test_frozen_register_hands_itself_in(self):
        self._create_held()
        calendar = self.env["rd.report.calendar"].create(
            {
                "name": "Register",
                "company_id": self.company.id,
                "kind": "register",
                "recipient": "Quality",
                "way": "paper",
                "date_from": "2025-06-01",
            }
        )
        frozen = self.env["rd.property.month"]._freeze(self.company, date(2025, 6, 1))
        action = frozen.with_user(self.users["clerk"]).action_hand_in_report()
        small = self.env[action["res_model"]].with_user(self.users["clerk"])
        small.browse(action["res_id"]).action_hand_in()
        due = calendar.due_ids.sorted("date_from")[0]
        self.assertEqual(due.state, "handed")
        self.assertEqual(due.version_ids.attachment_ids.raw[:2], b"PK")

    def test_closing_the_month_freezes_it(self):
        close = self.env["rd.close"].create(
            {"company_id": self.company.id, "month": "2025-06-01"}
        )
        card = self._create_held()
        close.step_ids.sudo()._as_internal().unlink()
        close._move_to("closed")
        frozen = self.env["rd.property.month"].search(
            [("company_id", "=", self.company.id), ("month", "=", "2025-06-01")]
        )
        self.assertIn(card.id, [row["id"] for row in frozen.rows])
        clerk, supervisor = self.users["clerk"], self.users["supervisor"]
        close.with_user(clerk).action_ask_reopen("A thing was forgotten")
        close.waiting_approval_id.with_user(supervisor).action_approve()
        self.assertEqual(close.state, "open")
        late = self._create_held()
        close._move_to("closed")
        self.assertNotIn(late.id, [row["id"] for row in frozen.rows])
        self.assertEqual(frozen.late_note, late.name, "reopened, it says what is late")

    @freeze_time("2025-03-20 04:00:00")
    def test_agreement_counts_and_opens_its_rows(self):
        cards = self._create_held() | self._create_held() | self._create_held()
        count = self.env["rd.property.count"].create(
            {"name": "Shelf 1", "date_due": "2025-03-20", "partner_id": self.owner.id}
        )
        count.action_start()
        lines = count.line_ids.filtered(lambda line: line.property_id in cards)
        lines[:2].action_all_there()
        lines[2].action_missing()
        month = date(2025, 3, 1)
        agreeing, counted, domain = cards._get_agreement(self.company, month)
        self.assertEqual((agreeing, counted), (2, 3))
        found = self.env["rd.property.count.line"].search(domain)
        self.assertEqual(found, lines)
        self.assertEqual(
            cards._get_agreement(self.company, date(2025, 2, 1))[:2], (0, 0)
        )
        page = self.env["rd.property.agreement"].create({"month": month})
        self.assertEqual((page.agreeing, page.counted), (2, 3))
        self.assertEqual(page.display_name, "Agrees with the business")
        for code in ("incidents", "unmarked", "unverified", "unconfirmed", "overdue"):
            with self.subTest(code=code):
                action = page.action_open(code)
                rows = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(len(rows), page[code])
        self.assertGreaterEqual(page.unmarked, 3)
        differing = page.action_open("differing")
        rows = self.env[differing["res_model"]].search(differing["domain"])
        self.assertEqual(rows, lines[2])
