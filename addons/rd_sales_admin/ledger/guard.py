# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What every parser of the helper process shares: refusals, places, limits."""

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
DATE_MARK = "\x00"


class StopError(Exception):
    """Carries the code of a refusal and the values of its sentence."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.answer = {"refused": code, "values": values}


MOST_PENDING = 4 << 20


def feed(parser, pieces):
    """Give an XML parser its pieces; refuses a single part without an end."""
    fed = 0
    for piece in pieces:
        fed += len(piece)
        parser.Parse(piece)
        if fed - parser.CurrentByteIndex > MOST_PENDING + len(piece):
            raise StopError("damaged")
    parser.Parse(b"", True)


def column_number(letters):
    """1 for A, 26 for Z, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def column_letters(number):
    """ "A" for 1, "AA" for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def too_large(rows, columns, limits):
    """Whether a dense range of this size is beyond the limits."""
    return (
        rows > limits["rows"]
        or columns > limits["columns"]
        or rows * columns > limits["cells"]
    )


def is_red(rgb):
    """Whether six hexadecimal digits are a red that a person would call red."""
    try:
        red, green, blue = (int(rgb[i : i + 2], 16) for i in (0, 2, 4))
    except ValueError:
        return False
    return red >= 0xC0 and green <= 0x40 and blue <= 0x40


def add_mark(marks, kind, row, column):
    """Note a mark at a place counted from 1: {kind: {column: [rows]}}."""
    marks.setdefault(kind, {}).setdefault(column, []).append(row)


def is_fill(rgb):
    """Whether a background stands out: neither white nor black nor a pale grey."""
    return rgb.upper() not in ("FFFFFF", "000000") and len(set(pairs(rgb))) > 1


def pairs(rgb):
    """The three parts of a colour."""
    return rgb[0:2], rgb[2:4], rgb[4:6]
