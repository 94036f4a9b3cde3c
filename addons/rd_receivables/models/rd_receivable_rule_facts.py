# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

ITEM = "account.move.line"
# Plan lines of these kinds were meant to be collected.
MEANT = ("overdue", "due", "stage", "retention", "promise")
# Outcomes of asking in which the customer said something.
ANSWERED = ("promised", "disputed", "will_pay")


class Fact(NamedTuple):
    """One thing that is so, and where it can be read."""

    model: str
    res_id: int
    name: str
    partner_id: int
    currency_id: int
    amount: float
    """In ``currency_id``."""
    since: date
    note: str
    """What is so, in one sentence."""
    owed: float
    """The amount in the currency of the company."""


class RdReceivableRule(models.Model):
    """What each rule finds, for all customers in a constant number of queries."""

    _name = "rd.receivable.rule"
    _inherit = ["rd.receivable.rule"]

    def _find_facts(self, partners=None):
        """Return the facts that this rule finds today.

        :param partners: customers looked at; None: all
        :return: ``[Fact]``, by customer and day
        """
        self.ensure_one()
        rule = self.sudo().with_company(self.company_id)
        found = getattr(rule, f"_find_{self.code}")(partners)
        currency = self.company_id.currency_id
        return sorted(
            (
                fact
                for fact in found
                if currency.compare_amounts(fact.owed, self.minimum) >= 0
            ),
            key=lambda fact: (fact.partner_id, fact.since, fact.res_id),
        )

    # ------------------------------------------------------------------
    # Open items
    # ------------------------------------------------------------------
    def _get_limit_day(self):
        """Return the last day that is old enough for the rule."""
        today = self.company_id._rd_today()
        return today - timedelta(days=self.limit + 1)

    def _get_overdue(self, partners, until):
        """Return the open debts that were due by ``until``."""
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
                ("date_maturity", "<=", until),
                ("partner_id", "!=", False),
                ("move_id.rd_due_waits_for", "=", False),
                ("rd_waits_stage", "=", False),
            ]
        )
        if partners is not None:
            domain &= Domain("partner_id.commercial_partner_id", "in", partners.ids)
        return self.env[ITEM].search(domain, order="date_maturity, id")

    def _get_explained(self, items):
        """Return those of the items that a promise or a dispute explains."""
        promised = self.env["rd.promise"]._get_promises(items)
        disputed = self.env["rd.chase.note"]._get_disputed(items)
        return items.browse(promised.keys() | disputed.keys())

    def _make_fact(self, item, since, note):
        return Fact(
            model=ITEM,
            res_id=item.id,
            name=item.move_id.name or item.name or "",
            partner_id=item.partner_id.commercial_partner_id.id,
            currency_id=item.currency_id.id,
            amount=item.amount_residual_currency,
            since=since,
            note=note,
            owed=item.amount_residual,
        )

    def _find_overdue(self, partners):
        items = self._get_overdue(partners, self._get_limit_day())
        return [
            self._make_fact(
                item,
                item.date_maturity,
                self.env._(
                    "%(item)s was due on %(day)s",
                    item=item.move_id.name,
                    day=item.date_maturity,
                ),
            )
            for item in items - self._get_explained(items)
        ]

    def _find_short(self, partners):
        today = self.company_id._rd_today()
        items = self._get_overdue(partners, today - timedelta(days=1))
        facts = []
        for item in items - self._get_explained(items):
            paid = item.matched_credit_ids.filtered(
                lambda part: part.credit_move_id.move_id.move_type == "entry"
            )
            last = max(paid.mapped("max_date"), default=None)
            if last and last <= self._get_limit_day():
                note = self.env._(
                    "%(item)s: %(paid)s came by %(day)s, the rest did not",
                    item=item.move_id.name,
                    paid=self.company_id.currency_id.format(sum(paid.mapped("amount"))),
                    day=last,
                )
                facts.append(self._make_fact(item, last, note))
        return facts

    def _find_carried(self, partners):
        items = self._get_overdue(partners, self.company_id._rd_today())
        groups = self.env["rd.collection.plan.line"]._read_group(
            [
                ("item_id", "in", items.ids),
                ("kind", "in", MEANT),
                ("due_date", "!=", False),
                ("plan_id.state", "in", ("approved", "closed")),
            ],
            ["item_id"],
            ["__count"],
            having=[("__count", ">=", self.limit)],
        )
        counts = dict(groups)
        return [
            self._make_fact(
                item,
                item.date_maturity,
                self.env._(
                    "%(item)s stood on %(count)s plans",
                    item=item.move_id.name,
                    count=counts[item.id],
                ),
            )
            for item in items
            if item.id in counts
        ]

    # ------------------------------------------------------------------
    # Silence
    # ------------------------------------------------------------------
    def _find_silence(self, partners):
        limit = self._get_limit_day()
        items = self._get_overdue(partners, limit)
        heard = self._get_heard(items.partner_id.commercial_partner_id)
        facts = []
        for item in items - self._get_explained(items):
            last = heard.get(item.partner_id.commercial_partner_id.id)
            if last and last > limit:
                continue
            since = max(last or item.date_maturity, item.date_maturity)
            note = self.env._(
                "%(item)s was due on %(day)s, nothing heard since %(since)s",
                item=item.move_id.name,
                day=item.date_maturity,
                since=since,
            )
            facts.append(self._make_fact(item, since, note))
        return facts

    def _get_heard(self, partners):
        """Return ``{customer id: last day}`` on which something came from them.

        A payment is a word of theirs as well; to ask and get no answer is none.
        """
        heard = {}
        groups = self.env[ITEM]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("balance", "<", 0),
                ("journal_id.type", "in", ("bank", "cash", "credit")),
                ("partner_id", "child_of", partners.ids),
            ],
            ["partner_id"],
            ["date:max"],
        )
        groups += self.env["rd.chase.note"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "in", partners.ids),
                ("outcome", "in", ANSWERED),
            ],
            ["partner_id"],
            ["date:max"],
        )
        for partner, day in groups:
            self._hear(heard, partner.commercial_partner_id.id, day)
        promised = self.env["rd.promise"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "in", partners.ids),
            ],
            ["partner_id"],
            ["noted_date:max"],
        )
        for partner, moment in promised:
            self._hear(heard, partner.id, self.company_id._rd_local_date(moment))
        return heard

    @api.model
    def _hear(self, heard, partner_id, day):
        if day and (partner_id not in heard or heard[partner_id] < day):
            heard[partner_id] = day

    # ------------------------------------------------------------------
    # Bills
    # ------------------------------------------------------------------
    def _find_bounced(self, partners):
        domain = Domain(
            [("company_id", "=", self.company_id.id), ("state", "=", "bounced")]
        )
        if partners is not None:
            domain &= Domain("partner_id.commercial_partner_id", "in", partners.ids)
        facts = []
        for bill in self.env["rd.acceptance.bill"].search(domain, order="id"):
            left = self._get_left_of_bill(bill)
            if bill.currency_id.compare_amounts(left, 0) <= 0:
                continue
            facts.append(self._make_bill_fact(bill, left))
        return facts

    def _make_bill_fact(self, bill, left):
        currency = bill.currency_id
        return Fact(
            model=bill._name,
            res_id=bill.id,
            name=bill.number,
            partner_id=bill.partner_id.commercial_partner_id.id,
            currency_id=currency.id,
            amount=left,
            since=bill.bounced_date,
            note=self.env._(
                "bill %(number)s bounced on %(day)s: %(reason)s",
                number=bill.number,
                day=bill.bounced_date,
                reason=bill.bounce_reason or "",
            ),
            owed=currency._convert(
                left, self.company_id.currency_id, self.company_id, bill.bounced_date
            ),
        )

    def _get_left_of_bill(self, bill):
        """Return what the entry that opened the debt again is still open with.

        A bill without an entry opened nothing: it counts as owed as long as what the
        customer owed on that day is open.
        """
        again = bill.payment_id.move_id.reversal_move_ids.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.parent_state == "posted"
            )
        )
        if not again:
            return min(bill.amount, self._get_owed_since(bill))
        return sum(again.mapped("amount_residual_currency"))

    def _get_owed_since(self, bill):
        """Return what is open of the debts that were in the books at the bounce.

        Where there were none, the books know nothing of the bill, and all of it is
        owed until its payment is named.
        """
        domain = [
            *self.env[ITEM]._rd_get_debts_domain(
                self.company_id, bill.partner_id.commercial_partner_id
            ),
            ("currency_id", "=", bill.currency_id.id),
            ("date", "<=", bill.bounced_date),
        ]
        debts = self.env[ITEM].search(domain)
        open_at = debts.filtered(
            lambda item: (
                not item.reconciled
                or max(item.matched_credit_ids.mapped("max_date"), default=date.min)
                > bill.bounced_date
            )
        )
        if not open_at:
            return bill.amount
        return sum(open_at.mapped("amount_residual_currency"))

    # ------------------------------------------------------------------
    # Disputes
    # ------------------------------------------------------------------
    def _find_dispute(self, partners):
        """Differences of statements that hold back chasing, and disputed items."""
        start = self.company_id._rd_day_start(self._get_limit_day() + timedelta(days=1))
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
                ("blocks_dunning", "=", True),
                ("create_date", "<", start),
            ]
        )
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        differences = self.env["rd.difference"].search(domain, order="id")
        return [
            *(self._make_difference_fact(item) for item in differences),
            *self._find_disputed_items(partners),
        ]

    def _find_disputed_items(self, partners):
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("is_dispute_open", "=", True),
                ("date", "<=", self._get_limit_day()),
            ]
        )
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        facts = {}
        for note in self.env["rd.chase.note"].search(domain, order="date, id"):
            reasons = dict(note._fields["reason"]._description_selection(self.env))
            for item in note.line_ids:
                if item._rd_is_open_debt() and item.id not in facts:
                    facts[item.id] = self._make_fact(
                        item,
                        note.date,
                        self.env._(
                            "%(item)s is disputed since %(day)s: %(reason)s",
                            item=item.move_id.name,
                            day=note.date,
                            reason=reasons.get(note.reason, ""),
                        ),
                    )
        return list(facts.values())

    def _make_difference_fact(self, item):
        company = self.company_id
        day = company._rd_local_date(item.create_date)
        currency = item.currency_id or company.currency_id
        amount = abs(item.amount)
        return Fact(
            model=item._name,
            res_id=item.id,
            name=item.display_name,
            partner_id=item.partner_id.commercial_partner_id.id,
            currency_id=currency.id,
            amount=amount,
            since=day,
            note=self.env._(
                "%(name)s is open since %(day)s", name=item.display_name, day=day
            ),
            owed=currency._convert(amount, company.currency_id, company, day),
        )

    # ------------------------------------------------------------------
    # Promises
    # ------------------------------------------------------------------
    def _find_promises(self, partners):
        """Return the broken promises of customers who broke too many.

        Renewed ones were broken all the same; what is missing of them is told once:
        what the last promise that took their place lacks.
        """
        domain = Domain("company_id", "=", self.company_id.id) & (
            Domain("state", "=", "broken") | Domain("missed", "=", "broken")
        )
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        broken = self.env["rd.promise"].search(domain, order="date, id")
        owed = self._get_still_owed(broken)
        facts = []
        for promises in broken.grouped("partner_id").values():
            owing = (promises & owed).filtered(
                lambda one, promises=promises: one.renewed_by_id not in promises
            )
            if len(promises) >= self.limit:
                facts += [
                    self._make_promise_fact(one, last)
                    for one in owing
                    if (last := one._get_last()).state not in ("kept", "withdrawn")
                ]
        return facts

    def _get_still_owed(self, promises):
        """Return the promises of which something is still open."""
        sums = promises.filtered(lambda one: not one.line_ids)
        owing = self._get_overdue(sums.partner_id, self.company_id._rd_today())
        partners = owing.partner_id.commercial_partner_id
        return promises.filtered(
            lambda one: (
                any(item._rd_is_open_debt() for item in one.line_ids)
                if one.line_ids
                else one.partner_id in partners
            )
        )

    def _make_promise_fact(self, promise, last):
        left = last.amount - last.received_amount
        return Fact(
            model=promise._name,
            res_id=promise.id,
            name=promise.display_name,
            partner_id=promise.partner_id.id,
            currency_id=promise.currency_id.id,
            amount=left,
            since=promise.date,
            note=self.env._(
                "promised %(amount)s for %(day)s, %(left)s did not come",
                amount=promise.currency_id.format(promise.amount),
                day=promise.date,
                left=promise.currency_id.format(left),
            ),
            owed=left,
        )

    # ------------------------------------------------------------------
    # What to do
    # ------------------------------------------------------------------
    def _suggest(self, facts):
        """Return the suggested handling of these facts of one customer.

        What the facts say goes before what the rule says: a customer without the
        tax invoice cannot pay, and with one whom we owe it can be offset.
        """
        self.ensure_one()
        items = self.env[ITEM].sudo()
        items = items.browse(fact.res_id for fact in facts if fact.model == ITEM)
        if self.code not in ("overdue", "silence", "short"):
            return self.proposal
        if self._get_without_tax_invoice(items):
            return "resend"
        if self._get_owed_to(items.partner_id.commercial_partner_id) > 0:
            return "offset"
        return self.proposal

    def _get_without_tax_invoice(self, items):
        if not self.company_id.rd_tax_invoices:
            return items.browse()
        return items.filtered(
            lambda item: (
                item.move_id.move_type == "out_invoice"
                and not item.move_id.rd_fapiao_received_date
            )
        )

    def _get_owed_to(self, partner):
        """Return what we owe this partner, in the company's currency."""
        [(amount,)] = (
            self.env[ITEM]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("account_id.account_type", "=", "liability_payable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("partner_id", "child_of", partner.ids),
                ],
                [],
                ["amount_residual:sum"],
            )
        )
        return -(amount or 0)
