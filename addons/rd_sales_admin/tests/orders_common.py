# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import Command

from .common import DeskCommon


class OrdersCommon(DeskCommon):
    """A tooling department with two people, an assembly one, and an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls._create_named("head", "floor")
        cls.fitter = cls._create_named("fitter", "floor")
        cls.stranger = cls._create_named("stranger", "floor")
        cls.tooling = cls.env["rd.department"].create(
            {
                "name": "Tooling",
                "company_id": cls.company.id,
                "head_id": cls.head.id,
                "member_ids": [Command.set(cls.fitter.ids)],
            }
        )
        cls.assembly = cls.env["rd.department"].create(
            {
                "name": "Assembly",
                "company_id": cls.company.id,
                "head_id": cls.stranger.id,
            }
        )
        cls.today = cls.company._rd_today()
        cls.order = cls._create_tooling_order()

    @classmethod
    def _create_named(cls, login, role):
        user = cls._create_user(role) if login == role else None
        if user is None:
            user = cls.env["res.users"].create(
                {
                    "name": login.title(),
                    "login": f"rd_{login}",
                    "password": f"rd_{login}",
                    "email": f"{login}@example.com",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [
                        Command.set(
                            cls.env.ref(
                                f"rd_sales_admin.rd_sales_admin_group_{role}"
                            ).ids
                        )
                    ],
                }
            )
        return user

    @classmethod
    def _create_tooling_order(cls, quantity=4, **values):
        return cls._create_order(
            [(cls.parts[0], quantity, 10.0)], rd_order_kind="tooling", **values
        )

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def _draft(cls, order=None, days=10, department=None):
        releases = cls.env["rd.order.release"].with_user(cls.clerk)
        values = releases._prepare_of_order((order or cls.order).with_user(cls.clerk))
        return releases.create(
            {
                **values,
                "department_id": (department or cls.tooling).id,
                "wanted_date": cls._day(days),
            }
        )

    @classmethod
    def _release(cls, order=None, days=10, department=None):
        release = cls._draft(order, days, department)
        release.action_release()
        return release
