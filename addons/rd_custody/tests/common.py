# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.rd_sales_admin.tests import ready

ROLES = (
    "auditor",
    "floor",
    "warehouse",
    "finance",
    "salesperson",
    "clerk",
    "supervisor",
)


class CustodyCommon(TransactionCase):
    """An owner, a subsupplier and one user of each role."""

    @classmethod
    def setUpClass(cls):
        if not ready.take(cls, "custody", CustodyCommon):
            super().setUpClass()
            cls._make_people()

    @classmethod
    def _make_people(cls):
        cls.company = cls.env.company
        cls.owner, cls.other_owner, cls.subsupplier = cls.env["res.partner"].create(
            [{"name": name} for name in ("Owner A", "Owner B", "Plating shop")]
        )
        cls.users = {
            role: new_test_user(
                cls.env,
                login=f"custody_{role}",
                groups=f"rd_sales_admin.rd_sales_admin_group_{role}",
            )
            for role in ROLES
        }
        cls.bare_user = new_test_user(
            cls.env, login="custody_bare", groups="base.group_user"
        )

    @classmethod
    def _create_card(cls, **values):
        return cls.env["rd.property"].create(
            {
                "partner_id": cls.owner.id,
                "description": "Left window mould",
                "kind": "mould",
                **values,
            }
        )

    @classmethod
    def _register(cls, card, kind, date="2025-03-01", user=None, **values):
        return (
            cls.env["rd.property.event"]
            .with_user(user or cls.env.user)
            .create({"property_id": card.id, "kind": kind, "date": date, **values})
        )

    @classmethod
    def _create_held(cls, quantity=10.0, date="2025-01-10", **values):
        card = cls._create_card(**values)
        cls._register(card, "receive", date, quantity=quantity, place="Shelf 1")
        return card

    @classmethod
    def _create_company(cls, name="Second centre"):
        company = cls.env["res.company"].create({"name": name})
        cls.env.user.write({"company_ids": [Command.link(company.id)]})
        return company
