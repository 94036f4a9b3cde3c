# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import ReconciliationCommon


class AccountCase(ReconciliationCommon):
    """An affiliate with a September statement of 10 × P-100 and money around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.p100 = cls.parts[0]
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.statement = cls._state(cls.affiliate, "DN-1", cls.close)

    @classmethod
    def _state(cls, partner, note, close, quantity=10, day=date(2026, 9, 10)):
        """Ship P-100 at 10.00 + 13 % under a note and put it on a statement."""
        order = cls._create_order([(cls.p100, quantity, 10.0)], partner=partner)
        cls._deliver(order, {cls.p100: quantity}, note, day)
        return cls._build(close, partner)

    @classmethod
    def _charge(cls, amount, day, partner=None, kind="out_invoice"):
        """Post an invoice (or credit note) that no statement stands behind."""
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or cls.affiliate).id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Other", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, amount, day, partner=None, memo=""):
        """Post a receipt in the bank's books, open against the receivable."""
        receivable = cls.company_data["default_account_receivable"]
        bank = cls.company_data["default_journal_bank"]
        customer = partner or cls.affiliate
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": bank.id,
                "date": day,
                "ref": memo,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": customer.id,
                            "name": memo,
                            "credit": amount,
                        }
                    ),
                    Command.create(
                        {"account_id": bank.default_account_id.id, "debit": amount}
                    ),
                ],
            }
        )
        move.action_post()
        return move


@tagged("post_install", "-at_install")
class TestAccountBalances(AccountCase):
    """What the affiliate owed, was charged, paid and owes, by our own entries."""

    def _balances(self, statement=None):
        statement = statement or self.statement
        found = statement._get_account_balances()[statement.id]
        names = ("opening", "increase", "receipts", "closing")
        return tuple(found[name] for name in names)

    def test_nothing_booked(self):
        self.assertEqual(self._balances(), (0, 0, 0, 0))

    def test_each_entry_is_in_its_place(self):
        self._charge(500, date(2026, 8, 3))
        self._charge(200, date(2026, 9, 3))
        self._charge(30, date(2026, 9, 4), kind="out_refund")
        self._pay(100, date(2026, 8, 20))
        self._pay(150, date(2026, 9, 20))
        self._charge(9000, date(2026, 10, 1))
        self.assertEqual(self._balances(), (400, 170, 150, 420))

    def test_only_this_affiliate_its_addresses_and_this_currency(self):
        address = self.env["res.partner"].create(
            {"name": "Plant 2", "parent_id": self.affiliate.id}
        )
        other = self.env["res.partner"].create({"name": "Southern Works"})
        self._charge(10, date(2026, 9, 3), other)
        self._charge(20, date(2026, 9, 3), address)
        self._charge(40, date(2026, 9, 3)).button_draft()
        foreign = self._charge(80, date(2026, 9, 3))
        foreign.button_draft()
        foreign.currency_id = self.env.ref("base.EUR").sudo()
        foreign.currency_id.active = True
        foreign.action_post()
        self.assertEqual(self._balances(), (0, 20, 0, 20))

    def test_what_was_set_off_counts_as_paid(self):
        misc = self.company_data["default_journal_misc"]
        receivable = self.company_data["default_account_receivable"]
        self.env["account.move"].create(
            {
                "journal_id": misc.id,
                "date": "2026-09-15",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.affiliate.id,
                            "credit": 25,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_payable"
                            ].id,
                            "partner_id": self.affiliate.id,
                            "debit": 25,
                        }
                    ),
                ],
            }
        ).action_post()
        self.assertEqual(self._balances(), (0, 0, 25, -25))

    def test_one_query_for_all_statements(self):
        other = self.env["res.partner"].create(
            {"name": "Southern Works", "rd_partner_class": "affiliate"}
        )
        both = self.statement | self._state(other, "DN-2", self.close)
        self._charge(70, date(2026, 9, 3), other)
        both._get_account_balances()
        with self.assertQueryCount(1):
            found = both._get_account_balances()
        self.assertEqual(found[both[0].id]["closing"], 0)
        self.assertEqual(found[both[1].id]["closing"], 70)
