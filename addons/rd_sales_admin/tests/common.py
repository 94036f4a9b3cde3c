# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import time
from contextlib import contextmanager
from datetime import date, datetime
from unittest.mock import patch

import freezegun.api

from odoo import Command
from odoo.tests import common, new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import BaseCommon

from . import ready


def _count_names(module):
    """Return what tells whether a module has got other names since it was seen."""
    return id(module), len(getattr(module, "__dict__", ()))


# To freeze the time, freezegun lists all names of some 3,000 modules: a tenth of the
# time of tests that let days go by. How many names there are says as much here.
freezegun.api._get_module_attributes_hash = _count_names
# Beside other tests a browser has taken more than Odoo's ten seconds to start.
common.CHECK_BROWSER_ITERATIONS = 600


class ReadyCompanyCommon(AccountTestInvoicingCommon):
    """Odoo's company of tests, taken as it lies ready where it does.

    To make a company with its accounts takes half of a class's set-up, so that the
    database of a whole run holds one (scripts/desk/pages.py), made by the same code.
    """

    READY = "company_ready"

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Return the company that lies ready, or a new one."""
        ready = cls.env["res.company"].sudo().search([("name", "=", cls.READY)])
        if kwargs or len(ready) != 1:
            return super().setup_independent_company(**kwargs)
        # as whoever makes a company may enter it
        cls.env.user.sudo().company_ids = [Command.link(ready.id)]
        return ready.sudo(False)


class DeskCommon(ReadyCompanyCommon):
    """A company that started on 1 September with one affiliate and three parts."""

    @classmethod
    def get_default_groups(cls):
        roles = (
            "rd_sales_admin.rd_sales_admin_group_supervisor",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
            "product.group_product_manager",
            "base.group_partner_manager",
        )
        groups = super().get_default_groups()
        for role in roles:
            groups |= cls.quick_ref(role)
        return groups

    @classmethod
    def setUpClass(cls):
        if not ready.take(cls, "desk", BaseCommon):
            super().setUpClass()
            cls._make_desk()
        cls.company.write({"rd_start_date": date(2026, 9, 1), "rd_tz": "Asia/Shanghai"})

    @classmethod
    def _make_desk(cls):
        cls.company = cls.company_data["company"]
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "13% sale",
                "amount": 13.0,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "company_id": cls.company.id,
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["stock.warehouse"].create(
            {"name": "Main", "code": "MAIN", "company_id": cls.company.id}
        )
        cls.affiliate = cls.env["res.partner"].create(
            {
                "name": "Northern Works",
                "is_company": True,
                "rd_partner_class": "affiliate",
            }
        )
        cls.parts = cls.env["product.product"]
        for number, price in (("P-100", 10.0), ("P-200", 25.5), ("P-300", 0.34)):
            cls.parts |= cls._create_part(number, price)
        cls.clerk = cls._create_user("clerk")
        cls.supervisor = cls._create_user("supervisor")

    def _leave_no_supervisor(self):
        """Make everyone of the company who is one a clerk."""
        clerk, post = (
            self.env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}")
            for role in ("clerk", "supervisor")
        )
        holders = self.company._rd_get_supervisors().sudo()
        commands = [Command.unlink(post.id), Command.link(clerk.id)]
        holders.write({"group_ids": commands})
        self.assertFalse(self.company._rd_get_supervisors())

    @classmethod
    def _create_user(cls, role):
        return new_test_user(
            cls.env,
            login=f"rd_{role}",
            groups=f"rd_sales_admin.rd_sales_admin_group_{role}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _give_rate(cls, name, rate):
        """Return the currency, active, with so many of it for one of the company's."""
        currency = cls.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", name)])
        currency.active = True
        currency.rate_ids = [
            Command.clear(),
            Command.create(
                {"name": "2000-01-01", "rate": rate, "company_id": cls.company.id}
            ),
        ]
        return currency

    @classmethod
    def _create_part(cls, number, price, **values):
        return cls.env["product.product"].create(
            {
                "name": f"Part {number}",
                "default_code": number,
                "type": "consu",
                "is_storable": True,
                "lst_price": price,
                "taxes_id": [Command.set(cls.tax.ids)],
                "invoice_policy": "delivery",
                **values,
            }
        )

    @classmethod
    def _create_order(cls, lines, partner=None, **values):
        """Return a confirmed order of ``[(part, quantity, price)]``."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.affiliate).id,
                "company_id": cls.company.id,
                "warehouse_id": cls.warehouse.id,
                "client_order_ref": "PO-1",
                "order_line": [
                    Command.create(
                        {
                            "product_id": part.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(cls.tax.ids)],
                        }
                    )
                    for part, quantity, price in lines
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def _deliver(cls, order, quantities, note, day):
        """Ship ``{part: quantity}`` of an order under one note; return the transfer."""
        picking = order.picking_ids.filtered(
            lambda item: (
                item.state not in ("done", "cancel")
                and item.picking_type_code == "outgoing"
            )
        )[:1]
        for move in picking.move_ids:
            move.quantity = quantities.get(move.product_id, 0.0)
            move.picked = bool(move.quantity)
        picking.rd_note = note
        picking._action_done()
        picking.date_done = datetime(day.year, day.month, day.day, 4)
        return picking

    @classmethod
    def _return(cls, picking, quantities, note, day, to_refund=True):
        """Take ``{part: quantity}`` of a delivery back; return the transfer."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantities.get(line.product_id, 0.0)
            line.to_refund = to_refund
        back = wizard._create_return()
        for move in back.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        back.rd_note = note
        back._action_done()
        back.date_done = datetime(day.year, day.month, day.day, 4)
        return back

    @classmethod
    def _open_close(cls, month):
        close = cls.env["rd.close"].create(
            {"company_id": cls.company.id, "month": month}
        )
        close._add_steps()
        return close

    def _run_parted(self, model, method="_cron_run"):
        """Run a scheduled action's method inside the test's one transaction."""
        with self._parted():
            getattr(self.env[model], method)()

    def _run_in_turns(self, cron, most=60):
        """Run a scheduled action as Odoo does, again and again, each time with time
        for one record only; return how many runs it took until nothing was left."""
        for number in range(1, most + 1):
            with self._run_of(cron) as run:
                run.env["ir.actions.server"].browse(cron.ir_actions_server_id.id).run()
                progress = run._rd_get_progress()
            if not progress.remaining:
                return number
        return self.fail(f"{cron.name} does not end: {progress.remaining} left")

    @contextmanager
    def _run_of(self, cron, seconds=0):
        """Yield a scheduled action in the context of one of its runs, inside the
        test's one transaction: what it commits is kept, what it rolls back is gone up
        to the last commit.

        :param seconds: how much time it has; 0 suffices for one record
        """
        savepoints = [self.env.cr.savepoint()]

        def commit():
            savepoints.pop().close(rollback=False)
            savepoints.append(self.env.cr.savepoint())

        def rollback():
            savepoints[0].rollback()

        context = {"cron_id": cron.id, "cron_end_time": time.monotonic() + seconds}
        env = self.env(user=cron.sudo().user_id.id, context=context)
        with (
            patch.object(self.env.cr, "commit", commit),
            patch.object(self.env.cr, "rollback", rollback),
        ):
            yield env["ir.cron"].browse(cron.id)._add_progress()[0]
        savepoints.pop().close(rollback=False)
        self.env.invalidate_all()

    @contextmanager
    def _parted(self, seconds=60):
        """Let a scheduled action part its work inside the test's one transaction.

        What it commits is kept; what it rolls back is gone up to the last commit.

        :param seconds: what is left of its time after each commit
        :return: list that fills with ``(processed, remaining)`` of each commit
        """
        told = []
        savepoints = [self.env.cr.savepoint()]

        def commit(_crons, processed=0, *, remaining=None, **_options):
            savepoints.pop().close(rollback=False)
            savepoints.append(self.env.cr.savepoint())
            told.append((processed, remaining))
            return seconds

        def rollback():
            savepoints[0].rollback()

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", commit),
            patch.object(self.env.cr, "rollback", rollback),
        ):
            yield told
        savepoints.pop().close(rollback=False)
