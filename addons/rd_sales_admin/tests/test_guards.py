# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.rd_sales_admin import uninstall_hook

from .common import DeskCommon
from .guards import GuardMixin

ADDONS = ("rd_sales_admin", "rd_reconciliation", "rd_custody")
LIST = "出货单号,料号,数量,日期\nDN-1,P-100,5,2026-09-10\n"


@tagged("post_install", "-at_install")
class TestGuards(GuardMixin, DeskCommon):
    """What the system keeps is written by no person, whatever the way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.close = cls._open_close(date(2026, 9, 1))
        cls.step = cls.close.step_ids[0]
        cls.order = cls._create_order([(cls.parts[0], 50, 10.0)])
        cls.list = cls.env["rd.shipping.list"].create(
            {
                "company_id": cls.company.id,
                "warehouse_id": cls.warehouse.id,
                "partner_id": cls.affiliate.id,
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
                "file": base64.b64encode(LIST.encode()),
                "filename": "list.csv",
            }
        )
        cls.list.action_check()
        cls.row = cls.list.line_ids
        cls.warehouse_user = cls._create_user("warehouse")
        cls.desk = (cls.clerk, cls.supervisor)

    # ------------------------------------------------------------------
    # Uninstalled
    # ------------------------------------------------------------------
    def _get_names(self, *domain):
        """Return the names that others gave to selection values of models."""
        parts = self.env["ir.model.fields.selection"].search(domain)
        return self.env["ir.model.data"].search(
            [
                ("model", "=", parts._name),
                ("res_id", "in", parts.ids),
                ("module", "!=", "rd_sales_admin"),
            ]
        )

    def test_uninstalled_it_leaves_no_name_behind(self):
        """Those of what Odoo itself has stay."""
        ours = ("field_id.model", "=", "rd.close")
        theirs = ("field_id.model", "=", "sale.order")
        kept = self._get_names(theirs)
        self.assertTrue(self._get_names(ours))
        uninstall_hook(self.env)
        self.assertFalse(self._get_names(ours))
        self.assertTrue(kept)
        self.assertEqual(self._get_names(theirs), kept)

    # ------------------------------------------------------------------
    # Company
    # ------------------------------------------------------------------
    def test_nothing_moves_to_another_company(self):
        """Its rules would no longer be asked, and what hangs on it stays behind."""
        models = [
            model
            for name, model in self.env.items()
            if model._original_module in ADDONS
            and not (model._abstract or model._transient)
            and model._auto
            and (company := model._fields.get("company_id"))
            and company.required
            and not company.compute
        ]
        # it has a sentence of its own for that
        free = {model._name for model in models if not self._is_guarded(model)}
        self.assertEqual(free, {"rd.document.place"})
        self.assertGreater(len(models), 40)
        far = self.env["res.company"].create({"name": "Far"})
        department = self.env["rd.department"].create({"name": "Fitters"})
        with self.assertRaisesRegex(UserError, "stays with"):
            department.company_id = far
        department.write({"name": "Welders", "company_id": self.company.id})
        self.assertEqual(department.name, "Welders", "it stays where it is")

    def _is_guarded(self, model):
        return isinstance(model, self.env.registry["rd.guarded.mixin"])

    # ------------------------------------------------------------------
    # Month
    # ------------------------------------------------------------------
    def test_month_open_and_closed(self):
        names = self.env["rd.close"]._get_guarded_fields() | {"company_id", "month"}
        self._assert_guarded(self.close, names, self.desk)
        self.close.step_ids._as_internal().write({"state": "done"})
        self.close.with_user(self.clerk).action_close()
        self._assert_guarded(self.close, names, self.desk)
        self._assert_refused(
            self.close,
            self._rpc,
            self.clerk,
            "rd.close",
            "unlink",
            self.close.ids,
            exact=None,
        )

    def test_month_not_born_closed(self):
        values = {"company_id": self.company.id, "month": "2026-10-01"}
        names = self.env["rd.close"]._get_guarded_fields()
        self._assert_not_created(self.close, self.clerk, values, names)
        self._assert_no_default(self.clerk, "rd.close", values, "state", "closed")
        self._assert_no_default(
            self.clerk, "rd.close", values, "closed_by_id", self.supervisor.id
        )

    def test_month_copied_or_loaded(self):
        self._assert_refused(
            self.close,
            self._rpc,
            self.clerk,
            "rd.close",
            "copy",
            self.close.ids,
        )
        before = self._rows(self.close)
        answer = self._rpc(
            self.clerk,
            "rd.close",
            "load",
            ["month", "state"],
            [["2026-10-01", "Closed"]],
        )
        self.assertFalse(answer["ids"])
        self.assertIn("kept by the system", answer["messages"][0]["message"])
        self.assertEqual(self._rows(self.close), before)

    def test_steps_and_steps_through_the_month(self):
        names = self.env["rd.close.step"]._get_guarded_fields()
        self._assert_guarded(self.step, names, self.desk)
        for user in self.desk:
            self._assert_refused(
                self.step,
                self._rpc,
                user,
                "rd.close",
                "write",
                self.close.ids,
                {"step_ids": [Command.update(self.step.id, {"state": "done"})]},
            )
            self._assert_refused(
                self.step,
                self._rpc,
                user,
                "rd.close",
                "write",
                self.close.ids,
                {"step_ids": [Command.create({"code": "x", "state": "done"})]},
            )
            self._assert_refused(
                self.step,
                self._rpc,
                user,
                "rd.close",
                "write",
                self.close.ids,
                {"step_ids": [Command.delete(self.step.id)]},
                exact=AccessError,
            )

    # ------------------------------------------------------------------
    # Shipping lists
    # ------------------------------------------------------------------
    def test_lists_and_rows(self):
        users = (self.clerk, self.warehouse_user)
        names = self.env["rd.shipping.list"]._get_guarded_fields()
        self._assert_guarded(self.list, names, users)
        names = self.env["rd.shipping.list.line"]._get_guarded_fields()
        self._assert_guarded(self.row, names, users)

    def test_rows_through_the_list_and_their_deletion(self):
        for user in (self.clerk, self.warehouse_user):
            for command in (
                Command.update(self.row.id, {"quantity": 500}),
                Command.create({"note": "DN-9", "part": "P-100", "quantity": 5}),
                Command.delete(self.row.id),
            ):
                self._assert_refused(
                    self.row,
                    self._rpc,
                    user,
                    "rd.shipping.list",
                    "write",
                    self.list.ids,
                    {"line_ids": [command]},
                )
            self._assert_refused(
                self.row,
                self._rpc,
                user,
                "rd.shipping.list.line",
                "unlink",
                self.row.ids,
            )

    def test_list_not_born_checked(self):
        values = {
            "warehouse_id": self.warehouse.id,
            "date_from": "2026-09-01",
            "date_to": "2026-09-30",
            "file": base64.b64encode(b"other").decode(),
        }
        self._assert_no_default(
            self.clerk, "rd.shipping.list", values, "state", "applied"
        )
        self._assert_no_default(self.clerk, "rd.shipping.list", values, "sha256", "ab")

    def test_applied_list_is_frozen(self):
        self.row.invalidate_recordset()
        self.list.with_user(self.clerk).action_apply()
        self.assertEqual(self.list.state, "applied")
        for name in ("date_from", "partner_id", "filename", "file"):
            self._assert_refused(
                self.list,
                self._rpc,
                self.clerk,
                "rd.shipping.list",
                "write",
                self.list.ids,
                {name: False},
            )

    def test_only_the_desk_answers_for_what_was_shipped(self):
        self.row._as_internal().write({"verdict": "missing"})
        for method in ("action_keep", "action_reverse", "action_dismiss"):
            self._assert_refused(
                self.row,
                self._rpc,
                self.warehouse_user,
                "rd.shipping.list.line",
                method,
                self.row.ids,
                "because",
            )

    # ------------------------------------------------------------------
    # Companies
    # ------------------------------------------------------------------
    def test_other_company_sees_nothing(self):
        other = self._create_other_clerk()
        for model in (
            "rd.close",
            "rd.close.step",
            "rd.shipping.list",
            "rd.shipping.list.line",
            "rd.part.alias",
            "rd.ledger.profile",
        ):
            with self.subTest(model=model):
                self._assert_isolated(model, other)
