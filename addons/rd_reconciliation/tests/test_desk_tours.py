# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date, timedelta

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import ReconciliationCommon


class DeskTourCase(ReconciliationCommon, HttpCase):
    """A browser that is signed in with one role of the desk and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", cls.base_url())
        for user, role in ((cls.clerk, "clerk"), (cls.supervisor, "supervisor")):
            group = cls.env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}")
            user.write({"password": user.login, "group_ids": [Command.set(group.ids)]})

    def _on_a_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True


@tagged("post_install", "-at_install")
class TestDeskSets(DeskTourCase):
    """What is done to several differences, with other months, and asked twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        part, unit_part, later = cls.parts
        order = cls._create_order([(part, 420, 10.0), (unit_part, 20, 25.5)])
        for note in ("SA-1", "SA-2", "SA-3", "SC-1", "SD-1", "SE-1"):
            cls._deliver(order, {part: 60}, note, date(2026, 9, 10))
        cls._deliver(order, {unit_part: 20}, "SB-1", date(2026, 9, 10))
        unpriced = cls._create_order([(later, 5, 0.0)])
        cls._deliver(unpriced, {later: 5}, "SF-1", date(2026, 9, 10))
        cls.statement = cls._build(cls._open_close(date(2026, 9, 1)))
        cls.statement.user_id = cls.clerk
        rows = [("2026-09-10", f"SA-{n}", "P-100", 58, 655.4) for n in (1, 2, 3)]
        rows += [("2026-09-10", f"S{c}-1", "P-100", 60, 610.2) for c in "DE"]
        rows += [("2026-09-10", "SB-1", "P-200", 2, 576.3)]
        rows += [("2026-09-10", "SF-1", "P-300", 5, 11.3)]
        rows += [("2026-09-11", f"XA-{n}", "P-300", n, 7.7) for n in (1, 2)]
        cls._read_ledger(cls.statement, rows)
        cls.statement.action_match()
        unpriced.order_line.price_unit = 2.0
        cls._deliver(order, {part: 60}, "SG-1", date(2026, 10, 10))
        cls.following = cls._build(cls._open_close(date(2026, 10, 1)))
        rows = [("2026-10-09", "SC-X", "P-100", 60, 678.0)]
        rows += [("2026-10-10", "SG-1", "P-100", 60, 678.0)]
        cls._read_ledger(cls.following, rows, "october.csv")
        cls.following.action_match()

    def _states(self):
        found = {}
        for item in self.statement.difference_ids:
            lines = item.line_ids or item.ledger_line_ids
            found.setdefault(lines[:1].note, []).append((item.code, item.state))
        return {note: sorted(states) for note, states in sorted(found.items())}

    def test_sets_months_and_answers_by_keyboard(self):
        self.start_tour(
            "/odoo/exceptions", "rd_exception_desk_sets_tour", login=self.clerk.login
        )
        self.assertEqual(
            self._states(),
            {
                "SA-1": [("quantity", "agreed")],
                "SA-2": [("quantity", "open")],
                "SA-3": [("quantity", "agreed")],
                "SB-1": [("uom", "agreed")],
                "SC-1": [("match", "agreed")],
                "SD-1": [("price", "open")],
                "SE-1": [("not_in_ours", "open"), ("timing", "open")],
                "SF-1": [("price", "agreed")],
                "XA-1": [("not_in_ours", "explained")],
                "XA-2": [("not_in_ours", "explained")],
            },
        )
        linked = self.statement.line_ids.filtered(lambda line: line.note == "SC-1")
        self.assertEqual(linked.match_id.ledger_line_ids.statement_id, self.following)
        self.assertFalse(self.following.difference_ids)
        explained = self.statement.difference_ids.filtered(
            lambda item: item.state == "explained"
        )
        self.assertEqual(explained.mapped("evidence"), ["Samples of theirs"] * 2)
        self.assertEqual(
            self.env["rd.match.refusal"]
            .search([("partner_id", "=", self.affiliate.id)])
            .mapped("ledger_line_id.note"),
            ["SE-1"],
        )
        priced = self.statement.line_ids.filtered(lambda line: line.note == "SF-1")
        self.assertRecordValues(priced, [{"price_unit": 2, "verdict": "confirmed"}])
        habit = self.env["rd.match.habit"].search(
            [("partner_id", "=", self.affiliate.id), ("kind", "=", "unit")]
        )
        self.assertEqual(habit.factor, 10)

    def test_sets_and_links_on_a_phone(self):
        self._on_a_phone()
        self.start_tour(
            "/odoo/exceptions",
            "rd_exception_desk_sets_phone_tour",
            login=self.clerk.login,
        )
        states = self._states()
        self.assertEqual(
            [states[note][0][1] for note in ("SA-1", "SA-2", "SA-3")],
            ["agreed", "agreed", "open"],
        )
        self.assertEqual(len(states["SD-1"]), 2)
        self.assertFalse(self.following.difference_ids)
        self.assertFalse(
            self.env["rd.match.refusal"].search_count(
                [("partner_id", "=", self.affiliate.id)]
            )
        )


@tagged("post_install", "-at_install")
class TestSupervisorTours(DeskTourCase):
    """The supervisor's lists, and the rules that he keeps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        part = cls.parts[0]
        order = cls._create_order([(part, 180, 10.0)])
        for note in ("VA-1", "VB-1", "VC-100001"):
            cls._deliver(order, {part: 60}, note, date(2026, 9, 10))
        cls.statement = cls._build(cls._open_close(date(2026, 9, 1)))
        rows = [("2026-09-10", f"V{c}-1", "P-100", 58, 655.4) for c in "AB"]
        rows += [("2026-09-10", "CNVC-100001", "P-100", 60, 678.0)]
        cls._read_ledger(cls.statement, rows)
        cls.statement.action_match()
        late, parted, learned = (
            cls.statement.difference_ids.filtered(
                lambda item, note=note: item.line_ids.note.startswith(note)
            )
            for note in ("VA", "VB", "VC")
        )
        learned.with_user(cls.clerk).act("learn")
        parted.with_user(cls.clerk).act("unlink", {"again": False})
        late.deadline = cls.company._rd_today() - timedelta(days=9)
        cls.late = late
        with cls._parted(cls):
            cls.env["rd.difference"].sudo()._cron_escalate()

    def _rule(self, code="quantity_short"):
        return self.env["rd.difference.rule"]._get_by_code(self.company)[code]

    def test_lists_and_rules(self):
        self.assertTrue(self.late.escalated_date)
        self.start_tour(
            "/odoo/differences", "rd_desk_supervisor_tour", login=self.supervisor.login
        )
        self.assertEqual(self._rule().days, 2)
        tolerance = self.env["rd.match.tolerance"].search(
            [("partner_id", "=", self.affiliate.id)]
        )
        self.assertRecordValues(tolerance, [{"tolerance": 0.1}])
        habits = self.env["rd.match.habit"].with_context(active_test=False)
        found = habits.search([("partner_id", "=", self.affiliate.id)])
        self.assertEqual(found.mapped("active"), [False])
        self.assertFalse(
            self.env["rd.match.refusal"].search_count(
                [("partner_id", "=", self.affiliate.id)]
            )
        )

    def test_rules_on_a_phone(self):
        self._on_a_phone()
        self.start_tour(
            "/odoo/difference-rules",
            "rd_desk_supervisor_phone_tour",
            login=self.supervisor.login,
        )
        self.assertEqual(self._rule().days, 2)


@tagged("post_install", "-at_install")
class TestLayoutTours(DeskTourCase):
    """The clerk is asked how a first file is meant, and accepts by one press."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        part = cls.parts[0]
        order = cls._create_order([(part, 60, 10.0)])
        cls._deliver(order, {part: 60}, "LA-1", date(2026, 9, 10))
        cls.statement = cls._build(cls._open_close(date(2026, 9, 1)))
        text = "日期,送货单号,料号,数量,金额\n2026-09-10,LA-1,P-100,60,590\n"
        cls.ledger = cls.env["rd.ledger"].create(
            {
                "statement_id": cls.statement.id,
                "file": base64.b64encode(text.encode()),
                "filename": "ledger.csv",
            }
        )

    def _check(self):
        self.assertEqual(self.ledger.layout_state, "asked")
        self.start_tour(
            f"/odoo/statements/{self.statement.id}",
            "rd_ledger_layout_tour",
            login=self.clerk.login,
        )
        self.assertEqual(self.ledger.layout_state, "known")
        self.assertRecordValues(
            self.ledger.line_ids, [{"note": "LA-1", "tax_basis": "excluded"}]
        )
        self.assertFalse(self.ledger.profile_id.proposed)

    def test_layout_is_accepted(self):
        self._check()

    def test_layout_is_accepted_on_a_phone(self):
        self._on_a_phone()
        self._check()
