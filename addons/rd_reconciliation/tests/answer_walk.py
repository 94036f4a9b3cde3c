# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The same walks with an affiliate that answers by its own means, about charges and
adjusted prices as well, behind which no delivery stands."""

from io import BytesIO

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from openpyxl import load_workbook

from .chain_walk import CHOICE, OPEN, QUANTITY, ChainWalk

ANSWERS = ("Confirmed quantity", "Your price", "Reason")
ASKED = ("sent", "disputed")


def can(name):
    """Return the precondition that a step makes sense now."""
    return precondition(lambda self: name in self.can)


class AnswerWalk(ChainWalk):
    """Adds what the affiliate does: send the marked workbook back, dispute on the
    portal, and never book what we charge."""

    # what ends a statement before it is answered is walked without these steps
    cancel_statement = merge = None

    @initialize(
        basis=st.sampled_from(("accepted", "accepted", "signed", "dispatched")),
        quantity=QUANTITY,
        price=st.sampled_from((-100, 5, 88.5)),
        sent=st.booleans(),
    )
    def begin(self, basis, quantity, price, sent):
        """Begin with deliveries and a charge on a statement, mostly sent already."""
        begun = super().begin(basis=basis, quantity=quantity, depth=0)
        self.charge(price=price, day=9)
        self._do("collect", self._build, self.closes[0])
        if sent:
            self._do("send", self.statements.action_send)
        return begun

    def _find_more(self):
        free = self.statements.filtered(self._get_free)
        return {
            **super()._find_more(),
            "answered": free.filtered(lambda one: one.state in ASKED),
            "charged": free.filtered(lambda one: one.state in OPEN),
        }

    def _get_free(self, statement):
        """Return the lines of a statement behind which no order line stands."""
        return statement._lines().filtered(lambda line: not line.sale_line_id)

    # ------------------------------------------------------------------
    # Our workbook
    # ------------------------------------------------------------------
    @can("asked")
    @rule(
        choice=CHOICE,
        odd=CHOICE,
        by=st.sampled_from((0, 0, -1, 1)),
        price=st.sampled_from((None, None, 9, 0.3)),
        blank=CHOICE,
    )
    def send_workbook_back(self, choice, odd, by, price, blank):
        """Mark our workbook, one row otherwise than the rest, and send it back."""

        def act(statement):
            data = self._mark(statement._render_workbook(), odd, by, price, blank)
            name = f"marked-{self.notes}.xlsx"
            statement._take_recorded_workbook(name, data, "Li Si")

        statement = self._pick_statement(choice, *ASKED)
        self._do("send workbook back", act, statement)

    def _mark(self, data, odd, by, price, blank):
        book = load_workbook(BytesIO(data))
        sheet = book.active
        head = next(
            cell
            for row in sheet.iter_rows()
            for cell in row
            if str(cell.value).startswith("RDS|")
        )
        heads = {cell.value: cell.column for cell in sheet[head.row]}
        rows = [
            row
            for row in range(head.row + 1, sheet.max_row + 1)
            if sheet.cell(row, head.column).value
        ]
        for number, row in enumerate(rows):
            quantity = sheet.cell(row, heads["Quantity"]).value
            if number == blank:
                continue
            values = (quantity, None, None)
            if number == odd:
                values = (quantity + by, price, "as counted" if by else None)
            for label, value in zip(ANSWERS, values, strict=True):
                sheet.cell(row, heads[label]).value = value
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    # ------------------------------------------------------------------
    # What no delivery stands behind
    # ------------------------------------------------------------------
    @can("answered")
    @rule(
        choice=CHOICE,
        line=CHOICE,
        reason=st.sampled_from(("price", "not_received", "quantity", "other")),
    )
    def dispute_charge(self, choice, line, reason):
        """Their finance disputes a charge or an adjusted price on the portal."""

        def act(statement):
            lines = self._get_free(statement).sorted("id")
            chosen = lines[line % len(lines)]
            statement.with_user(self.test.finance)._portal_answer_line(
                chosen.id,
                {
                    "decision": "disputed",
                    "revision": statement.revision,
                    "content_hash": statement.content_hash,
                    "stamp": chosen._get_stamp(),
                    "reason": reason,
                    "note": "never agreed",
                    "price": 4.25,
                    "quantity": 2.5,
                },
            )

        statements = self.statements.filtered(
            lambda one: one.state in ASKED and self._get_free(one)
        )
        self._do("dispute a charge", act, self._pick(statements, choice))

    @can("charged")
    @rule(choice=CHOICE, line=CHOICE)
    def give_up_charge(self, choice, line):
        """They never book a charge, and the desk gives it up."""

        def act(statement):
            lines = self._get_free(statement).sorted("id")
            given_up = lines[line % len(lines)]
            rows = [
                (one.date, one.note, one.part, one.quantity, one.amount_total)
                for one in statement._lines() - given_up
            ] or [("2026-09-10", "ZZ-9", "ZZ-9", 1, 1.0)]
            self.test._read_ledger(statement, rows, f"{self.notes}.csv")
            statement.action_match()
            item = given_up.match_id.difference_ids.filtered(
                lambda one: one.state == "open"
            )
            if item:
                item[:1].action_write_off("never agreed")
            waiting = item.filtered("requested_by_id")
            if waiting:
                waiting.with_user(self.test.supervisor).action_approve()

        statements = self.statements.filtered(
            lambda one: one.state in OPEN and self._get_free(one)
        )
        self._do("give up a charge", act, self._pick(statements, choice))
