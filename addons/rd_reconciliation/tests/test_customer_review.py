# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.rd_sales_admin.tests.guards import GuardMixin

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestReviewOfReconciliation(GuardMixin, PortalCommon):
    """A statement that was agreed is the occasion to ask, and a report to hand in."""

    def _ask(self):
        made = self.env["rd.customer.review"]._ask(self.company)
        return made.sudo()

    def test_asked_once_it_is_agreed(self):
        self.assertFalse(self._ask())
        self.statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        self.assertFalse(self._ask(), "confirmed is not agreed")
        self.statement.action_agree()
        made = self._ask()
        # whoever has nothing to do with it on the portal is not asked
        people = (self.buyer | self.finance).partner_id
        self.assertEqual(made.contact_id, people)
        self.assertEqual(made.partner_id, self.affiliate)
        for review in made:
            self.assertEqual(review._get_topics(), ["reconciliation"])
        self.assertFalse(self._ask())

    def test_statements_are_handed_in_from_the_month(self):
        calendar = self.env["rd.report.calendar"].create(
            {
                "name": "Statements",
                "company_id": self.company.id,
                "kind": "statements",
                "recipient": "Management",
                "way": "paper",
                "date_from": self.close.month,
            }
        )
        call = ("rd.close", "action_hand_in_report", self.close.ids)
        action = self._rpc(self.clerk, *call)
        self._rpc(self.clerk, action["res_model"], "action_hand_in", [action["res_id"]])
        due = calendar.due_ids.sorted("date_from")[0]
        self.assertEqual(due.state, "handed")
        self.assertEqual(due.version_ids.attachment_ids.raw[:2], b"PK")
        empty = self.env["rd.close"].create(
            {"company_id": self.company.id, "month": "2027-01-01"}
        )
        with self.assertRaises(UserError):
            self._rpc(self.clerk, "rd.close", "action_hand_in_report", empty.ids)
