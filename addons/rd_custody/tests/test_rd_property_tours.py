# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.tests import HttpCase, tagged

from .test_rd_property_check import CheckCommon
from .test_rd_property_incident import IncidentCommon


@tagged("post_install", "-at_install")
class TestPropertyTours(HttpCase, CheckCommon):
    """A mould is received, verified and marked; a label is seen by the camera."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checklist.line_ids[0].needs_photo = False
        cls.clerk = cls.users["clerk"]
        cls.clerk.password = cls.clerk.login

    def _receive_and_mark(self):
        card = self._create_card()
        self.start_tour(
            f"/odoo/customer-property/{card.id}",
            "rd_custody_receive_tour",
            login=self.clerk.login,
        )
        kinds = card.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["receive", "verify", "mark"])
        self.assertEqual(card.event_ids.create_uid, self.clerk)
        self.assertTrue(card.mark_photo)

    def test_receive_and_mark_at_the_desk(self):
        self._receive_and_mark()

    def test_receive_and_mark_on_the_phone(self):
        self.browser_size, self.touch_enabled = "390x844", True
        self._receive_and_mark()

    def test_camera_reads_a_label(self):
        self.browser_size, self.touch_enabled = "390x844", True
        label = self._create_held()._get_label_code()
        self.start_tour(
            "/odoo/custody-scan",
            "rd_custody_camera_tour",
            login=self.clerk.login,
            cookies={"rd_label": label},
        )

    def test_number_is_typed_where_there_is_no_camera(self):
        self._create_held(mark="OWNER-77")
        self.start_tour(
            "/odoo/custody-scan", "rd_custody_no_camera_tour", login=self.clerk.login
        )


@tagged("post_install", "-at_install")
class TestIncidentTour(HttpCase, IncidentCommon):
    """The clerk tells the owner, the owner answers on the phone."""

    def test_from_the_incident_to_the_answer(self):
        incident = self._create_incident()
        clerk = self.users["clerk"]
        clerk.password = clerk.login
        self.start_tour(
            f"/odoo/{self._path()}/{incident.id}",
            "rd_custody_incident_tour",
            login=clerk.login,
        )
        self.assertEqual(incident.state, "reported")
        self.browser_size, self.touch_enabled = "390x844", True
        self.start_tour(
            "/my/incidents", "rd_custody_incident_answer_tour", login="owner_portal"
        )
        self.assertRecordValues(
            incident,
            [
                {
                    "state": "answered",
                    "decision": "repair",
                    "answer": "Weld it, send a photo",
                }
            ],
        )

    def _path(self):
        return self.env.ref("rd_custody.rd_property_incident_action").path
