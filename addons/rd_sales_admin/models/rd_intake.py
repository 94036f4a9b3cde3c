# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import ledger

SUBJECT_CELLS = 4


class RdIntake(models.Model):
    """A list that the desk kept in a spreadsheet, taken over in two steps.

    It is read and every row gets its verdict; then what is ready is taken over, all
    of it or nothing. What is to be mended comes back as a workbook of the same form.
    """

    _name = "rd.intake"
    _description = "List Taken Over"
    _inherit = ["mail.thread", "rd.hand.in.mixin"]
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(selection="_selection_kind", required=True, index=True)
    kind_text = fields.Char(compute="_compute_kind_text")
    file = fields.Binary(
        string="Spreadsheet", attachment=True, required=True, copy=False
    )
    filename = fields.Char(copy=False)
    sha256 = fields.Char(string="Content hash", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Handed in"),
            ("checked", "Checked"),
            ("taken", "Taken over"),
            ("cancelled", "Withdrawn"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    row_ids = fields.One2many("rd.intake.row", "intake_id", copy=False)
    mend_row_ids = fields.One2many(
        "rd.intake.row",
        "intake_id",
        string="Rows to mend",
        domain=[("verdict", "=", "mend")],
        copy=False,
    )
    unread_note = fields.Char(string="Not in your file", readonly=True, copy=False)
    foreign_note = fields.Char(
        string="Your columns that are not read", readonly=True, copy=False
    )
    ready_count = fields.Integer(string="Ready to take over", compute="_compute_counts")
    mend_count = fields.Integer(string="To mend", compute="_compute_counts")
    known_count = fields.Integer(string="Here already", compute="_compute_counts")
    taken_count = fields.Integer(string="Rows in", compute="_compute_counts")

    _file_once = models.UniqueIndex(
        "(company_id, kind, sha256) WHERE sha256 IS NOT NULL AND state != 'cancelled'",
        "This very file has already been handed in.",
    )

    @api.model
    def _get_kinds(self):
        """Return ``{code: name of its model}``, in the order of the first day.

        Add-ons append theirs through ``super()``.
        """
        return {
            "partner": "rd.intake.partner",
            "contract": "rd.intake.contract",
            "alias": "rd.intake.alias",
        }

    @api.model
    def _selection_kind(self):
        return [
            (code, self.env[model]._get_label())
            for code, model in self._get_kinds().items()
        ]

    def _get_kind(self):
        """Return the kind of this list, as its model."""
        self.ensure_one()
        return self.env[self._get_kinds()[self.kind]].with_company(self.company_id)

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_kind_text(self):
        for intake in self:
            intake.kind_text = intake.kind and intake._get_kind()._get_text()

    @api.depends("row_ids.verdict")
    def _compute_counts(self):
        counts = {}
        for intake, verdict, count in self.env["rd.intake.row"]._read_group(
            [("intake_id", "in", self.ids)], ["intake_id", "verdict"], ["__count"]
        ):
            counts[intake.id, verdict] = count
        for intake in self:
            intake.ready_count = counts.get((intake.id, "ready"), 0)
            intake.mend_count = counts.get((intake.id, "mend"), 0)
            intake.known_count = counts.get((intake.id, "known"), 0)
            intake.taken_count = counts.get((intake.id, "taken"), 0)

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "checked": ("draft",),
            "taken": ("checked",),
            "cancelled": ("draft", "checked"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("sha256", "unread_note", "foreign_note", "row_ids"),
            "mend_row_ids",
        }

    @api.model
    def _get_frozen_states(self):
        return ("taken", "cancelled")

    @api.model
    def _get_file_scope(self):
        return ("kind",)

    @api.model
    def _get_read_fields(self):
        return {"file", "kind"}

    def action_cancel(self):
        """Withdraw a list of which nothing was taken over."""
        self.check_access("write")
        self._move_to("cancelled")
        return True

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def action_check(self):
        """Read the files and give each row its verdict; nothing is made yet.

        :raise UserError: one sentence when a file cannot be read or was here before
        """
        self.check_access("write")
        for intake in self.filtered(lambda one: one.state == "draft"):
            intake._get_kind()._check_role()
            intake._read_rows()
            intake._move_to("checked")
            intake._judge()
        return True

    def action_recheck(self):
        """Look again: contacts, parts and contracts may have come since.

        Also at what was left to mend of a list that was taken over.
        """
        self.check_access("write")
        for intake in self.filtered(lambda one: one.state in ("checked", "taken")):
            intake._judge()
        return True

    def _read_rows(self):
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        self._check_new_file(hashlib.sha256(data).hexdigest())
        kind, texts = self._get_kind(), self.env["rd.ledger.profile"]
        try:
            form = ledger.read_form(
                data, self.filename or "", kind._get_fields(), kind._get_required()
            )
        except ledger.Refused as refused:
            raise UserError(texts._text(refused.reason)) from refused
        rows = [row for row in form.rows if not kind._is_example(row.texts)]
        if not rows:
            raise UserError(
                self.env._(
                    "%s has no row below its headings; fill in at least one.",
                    self.filename or self.display_name,
                )
            )
        self._as_internal().write(
            {
                "sha256": form.sha256,
                "unread_note": self._get_unread(kind, form),
                "foreign_note": ", ".join(form.unread) or False,
            }
        )
        # rows come from the file alone: nobody may add one
        lines = self.env["rd.intake.row"].sudo()._as_internal()
        columns = kind._get_columns()
        lines.create([self._prepare_row(row, texts, columns) for row in rows])

    def _get_unread(self, kind, form):
        """Return which columns of the form the file does not have."""
        missing = [
            column.label
            for name, column in kind._get_columns().items()
            if name not in form.columns
        ]
        return ", ".join(missing) or False

    def _prepare_row(self, row, texts, columns):
        shown = [text for name, text in row.texts.items() if name in columns]
        return {
            "intake_id": self.id,
            "row": row.number,
            "subject": " · ".join(shown[:SUBJECT_CELLS]),
            "cells": self.env["rd.intake.row"]._prepare_cells(row.values),
            "texts": row.texts,
            "problems": {
                name: texts._text(problem) for name, problem in row.problems.items()
            },
        }

    def _judge(self):
        """Give each row that is not settled its verdict; return what was found."""
        self.ensure_one()
        rows = self.row_ids.filtered(
            lambda row: row.verdict not in ("dismissed", "taken", "mended")
        )
        judged = self._get_kind()._judge(self.company_id, rows.sorted("row"))
        rows._note(judged)
        return judged

    # ------------------------------------------------------------------
    # Taking over
    # ------------------------------------------------------------------
    def action_take(self):
        """Take over the rows that are ready: all of them or none; a repeat is harmless.

        What was left to mend of a list taken over is taken over the same way, once
        it is ready.

        :raise UserError: when none is ready, or one of them is refused on the way
        """
        self.check_access("write")
        for intake in self.filtered(
            lambda one: one.state != "taken" or one.ready_count
        ):
            intake._get_kind()._check_role()
            is_read = intake.state in ("checked", "taken")
            judged = intake._judge() if is_read else []
            ready = [one for one in judged if one.verdict == "ready"]
            if is_read and not ready:
                raise UserError(intake._get_nothing_ready(judged))
            intake._move_to("taken")
            intake._take(ready)
        return True

    def _get_nothing_ready(self, judged):
        """Return the sentence why nothing can be taken over, with the first row."""
        mend = next((one for one in judged if one.verdict == "mend"), None)
        if not mend:
            return self.env._(
                "%s says nothing that is not here already.",
                self.filename or self.display_name,
            )
        return self.env._(
            "No row of %(file)s is ready. %(why)s",
            file=self.filename or self.display_name,
            why=mend.message,
        )

    def _take(self, ready):
        records = self._get_kind()._take(self.company_id, ready)
        for one, record in zip(ready, records, strict=True):
            one.row._as_internal().write(
                {"verdict": "taken", "res_model": record._name, "res_id": record.id}
            )
        settled = self.row_ids.filtered(lambda row: row.verdict in ("taken", "known"))
        settled._settle_mended()

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    def action_view_made(self):
        """Open what the rows made, or found."""
        self.ensure_one()
        self.check_access("read")
        model = self._get_kind()._intake_model
        ids = self.row_ids.filtered(lambda row: row.res_model == model).mapped("res_id")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("From %s", self.filename or ""),
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", ids)],
        }

    def action_mend_workbook(self):
        """Return the workbook of the rows to mend, with what is to be done."""
        self.ensure_one()
        self.check_access("read")
        if not self.mend_count:
            raise UserError(self.env._("No row of this list is to be mended."))
        report = self.env.ref("rd_sales_admin.action_report_intake_xlsx")
        return report.report_action(self, config=False)

    @api.model
    def get_template(self, kind):
        """Return the action that downloads the empty form of a kind.

        :raise UserError: for a kind that there is not
        """
        self.browse().check_access("create")
        if kind not in self._get_kinds():
            raise UserError(self.env._("There is no list of the kind “%s”.", kind))
        report = self.env.ref("rd_sales_admin.action_report_intake_xlsx")
        return report.report_action(None, data={"kind": kind}, config=False)
