# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The source keeps the rules of ``desk.rules``, and each rule finds its fault."""

import ast
import re
import subprocess
from xml.etree import ElementTree

import pytest
from desk import paths, rules

HEADER = (
    "# Copyright 2026 the RD Sales Desk authors",
    "# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).",
)
ROUTES = paths.ROOT / "tests/pure/public_routes.txt"
# how Odoo spells what is not so, in its data files
FALSE = {"n", "no", "0", "false", "f", "off"}
# written in two parts, or this file would be found too
REGISTRIES = [
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("npmjs", ".org"),
        ("npmjs", ".com"),
        ("debian", ".org"),
        ("ubuntu", ".com"),
        ("crates", ".io"),
        ("rubygems", ".org"),
        ("golang", ".org"),
        ("docker", ".io"),
        ("ghcr", ".io"),
    )
]
# a clone lies anywhere: what follows a machine's own folder is nobody else's
MACHINE = re.compile(r"(?<![\w.${}])/(work|root|home|Users)/\w")

# (rule, code it must find, code it must leave alone); the path decides for some
PLANTED = [
    (
        rules.sudo_in_public_method,
        "class A:\n    def close(self):\n        self.sudo().write({})",
        "class A:\n    def _close(self):\n        self.sudo().write({})",
        "rd_x/models/a.py",
    ),
    (
        rules.sudo_before_check,
        "def page(self):\n    x = env['a'].sudo()\n    x.check_access('read')",
        "def page(self, id):\n    x.check_access('read')\n    return x.sudo()",
        "rd_x/controllers/portal.py",
    ),
    (
        rules.context_switch,
        "if self.env.context.get('skip_lock_check'):\n    pass",
        "lang = self.env.context.get('lang') or self.env.context['notes']",
        "rd_x/models/a.py",
    ),
    (
        rules.context_switch,
        "x = self.env.context['force_close']",
        "x = values['force_close']",
        "rd_x/models/a.py",
    ),
    (
        rules.unsanitized_html,
        "note = fields.Html(sanitize=False)",
        "note = fields.Html()",
        "rd_x/models/a.py",
    ),
    (
        rules.markup_of_a_value,
        "Markup(f'<b>{name}</b>')",
        "Markup('<b>%s</b>') % name",
        "rd_x/models/a.py",
    ),
    (
        rules.float_money,
        "amount_open = fields.Float()",
        "price_unit = fields.Float(digits='Product Price')\ntotal_qty = fields.Float()",
        "rd_x/models/a.py",
    ),
    (
        rules.unique_with_partner,
        "_one = models.Constraint('unique(partner_id, period)', 'x')",
        "_one = models.UniqueIndex('(partner_id, period)', 'x')",
        "rd_x/models/a.py",
    ),
    (
        rules.todays_date,
        "day = fields.Date.today()",
        "day = fields.Date.context_today(self)",
        "rd_x/models/a.py",
    ),
    (
        rules.unguarded_workbook,
        "book = openpyxl.load_workbook(file)",
        "book = read_ledger(file)",
        "rd_x/models/a.py",
    ),
    (
        rules.live_formulas,
        "book = xlsxwriter.Workbook(out, {'constant_memory': True})",
        "SAFE = {'strings_to_formulas': False, 'strings_to_urls': False}\n"
        "book = xlsxwriter.Workbook(out, SAFE)",
        "rd_x/models/a.py",
    ),
    (
        rules.unused_lock,
        "self.try_lock_for_update()",
        "locked = self.try_lock_for_update()",
        "rd_x/models/a.py",
    ),
    (
        rules.no_csrf,
        "@http.route('/x', auth='user', csrf=False)\ndef x(self): pass",
        "@http.route('/x', auth='user')\ndef x(self): pass",
        "rd_x/controllers/a.py",
    ),
    (
        rules.wizard_among_models,
        "class Close(models.TransientModel):\n    _name = 'rd.x'",
        "class S(models.TransientModel):\n    _inherit = 'res.config.settings'",
        "rd_x/models/a.py",
    ),
    (
        rules.dangerous_call,
        "eval(text)",
        "self.eval(text)",
        "rd_x/models/a.py",
    ),
    (
        rules.dangerous_call,
        "subprocess.run(text, shell=True)",
        "subprocess.run(parts)",
        "rd_x/models/a.py",
    ),
]


def sources():
    """Return the add-ons' Python files that run outside tests."""
    found = []
    for path in sorted(paths.ADDONS.rglob("*.py")):
        name = path.relative_to(paths.ADDONS).as_posix()
        if "/tests/" not in name:
            found.append(rules.parse(name, path.read_text(encoding="utf-8")))
    return found


def project_files():
    """Return the project's own files: what git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        found = [paths.ROOT / name for name in listed.stdout.splitlines()]
    else:
        found = [p for p in paths.ROOT.rglob("*") if ".local" not in p.parts]
    return [path for path in found if path.is_file()]


def texts():
    """Yield the project's text files as (path, text)."""
    for path in project_files():
        try:
            yield path.relative_to(paths.ROOT).as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_rules_hold():
    found = [line for source in sources() for line in rules.findings(source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "rule, bad, good, path", PLANTED, ids=lambda value: getattr(value, "__name__", "")
)
def test_rule_finds_its_fault(rule, bad, good, path):
    assert list(rule(rules.parse(path, bad)))
    assert not list(rule(rules.parse(path, good)))


def test_every_rule_has_a_planted_fault():
    assert {row[0] for row in PLANTED} == set(rules.RULES)


def test_public_routes_are_on_the_list():
    lines = ROUTES.read_text(encoding="utf-8").splitlines()
    listed = {line.strip() for line in lines if line and not line.startswith("#")}
    found = {
        path for source in sources() for _line, path in rules.public_routes(source)
    }
    assert found <= listed, f"not on the list: {sorted(found - listed)}"
    assert listed <= found, f"no longer there: {sorted(listed - found)}"


def test_rules_are_renewed_by_an_update():
    """A record rule or group right under noupdate is never mended where it stands."""
    kept = [
        path.relative_to(paths.ROOT).as_posix()
        for path in sorted(paths.ADDONS.glob("*/security/*.xml"))
        if keeps_records(ElementTree.parse(path).getroot())
    ]
    assert not kept


def keeps_records(root):
    """Tell whether anything in a data file is left alone by an update.

    Odoo takes the attribute from any element that holds records, one within another,
    and reads as true what is no spelling of false.
    """
    words = [element.get("noupdate", "").strip() for element in root.iter()]
    return any(word and word.lower() not in FALSE for word in words)


@pytest.mark.parametrize("word", ["1", "True", "true", "yes", "Y", "on", "t", " 1 "])
@pytest.mark.parametrize(
    "text",
    [
        '<odoo noupdate="{}"><record/></odoo>',
        "<odoo><data/><data noupdate='{}'><record/></data></odoo>",
        '<odoo><data><data noupdate="{}"><record/></data></data></odoo>',
    ],
)
def test_what_an_update_leaves_alone_is_seen_in_every_spelling(text, word):
    assert keeps_records(ElementTree.fromstring(text.format(word)))


@pytest.mark.parametrize("word", ["", " ", *sorted(FALSE), "False", "NO"])
def test_what_an_update_renews_is_no_finding(word):
    text = f'<odoo noupdate="{word}"><data noupdate="0"><record/></data></odoo>'
    assert not keeps_records(ElementTree.fromstring(text))


def test_python_files_begin_with_the_header():
    found = [
        name
        for name, text in texts()
        if name.endswith(".py")
        and text.strip()
        and tuple(text.removeprefix("#!/usr/bin/env python3\n").splitlines()[:2])
        != HEADER
    ]
    assert not found, "\n".join(found)


def test_no_registry_is_named():
    found = [
        f"{name}: {host}"
        for name, text in texts()
        for host in REGISTRIES
        if host in text
    ]
    assert not found, "\n".join(found)


def test_no_path_of_a_machine():
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert not found, "\n".join(found)


def idle_classes(text):
    """Return the classes of the night that run nothing: Odoo leaves out what is only
    inherited, unless a class says otherwise."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ClassDef):
            continue
        marks = [ast.unparse(one) for one in node.decorator_list]
        own = ast.unparse(node.body)
        runs = "def test" in own or "allow_inherited_tests_method = True" in own
        if not runs and any("rd_nightly" in mark for mark in marks):
            found.append(node.name)
    return found


def test_what_is_for_the_night_runs_at_night():
    found = {
        path.name: idle
        for path in sorted(paths.ADDONS.glob("*/tests/*.py"))
        if (idle := idle_classes(path.read_text("utf-8")))
    }
    assert found == {}


def test_an_idle_class_is_found():
    text = '@tagged("rd_nightly")\nclass Nightly(Base):\n    times = 5\n'
    assert idle_classes(text) == ["Nightly"]
    assert idle_classes(text + "    def test_it(self):\n        pass\n") == []


def unloaded(folder):
    """Yield the modules of a package of an add-on that nothing beside them loads.

    What tests have in common may be loaded by another add-on's.
    """
    modules = {path.stem: path.read_text("utf-8") for path in folder.glob("*.py")}
    loaded = {"__init__"}
    for text in modules.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                loaded |= {node.module} | {name.name for name in node.names}
    for name in sorted(modules.keys() - loaded):
        if folder.name != "tests" or name.startswith("test_"):
            yield name


def test_every_module_is_loaded():
    names = ("models", "wizard", "report", "controllers", "tests")
    folders = [
        folder
        for addon in paths.OUR_ADDONS
        for folder in map((paths.ADDONS / addon).joinpath, names)
        if (folder / "__init__.py").is_file()
    ]
    assert len(folders) > len(paths.OUR_ADDONS)
    found = [(folder.parent.name, list(unloaded(folder))) for folder in folders]
    assert not [row for row in found if row[1]]


def test_a_module_that_is_not_loaded_is_found(tmp_path):
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "__init__.py").write_text("from . import test_a\nfrom .common import B\n")
    for name in ("common", "test_a", "test_b"):
        (folder / f"{name}.py").touch()
    assert list(unloaded(folder)) == ["test_b"]
