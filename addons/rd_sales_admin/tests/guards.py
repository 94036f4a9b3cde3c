# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the guard tests of all add-ons share."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import mute_logger

# What a client can send for the key of the guarded fields: JSON, never an object.
FORGED = ({"rd_guard": True}, {"rd_guard": {}}, {"rd_guard": "GUARD"}, {"rd_guard": 1})


class GuardMixin:
    """Ways in, as a remote client has them, and proof that nothing changed."""

    def _rpc(self, user, model, method, *args, **kwargs):
        """Call a public method as the web client does, with the given user."""
        records = self.env(user=user)[model]
        try:
            with self.env.cr.savepoint():
                return call_kw(records, method, list(args), kwargs)
        except IntegrityError as error:  # as the server answers it
            raise UserError(records._sql_error_to_message(error)) from error

    def _rows(self, records):
        """Return the rows of the records as the database holds them."""
        self.env.flush_all()
        self.env.cr.execute(
            f'SELECT row_to_json(t)::text FROM "{records._table}" t ORDER BY id'
        )
        return [row for (row,) in self.env.cr.fetchall()]

    def _other_value(self, record, name):
        """Return a value for the field that differs from what the record has."""
        field = record._fields[name]
        value = record[name]
        if field.type in ("char", "text"):
            return "forged"
        if field.type == "selection":
            keys = [key for key, _label in field._description_selection(self.env)]
            return next(key for key in reversed(keys) if key != value)
        if field.type == "boolean":
            return not value
        if field.type in ("integer", "float", "monetary"):
            return (value or 0) + 7
        if field.type == "date":
            return "2020-02-02"
        if field.type == "datetime":
            return "2020-02-02 02:02:02"
        if field.type == "many2one":
            others = self.env[field.comodel_name].sudo().search([], limit=2)
            return next((one.id for one in others if one != value), 1)
        if field.type == "one2many":
            return [Command.create({})]
        if field.type == "many2many":
            return [Command.set([])] if value else [Command.set([1])]
        return {"forged": 1}

    def _assert_refused(self, records, call, *args, exact=UserError, **kwargs):
        """Assert one plain sentence as answer, and that no row has changed."""
        before = self._rows(records)
        with (
            mute_logger(
                "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.sql_db"
            ),
            self.assertRaises(UserError) as caught,
            self.env.cr.savepoint(),
        ):
            call(*args, **kwargs)
            self.env.flush_all()
        if exact:
            self.assertIs(type(caught.exception), exact, str(caught.exception))
        text = str(caught.exception)
        self.assertTrue(text.strip())
        self.assertNotIn("Traceback", text)
        self.assertEqual(self._rows(records), before)
        return text

    def _assert_guarded(self, record, names, users):
        """Every name of the record is refused on every way in, for every user."""
        model, number = record._name, record.ids
        for name in sorted(names):
            value = self._other_value(record, name)
            for user in users:
                with self.subTest(
                    field=name, user=user.login, state=record.display_name
                ):
                    write = (model, "write", number, {name: value})
                    self._assert_refused(record, self._rpc, user, *write)
                    save = (model, "web_save", number, {name: value})
                    self._assert_refused(
                        record, self._rpc, user, *save, specification={}
                    )
            for context in FORGED:
                with self.subTest(field=name, context=context):
                    self._assert_refused(
                        record, self._rpc, users[0], *write, context=context
                    )

    def _assert_not_created(self, record, user, values, names):
        """No guarded value gets in with a new record, by values or by a default."""
        model = record._name
        for name in sorted(names):
            value = self._other_value(record, name)
            if record._fields[name].type in ("one2many", "many2many"):
                continue
            with self.subTest(field=name, way="create"):
                self._assert_refused(
                    record, self._rpc, user, model, "create", [{**values, name: value}]
                )
                self._assert_refused(
                    record,
                    self._rpc,
                    user,
                    model,
                    "web_save",
                    [],
                    {**values, name: value},
                    specification={},
                )

    def _assert_no_default(self, user, model, values, name, value):
        """A default of the client's or of the user's own has no effect."""
        with self.env.cr.savepoint() as savepoint:
            (number,) = self._rpc(
                user, model, "create", [values], context={f"default_{name}": value}
            )
            self.assertNotEqual(self._plain(model, number, name), value)
            savepoint.rollback()
        with self.env.cr.savepoint() as savepoint:
            self._rpc(user, "ir.default", "set", model, name, value, True)
            (number,) = self._rpc(user, model, "create", [values])
            self.assertNotEqual(self._plain(model, number, name), value)
            savepoint.rollback()

    def _plain(self, model, number, name):
        """Return the value of a field as a client sends it."""
        record = self.env[model].browse(number)
        return record._fields[name].convert_to_write(record[name], record)

    def _create_other_clerk(self):
        """Return a clerk of another company."""
        company = self.env["res.company"].create({"name": "Other house"})
        return new_test_user(
            self.env,
            login="rd_other_clerk",
            groups="rd_sales_admin.rd_sales_admin_group_clerk",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _assert_isolated(self, model, user):
        ours = self.env[model].sudo().search([])
        self.assertFalse(self._rpc(user, model, "search", []))
        self.assertEqual(self._rpc(user, model, "search_count", []), 0)
        groups = self._rpc(user, model, "formatted_read_group", [], [], ["__count"])
        self.assertEqual(groups[0]["__count"], 0)
        if ours:
            with self.assertRaises(AccessError):
                self._rpc(user, model, "read", ours.ids, ["display_name"])
            with self.assertRaises(AccessError):
                self._rpc(
                    user,
                    model,
                    "read",
                    ours.ids,
                    ["display_name"],
                    context={"allowed_company_ids": self.company.ids},
                )
