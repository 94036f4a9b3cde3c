# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields, http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.tests.common import DeskCommon

from .common import CustodyCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAA"
    "AABJRU5ErkJggg=="
)


class IncidentCommon(CustodyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.email = "owner@example.com"
        cls.card = cls._create_held(quantity=4.0)
        cls.portal_user = new_test_user(
            cls.env,
            "owner_portal",
            groups="base.group_portal",
            password="owner_portal",
            name="Ms Wen",
        )
        cls.portal_user.partner_id.parent_id = cls.owner
        cls.stranger = new_test_user(
            cls.env,
            "stranger_portal",
            groups="base.group_portal",
            password="stranger_portal",
        )
        cls.stranger.partner_id.parent_id = cls.other_owner

    @classmethod
    def _create_incident(cls, user=None, **values):
        return (
            cls.env["rd.property.incident"]
            .with_user(user or cls.users["clerk"])
            .create(
                {
                    "property_id": cls.card.id,
                    "kind": "damage",
                    "quantity": 1.0,
                    "description": "Parting line chipped",
                    **values,
                }
            )
        )

    @classmethod
    def _create_paper(cls, name="closing.png"):
        attachments = cls.env["ir.attachment"].with_user(cls.users["clerk"])
        return attachments.create(
            {"name": name, "datas": PIXEL, "mimetype": "image/png"}
        )


@tagged("post_install", "-at_install")
class TestRdPropertyIncident(IncidentCommon):
    def test_clock_runs_from_discovery(self):
        """24 hours for damage and loss, 48 for unfit, or what the owner says."""
        found = datetime(2026, 3, 6, 22, 0)
        incident = self._create_incident(discovered_date=found)
        self.assertEqual(incident.report_deadline, found + timedelta(hours=24))
        incident.kind = "unsuitable"
        self.assertEqual(incident.report_deadline, found + timedelta(hours=48))
        self.owner.rd_unsuitable_hours = 8
        self.assertEqual(incident.report_deadline, found + timedelta(hours=8))
        with self.assertRaisesRegex(ValidationError, "more than zero"):
            self.owner.rd_damage_hours = 0

    def test_late_is_escalated_once(self):
        with freeze_time("2026-03-06 08:00:00"):
            incident = self._create_incident()
        incidents = self.env["rd.property.incident"]
        # a test has one transaction; how it is parted is tested on a server
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *args, **kwargs: 1)
        with freeze_time("2026-03-07 07:59:00"):
            incidents._cron_escalate()
            self.assertFalse(incident.activity_ids)
            self.assertNotIn(incident, incidents.search([("is_late", "=", True)]))
        incident.invalidate_recordset()
        with freeze_time("2026-03-07 08:01:00"):
            self.assertIn(incident.id, incidents.search([("is_late", "=", True)]).ids)
            self.assertTrue(incident.is_late)
            incidents._cron_escalate()
            told = incident.activity_ids.user_id
            self.assertIn(self.users["supervisor"], told)
            self.assertIn(self.users["clerk"], told)
            count = len(incident.activity_ids)
            incidents._cron_escalate()
            self.assertEqual(len(incident.activity_ids), count)

    @mute_logger("odoo.addons.rd_sales_admin.models.ir_cron")
    def test_one_that_fails_keeps_no_other_from_being_escalated(self):
        incidents = self.env["rd.property.incident"]
        with freeze_time("2026-03-06 08:00:00"):
            bad, good = self._create_incident(), self._create_incident()
        schedule = type(bad).activity_schedule

        def fail(incident, *args, **kwargs):
            if incident == bad:
                raise ZeroDivisionError
            return schedule(incident, *args, **kwargs)

        self.patch(type(bad), "activity_schedule", fail)
        with freeze_time("2026-03-08 08:00:00"), DeskCommon._parted(self):
            incidents.search([]).invalidate_recordset()
            incidents._cron_escalate()
        self.assertTrue(good.escalated_date)
        self.assertFalse(bad.escalated_date)

    def test_nobody_gets_at_a_file_by_its_number(self):
        """Neither what a colleague has just uploaded, nor what one may not read."""
        loose = self.env["ir.attachment"].create({"name": "x.png", "datas": PIXEL})
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        secret = loose.copy({"res_model": "res.company", "res_id": elsewhere.id})
        incident = self._create_incident()
        card = self.card.with_user(self.users["clerk"])
        for paper in (loose, secret):
            holder = (paper.res_model, paper.res_id)
            with (
                self.assertRaisesRegex(UserError, "upload it yourself"),
                self.env.cr.savepoint(),
            ):
                incident.write({"closing_document_id": paper.id})
            for act in (
                lambda paper=paper: self._create_incident(photo_ids=[(4, paper.id)]),
                lambda paper=paper: incident.write({"photo_ids": [(4, paper.id)]}),
                lambda paper=paper: card.write({"paper_ids": [(4, paper.id)]}),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    act()
            self.env.invalidate_all()
            self.assertEqual((paper.res_model, paper.res_id), holder)

    def test_photos_that_were_shown_stay(self):
        photo, more = self._create_paper("mould.png"), self._create_paper("later.png")
        incident = self._create_incident(photo_ids=[(4, photo.id)])
        incident.action_report()
        for command in ((3, photo.id), (5,), (6, 0, more.ids)):
            with (
                self.assertRaisesRegex(UserError, "what was said stays"),
                self.env.cr.savepoint(),
            ):
                incident.photo_ids = [command]
        incident.photo_ids = [(4, more.id)]
        self.assertEqual(incident.photo_ids, photo | more)

    def test_a_photo_is_thrown_away_before_it_was_shown(self):
        photo = self._create_paper()
        incident = self._create_incident(photo_ids=[(4, photo.id)])
        photo.unlink()
        self.assertFalse(incident.photo_ids)

    def test_closed_on_the_day_of_the_company(self):
        self.company.rd_tz = "Asia/Shanghai"
        incident = self._create_incident()
        incident.action_report()
        incident.closing_note = "Welded and ground, measured"
        incident.closing_document_id = self._create_paper()
        with freeze_time("2026-03-10 20:00:00"):
            incident.with_context(tz="UTC").action_close()
        self.assertEqual(str(incident.closed_date), "2026-03-11")

    def test_a_link_posts_and_reads_no_messages(self):
        incident = self._create_incident()
        incident.action_report()
        token = incident._as_internal()._portal_ensure_token()
        threads = self.env[incident._name].with_user(self.env.ref("base.public_user"))
        for mode in ("read", "write"):
            self.assertFalse(
                threads._get_thread_with_access(incident.id, mode=mode, token=token)
            )

    def test_told_late_stays_late(self):
        with freeze_time("2026-03-06 08:00:00"):
            incident = self._create_incident()
        with freeze_time("2026-03-08 08:00:00"):
            incident.action_report()
        incident.invalidate_recordset()
        self.assertTrue(incident.is_late)
        incidents = self.env["rd.property.incident"]
        self.assertIn(incident, incidents.search([("is_late", "=", True)]))
        self.assertNotIn(incident, incidents.search([("is_late", "=", False)]))
        other = self._create_incident()
        both = incidents.search([("is_late", "in", [True, False])])
        self.assertLessEqual(incident | other, both)

    def test_report_tells_once_and_writes_the_card(self):
        incident = self._create_incident(photo_ids=[(4, self._create_paper().id)])
        mails = self.env["mail.mail"].sudo()
        before = mails.search_count([])
        incident.with_context(force_report_rendering=True).action_report()
        incident.action_report()
        self.assertEqual(incident.state, "reported")
        self.assertEqual(mails.search_count([]), before + 1)
        mail = mails.search([], order="id desc", limit=1)
        self.assertEqual(mail.recipient_ids, self.owner | self.portal_user.partner_id)
        self.assertEqual(mail.attachment_ids.mapped("name"), [f"{incident.name}.pdf"])
        self.assertTrue(mail.attachment_ids.raw.startswith(b"%PDF"))
        event = incident.event_id
        self.assertEqual((event.kind, event.document), ("damage", incident.name))
        self.assertEqual(self.card.condition, "damaged")
        self.assertEqual(incident.photo_ids.res_id, incident.id)

    def test_loss_lowers_the_card(self):
        self._create_incident(kind="loss", quantity=3.0).action_report()
        self.assertEqual(self.card.quantity, 1.0)
        with self.assertRaisesRegex(ValidationError, "only 1.0"):
            self._create_incident(kind="loss", quantity=2.0).action_report()

    def test_owner_without_address(self):
        self.owner.email = False
        self.portal_user.partner_id.email = False
        incident = self._create_incident()
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            incident.action_report()
        self.assertEqual(incident.state, "draft")
        self.assertEqual(self.card.condition, "unchecked")

    def test_what_was_said_stays(self):
        incident = self._create_incident()
        incident.action_report()
        for values in (
            {"description": "Nothing much"},
            {"kind": "loss"},
            {"quantity": 3.0},
            {"state": "closed"},
            {"decision": "use"},
            {"reported_date": False},
            {"discovered_date": fields.Datetime.now()},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                incident.write(values)
        with self.assertRaises(UserError):
            incident.unlink()

    def test_answer_by_phone(self):
        incident = self._create_incident()
        incident.action_report()
        wizard = self.env["rd.property.incident.answer"].with_user(self.users["clerk"])
        wizard.create(
            {
                "incident_id": incident.id,
                "decision": "repair",
                "who": "Mr Lin",
                "words": "Weld it",
            }
        ).action_record()
        self.assertEqual((incident.state, incident.decision), ("answered", "repair"))
        self.assertEqual(incident.confirmed_by, "Mr Lin")
        self.assertEqual(incident.confirmation_channel, "phone")
        with self.assertRaises(UserError):
            incident.action_record_answer("scrap", who="Mr Lin")

    def test_answer_needs_who_and_what(self):
        incident = self._create_incident()
        incident.action_report()
        for arguments in (
            {"decision": "repair"},
            {"decision": "burn", "who": "Mr Lin"},
            {"decision": "repair", "who": "Mr Lin", "channel": "portal"},
        ):
            with self.subTest(arguments), self.assertRaises(UserError):
                incident.action_record_answer(**arguments)

    def test_closing_needs_its_paper_and_is_kept(self):
        incident = self._create_incident()
        incident.action_report()
        incident.closing_note = "Welded and ground, measured"
        with self.assertRaisesRegex(UserError, "closing document"):
            incident.action_close()
        paper = self._create_paper()
        incident.closing_document_id = paper
        self.company.rd_property_keep_years = 10
        with freeze_time("2026-03-10 08:00:00"):
            incident.action_close()
        self.assertEqual(str(incident.keep_until), "2036-03-10")
        with self.assertRaises(UserError):
            incident.closing_note = "Something else"
        with freeze_time("2036-03-09 08:00:00"), self.assertRaises(UserError):
            incident.with_user(self.env.user).unlink()
        for act in (paper.unlink, lambda: paper.write({"datas": PIXEL[:-4]})):
            with self.assertRaisesRegex(UserError, "are kept"):
                act()

    def test_draft_may_be_cancelled_or_deleted(self):
        incident = self._create_incident()
        incident.action_cancel()
        self.assertEqual(incident.state, "cancelled")
        self._create_incident().unlink()

    def test_wrong_facts(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self._create_incident(
                discovered_date=fields.Datetime.now() + timedelta(days=1)
            )
        with self.assertRaisesRegex(ValidationError, "how many"):
            self._create_incident(quantity=0.0)

    # ------------------------------------------------------------------
    # Roles
    # ------------------------------------------------------------------
    def test_floor_reports_and_the_clerk_tells(self):
        incident = self._create_incident(user=self.users["floor"])
        self.assertTrue(incident.name.startswith("CI/"))
        with self.assertRaises(AccessError):
            incident.action_report()
        with self.assertRaises(AccessError):
            incident.write({"description": "changed"})
        for role in ("auditor", "finance", "salesperson"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._create_incident(user=self.users[role])

    def test_portal_sees_its_own_when_told(self):
        incident = self._create_incident(cause="Our crane")
        mine = incident.with_user(self.portal_user)
        with self.assertRaises(AccessError):
            mine.read(["description"])
        incident.action_report()
        self.assertEqual(mine.read(["description"])[0]["description"][:7], "Parting")
        with self.assertRaises(AccessError):
            mine.read(["cause"])
        with self.assertRaises(AccessError):
            mine.write({"closing_note": "x"})
        for method in ("action_close", "action_cancel", "action_report"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(mine, method)()
        with self.assertRaises(AccessError):
            mine.action_record_answer("use", who="me")
        other = incident.with_user(self.stranger)
        self.assertFalse(other.search([]))
        with self.assertRaises(AccessError):
            other.read(["name"])

    def test_stale_page_is_refused(self):
        incident = self._create_incident()
        incident.action_report()
        mine = incident.with_user(self.portal_user)
        with self.assertRaisesRegex(UserError, "load it again"):
            mine._portal_answer("use", "", incident.revision + 1, "x", "127.0.0.1")
        with self.assertRaises(AccessError):
            incident.with_user(self.stranger)._portal_answer(
                "use", "", incident.revision, incident.content_hash, "127.0.0.1"
            )


@tagged("post_install", "-at_install")
class TestIncidentPortal(HttpCase, IncidentCommon):
    def _count_waiting(self):
        """Return what the home page of the portal shows."""
        return self.make_jsonrpc_request(
            "/my/counters", {"counters": ["rd_incident_count"]}
        )["rd_incident_count"]

    def test_answer_on_the_portal(self):
        photo = self._create_paper("mould.png")
        self.company.rd_tz = "Asia/Shanghai"
        incident = self._create_incident(
            photo_ids=[(4, photo.id)], discovered_date="2026-03-01 21:30:00"
        )
        incident.action_report()
        url = f"/my/incidents/{incident.id}"
        self.authenticate("stranger_portal", "stranger_portal")
        for path in (url, f"{url}/report.pdf", f"{url}/photo/{photo.id}"):
            self.assertNotIn("Parting line", self.url_open(path).text)
        self.assertEqual(self.url_open(f"{url}/photo/{photo.id}").status_code, 404)
        token = {"csrf_token": http.Request.csrf_token(self)}
        page = self.url_open(f"{url}/answer", data=token, allow_redirects=False)
        self.assertTrue(page.headers["Location"].endswith("/my"))
        self.assertEqual(self._count_waiting(), 0)
        self.authenticate("owner_portal", "owner_portal")
        self.assertEqual(self._count_waiting(), 1)
        pdf = self.url_open(f"{url}/report.pdf")
        self.assertIn("Parting line", pdf.text)
        name = incident.name.replace("/", "_")
        self.assertIn(f"{name}.pdf", pdf.headers["Content-Disposition"])
        self.assertIn(incident.name, self.url_open("/my/incidents").text)
        page = self.url_open(url).text
        self.assertIn("Parting line chipped", page)
        self.assertIn("05:30", page, "on the clock of the company")
        self.assertEqual(
            self.url_open(f"{url}/photo/{photo.id}").content, base64.b64decode(PIXEL)
        )
        foreign = self._create_paper("secret.png")
        self.assertEqual(self.url_open(f"{url}/photo/{foreign.id}").status_code, 404)
        self.assertEqual(incident.state, "reported", "looking changes nothing")
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        data = {
            "csrf_token": token,
            "decision": "repair",
            "words": "<script>alert(1)</script>",
            "revision": incident.revision,
            "content_hash": "0" * 64,
        }
        self.assertIn("load it again", self.url_open(f"{url}/answer", data=data).text)
        data["content_hash"] = incident.content_hash
        page = self.url_open(f"{url}/answer", data=data).text
        self.assertNotIn("<script>alert(1)", page)
        self.assertEqual((incident.state, incident.decision), ("answered", "repair"))
        self.assertEqual(incident.confirmed_by, "Ms Wen")
        self.assertEqual(incident.confirmation_channel, "portal")
