# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""No message to whom has paid, promised or disputes: over random states."""

import os
import random
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.tests import BaseCase, tagged

from odoo.addons.rd_reconciliation.tests.portal_common import PortalCommon

from .. import dues
from .chase_common import NOW, TODAY
from .test_chase_run import RunCommon

SEED = int(os.environ.get("RD_SEED", "20250402"))
DAY = date(2025, 4, 2)


@tagged("post_install", "-at_install")
class TestHolds(BaseCase):
    """The pure rule, against an oracle that is written another way round."""

    times = 5000

    def _random_account(self, rng):
        debts = tuple(
            dues.Debt(
                ref,
                Decimal(rng.randint(1, 99999)) / 100,
                rng.randint(-10, 120),
                rng.choice([None, None, DAY + timedelta(days=rng.randint(-5, 5))]),
                rng.random() < 0.1,
                rng.random() < 0.1,
                rng.random() < 0.1,
            )
            for ref in range(rng.randint(1, 6))
        )
        return dues.Account(
            debts,
            Decimal(rng.choice([0, 0, 0, 1])) / 100,
            rng.choice([None, None, DAY + timedelta(days=rng.randint(-5, 5))]),
            rng.choice([0, 0, 0, 2]),
            rng.random() < 0.9,
        )

    def _may_go(self, account, refs):
        """Tell by looking for one reason after the other whether it may go."""
        if account.unapplied or account.differences or not account.has_address:
            return False
        if account.promised_until is not None and account.promised_until >= DAY:
            return False
        for debt in account.debts:
            if debt.ref not in refs:
                continue
            if debt.is_disputed or debt.needs_fapiao or debt.needs_signature:
                return False
            if debt.promised_until is not None and not debt.promised_until < DAY:
                return False
        return True

    def test_random_accounts(self):
        rng = random.Random(SEED)
        let_go = 0
        for turn in range(self.times):
            account = self._random_account(rng)
            every = [debt.ref for debt in account.debts]
            refs = set(rng.sample(every, rng.randint(1, len(every))))
            found = dues.holds(account, refs, DAY)
            self.assertEqual(not found, self._may_go(account, refs), (turn, account))
            let_go += not found
        # Both answers have to occur, or nothing was tried.
        self.assertTrue(self.times * 0.02 < let_go < self.times * 0.9, let_go)

    def test_levels(self):
        steps = [(-3, "a"), (3, "b"), (30, "c")]
        for items, expected in (
            ([(-4, None)], None),
            ([(-3, None)], (-3, "a")),
            ([(5, -3)], (3, "b")),
            ([(5, 3)], None),
            ([(5, 3), (40, 3)], (30, "c")),
            ([(40, 30), (4, None)], (3, "b")),
        ):
            self.assertEqual(dues.due_level(items, steps), expected, items)

    def test_spread(self):
        rng = random.Random(SEED)
        for _turn in range(500):
            items = [(n, rng.randint(1, 100)) for n in range(rng.randint(0, 5))]
            amount = rng.randint(1, 300)
            shares = dues.spread(amount, items)
            whole = sum(residual for _ref, residual in items)
            self.assertEqual(sum(shares.values()), min(amount, whole))
            self.assertTrue(all(shares[ref] <= dict(items)[ref] for ref in shares))


@tagged("post_install", "-at_install")
class TestRandomRuns(RunCommon):
    """Through Odoo: random histories of customers, then a run that is sent."""

    times = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels.filtered(lambda one: one.way != "phone").active = False
        (cls.overdue | cls.due | cls.later).button_draft()

    def test_nobody_who_paid_promised_or_disputes(self):
        rng = random.Random(SEED)
        for turn in range(self.times):
            with self.subTest(turn=turn, seed=SEED), self._undone():
                self._one_run(rng)

    def _one_run(self, rng):
        partners = self.env["res.partner"].create(
            [
                {"name": f"random {n}", "email": f"r{n}@x.example", "is_company": True}
                for n in range(8)
            ]
        )
        said = {}
        with freeze_time(NOW):
            for number, partner in enumerate(partners):
                # Each kind of history at least once, then whatever comes.
                kind = number if number < 6 else rng.randint(0, 5)
                said[partner] = self._live(rng, partner, kind)
            run = self.env["rd.chase.run"].with_user(self.clerk).create({})
            late = rng.choice(partners)
            self._unapplied(1, late)
            said[late] = "paid"
            run.action_send()
        asked = run.line_ids.sending_ids.partner_id
        for partner, why in said.items():
            self.assertEqual(partner not in asked, bool(why), (partner.name, why))
        self.assertEqual(len(run.line_ids.sending_ids), len(asked))

    def _live(self, rng, partner, kind):
        """Let one history happen; return why nothing may be said, or an empty text."""
        moves = [
            self._create_open(
                rng.randint(10, 500),
                due=f"2025-03-{rng.randint(1, 15):02}",
                partner=partner,
            )
            for _n in range(rng.randint(1, 3))
        ]
        items = self.env["account.move.line"].union(*map(self._item, moves))
        some = items[: rng.randint(1, len(items))]
        if kind == 1:
            for move in moves:
                self._pay(move, move.amount_total, TODAY)
            return "paid"
        if kind == 2:
            self._unapplied(rng.randint(1, 50), partner)
            return "paid"
        if kind == 3:
            self._promise(
                1,
                date="2025-04-10",
                items=rng.choice([some, items.browse()]),
                partner_id=partner.id,
            )
            return "promised"
        if kind == 4:
            self._note(
                "disputed",
                reason="price",
                partner_id=partner.id,
                line_ids=[Command.set(some.ids)],
            )
            return "disputed"
        if kind == 5:
            # Partly paid and a promise that was withdrawn: the rest is asked for.
            self._pay(moves[0], 1, TODAY)
            self._promise(1, items=items[:1], partner_id=partner.id).action_withdraw()
        return ""


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestHoldsNightly(TestHolds):
    """The same over many more accounts."""

    # Odoo runs no test that a class only inherits, unless it says so.
    allow_inherited_tests_method = True
    times = 100_000


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestRandomRunsNightly(TestRandomRuns):
    """The same over many more runs."""

    allow_inherited_tests_method = True
    times = 50


@tagged("post_install", "-at_install")
class TestGuardOfStatements(PortalCommon):
    """What reconciliation knows of a debt holds its message back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.rd_tax_invoices = False
        cls.affiliate.email = "ap@works.example"
        # Agreed while it was settled by what was sent, so that nobody has signed it.
        cls.affiliate.rd_settlement_mode = "statement_sent"
        cls.statement.action_agree()
        cls.affiliate.rd_settlement_mode = "statement_confirm"
        cls.statement.action_invoice()
        cls.statement.invoice_ids.filtered(
            lambda move: move.state == "draft"
        ).action_post()

    def _get_holds(self, partner=None):
        guard = self.env["rd.chase.guard"]
        partner = partner or self.affiliate
        account, items = guard._read_accounts(self.company, partner)[partner]
        return dues.holds(account, set(items.ids), self.company._rd_today())

    def test_statement_that_nobody_signed(self):
        self.assertTrue(self.statement.sent_date)
        self.assertFalse(self.statement.confirmed_date)
        self.assertEqual(self._get_holds(), ("statement",))
        items = self.statement.invoice_ids.line_ids
        sentence, owner = self.env["rd.chase.guard"]._describe(
            "statement", self.company, self.affiliate, items
        )
        self.assertIn(f"{self.statement.name} was not sent or", sentence)
        self.assertEqual(owner, self.statement.user_id)
        self.affiliate.rd_settlement_mode = "statement_sent"
        self.assertEqual(self._get_holds(), ())

    def test_statement_that_was_signed(self):
        self.statement._as_internal().write({"confirmed_date": "2026-10-02 00:00:00"})
        self.assertEqual(self._get_holds(), ())

    def test_statement_that_agrees_with_their_ledger(self):
        """Fails when whose own ledger says the same is not asked for the money."""
        self.other.email = "ap@south.example"
        self.assertEqual(self.other.rd_settlement_mode, "statement_confirm")
        self._read_ledger(
            self.theirs,
            [
                (line.date, line.note, line.part, line.quantity, line.amount_total)
                for line in self.theirs.line_ids
            ],
        )
        self.theirs._match()
        self.theirs.action_agree()
        self.theirs.action_invoice()
        self.theirs.invoice_ids.action_post()
        self.assertFalse(self.theirs.confirmed_date)
        self.assertEqual(self._get_holds(self.other), ())

    def test_difference_of_a_kind_that_holds_back(self):
        self.affiliate.rd_settlement_mode = "statement_sent"
        difference = (
            self.env["rd.difference"]
            ._as_internal()
            .create(
                {
                    "statement_id": self.statement.id,
                    "statement_line_id": self.lines[0].id,
                    "code": "price",
                    "blocks_dunning": False,
                }
            )
        )
        self.assertEqual(self._get_holds(), ())
        difference.blocks_dunning = True
        self.assertEqual(self._get_holds(), ("difference",))
        sentence, _owner = self.env["rd.chase.guard"]._describe(
            "difference", self.company, self.affiliate, self.env["account.move.line"]
        )
        self.assertIn("does not agree", sentence)
        difference.state = "agreed"
        self.assertEqual(self._get_holds(), ())

    def test_a_disputed_statement_holds_back_what_else_is_owed(self):
        """Also where none of its differences does."""
        self.other.email = "ap@south.example"
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.other.id,
                "invoice_date": "2026-05-01",
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 500, "tax_ids": []})
                ],
            }
        ).action_post()
        self.assertEqual(self._get_holds(self.other), ())
        difference = (
            self.env["rd.difference"]
            ._as_internal()
            .create(
                {
                    "statement_id": self.theirs.id,
                    "statement_line_id": self.theirs.line_ids[0].id,
                    "code": "price",
                    "blocks_dunning": False,
                }
            )
        )
        difference.action_dispute(reason="11 was agreed")
        self.assertEqual(self.theirs.state, "disputed")
        self.assertEqual(self._get_holds(self.other), ("difference",))
        sentence, _owner = self.env["rd.chase.guard"]._describe(
            "difference", self.company, self.other, self.env["account.move.line"]
        )
        self.assertIn(self.theirs.display_name, sentence)

    def test_others_are_not_held(self):
        guard = self.env["rd.chase.guard"]
        self.assertFalse(guard._read_accounts(self.company, self.other))
