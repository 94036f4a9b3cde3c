# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What parts and elements of a workbook say beside its cells, and say oddly."""

import io
import zipfile
from datetime import date

import hostile
import ledger
import pytest
import sheets
from ledger import Limits
from sheets import Raw, text_row

HEAD = ("送货单号", "图号", "数量")
LINE = ("SD1", "JG-1", 3)
TOP = text_row(1, *HEAD) + text_row(2, *LINE)
STYLES = "xl/styles.xml"
SHEET_NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def grid_of(data, name="a.xlsx", **limits):
    """The only grid of a file."""
    (grid,) = ledger.load(data, name, Limits(**limits)).sheets.values()
    return grid


def refusal(data, name="a.xlsx", **limits):
    """The sentence with which a file is refused."""
    with pytest.raises(ledger.Refused) as caught:
        ledger.load(data, name, Limits(**limits))
    return str(caught.value)


# --- new workbooks ------------------------------------------------------------


def styled(cells, padding=""):
    """A workbook of these cells: style 1 is red, 2 is filled, 3 is both."""
    fill = "<fill><patternFill><fgColor rgb='FFFFFF00'/></patternFill></fill>"
    styles = (
        f"<styleSheet {SHEET_NAMES}>{padding}<fonts><font/><font>"
        '<color rgb="FFFF0000"/></font></fonts>'
        f"<fills><fill/>{fill}</fills><cellXfs><xf/>"
        '<xf fontId="1"/><xf fillId="1"/><xf fontId="1" fillId="1"/></cellXfs>'
        "</styleSheet>"
    )
    return sheets.with_part(sheets.with_sheet_xml(cells), STYLES, styles)


def without(data, name):
    """The workbook without one of its parts."""
    source = zipfile.ZipFile(io.BytesIO(data))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for item in source.namelist():
            if item != name:
                archive.writestr(item, source.read(item))
    return target.getvalue()


def test_places_that_a_sheet_leaves_to_be_counted():
    """Rows and cells without a place are the next ones; a mark keeps its cell."""
    grid = grid_of(
        styled(
            '<row><c t="inlineStr"><is><t>图号</t></is></c><c><v>3</v></c></row>'
            '<row r="4"><c r="B4" s="1"><v>5</v></c><c t="e"><v>#N/A</v></c></row>'
            '<row><c/><c s="1"><v>6</v></c><c><f>B5*2</f></c></row>'
        )
    )
    assert grid.row(4) == ["", 5, ""]
    assert grid.row(5) == ["", 6, 12]
    assert grid.problems == {(4, 3): "#N/A"}
    assert grid.computed == {(5, 3): "B5*2"}
    assert grid.marks == {"red": {2: [4, 5]}}


def test_places_are_counted_from_one_piece_to_the_next():
    """The place of the last row counts where a later piece leaves it out."""
    filler = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * (1 << 20)}</t></is></c>'
    grid = grid_of(
        sheets.with_sheet_xml(
            f'<row r="1"><c r="A1"><v>1</v></c></row>{filler}</row>'
            '<row><c t="e"><v>#N/A</v></c></row>'
        )
    )
    assert grid.problems == {(3, 1): "#N/A"}


def test_cells_without_places_are_measured_like_others():
    rows = "<row><c><v>1</v></c></row>" * 10 + f"<row>{'<c><v>2</v></c>' * 10}</row>"
    data = sheets.with_sheet_xml(rows)
    assert grid_of(data, cells=110).height == 11
    assert "J11 lies far outside" in refusal(data, cells=109)


def test_what_only_the_parser_sees_is_measured_too():
    """Fails when a place beyond every sheet makes one of any size."""
    cells = '<c r="ABCD3" s="1"><v>1</v></c><c r="ABCE3" t="e"><v>#N/A</v></c>'
    data = styled(f'{TOP}<row r="3">{cells}</row>')
    assert "more than 2000000 cells" in refusal(data)


@pytest.mark.parametrize("sign", ["=", " = ", "\n=\n"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_place_may_be_written_with_blanks(sign, quote):
    place = f"r{sign}{quote}{{}}{quote}"
    cells = (
        f'<c s="1" {place.format("B3")}><v>5</v></c>'
        f'<c t="e" {place.format("D3")}><v>#N/A</v></c>'
    )
    data = styled(f"{TOP}<row {place.format(3)}>{cells}</row>")
    grid = grid_of(data)
    assert grid.row(3) == ["", 5, "", ""]
    assert (grid.problems, grid.marks) == ({(3, 4): "#N/A"}, {"red": {2: [3]}})
    assert "D3 lies far outside" in refusal(data, cells=11)


def test_an_error_beyond_everything_else_has_its_place():
    grid = grid_of(sheets.with_sheet_xml(f'{TOP}<row r="4"><c r="E4" t="e"/></row>'))
    assert grid.problems == {(4, 5): "#ERROR"}
    assert (grid.height, len(grid.columns)) == (4, 5)


def test_truth_reads_as_a_word():
    data = sheets.xlsx([HEAD, ("SD1", True, 3), ("SD2", False, 4)])
    assert grid_of(data).columns[1] == ["图号", "TRUE", "FALSE"]


def test_an_empty_text_is_the_result_of_a_formula():
    """Unless the workbook asks for everything to be computed."""
    row = '<row r="3"><c r="B3" t="str"><f>IF(C2,"")</f><v></v></c></row>'
    data = sheets.with_sheet_xml(TOP + row)
    assert grid_of(data).problems == {(3, 2): "=''"}
    part = "xl/workbook.xml"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part).decode()
    done = sheets.with_part(data, part, xml.replace('fullCalcOnLoad="1"', ""))
    assert grid_of(done).problems == {}


def test_a_background_on_very_many_cells_is_decoration():
    cells = "".join(f'<c r="A{n}" s="2"/>' for n in range(3, 50_004))
    data = styled(f'{TOP}<row r="3">{cells}<c r="B3" s="3"><v>1</v></c></row>')
    assert grid_of(data).marks == {"red": {2: [3]}}
    piece = '<row r="3"><c r="A3" s="2"><v>1</v></c></row>'
    assert grid_of(styled(TOP + piece)).marks == {"fill": {1: [3]}}


def test_a_decoration_of_one_style_leaves_no_marks():
    cells = "".join(f'<c r="A{n}" s="2"/>' for n in range(3, 50_004))
    assert grid_of(styled(f'{TOP}<row r="3">{cells}</row>')).marks == {}


def test_a_sheet_of_very_many_columns_is_measured():
    wide = [f"C{n}" for n in range(70)]
    assert len(grid_of(sheets.xlsx([wide, wide])).columns) == 70
    assert "more than 80 cells" in refusal(sheets.xlsx([wide, wide]), cells=80)


def test_a_cell_far_away_that_holds_nothing_is_no_harm():
    far = f'{TOP}<row r="1000000"><c r="XFD1000000" s="1"/></row>'
    grid = grid_of(sheets.with_sheet_xml(far))
    assert (grid.height, len(grid.columns)) == (2, 3)


def test_a_text_without_an_end_is_refused():
    text = text_row(3, "x" * 6_000_000)
    assert "damaged" in refusal(sheets.with_sheet_xml(TOP + text))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/theme/theme1.xml", "<a/>".encode("utf-16")),
        ("xl/workbook.xml", b"<workbook>" + b" " * (4 << 20) + b"</workbook>"),
    ],
    ids=["utf-16", "endless"],
)
def test_a_part_that_no_program_writes_is_refused(part, content):
    assert "damaged" in refusal(sheets.with_part(hostile.good(), part, content))


def test_a_sheet_whose_part_has_another_name_is_refused():
    part = "xl/_rels/workbook.xml.rels"
    data = hostile.good()
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part).decode()
    xml = xml.replace("worksheets/sheet1.xml", "Worksheets/Sheet1.xml")
    assert "damaged" in refusal(sheets.with_part(data, part, xml))


def test_a_workbook_without_styles_has_no_marks():
    grid = grid_of(without(hostile.good(), STYLES))
    assert (grid.marks, grid.unread) == ({}, False)


def test_too_many_styles_are_passed_over_and_told():
    data = styled(TOP, padding=" " * (4 << 20))
    table = ledger.read(data, "a.xlsx")
    assert len(table.rows) == 1
    assert "too many styles or comments" in str(table.warnings[0].reason)


def test_a_comment_without_a_place_is_no_comment():
    data = sheets.xlsx([HEAD, LINE], prepare=lambda _b, s: s.write_comment("B2", "甲"))
    part = "xl/comments1.xml"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part).decode()
    assert list(grid_of(data).comments) == [(2, 2)]
    for odd in ("22", "B", "Ä2"):
        bad = xml.replace('ref="B2"', f'ref="{odd}"')
        assert grid_of(sheets.with_part(data, part, bad)).comments == {}


# --- spreadsheets of 2003 -----------------------------------------------------


def cell(text, kind="String", **more):
    """The XML of a cell of a spreadsheet of 2003."""
    more = "".join(f' ss:{name}="{value}"' for name, value in more.items())
    return f'<Cell{more}><Data ss:Type="{kind}">{text}</Data></Cell>'


def xml_of(*rows, **options):
    """A spreadsheet of 2003 of a heading, a line, and these rows."""
    return sheets.xml2003([HEAD, LINE, *map(Raw, rows)], **options)


def test_cells_of_2003_may_come_in_any_order():
    row = f"<Row>\n{cell(3, 'Number', Index=3)}\n{cell('SD2', Index=1)}\n</Row>"
    assert grid_of(xml_of(row), "a.xls").row(3) == ["SD2", "", 3]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (cell(1, "Boolean"), "TRUE"),
        (cell(0, "Boolean"), "FALSE"),
        (cell("2026-03-02T00:00:00.000", "DateTime"), date(2026, 3, 2)),
        (cell(""), ""),
        (cell("", "Number"), ""),
    ],
)
def test_cells_of_2003_by_their_type(markup, expected):
    grid = grid_of(xml_of(f"<Row>{markup}{cell('x')}</Row>"), "a.xls")
    assert grid.row(3)[:2] == [expected, "x"]
    assert grid.problems == {}


@pytest.mark.parametrize(
    ("formula", "shown", "links"),
    [
        ("=NOW()+R[-9]C", "=NOW()+#REF!", 0),
        ("=[other.xls]Sheet1!R1C1", "=[other.xls]Sheet1!A1", 1),
        ("=NOW()+RC[-1]", "=NOW()+A3", 0),
    ],
)
def test_formulas_of_2003_are_told_with_usual_places(formula, shown, links):
    row = f'<Row><Cell/><Cell ss:Formula="{formula}"/></Row>'
    grid = grid_of(xml_of(row), "a.xls")
    assert grid.problems == {(3, 2): shown}
    assert grid.links == links


def test_marks_of_2003_are_those_that_stand_out():
    styles = (
        '<Style ss:ID="a"><Font ss:StrikeThrough="1"/></Style>'
        '<Style ss:ID="b" ss:Parent="a"><Interior ss:Color="#FFFF00"/></Style>'
        '<Style ss:ID="c"><Interior ss:Color="#FFFFFF"/><Font ss:Color="#0000FF"/>'
        "</Style>"
    )
    rows = [f"<Row>{cell('x', StyleID=style)}</Row>" for style in "abc"]
    grid = grid_of(xml_of(*rows, styles=styles), "a.xls")
    assert grid.marks == {"strike": {1: [3, 4]}, "fill": {1: [4]}}


def test_what_2003_says_of_a_sheet_that_hides_nothing():
    after = (
        "<x:WorksheetOptions><x:Visible>SheetVisible</x:Visible></x:WorksheetOptions>"
        '<x:AutoFilter><x:AutoFilterColumn x:Type="All"/></x:AutoFilter>'
    )
    grid = grid_of(xml_of(columns='<Column ss:Width="50"/>', after=after), "a.xls")
    assert (grid.filtered, grid.hidden_columns, grid.hidden) == (False, [], 0)


def test_comments_of_2003_belong_to_their_cells():
    comment = '<Comment><Data ss:Type="String">甲</Data></Comment>'
    with_comment = '<Cell ss:Index="2"><Data ss:Type="String">x</Data>' + comment
    rows = f"<Row>{with_comment}</Cell></Row>", f"<Row>{comment}</Row>"
    grid = grid_of(xml_of(*rows), "a.xls")
    assert grid.comments == {(3, 2): "甲"}
    assert grid.row(3) == ["", "x", ""]
    many = f"<Row>{f'<Cell>{comment}</Cell>' * 1001}</Row>"
    assert len(grid_of(xml_of(many), "a.xls").comments) == 1000


@pytest.mark.parametrize(
    "before", ["<Row/>", "<Cell/>", "<Worksheet><Cell/></Worksheet>"]
)
def test_cells_of_2003_outside_of_a_table_are_refused(before):
    data = xml_of().replace(b"<Styles>", before.encode() + b"<Styles>")
    assert "damaged" in refusal(data, "a.xls")


def test_columns_of_2003_outside_of_a_sheet_are_none():
    column = b'<Column ss:Hidden="1"/>'
    data = xml_of().replace(b"<Styles>", column + b"<Styles>")
    assert grid_of(data, "a.xls").hidden_columns == []


def test_a_text_of_2003_without_an_end_is_refused():
    assert "damaged" in refusal(xml_of(f"<Row>{cell('x' * 1_100_000)}</Row>"), "a.xls")


# --- OpenDocument -------------------------------------------------------------


def ods_cell(kind, text="", style="", **more):
    """The XML of a cell of an OpenDocument sheet."""
    more = "".join(f' office:{n.replace("_", "-")}="{v}"' for n, v in more.items())
    style = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell office:value-type="{kind}"{style}{more}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def ods_row(*cells, **more):
    """The XML of a row of an OpenDocument sheet."""
    more = "".join(f' table:{n.replace("_", "-")}="{v}"' for n, v in more.items())
    return f"<table:table-row{more}>\n{''.join(cells)}\n</table:table-row>"


def ods_of(*rows, **options):
    """An OpenDocument sheet of a heading, a line, and these rows."""
    return sheets.ods([HEAD, LINE, *map(Raw, rows)], **options)


def test_cells_of_an_open_document_by_their_type():
    row = ods_row(
        ods_cell("boolean", "是", boolean_value="true"),
        ods_cell("string", "short", string_value="the whole"),
        ods_cell("string", "a<text:tab/>b"),
    )
    assert grid_of(ods_of(row), "a.ods").row(3) == ["TRUE", "the whole", "a\tb"]


def test_marks_of_an_open_document_are_those_that_stand_out():
    struck = 'style:text-line-through-style="solid"'
    looks = {
        "a": f"<style:text-properties {struck}/>",
        "b": f'<style:text-properties {struck} style:text-line-through-type="none"/>',
        "c": '<style:table-cell-properties fo:background-color="#ffff00"/>',
        "d": '<style:table-cell-properties fo:background-color="transparent"/>'
        '<style:table-properties table:display="true"/>',
    }
    # What stands before any style describes none.
    styles = f"<style:text-properties {struck}/>" + "".join(
        f'<style:style style:name="{name}">{look}</style:style>'
        for name, look in looks.items()
    )
    rows = [ods_row(ods_cell("string", "x", style=name)) for name in looks]
    usual = ods_row(ods_cell("string", "x"), default_cell_style_name="c")
    grid = grid_of(ods_of(*rows, usual, styles=styles), "a.ods")
    assert grid.marks == {"strike": {1: [3]}, "fill": {1: [5, 7]}}


def test_a_table_inside_a_cell_is_part_of_a_drawing():
    inner = (
        '<table:table table:name="内"><table:table-column table:visibility="collapse"/>'
        f"{ods_row(ods_cell('string', 'y'), '<table:covered-table-cell/>')}"
        "</table:table>"
    )
    shape = f'<table:table-cell office:value-type="string"><text:p>x</text:p>{inner}'
    row = f"<table:table-row>{shape}</table:table-cell></table:table-row>"
    book = ledger.load(ods_of(row, ods_row(ods_cell("string", "z"))), "a.ods")
    assert list(book.sheets) == ["明细"]
    grid = book.sheets["明细"]
    assert grid.columns[0][3] == "z"
    assert grid.hidden_columns == []


@pytest.mark.parametrize(
    ("name", "address", "filtered"),
    [
        ("明细", "明细.A1:明细.C9", True),
        ("明细", "$明细.$A$1:.$C$9", True),
        ("明细", "别表.A1:别表.C9", False),
        ("三月 明细", "'三月 明细'.A1:'三月 明细'.C9", True),
        ("2026.3", "$'2026.3'.A1:$'2026.3'.C9", True),
    ],
)
def test_a_filter_is_that_of_the_sheet_it_names(name, address, filtered):
    def ranges(inside):
        place = f'table:target-range-address="{address}"'
        return (
            f"<table:database-ranges><table:database-range {place}>{inside}"
            "</table:database-range></table:database-ranges>"
        )

    whole, plain = "<table:filter/>", ""
    data = ods_of(name=name, after=ranges(whole))
    assert grid_of(data, "a.ods").filtered is filtered
    assert not grid_of(ods_of(name=name, after=ranges(plain)), "a.ods").filtered
    assert not grid_of(ods_of(name=name, after=whole), "a.ods").filtered


def test_a_filter_twice_in_a_range_is_one():
    place = 'table:target-range-address="明细.A1:.C9"'
    filters = "<table:filter/><table:filter/>"
    after = f"<table:database-range {place}>{filters}</table:database-range>"
    assert grid_of(ods_of(after=after), "a.ods").filtered


def test_a_sheet_of_an_open_document_is_found_without_its_blanks():
    data = ods_of(name=" 明细 ")
    table = ledger.read(data, "a.ods", ledger.Profile(sheet="明细"))
    assert (table.sheet, len(table.rows)) == (" 明细 ", 1)


def test_an_open_document_without_a_list_of_its_parts_is_read():
    data = without(ods_of(), "META-INF/manifest.xml")
    assert grid_of(data, "a.ods").row(2) == list(LINE)


def test_texts_that_repeat_are_counted_as_often():
    text = ods_row(ods_cell("string", "x" * 100_000), number_rows_repeated=400)
    assert "unpacks to far more" in refusal(ods_of(text), "a.ods")


# --- pages --------------------------------------------------------------------


def page_of(*rows, **options):
    """A page of a heading, a line, and these rows."""
    return sheets.html([HEAD, LINE, *map(Raw, rows)], **options)


def test_a_page_keeps_what_its_style_sheet_says_of_its_cells():
    rules = ".neg{color:#C00000} .done { text-decoration:line-through }"
    rows = (
        '<tr><td class="neg num">1</td><td class=done>2</td></tr>',
        "<tr><td class=other>3</td></tr>",
    )
    for style in (f"<style>{rules}</style>", f"<style><!--{rules}--></style>"):
        data = page_of(*rows, before=style)
        grid = grid_of(data, "a.xls")
        assert grid.marks == {"red": {1: [3]}, "strike": {2: [3]}}
        assert grid.row(1) == list(HEAD), "the words of a style sheet are none"


def test_a_comment_of_a_page_is_no_text_of_it():
    assert grid_of(page_of("<tr><td>x<!-- y --></td></tr>"), "a.xls").row(3)[0] == "x"


def test_a_row_that_a_cell_reaches_down_to_is_no_longer_its_own():
    rows = (
        "<tr><td rowspan=2>a</td><td>b</td></tr>",
        "<tr><td>c</td></tr>",
        "<tr><td>d</td></tr>",
    )
    grid = grid_of(page_of(*(f"<tbody>{row}</tbody>" for row in rows)), "a.xls")
    assert [grid.row(row)[:2] for row in (3, 4, 5)] == [
        ["a", "b"],
        ["", "c"],
        ["d", ""],
    ]


def test_paragraphs_in_a_cell_are_its_lines():
    grid = grid_of(page_of("<tr><td><p>a</p><p>b</p>c<div>d</div></td></tr>"), "a.xls")
    assert grid.row(3)[0].split() == ["a", "b", "c", "d"]
    assert grid.row(3)[0].startswith("a\n")


def test_a_cell_behind_a_table_inside_its_row_comes_below_that():
    inner = "<table><tr><td>x</td></tr></table>"
    rows = f"<tr><td>a{inner}</td><td>b</td></tr>", "<tr><td>c</td></tr>"
    grid = grid_of(page_of(*rows), "a.xls")
    assert grid.columns[0][2:] == ["a", "x", "b", "c"]


@pytest.mark.parametrize(
    ("exact", "shown", "expected"),
    [
        ("1234.5678", "1,234.57", 1234.5678),
        ("1234.5678", "约 1,234", "约 1,234"),
        ("many", "1,234.57", "1,234.57"),
        ("", "1,234.57", "1,234.57"),
    ],
)
def test_the_number_behind_a_rounded_one_is_taken(exact, shown, expected):
    row = f'<tr><td x:num="{exact}">{shown}</td></tr>'
    assert grid_of(page_of(row), "a.xls").row(3)[0] == expected


def test_words_of_a_page_without_an_end_are_refused():
    assert "damaged" in refusal(page_of(before="x" * 1_100_000), "a.xls")


# --- the process that reads ---------------------------------------------------


@pytest.fixture
def worker(monkeypatch):
    """The module of the process that reads, in this process."""
    monkeypatch.syspath_prepend(str(ledger.__path__[0]))
    import worker

    return worker


def test_limits_are_lowered_and_never_raised(worker, monkeypatch):
    import resource

    inherited = {resource.RLIMIT_CPU: 3, resource.RLIMIT_FSIZE: 0}
    lowered = {}
    monkeypatch.setattr(
        resource,
        "getrlimit",
        lambda kind: (0, inherited.get(kind, resource.RLIM_INFINITY)),
    )
    monkeypatch.setattr(resource, "setrlimit", lowered.__setitem__)
    worker.limit_resources(1 << 30, 8)
    assert lowered == {
        resource.RLIMIT_AS: (1 << 30, 1 << 30),
        resource.RLIMIT_CPU: (3, 3),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
    }


def test_memory_that_is_used_up_is_told_as_such(worker, monkeypatch):
    def read(_data, _wanted, _limits):
        raise MemoryError

    monkeypatch.setitem(worker.READERS, "xls", read)
    options = {"kind": "xls", "sheet": None, "limits": {}}
    assert worker.answer(options, b"") == {"refused": "memory", "values": {}}
