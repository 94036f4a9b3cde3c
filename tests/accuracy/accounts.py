# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The account of a month as both sides booked it: opening, payments, invoices.

Written from what happens between two companies and their bank; the truth of every
entry is known. Traps: equal amounts far apart, one of two equal payments missing
nowhere, a payment of a sister company.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from matching import Account, Entry, Sister

AGREE = {"match"}
# Each code is made in every month, so that each is counted.
MONEY = (
    *("same_number", "same_day", "near_day", "in_two", "equal_twice"),
    *("ours_only", "theirs_only", "other_amount", "far_apart", "of_a_sister"),
)
PAPERS = ("same", "same", "ours_only", "theirs_only", "other_amount", "of_a_sister")


@dataclass
class Books:
    """Both accounts, the sisters, and what is true: {(ours, theirs): code}."""

    ours: Account = None
    theirs: Account = None
    sisters: tuple = ()
    truths: dict = field(default_factory=dict)


class Bookkeeper:
    """Books payments and invoices on both sides, one story after the other."""

    def __init__(self, rng, pool):
        self.rng = rng
        self.form = {"tune": "BT{:08d}", "report": "2026{:07d}DH"}[pool]
        self.number = rng.randint(1_000, 90_000)
        self.sides = {
            name: {"payment": [], "invoice": []} for name in ("ours", "theirs")
        }
        self.sister = []
        self.truths = {}
        self.amounts = set()
        self.last = 0

    # --- one entry ---

    def fresh(self):
        """(amount, day, reference) that nothing else has, of no sum of others."""
        while True:
            amount = Decimal(self.rng.randint(10_000, 90_000_000)) / 100
            if amount not in self.amounts:
                break
        self.amounts.add(amount)
        self.number += self.rng.randint(7, 90)
        day = date(2026, 10, 1) + timedelta(days=self.rng.randrange(28))
        return amount, day, self.form.format(self.number)

    def enter(self, side, kind, amount, day, number=""):
        """One entry of one side; returns its ref."""
        self.last += 1
        entry = Entry((side, kind, self.last), amount, day, number)
        self.sides[side][kind].append(entry)
        return entry.ref

    def tell(self, code, ours=(), theirs=()):
        """Write down what belongs together and what is wrong with it."""
        self.truths[tuple(sorted(ours)), tuple(sorted(theirs))] = code

    # --- payments ---

    def same_number(self):
        """Both name the bank's reference; the days may be weeks apart."""
        amount, day, number = self.fresh()
        other = day + timedelta(days=self.rng.randint(-20, 20))
        one = self.enter("ours", "payment", amount, day, number)
        two = self.enter("theirs", "payment", amount, other, number.lower())
        self.tell("match", [one], [two])

    def same_day(self):
        """No reference on one side, the same day."""
        amount, day, number = self.fresh()
        one = self.enter("ours", "payment", amount, day, number)
        self.tell("match", [one], [self.enter("theirs", "payment", amount, day)])

    def near_day(self):
        """The bank takes a few days."""
        amount, day, _number = self.fresh()
        later = day + timedelta(days=self.rng.randint(1, 5))
        one = self.enter("ours", "payment", amount, later)
        self.tell("match", [one], [self.enter("theirs", "payment", amount, day)])

    def in_two(self):
        """They pay by transfer and bill and book one sum."""
        amount, day, _number = self.fresh()
        part, _day, _other = self.fresh()
        refs = [
            self.enter("ours", "payment", amount, day),
            self.enter("ours", "payment", part, day + timedelta(days=1)),
        ]
        whole = self.enter("theirs", "payment", amount + part, day)
        self.amounts.add(amount + part)
        self.tell("match", refs, [whole])

    def equal_twice(self):
        """Two equal payments on both sides, two weeks apart."""
        amount, _day, _number = self.fresh()
        for day in (date(2026, 10, 3), date(2026, 10, 20)):
            one = self.enter("ours", "payment", amount, day)
            self.tell("match", [one], [self.enter("theirs", "payment", amount, day)])

    def ours_only(self):
        """We have the money, they forgot to book it."""
        self.tell("payment", [self.enter("ours", "payment", *self.fresh())])

    def theirs_only(self):
        """They booked a transfer that has not come."""
        self.tell("payment", [], [self.enter("theirs", "payment", *self.fresh())])

    def other_amount(self):
        """The bank took its fee."""
        amount, day, number = self.fresh()
        one = self.enter("ours", "payment", amount - 15, day, number)
        two = self.enter("theirs", "payment", amount, day, number)
        self.tell("payment", [one], [two])

    def far_apart(self):
        """Equal amounts that have nothing to do with each other."""
        amount, _day, number = self.fresh()
        one = self.enter("ours", "payment", amount, date(2026, 10, 2), number)
        two = self.enter("theirs", "payment", amount, date(2026, 10, 24))
        self.tell("payment", [one])
        self.tell("payment", [], [two])

    def of_a_sister(self):
        """They booked what a sister company paid."""
        amount, day, number = self.fresh()
        self.sister.append(Entry(("sister", self.number), amount, day, number))
        two = self.enter("theirs", "payment", amount, day, number)
        self.tell("party", [], [two])

    # --- invoices ---

    def invoice(self, story):
        """One invoice as a story has it."""
        amount, day, _reference = self.fresh()
        number = f"2544{self.number:016d}"
        ours, theirs = [], []
        if story == "of_a_sister":
            self.sister.append(Entry(("sister", self.number), amount, day, number))
        elif story != "theirs_only":
            ours.append(self.enter("ours", "invoice", amount, day, number))
        if story != "ours_only":
            stated = amount + (9 if story == "other_amount" else 0)
            later = day + timedelta(days=9)
            theirs.append(self.enter("theirs", "invoice", stated, later, number))
        codes = {"same": "match", "ours_only": "invoiced_not_received"}
        codes["of_a_sister"] = "party"
        self.tell(codes.get(story, "received_not_invoiced"), ours, theirs)

    # --- the account ---

    def opening(self):
        """(our opening, theirs, {code}, sister's gap) of one of four stories."""
        amount, _day, _number = self.fresh()
        story = self.rng.choice(("same", "same", "changed", "mirror"))
        gap = Decimal(self.rng.randint(1, 99_999)) / 100
        theirs = amount if story == "same" else amount - gap
        code = {"same": "match", "changed": "opening", "mirror": "party"}[story]
        self.truths["opening"] = code
        return amount, theirs, -gap if story == "mirror" else None

    def account(self, side, opening):
        """The account of one side with its sums."""
        entries = self.sides[side]
        self.rng.shuffle(entries["payment"])
        self.rng.shuffle(entries["invoice"])
        charged = sum(entry.amount for entry in entries["invoice"])
        paid = sum(entry.amount for entry in entries["payment"])
        return Account(
            opening=opening,
            increase=charged,
            receipts=paid,
            closing=opening + charged - paid,
            payments=tuple(entries["payment"]),
            invoices=tuple(entries["invoice"]),
        )


def make_books(rng, pool):
    """One month of one affiliate, every story once or twice."""
    keeper = Bookkeeper(rng, pool)
    for story in MONEY:
        for _time in range(rng.randint(1, 2)):
            getattr(keeper, story)()
    for story in PAPERS:
        keeper.invoice(story)
    ours, theirs, gap = keeper.opening()
    sister = Sister("sister", "Plant 2", tuple(keeper.sister), gap=gap)
    return Books(
        keeper.account("ours", ours),
        keeper.account("theirs", theirs),
        (sister, Sister("other", "Plant 3")),
        keeper.truths,
    )
