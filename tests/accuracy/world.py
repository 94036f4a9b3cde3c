# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A month of one affiliate as both sides booked it, with every difference known.

Written from the trade's side: what happens between two companies, not how the
engine finds it.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
# Their last entry; what we deliver after it they cannot have yet.
THEIR_END = date(2026, 10, 27)
AGREE = {"match", "rounding"}


@dataclass(frozen=True)
class Row:
    """One booked line of one side."""

    id: int
    note: str
    part: str
    quantity: int
    total: Decimal
    price: Decimal
    date: date
    order: str
    name: str = "Part"
    remark: str = ""
    accepted: int | None = None


@dataclass
class Truth:
    """Lines that belong together and what is wrong with them.

    `codes` are all codes that are right; more than one means that each has to be
    named. `ours` and `theirs` are ids.
    """

    codes: frozenset
    ours: tuple = ()
    theirs: tuple = ()


@dataclass
class World:
    """Both sides and the truth about them."""

    ours: list = field(default_factory=list)
    theirs: list = field(default_factory=list)
    truths: list = field(default_factory=list)


def money(value):
    """To the cent, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


class Maker:
    """Books deliveries on both sides, one story after the other."""

    def __init__(self, rng, pool, ours, theirs):
        self.rng = rng
        self.world = World()
        self.has_accepted = "accepted" in theirs.fields
        # What only one side states cannot be compared.
        self.has_price = "price" in ours.fields and "price" in theirs.fields
        self.has_order = "order" in ours.fields and "order" in theirs.fields
        self.notes = note_numbers(rng, pool)
        # Few parts in round lots: much looks like much else, as it does in life.
        numbers = part_numbers(rng, pool)
        self.parts = [next(numbers) for _part in range(25)]
        self.orders = [f"PO{rng.randint(10_000, 99_999)}" for _order in range(12)]
        self.lots = [rng.choice((20, 50, 100, 200)) for _lot in range(3)]
        self.prices = {
            part: Decimal(rng.randint(120, 90_000)) / 100 for part in self.parts
        }
        self.last_id = 0

    # --- one line ---

    def delivery(self, **changes):
        """A line of ours that nobody else has booked yet."""
        rng = self.rng
        self.last_id += 1
        lot = rng.choice(self.lots) if rng.random() < 0.6 else rng.randint(2, 480)
        quantity = changes.pop("quantity", None) or lot
        part = changes.pop("part", None) or rng.choice(self.parts)
        price = changes.pop("price", None) or self.prices[part]
        row = Row(
            id=self.last_id,
            note=next(self.notes),
            part=part,
            quantity=quantity,
            total=money(quantity * price),
            price=price,
            date=date(2026, 10, 2) + timedelta(days=rng.randrange(24)),
            order=rng.choice(self.orders),
        )
        return replace(row, **changes)

    def book(self, ours=(), theirs=(), codes=("match",)):
        """Enter lines on both sides; theirs get ids of their own."""
        mine, other = [], []
        for row in ours:
            self.world.ours.append(row)
            mine.append(row.id)
        for row in theirs:
            self.last_id += 1
            self.world.theirs.append(replace(row, id=self.last_id))
            other.append(self.last_id)
        self.world.truths.append(Truth(frozenset(codes), tuple(mine), tuple(other)))

    # --- what agrees ---

    def agree(self):
        """The same on both sides: a note of one to four parts."""
        first = self.delivery()
        self.book([first], [first])
        others = [part for part in self.parts if part != first.part]
        for part in self.rng.sample(others, self.rng.choice([0, 0, 1, 3])):
            row = self.delivery(part=part, note=first.note, date=first.date)
            self.book([row], [row])

    def agree_in_parts(self):
        """One line of ours, two of theirs under the same note and part."""
        row = self.delivery(quantity=self.rng.randint(20, 200))
        first = self.rng.randint(1, row.quantity - 1)
        parts = [self.part_of(row, first), self.part_of(row, row.quantity - first)]
        self.book([row], parts, ["match", "rounding"])

    def part_of(self, row, quantity):
        """A part of a line at its price."""
        return replace(row, quantity=quantity, total=money(quantity * row.price))

    def rounding(self):
        """A cent or a few, as rounding a price makes them."""
        row = self.delivery()
        cents = Decimal(self.rng.choice([-3, -2, -1, 1, 2, 3])) / 100
        self.book([row], [replace(row, total=row.total + cents)], ["rounding"])

    # --- one difference each ---

    def tax_basis(self):
        """They enter one amount without the tax."""
        row = self.delivery(quantity=self.rng.randint(20, 200))
        net = money(row.total / Decimal("1.13"))
        price = (row.price / Decimal("1.13")).quantize(Decimal("0.0001"))
        self.book([row], [replace(row, total=net, price=price)], ["tax_basis"])

    def uom(self):
        """They count in thousands."""
        row = self.delivery(
            quantity=1000 * self.rng.randint(1, 9), price=Decimal("0.85")
        )
        theirs = replace(row, quantity=row.quantity // 1000, price=row.price * 1000)
        self.book([row], [theirs], ["uom"])

    def timing(self):
        """Delivered after their last entry."""
        day = THEIR_END + timedelta(days=self.rng.randint(1, 4))
        self.book([self.delivery(date=day)], codes=["timing"])

    def quantity_short(self):
        """All was sent, less was accepted."""
        row = self.delivery(quantity=self.rng.randint(30, 300))
        lost = self.rng.randint(1, 9)
        accepted = row.quantity - lost
        total = money(accepted * row.price)
        if self.has_accepted:
            theirs = replace(row, accepted=accepted, total=total)
            self.book([row], [theirs], ["quantity_short"])
        else:
            theirs = replace(row, quantity=accepted, total=total)
            self.book([row], [theirs], ["quantity"])

    def quantity(self):
        """A slip of the pen in the quantity; the amount follows it."""
        row = self.delivery(quantity=self.rng.randint(101, 190))
        wrong = row.quantity + self.rng.choice([1, 2, 3, 7, 9, 11])
        theirs = replace(row, quantity=wrong, total=money(wrong * row.price))
        self.book([row], [theirs], ["quantity"])

    def price(self):
        """Their price list is another one."""
        row = self.delivery(quantity=self.rng.randint(5, 100))
        factor = Decimal(self.rng.choice([88, 93, 97, 104, 118])) / 100
        price = money(row.price * factor)
        theirs = replace(row, price=price, total=money(row.quantity * price))
        self.book([row], [theirs], ["price"])

    def amount(self):
        """Freight stands inside the amount; price and quantity are equal."""
        row = self.delivery()
        theirs = replace(row, total=row.total + Decimal(self.rng.randint(20, 300)))
        # Without a price column nobody can tell freight from another price.
        self.book([row], [theirs], ["amount" if self.has_price else "price"])

    def not_in_theirs(self):
        """They have lost our note."""
        self.book([self.delivery()], codes=["not_in_theirs"])

    def not_in_ours(self):
        """We have no such delivery."""
        row = self.delivery()
        self.book([], [row], ["not_in_ours"])

    def duplicate(self):
        """They have entered the same line twice."""
        row = self.delivery()
        self.book([row], [row, row], ["duplicate"])

    def return_unposted(self):
        """We booked the return; they still have the whole delivery."""
        row = self.delivery(quantity=self.rng.randint(40, 90))
        back = self.rng.randint(2, 30)
        self.last_id += 1
        ours = replace(self.part_of(row, -back), id=self.last_id)
        self.book([row, ours], [row], ["return_unposted"])

    def part_alias(self):
        """Another revision stands behind the part number."""
        row = self.delivery()
        part = f"{row.part.rsplit('-', 1)[0]}-{self.rng.randint(1, 9):02}"
        if part == row.part:
            part = f"{part[:-1]}0"
        self.book([row], [replace(row, part=part)], ["part_alias"])

    def doc_ref(self):
        """A slip in the note number: one digit, two swapped, or one missing."""
        row = self.delivery()
        slip = self.rng.choice([wrong_digit, swapped, missing])
        note = slip(self.rng, row.note)
        self.book([row], [replace(row, note=note)], ["doc_ref"])

    def numbered_note(self):
        """They number the parts of our note."""
        row = self.delivery(quantity=self.rng.randint(40, 90))
        first = self.rng.randint(5, 30)
        parts = [
            replace(self.part_of(row, quantity), note=f"{row.note}-{number}")
            for number, quantity in enumerate((first, row.quantity - first), 1)
        ]
        if sum(part.total for part in parts) == row.total:
            self.book([row], parts, ["doc_ref"])

    def note_in_remark(self):
        """They put our note into the remark and leave its column empty."""
        row = self.delivery()
        words = self.rng.choice(["{} 发甲厂", "送货单：{}", "see {} / 2 boxes"])
        theirs = replace(row, note="", remark=words.format(row.note))
        self.book([row], [theirs], ["match"])

    def receipt_for_an_order(self):
        """One receipt of theirs for two notes of ours on one order."""
        one = self.delivery()
        two = self.delivery(part=one.part, order=one.order, quantity=one.quantity + 13)
        theirs = replace(
            one,
            note=f"GR{self.rng.randint(10**6, 10**7)}",
            quantity=one.quantity + two.quantity,
            total=one.total + two.total,
        )
        if self.has_order:
            self.book([one, two], [theirs], ["doc_ref"])
            return
        self.book([one], codes=["not_in_theirs"])
        self.book([two], codes=["not_in_theirs"])
        self.book([], [theirs], ["not_in_ours"])

    def deduction(self):
        """They take money off and name no delivery."""
        row = self.delivery(quantity=1)
        total = -Decimal(self.rng.randint(100, 900))
        theirs = replace(
            row,
            note="",
            part="",
            quantity=-1,
            total=total,
            price=total,
            name="质量扣款",
        )
        self.book([], [theirs], ["deduction"])

    # --- traps ---

    def equal_amounts(self):
        """Equal amounts on equal days that have nothing to do with each other."""
        one = self.delivery()
        two = self.delivery(date=one.date, quantity=one.quantity + 1)
        two = replace(two, total=one.total, price=money(one.total / two.quantity))
        other = next(part for part in self.parts if part != one.part)
        two = replace(two, part=other)
        self.book([one], codes=["not_in_theirs"])
        self.book([], [two], ["not_in_ours"])

    def swapped_notes(self):
        """Two deliveries of one part whose notes they have mixed up."""
        one = self.delivery(quantity=self.rng.randint(11, 40))
        two = self.delivery(quantity=one.quantity + 7, part=one.part, price=one.price)
        self.book([one], [replace(two, note=one.note)], ["quantity"])
        self.book([two], [replace(one, note=two.note)], ["quantity"])

    def two_candidates(self):
        """Two equal deliveries of ours and one of theirs without a note."""
        one = self.delivery()
        two = self.delivery(
            part=one.part, quantity=one.quantity, price=one.price, date=one.date
        )
        self.book([one], codes=["not_in_theirs"])
        self.book([two], codes=["not_in_theirs"])
        self.book([], [replace(one, note="")], ["not_in_ours"])

    def return_like_a_delivery(self):
        """A return of theirs of the size of another, missing, delivery of ours."""
        row = self.delivery()
        back = self.delivery(part=row.part, price=row.price)
        back = replace(self.part_of(back, -row.quantity), note=back.note)
        self.book([row], codes=["not_in_theirs"])
        self.book([], [back], ["not_in_ours"])

    def errors_that_cancel_out(self):
        """Fewer pieces at a higher price: the same amount."""
        row = self.delivery(quantity=100, price=Decimal("9.00"))
        theirs = replace(row, quantity=90, price=Decimal("10.00"))
        self.book([row], [theirs], ["quantity", "price"])


STORIES = (
    *("tax_basis", "uom", "timing", "quantity_short", "quantity", "price", "amount"),
    *("not_in_theirs", "not_in_ours", "duplicate", "return_unposted", "part_alias"),
    *("doc_ref", "numbered_note", "note_in_remark", "receipt_for_an_order"),
    *("deduction", "equal_amounts", "swapped_notes"),
    *("two_candidates", "return_like_a_delivery", "errors_that_cancel_out"),
)


def note_numbers(rng, pool):
    """Note numbers that never come near each other by chance."""
    forms = {
        "tune": ("{:09d}", "DN{:07d}"),
        "report": ("81{:08d}", "SH-{:07d}", "26{:06d}X"),
    }
    form = rng.choice(forms[pool])
    number = rng.randint(100_000, 300_000)
    while True:
        number += rng.randint(1_013, 2_777)
        yield form.format(number)


def part_numbers(rng, pool):
    """Part numbers with a revision at the end."""
    letter = {"tune": "P", "report": "KX"}[pool]
    number = rng.randint(1_000, 3_000)
    while True:
        number += rng.randint(3, 40)
        yield f"{letter}{number}-00"


def wrong_digit(rng, note):
    """One digit replaced by another."""
    places = [i for i, c in enumerate(note) if c.isdigit()]
    place = rng.choice(places[2:-2] or places)
    other = rng.choice([d for d in "0123456789" if d != note[place]])
    return note[:place] + other + note[place + 1 :]


def swapped(rng, note):
    """Two neighbours in the wrong order, if there are two that differ."""
    places = [i for i in range(2, len(note) - 1) if note[i] != note[i + 1]]
    if not places:
        return wrong_digit(rng, note)
    place = rng.choice(places)
    return note[:place] + note[place + 1] + note[place] + note[place + 2 :]


def missing(rng, note):
    """One character left out."""
    place = rng.randrange(2, len(note) - 1)
    return note[:place] + note[place + 1 :]


def make_world(rng, pool, ours, theirs, lines=90):
    """Both sides of a month: mostly what agrees, each story once or twice."""
    maker = Maker(rng, pool, ours, theirs)
    for _line in range(lines):
        maker.agree()
    for _line in range(4):
        maker.agree_in_parts()
        maker.rounding()
    for story in STORIES:
        for _time in range(rng.randint(1, 2)):
            getattr(maker, story)()
    # Their last entry is known to both.
    last = maker.delivery(date=THEIR_END)
    maker.book([last], [last])
    rng.shuffle(maker.world.ours)
    rng.shuffle(maker.world.theirs)
    return maker.world
