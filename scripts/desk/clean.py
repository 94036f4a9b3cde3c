# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Removing what the tool made: .local, and on demand the download cache."""

import shutil

from . import paths, postgres, serve
from .messages import say


def clean(arguments=()):
    """Stop everything and remove .local."""
    serve.stop_server()
    for cluster in (postgres.demo_cluster(), postgres.test_cluster()):
        cluster.stop()
        cluster.remove_socket()
    shutil.rmtree(paths.LOCAL, ignore_errors=True)
    say(".local is removed.")


def clean_all(arguments=()):
    """Remove .local and the downloads."""
    clean()
    shutil.rmtree(paths.CACHE, ignore_errors=True)
    say(f"{paths.CACHE} is removed.")
