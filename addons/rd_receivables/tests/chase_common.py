# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError

from .plan_common import PlanCommon

# A Wednesday; two of the three items of the common case are overdue by then.
NOW = "2025-04-02 04:00:00"
TODAY = "2025-04-02"


class ChaseCommon(PlanCommon):
    """Overdue items of an outside customer and of an affiliate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outside.email = "ap@outside.example"
        cls.affiliate.email = "ap@affiliate.example"
        (cls.outside | cls.affiliate).street = "1 Harbour Road"
        cls.item = cls._item(cls.overdue)
        cls.promises = cls.env["rd.promise"].with_user(cls.clerk)
        cls.notes = cls.env["rd.chase.note"].with_user(cls.clerk)

    @classmethod
    def _item(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def _promise(self, amount=1000, date="2025-04-10", items=None, now=NOW, **values):
        lines = self.item if items is None else items
        with freeze_time(now):
            return self.promises.create(
                {
                    "partner_id": self.outside.id,
                    "amount": amount,
                    "date": date,
                    "line_ids": [Command.set(lines.ids)],
                    "who": "Ms Qian",
                    **values,
                }
            )

    def _note(self, outcome, now=NOW, **values):
        with freeze_time(now):
            return self.notes.create(
                {"partner_id": self.outside.id, "outcome": outcome, **values}
            )

    def _unapplied(self, amount, partner=None, day=TODAY):
        """Receive money that finance has not applied to anything."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.outside).id,
                "amount": amount,
                "date": day,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment

    def _refresh(self, promise, now):
        with freeze_time(now):
            promise._refresh()
        return promise.state

    def _refused(self, sentence, act, *args, **values):
        """Expect a refusal that says this, and that nothing is left of the act."""
        with self.assertRaises(UserError) as refusal:
            act(*args, **values)
        self.assertRegex(str(refusal.exception), sentence)

    def _cron(self):
        """Let a scheduled action run inside the transaction of the test."""
        crons = type(self.env["ir.cron"])
        return patch.object(crons, "_commit_progress", lambda *args, **kwargs: 60)
