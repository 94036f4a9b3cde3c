# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ReadyCompanyCommon
from .guards import GuardMixin
from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestOutsideProject(ReadyCompanyCommon):
    """Who keeps projects without a post of ours keeps them as in stock Odoo."""

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


@tagged("post_install", "-at_install")
class TestOutsideMilestone(HandoverCommon, GuardMixin):
    """Milestones of a customer without a class release what they do in stock Odoo,
    until the desk comes to settle with the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = (
            *("project.group_project_manager", "sales_team.group_sale_manager"),
            "account.group_account_invoice",
        )
        cls.user = new_test_user(
            cls.env,
            login="outsider",
            groups=",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.customer = cls.env["res.partner"].create({"name": "Somebody"})
        cls.theirs, cls.line = cls._service_order(cls.customer)
        cls.milestone = cls.env["project.milestone"].search(
            [("sale_line_id", "=", cls.line.id)]
        )

    def _as(self, records):
        return records.with_user(self.user)

    def _reach(self, milestone):
        self._as(milestone).toggle_is_reached(True)

    def _refuse_by_hand(self, milestone=None):
        with self._refused("by its handover only"):
            self._reach(milestone or self.milestone)

    def test_reached_by_hand_and_invoiced(self):
        """Reached, taken back, reached again, invoiced: each as stock Odoo counts."""
        line, milestone = self.line, self.milestone
        self.assertFalse(line.rd_needs_handover)
        for reached in (True, False, True):
            self._as(milestone).toggle_is_reached(reached)
            self.assertEqual(
                (line.qty_delivered, line.qty_to_invoice), (reached, reached)
            )
        invoice = self._as(self.theirs)._create_invoices()
        self.assertEqual(invoice.amount_untaxed, 5000.0)
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (1.0, 0.0))
        self.assertFalse(line.sudo().rd_handover_ids)

    def test_who_may_not_write_is_told_no_more(self):
        """Fails when who only reads a milestone is told what it releases."""
        self.customer.rd_partner_class = "outside"
        self.milestone.project_id.sudo().privacy_visibility = "employees"
        reader = new_test_user(
            self.env,
            login="reader",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        milestone = self.milestone.with_user(reader)
        self.assertFalse(milestone.is_reached)
        with self.assertRaises(AccessError):
            milestone.write({"is_reached": True})

    def test_shared_out_moved_and_deleted_by_hand(self):
        """Part, line and size of what is reached are theirs to change."""
        line, milestone = self.line, self._as(self.milestone)
        self._reach(milestone)
        milestone.product_uom_qty = 0.4
        self.assertAlmostEqual(line.qty_delivered, 0.4)
        second = milestone.create(
            {
                "name": "Second",
                "project_id": milestone.project_id.id,
                "sale_line_id": line.id,
                "quantity_percentage": 0.5,
                "is_reached": True,
            }
        )
        self.assertAlmostEqual(line.qty_delivered, 0.9)
        self._as(line).product_uom_qty = 2
        self.assertAlmostEqual(line.qty_delivered, 1.8)
        second.sale_line_id = False
        self.assertAlmostEqual(line.qty_delivered, 0.8)
        milestone.unlink()
        self.assertAlmostEqual(line.qty_delivered, 0.0)

    def test_what_is_not_reached_is_deleted_by_whoever_keeps_the_project(self):
        milestone = self._as(self.milestone)
        milestone.unlink()
        self.assertFalse(milestone.exists())

    def test_line_is_born_as_it_is_given(self):
        """Nothing is refused; what is delivered may be written as well."""
        values = {"product_id": self.service.id, "qty_delivered_method": "manual"}
        lines = self._as(self.line)
        line = lines.create({"order_id": self.theirs.id, "qty_delivered": 1, **values})
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (0.0, 0.0))
        line.qty_delivered = 0.5
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (0.5, 0.5))
        with self._refused("comes from its handovers"):
            self._as(self.service_line).qty_delivered = 0.5

    def test_gated_from_the_class_on(self):
        """A class that comes later holds for what is reached from then on."""
        first = self._as(self.milestone)
        first.product_uom_qty = 0.5
        second = first.copy({"sale_line_id": self.line.id})
        second.product_uom_qty = 0.5
        self._reach(first)
        self.assertTrue(first.rd_by_hand)
        self.customer.rd_partner_class = "outside"
        self.assertTrue(self.line.rd_needs_handover)
        self._refuse_by_hand(second)
        with self._refused("by its handover only"):
            first.product_uom_qty = 1
        with self._refused("by its handover only"):
            first.unlink()
        self.assertEqual((self.line.qty_delivered, first.rd_by_hand), (0.5, True))
        handover = self._make_handover(self.theirs)
        self.assertEqual(handover.share, 50.0, "what is left of the line")
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        self.assertFalse(handover.milestone_id.rd_by_hand)
        self.assertEqual((self.line.qty_delivered, self.line.qty_to_invoice), (1, 1))
        with self._refused("take"):
            self._as(handover.sudo().milestone_id).is_reached = False

    def test_reached_by_hand_is_taken_back_by_hand(self):
        """So that it can be handed over after all."""
        self._reach(self.milestone)
        self.customer.rd_partner_class = "affiliate"
        values = {"order_id": self.theirs.id, "company_id": self.company.id}
        with self._refused("lies above 0"), mute_logger("odoo.sql_db"):
            self._rpc(self.clerk, "rd.handover", "create", values)
        self._as(self.milestone).toggle_is_reached(False)
        self.assertEqual(self.line.qty_delivered, 0.0)
        self._refuse_by_hand()
        handover = self._make_handover(self.theirs)
        self.assertEqual(handover.share, 100.0)
        self.assertEqual(handover.milestone_id, self.milestone)

    def _queued(self):
        """Return the orders that the work of the desk names for it."""
        deputy = self.env["rd.deputy"].new({"company_id": self.company.id})
        [queue] = [one for one in deputy._get_queues() if one.code == "reached_by_hand"]
        self.assertIn("hand it over", queue.advice)
        return self.env[queue.model].with_user(self.clerk).search(queue.domain)

    def test_reached_by_hand_and_billed_by_nothing_is_told(self):
        """The clerk's list and the refused invoice name it, until it is handed over."""
        self._reach(self.milestone)
        self.assertFalse(self._queued(), "the order bills it")
        self.customer.rd_partner_class = "affiliate"
        self.assertEqual(self._queued(), self.theirs)
        with self._refused("reached by hand before Somebody .* hand it over, then"):
            self._as(self.theirs)._create_invoices()
        self._as(self.milestone).toggle_is_reached(False)
        self.assertFalse(self._queued())
        handover = self._make_handover(self.theirs)
        self._receive_all(handover)
        handover.action_send()
        self._accept(handover)
        self.assertFalse(self._queued())
        with self._refused("invoiced from the agreed statement"):
            self._as(self.theirs)._create_invoices()

    def test_reached_and_billed_before_the_class_is_not_told(self):
        self._reach(self.milestone)
        invoice = self._as(self.theirs)._create_invoices()
        self.customer.rd_partner_class = "affiliate"
        self.assertFalse(self._queued())
        invoice.sudo().button_cancel()
        self.assertEqual(self._queued(), self.theirs, "its invoice is gone")

    def test_settled_by_the_desk_in_another_way(self):
        """By statement, under a contract, ordered or invoiced for one with a class,
        or being handed over: gated without a class of the customer, too."""
        contract = self.env["rd.contract"].create(
            {
                "subject": "Welding line",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        ways = (
            lambda: self.customer.write({"rd_settlement_mode": "statement_sent"}),
            lambda: self.theirs.write({"rd_contract_id": contract.id}),
            lambda: self.theirs.write({"partner_invoice_id": self.affiliate.id}),
            lambda: self.theirs.write({"partner_id": self.affiliate.id}),
            lambda: self._make_handover(self.theirs),
        )
        for number, settle in enumerate(ways):
            with self.subTest(way=number), self.env.cr.savepoint() as savepoint:
                self.assertFalse(self.line.rd_needs_handover)
                settle()
                self.assertTrue(self.line.rd_needs_handover)
                self._refuse_by_hand()
                savepoint.rollback()
                self.env.invalidate_all()
        handover = self._make_handover(self.theirs)
        handover.action_cancel()
        self.assertFalse(self.line.rd_needs_handover, "begun, and called off")
