# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import Command

from odoo.addons.rd_sales_admin.tests.common import DeskCommon


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
