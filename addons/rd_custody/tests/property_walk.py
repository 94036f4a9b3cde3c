# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What can happen to customers' property, in any order, as a state machine.

Each rule is one thing a person does. It ends well, or it is refused in one plain
sentence and leaves nothing behind; anything else is a failure. After each step the
register has to agree with plain SQL over the events and the stock.
"""

import re
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..standing import ENDS, Standing

TECHNICAL = re.compile(
    r"constraint|traceback|psycopg|violates|duplicate key|keyerror|nonetype|"
    r"singleton|rd\.[a-z]+\.?[a-z]*\(",
    re.IGNORECASE,
)
START = date(2025, 1, 1)
WHICH = st.integers(0, 3)
DAY = st.integers(0, 20)
QUANTITY = st.sampled_from((1, 2, 3, 5, 0.5, 40))
PLACE = st.sampled_from((False, "Shelf 1", "Shelf 2", "Hall"))
# (card, in, out) by the events alone; a count says what there really was.
BALANCE = """
WITH RECURSIVE line AS (
    SELECT property_id, kind, quantity,
           ROW_NUMBER() OVER (PARTITION BY property_id ORDER BY date, id) AS turn
      FROM rd_property_event WHERE property_id = ANY(%s)
), walk AS (
    SELECT property_id, turn, quantity AS held FROM line WHERE turn = 1
    UNION ALL
    SELECT line.property_id, line.turn,
           CASE WHEN line.kind = 'count' THEN line.quantity
                WHEN line.kind = 'receive' THEN walk.held + line.quantity
                WHEN line.kind = ANY(%s) THEN walk.held - line.quantity
                ELSE walk.held END
      FROM walk JOIN line
        ON line.property_id = walk.property_id AND line.turn = walk.turn + 1
)
SELECT property_id, (ARRAY_AGG(held ORDER BY turn DESC))[1], MIN(held)
  FROM walk GROUP BY property_id
"""
QUANTS = """
SELECT COALESCE(SUM(quant.quantity), 0)
  FROM stock_quant quant JOIN stock_location place ON place.id = quant.location_id
 WHERE quant.product_id = %s AND quant.owner_id = %s
   AND place.usage IN ('internal', 'transit')
"""


class PropertyWalk(RuleBasedStateMachine):
    """Three cards of things and the stock of an owner. ``test`` is the test case
    that lends its records; everything is taken back after each walk."""

    test = None

    def __init__(self):
        super().__init__()
        self.env = self.test.env
        self.savepoint = self.env.cr.savepoint()
        self.log_count = 0

    def teardown(self):
        """Take the walk back."""
        self.savepoint.rollback()
        self.savepoint.close()
        self.env.invalidate_all()
        self.env.clear()
        self.test.count(self.log_count)

    @initialize()
    def begin(self):
        """Open the cards that the walk is about."""
        self.cards = self.env["rd.property"].create(
            [
                {
                    "partner_id": self.test.owner.id,
                    "description": f"Thing {number}",
                    "kind": "tool",
                    "serial": f"WALK-{number}",
                }
                for number in range(3)
            ]
        )

    def _try(self, act):
        """Do it, or see it refused in one plain sentence that leaves nothing."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                act()
                self.env.flush_all()
            self.log_count += 1
        except UserError as refused:
            text = str(refused)
            assert text and not TECHNICAL.search(text), text
            self.env.invalidate_all()

    def _event(self, which, kind, day, **values):
        card = self.cards[which % 3]
        self._try(
            lambda: self.env["rd.property.event"].create(
                {
                    "property_id": card.id,
                    "kind": kind,
                    "date": START + timedelta(days=day),
                    **values,
                }
            )
        )

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    @rule(which=WHICH, day=DAY, quantity=QUANTITY, place=PLACE)
    def receive(self, which, day, quantity, place):
        """Something comes in."""
        self._event(which, "receive", day, quantity=quantity, place=place)

    @rule(
        which=WHICH,
        day=DAY,
        quantity=QUANTITY,
        kind=st.sampled_from(sorted(ENDS)),
    )
    def end(self, which, day, quantity, kind):
        """Something goes for good."""
        self._event(which, kind, day, quantity=quantity, note="walk")

    @rule(which=WHICH, day=DAY, place=PLACE, kind=st.sampled_from(("move", "issue")))
    def carry(self, which, day, place, kind):
        """It goes elsewhere in the house."""
        self._event(which, kind, day, place=place)

    @rule(
        which=WHICH,
        day=DAY,
        place=PLACE,
        kind=st.sampled_from(("lend", "to_subsupplier")),
    )
    def hand_out(self, which, day, place, kind):
        """It goes to somebody outside."""
        shop = self.test.subsupplier.id
        self._event(which, kind, day, place=place, holder_id=shop)

    @rule(which=WHICH, day=DAY, quantity=st.sampled_from((0, 1, 4, 7)), place=PLACE)
    def count_it(self, which, day, quantity, place):
        """Somebody counts it."""
        self._event(which, "count", day, quantity=quantity, place=place)

    @rule(which=WHICH, day=DAY, bad=st.sampled_from(("damaged", "unsuitable")))
    def damage(self, which, day, bad):
        """It comes to harm."""
        self._event(which, "damage", day, condition=bad, note="walk")

    @rule(which=WHICH, day=DAY, kind=st.sampled_from(("maintain", "verify")))
    def look_after(self, which, day, kind):
        """It is looked at or maintained."""
        self._event(which, kind, day, condition="good")

    @rule(which=WHICH)
    def rewrite(self, which):
        """Somebody tries to put an event right after the fact."""
        events = self.cards[which % 3].event_ids
        self._try(lambda: events[:1].write({"quantity": 99}) if events else None)
        self._try(lambda: events[:1].unlink() if events else None)

    @rule(quantity=QUANTITY)
    def stock_in(self, quantity):
        """The owner's material comes by a transfer."""
        self._try(lambda: self.test.transfer("in", quantity))

    @rule(quantity=QUANTITY, released=st.booleans())
    def stock_out(self, quantity, released):
        """The owner's material leaves, with or without a release."""
        self._try(lambda: self.test.transfer("out", quantity, released))

    # ------------------------------------------------------------------
    # What has to hold
    # ------------------------------------------------------------------
    @invariant()
    def agrees(self):
        """The cards say what the events, the replay and the stock say."""
        if not hasattr(self, "cards"):
            return
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(BALANCE, [self.cards.ids, list(ENDS)])
        held = {card: (last, lowest) for card, last, lowest in cr.fetchall()}
        cr.execute(
            "SELECT id, quantity, state, holder_id, serial FROM rd_property "
            "WHERE id = ANY(%s)",
            [self.cards.ids],
        )
        rows = cr.fetchall()
        for card, quantity, state, holder, _serial in rows:
            last, lowest = held.get(card, (0, 0))
            assert quantity == last, f"on hand {quantity}, in less out {last}"
            assert lowest >= 0, f"{card} was below nothing"
            assert (state in ("held", "out")) <= bool(holder), "nobody holds it"
            assert (state in ("held", "out")) == (quantity > 0), (state, quantity)
        serials = [serial for *_rest, serial in rows]
        assert len(serials) == len(set(serials)), "a serial in two places"
        self._agrees_with_stock()
        self._agrees_with_replay()

    def _agrees_with_stock(self):
        product, owner = self.test.product, self.test.owner
        self.env.cr.execute(QUANTS, [product.id, owner.id])
        (stock,) = self.env.cr.fetchone()
        cards = self.env["rd.property"].search([("product_id", "=", product.id)])
        assert sum(cards.mapped("quantity")) == float(stock), "card and quants differ"
        assert stock >= 0, "the owner's stock is below nothing"

    def _agrees_with_replay(self):
        asof = self.env["rd.property.asof"]
        steps = self.cards._get_steps()
        for number in (0, 7, 14, 20):
            day = START + timedelta(days=number)
            rows = asof.with_context(rd_as_of=str(day))
            asof.invalidate_model()
            found = rows.search([("property_id", "in", self.cards.ids)])
            found = {row.property_id: row for row in found}
            for card in self.cards:
                standing = Standing()
                for step in steps[card.id]:
                    if step.date <= day:
                        card._apply(standing, step)
                self._same(found.get(card), standing, day)

    def _same(self, row, standing, day):
        if not standing.received_on:
            assert not row, f"{day}: listed before it came"
            return
        for name in Standing.__slots__:
            value = row[name].id if name == "holder_id" else row[name]
            said = getattr(standing, name)
            assert (value or False) == (said or False), (name, str(day), value, said)
