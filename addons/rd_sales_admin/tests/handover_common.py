# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from .common import DeskCommon


class HandoverCommon(DeskCommon):
    """An affiliate's order of one project, settled by handover, and a template."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].browse(cls.company.id).rd_start_date = "2026-01-01"
        cls.service = cls._create_part(
            "PRJ-1",
            5000.0,
            type="service",
            is_storable=False,
            service_policy="delivered_milestones",
            service_tracking="project_only",
        )
        cls.order, cls.service_line = cls._service_order(cls.affiliate)
        cls.template = cls.env["rd.handover.template"].create(
            {
                "name": "Mould",
                "line_ids": [
                    Command.create({"name": "Mould", "handover_class": "tooling"}),
                    Command.create({"name": "Drawing", "handover_class": "document"}),
                    Command.create({"name": "Keys", "handover_class": "accessory"}),
                ],
            }
        )
        cls.warehouse_user = cls._create_user("warehouse")
        cls.floor_user = cls._create_user("floor")

    @classmethod
    def _service_order(cls, partner, **values):
        order = cls._create_order(
            [(cls.service, 1.0, 5000.0)], partner=partner, **values
        )
        return order, order.order_line

    @classmethod
    def _make_handover(cls, order=None, **values):
        handover = (
            cls.env["rd.handover"]
            .with_user(cls.clerk)
            .create(
                {
                    "company_id": cls.company.id,
                    "order_id": (order or cls.order).id,
                    "template_id": cls.template.id,
                    **values,
                }
            )
        )
        drawing = handover.line_ids.filtered(lambda one: one.name == "Drawing")
        drawing.number = "D-7"
        return handover

    @classmethod
    def _receive_all(cls, handover):
        handover.action_start()
        handover.line_ids.action_receive()

    @classmethod
    def _source(cls, handover):
        return handover._prepare_source(
            "portal", "Ms Lin", *handover._get_shown_revision()
        )

    @classmethod
    def _accept(cls, handover, classes=None):
        handover._take_acceptance(cls._source(handover), classes)

    @classmethod
    def _accepted(cls):
        handover = cls._make_handover()
        cls._receive_all(handover)
        handover.action_send()
        cls._accept(handover)
        return handover

    @classmethod
    def _accept_form(cls, handover, **values):
        return (
            cls.env["rd.handover.accept"]
            .with_user(cls.clerk)
            .create(
                {
                    "handover_id": handover.id,
                    "channel": "phone",
                    "who": "Ms Lin",
                    "note": "called 0571-8800",
                    **values,
                }
            )
        )

    @contextmanager
    def _refused(self, sentence):
        """Expect a refusal that says so, and nothing half written after it."""
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            yield

    @classmethod
    def _project_manager(cls):
        """Return a user with every right of the desk and of Odoo's projects."""
        cls.supervisor.write(
            {
                "group_ids": [
                    Command.link(cls.env.ref("project.group_project_manager").id),
                    Command.link(cls.env.ref("sales_team.group_sale_manager").id),
                ]
            }
        )
        return cls.supervisor

    @classmethod
    def _bulk(cls, number):
        """Return so many handovers of as many order lines, with lines of their own."""
        order = cls._create_order([(cls.service, 1.0, 5.0)] * number)
        return cls.env["rd.handover"].create(
            [
                {
                    "order_id": order.id,
                    "sale_line_id": line.id,
                    "company_id": cls.company.id,
                    "line_ids": [
                        Command.create({"name": "a"}),
                        Command.create({"name": "b", "handover_class": "tooling"}),
                    ],
                }
                for line in order.order_line
            ]
        )
