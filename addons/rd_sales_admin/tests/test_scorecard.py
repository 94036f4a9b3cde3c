# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io
from datetime import date, datetime

from freezegun import freeze_time
from python_calamine import CalamineWorkbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.rd_scorecard import Figure
from .common import DeskCommon
from .handover_common import HandoverCommon
from .orders_common import OrdersCommon
from .scorecard_common import SEPTEMBER, ScorecardMixin

OCTOBER_8 = "2026-10-08 04:00:00"


@tagged("post_install", "-at_install")
class TestScorecard(ScorecardMixin, DeskCommon):
    """The frame: counted, compared with its target, frozen with the month."""

    def test_nothing_due_is_not_applicable(self):
        card = self._count()
        line = self._score_line("lists_on_time", card)
        self.assertRecordValues(
            line, [{"denominator": 0.0, "result": "none", "value_text": "n/a"}]
        )
        with self.assertRaisesRegex(UserError, "nothing was due in 2026-09"):
            line.with_user(self.clerk).action_view_rows()

    def test_each_measure_is_counted_once_and_again(self):
        card = self._count()
        measures = self.env["rd.scorecard.measure"].search([])
        self.assertEqual(card.line_ids.measure_id, measures)
        self._count()
        self.assertEqual(len(card.line_ids), len(measures))
        measures[0].active = False
        self._count()
        self.assertNotIn(measures[0], card.line_ids.measure_id)

    def test_target_of_then(self):
        measure = self.env.ref("rd_sales_admin.rd_scorecard_measure_lists_on_time")
        card = self._count()
        line = self._score_line("lists_on_time", card)
        line._as_internal().write({"numerator": 9.0, "denominator": 10.0})
        self.assertEqual((line.value, line.result), (90.0, "missed"))
        measure.with_user(self.supervisor).target = 90.0
        self.assertEqual(line.result, "missed")
        line._as_internal().target = 90.0
        self.assertEqual(line.result, "reached")
        line._as_internal().write({"better": "down", "target": 89.0})
        self.assertEqual(line.result, "missed")
        line._as_internal().has_target = False
        self.assertEqual(line.result, "shown")

    def test_closing_freezes(self):
        close = self._open_close(SEPTEMBER)
        card = self._count()
        close.sudo().step_ids._as_internal().unlink()
        close.with_user(self.supervisor).action_close()
        self.assertEqual(card.state, "frozen")
        self.assertEqual(card.content_hash, card._get_content_hash())
        with self.assertRaisesRegex(UserError, "was frozen when the month was closed"):
            card.with_user(self.clerk).action_count()
        with self.assertRaises(UserError):
            card.with_user(self.supervisor).write({"month": "2026-08-01"})
        before = card.content_hash
        card.line_ids[0]._as_internal().numerator = 3.0
        self.assertNotEqual(card._get_content_hash(), before)
        close.sudo()._move_to("open")
        self.assertEqual((card.state, card.content_hash), ("draft", False))
        self.assertIn("lists_on_time", str(close.freeze_ids[0]._get_content()))

    def test_months_of_the_demo_are_marked_and_open_nothing(self):
        """Fails when what was entered looks like what was counted."""
        lines = self.env["rd.scorecard.line"].with_user(self.clerk)

        def count_series():
            arch = lines.get_view(view_type="graph")["arch"]
            return arch.count('name="measure_id"'), arch.count('name="origin"')

        card = self._count()
        self.assertEqual(count_series(), (1, 0))
        arch = lines.get_view(view_type="graph")["arch"]
        self.assertIn('js_class="rd_gap_graph"', arch, "n/a is no 0 in the trend")
        line = self._score_line("rows_right", card)
        line._as_internal().write({"numerator": 1.0, "denominator": 4.0})
        self.assertEqual(line.origin, "counted")
        card.sudo()._as_internal().is_demo = True
        self.assertEqual(count_series(), (1, 1))
        self.assertEqual(line.origin, "demo")
        with self.assertRaisesRegex(UserError, "entered with the demo company"):
            line.with_user(self.clerk).action_view_rows()

    def test_what_was_frozen_before_keeps_its_hash(self):
        card = self._count()
        line = self._score_line("lists_on_time", card)
        line._as_internal().write({"row_ids": [7, 5], "against_ids": False})
        before = card._get_content_hash()
        line._as_internal().against_ids = []
        self.assertEqual(card._get_content_hash(), before)
        line._as_internal().against_ids = [5]
        self.assertNotEqual(card._get_content_hash(), before, "it is fixed as well")

    def test_a_mean_has_against_us_what_misses_the_target(self):
        measure = self.env.ref("rd_sales_admin.rd_scorecard_measure_left_open")
        measure.target = 5.0
        figure = Figure(11.0, 3, "res.partner", (1, 2, 3), (), {1: 2, 2: 5, 3: 5.01})
        cards = self.env["rd.scorecard"]
        self.assertEqual(cards._get_against(figure, measure), [3])
        measure.has_target = False
        self.assertEqual(cards._get_against(figure, measure), [])

    def test_supervisor_is_told_with_paper_and_workbook(self):
        card = self._count()
        card.sudo()._freeze()
        told = (
            self.env["mail.message"]
            .search([("model", "=", "rd.scorecard"), ("res_id", "=", card.id)])
            .filtered("attachment_ids")
        )
        self.assertIn(self.supervisor.partner_id, told.partner_ids)
        self.assertNotIn(self.clerk.partner_id, told.partner_ids)
        files = {one.name: one for one in told.attachment_ids}
        self.assertEqual(set(files), {"2026-09.pdf", "2026-09.xlsx"})
        self.assertTrue(files["2026-09.pdf"].raw)
        book = base64.b64decode(files["2026-09.xlsx"].datas)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
        texts = [str(cell) for row in rows.to_python() for cell in row]
        self.assertIn("Contract before shipment", texts)

    def test_month_before(self):
        august = self._count(date(2026, 8, 1))
        line = self._score_line("rows_right", august)
        line._as_internal().write({"numerator": 1.0, "denominator": 4.0})
        line = self._score_line("rows_right", self._count())
        self.assertEqual(line.before_text, "25.0 %")
        action = line.with_user(self.clerk).action_view_trend()
        found = self.env["rd.scorecard.line"].search(action["domain"])
        self.assertEqual(found.scorecard_id, august)
        self.assertEqual(action["display_name"], line.measure_id.name, "the title")

    def test_months_count_by_themselves(self):
        with freeze_time(OCTOBER_8):
            for month in (SEPTEMBER, date(2026, 10, 1)):
                self._open_close(month)
            cards = self.env["rd.scorecard"]._ensure_open(self.company)
            self.assertEqual(
                sorted(cards.mapped("month")), [SEPTEMBER, date(2026, 10, 1)]
            )
            self.assertEqual(self.env["rd.scorecard"]._ensure_open(self.company), cards)

    def test_who_may(self):
        card = self._count()
        auditor = self._create_user("auditor")
        card.with_user(auditor).read(["summary"])
        for role in ("salesperson", "warehouse", "floor"):
            user = self._create_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                card.with_user(user).read(["summary"])
        with self.assertRaises(AccessError):
            card.with_user(auditor).action_count()
        measure = card.line_ids[0].measure_id
        with self.assertRaises(AccessError):
            measure.with_user(self.clerk).target = 1.0
        with self.assertRaisesRegex(UserError, "belongs to the product"):
            measure.with_user(self.supervisor).unit = "days"
        for user in (self.clerk, self.supervisor):
            with self.assertRaisesRegex(UserError, "use the buttons"):
                card.line_ids[0].with_user(user).write({"numerator": 100.0})
            with self.assertRaisesRegex(UserError, "use the buttons"):
                card.with_user(user).write({"state": "frozen"})

    def test_paper(self):
        card = self._count()
        page = (
            self.env["ir.actions.report"]
            ._render_qweb_html("rd_sales_admin.report_scorecard", card.ids)[0]
            .decode()
        )
        self.assertIn("RUNNING", page)
        self.assertIn("orders signed on or before their first shipment", page)
        card.sudo()._as_internal().is_demo = True
        self.assertEqual(card._rd_prepare_paper()["mark"], "DEMO")

    def test_a_card_that_is_not_counted_may_be_of_another_month(self):
        cards = self.env["rd.scorecard"].with_user(self.clerk)
        card = cards.create({"company_id": self.company.id, "month": "2026-08-01"})
        self.assertIn(("Counted on", ""), card._rd_prepare_paper()["heads"])
        card.month = SEPTEMBER
        card.action_count()
        with self.assertRaisesRegex(UserError, "stays that of its month"):
            card.month = date(2026, 8, 1)
        self.assertEqual(card.month, SEPTEMBER)

    def test_without_its_paper_it_goes_out_all_the_same(self):
        card = self._count()
        reports = type(self.env["ir.actions.report"])
        sentence = "no browser"

        def fail(*args, **kwargs):
            raise UserError(sentence)

        self.patch(reports, "_render_qweb_pdf", fail)
        card.sudo()._freeze()
        told = self.env["mail.message"].search(
            [("model", "=", "rd.scorecard"), ("res_id", "=", card.id)]
        )
        self.assertIn(self.supervisor.partner_id, told.partner_ids)
        self.assertEqual(told.attachment_ids.mapped("name"), ["2026-09.xlsx"])


@tagged("post_install", "-at_install")
class TestScorecardLists(ScorecardMixin, DeskCommon):
    """Shipping lists in time and right at once; contracts before shipments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order([(cls.parts[0], 100, 10.0)])
        cls.warehouse.write({"rd_list_rhythm": "month", "rd_list_due_days": 3})

    def _apply(self, rows, received, deliver=True):
        head = "日期,送货单号,料号,数量,客户,事务类型"
        lines = [
            f"2026-08-10,{note},{part[0] if part else 'P-100'},{quantity},"
            f"{self.affiliate.name},发货"
            for note, quantity, *part in rows
        ]
        with freeze_time(received):
            found = (
                self.env["rd.shipping.list"]
                .with_user(self.clerk)
                .create(
                    {
                        "warehouse_id": self.warehouse.id,
                        "date_from": date(2026, 8, 1),
                        "date_to": date(2026, 8, 31),
                        "file": base64.b64encode("\n".join([head, *lines]).encode()),
                        "filename": f"list {received}.csv",
                    }
                )
            )
            found.action_check()
            if deliver:
                found.action_apply()
        return found

    def _expect(self):
        self.company.rd_start_date = date(2026, 8, 1)
        with freeze_time(OCTOBER_8):
            return self.env["rd.shipping.expected"]._ensure(self.company)

    def test_on_time_by_the_day_it_came(self):
        self._apply([("DN-1", 5)], "2026-09-03 04:00:00")
        self._expect()
        with freeze_time(OCTOBER_8):
            self.assertEqual(self._figure("lists_on_time"), (1.0, 1.0, "100.0 %"))

    def test_a_day_late_on_the_company_s_calendar(self):
        # 16:30 UTC of the third is the fourth in Shanghai.
        self._apply([("DN-1", 5)], "2026-09-03 16:30:00")
        self._expect()
        with freeze_time(OCTOBER_8):
            self.assertEqual(self._figure("lists_on_time"), (0.0, 1.0, "0.0 %"))

    def test_missing_counts_once_its_day_is_over(self):
        self._expect()
        with freeze_time("2026-09-03 04:00:00"):
            self.assertEqual(self._figure("lists_on_time")[1], 0.0)
        with freeze_time("2026-09-04 04:00:00"):
            self.assertEqual(self._figure("lists_on_time")[:2], (0.0, 1.0))

    def test_rows_never_corrected(self):
        self._apply([("DN-1", 5), ("DN-2", 6), ("DN-3", 7)], "2026-09-01 04:00:00")
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (3.0, 3.0))
        self._apply([("DN-1", 5), ("DN-2", 9)], "2026-09-02 04:00:00")
        line = self._score_line("rows_right", self._count(date(2026, 8, 1)))
        self.assertEqual((line.numerator, line.denominator), (2.0, 3.0))
        self.assertEqual(line.value_text, "66.7 %")
        rows = line.with_user(self.clerk).action_view_rows()
        found = self.env[rows["res_model"]].search(rows["domain"])
        self.assertEqual(sorted(found.mapped("note")), ["DN-1", "DN-2", "DN-3"])
        self.assertEqual(line.against_count, len(found) - line.numerator)
        action = line.with_user(self.clerk).action_view_against()
        wrong = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(wrong.mapped("note"), ["DN-2"])
        self.assertIn((False, "kanban"), action["views"])
        self.assertEqual(action["mobile_view_mode"], "kanban")
        right = self._score_line("lists_on_time", line.scorecard_id)
        with self.assertRaisesRegex(UserError, "nothing counts against us in 2026-08"):
            right.with_user(self.clerk).action_view_against()

    def _notes(self, *wrong):
        """Return ten rows of a list, some of them with a part nobody knows."""
        return [
            (f"DN-{one}", 1, "P-199" if one in wrong else "P-100") for one in range(10)
        ]

    def test_mended_rows_were_not_right_at_once(self):
        self._apply(self._notes(2, 3, 5, 7), "2026-09-01 04:00:00")
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (6.0, 10.0))
        mended = self._apply(self._notes(), "2026-09-02 04:00:00")
        self.assertEqual(mended.state, "applied")
        self.assertEqual(self.order.order_line.qty_delivered, 10)
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (6.0, 10.0))
        line = self._score_line("rows_right", august)
        rows = self.env["rd.shipping.list.line"].browse(line.row_ids)
        self.assertNotIn(mended, rows.list_id)

    def test_a_row_the_desk_had_no_order_for_is_no_fault_of_the_list(self):
        self._apply(self._notes(4), "2026-09-01 04:00:00")
        part = self._create_part("P-199", 3.0)
        self._create_order([(part, 5, 3.0)])
        again = self._apply([*self._notes(4), ("DN-A", 1)], "2026-09-02 04:00:00")
        self.assertEqual(again.state, "applied")
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (11.0, 11.0))

    def test_rows_left_out_were_not_right(self):
        """They did not belong into the list; where they come again, it is no news."""
        first = self._apply(self._notes(4), "2026-09-01 04:00:00")
        row = first.line_ids.filtered(lambda line: line.verdict == "no_order")
        row.with_user(self.clerk).action_dismiss("not ours")
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (9.0, 10.0))
        self._apply([*self._notes(4), ("DN-A", 1)], "2026-09-02 04:00:00")
        line = self._score_line("rows_right", self._count(date(2026, 8, 1)))
        self.assertEqual((line.numerator, line.denominator), (10.0, 11.0))
        self.assertEqual(line.against_ids, row.ids)

    def test_rows_taken_up_again_were_right(self):
        """Wherever they were taken up: the list was right, the desk was not."""
        first = self._apply(self._notes(3, 4), "2026-09-01 04:00:00")
        rows = first.line_ids.filtered(lambda line: line.verdict == "no_order")
        rows.with_user(self.clerk).action_dismiss("not ours")
        self._create_order([(self._create_part("P-199", 3.0), 5, 3.0)])
        first.action_apply()
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (8.0, 10.0))
        rows[0].with_user(self.clerk).action_take_up("ours")
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (8.0, 9.0))
        first.action_apply()
        again = self._apply([("DN-4", 1, "P-199"), ("DN-A", 1)], "2026-09-02 04:00:00")
        again.line_ids[0].with_user(self.clerk).action_take_up("ours")
        again.action_apply()
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (11.0, 11.0))

    def test_rows_ready_to_deliver_count_neither_way(self):
        self._apply(self._notes(4), "2026-09-01 04:00:00", deliver=False)
        august = self._count(date(2026, 8, 1))
        self.assertEqual(self._figure("rows_right", august)[:2], (0.0, 1.0))

    def _close_august(self):
        close = self._open_close(date(2026, 8, 1))
        close.sudo().step_ids._as_internal().unlink()
        with freeze_time("2026-09-08 04:00:00"):
            close.with_user(self.supervisor).action_close()

    def test_a_correction_after_the_close_counts_in_its_own_month(self):
        self._apply([("DN-1", 5), ("DN-2", 6)], "2026-09-01 04:00:00")
        self._close_august()
        self._apply([("DN-1", 5), ("DN-2", 9)], "2026-09-10 04:00:00")
        self._apply([("DN-1", 5), ("DN-2", 8)], "2026-09-11 04:00:00")
        line = self._score_line("rows_right", self._count())
        self.assertEqual((line.numerator, line.denominator), (0.0, 1.0))
        row = self.env["rd.shipping.list.line"].browse(line.row_ids)
        self.assertEqual((row.note, row.quantity), ("DN-2", 6.0))

    def test_a_late_correction_counts_against_the_row_that_said_it_first(self):
        row = ("DN-1", 5, "P-199")
        first = self._apply([row], "2026-09-01 04:00:00")
        again = self._apply([row, ("DN-A", 1)], "2026-09-02 04:00:00")
        self._create_order([(self._create_part("P-199", 3.0), 9, 3.0)])
        again.action_apply()
        self._close_august()
        self._apply([("DN-1", 6, "P-199")], "2026-09-10 04:00:00")
        self.assertEqual(first.line_ids.corrected_month, SEPTEMBER)
        self.assertFalse(again.line_ids[0].corrected_month)

    def test_a_list_after_the_close_counts_in_its_own_month(self):
        self._close_august()
        self._apply(self._notes(4), "2026-09-10 04:00:00")
        self.assertEqual(self._figure("rows_right")[:2], (9.0, 10.0))

    def test_contract_before_the_first_shipment(self):
        late = self._create_order([(self.parts[1], 10, 25.5)])
        contract = self.env["rd.contract"].create(
            {
                "partner_id": self.affiliate.id,
                "subject": "Fixtures",
                "kind": "framework",
                "company_id": self.company.id,
            }
        )
        late.rd_contract_id = contract
        contract._as_internal().write(
            {"state": "signed", "date_signed": date(2026, 9, 11)}
        )
        self.order.date_order = datetime(2026, 9, 1)
        self._deliver(self.order, {self.parts[0]: 5}, "DN-1", date(2026, 9, 10))
        self._deliver(late, {self.parts[1]: 5}, "DN-2", date(2026, 9, 10))
        for picking, day in ((self.order.picking_ids, 10), (late.picking_ids, 10)):
            done = picking.move_ids.filtered(lambda move: move.state == "done")
            done.date = datetime(2026, 9, day, 4)
        self.assertEqual(self._figure("signed_first"), (1.0, 2.0, "50.0 %"))
        contract._as_internal().date_signed = date(2026, 9, 10)
        self.assertEqual(self._figure("signed_first")[:2], (2.0, 2.0))
        contract._as_internal().state = "cancelled"
        self.assertEqual(self._figure("signed_first")[:2], (1.0, 2.0))
        # what was cancelled after it left is signed by nobody any more
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(self._figure("signed_first")[:2], (0.0, 2.0))


@tagged("post_install", "-at_install")
class TestScorecardNews(ScorecardMixin, OrdersCommon):
    """Open orders with fresh news, day by day."""

    def test_mean_over_the_days(self):
        with freeze_time("2026-09-21 04:00:00"):
            release = self._draft()
            release.action_release()
        with freeze_time("2026-09-30 04:00:00"):
            # Fresh on 21–27, three days without news.
            card = self._count()
        self.assertEqual(self._figure("fresh_news", card), (7.0, 10.0, "70.0 %"))
        line = self._score_line("fresh_news", card)
        self.assertEqual(line.against_ids, release.order_id.ids)
        release._as_internal().ready_date = date(2026, 9, 28)
        with freeze_time(OCTOBER_8):
            self.assertEqual(self._figure("fresh_news")[:2], (7.0, 7.0))
        release._as_internal().state = "cancelled"
        with freeze_time(OCTOBER_8):
            self.assertEqual(self._figure("fresh_news")[1], 0.0)


@tagged("post_install", "-at_install")
class TestScorecardHandover(ScorecardMixin, HandoverCommon):
    """Lines handed over by their planned day."""

    def test_in_time(self):
        handover = self._make_handover(date_due=date(2026, 9, 15))
        self._receive_all(handover)
        with freeze_time("2026-09-15 04:00:00"):
            self.assertEqual(self._figure("handed_over")[1], 0.0)
        with freeze_time("2026-09-16 04:00:00"):
            self.assertEqual(self._figure("handed_over")[:2], (0.0, 3.0))
        handover.action_send()
        self._accept(handover)
        self.assertEqual(handover.state, "accepted")
        handover._as_internal().confirmed_date = datetime(2026, 9, 15, 15, 59)
        self.assertEqual(self._figure("handed_over")[:2], (3.0, 3.0))
        handover._as_internal().confirmed_date = datetime(2026, 9, 15, 16, 1)
        self.assertEqual(self._figure("handed_over")[:2], (0.0, 3.0))
