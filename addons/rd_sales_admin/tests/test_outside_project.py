# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from .common import ReadyCompanyCommon


@tagged("post_install", "-at_install")
class TestOutsideProject(ReadyCompanyCommon):
    """Projects and milestones of people and customers outside the desk.

    A manager of projects without a post of ours, and a customer without a class: what
    they do comes to what it comes to in stock Odoo.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.manager = cls._create_outsider(
            "manager", "project.group_project_manager,sales_team.group_sale_manager"
        )
        cls.member = cls._create_outsider("member", "project.group_project_user")

    @classmethod
    def _create_outsider(cls, login, groups):
        return new_test_user(
            cls.env,
            login=f"outside_{login}",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------
    def test_project_is_made_without_stages(self):
        """Who has no stages of projects makes one all the same."""
        self.assertFalse(self.manager.has_group("project.group_project_stages"))
        projects = self.env["project.project"].with_user(self.manager)
        with Form(projects) as form:
            form.name = "Test bench"
        made = form.record | projects.create(
            [
                {"name": "Jig", "allow_billable": True},
                {"name": "Pattern", "allow_billable": True, "is_template": True},
            ]
        )
        self.assertEqual(made.mapped("name"), ["Test bench", "Jig", "Pattern"])
        sheets = made.sudo()
        self.assertEqual(
            sheets.mapped("rd_on_sheet"),
            [sheets[0].allow_billable, True, False],
            "known as soon as it is made",
        )
        self.assertTrue(sheets[1].rd_sheet_due)
        self.assertFalse(sheets[2].rd_sheet_due)
        given = projects.sudo().create(
            {"name": "Own", "allow_billable": True, "rd_on_sheet": False}
        )
        self.assertFalse(given.rd_on_sheet or given.rd_sheet_due, "what is given stays")

    def test_project_is_a_favourite_of_who_reads_it(self):
        project = self.env["project.project"].sudo().create({"name": "Test bench"})
        project = project.with_user(self.member)
        self.assertFalse(project.has_access("write"))
        project.write({"is_favorite": True})
        self.assertTrue(project.is_favorite)
