# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Guard, then parse, an Office Open XML workbook, in the helper process."""

import io
import posixpath

from calamine_sheet import chosen_names, read_sheet
from container import SMALL, check_part, check_parts, small_tree
from guard import StopError, column_number, is_fill, is_red
from xlsx_scan import Scan, scan_sheet

REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# The reds among the 64 colours that old programs number.
RED_NUMBERS = ("2", "10")
MOST_COMMENTS = 1000


def read(archive, data, wanted, limits):
    """The answer for a workbook whose container has been checked."""
    from python_calamine import CalamineWorkbook

    book = Parts(archive)
    check_parts(archive, set(book.parts.values()))
    parsed = CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = chosen_names(parsed.sheets_metadata, wanted)
    scans = {}
    total = 0
    for name in names:
        if name not in book.parts:
            raise StopError("damaged")
        scan = Scan(limits, book.styles(), book.recalculated, book.linked)
        scans[name] = scan_sheet(archive, book.parts[name], scan)
        total += scan.cells
        if total > limits["cells"]:
            raise StopError("cells")
    for name, part in book.parts.items():
        if name not in scans:
            check_part(archive, part)
    sheets = {}
    for name in names:
        comments, filtered = book.beside(name)
        scans[name].comments = comments
        scans[name].filtered |= filtered
        scans[name].unread = book.unread
        sheets[name] = read_sheet(parsed, name, limits, scans[name])
    return {"sheets": sheets, "epoch_1904": book.epoch_1904}


def local(node):
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2]


class Parts:
    """The small parts around the sheets."""

    def __init__(self, archive):
        self.archive = archive
        self.names = set(archive.namelist())
        self.epoch_1904 = False
        self.recalculated = False
        self.linked = any(name.startswith("xl/externalLinks/") for name in self.names)
        self.parts = {}
        self.known_styles = None
        self.unread = False
        tree = small_tree(archive, "xl/workbook.xml")
        links = {key: path for key, _kind, path in self.relations("xl/workbook.xml")}
        for node in tree.iter():
            self.take(node, links)

    def take(self, node, links):
        """Account for one element of the workbook's own part."""
        name = local(node)
        if name == "workbookPr":
            self.epoch_1904 = node.get("date1904") in ("1", "true")
        elif name == "calcPr":
            self.recalculated = node.get("fullCalcOnLoad") in ("1", "true")
        elif name == "sheet":
            path = links.get(node.get(REL), "")
            if path in self.names:
                self.parts[node.get("name", "")] = path

    def relations(self, part):
        """(id, kind, part) of everything that a part refers to."""
        folder, name = posixpath.split(part)
        links = f"{folder}/_rels/{name}.rels"
        if links not in self.names:
            return []
        return [
            (
                link.get("Id"),
                link.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))
                .lstrip("/"),
            )
            for link in small_tree(self.archive, links)
        ]  # fmt: skip

    def styles(self):
        """{style number: marks} of the cell styles that stand out."""
        if self.known_styles is None:
            self.known_styles = {}
            if self.is_small("xl/styles.xml"):
                tree = small_tree(self.archive, "xl/styles.xml")
                self.known_styles = style_marks(tree)
        return dict(self.known_styles)

    def is_small(self, part):
        """Whether a part exists and can be looked into; else it is passed over.

        Workbooks copied for years collect tens of thousands of styles.
        """
        if part not in self.names:
            return False
        small = self.archive.getinfo(part).file_size <= SMALL
        self.unread |= not small
        return small

    def beside(self, sheet):
        """({(row, column): comment}, whether a table's filter is active)."""
        comments, filtered = {}, False
        for _id, kind, path in self.relations(self.parts[sheet]):
            if kind not in ("comments", "table") or not self.is_small(path):
                continue
            if kind == "comments":
                comments.update(comments_of(small_tree(self.archive, path)))
            else:
                tree = small_tree(self.archive, path)
                filtered |= any(local(node) == "filterColumn" for node in tree.iter())
        return comments, filtered


def style_marks(tree):
    """{style number: a set of "red", "strike", "fill"} of a book's styles."""
    fonts, fills, result = [], [], {}
    for section in tree:
        name = local(section)
        if name == "fonts":
            fonts = [font_marks(font) for font in section]
        elif name == "fills":
            fills = [fill_marks(fill) for fill in section]
        elif name == "cellXfs":
            for number, style in enumerate(section):
                kinds = pick(fonts, style.get("fontId"))
                if kinds := kinds | pick(fills, style.get("fillId")):
                    result[number] = kinds
    return result


def pick(marks, number):
    """The marks of a numbered font or fill."""
    if number and number.isdigit() and int(number) < len(marks):
        return marks[int(number)]
    return set()


def font_marks(font):
    """ "red" and "strike" as a font has them."""
    marks = set()
    for node in font:
        name = local(node)
        if name == "strike" and node.get("val") not in ("0", "false"):
            marks.add("strike")
        elif name == "color":
            rgb = node.get("rgb", "")[-6:]
            if node.get("indexed") in RED_NUMBERS or is_red(rgb):
                marks.add("red")
    return marks


def fill_marks(fill):
    """ "fill" for a background that stands out."""
    for node in fill.iter():
        if local(node) == "fgColor":
            rgb = node.get("rgb", "")[-6:]
            if len(rgb) == 6 and is_fill(rgb):
                return {"fill"}
    return set()


def comments_of(tree):
    """{(row, column): text} of a sheet's comments, the first thousand."""
    result = {}
    for node in tree.iter():
        if local(node) != "comment" or len(result) >= MOST_COMMENTS:
            continue
        place = node.get("ref", "")
        letters = place.rstrip("0123456789")
        if letters.isalpha() and letters.isascii() and letters != place:
            text = "".join(t.text or "" for t in node.iter() if local(t) == "t")
            where = int(place[len(letters) :][:7]), column_number(letters.encode())
            result[where] = text[:500]
    return result
