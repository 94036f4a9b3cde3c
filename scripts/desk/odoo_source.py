# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Odoo 19 itself: the site's own, or Debian's package unpacked under .local."""

import os
import re
import shutil
from pathlib import Path

from . import apt, paths, stamps
from .messages import Stop, run, say, step

PACKAGE = "odoo-19"
# Debian replaced these libraries and fonts in Odoo by links to its own packages
COMPANIONS = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
# not in Debian 12; a plain font file, so the release it comes from does not matter
_FONTS_UNSTABLE = ("fonts-montserrat",)
# a half copy of the add-ons without data that must not reach the add-ons path
_LEAVE_OUT = tuple(
    f"usr/lib/python3/dist-packages/{name}" for name in ("addons", "doc", "setup")
)
_SELFIE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
_SELFIE_PACKAGE = "@mediapipe/selfie_segmentation"
_SELFIE_STUB = "/* Background blur in calls is not available here. */\n"


def library():
    """Return the folder that holds the ``odoo`` package."""
    own = os.environ.get("RD_ODOO")
    if own:
        return _own_library(Path(own).expanduser().resolve())
    return paths.ODOO / "usr/lib/python3/dist-packages"


def _own_library(folder):
    release = folder / "odoo" / "release.py"
    if not release.is_file():
        raise Stop(
            f"RD_ODOO names {folder}, which holds no Odoo; give the folder with the"
            " odoo package (for a source checkout: the one with odoo-bin)."
        )
    version = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.M)
    if not version or version.groups() != ("19", "0"):
        raise Stop(
            f"RD_ODOO names {folder}, which is not Odoo 19.0; give an Odoo 19.0."
        )
    return folder


def ensure():
    """Have Odoo 19 in place."""
    if os.environ.get("RD_ODOO"):
        library()
        return
    value = stamps.key(PACKAGE, *COMPANIONS, *_FONTS_UNSTABLE, *_LEAVE_OUT)
    if stamps.is_done("odoo", value) and library().is_dir():
        return
    package = _package()
    with step(f"Unpack {package.name}"):
        _unpack(package)
    stamps.set_done("odoo", value)


def _package():
    """Return Odoo's package, fetched with the fonts of the same suite if needed."""
    folder = apt.cache_folder()
    names = (PACKAGE, *_FONTS_UNSTABLE)
    if not all(apt.cached(name) for name in names):
        with step("Download Odoo 19 (about 120 MB)"):
            apt.download_unstable(names, folder)
    package = apt.cached(PACKAGE)
    if not package or not package.name.startswith(f"{PACKAGE}_19.0"):
        raise Stop(
            "The machine's Debian mirror lacks Odoo 19.0 in its unstable suite; use a"
            " full mirror, or name a folder with Odoo 19 in RD_ODOO."
        )
    return package


def _unpack(package):
    fresh = paths.LOCAL / "odoo.new"
    shutil.rmtree(fresh, ignore_errors=True)
    apt.unpack(package, fresh, _LEAVE_OUT)
    apt.download(COMPANIONS, apt.cache_folder())
    for name in (*COMPANIONS, *_FONTS_UNSTABLE):
        apt.unpack(apt.cached(name), fresh)
    _add_selfie(fresh / "usr/lib/python3/dist-packages/odoo/addons" / _SELFIE)
    shutil.rmtree(paths.ODOO, ignore_errors=True)
    fresh.rename(paths.ODOO)


def _add_selfie(target):
    """Put back the one script that Debian leaves out, or a stand-in for it."""
    if target.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source = _selfie_from_npm()
    if source:
        shutil.copyfile(source, target)
        return
    target.write_text(_SELFIE_STUB)
    say("  (npm is missing or cannot fetch: background blur in video calls is off)")


def _selfie_from_npm():
    folder = paths.CACHE / "npm"
    script = folder / "package" / "selfie_segmentation.js"
    if script.is_file():
        return script
    if not shutil.which("npm"):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    done = run(["npm", "pack", _SELFIE_PACKAGE], "fetch", cwd=folder, check=False)
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or not archives:
        return None
    run(["tar", "-xzf", archives[-1], "-C", folder], "unpack", check=False)
    return script if script.is_file() else None
