# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Parse one workbook in a process of its own, then end.

Run as a script by `book.py`: standard input carries the options and the file,
standard output the cells or the code of a refusal, both as marshal. It imports
nothing of the project and starts fast. A parser that aborts, eats memory or
never ends takes this process down and not the server that asked.
"""

import gc
import io
import marshal
import os
import re
import sys
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree

CHUNK = 1 << 20
MOST_KNOWN = 60
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
DATE_MARK = "\x00"

# What the parser never opens; some programs write such parts twice.
UNREAD = ("xl/drawings/", "xl/media/", "xl/charts/", "docProps/", "customXml/")

REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
# Patterns that begin with plain text are several times faster, and nearly every
# program writes this form; the general ones serve the rest.
USUAL_LETTERS = re.compile(rb' r="([A-Za-z]+)\d{1,6}"')
USUAL_ROW = re.compile(rb'<row\s[^>]*?r="(\d{1,7})"')
LETTERS = re.compile(rb"\sr=[\"']([A-Za-z]+)\d")
LONG_ROW = re.compile(rb"\sr=[\"'][A-Za-z]*(\d{7,})[\"']")
PREFIXED_CELL = re.compile(rb"<\w+:c[\s>/]")
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?r=[\"'](\d+)[\"']")
HIDDEN = re.compile(rb"<(?:\w+:)?row\s[^>]*hidden=[\"'](?:1|true)")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
CELL = re.compile(rb"<(?:\w+:)?c(\s[^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.S)
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
REFERENCE = re.compile(rb"\sr=[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
TYPE = re.compile(rb"\st=[\"'](\w+)[\"']")


class StopError(Exception):
    """Carries the code of a refusal and the values of its sentence."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.answer = {"refused": code, "values": values}


def column_number(letters):
    """1 for A, 26 for Z, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def limit_resources(memory, seconds):
    """Lower this process's own limits; never raise those it inherited."""
    import resource

    for kind, wanted in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(kind, (wanted, wanted))


# --- the zip container -------------------------------------------------------


def open_zip(data, limits):
    """The archive behind `data` after every check its directory allows."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    if len(entries) > limits["entries"]:
        raise StopError("entries")
    names = [entry.filename for entry in entries]
    read = [name for name in names if not name.startswith(UNREAD)]
    if len(set(read)) != len(read):
        # Two programs would read two different files.
        raise StopError("damaged")
    if any(entry.flag_bits & 1 for entry in entries):
        raise StopError("encrypted")
    if sum(entry.file_size for entry in entries) > limits["unpacked"]:
        raise StopError("unpacked")
    for entry in entries:
        packed = max(entry.compress_size, 1)
        if (
            entry.file_size > limits["ratio_from"]
            and entry.file_size > limits["ratio"] * packed
        ):
            raise StopError("unpacked")
    if "xl/workbook.xml" not in names:
        raise StopError("not_xlsx")
    return archive


def chunks(archive, name):
    """The unpacked bytes of one part, piece by piece."""
    with archive.open(name) as part:
        while piece := part.read(CHUNK):
            yield piece


def check_part(archive, name):
    """Refuse a part that declares a document type or an entity."""
    tail = b""
    for piece in chunks(archive, name):
        if b"\x00" in piece:
            # UTF-16 would slip through every byte pattern below.
            raise StopError("damaged")
        if DECLARATION.search(tail + piece):
            raise StopError("declaration")
        tail = piece[-16:]


def check_parts(archive, skip):
    """Check every XML part except those in `skip`, which are scanned later."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")) and name not in skip:
            check_part(archive, name)


# --- one sheet's XML ---------------------------------------------------------


def cell_pieces(archive, name):
    """The sheet's XML in pieces that never cut through a cell."""
    rest = b""
    for piece in chunks(archive, name):
        if b"\x00" in piece:
            raise StopError("damaged")
        text = rest + piece
        cut = max(text.rfind(b"<c "), text.rfind(b":c "), text.rfind(b"<row"))
        if cut <= 0 or len(text) - cut > CHUNK:
            cut = len(text) - 16
        # Keep the "<" and a possible prefix of a cell on the right side.
        cut = max(text.rfind(b"<", 0, cut + 1), 0)
        yield text[:cut]
        rest = text[cut:]
        if len(rest) > 4 * CHUNK:
            raise StopError("damaged")
    yield rest


class Scan:
    """What the sheet's XML shows and the parser would hide."""

    def __init__(self, limits):
        self.limits = limits
        self.letters = set()
        self.last_row = 0
        self.cells = 0
        self.hidden = 0
        self.problems = {}
        self.stranger = None
        self.formulas = False

    def take(self, piece):
        """Account for one piece of XML."""
        if DECLARATION.search(piece):
            raise StopError("declaration")
        odd = b"'" in piece or (b":" in piece and b":c" in piece)
        if odd or not self.take_usual(piece):
            self.take_unusual(piece)
        self.cells += piece.count(b"<c")
        if self.cells > self.limits["cells"]:
            raise StopError("cells")
        self.note_oddities(piece)

    def take_usual(self, piece):
        """Places in the usual notation; False when there are others too."""
        rows = USUAL_ROW.findall(piece)
        self.last_row = max(self.last_row, max(map(int, rows), default=0))
        if self.stranger and not self.stranger.search(piece):
            return True
        letters = USUAL_LETTERS.findall(piece)
        self.letters.update(letters)
        self.stranger = stranger_to(self.letters)
        return len(letters) + len(rows) == piece.count(b' r="')

    def take_unusual(self, piece):
        """Places in any notation that XML allows."""
        if far := LONG_ROW.search(piece):
            if int(far[1][:12]) > MAX_ROW:
                raise StopError("row_number")
        self.cells += len(PREFIXED_CELL.findall(piece))
        self.letters.update(LETTERS.findall(piece))
        rows = ROW.findall(piece)
        self.last_row = max(self.last_row, max(map(int, rows), default=0))

    def note_oddities(self, piece):
        """Hidden rows, and cells that the parser would show as empty."""
        if b"hidden=" in piece:
            self.hidden += len(HIDDEN.findall(piece))
        errors = b't="e"' in piece or b"t='e'" in piece
        if not self.formulas:
            # Later formulas may only refer to an earlier one, without an end tag.
            self.formulas = b"</f>" in piece or (b":" in piece and b":f" in piece)
        if errors or self.formulas:
            self.problems.update(find_problems(piece))

    def size(self):
        """(rows, columns) of the used range."""
        columns = max(map(column_number, self.letters), default=0)
        return self.last_row, columns


def stranger_to(letters):
    """A pattern that finds any place not in these columns, None for very many.

    Searching for what is not expected makes no object per cell.
    """
    if len(letters) > MOST_KNOWN:
        return None
    known = b"|".join(sorted(letters))
    return re.compile(rb' r="(?!(?:' + known + rb')?\d{1,6}")')


def find_problems(piece):
    """{(row, column): "error" | "formula"} for cells without a usable value."""
    found = {}
    for attributes, body in CELL.findall(piece):
        kind = TYPE.search(attributes)
        kind = kind[1] if kind else b"n"
        value = VALUE.search(body)
        if kind == b"e":
            problem = value[1].decode("ascii", "replace") if value else "#ERROR"
        elif value or kind == b"str" or not FORMULA.search(body):
            # An empty text is a legitimate result of a formula.
            continue
        else:
            problem = "="
        if place := REFERENCE.search(attributes):
            found[int(place[2]), column_number(place[1])] = problem
    return found


def exact_size(archive, name):
    """(rows, columns, far cell) counting only cells that hold something."""
    rows = columns = 0
    far = ""
    for piece in cell_pieces(archive, name):
        for attributes, body in CELL.findall(piece):
            place = REFERENCE.search(attributes) if body else None
            if not place:
                continue
            row, column = int(place[2]), column_number(place[1])
            if row > rows or column > columns:
                far = (place[1] + place[2]).decode()
            rows, columns = max(rows, row), max(columns, column)
    return rows, columns, far


def scan_sheet(archive, name, limits):
    """Read a sheet's XML once and refuse what must not reach the parser."""
    scan = Scan(limits)
    for piece in cell_pieces(archive, name):
        scan.take(piece)
    rows, columns = scan.size()
    if too_large(rows, columns, limits):
        rows, columns, far = exact_size(archive, name)
        if too_large(rows, columns, limits):
            raise StopError("far_cell", cell=far)
    return scan


def too_large(rows, columns, limits):
    """Whether a dense range of this size is beyond the limits."""
    return (
        rows > limits["rows"]
        or columns > limits["columns"]
        or rows * columns > limits["cells"]
    )


# --- the workbook ------------------------------------------------------------


def small_tree(archive, name):
    """The element tree of a part that is always small in an honest file."""
    if archive.getinfo(name).file_size > 4 * CHUNK:
        raise StopError("damaged")
    check_part(archive, name)
    return ElementTree.fromstring(archive.read(name))


def sheet_parts(archive):
    """({sheet name: part}, whether days count from 1904)."""
    book = small_tree(archive, "xl/workbook.xml")
    relations = {}
    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        links = small_tree(archive, "xl/_rels/workbook.xml.rels")
        relations = {link.get("Id"): link.get("Target", "") for link in links}
    parts = {}
    epoch_1904 = False
    for node in book.iter():
        tag = node.tag.rpartition("}")[2]
        if tag == "workbookPr":
            epoch_1904 = node.get("date1904") in ("1", "true")
        elif tag == "sheet":
            target = relations.get(node.get(REL), "")
            path = target.lstrip("/") if target[:1] == "/" else "xl/" + target
            if path in archive.namelist():
                parts[node.get("name", "")] = path
    return parts, epoch_1904


def chosen_names(sheets, wanted):
    """Names of the sheets to read: the wanted one, or every visible one."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    work = [sheet for sheet in sheets if sheet.typ == SheetTypeEnum.WorkSheet]
    if wanted is None:
        return [s.name for s in work if s.visible == SheetVisibleEnum.Visible]
    for sheet in work:
        if sheet.name == wanted:
            return [sheet.name]
    named = [s.name for s in work if s.name.strip() == wanted.strip()]
    if len(named) != 1:
        raise StopError(
            "no_sheet", wanted=wanted, sheets="、".join(s.name for s in work)
        )
    return named


def plain_columns(rows):
    """(columns of marshal-able cells, indexes of columns with marked dates)."""
    columns, dated = [], []
    for index, column in enumerate(zip(*rows, strict=True)):
        kinds = set(map(type, column))
        if not kinds <= {str, float, int}:
            column = [plain(cell) for cell in column]
            if kinds & {datetime, date}:
                dated.append(index)
        columns.append(list(column))
    return columns, dated


def plain(cell):
    """One cell as text or number."""
    if isinstance(cell, datetime | date):
        return DATE_MARK + cell.isoformat()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return cell if isinstance(cell, str | float | int) else str(cell)


def read_sheet(book, name, limits, scan=None):
    """One sheet as plain data for the parent process."""
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False) if sheet.end else []
    if rows and too_large(len(rows), len(rows[0]), limits):
        raise StopError("cells")
    columns, dated = plain_columns(rows)
    return {
        "columns": columns,
        "dated": dated,
        "height": len(rows),
        "problems": scan.problems if scan else {},
        "hidden": scan.hidden if scan else 0,
        "merged": list(sheet.merged_cell_ranges or ()),
    }


def read_xlsx(data, wanted, limits):
    """Guard, then parse, an Office Open XML workbook."""
    from python_calamine import CalamineWorkbook

    archive = open_zip(data, limits)
    parts, epoch_1904 = sheet_parts(archive)
    check_parts(archive, set(parts.values()))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = chosen_names(book.sheets_metadata, wanted)
    scans = {}
    total = 0
    for name in names:
        if name not in parts:
            raise StopError("damaged")
        scans[name] = scan_sheet(archive, parts[name], limits)
        total += scans[name].cells
        if total > limits["cells"]:
            raise StopError("cells")
    for name, part in parts.items():
        if name not in scans:
            check_part(archive, part)
    sheets = {n: read_sheet(book, n, limits, scans[n]) for n in names}
    return {"sheets": sheets, "epoch_1904": epoch_1904}


def read_xls(data, wanted, limits):
    """Parse a BIFF workbook; its records are looked through first."""
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    import biff
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    seen, epoch_1904 = biff.inspect(data)
    if any(too_large(sheet.rows, sheet.columns, limits) for sheet in seen):
        raise StopError("cells")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    seen = dict(zip([s.name for s in sheets], seen, strict=True))
    names = chosen_names(book.sheets_metadata, wanted)
    result = {}
    for name in names:
        result[name] = read_sheet(book, name, limits)
        result[name]["problems"] = seen[name].problems
    return {"sheets": result, "epoch_1904": epoch_1904}


def answer(options, data):
    """The cells, or the code of a refusal; never an exception."""
    reader = read_xlsx if options["kind"] == "xlsx" else read_xls
    try:
        return reader(data, options["sheet"], options["limits"])
    except StopError as stop:
        return stop.answer
    except MemoryError:
        return {"refused": "memory", "values": {}}
    except Exception as error:
        # Whatever a damaged file provokes is a refusal; the parent words it.
        code = "encrypted" if "assword" in str(error) else "damaged"
        return {"refused": code, "values": {"detail": str(error)[:200]}}


def main():
    """Serve one request on standard input and output."""
    options = marshal.load(sys.stdin.buffer)
    sys.path.extend(options["path"])
    # The process ends before garbage matters.
    gc.disable()
    limit_resources(options["limits"]["memory"], options["limits"]["seconds"])
    result = answer(options, sys.stdin.buffer.read())
    # Version 2 keeps no table of references, which saves a third of the time.
    sys.stdout.buffer.write(marshal.dumps(result, 2))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
