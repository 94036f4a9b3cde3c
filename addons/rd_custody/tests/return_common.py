# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from contextlib import contextmanager
from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.rd_sales_admin.tests.common import DeskCommon


class ReturnCommon(DeskCommon):
    """Two deliveries of two orders to one affiliate, and who may ask for what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.third = cls.parts
        cls.order = cls._create_order([(cls.first, 10, 10.0), (cls.second, 4, 25.5)])
        cls.picking = cls._deliver(
            cls.order, {cls.first: 10, cls.second: 4}, "SH-1", date(2026, 10, 2)
        )
        other = cls._create_order([(cls.first, 5, 11.0)])
        cls.later = cls._deliver(other, {cls.first: 5}, "SH-2", date(2026, 10, 6))
        cls.reason = cls.env.ref("rd_custody.rd_return_reason_defect")
        cls.move = cls._move(cls.picking, cls.first)

    @classmethod
    def _move(cls, picking, part):
        return picking.move_ids.filtered(lambda move: move.product_id == part)

    @classmethod
    def _role(cls, role):
        """Return a user of one role and nothing else."""
        return new_test_user(
            cls.env,
            login=f"return_{role}",
            password=f"return_{role}",
            groups=f"rd_sales_admin.rd_sales_admin_group_{role}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _create_return(cls, quantities, user=None, **values):
        """Return a return of ``{delivered line: quantity}`` or of ``{…: values}``."""
        lines = []
        for move, said in quantities.items():
            vals = said if isinstance(said, dict) else {"quantity": said}
            lines.append(Command.create({"move_id": move.id, **vals}))
        return (
            cls.env["rd.return"]
            .with_user(user or cls.clerk)
            .create(
                {
                    "company_id": cls.company.id,
                    "partner_id": cls.affiliate.id,
                    "reason_id": cls.reason.id,
                    "line_ids": lines,
                    **values,
                }
            )
        )

    @classmethod
    def _inspect(cls, record):
        record.action_accept()
        record.inspection = "Thread is short"
        record.action_inspect()

    @classmethod
    def _settle(cls, quantities, disposition="credit", **values):
        """Return a return of these goods that was decided one way."""
        record = cls._create_return(quantities, **values)
        cls._inspect(record)
        record.line_ids.disposition = disposition
        record.action_settle()
        return record

    @contextmanager
    def _refused(self, sentence):
        """Expect one sentence, and that nothing is left of the attempt."""
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            yield
