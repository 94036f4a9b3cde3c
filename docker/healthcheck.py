# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Tells whether a container does its work: healthcheck.py web | cron.

web: Odoo answers, database included. cron: no scheduled action is an hour late.
"""

import os
import sys
import urllib.request

_LATE = """
    SELECT count(*) FROM ir_cron
     WHERE active AND nextcall < (now() AT TIME ZONE 'UTC') - interval '1 hour'
"""


def web():
    """Ask Odoo's own health page."""
    url = "http://127.0.0.1:8069/web/health?db_server_status=1"
    with urllib.request.urlopen(url, timeout=15) as answer:
        return answer.status == 200


def cron():
    """Look for scheduled actions that nobody has run."""
    import psycopg2

    connection = psycopg2.connect(
        host=os.environ["HOST"],
        user=os.environ["USER"],
        password=os.environ["PASSWORD"],
        dbname=os.environ["RD_DATABASE"],
        connect_timeout=10,
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(_LATE)
            return cursor.fetchone()[0] == 0
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "cron": cron}[sys.argv[1]]() else 1)
