# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Pictures of the screens: calls scripts/screenshots.* when there is one."""

import os
import shutil
import subprocess

from . import paths, setup
from .messages import Stop

_RUNNERS = {".py": str(paths.PYTHON), ".mjs": "node", ".js": "node", ".sh": "bash"}


def main(arguments=()):
    """Set up and run the project's screenshot script."""
    setup.main()
    for suffix, runner in _RUNNERS.items():
        script = paths.SCRIPTS / f"screenshots{suffix}"
        if script.is_file():
            return _run(runner, script, arguments)
    raise Stop("There is no scripts/screenshots.py (or .mjs) yet; nothing to take.")


def _run(runner, script, arguments):
    if not shutil.which(runner):
        raise Stop(f"{script.name} needs {runner}, which is missing; install it.")
    environment = {**os.environ, "PYTHONPATH": str(paths.SCRIPTS)}
    command = [runner, str(script), *arguments]
    return subprocess.run(command, env=environment, cwd=paths.ROOT).returncode
