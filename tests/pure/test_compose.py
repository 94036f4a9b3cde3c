# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""docker-compose.yml is valid, and gives no service a password of its own."""

import ast
import os
import re
import shutil
import subprocess

import pytest
from desk import paths

COMPOSE = paths.ROOT / "docker-compose.yml"


def config(**variables):
    """Run ``docker-compose config`` with nothing but these variables."""
    if not shutil.which("docker-compose"):
        pytest.skip("docker-compose is not installed")
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        ["docker-compose", "--profile", "init", "-f", str(COMPOSE), "config"],
        capture_output=True,
        text=True,
        cwd=paths.ROOT,
        env={**kept, **variables},
    )


def test_valid():
    done = config(RD_DB_PASSWORD="secret")
    assert done.returncode == 0, done.stderr
    for service in ("db", "web", "cron", "proxy", "init", "update"):
        assert re.search(rf"^  {service}:$", done.stdout, re.M), service


def test_refuses_without_password():
    done = config()
    assert done.returncode != 0
    assert "RD_DB_PASSWORD" in done.stderr


def test_no_password_has_a_default():
    text = COMPOSE.read_text(encoding="utf-8")
    for name in re.findall(r"PASSWORD: *(.*)", text):
        assert name.startswith("${RD_DB_PASSWORD:?"), name


def test_web_and_cron_are_apart():
    text = COMPOSE.read_text(encoding="utf-8")
    web, cron = text.split("\n  web:\n")[1].split("\n  cron:\n")
    assert "--max-cron-threads=0" in web
    assert "--no-http" in cron.split("\n  proxy:\n")[0]


def test_health_check_parses():
    ast.parse((paths.ROOT / "docker" / "healthcheck.py").read_text(encoding="utf-8"))
