# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Marks of steps that are done, each keyed by a hash of what went into it."""

import hashlib
from pathlib import Path

from . import paths


def key(*inputs):
    """Return a short hash of texts and of the contents of files."""
    digest = hashlib.sha256()
    for item in inputs:
        is_file = isinstance(item, Path) and item.is_file()
        data = item.read_bytes() if is_file else str(item).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


def tree_key(folder, skip=("__pycache__",)):
    """Return a short hash of the names and contents of a folder's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not set(skip) & set(name.parts):
            digest.update(str(name).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def is_done(name, value, folder=None):
    """Tell whether the step was done with the same inputs."""
    mark = (folder or paths.STAMPS) / name
    return mark.is_file() and mark.read_text() == value


def set_done(name, value, folder=None):
    """Remember that the step was done with these inputs."""
    folder = folder or paths.STAMPS
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(value)
