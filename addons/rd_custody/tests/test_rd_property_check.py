# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import io

from freezegun import freeze_time
from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustodyCommon


def picture(colour="red"):
    """Return a small photo as base64 bytes."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return base64.b64encode(out.getvalue())


class CheckCommon(CustodyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.email = "owner@example.com"
        cls.env["rd.property.checklist"].search([("kind", "=", "mould")]).active = False
        cls.env.flush_all()
        cls.checklist = cls.env["rd.property.checklist"].create(
            {
                "name": "Moulds",
                "kind": "mould",
                "line_ids": [
                    (0, 0, {"name": "Cavity", "needs_photo": True}),
                    (0, 0, {"name": "Mark"}),
                    (0, 0, {"name": "Spare parts", "is_mandatory": False}),
                ],
            }
        )

    def _answer(self, card, user=None, **results):
        for check in card.check_ids:
            if result := results.get(check.name.split()[0].lower()):
                check.with_user(user or self.env.user).write(result)


@tagged("post_install", "-at_install")
class TestRdPropertyCheck(CheckCommon):
    def test_receipt_asks_the_points_of_its_kind(self):
        card = self._create_held()
        self.assertEqual(
            card.check_ids.mapped("name"), ["Cavity", "Mark", "Spare parts"]
        )
        self.assertEqual(card.check_open_count, 2)
        self.assertFalse(self._create_held(kind="tool").check_ids & card.check_ids)
        self._register(card, "receive", quantity=1)
        self.assertEqual(len(card.check_ids), 3, "those asked already are enough")

    def test_one_tap_answers_and_opens_the_point(self):
        floor = self.users["floor"]
        points = self._create_held().check_ids.with_user(floor)
        cavity, mark, _spare = points
        mark.write({})
        mark.action_open()
        self.assertFalse(mark.answered_by_id, "looking is no answer")
        for point, act, result in (
            (cavity, cavity.action_damaged, "damaged"),
            (mark, mark.action_unsuitable, "unsuitable"),
        ):
            action = act()
            self.assertEqual(
                (action["res_model"], action["res_id"]), (point._name, point.id)
            )
            self.assertEqual((point.result, point.answered_by_id), (result, floor))
        mark.action_good()
        self.assertEqual(mark.result, "good")

    def test_own_list_goes_before_the_common_one(self):
        own = self.checklist.copy({"company_id": self.company.id})
        own.line_ids[1:].unlink()
        self.assertEqual(self._create_held().check_ids.mapped("name"), ["Cavity"])

    def test_verified_only_when_each_must_is_answered(self):
        """Fails when a mandatory point or its photo may be left out."""
        card = self._create_held()
        for step in (
            {},
            {"mark": {"result": "good"}},
            {"cavity": {"result": "good"}},  # its photo is missing
        ):
            self._answer(card, **step)
            with self.assertRaisesRegex(UserError, "Cavity"), self.env.cr.savepoint():
                card.action_finish_check()
            with self.assertRaisesRegex(UserError, "Cavity"), self.env.cr.savepoint():
                self._register(card, "verify", condition="good")
        self.assertFalse(card.verified_on)
        self._answer(card, cavity={"photo": picture()})
        card.action_finish_check()
        self.assertEqual(card.verified_on, self.company._rd_today())
        self.assertEqual((card.condition, card.incident_ids.ids), ("good", []))
        with self.assertRaises(UserError):
            card.action_finish_check()

    def test_finished_answers_stay(self):
        card = self._create_held()
        self._answer(
            card,
            cavity={"result": "good", "photo": picture()},
            mark={"result": "good"},
        )
        card.action_finish_check()
        check = card.check_ids[0]
        with self.assertRaises(UserError):
            check.write({"result": "damaged"})
        with self.assertRaises(UserError):
            check.unlink()
        photo = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "rd.property.check"),
                ("res_id", "=", check.id),
                ("res_field", "=", "photo"),
            ]
        )
        for act in (photo.unlink, lambda: photo.write({"raw": b"x"})):
            with self.assertRaises(UserError):
                act()

    def test_discrepancy_tells_the_owner_at_once(self):
        card = self._create_held()
        clerk = self.users["clerk"]
        self._answer(
            card,
            user=clerk,
            cavity={"result": "damaged", "photo": picture(), "note": "Crack 30 mm"},
            mark={"result": "unsuitable"},
        )
        with self.assertRaisesRegex(UserError, "Mark"), self.env.cr.savepoint():
            card.with_user(clerk).action_finish_check()
        self._answer(card, user=clerk, mark={"note": "Not readable"})
        action = card.with_user(clerk).action_finish_check()
        incident = self.env["rd.property.incident"].browse(action["res_id"])
        self.assertRecordValues(
            incident, [{"state": "reported", "kind": "damage", "quantity": 10}]
        )
        self.assertIn("Crack 30 mm", incident.description)
        self.assertEqual(len(incident.photo_ids), 1)
        mails = self.env["mail.mail"].search([("res_id", "=", incident.id)])
        self.assertIn(self.owner, mails.recipient_ids)
        self.assertEqual(card.condition, "damaged")

    def test_owner_without_address_waits_for_the_desk(self):
        self.owner.email = False
        card = self._create_held()
        self._answer(
            card,
            cavity={"result": "unsuitable", "photo": picture()},
            mark={"result": "good"},
        )
        card.action_finish_check()
        self.assertEqual(card.incident_ids.mapped("state"), ["draft"])

    def test_coming_again_is_verified_again(self):
        card = self._create_held()
        self._answer(
            card, cavity={"result": "good", "photo": picture()}, mark={"result": "good"}
        )
        card.action_finish_check()
        today = self.company._rd_today()
        self._register(card, "return", today, quantity=10)
        self._register(card, "receive", today, quantity=1)
        self.assertFalse(card.verified_on)
        self.assertEqual(card.check_open_count, 2)

    def test_floor_answers_and_the_warehouse_finishes(self):
        card = self._create_held()
        self._answer(
            card,
            user=self.users["floor"],
            cavity={"result": "good", "photo": picture()},
            mark={"result": "good"},
        )
        self.assertEqual(card.check_ids[0].answered_by_id, self.users["floor"])
        with self.assertRaises(AccessError):
            card.with_user(self.users["floor"]).action_finish_check()
        with self.assertRaises(UserError):
            card.check_ids[2].with_user(self.users["floor"]).write({"name": "Other"})
        card.with_user(self.users["warehouse"]).action_finish_check()
        self.assertTrue(card.verified_on)

    def test_marking_has_its_photo(self):
        card = self._create_held()
        unmarked = [("marked_on", "=", False), ("id", "=", card.id)]
        self.assertTrue(card.search(unmarked))
        with self.assertRaisesRegex(UserError, "photo"), self.env.cr.savepoint():
            self._register(card, "mark")
        event = self._register(card, "mark", "2025-03-02", photo=picture())
        self.assertFalse(card.search(unmarked))
        self.assertEqual(str(card.marked_on), "2025-03-02")
        self.assertEqual(card.mark_photo, event.photo)

    def test_photo_of_an_event_stays(self):
        event = self._register(self._create_held(), "mark", photo=picture())
        photo = self.env["ir.attachment"].search(
            [
                ("res_model", "=", event._name),
                ("res_id", "=", event.id),
                ("res_field", "=", "photo"),
            ]
        )
        self.assertTrue(photo)
        loose = photo.copy({"res_id": False, "res_field": False})
        loose.unlink()  # one that was uploaded and never became an event's
        for act in (photo.unlink, lambda: photo.write({"raw": b"x"})):
            with (
                self.assertRaisesRegex(UserError, "never changed"),
                self.env.cr.savepoint(),
            ):
                act()

    def test_papers_belong_to_their_card(self):
        clerk = self.users["clerk"]
        card = self._create_held().with_user(clerk)
        paper = self.env["ir.attachment"].with_user(clerk)
        paper = paper.create({"name": "drawing.png", "datas": picture()})
        card.paper_ids = [(4, paper.id)]
        self.assertEqual((paper.res_model, paper.res_id), (card._name, card.id))

    def test_passport_prints(self):
        card = self._create_held(photo=picture("blue"))
        self._register(card, "mark", photo=picture())
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("rd_custody.report_passport", card.ids)[0]
            .decode()
        )
        for text in (card.name, self.owner.name, "Cavity", "Timeline", "Shelf 1"):
            self.assertIn(text, html)
        self.assertEqual(html.count("data:image/png"), 2)

    def test_card_opens_with_constant_queries(self):
        """Fails with a query per event, point or paper."""
        view = self.env["rd.property"].get_view(
            self.env.ref("rd_custody.rd_property_view_form").id
        )
        names = view["models"]["rd.property"]
        small, large = self._create_held(), self._create_held()
        for day in range(1, 29):
            self._register(large, "move", f"2025-02-{day:02}", place=f"Shelf {day}")

        def opened(card):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            card.web_read(
                {name: {} for name in names}
                | {
                    "event_ids": {"fields": {"date": {}, "kind": {}, "place": {}}},
                    "check_ids": {"fields": {"name": {}, "result": {}}},
                }
            )
            return self.env.cr.sql_log_count - before

        opened(small)
        self.assertEqual(opened(small), opened(large))

    def test_upkeep_is_reminded_once(self):
        card = self._create_held(upkeep="calibrate", upkeep_months=6)
        self.assertEqual(str(card.upkeep_due), "2025-07-10")
        # a test has one transaction; how it is parted is tested on a server
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        with freeze_time("2025-07-09 04:00:00"):
            self.env["rd.property"]._cron_upkeep()
        self.assertFalse(card.activity_ids, "tomorrow is early enough")
        for _turn in range(2):
            self.env["rd.property"]._cron_upkeep()
        self.assertEqual(len(card.activity_ids), 1)
        self._register(card, "maintain", "2025-08-01")
        self.assertEqual(str(card.upkeep_due), "2026-02-01")
        self.env["rd.property"]._cron_upkeep()
        self.assertEqual(len(card.activity_ids), 2)
