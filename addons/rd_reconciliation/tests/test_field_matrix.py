# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Every stored field × state × role: which of them a person may write over RPC.

``tests/access/fields.csv`` of the project names, for each model, state and role, the
fields that can be written; each other stored field must be refused and leave no
trace. After a look at the differences the file is written anew by running the nightly
class with ``RD_ACCESS_MATRIX=write`` in the environment.
"""

import csv
import os
from pathlib import Path
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rd_sales_admin.models.rd_guarded_mixin import RdGuardedMixin
from odoo.addons.rd_sales_admin.tests.guards import GuardMixin

from . import test_access_matrix

FIELDS = Path(__file__).resolve().parents[3] / "tests" / "access" / "fields.csv"
HEADER = ("model", "state", "role", "writable")
# Model → the path to the record that has the state.
MODELS = {
    "rd.statement": "",
    "rd.statement.line": "statement_id",
    "rd.statement.answer": "statement_id",
    "rd.statement.revision": "statement_id",
    "rd.statement.sending": "statement_id",
    "rd.ledger": "statement_id",
    "rd.ledger.line": "ledger_id.statement_id",
    "rd.ledger.entry": "ledger_id.statement_id",
    "rd.match": "statement_id",
    "rd.difference": "",
    "rd.drift": "",
    "rd.price.adjustment": "",
    "rd.price.adjustment.line": "adjustment_id",
    "rd.price.adjustment.price": "adjustment_id",
    "rd.statement.charge": "",
    "rd.opening": "",
    "rd.opening.line": "opening_id",
    "rd.invoice.request": "",
    "rd.invoice.request.line": "request_id",
    "rd.fapiao": "",
    "rd.fapiao.import": "",
    "rd.fapiao.import.line": "import_id",
    "rd.shipping.list": "",
    "rd.shipping.list.line": "list_id",
    "rd.shipping.expected": "",
    "rd.close": "",
    "rd.close.step": "",
    "rd.approval": "",
    "rd.collection.plan": "",
    "rd.collection.plan.line": "plan_id",
    "rd.collection.plan.change": "plan_id",
    "rd.promise": "",
    "rd.chase.run": "",
    "rd.chase.run.line": "run_id",
    "rd.chase.sending": "run_id",
    "rd.chase.note": "",
    "rd.receivable.exception": "",
    "rd.receivable.exception.item": "exception_id",
    "rd.exception.month": "",
    "rd.delivery.stop": "",
    "rd.acceptance.bill": "",
    "rd.due.change": "",
    "rd.property": "",
    "rd.property.event": "property_id",
    "rd.property.check": "property_id",
    "rd.property.count": "",
    "rd.property.count.line": "count_id",
    "rd.property.incident": "",
    "rd.property.release": "",
    "rd.property.confirmation": "",
    "rd.property.confirmation.line": "confirmation_id",
    "rd.property.import": "",
    "rd.property.import.line": "import_id",
    "rd.property.month": "",
    "rd.loan": "",
    "rd.loan.line": "loan_id",
    "rd.return": "",
    "rd.return.line": "return_id",
    "account.move": "",
    "account.move.line": "move_id",
    "stock.picking": "",
    "stock.move": "",
}
# Roles of the other company, or of the other affiliate, beside each role of ours.
FOREIGN = ("supervisor", "portal_finance")
# Whom each commit asks; all the others are readers and are asked at night.
EACH_COMMIT = (
    *("portal_finance", "warehouse", "finance", "salesperson", "clerk", "supervisor"),
    "other_supervisor",
)
HOUSEKEEPING = (
    *models.MAGIC_COLUMNS,
    *("message_main_attachment_id", "access_token"),
)


class FieldMatrixBase(GuardMixin, test_access_matrix.TestAccessMatrix):
    """One record of each model in each of its states, and every role at it."""

    test_matrix = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            **{role: cls.users[role, "own"] for role in test_access_matrix.ROLES},
            **{f"other_{role}": cls.users[role, "other"] for role in FOREIGN},
        }
        cls.known = cls._make_the_rest()

    @classmethod
    def _make_the_rest(cls):
        """Make what the other matrix has no record of; return it by model."""
        stated = cls.statement
        move = stated.line_ids.move_id[:1]
        invoice = cls.env["rd.invoice.request"].search([], limit=1).move_id
        made = {
            "account.move": invoice,
            "account.move.line": invoice.invoice_line_ids[:1],
            "stock.move": move,
            "stock.picking": move.picking_id,
            "rd.statement": stated,
            "rd.statement.line": stated.line_ids[:1],
            "rd.difference": stated.difference_ids[:1],
            "rd.match": stated.match_ids[:1],
        }
        made["rd.fapiao"] = (
            cls.env["rd.fapiao"]
            .sudo()
            .create({"partner_id": cls.affiliate.id, "move_ids": [(6, 0, invoice.ids)]})
        )
        made["rd.approval"] = (
            cls.env["rd.approval"].sudo()._as_internal().create(cls._approval_values())
        )
        return made

    @classmethod
    def _approval_values(cls):
        return {
            "res_model": "rd.statement",
            "res_id": cls.statement.id,
            "name": "Close",
            "kind": "close_left",
            "company_id": cls.company.id,
            "requested_by_id": cls.clerk.id,
            "requested_date": "2026-09-30",
            "reason": "because",
        }

    # ------------------------------------------------------------------
    # Walking
    # ------------------------------------------------------------------
    def _walk_model(self, model, roles):
        """Return ``{(model, state, role): names}`` of the fields that were written."""
        record = self.known.get(model) or self._get_record(self.env[model])
        self.assertTrue(record, model)
        record = record[:1]
        holder = record.mapped(MODELS[model]) if MODELS[model] else record
        holder = holder[:1]
        names = self._get_names(model)
        found = {}
        for state in self._get_states(holder):
            with self.env.cr.savepoint() as savepoint:
                self._put_in_state(holder, state)
                self._follow_state(record, state)
                values = {name: self._get_other(record, name) for name in names}
                for role in roles:
                    user = self.people[role]
                    written = [
                        name
                        for name in names
                        if self._is_written(record, user, name, values[name])
                    ]
                    found[model, state, role] = tuple(written)
                savepoint.rollback()
            self.env.invalidate_all()
        return found

    def _get_names(self, model):
        """Return the fields to try: ours, and all stored ones of our models."""
        return sorted(
            name
            for name, field in self.env[model]._fields.items()
            if (field.store or field.inverse)
            and field._modules
            and name not in HOUSEKEEPING
            and not name.startswith(("message_", "activity_", "my_", "website_"))
            and name not in ("rating_ids",)
            and field._modules[0].startswith("rd_")
        )

    def _get_states(self, holder):
        field = holder._fields.get("state")
        return field.get_values(self.env) if field and field.store else ["-"]

    def _put_in_state(self, holder, state):
        """Let the record be in a state, whatever way leads there."""
        if state == "-":
            return
        self.env.flush_all()
        self.env.cr.execute(
            f'UPDATE "{holder._table}" SET state = %s WHERE id = %s',
            [state, holder.id],
        )
        self.env.invalidate_all()

    def _follow_state(self, record, state):
        """Let a line be in the state of its record where it keeps that state."""
        field = record._fields.get("state")
        if field and field.store and field.related == f"{MODELS[record._name]}.state":
            self._put_in_state(record, state)

    def _get_other(self, record, name):
        """Return another value that the field could hold."""
        field = record._fields[name]
        if field.type == "many2one":
            # What a foreign key or a required value refuses would hide an open field.
            known = self.env[field.comodel_name].sudo().with_context(active_test=False)
            other = (known.search([], limit=3) - record[name])[:1]
            return other.id or record[name].id
        if field.type == "many2many" and not record[name]:
            known = self.env[field.comodel_name].sudo().with_context(active_test=False)
            return [Command.set(known.search([], limit=1).ids)]
        if field.type == "binary":
            return "Zm9yZ2Vk"
        if field.type == "html":
            return "<p>forged</p>"
        return self._other_value(record, name)

    def _is_written(self, record, user, name, value):
        """Tell whether a write over RPC is taken; leave no trace either way."""
        records = self.env(user=user)[record._name]
        with self.env.cr.savepoint() as savepoint:
            try:
                call_kw(records, "write", [record.ids, {name: value}], {})
                self.env.flush_all()
            except (AccessError, UserError, IntegrityError):
                taken = False
            except Exception as error:
                raise AssertionError(
                    f"{record._name} {name} = {value!r} by {user.login}"
                ) from error
            else:
                taken = True
            savepoint.rollback()
        if taken:
            self.env.invalidate_all()
        return taken

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------
    @staticmethod
    def _read_fields():
        with open(FIELDS, newline="", encoding="utf-8") as file:
            rows = csv.DictReader(line for line in file if not line.startswith("#"))
            return {
                (row["model"], row["state"], row["role"]): tuple(
                    row["writable"].split()
                )
                for row in rows
            }

    @staticmethod
    def _write_fields(found):
        with open(FIELDS, "w", newline="", encoding="utf-8") as file:
            file.write("# Copyright 2026 the RD Sales Desk authors\n")
            file.write("# License AGPL-3.0 or later ")
            file.write("(https://www.gnu.org/licenses/agpl).\n")
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            for key, names in found.items():
                if names:
                    writer.writerow((*key, " ".join(names)))

    def _check_fields(self, roles):
        installed = self.env["ir.module.module"].search(
            [("name", "in", test_access_matrix.ADDONS), ("state", "=", "installed")]
        )
        if (
            len(installed) < len(test_access_matrix.ADDONS)
            or not FIELDS.parent.is_dir()
        ):
            self.skipTest("needs the four add-ons in their project")
        found = {}
        with mute_logger(
            "odoo.sql_db",
            "odoo.models",
            "odoo.models.unlink",
            "odoo.addons.base.models.ir_rule",
            "odoo.addons.base.models.ir_model",
        ):
            for model in MODELS:
                with self.subTest(model=model):
                    found |= self._walk_model(model, roles)
        return found

    def _compare(self, found):
        expected = self._read_fields()
        different = [
            f"{' '.join(key)}: writable {' '.join(names) or 'nothing'}, "
            f"declared {' '.join(expected.get(key, ())) or 'nothing'}"
            for key, names in found.items()
            if names != expected.get(key, ())
        ]
        self.assertFalse(different, "\n".join(different[:40]))
        return expected


@tagged("post_install", "-at_install")
class TestFieldMatrix(FieldMatrixBase):
    """Which fields of which record in which state who may write.

    What a refusal of ours says takes a third of the time, for it looks up names: here
    it says nothing. The night's walk has the sentences.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(RdGuardedMixin, "_describe", lambda self: self._name)
        )

    def test_fields(self):
        self._compare(self._check_fields(EACH_COMMIT))


@tagged("post_install", "-at_install", "-standard", "rd_nightly")
class TestFieldMatrixWhole(FieldMatrixBase):
    """The same with every role; this writes the file where it is asked to."""

    def test_fields(self):
        found = self._check_fields(self.people)
        if os.environ.get("RD_ACCESS_MATRIX") == "write":
            self._write_fields(found)
        expected = self._compare(found)
        gone = sorted(expected.keys() - found.keys())
        self.assertFalse(gone, f"rows of {FIELDS.name} that are no more")
