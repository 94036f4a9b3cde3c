# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Rules on the source that no linter knows; each finds what must not be there.

A rule is a function of a parsed file that yields (line, sentence). RULES names them
with the files they look at; ``findings`` applies them to one file.
"""

import ast
import re
from typing import NamedTuple

_SWITCH = re.compile(r"(^|_)(skip|bypass|force|no|ignore|disable|without)(_|$)")
_MONEY = re.compile(r"(^|_)(amount|total|subtotal|balance|residual|debit|credit|cost)")
_PRICE = re.compile(r"(^|_)price(_|$)")
_NOT_MONEY = re.compile(r"qty|quantity|percent|rate|ratio|day|hour|count|weight|score")
_UNIQUE_PARTNER = re.compile(r"unique\s*\(.*partner_id", re.I | re.S)
_CHECKS = {"check_access", "has_access", "_document_check_access", "consteq"}
_SAFE_WORKBOOK = ("strings_to_formulas", "strings_to_urls")


class Source(NamedTuple):
    """One parsed Python file and its path inside the add-ons folder."""

    path: str
    tree: ast.Module

    @property
    def is_controller(self):
        """Tell whether the file serves web requests."""
        return "/controllers/" in self.path

    @property
    def is_reader(self):
        """Tell whether the file belongs to the one guarded spreadsheet reader."""
        return self.path.startswith("rd_sales_admin/ledger/")


def _calls(tree, name):
    """Yield the calls of a function or method with this name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == name:
            yield node


def _name(node):
    return getattr(node, "attr", None) or getattr(node, "id", None)


def _functions(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def _keyword(call, name):
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return None


def _is_constant(node, value):
    return isinstance(node, ast.Constant) and node.value is value


def sudo_in_public_method(source):
    """A public method is callable by anyone over RPC; sudo() hides who asks."""
    if source.is_controller:
        return
    for function in _functions(source.tree):
        if not function.name.startswith("_"):
            for call in _calls(function, "sudo"):
                yield call.lineno, f"sudo() in the public method {function.name}"


def sudo_before_check(source):
    """A controller first checks the access, then may read more."""
    if not source.is_controller:
        return
    for function in _functions(source.tree):
        checks = [
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and _name(node.func) in _CHECKS
        ]
        for call in _calls(function, "sudo"):
            if not any(line <= call.lineno for line in checks):
                yield call.lineno, f"sudo() without a check before, in {function.name}"


def context_switch(source):
    """The client controls the context: a rule must not be switched off by it."""
    for node in ast.walk(source.tree):
        key = None
        if isinstance(node, ast.Call) and _name(node.func) == "get" and node.args:
            if _name(getattr(node.func, "value", None)) in ("context", "_context"):
                key = node.args[0]
        elif isinstance(node, ast.Subscript):
            if _name(node.value) in ("context", "_context"):
                key = node.slice
        text = key.value if isinstance(key, ast.Constant) else None
        if isinstance(text, str) and _SWITCH.search(text):
            yield node.lineno, f"the context key {text!r} switches a rule off"


def unsanitized_html(source):
    """Html fields keep scripts out; nobody needs them in."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg == "sanitize":
            if _is_constant(node.value, False):
                yield node.value.lineno, "sanitize=False"


def markup_of_a_value(source):
    """Markup of anything but a literal turns text of a user into HTML."""
    for call in _calls(source.tree, "Markup"):
        if call.args and not isinstance(call.args[0], ast.Constant):
            yield call.lineno, "Markup() of a value; format a literal Markup instead"


def float_money(source):
    """Money is Monetary; a price may be a Float with its own precision."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
            continue
        function = node.value.func
        if _name(function) != "Float" or _name(function.value) != "fields":
            continue
        name = _name(node.targets[0]) or ""
        if _NOT_MONEY.search(name):
            continue
        bare_price = _PRICE.search(name) and not _keyword(node.value, "digits")
        if _MONEY.search(name) or bare_price:
            yield node.lineno, f"the amount {name} is a Float; use Monetary (or digits)"


def unique_with_partner(source):
    """Merging contacts deletes the rows of such a constraint; an index refuses."""
    for call in _calls(source.tree, "Constraint"):
        text = call.args[0] if call.args else None
        if isinstance(text, ast.Constant) and _UNIQUE_PARTNER.search(str(text.value)):
            yield call.lineno, "unique(... partner_id ...); use models.UniqueIndex"


def todays_date(source):
    """The server's day is not the company's; context_today knows the time zone."""
    for call in _calls(source.tree, "today"):
        if _name(getattr(call.func, "value", None)) in ("Date", "date", "datetime"):
            yield call.lineno, "today() of the server; use context_today"


def unguarded_workbook(source):
    """Hostile workbooks are refused by one guarded reader."""
    if source.is_reader:
        return
    for name in ("load_workbook", "open_workbook", "load_workbook_from_path"):
        for call in _calls(source.tree, name):
            yield call.lineno, f"{name}() outside the guarded reader"


def live_formulas(source):
    """Text that begins with = must stay text in a workbook that we write."""
    for call in _calls(source.tree, "Workbook"):
        parts = [*call.args, *(keyword.value for keyword in call.keywords)]
        names = {_name(part) for part in parts if _name(part)}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Assign) and _name(node.targets[0]) in names:
                parts.append(node.value)
        if not all(any(_says_no(p, key) for p in parts) for key in _SAFE_WORKBOOK):
            yield (
                call.lineno,
                f"Workbook() without {' and '.join(_SAFE_WORKBOOK)}: False",
            )


def _says_no(node, key):
    for part in ast.walk(node):
        if isinstance(part, ast.Dict):
            for name, value in zip(part.keys, part.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == key:
                    return _is_constant(value, False)
        if isinstance(part, ast.keyword) and part.arg == key:
            return _is_constant(part.value, False)
    return False


def unused_lock(source):
    """try_lock_for_update returns what it locked; ignored, it locks nothing useful."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if _name(node.value.func) == "try_lock_for_update":
                yield node.lineno, "the result of try_lock_for_update() is not used"


def no_csrf(source):
    """A form of another site must not act in the name of who is signed in."""
    for call in _calls(source.tree, "route"):
        if _is_constant(_keyword(call, "csrf"), False):
            yield call.lineno, "a route with csrf=False"


def wizard_among_models(source):
    """A wizard has a folder of its own; a settings page stays with the models."""
    if "/models/" not in source.path:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and "TransientModel" in map(
            _name, node.bases
        ):
            if not re.search(r"res\.config\.settings", ast.unparse(node)):
                yield node.lineno, f"the wizard {node.name} among the models"


def dangerous_call(source):
    """Text is never run as a program."""
    for name in ("eval", "exec"):
        for call in _calls(source.tree, name):
            if isinstance(call.func, ast.Name):
                yield call.lineno, f"{name}()"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg == "shell":
            if not _is_constant(node.value, False):
                yield node.value.lineno, "a program run through the shell"


def public_routes(source):
    """Yield (line, path) of each route that anyone may call."""
    for call in _calls(source.tree, "route"):
        auth = _keyword(call, "auth")
        if isinstance(auth, ast.Constant) and auth.value in ("public", "none"):
            first = call.args[0] if call.args else _keyword(call, "route")
            paths = first.elts if isinstance(first, ast.List) else [first]
            for path in paths:
                yield call.lineno, getattr(path, "value", "?")


RULES = (
    sudo_in_public_method,
    sudo_before_check,
    context_switch,
    unsanitized_html,
    markup_of_a_value,
    float_money,
    unique_with_partner,
    todays_date,
    unguarded_workbook,
    live_formulas,
    unused_lock,
    no_csrf,
    wizard_among_models,
    dangerous_call,
)


def parse(path, text):
    """Return a Source; ``path`` is relative to the add-ons folder."""
    return Source(path, ast.parse(text))


def findings(source):
    """Return all findings of one file as lines of text."""
    return [
        f"{source.path}:{line}: {sentence} [{rule.__name__}]"
        for rule in RULES
        for line, sentence in rule(source)
    ]
