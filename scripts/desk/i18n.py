# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""make i18n: export the add-ons' terms and bring their translations up to date.

Simplified Chinese is written by people; traditional Chinese is made from it. With
``--check`` nothing is written: it fails when a term is not translated or the files in
the add-ons are behind the source.
"""

import functools
import os
import re
import subprocess
import sys

from . import (
    databases,
    odoo_run,
    odoo_source,
    paths,
    postgres,
    setup,
    traditional,
)
from .messages import Stop, say, step

LANGUAGE = "zh_CN"
_SHOWN = 40
_HEADER = """Copyright 2026 the RD Sales Desk authors
License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl)."""
_MADE = f"""{_HEADER}
Made from zh_CN.po by make i18n: change that file, or scripts/i18n/zh_TW.tsv."""
# fields that every model has or that come with the chatter: Odoo translates them
_STOCK_FIELD = re.compile(
    r"field_\w+__(id|display_name|create_|write_|message_|activity_|my_activity_"
    r"|has_message|rating_|website_message_|access_|company_id|currency_id|active$)"
)
_STOCK_ADDONS = ("base", "mail", "portal", "rating", "sms", "snailmail", "product")


def main(arguments=()):
    """Export, merge and say what is not translated."""
    setup.main()
    cluster = postgres.test_cluster().ensure()
    name = databases.temporary_name("i18n")
    folder = paths.LOCAL / "i18n"
    databases.copy(cluster, databases.ensure_suite(cluster), name)
    try:
        with step("Export the terms"):
            export(cluster, name, folder)
    finally:
        databases.drop(cluster, name)
    command = [str(paths.PYTHON), "-m", "desk.i18n", str(folder), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(paths.SCRIPTS)}
    return subprocess.run(command, env=environment, cwd=paths.ROOT).returncode


def export(cluster, name, folder):
    """Write each add-on's terms, as Odoo finds them, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for addon in paths.OUR_ADDONS:
        target = folder / f"{addon}.pot"
        target.unlink(missing_ok=True)
        code = odoo_run.run_i18n_export(cluster, name, addon, target)
        if code or not target.is_file():
            raise Stop(f"Odoo could not export the terms of {addon}; see .local/log.")


def update(folder, check):
    """Merge the exported terms into the add-ons; return the exit code."""
    behind, missing = [], []
    for addon in paths.OUR_ADDONS:
        home = paths.ADDONS / addon / "i18n"
        stale = _merge(folder / f"{addon}.pot", home, addon, missing, check)
        behind += [f"{addon}/i18n/{name}" for name in stale]
    for line in missing[:_SHOWN]:
        say(f"  not translated: {line}")
    if len(missing) > _SHOWN:
        say(f"  ... and {len(missing) - _SHOWN} more")
    if check and behind:
        say(f"  behind the source (run make i18n): {', '.join(behind)}")
    say(f"{len(missing)} terms are not translated.")
    return 1 if missing or (check and behind) else 0


def _merge(exported, home, addon, missing, check):
    """Bring one add-on's files up to date; return those that were behind."""
    import polib

    fresh = polib.pofile(str(exported), wrapwidth=78)
    fresh.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    stale = []
    pot, po = home / f"{addon}.pot", home / f"{LANGUAGE}.po"
    if not pot.is_file() or _terms(polib.pofile(str(pot))) != _terms(fresh):
        stale.append(pot.name)
    merged = polib.pofile(str(po), wrapwidth=78) if po.is_file() else polib.POFile()
    if not po.is_file() or _terms(merged) != _terms(fresh):
        stale.append(po.name)
    merged = _translated(fresh, merged, {} if check else _stock_translations())
    missing += [
        f"{addon}: {entry.msgid[:90]!r}" for entry in merged if not is_translated(entry)
    ]
    made = traditional.converted(merged, _MADE)
    po_made = home / f"{traditional.LANGUAGE}.po"
    if not po_made.is_file() or _texts(polib.pofile(str(po_made))) != _texts(made):
        stale.append(po_made.name)
    if not check and stale:
        home.mkdir(exist_ok=True)
        fresh.header = _HEADER
        fresh.metadata = _steady(fresh.metadata)
        fresh.save(str(pot))
        merged.save(str(po))
        made.save(str(po_made))
    return stale


@functools.cache
def _stock_translations():
    """Return Odoo's own translations of the terms of its common fields."""
    import polib

    found = {}
    for addon in _STOCK_ADDONS:
        path = odoo_source.library() / "odoo/addons" / addon / "i18n"
        if (path / f"{LANGUAGE}.po").is_file():
            for entry in polib.pofile(str(path / f"{LANGUAGE}.po")):
                if is_translated(entry):
                    found.setdefault(entry.msgid, entry.msgstr)
    return found


def _is_stock(entry):
    """Tell whether a term is only the name or help of fields that Odoo adds."""
    return all(_STOCK_FIELD.search(place) for place, _line in entry.occurrences)


def _translated(fresh, old, stock):
    """Return the fresh terms with the old translations; no guesses, none lost."""
    import polib

    known = {entry.msgid: entry for entry in old if entry.msgstr}
    result = polib.POFile(wrapwidth=78)
    result.header = _HEADER
    result.metadata = {
        **_steady(fresh.metadata),
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for entry in fresh:
        before = known.get(entry.msgid)
        usual = stock.get(entry.msgid, "") if _is_stock(entry) else ""
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=before.msgstr if before else usual,
                comment=entry.comment,
                tcomment=before.tcomment if before else "",
                occurrences=entry.occurrences,
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
            )
        )
    return result


def _steady(metadata):
    """Return the head without what changes at each export."""
    kept = ("Project-Id-Version", "MIME-Version", "Content-Type")
    head = {name: metadata[name] for name in kept if name in metadata}
    return {**head, "Content-Transfer-Encoding": "8bit"}


def _terms(file):
    """Return what counts when two files are compared: terms and where they are."""
    return {
        (entry.msgid, tuple(sorted(place for place, _line in entry.occurrences)))
        for entry in file
        if not entry.obsolete
    }


def _texts(file):
    """Return what counts of a file that is made: its terms and what they say."""
    return _terms(file), {entry.msgid: entry.msgstr for entry in file}


def is_translated(entry):
    """Tell whether a term has a translation one may show."""
    return bool(entry.msgstr.strip()) and "fuzzy" not in entry.flags


if __name__ == "__main__":
    from pathlib import Path

    sys.exit(update(Path(sys.argv[1]), "--check" in sys.argv[2:]))
