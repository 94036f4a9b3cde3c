# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What classes of tests have in common, made once and ready in the database of a run.

Odoo's own company of tests and ours upon it take some 1,700 statements, asked anew by
each of two hundred classes: a tenth of a whole run. They are made by the same code,
once, when the database is made that a run copies (scripts/desk/pages.py); a class
takes them up where they lie, and makes them where they do not.
"""

import functools
import json
from unittest.mock import patch

from passlib.context import CryptContext

from odoo import models, sql_db
from odoo.tests.common import TransactionCase, get_db_name

# Nobody else may come upon these: they are archived until a class takes them up.
_APART = ("product.product", "res.partner", "res.users")
# what a class of tests has of its own, whatever it makes
_OWN = ("cr", "env", "registry")


def take(cls, name, above):
    """Give a class what lies ready under a name; return whether it does.

    :param above: the class from whose set-up on nothing is kept
    """
    kept = _read(get_db_name(), f"rd_tests.{name}")
    if not kept:
        return False
    super(above, cls).setUpClass()
    for model, ids in kept["apart"].items():
        cls.env[model].browse(ids).write({"active": True})
    for user, login in kept["logins"]:
        cls.env["res.users"].browse(user).login = login
    if kept["user"]:
        cls.env = cls.env(user=kept["user"], context=kept["context"])
    for attribute, value in kept["values"].items():
        setattr(cls, attribute, _unpack(cls.env, value))
    return True


def keep(env, name, common):
    """Make what a class has in common and keep it under a name; the caller commits."""
    made = _make(env, name, common)
    values = {
        key: _pack(value) for key, value in vars(made).items() if _is_kept(key, value)
    }
    user = made.env.uid if made.env.uid != env.uid else False
    kept = {"values": values, "user": user, "context": dict(made.env.context)}
    env.flush_all()
    kept["apart"] = _set_apart(env, values)
    kept["logins"] = _rename(env["res.users"].browse(kept["apart"].get("res.users")))
    env["ir.config_parameter"].set_param(f"rd_tests.{name}", json.dumps(kept))
    # the logins are free for the next one only when the database knows of it
    env.flush_all()


def _make(env, name, common):
    """Return a class that is set up in a company of its own, for good."""

    def give(cls):
        cls.env = env(context={})

    class Given(TransactionCase):
        # no cursor and no transaction of a test: what is made stays
        setUpClass = classmethod(give)

    class Maker(common, Given):
        @classmethod
        def setup_independent_company(cls, **kwargs):
            return cls._create_company(name=f"company_{name}")

    with _short_hashes(env):
        Maker.setUpClass()
    # the scheduled actions of other classes' tests look after all that have started
    Maker.company.rd_start_date = False
    return Maker


def _is_kept(name, value):
    own = name in _OWN or name.startswith("_")
    return not own and not isinstance(value, (classmethod, type))


@functools.cache
def _read(database, key):
    with sql_db.db_connect(database).cursor() as cr:
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [key])
        row = cr.fetchone()
    return json.loads(row[0]) if row else None


def _pack(value):
    if isinstance(value, models.BaseModel):
        return {"model": value._name, "ids": value.ids}
    if isinstance(value, dict):
        return {"items": {key: _pack(item) for key, item in value.items()}}
    return {"value": value}


def _unpack(env, value):
    if "model" in value:
        return env[value["model"]].browse(value["ids"])
    if "items" in value:
        return {key: _unpack(env, item) for key, item in value["items"].items()}
    return value["value"]


def _find_records(values):
    """Yield (model, ids) of all that is packed."""
    for value in values.values():
        if "model" in value:
            yield value["model"], value["ids"]
        yield from _find_records(value.get("items", {}))


def _set_apart(env, values):
    """Archive what others would come upon; return it as {model: ids}."""
    found = {}
    for model, ids in _find_records(values):
        if model in _APART:
            found.setdefault(model, set()).update(ids)
    for model, ids in found.items():
        records = env[model].browse(sorted(ids))
        found[model] = records.filtered("active").ids
        records.write({"active": False})
    return found


def _rename(users):
    """Leave their logins to classes that make users of the same name; return them."""
    logins = [(user.id, user.login) for user in users]
    for user in users:
        user.login = f"kept_{user.id}"
    return logins


def _short_hashes(env):
    """Return the patch of passwords that Odoo's tests run under."""
    context = CryptContext(["pbkdf2_sha512", "plaintext"], pbkdf2_sha512__rounds=1)
    return patch.object(
        env.registry["res.users"], "_crypt_context", lambda self: context
    )
