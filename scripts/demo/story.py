# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The two months put together: what is shipped, booked, handed in, and true."""

from dataclasses import dataclass, field

from . import ledgers, lists
from .catalogue import AFFILIATES
from .faults import keep_book
from .trade import month_of, ship

NO_LEDGER = {(1, "A06"), (1, "A10")}  # not sent; or no statement to hand it in for


@dataclass
class Story:
    """All that the demo is made from."""

    months: tuple
    lists: tuple = ()  # per month
    wrong: tuple = ()  # per month: notes of rows that were wrong as first handed in
    books: dict = field(default_factory=dict)  # (turn, affiliate): Book
    files: dict = field(default_factory=dict)  # (turn, affiliate): LedgerFile

    @property
    def truth(self):
        """Every difference that has to be found, as a set."""
        return {
            item
            for key, book in self.books.items()
            if key not in NO_LEDGER
            for item in book.truth
        }

    def write(self, folder):
        """Put the workbooks into a folder, for people to look at and to try."""
        for turn, month in enumerate(self.months):
            place = folder / f"{month:%Y-%m}"
            place.mkdir(parents=True, exist_ok=True)
            for item in (*self.lists[turn], *self._files_of(turn)):
                (place / item.filename).write_bytes(item.data)

    def _files_of(self, turn):
        return [item for key, item in self.files.items() if key[0] == turn]


def tell(today):
    """Return the :class:`Story` of the two calendar months before today's."""
    story = Story(months=(month_of(today, 2), month_of(today, 1)))
    shipped = [ship(month, turn) for turn, month in enumerate(story.months)]
    for customer in AFFILIATES:
        late, balance = (), None
        for turn in (0, 1):
            rows = shipped[0] if not turn else [*shipped[0], *shipped[1]]
            book = keep_book(customer, turn, story.months, rows, late, balance)
            story.books[turn, customer.code] = book
            late, balance = book.later, book.closing
            if customer.layout:
                story.files[turn, customer.code] = ledgers.write(book)
    extra = [[], []]
    for (turn, _code), book in story.books.items():
        extra[turn] += book.extra
    rows = [[*shipped[turn], *extra[turn]] for turn in (0, 1)]
    story.wrong = lists.wrong_at_first(story.months, rows)
    story.lists = (
        lists.first_month(story.months[0], rows[0]),
        lists.second_month(story.months[1], rows[1]),
    )
    return story
