# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every public method of our models × every role × own and other company.

The expected outcomes stand in ``tests/access/matrix.csv`` of the project. A method
that is not in the file fails, and so does any answer but a result or a refusal.
After a look at the differences the file is written anew by running this test with
``RD_ACCESS_MATRIX=write`` in the environment.
"""

import base64
import contextlib
import csv
import functools
import inspect
import os
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_model import IrModelAccess
from odoo.addons.base.models.ir_rule import IrRule

from .common import ReconciliationCommon

MATRIX = Path(__file__).resolve().parents[3] / "tests" / "access" / "matrix.csv"
HEADER = ("model", "method", "role", "own", "other")
ADDONS = ("rd_sales_admin", "rd_reconciliation", "rd_receivables", "rd_custody")
ROLES = {
    "anonymous": "base.group_public",
    "portal": "base.group_portal",
    "portal_purchasing": "base.group_portal",
    "portal_finance": "base.group_portal",
    "employee": "base.group_user",
    "auditor": "rd_sales_admin.rd_sales_admin_group_auditor",
    "floor": "rd_sales_admin.rd_sales_admin_group_floor",
    "warehouse": "rd_sales_admin.rd_sales_admin_group_warehouse",
    "finance": "rd_sales_admin.rd_sales_admin_group_finance",
    "salesperson": "rd_sales_admin.rd_sales_admin_group_salesperson",
    "clerk": "rd_sales_admin.rd_sales_admin_group_clerk",
    "supervisor": "rd_sales_admin.rd_sales_admin_group_supervisor",
}
SHIPPED = "出货单号,料号,数量,日期\nDN-9,P-100,5,2026-09-12\n"
ORDERED = "订单号,料号,数量,未税单价\nPO-9,P-100,5,10\n"
ISSUED = "发票号码,开票日期,购方名称,金额,税额\n12345678,2026-10-02,Nobody,1,0.13\n"
ALIASES = "Customer,Their code,Part number\nNorthern Works,NW-9,P-100\nNobody,X,P-100\n"
KEPT = "编号,客户,名称,数量\nK-1,Nobody,检具,1\n"
CORE_VALUES = {
    "account.move": {"ref": "because"},
    "account.move.line": {"name": "because"},
}
# What a new record needs beside its required fields.
EXTRA_VALUES = {
    "rd.property.event": {"quantity": 1.0},
    "rd.confirm.recorded": {"note": "because"},
    "rd.acceptance.bill": {
        "amount": 1.0,
        "issue_date": "2026-09-01",
        "maturity_date": "2026-09-02",
    },
    "rd.contract.reached": {"day": "2026-09-30"},
    "rd.promise.renew": {"date": "2100-01-02"},
    "rd.bill.outcome": {"day": "2100-01-02"},
    "account.partial.reconcile": {
        "amount": 1.0,
        "debit_amount_currency": 1.0,
        "credit_amount_currency": 1.0,
    },
    "rd.promise": {"amount": 1.0, "date": "2100-01-01"},
    "rd.chase.level": {"days": 77, "text": "because"},
    "rd.call.note": {"res_model": "res.partner", "res_id": 1},
    "rd.match.habit": {"prefix": "N"},
}
# Roles that change nothing of ours, whatever they call.
READERS = (
    *("anonymous", "portal", "portal_purchasing", "portal_finance"),
    *("employee", "auditor"),
)


@tagged("post_install", "-at_install")
class TestAccessMatrix(ReconciliationCommon):
    """Who may call what, compared with the golden file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._refuse_in_short()
        part = cls.parts[0]
        cls.order = cls._create_order([(part, 100, 10.0)])
        cls._deliver(cls.order, {part: 20}, "DN-0", date(2026, 8, 10))
        cls.env["rd.opening"]._ensure(cls.company)
        cls.env["rd.opening"].search([]).with_user(cls.supervisor).action_approve()
        cls._deliver(cls.order, {part: 30}, "DN-1", date(2026, 9, 10))
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.statement = cls._build(cls.close)
        rows = [("2026-09-10", "DN-1", "P-100", 29, 327.7)]
        cls._read_account(cls.statement, rows, opening=0)
        cls.statement.action_match()
        cls.env["rd.statement.answer"]._as_internal().create(
            {
                **cls.statement._prepare_answer_source("phone", "Ms Lin"),
                "decision": "ledger",
            }
        )
        cls.env["rd.shipping.list"].create(
            {
                "company_id": cls.company.id,
                "warehouse_id": cls.warehouse.id,
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
                "file": base64.b64encode(SHIPPED.encode()),
                "filename": "list.csv",
            }
        ).action_check()
        cls._make_afterwards(part)
        cls._make_papers()
        cls._make_orders()
        cls._make_count()
        cls._make_intake()
        cls._make_month()
        cls.warehouse.rd_list_rhythm = "month"
        cls.env["rd.shipping.expected"]._ensure(cls.company)
        invoice = cls.init_invoice(
            "out_invoice", partner=cls.partner_a, amounts=[100.0], post=True
        )
        cls.env["rd.invoice.request"]._make(invoice).with_user(
            cls.clerk
        ).action_request()
        cls._make_chasing(invoice)
        cls.env["rd.invoice.export.column"]._ensure(cls.company)
        cls.env["rd.fapiao.import"].with_user(cls._create_user("finance")).create(
            {"file": base64.b64encode(ISSUED.encode()), "filename": "issued.csv"}
        ).action_read()
        other = cls.env["res.company"].create({"name": "Other house"})
        cls.users = {
            (role, where): cls._make_user(role, where, company)
            for role in ROLES
            for where, company in (("own", cls.company), ("other", other))
        }

    @classmethod
    def _make_month(cls):
        """Give it what closing leaves: an ended pause, a reopened month, an incident.

        None of them is in force, so the other calls find what they found before.
        """
        cls.env["rd.scorecard"].create({"month": "2026-08-01"})._count()
        now = datetime(2026, 9, 20, 4)
        own = {"company_id": cls.company.id, "reason": "stock-taking"}
        cls.env["rd.close.pause"].sudo()._as_internal().create(
            {
                **own,
                "paused_by_id": cls.env.uid,
                "paused_date": now,
                "resumed_date": now,
            }
        )
        cls.env["rd.close.freeze"].sudo()._as_internal().create(
            {
                "close_id": cls.close.id,
                "revision": 1,
                "date": now,
                "user_id": cls.env.uid,
                "content": "{}",
                "content_hash": cls.env["rd.close.freeze"]._get_hash("{}"),
                "reopened_date": now,
            }
        )
        cls.env["rd.cron.incident"].sudo()._as_internal().create(
            {
                "name": "List",
                "cron_id": cls.env.ref("rd_sales_admin.ir_cron_close").id,
                "kind": "late",
                "since": now,
                "found_date": now,
                "ended_date": now,
            }
        )

    @classmethod
    def _make_afterwards(cls, part):
        """Make one record of what comes up after a statement, each in its state."""
        line = cls.statement.line_ids[0]
        service = cls._create_part("FREIGHT", 0.0, type="service")
        charge = cls.env["rd.statement.charge"].create(
            {
                "name": "Freight",
                "partner_id": cls.affiliate.id,
                "date": date(2027, 1, 1),
                "product_id": service.id,
                "price_unit": 900,
                "reason": "because",
            }
        )
        charge.with_user(cls.clerk).action_confirm()
        adjustment = cls.env["rd.price.adjustment"].create(
            {
                "partner_id": cls.affiliate.id,
                "valid_from": date(2026, 9, 1),
                "reason": "because",
                "price_ids": [Command.create({"product_id": part.id, "price_unit": 9})],
            }
        )
        contract = cls.env["rd.contract"].create(
            {
                "subject": "Welding line",
                "partner_id": cls.affiliate.id,
                "stage_ids": [Command.create({"name": "All", "due_percent": 100})],
            }
        )
        stated = {"statement_id": cls.statement.id, "user_id": cls.clerk.id}
        handover = cls.env["rd.deputy"].create(
            {"user_id": cls.clerk.id, "deputy_id": cls.supervisor.id}
        )
        sheet = cls.env["rd.cost.sheet"].create({"month": "2026-08-01"})
        made = {
            "rd.contract.stage.line": {
                "stage_id": contract.stage_ids.id,
                "sale_line_id": line.sale_line_id.id,
                "amount": 1.0,
            },
            "rd.cost.sheet.line": {
                "sheet_id": sheet.id,
                "settlement_class": "other",
            },
            "rd.deputy.act": {
                "handover_id": handover.id,
                "company_id": cls.company.id,
                "user_id": cls.supervisor.id,
                "for_user_id": cls.clerk.id,
                "date": "2026-09-30",
                "what": "made",
                "res_model": "rd.statement",
                "res_id": cls.statement.id,
            },
            "rd.price.adjustment.line": {
                "adjustment_id": adjustment.id,
                "statement_line_id": line.id,
                "step": 0,
            },
            "rd.drift": {
                "line_id": line.id,
                "statement_id": cls.statement.id,
                "company_id": cls.company.id,
                "partner_id": cls.affiliate.id,
                "kind": "date",
                "key_id": line.id,
                "step": 0,
            },
            "rd.check.run": {
                "date": "2026-09-30",
                "state": "found",
                "finding_ids": [
                    Command.create(
                        {"rule": "lost", "sentence": "x", "since": "2026-09-30"}
                    )
                ],
            },
            "rd.statement.revision": {
                **stated,
                "revision": 1,
                "event": "fixed",
                "date": "2026-09-30",
            },
            "rd.statement.sending": {
                **stated,
                "revision": 1,
                "contact_id": cls.affiliate.id,
                "email": "a@b.example",
                "kind": "statement",
            },
        }
        for model, values in made.items():
            cls.env[model].sudo()._as_internal().create(values)
        cls._make_handover()
        cls._make_plan()
        cls._make_figures()

    @classmethod
    def _make_figures(cls):
        """Make a task, a report that was handed in, and a review that was asked."""
        cls.env["rd.work.template"].create(
            {"name": "Call", "company_id": cls.company.id, "user_id": cls.clerk.id}
        ).action_make()
        calendar = cls.env["rd.report.calendar"].create(
            {
                "name": "List",
                "company_id": cls.company.id,
                "recipient": "Finance",
                "way": "paper",
            }
        )
        cls.env["rd.report.due"]._ensure(cls.company)
        calendar.due_ids[:1]._hand_in([("list.txt", b"list")])
        cls.env["rd.customer.review"].sudo()._as_internal().create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.affiliate.id,
                "contact_id": cls.affiliate.id,
                "date_from": "2026-07-01",
                "date_to": "2026-09-30",
                "asked_date": "2026-09-30",
            }
        )

    @classmethod
    def _make_handover(cls):
        """Make a handover that was sent, with an answer, of an order to hand over."""
        service = cls._create_part(
            "PRJ-1",
            900.0,
            type="service",
            is_storable=False,
            service_policy="delivered_milestones",
            service_tracking="project_only",
        )
        handover = cls.env["rd.handover"].create(
            {
                "company_id": cls.company.id,
                "order_id": cls._create_order([(service, 1, 900.0)]).id,
                "line_ids": [Command.create({"name": "Drawing"})],
            }
        )
        handover.action_send()
        source = handover._prepare_source("portal", "Ms Lin", 1, handover.content_hash)
        handover._take_dispute(source, handover.line_ids, "because")

    @classmethod
    def _make_papers(cls):
        """Make one record of each kind that filing makes by itself."""
        papers = cls.env["rd.document"].with_user(cls.clerk)
        place = cls.env["rd.document.place"].create(
            {"name": "Box", "company_id": cls.company.id}
        )
        paper = papers._file(
            "procedure",
            "Close a month",
            [("paper.pdf", b"%PDF- paper")],
            company_id=cls.company.id,
            place_id=place.id,
            reader_ids=[Command.set(cls.supervisor.ids)],
        )
        version = paper.version_ids
        version.with_user(cls.supervisor).action_review()
        version.with_user(cls.supervisor).action_approve()
        version.with_user(cls.clerk).action_put_in_force()
        cls.env["rd.document.due"]._refresh(cls.company)
        cls.env["rd.document.check"]._open_sessions(cls.company)
        destruction = cls.env["rd.document.destruction"].create(
            {"company_id": cls.company.id}
        )
        destruction.line_ids = [Command.create({"document_id": paper.id})]

    @classmethod
    def _make_count(cls):
        """Make a count that was begun, where custody is installed."""
        if "rd.property.count" not in cls.env:
            return
        card = cls.env["rd.property"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.affiliate.id,
                "description": "Gauge",
            }
        )
        cls.env["rd.property.event"].create(
            {
                "property_id": card.id,
                "kind": "receive",
                "date": "2026-09-01",
                "quantity": 1.0,
            }
        )
        count = cls.env["rd.property.count"].create(
            {"name": "Shelf 1", "company_id": cls.company.id}
        )
        count.action_start()
        cls._make_property_papers(card)

    @classmethod
    def _make_property_papers(cls, card):
        """Make a letter to an owner, a frozen register and one taken over."""
        cls.env["rd.property.confirmation"].create(
            {
                "company_id": cls.company.id,
                "partner_id": card.partner_id.id,
                "day": "2026-09-02",
            }
        )
        cls.env["rd.property.month"].sudo()._freeze(cls.company, date(2026, 9, 1))
        taken = cls.env["rd.property.import"].create(
            {
                "company_id": cls.company.id,
                "filename": "kept.csv",
                "file": base64.b64encode(KEPT.encode()),
            }
        )
        taken.action_check()
        cls._make_return_and_loan(card)

    @classmethod
    def _make_return_and_loan(cls, card):
        """Make a return that was asked for, and a loan that was prepared."""
        delivered = cls.order.picking_ids.move_ids.filtered(
            lambda move: move.state == "done"
        )
        cls.env["rd.return"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.affiliate.id,
                "reason_id": cls.env.ref("rd_custody.rd_return_reason_defect").id,
                "line_ids": [
                    Command.create({"move_id": delivered[0].id, "quantity": 1.0})
                ],
            }
        )
        cls.env["rd.loan"].create(
            {
                "company_id": cls.company.id,
                "borrower_id": cls.affiliate.id,
                "date_due": "2030-01-01",
                "line_ids": [Command.create({"property_id": card.id})],
            }
        )

    @classmethod
    def _make_plan(cls):
        """Make a collection plan, where receivables are installed."""
        if "rd.collection.plan" not in cls.env:
            return
        plan = cls.env["rd.collection.plan"].create({"month": date(2026, 9, 1)})
        values = {
            "rd.collection.plan.line": {
                "item_id": 2**31 - 1,  # nothing of the books, whatever ran before
                "item_name": "x",
                "kind": "due",
            },
            "rd.collection.plan.change": {
                "reason": "because",
                "user_id": cls.clerk.id,
                "date": "2026-09-30",
            },
        }
        made = {"plan_id": plan.id}
        for model, vals in values.items():
            record = cls.env[model].sudo()._as_internal().create({**made, **vals})
            made["line_id"] = record.id
        cls._make_exception()

    @classmethod
    def _make_exception(cls):
        """Make an exception with its evidence, held deliveries and a report."""
        item = cls.env["account.move.line"].search(
            [
                ("company_id", "=", cls.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
            ],
            limit=1,
        )
        rule = cls.env["rd.receivable.rule"]._ensure(cls.company)[:1]
        common = {"company_id": cls.company.id, "partner_id": cls.partner_a.id}
        made = {}
        for model, vals in (
            (
                "rd.receivable.exception",
                {
                    **common,
                    "rule_id": rule.id,
                    "code": rule.code,
                    "proposal": "call",
                    "currency_id": cls.company.currency_id.id,
                    "raised_date": "2026-09-30",
                    "raised_amount": 1.0,
                },
            ),
            (
                "rd.receivable.exception.item",
                {
                    "code": rule.code,
                    "res_model": item._name,
                    "res_id": item.id,
                    "name": "x",
                },
            ),
            (
                "rd.delivery.stop",
                {**common, "reason": "because", "start_date": "2026-09-30"},
            ),
            (
                "rd.exception.month",
                {
                    "company_id": cls.company.id,
                    "month": "2026-09-01",
                    "made_date": "2026-10-01 00:00:00",
                    "rows": [],
                },
            ),
        ):
            values = {**made, **vals} if model.endswith("item") else vals
            record = cls.env[model].sudo()._as_internal().create(values)
            made = {"exception_id": record.id}

    @classmethod
    def _make_chasing(cls, invoice):
        """Make a promise, a dispute and a message, where receivables are installed."""
        if "rd.promise" not in cls.env:
            return
        said = {"partner_id": invoice.partner_id.id, "company_id": cls.company.id}
        today = cls.company._rd_today()
        env = cls.env(su=True)
        env["rd.promise"].create({**said, "amount": 1.0, "date": today})
        env["rd.chase.note"].create(
            {**said, "outcome": "disputed", "reason": "price", "date": today}
        )
        owed = invoice.line_ids.filtered("date_maturity")[:1]
        env["rd.due.change"]._as_internal().create(
            {"move_line_id": owed.id, "until": today, "due_date": today}
        )
        run = env["rd.chase.run"].create({"company_id": cls.company.id})
        made = {
            "run_id": run.id,
            "partner_id": cls.affiliate.id,
            "level_id": env["rd.chase.level"]._ensure(cls.company)[0].id,
        }
        line = run.line_ids.filtered(lambda one: one.partner_id == cls.affiliate)
        if not line:
            line = env["rd.chase.run.line"]._as_internal().create(made)
        env["rd.chase.sending"]._as_internal().create(
            {
                **made,
                "line_id": line.id,
                "way": "phone",
                "day": today,
                "user_id": cls.clerk.id,
            }
        )

    @classmethod
    def _make_intake(cls):
        """Make a list that is taken over, with a row that is ready and one to mend."""
        cls.env["rd.intake"].with_user(cls.clerk).create(
            {
                "kind": "alias",
                "file": base64.b64encode(ALIASES.encode()),
                "filename": "aliases.csv",
            }
        ).action_check()

    @classmethod
    def _make_orders(cls):
        """Make an order in progress with its news, and a list of orders."""
        department = cls.env["rd.department"].create(
            {"name": "Tooling", "company_id": cls.company.id, "head_id": cls.clerk.id}
        )
        releases = cls.env["rd.order.release"].with_user(cls.clerk)
        release = releases.create(
            {
                **releases._prepare_of_order(cls.order.with_user(cls.clerk)),
                "department_id": department.id,
                "wanted_date": date(2030, 1, 1),
            }
        )
        release.action_release()
        release.action_accept("2029-12-30")
        orders = (
            cls.env["rd.order.list"]
            .with_user(cls.clerk)
            .create(
                {
                    "company_id": cls.company.id,
                    "partner_id": cls.affiliate.id,
                    "file": base64.b64encode(ORDERED.encode()),
                    "filename": "orders.csv",
                }
            )
        )
        orders.action_check()
        if orders.layout_state == "asked":
            orders.layout_tax_basis = "excluded"
            orders.action_accept_layout()
        cls.env["rd.feedback"].create(
            {
                "name": "because",
                "company_id": cls.company.id,
                "partner_id": cls.affiliate.id,
            }
        )

    @classmethod
    def _make_user(cls, role, where, company):
        user = new_test_user(
            cls.env,
            login=f"rd_matrix_{role}_{where}",
            groups=ROLES[role],
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        if role.startswith("portal_"):
            # In the own column a person of the affiliate that the statement is of.
            partner = cls.affiliate if where == "own" else cls.partner_a
            user.partner_id.write(
                {
                    "parent_id": partner.id,
                    "rd_portal_role": role.removeprefix("portal_"),
                }
            )
        return user

    def test_matrix(self):
        installed = self.env["ir.module.module"].search(
            [("name", "in", ADDONS), ("state", "=", "installed")]
        )
        if len(installed) < len(ADDONS) or not MATRIX.parent.is_dir():
            self.skipTest("needs the four add-ons in their project")
        found = self._walk()
        if os.environ.get("RD_ACCESS_MATRIX") == "write":
            self._write(found)
        expected = self._read()
        missing = sorted({key[:2] for key in found.keys() - expected.keys()})
        self.assertFalse(missing, f"public methods that are not in {MATRIX.name}")
        gone = sorted({key[:2] for key in expected.keys() - found.keys()})
        self.assertFalse(gone, f"methods of {MATRIX.name} that are no more")
        different = [
            f"{' '.join(key)}: {outcome}, expected {expected[key]}"
            for key, outcome in sorted(found.items())
            if outcome != expected[key]
        ]
        self.assertFalse(different, "\n".join(different[:40]))
        kinds = {kind for outcome in found.values() for kind in outcome}
        self.assertLessEqual(kinds, {"ok", "AccessError", "UserError"})

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------
    def _read(self):
        with open(MATRIX, newline="", encoding="utf-8") as file:
            rows = csv.DictReader(line for line in file if not line.startswith("#"))
            return {
                (row["model"], row["method"], row["role"]): (row["own"], row["other"])
                for row in rows
            }

    def _write(self, found):
        with open(MATRIX, "w", newline="", encoding="utf-8") as file:
            file.write("# Copyright 2026 the RD Sales Desk authors\n")
            file.write("# License AGPL-3.0 or later ")
            file.write("(https://www.gnu.org/licenses/agpl).\n")
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            for key, outcome in sorted(found.items()):
                writer.writerow((*key, *outcome))

    # ------------------------------------------------------------------
    # Walking
    # ------------------------------------------------------------------
    @classmethod
    def _refuse_in_short(cls):
        """Let Odoo refuse without its sentence: to find out which rules and groups
        would have allowed it takes longer than to refuse."""
        for model in (IrModelAccess, IrRule):
            cls.startClassPatcher(
                patch.object(
                    model, "_make_access_error", lambda *_arguments: AccessError("no")
                )
            )

    def _walk(self):
        found = {}
        methods = self._get_methods()
        for role in ROLES:
            with self._shown_to(role):
                for model, method in methods:
                    found[model, method, role] = tuple(
                        self._call(self.users[role, where], role, model, method)
                        for where in ("own", "other")
                    )
        return found

    @contextlib.contextmanager
    def _shown_to(self, role):
        """Let the statement be sent while an affiliate's people call: nothing is
        shown to them before."""
        if not role.startswith("portal_"):
            yield
            return
        with self.env.cr.savepoint() as savepoint:
            self.statement.action_send()
            self.env.flush_all()
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def _get_methods(self):
        """Return ``(model, method)`` of all that our classes add or override."""
        found = set()
        for name, cls in self.env.registry.items():
            if cls._abstract:
                continue
            for base in cls.mro():
                if base.__module__.startswith(
                    tuple(f"odoo.addons.{a}" for a in ADDONS)
                ):
                    found |= {(name, method) for method in self._public(name, base)}
        return sorted(found)

    def _public(self, model, base):
        for method, function in vars(base).items():
            if method.startswith("_") or not inspect.isfunction(function):
                continue
            try:
                get_public_method(self.env[model], method)
            except (AccessError, AttributeError):
                continue
            yield method

    def _call(self, user, role, model, method):
        """Return what a call comes to: ok, AccessError, UserError or a fault."""
        if not self.env[model]._transient:
            self._get_record(self.env[model])
        self.env.flush_all()
        # what the cache holds is not asked for again: rights would not be either
        self.env.invalidate_all()
        with (
            mute_logger(
                "odoo.sql_db",
                "odoo.models.unlink",
                "odoo.addons.base.models.ir_rule",
                "odoo.addons.base.models.ir_model",
            ),
            self.env.cr.savepoint() as savepoint,
        ):
            touched = self._touched() if role in READERS else None
            outcome = self._answer(user, model, method)
            if role in READERS and outcome == "ok" and self._touched() != touched:
                # A row that was touched may be as it was: look at what it says.
                savepoint.rollback()
                outcome = self._answer_and_compare(user, model, method)
            savepoint.rollback()
        return outcome

    def _answer_and_compare(self, user, model, method):
        self.env.invalidate_all()
        before = self._our_rows()
        outcome = self._answer(user, model, method)
        return outcome if self._our_rows() == before else "changed our rows"

    def _answer(self, user, model, method):
        records = self.env(user=user)[model]
        function = getattr(type(records), method)
        try:
            with self.env.cr.savepoint():
                arguments = self._get_arguments(function, records)
                if not getattr(function, "_api_model", False):
                    arguments.insert(0, self._get_record(records).ids)
                call_kw(records, method, arguments, {})
                self.env.flush_all()
        except AccessError:
            return "AccessError"
        except (UserError, IntegrityError):
            # what breaks a constraint is answered with its sentence by the server
            return "UserError"
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:120]
        return "ok"

    def _get_arguments(self, function, records):
        """Return the plainest arguments that the signature asks for."""
        plain = {
            # core's own models are only asked whether they may be created at all
            "vals_list": [{}] if records._name.startswith("rd.") else [],
            "vals": CORE_VALUES.get(records._name, {}),
            "fields": [],
        }
        parameters = list(inspect.signature(function).parameters.values())[1:]
        return [
            plain.get(parameter.name, "because")
            for parameter in parameters
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            and (parameter.default is parameter.empty or parameter.name == "reason")
        ]

    def _get_record(self, records):
        """Return one record of the first company, made where there is none.

        Questions (transient models) are made by the user who is going to answer.
        """
        if records._transient:
            return records.create(self._get_values(records))
        records = self.env[records._name].sudo()
        domain = []
        if "company_id" in records._fields:
            domain = [("company_id", "in", (False, self.company.id))]
        elif records._name == "res.company":
            domain = [("id", "=", self.company.id)]
        found = records.search(domain, limit=1, order="id desc")
        if found or not records._auto:
            return found
        return records.create(self._get_values(records))

    def _get_values(self, records):
        """Return values for what the model requires."""
        values = dict(EXTRA_VALUES.get(records._name, {}))
        given = records.sudo().default_get(list(records._fields))
        for name, field in records._fields.items():
            if not field.required or not field.store or given.get(name):
                continue
            if name in values or field.compute:
                continue
            if field.relational:
                found = self._get_record(self.env[field.comodel_name]).ids
                values[name] = found[0] if field.type == "many2one" else found
            elif field.type == "selection":
                values[name] = field.get_values(self.env)[0]
            else:
                number = field.type in ("integer", "float", "monetary")
                values[name] = 1 if number else "because"
        return values

    @functools.cached_property
    def _our_tables(self):
        return sorted(
            cls._table
            for name, cls in self.env.registry.items()
            if name.startswith("rd.")
            and cls._auto
            and not cls._abstract
            and not cls._transient
        )

    def _touched(self):
        """Return how often this transaction wrote a row of ours, undone or not."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT SUM(pg_stat_get_xact_tuples_inserted(oid) "
            "         + pg_stat_get_xact_tuples_updated(oid) "
            "         + pg_stat_get_xact_tuples_deleted(oid)) "
            "FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'",
            [self._our_tables],
        )
        return self.env.cr.fetchone()[0]

    def _our_rows(self):
        """Return a digest of all rows of our tables."""
        self.env.flush_all()
        digests = []
        for table in self._our_tables:
            self.env.cr.execute(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t"
            )
            digests.append(self.env.cr.fetchone())
        return digests
