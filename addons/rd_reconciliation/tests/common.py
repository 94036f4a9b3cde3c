# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import importlib.util
from datetime import date
from pathlib import Path

from odoo import Command

from odoo.addons.rd_sales_admin.tests.common import DeskCommon

INVARIANTS = Path(__file__).resolve().parents[3] / "tests" / "invariants.py"


def load_invariants():
    """Return the module of the repository that searches for what may never be."""
    spec = importlib.util.spec_from_file_location("rd_invariants", INVARIANTS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class InvariantsMixin:
    """After each test nothing is found that may never be, whatever was done."""

    def tearDown(self):
        if INVARIANTS.is_file():
            self.env.flush_all()
            found = load_invariants().check(self.env.cr)
            self.assertFalse(found, "\n".join(found))
        super().tearDown()


class ReconciliationCommon(DeskCommon):
    """The desk's company, with statements and ledgers.

    Whatever a test does, each statement's proof explains the whole difference of
    both sides afterwards; one that plants an error says so.
    """

    unexplained = False

    def tearDown(self):
        """Prove every statement of the company."""
        statements = self.env["rd.statement"].search(
            [("company_id", "=", self.company.id), ("state", "!=", "cancelled")]
        )
        for statement in statements if not self.unexplained else ():
            proof = statement._get_accounts().proof
            self.assertTrue(proof.balanced, (statement.name, proof))
        super().tearDown()

    @classmethod
    def _build(cls, close, partner=None):
        cls.env["rd.opening"]._ensure(cls.company)
        return cls.env["rd.statement"]._build(close, partner or cls.affiliate)

    @classmethod
    def _adjust_price(cls, part, price, **values):
        """Return a price of September's deliveries that the clerk noted in October."""
        return (
            cls.env["rd.price.adjustment"]
            .with_user(cls.clerk)
            .create(
                {
                    "partner_id": cls.affiliate.id,
                    "valid_from": date(2026, 9, 1),
                    "date": date(2026, 10, 20),
                    "reason": "agreed on 15 October",
                    "price_ids": [
                        Command.create({"product_id": part.id, "price_unit": price})
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _agree_price(cls, part, price, **values):
        """Return such a price that the supervisor has approved."""
        adjustment = cls._adjust_price(part, price, **values)
        adjustment.action_request()
        waiting = cls.env["rd.approval"].search([("state", "=", "waiting")])
        waiting.with_user(cls.supervisor).action_approve()
        return adjustment

    @classmethod
    def _make_portal(cls, login, partner, role):
        contact = cls.env["res.partner"].create(
            {
                "name": login,
                "parent_id": partner.id,
                "email": f"{login}@works.example",
                "rd_portal_role": role,
            }
        )
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": login,
                    "password": login,
                    "partner_id": contact.id,
                    "group_ids": [Command.set([cls.env.ref("base.group_portal").id])],
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                }
            )
        )

    @classmethod
    def _read_ledger(cls, statement, rows, filename="ledger.csv"):
        """Hand in a ledger of ``[(day, note, part, quantity, total)]``."""
        lines = ["送货日期,送货单号,料号,数量,价税合计"]
        lines += [",".join(str(cell) for cell in row) for row in rows]
        data = "\n".join(lines).encode()
        return cls.env["rd.ledger"].create(
            {
                "statement_id": statement.id,
                "file": base64.b64encode(data),
                "filename": filename,
            }
        )

    @classmethod
    def _read_account(cls, statement, rows, filename="account.csv", **balances):
        """Hand in a ledger of ``[(day, note, part, quantity, total)]`` that states
        balances (opening, receipts, closing …) below its lines."""
        labels = {
            "opening": "期初余额",
            "increase": "本期增加",
            "receipts": "本期收回",
            "closing": "期末余额",
        }
        stated = [
            (labels[kind], "", "", "", amount) for kind, amount in balances.items()
        ]
        return cls._read_ledger(statement, [*rows, *stated], filename)
