# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Open a spreadsheet file safely: its cells as they are, or a plain refusal."""

import csv
import io
import marshal
import re
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile

from .limits import DEFAULT
from .text import Refused, Text, _

WORKER = str(Path(__file__).with_name("worker.py"))
DATE_MARK = "\x00"
CSV_SUFFIXES = (".csv", ".txt", ".tsv")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = re.compile(rb"<(?:!doctype\s+html|html|table|head|body|meta|div)[\s>]", re.I)
ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)[\s>/]")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

REFUSALS = {
    "empty": _("The file %(file)s is empty; save it again and upload it anew."),
    "lock": _(
        "%(file)s is the lock file that the spreadsheet program leaves beside an "
        "open workbook; upload the workbook itself."
    ),
    "size": _(
        "The file %(file)s is larger than %(limit)s MB; "
        "split it by month and upload the parts."
    ),
    "encrypted": _(
        "The file %(file)s is encrypted; save it as xlsx without a password."
    ),
    "pdf": _(
        "The file %(file)s is a PDF document; ask for the spreadsheet it was made from."
    ),
    "image": _("The file %(file)s is a picture; ask for the spreadsheet itself."),
    "html": _(
        "The file %(file)s is a web page without a table; "
        "open it in a spreadsheet program and save it as xlsx."
    ),
    "archive": _(
        "The file %(file)s is a web archive under a spreadsheet's name; "
        "open it in a spreadsheet program and save it as xlsx."
    ),
    "xml": _(
        "The file %(file)s is an XML document that is no workbook; "
        "open it in a spreadsheet program and save it as xlsx."
    ),
    "xlsb": _(
        "The file %(file)s is a binary workbook (xlsb); "
        "open it in a spreadsheet program and save it as xlsx."
    ),
    "no_workbook": _(
        "The file %(file)s is an Office document without a workbook; "
        "open it in its program and save the table as xlsx."
    ),
    "unknown": _(
        "The file %(file)s is not a spreadsheet that can be read here; "
        "save it as xlsx, xls or csv."
    ),
    "not_xlsx": _(
        "The file %(file)s is not an xlsx workbook; "
        "open it in a spreadsheet program and save it as xlsx."
    ),
    "damaged": _(
        "The file %(file)s is damaged or incomplete; "
        "open it in a spreadsheet program and save it again as xlsx."
    ),
    "entries": _(
        "The file %(file)s consists of too many parts; "
        "copy the table into a new workbook and upload that."
    ),
    "unpacked": _(
        "The file %(file)s unpacks to far more than a table needs; "
        "copy the table into a new workbook and upload that."
    ),
    "declaration": _(
        "The file %(file)s holds declarations that no spreadsheet program writes; "
        "copy the table into a new workbook and upload that."
    ),
    "row_number": _(
        "The file %(file)s names a row that no sheet can have; "
        "copy the table into a new workbook and upload that."
    ),
    "far_cell": _(
        "In the file %(file)s the cell %(cell)s lies far outside any table; "
        "delete the rows and columns beyond the table and save it again."
    ),
    "cells": _(
        "The file %(file)s holds more than %(limit)s cells; "
        "split it by month and upload the parts."
    ),
    "no_sheet": _(
        "The file %(file)s has no sheet named “%(wanted)s”; "
        "its sheets are: %(sheets)s. Correct the sheet name in the profile."
    ),
    "memory": _(
        "The file %(file)s needs more memory than is allowed; "
        "copy the table into a new workbook and upload that."
    ),
    "time": _(
        "Reading the file %(file)s took too long; "
        "copy the table into a new workbook and upload that."
    ),
    "encoding": _(
        "The characters of the file %(file)s cannot be read; "
        "save it as xlsx, or as csv in UTF-8."
    ),
    "no_reader": _(
        "%(file)s cannot be read because the Python package %(package)s is missing; "
        "ask the administrator to install it, or save the file as csv."
    ),
}


@dataclass
class Grid:
    """One sheet's cells, column by column, exactly as stored.

    Cells are text, numbers, dates or "" for nothing. `problems` tells per
    (row, column), both counted from 1, of cells without a usable value: "="
    and the text, where it is known, of a formula without result, else the error's
    own text. `merged` holds ((first row, first column), (last row, last column)),
    counted from 0. `computed` are formulas without a stored result whose value in
    the cells was computed here, `comments` the texts of comments, `marks` tells
    {"red" | "strike" | "fill": {column: [rows]}}; these places count from 1.
    `links` is how many cells take their value from another file; `unread` says
    that the file holds too many styles or comments to look through.
    """

    name: str
    columns: list[list]
    height: int
    problems: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple] = field(default_factory=list)
    hidden: int = 0
    epoch_1904: bool = False
    computed: dict[tuple[int, int], str] = field(default_factory=dict)
    marks: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    links: int = 0
    unread: bool = False

    def row(self, number):
        """The cells of one row, counted from 1."""
        return [column[number - 1] for column in self.columns]

    def strip(self, first, last):
        """The grid with nothing outside these columns, counted from 0."""
        empty = [""] * self.height

        def inside(places):
            return {
                place: what
                for place, what in places.items()
                if first < place[1] <= last + 1
            }

        return replace(
            self,
            columns=[
                column if first <= index <= last else empty
                for index, column in enumerate(self.columns)
            ],
            problems=inside(self.problems),
            computed=inside(self.computed),
            comments=inside(self.comments),
        )

    def part(self, top, bottom):
        """The rows below `top` down to `bottom` as a grid, columns as they were.

        What is said about the whole sheet stays with the part that begins it.
        """
        first = top == 0
        return Grid(
            name=self.name,
            columns=[column[top:bottom] for column in self.columns],
            height=bottom - top,
            problems=moved(self.problems, top, bottom),
            merged=[
                ((one - top, left), (two - top, right))
                for (one, left), (two, right) in self.merged
                if top <= one and two < bottom
            ],
            hidden=self.hidden if first else 0,
            epoch_1904=self.epoch_1904,
            computed=moved(self.computed, top, bottom),
            marks={
                kind: {
                    column: [row - top for row in rows if top < row <= bottom]
                    for column, rows in columns.items()
                }
                for kind, columns in self.marks.items()
            },
            comments=moved(self.comments, top, bottom),
            hidden_columns=self.hidden_columns if first else [],
            filtered=self.filtered and first,
            links=self.links if first else 0,
            unread=self.unread and first,
        )


def moved(places, top, bottom):
    """What stands below `top` down to `bottom`, counted from there."""
    return {
        (row - top, column): what
        for (row, column), what in places.items()
        if top < row <= bottom
    }


@dataclass
class Book:
    """The sheets of one file that were asked for, in their order."""

    file: str
    sheets: dict[str, Grid]


def refusal(code, file, sheet=None, cell=None, **values):
    """The `Refused` for a code of `REFUSALS`."""
    reason = Text(REFUSALS[code], {"file": file, "cell": cell, **values})
    return Refused(reason, file=file, sheet=sheet, cell=cell)


def load(data, filename, limits=DEFAULT, sheet=None, encoding=None, delimiter=None):
    """The guarded cells of `data` as a `Book`; without `sheet` every visible one.

    Never raises anything but `Refused` for what a file can contain.
    """
    kind = sniff(data, filename, limits)
    if kind == "csv":
        grid = read_csv(data, filename, limits, encoding, delimiter)
        return Book(filename, {grid.name: grid})
    return read_workbook(data, filename, kind, limits, sheet)


def sniff(data, filename, limits=DEFAULT):
    """Tell "zip", "xls", "xml", "html" or "csv" by content; refuses all else."""
    base = filename.replace("\\", "/").rsplit("/", 1)[-1]
    if base.startswith(("~$", ".~lock")):
        raise refusal("lock", filename)
    if not data.strip(b"\x00 \t\r\n"):
        raise refusal("empty", filename)
    if len(data) > limits.size:
        raise refusal("size", filename, limit=limits.size >> 20)
    if data.startswith(ZIP):
        return "zip"
    if data.startswith(OLE):
        if ENCRYPTED_STREAM in data:
            raise refusal("encrypted", filename)
        return "xls"
    return sniff_text(data, base, filename)


def sniff_text(data, base, filename):
    """Tell "xml", "html" or "csv" of a text; refuses what is no table at all."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    start = head[:64].lower()
    if head.startswith(b"%PDF"):
        raise refusal("pdf", filename)
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM\x00")):
        raise refusal("image", filename)
    if head.startswith(b"MIME-Version:"):
        raise refusal("archive", filename)
    if start.startswith(b"<"):
        root = ROOT.search(head)
        if root and root[1].lower() in (b"workbook", b"document"):
            return "xml"
        return "html" if HTML.search(head) else "xml"
    if not base.lower().endswith(CSV_SUFFIXES):
        raise refusal("unknown", filename)
    return "csv"


# --- workbooks, through the helper process -----------------------------------


def read_workbook(data, filename, kind, limits, sheet):
    """Let a helper process parse, and turn its answer into a `Book`."""
    answer = ask_worker(data, filename, kind, limits, sheet)
    if code := answer.get("refused"):
        values = {"limit": limits.cells, **answer["values"]}
        cell = values.pop("cell", None)
        raise refusal(code, filename, sheet=sheet, cell=cell, **values)
    # The tables of a web page have no name but the file's.
    grids = [
        grid_of(name or Path(filename).stem, content, answer["epoch_1904"])
        for name, content in answer["sheets"].items()
    ]
    return Book(filename, {grid.name: grid for grid in grids})


# What the helper tells about a sheet beside its cells.
SEEN = (
    *("merged", "computed", "marks", "comments"),
    *("hidden", "hidden_columns", "filtered", "links", "unread"),
)


def grid_of(name, content, epoch_1904):
    """The `Grid` of one sheet of the helper's answer."""
    columns = content["columns"]
    for index in content["dated"]:
        columns[index] = with_dates(columns[index])
    for place, formula in content["formulas"].items():
        if formula and content["problems"][place] == "=":
            content["problems"][place] = f"={formula}"
    grid = Grid(
        name=name,
        columns=columns,
        height=content["height"],
        problems=content["problems"],
        epoch_1904=epoch_1904,
        **{key: content[key] for key in SEEN},
    )
    widen(grid)
    return grid


def widen(grid):
    """Give the grid room for unusable cells that the parser took for nothing."""
    height = max((row for row, _column in grid.problems), default=0)
    width = max((column for _row, column in grid.problems), default=0)
    height = max(height, grid.height)
    for column in grid.columns:
        column.extend([""] * (height - grid.height))
    while len(grid.columns) < width:
        grid.columns.append([""] * height)
    grid.height = height


def ask_worker(data, filename, kind, limits, sheet):
    """The helper's answer; its death or delay is a refusal like any other."""
    options = {
        "kind": kind,
        "sheet": sheet,
        "limits": asdict(limits),
        "path": parser_path(filename, kind),
    }
    # The interpreter starts bare (-I -S): nothing of the server's environment
    # is loaded, and what the parser needs is named in the options.
    command = [sys.executable or "python3", "-I", "-S", "-B", WORKER]
    try:
        with TemporaryFile() as request:
            marshal.dump(options, request)
            request.write(data)
            request.seek(0)
            done = subprocess.run(
                command,
                stdin=request,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=limits.patience,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise refusal("time", filename) from None
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise refusal("time", filename)
    if done.returncode:
        # A parser that aborts on a file has met something hostile or broken.
        raise refusal("damaged" if done.returncode > 0 else "memory", filename)
    return marshal.loads(done.stdout)


# The package that parses each kind; XML needs none but Python's own.
PARSERS = {"zip": "python_calamine", "xls": "python_calamine", "html": "lxml"}


def parser_path(filename, kind):
    """The folder the parser of this kind is installed in, as a list."""
    if kind not in PARSERS:
        return []
    spec = find_spec(PARSERS[kind])
    if not spec or not spec.origin:
        raise refusal("no_reader", filename, package=PARSERS[kind])
    return [str(Path(spec.origin).parent.parent)]


def with_dates(column):
    """The column with its marked ISO texts turned into dates."""
    memo = {}
    result = []
    for cell in column:
        if type(cell) is str and cell[:1] == DATE_MARK:
            if cell not in memo:
                memo[cell] = iso_date(cell[1:])
            cell = memo[cell]
        result.append(cell)
    return result


def iso_date(text):
    """A date, or a datetime when the text has a time."""
    return (datetime if "T" in text else date).fromisoformat(text)


# --- plain text --------------------------------------------------------------


def read_csv(data, filename, limits, encoding=None, delimiter=None):
    """The only grid of a text file, named like the file without its suffix."""
    text = decode(data, filename, encoding)
    if "\x00" in text:
        raise refusal("unknown", filename)
    first, _sep, rest = text.partition("\n")
    if stated := re.match(r"\s*sep=(.)\s*$", first, re.I):
        # The line counts as a row: row numbers stay those a person sees.
        text, delimiter = "\n" + rest, delimiter or stated[1]
    rows = list_rows(text, filename, limits, delimiter or guess_delimiter(text))
    width = max(map(len, rows), default=0)
    if width * len(rows) > limits.cells:
        raise refusal("cells", filename, limit=limits.cells)
    even = (row + [""] * (width - len(row)) for row in rows)
    columns = [list(column) for column in zip(*even, strict=True)]
    return Grid(Path(filename).stem, columns, len(rows))


def list_rows(text, filename, limits, delimiter):
    """Rows of cells; refuses what is no table."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > limits.rows or len(row) > limits.columns:
                raise refusal("cells", filename, limit=limits.cells)
    except csv.Error:
        raise refusal("damaged", filename) from None
    return rows


def guess_delimiter(text):
    """The separator that cuts the first lines most evenly."""
    lines = [line for line in text[:20_000].split("\n")[:30] if line.strip()]
    best, best_score = ",", 0
    for mark in ",;\t|":
        counts = [line.count(mark) for line in lines]
        score = sum(1 for count in counts if count and count == counts[0])
        if score > best_score or (score == best_score and score and mark == ","):
            best, best_score = mark, score
    return best


def decode(data, filename, encoding=None):
    """The text of a file in a stated encoding, UTF-8, GB18030 or Big5."""
    if encoding:
        names = [encoding]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        names = ["utf-16"]
    else:
        names = ["utf-8-sig", *chinese_encodings(data)]
    for name in names:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise refusal("encoding", filename)


def chinese_encodings(data):
    """GB18030 and Big5, the likelier one first.

    Both decode almost any bytes. The everyday characters lie in 0xB0-0xD7 of
    the one and 0xA4-0xC6 of the other, so the better share decides.
    """
    pairs = re.findall(rb"[\x81-\xfe][\x40-\xfe]", data[:200_000])
    trail_low = sum(pair[1] < 0xA1 for pair in pairs)
    simplified = sum(0xB0 <= pair[0] <= 0xD7 and pair[1] >= 0xA1 for pair in pairs)
    traditional = sum(0xA4 <= pair[0] <= 0xC6 for pair in pairs)
    # Big5 uses low second bytes for about four characters in ten.
    if traditional > simplified or trail_low * 5 > len(pairs):
        return ["big5hkscs", "gb18030"]
    return ["gb18030", "big5hkscs"]
