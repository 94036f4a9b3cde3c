# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the tests of contracts share."""

from datetime import date

from odoo import Command
from odoo.tests import new_test_user

from .common import DeskCommon
from .guards import GuardMixin

USUAL = (
    # name, due, trigger, days, invoiced, trigger
    ("Deposit", 30, "signature", 10, 0, "signature"),
    ("Dispatch", 30, "dispatch", 10, 0, "dispatch"),
    ("Acceptance", 30, "handover", 30, 100, "handover"),
    ("Retention", 10, "warranty_end", 0, 0, "warranty_end"),
)
EACH = tuple(
    (name, due, trigger, days, due, trigger) for name, due, trigger, days, *_ in USUAL
)


class ContractCase(GuardMixin, DeskCommon):
    """A company with an outside customer who signs on the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Harbour Motors",
                "is_company": True,
                "rd_partner_class": "outside",
            }
        )
        cls.signer = cls._create_portal_user("harbour_signer", cls.customer)
        cls.equipment = cls._create_part("EQ-1", 0.0, type="service")
        cls.auditor = cls._create_user("auditor")
        cls.finance = cls._create_user("finance")

    @classmethod
    def _create_portal_user(cls, login, partner):
        user = new_test_user(
            cls.env,
            login=login,
            password=login,
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.partner_id.write({"parent_id": partner.id, "name": login})
        return user

    @classmethod
    def _create_contract(cls, plan=(), prices=(), **values):
        """Return a draft; plan as ``USUAL``, prices ``(part, from, price, start)``."""
        partner = values.pop("partner", cls.customer)
        return (
            cls.env["rd.contract"]
            .with_user(cls.clerk)
            .with_context(tracking_disable=values.pop("untracked", False))
            .create(
                {
                    "subject": "Welding line",
                    "partner_id": partner.id,
                    "kind": "project",
                    "warranty_months": 12,
                    "user_id": cls.clerk.id,
                    "stage_ids": [
                        Command.create(
                            {
                                "sequence": number,
                                "name": row[0],
                                "due_percent": row[1],
                                "due_trigger": row[2],
                                "due_days": row[3],
                                "invoice_percent": row[4],
                                "invoice_trigger": row[5],
                            }
                        )
                        for number, row in enumerate(plan)
                    ],
                    "price_ids": [
                        Command.create(
                            {
                                "product_id": part.id,
                                "min_quantity": minimum,
                                "price": price,
                                "valid_from": start,
                            }
                        )
                        for part, minimum, price, start in prices
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _sign(cls, contract):
        contract = contract.with_user(cls.clerk)
        contract.action_send()
        contract.write({"scan": "c2Nhbg==", "scan_name": "signed.pdf"})
        contract.action_sign_scan()
        return contract

    @classmethod
    def _order_under(cls, contract, lines, confirm=True):
        """Return an order of ``[(part, quantity, price)]`` under the contract."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": contract.partner_id.id,
                "company_id": cls.company.id,
                "warehouse_id": cls.warehouse.id,
                "rd_contract_id": contract.id,
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
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _trigger(self, kind, lines, day=date(2026, 9, 10)):
        return self.env["rd.contract.stage"]._trigger(kind, lines, day)

    def _get_moves(self, order):
        return order.sudo().order_line.invoice_lines.move_id
