# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A program outside of Odoo that holds people's keys and calls ``/json/2``."""

from datetime import timedelta

from odoo import fields
from odoo.tools import mute_logger


class JsonClient:
    """What tests of ``/json/2`` call; goes beside ``HttpCase``."""

    def setUp(self):
        super().setUp()
        self.keys = {}

    def _key(self, user):
        if user not in self.keys:
            self.keys[user] = (
                self.env["res.users.apikeys"]
                .with_user(user)
                .sudo()
                ._generate("rpc", "program", fields.Datetime.now() + timedelta(days=1))
            )
        return self.keys[user]

    def _call(self, user, model, method, **params):
        """Return status and answer of one call; no key where there is no user."""
        headers = {"Authorization": f"bearer {self._key(user)}"} if user else {}
        with mute_logger("odoo.http", "odoo.sql_db", "odoo.models"):
            answer = self.url_open(
                f"/json/2/{model}/{method}", json=params, headers=headers
            )
        self.env.invalidate_all()
        return answer.status_code, answer.json()

    def _taken(self, user, model, method, **params):
        status, answer = self._call(user, model, method, **params)
        self.assertEqual(status, 200, answer)
        return answer
