# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the tests of invoice, request and tax invoice share."""

import base64
from datetime import date

from odoo import Command, fields

from odoo.addons.rd_sales_admin.tests.guards import GuardMixin

from .common import ReconciliationCommon

PROOF = base64.b64encode(b"stamped receipt").decode()


class InvoicingCase(GuardMixin, ReconciliationCommon):
    """A company with tax invoices, an agreed statement and the people around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rd_tax_invoices = True
        cls.p100, cls.p200, cls.p300 = cls.parts
        cls.finance = cls._create_user("finance")
        cls.auditor = cls._create_user("auditor")
        cls.affiliate.write({"vat": "91310000MA1FL0XX0A", "street": "No. 1 Harbour Rd"})
        cls.close = cls._open_close(date(2026, 9, 1))

    @classmethod
    def _agree(cls, lines, shipped=None, note="DN-1"):
        """Return an agreed statement of ``[(part, quantity, price)]``."""
        order = cls._create_order(lines)
        quantities = shipped or {part: quantity for part, quantity, _price in lines}
        cls._deliver(order, quantities, note, date(2026, 9, 10))
        return cls._agree_what_is_there()

    @classmethod
    def _agree_what_is_there(cls, close=None):
        statement = cls._build(close or cls.close).with_user(cls.clerk)
        statement.action_confirm_recorded(who="Mr Tan", note="call 7")
        statement.action_agree()
        return statement

    def _invoice(self, statement):
        """Make the invoices of a statement; return them."""
        statement.with_user(self.clerk).action_invoice()
        return statement.sudo().invoice_ids.filtered(
            lambda item: item.state != "cancel"
        )

    def _request(self, statement):
        """Make the invoices and ask finance for them; return the requests."""
        self._invoice(statement)
        statement.with_user(self.clerk).action_request_invoices()
        return statement.request_ids

    def _accept(self, statement):
        """Bring a statement's invoices to finance's yes; return the tax invoices."""
        requests = self._request(statement)
        requests.with_user(self.finance).action_accept()
        return requests.fapiao_ids

    def _issue(self, fapiao, number="26312000000000000001", day=date(2026, 10, 2)):
        """Note the tax invoice as issued by finance."""
        fapiao = fapiao.with_user(self.finance)
        fapiao.write({"number": number, "date": day})
        fapiao.action_issue()
        return fapiao

    def _receive(self, fapiao, day=date(2026, 10, 5)):
        fapiao.with_user(self.clerk).action_receive("Ms Guo", day, PROOF, "photo.jpg")

    def _credit(self, invoice, day=None):
        """Reverse an invoice by Odoo's wizard, as finance; return the credit note."""
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.finance)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": invoice.journal_id.id,
                    "date": day or fields.Date.today(),
                }
            )
        )
        action = wizard.reverse_moves()
        return self.env["account.move"].browse(action["res_id"])

    def _set_rules(self, **values):
        self.affiliate.write(
            {
                "rd_invoice_rules": "own",
                **{f"rd_invoice_{name}": value for name, value in values.items()},
            }
        )

    def _assert_to_the_cent(self, statement):
        """Σ of the invoices is the statement: untaxed, tax and total."""
        moves = statement.sudo().invoice_ids.filtered(
            lambda item: item.state != "cancel"
        )
        for name in ("amount_untaxed", "amount_tax", "amount_total"):
            total = sum(
                (-1 if move.move_type == "out_refund" else 1) * move[name]
                for move in moves
            )
            self.assertAlmostEqual(total, statement[name], places=2)
            lines = statement.line_ids.filtered("live")
            self.assertAlmostEqual(sum(lines.mapped(name)), statement[name], places=2)

    def _with_tax(self, part, rate):
        """Give a part another rate; return the tax."""
        tax = self.env["account.tax"].create(
            {
                "name": f"{rate}% sale",
                "amount": rate,
                "type_tax_use": "sale",
                "company_id": self.company.id,
            }
        )
        part.taxes_id = [Command.set(tax.ids)]
        return tax
