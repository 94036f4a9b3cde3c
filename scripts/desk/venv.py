# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The virtual environment, from pinned wheels that are kept in the cache."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import apt, odoo_source, paths, stamps
from .messages import Stop, run, step

LOCKS = (paths.ROOT / "requirements.lock", paths.ROOT / "requirements-dev.lock")
_LAUNCHER = """#!{python}
import sys

import odoo.cli

if __name__ == "__main__":
    sys.exit(odoo.cli.main())
"""
# A distribution builds it with profiles: Odoo's tests take a fifth less time than on
# one compiled as pyenv does.
_SYSTEM = Path("/usr/bin/python3.11")
_ENV = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def ensure():
    """Have ``.local/venv`` with exactly what the lock files pin."""
    home = stamps.key(_version(), paths.ROOT)
    value = stamps.key(home, odoo_source.library(), *LOCKS)
    if stamps.is_done("venv", value) and paths.PYTHON.exists():
        return
    if not (stamps.is_done("python", home) and paths.PYTHON.exists()):
        shutil.rmtree(paths.VENV, ignore_errors=True)
        with step("Virtual environment"):
            _create()
        stamps.set_done("python", home)
    _wheelhouse()
    with step("Python packages"):
        _install()
    _link_odoo()
    stamps.set_done("venv", value)


def interpreter():
    """Return the Python the environment is made of: one that is named, or the system's.

    ``RD_PYTHON`` is what ``make PYTHON=...`` was given. Where the system has no 3.11 it
    is the one that runs this.
    """
    named = os.environ.get("RD_PYTHON")
    if named:
        return named
    return str(_SYSTEM) if _SYSTEM.exists() else sys.executable


def _version():
    command = [interpreter(), "-c", "import sys; print(sys.version)"]
    return subprocess.run(command, capture_output=True, text=True).stdout


def _create():
    command = [interpreter(), "-m", "venv", paths.VENV]
    if run(command, "make a virtual environment", check=False).returncode:
        # Debian keeps what venv needs in a package of its own
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        apt.install([f"{version}-venv"])
        shutil.rmtree(paths.VENV, ignore_errors=True)
        run(command, "make a virtual environment")


def wheels():
    """Return the folder that keeps the built wheels for this Python."""
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return paths.CACHE / f"wheels-{tag}"


def _requirements():
    return [part for lock in LOCKS for part in ("-r", lock)]


def _wheelhouse():
    """Fetch and build each pinned package once; later runs need no network."""
    folder = wheels()
    value = stamps.key(*LOCKS)
    if stamps.is_done("complete", value, folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with step("Download Python packages"):
        pip = [paths.PYTHON, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        # two packages come as source only: they are built with the pinned tools, alike
        # on every machine, and none needs a compiler
        pip += ["--use-pep517"]
        run(
            [*pip, "--find-links", folder, "--wheel-dir", folder, *_requirements()],
            "download the Python packages",
            env={**_ENV, "PIP_CONSTRAINT": str(LOCKS[0])},
        )
    stamps.set_done("complete", value, folder)


def _install():
    pip = [paths.PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    done = run(
        [*pip, "--find-links", wheels(), *_requirements()],
        "install the Python packages",
        env=_ENV,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(wheels(), ignore_errors=True)
        raise Stop(
            "Cannot install the Python packages from the cache, which is now emptied;"
            " run the command again to fetch them anew."
        )


def _link_odoo():
    """Put Odoo on the environment's path, and a launcher into its programs."""
    link = paths.site_packages() / "rd_sales_desk_odoo.pth"
    link.write_text(f"{odoo_source.library()}\n")
    paths.ODOO_BIN.write_text(_LAUNCHER.format(python=paths.PYTHON))
    paths.ODOO_BIN.chmod(0o755)
    command = [paths.PYTHON, "-c", "import odoo.release; print(odoo.release.version)"]
    version = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True
    )
    if not version.stdout.startswith("19.0"):
        raise Stop(
            "Odoo 19.0 does not load in .local/venv; run make clean and try again."
        )
