# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the documentation points at is there."""

import re
from xml.etree import ElementTree

import pytest
from desk import paths, readme

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_COMMAND = re.compile(r"\bmake ([a-z0-9-]+)")
_SCRIPT = re.compile(r"\bscripts/[\w/.-]*\w")
_PAGES = [
    *sorted(paths.ROOT.glob("*.md")),
    *sorted(paths.ROOT.glob("docs/*.md")),
    *sorted(paths.ADDONS.glob("*/readme/*.md")),
]
# words after "make" that are English
_ENGLISH = {"it", "the", "a", "an", "sure", "them", "invoice", "what", "of", "up"}


def _name(page):
    return str(page.relative_to(paths.ROOT))


def _anchors(page):
    """Return the anchors of a page's headings, as code hosts make them."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    plain = (re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in titles)
    return {
        re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
        for title in plain
    }


def _broken(page, text=None):
    """Return what of a page's links leads nowhere."""
    wrong = []
    text = page.read_text("utf-8") if text is None else text
    for target in _LINK.findall(_FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_links_lead_somewhere(page):
    assert _broken(page) == []


def test_every_picture_is_shown_and_made_by_the_script():
    """A picture nobody shows, or nobody can renew, grows old unseen."""
    folder = paths.ROOT / "docs" / "images"
    pages = "\n".join(page.read_text("utf-8") for page in _PAGES)
    shots = (paths.SCRIPTS / "screenshots.py").read_text("utf-8")
    for picture in sorted(folder.iterdir()):
        shown = re.search(rf'images/{picture.name}[)"]', pages)
        assert shown, f"{picture.name} is shown nowhere"
        name = picture.stem.removesuffix("-phone")
        assert re.search(rf'Shot\(\s*"{name}"', shots), f"{name} is no screen"


def test_a_broken_link_is_found():
    page = paths.ROOT / "README.md"
    text = "[a](docs/none.md) [b](docs/setup.md#none) [c](docs/setup.md#docker)"
    assert _broken(page, text) == ["docs/none.md", "docs/setup.md#none"]


def test_every_page_is_reached_from_the_first():
    seen, waiting = set(), [paths.ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        targets = (link.partition("#")[0] for link in _LINK.findall(page.read_text()))
        waiting += [(page.parent / t).resolve() for t in targets if t and ":" not in t]
    pages = {page for page in _PAGES if "readme" not in page.parts}
    assert {_name(page) for page in pages - seen} == set()


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_commands_and_scripts_are_there(page):
    text = page.read_text("utf-8")
    targets = set(
        re.findall(r"^([a-z0-9-]+):", (paths.ROOT / "Makefile").read_text(), re.M)
    )
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", text, re.S))
    assert set(_COMMAND.findall(code)) - targets - _ENGLISH == set()
    missing = [
        name for name in _SCRIPT.findall(code) if not (paths.ROOT / name).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("addon", paths.OUR_ADDONS)
def test_add_on_describes_itself(addon):
    folder = paths.ADDONS / addon / "readme"
    assert [
        name for name in readme.REQUIRED if not (folder / f"{name}.md").is_file()
    ] == []


@pytest.mark.parametrize("addon", paths.OUR_ADDONS)
def test_description_page_is_made_from_the_fragments(addon):
    page = readme.page_of(addon)
    assert page.read_text("utf-8") == readme.render(addon), "run make readme"


@pytest.mark.parametrize("addon", readme.SCREENS)
def test_picture_of_the_page_is_that_of_the_documentation(addon):
    source, copy = readme.pictures_of(addon)
    assert copy.read_bytes() == source.read_bytes(), "run make readme"


# what stands before an arrow and is no menu of the desk
_ELSEWHERE = {"Settings", "Print", "My account", "Hand in"}
_MENU = re.compile(r"(?<!\*)\*(?=\w)([^*]+ → [^*]+)\*")


def _menus():
    """Return the names that lead to each of the desk's menu entries, its own last."""
    entries, titles = {}, {}
    for path in sorted(paths.ADDONS.glob("*/*/*.xml")):
        if path.parent.name not in ("views", "report", "wizard"):
            continue
        addon, tree = path.parents[1].name, ElementTree.parse(path)

        def full(name, addon=addon):
            return f"{addon}.{name}" if name and "." not in name else name

        for record in tree.iter("record"):
            title = record.findtext("field[@name='name']")
            if title:  # whoever changes a record need not name it again
                titles[full(record.get("id"))] = title
        for item in tree.iter("menuitem"):
            shown = item.get("name"), full(item.get("action"))
            entries[full(item.get("id"))] = (*shown, full(item.get("parent")))
    return {_chain(entries, titles, entry) for entry in entries}


def _chain(entries, titles, entry):
    chain = []
    while entry in entries:
        name, action, entry = entries[entry]
        chain.insert(0, name or titles[action])
    return tuple(chain)


def _no_menus(text, menus):
    """Return the ways through the menus that a text names and nobody finds."""
    wrong = []
    for way in _MENU.findall(_FENCE.sub("", text)):
        names = [re.sub(r"\s+", " ", name).strip() for name in way.split("→")]
        if names[0] in _ELSEWHERE:
            continue
        if not any(_follows(names, chain) for chain in menus):
            wrong.append(way)
    return wrong


def _follows(names, chain):
    """Whether names lead to the last of a chain; levels between may be left out."""
    rest = iter(chain)
    return names[-1] == chain[-1] and all(name in rest for name in names)


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_menus_are_there(page):
    assert _no_menus(page.read_text("utf-8"), _menus()) == []


def test_a_wrong_menu_is_found():
    text = "*Month → Cockpit*, *Month → Nothing*, *Settings → Sales Desk*"
    assert _no_menus(text, _menus()) == ["Month → Nothing"]
