# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The same walks with a project of the affiliate, handed over in two parts."""

from datetime import datetime

from hypothesis.stateful import precondition, rule

from .chain_walk import CHOICE, DAY, ChainWalk, get_day


def can(name):
    """Return the precondition that a step makes sense now."""
    return precondition(lambda self: name in self.can)


class HandoverWalk(ChainWalk):
    """Adds two things that the desk does: note an acceptance, and take one back."""

    def __init__(self):
        super().__init__()
        self.orders |= self.test.project_order

    def _find_more(self):
        handovers = self.test.handovers
        return {
            "waiting": handovers.filtered(lambda one: one.state == "sent"),
            "accepted": handovers.filtered("accepted_qty"),
        }

    @can("waiting")
    @rule(choice=CHOICE, day=DAY)
    def hand_over(self, choice, day):
        """Have a part of a project accepted, on any day of the months."""

        def act(handover):
            moment = datetime.combine(get_day(day), datetime.min.time()).replace(hour=4)
            shown = handover._get_shown_revision()
            source = handover._prepare_source("phone", "Ms Lin", *shown, date=moment)
            handover._take_acceptance(source)

        handovers = self.test.handovers
        handover = self._pick(handovers, choice, lambda one: one.state == "sent")
        self._do("hand over", act, handover)

    @can("accepted")
    @rule(choice=CHOICE)
    def revoke(self, choice):
        """Take an acceptance back that was noted by mistake."""
        handovers = self.test.handovers
        handover = self._pick(handovers, choice, lambda one: one.state == "accepted")
        self._do("revoke", handover.action_revoke, "wrong list")
