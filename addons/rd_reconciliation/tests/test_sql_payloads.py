# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""SQL in whatever somebody may send is a text, or refused before the database."""

from functools import partial

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReconciliationCommon

PAYLOADS = (
    "' OR '1'='1",
    "'; DROP TABLE rd_statement; --",
    "1; SELECT pg_sleep(9)--",
    "') UNION SELECT login, password FROM res_users--",
    "id) FROM rd_statement; DELETE FROM rd_statement; --",
    'id"; DROP TABLE rd_statement; --',
    "(SELECT 1 FROM pg_sleep(9))",
    "id DESC, (SELECT password FROM res_users LIMIT 1)",
    "id ASC NULLS FIRST; --",
    "%s",
    "%(id)s",
    "\\' OR 1=1 --",
    "id/**/OR/**/1=1",
    "CASE WHEN 1=1 THEN id ELSE name END",
    "name COLLATE \"C\"; --",
    "id:month) OR (1=1",
    "${jndi:x}",
    "\u02bc OR \u02bc1\u02bc=\u02bc1",
    "a' || pg_sleep(9) || '",
    "0x27 OR 1=1",
)  # fmt: skip
REFUSED = (UserError, AccessError, ValueError, KeyError, TypeError)


@tagged("post_install", "-at_install")
class TestSqlPayloads(ReconciliationCommon):
    """Values, fields, orders and groups of every model of ours, by a clerk."""

    def _ask(self, act):
        """Do it or be refused; whatever the database itself refuses is a hole."""
        try:
            return act()
        except REFUSED:
            return None
        except psycopg2.Error as error:
            return self.fail(f"the database was asked: {error}")

    def _models(self):
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(self.clerk)
            if name.startswith("rd.") and not model._abstract:
                yield model

    # Odoo warns of an operator in capitals before it refuses it.
    @mute_logger("py.warnings")
    def test_orders_and_groups(self):
        count = 0
        for model in self._models():
            for text in PAYLOADS:
                for act in (
                    lambda model, text: model.search([], order=text),
                    lambda model, text: model.search([(text, "=", "x")]),
                    lambda model, text: model.search([("id", text, "x")]),
                    lambda model, text: model.formatted_read_group([], [text]),
                    lambda model, text: model.formatted_read_group([], [], [text]),
                ):
                    found = self._ask(partial(act, model, text))
                    self.assertFalse(found, f"{model._name}: {text}")
                    count += 1
        self.assertGreater(count, 5 * 60 * len(PAYLOADS))

    def test_values_are_texts(self):
        """A value that is SQL finds what has that text, and nothing else."""
        for model in self._models():
            names = [
                name
                for name, field in model._fields.items()
                if field.type in ("char", "text") and field.store
            ]
            for name in names:
                domain = [(name, "in", PAYLOADS)]
                found = self._ask(lambda model=model, d=domain: model.search(d))
                self.assertFalse(found, f"{model._name}.{name}")
        for text in PAYLOADS:
            for operator in ("=", "ilike", "=like", "not ilike"):
                statements = self.env["rd.statement"].with_user(self.clerk)
                domain = [("name", operator, text)]
                self._ask(lambda s=statements, d=domain: s.search(d))

    def test_names_that_are_sql_stay_names(self):
        partners = self.env["res.partner"].create([{"name": text} for text in PAYLOADS])
        self.assertEqual(partners.mapped("name"), list(PAYLOADS))
        for partner in partners:
            found = self.env["res.partner"].search([("name", "=", partner.name)])
            self.assertEqual(found, partner)
