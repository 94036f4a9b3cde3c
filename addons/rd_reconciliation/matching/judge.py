# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One key, both sides: which single reason explains what is there.

Each test looks at a `Pair` and answers (code, rule, reason) or None; the first
answer wins. Special reasons for a quantity stand before the general one, which
would otherwise swallow them.
"""

from decimal import ROUND_HALF_UP, Decimal

from .codes import _
from .data import Text

CENT = Decimal("0.01")
ZERO = Decimal(0)

EQUAL = Text(_("Number, quantity and amount agree."))
CONVERTED = Text(_("They agree once the tax is brought to one basis."))
NOTHING = Text(_("Neither side has a quantity or an amount that can be compared."))
ROUNDING = _("The amounts differ by %(delta)s, within the tolerance of %(limit)s.")
TAX = _("The amounts differ by exactly a tax of %(rate)s %%.")
UNIT = _("One quantity is %(ratio)s times the other: another unit.")
SHORT = _("%(sent)s were sent and %(accepted)s accepted: %(delta)s short.")
OUR_RETURN = _("Our return of %(quantity)s is missing on their side.")
THEIR_RETURN = _("Their return of %(quantity)s is missing on our side.")
TWICE_OURS = _("A line of %(quantity)s stands %(count)s times too often on our side.")
TWICE_THEIRS = _(
    "A line of %(quantity)s stands %(count)s times too often on their side."
)
QUANTITY = _("Ours is %(ours)s and theirs %(theirs)s.")
PRICE = _("Our price is %(ours)s and theirs %(theirs)s.")
PRICE_IMPLIED = _(
    "The amounts mean a price of %(ours)s on our side, %(theirs)s theirs."
)
AMOUNT = _("The amounts differ by %(delta)s and nothing else does.")
RATES = _("Our tax rate is %(ours)s %%, theirs %(theirs)s %%.")
NEARLY = _("The quantities differ by %(delta)s, within the tolerance of %(limit)s.")


def settled(line, basis):
    """The quantity of a line on the agreed basis."""
    if basis == "accepted" and line.accepted is not None:
        return line.accepted
    return line.quantity


def total(values):
    """The sum of what is known, None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def to_basis(line, basis):
    """(amount on the basis, whether it is known how)."""
    if line.amount is None or basis is None or line.tax_basis in (None, basis):
        return line.amount, True
    if line.tax_rate is None:
        return line.amount, False
    factor = 1 + line.tax_rate
    amount = line.amount * factor if basis == "included" else line.amount / factor
    return amount.quantize(CENT, ROUND_HALF_UP), True


class Pair:
    """The lines of one key on both sides, with their sums made when needed."""

    __slots__ = (
        "converted",
        "ours",
        "ours_amount",
        "ours_qty",
        "theirs",
        "theirs_amount",
        "theirs_qty",
        "tolerance",
    )

    def __init__(self, ours, theirs, rules):
        self.ours = ours
        self.theirs = theirs
        basis = rules.basis
        self.tolerance = rules.tolerance((ours or theirs)[0].klass)
        if len(ours) == 1 == len(theirs):
            self.ours_qty = settled(ours[0], basis)
            self.theirs_qty = settled(theirs[0], basis)
            self.ours_amount = ours[0].amount
            self.theirs_amount = theirs[0].amount
            plain = ours[0].tax_basis == theirs[0].tax_basis
        else:
            self.ours_qty = total([settled(line, basis) for line in ours])
            self.theirs_qty = total([settled(line, basis) for line in theirs])
            self.ours_amount = total([line.amount for line in ours])
            self.theirs_amount = total([line.amount for line in theirs])
            plain = len({line.tax_basis for line in (*ours, *theirs)}) == 1
        self.converted = False
        if not plain:
            self.convert()

    def convert(self):
        """Bring every amount to our declared basis where the rates are known."""
        declared = {line.tax_basis for line in self.ours if line.tax_basis}
        if len(declared) != 1:
            return
        basis = declared.pop()
        ours = [to_basis(line, basis) for line in self.ours]
        theirs = [to_basis(line, basis) for line in self.theirs]
        if all(known for _amount, known in (*ours, *theirs)):
            before = self.theirs_amount
            self.ours_amount = total([amount for amount, _known in ours])
            self.theirs_amount = total([amount for amount, _known in theirs])
            self.converted = before != self.theirs_amount

    def same_quantity(self):
        """Whether no known quantity contradicts the other."""
        if self.ours_qty is None or self.theirs_qty is None:
            return True
        return self.ours_qty == self.theirs_qty

    def nearly_same_quantity(self):
        """Whether the quantities differ by no more than is tolerated."""
        return abs(self.ours_qty - self.theirs_qty) <= self.tolerance.quantity

    def amount_limit(self):
        """What the amounts may differ by; each line may have been rounded."""
        limit = self.tolerance.amount * self.size()
        if self.tolerance.percent and self.ours_amount is not None:
            share = abs(self.ours_amount) * self.tolerance.percent / 100
            return max(limit, share)
        return limit

    def other_price(self):
        """Whether the amounts mean another unit price on each side."""
        if not self.ours_qty or not self.theirs_qty or self.amount_delta() is None:
            return False
        # Compared crosswise: a division would round.
        crossed = (
            self.ours_amount * self.theirs_qty - self.theirs_amount * self.ours_qty
        )
        return abs(crossed) > self.amount_limit() * abs(self.ours_qty)

    def amount_delta(self):
        """Ours minus theirs, None when one is unknown."""
        if self.ours_amount is None or self.theirs_amount is None:
            return None
        return self.ours_amount - self.theirs_amount

    def size(self):
        """The larger number of lines; each may have been rounded."""
        return max(len(self.ours), len(self.theirs))


def judge(pair, rules):
    """(code, rule, reason) for one key that both sides have."""
    if pair.ours_qty == pair.theirs_qty or pair.same_quantity():
        delta = pair.amount_delta()
        if not delta:
            # Where an amount is missing, two stated prices still speak.
            return (delta is None and stated_price(pair, rules)) or agree(pair, delta)
        tests = AMOUNT_TESTS
    elif pair.tolerance.quantity and pair.nearly_same_quantity():
        return nearly(pair)
    else:
        tests = QUANTITY_TESTS
    # The last test of each list always answers.
    return next(filter(None, (test(pair, rules) for test in tests)))


def agree(pair, delta):
    """The answer when nothing that both sides state differs."""
    if delta is None and (pair.ours_qty is None or pair.theirs_qty is None):
        return "quantity", "nothing_to_compare", NOTHING
    if pair.converted:
        return "match", "key_converted", CONVERTED
    rule = "key_exact" if pair.size() == 1 else "key_sum"
    return "match", rule, EQUAL


def nearly(pair):
    """The answer when the quantities differ by no more than is tolerated."""
    if pair.other_price():
        return test_amount(pair, None)
    delta, limit = pair.ours_qty - pair.theirs_qty, pair.tolerance.quantity
    values = {"delta": plain(delta), "limit": plain(limit)}
    return "rounding", "quantity_tolerance", Text(NEARLY, values)


def further_codes(code, pair):
    """What else is right: a quantity and a price may both differ in one key.

    Amounts that agree because one error makes up for the other hide nothing.
    """
    if code in QUANTITY_CODES and pair.other_price():
        return ("price",)
    return ()


# --- the quantity agrees, the amount does not --------------------------------


def test_rounding(pair, rules):
    """A few cents per line."""
    delta = pair.amount_delta()
    limit = pair.amount_limit()
    if abs(delta) <= limit:
        values = {"delta": plain(delta), "limit": plain(limit)}
        return "rounding", "rounding_line", Text(ROUNDING, values)
    return None


def test_tax(pair, rules):
    """One side with tax, the other without."""
    ours, theirs = pair.ours_amount, pair.theirs_amount
    limit = pair.tolerance.amount * pair.size()
    for rate in rules.tax_rates:
        factor = 1 + rate
        if abs(ours - theirs * factor) <= limit or abs(theirs - ours * factor) <= limit:
            return "tax_basis", "tax_ratio", Text(TAX, {"rate": plain(rate * 100)})
    return other_rate(pair, limit)


def other_rate(pair, limit):
    """Both with tax, at rates that explain the difference."""
    one, two = one_rate(pair.ours), one_rate(pair.theirs)
    if one is None or two is None or one == two:
        return None
    apart = pair.ours_amount * (1 + two) - pair.theirs_amount * (1 + one)
    if abs(apart) > limit * 2:
        return None
    values = {"ours": plain(one * 100), "theirs": plain(two * 100)}
    return "tax_basis", "tax_rates", Text(RATES, values)


def one_rate(lines):
    """The tax rate that all lines state, None if there is no such rate."""
    rates = {line.tax_rate for line in lines}
    return rates.pop() if len(rates) == 1 else None


def test_price(pair, rules):
    """The unit price differs, as stated or as the amounts mean it."""
    ours, theirs = one_price(pair.ours), one_price(pair.theirs)
    if ours is not None and theirs is not None:
        return stated_price(pair, rules)
    if not pair.ours_qty or not pair.theirs_qty:
        return None
    values = {
        "ours": plain((pair.ours_amount / pair.ours_qty).quantize(CENT)),
        "theirs": plain((pair.theirs_amount / pair.theirs_qty).quantize(CENT)),
    }
    return "price", "price_implied", Text(PRICE_IMPLIED, values)


def stated_price(pair, rules):
    """Both sides state a price, on one tax basis, and they differ."""
    ours, theirs = one_price(pair.ours), one_price(pair.theirs)
    if ours is None or theirs is None or abs(ours - theirs) <= rules.price_tolerance:
        return None
    if len({line.tax_basis for line in (*pair.ours, *pair.theirs)}) > 1:
        return None
    values = {"ours": plain(ours), "theirs": plain(theirs)}
    return "price", "price_stated", Text(PRICE, values)


def one_price(lines):
    """The price that all lines state, None if there is no such price."""
    prices = {line.price for line in lines}
    return prices.pop() if len(prices) == 1 else None


def test_amount(pair, rules):
    """Always: something else is in one of the amounts."""
    values = {"delta": plain(pair.amount_delta())}
    return "amount", "amount", Text(AMOUNT, values)


# --- the quantity differs ----------------------------------------------------


def test_unit(pair, rules):
    """The same goods counted in another unit."""
    ours, theirs = pair.ours_qty, pair.theirs_qty
    if ours * theirs <= 0:
        return None
    large, small = max(abs(ours), abs(theirs)), min(abs(ours), abs(theirs))
    pack = rules.pack_sizes.get(pair.ours[0].part)
    ratio = large / small
    if ratio not in rules.unit_ratios and ratio != pack:
        return None
    delta = pair.amount_delta()
    if delta and abs(delta) > pair.amount_limit() and pair.other_price():
        return None
    return "uom", "unit_ratio", Text(UNIT, {"ratio": plain(ratio)})


def test_short(pair, rules):
    """All that was sent is noted there, but less was taken in."""
    sent = total([line.quantity for line in pair.theirs])
    accepted = total([settled(line, "accepted") for line in pair.theirs])
    ours = total([line.quantity for line in pair.ours])
    if sent is None or sent != ours or not ZERO <= accepted < sent:
        return None
    values = {
        "sent": plain(sent),
        "accepted": plain(accepted),
        "delta": plain(sent - accepted),
    }
    return "quantity_short", "short_receipt", Text(SHORT, values)


def test_return(pair, rules):
    """The difference is exactly a return that one side has not booked."""
    delta = pair.ours_qty - pair.theirs_qty
    if delta in returns(pair.ours, rules):
        values = {"quantity": plain(-delta)}
        return "return_unposted", "our_return", Text(OUR_RETURN, values)
    if -delta in returns(pair.theirs, rules):
        values = {"quantity": plain(delta)}
        return "return_unposted", "their_return", Text(THEIR_RETURN, values)
    return None


def returns(lines, rules):
    """Each negative quantity and their sum."""
    found = [settled(line, rules.basis) for line in lines]
    found = [quantity for quantity in found if quantity is not None and quantity < 0]
    return {*found, sum(found)} if found else set()


def test_duplicate(pair, rules):
    """Without the repeats of an identical line both sides would agree."""
    excess = pair.ours_qty - pair.theirs_qty
    if repeat := repeated(pair.ours, excess, rules):
        values = {"quantity": plain(repeat), "count": plain(excess / repeat)}
        return "duplicate", "twice_ours", Text(TWICE_OURS, values)
    if repeat := repeated(pair.theirs, -excess, rules):
        values = {"quantity": plain(repeat), "count": plain(-excess / repeat)}
        return "duplicate", "twice_theirs", Text(TWICE_THEIRS, values)
    return None


def repeated(lines, excess, rules):
    """The quantity of a line whose repeats make up the excess, or None."""
    if excess <= 0 or len(lines) < 2:
        return None
    counts = {}
    for line in lines:
        same = (settled(line, rules.basis), line.amount)
        counts[same] = counts.get(same, 0) + 1
    hits = {
        quantity
        for (quantity, _amount), count in counts.items()
        if quantity and excess % quantity == 0 and excess / quantity < count
    }
    return max(hits) if hits else None


def test_quantity(pair, rules):
    """Always: the quantities differ for no reason seen here."""
    values = {"ours": plain(pair.ours_qty), "theirs": plain(pair.theirs_qty)}
    return "quantity", "quantity", Text(QUANTITY, values)


AMOUNT_TESTS = (test_rounding, test_tax, test_price, test_amount)
QUANTITY_TESTS = (test_unit, test_short, test_return, test_duplicate, test_quantity)
QUANTITY_CODES = ("quantity_short", "quantity", "duplicate", "return_unposted")


def plain(value):
    """A Decimal as people write it, without exponent or trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
