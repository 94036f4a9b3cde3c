# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import binascii

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .. import ledger

MOST_ROWS = 8
MOST_SKIPPED = 20
MOST_NOTES = 10


class RdLedgerProfile(models.Model):
    """A sample file beside the settings: what they make of it is seen at once."""

    _name = "rd.ledger.profile"
    _inherit = ["rd.ledger.profile"]

    sample_file = fields.Binary(
        attachment=True,
        help="A file of this side. Below it stands how the settings read it.",
    )
    sample_filename = fields.Char()
    preview = fields.Json(compute="_compute_preview", string="How it is read")

    @api.depends(
        "sample_file",
        "sample_filename",
        "sheet",
        "header_row",
        "key_pattern",
        "negative_words",
        "red_is_return",
        "tax_basis",
        "date_order",
        "crosstab",
        "crosstab_figures",
        "sign",
        "owed_negative",
        "keep_partners",
        "column_ids.field",
        "column_ids.header",
    )
    @api.depends_context("lang")
    def _compute_preview(self):
        for profile in self:
            profile.preview = profile._prepare_preview()

    def _get_sample(self):
        """Return the sample's content, also one that is just being uploaded."""
        self.ensure_one()
        try:
            return base64.b64decode(self.sample_file or b"", validate=True)
        except binascii.Error:
            # A form is told the size of a stored file instead of its content.
            stored = self._origin.with_context(bin_size=False).sample_file
            return base64.b64decode(stored or b"")

    def _prepare_preview(self):
        """Return what the widget shows, False without a sample."""
        data = self._get_sample()
        if not data:
            return False
        profile = self._prepare_profile(required=(), **self._prepare_preview_period())
        return self._preview_file(data, self.sample_filename, profile)

    @api.model
    def _preview_file(self, data, filename, profile):
        """Return what the widget shows of a file read by a ``ledger.Profile``."""
        try:
            table = ledger.read(data, filename or "", profile)
        except ledger.Refused as refused:
            return {"refused": self._text(refused.reason)}
        return {
            "notes": self._prepare_preview_notes(table),
            "summary": self.env._(
                "Sheet %(sheet)s, headings in row %(header)s: %(used)s of %(read)s "
                "rows are lines, %(skipped)s are left out.",
                sheet=table.sheet,
                header=table.header_row,
                used=len(table.rows),
                read=table.rows_read,
                skipped=len(table.skipped),
            ),
            **self._prepare_preview_rows(table),
            "skipped": [
                {"row": item.cell or item.row, "reason": self._text(item.reason)}
                for item in table.skipped[:MOST_SKIPPED]
            ],
        }

    def _prepare_preview_period(self):
        """Return this month for a cross table, whose days often name no month."""
        if not self.crosstab:
            return {}
        today = fields.Date.context_today(self)
        return {
            "period_from": today.replace(day=1),
            "period_to": fields.Date.end_of(today, "month"),
        }

    def _prepare_preview_notes(self, table):
        notes = [
            self.env._(
                "%(cell)s: %(kind)s %(amount)s.",
                cell=item.cell,
                kind=self._text(ledger.Text(ledger.LABELS[item.kind])),
                amount=_shown(item.amount),
            )
            for item in table.balances[:MOST_NOTES]
        ]
        notes += self._warning_texts(table)[:MOST_NOTES]
        notes += self._mismatch_texts(table)[:MOST_NOTES]
        return notes

    def _prepare_preview_rows(self, table):
        meanings = dict(
            self.env["rd.ledger.profile.column"]
            ._fields["field"]
            ._description_selection(self.env)
        )
        columns = sorted(table.columns.items(), key=lambda item: item[1].index)
        return {
            "columns": [
                {
                    "letter": f"{column.letter} {name}",
                    "heading": f"{column.letter} {column.header}",
                    "meaning": meanings.get(_meant(name, table), name),
                }
                for name, column in columns
            ],
            "rows": [
                {
                    "number": row.ref,
                    "cells": [_shown(row.values.get(name)) for name, _c in columns],
                }
                for row in table.rows[:MOST_ROWS]
            ],
        }

    # ------------------------------------------------------------------
    # Proposing
    # ------------------------------------------------------------------
    def action_propose(self):
        """Fill the settings from the sample file.

        :raise UserError: without a sample, or one that cannot be read
        """
        self.check_access("write")
        for profile in self:
            data = profile._get_sample()
            if not data:
                raise UserError(
                    self.env._(
                        "Add a sample file to %(name)s first.", name=profile.name
                    )
                )
            proposal = profile._propose(data)
            profile.write(profile._prepare_proposed(proposal))
            profile._explain_proposal(proposal)
        return True

    def _explain_proposal(self, proposal):
        self.message_post(
            body="\n".join(self._text(reason) for reason in proposal.reasons)
        )

    def _propose(self, data):
        try:
            return ledger.propose(
                data,
                self.sample_filename or "",
                ledger.Profile(
                    date_order=self.date_order,
                    sheet=self.sheet or None,
                    sign=self.sign or None,
                    owed_negative=self.owed_negative,
                    crosstab=self.crosstab or None,
                    crosstab_figures=self.crosstab_figures,
                    usual=self._get_usual(),
                    **self._prepare_preview_period(),
                ),
                self._get_known_notes(),
            )
        except ledger.Refused as refused:
            raise UserError(self._text(refused.reason)) from refused

    def _get_known_notes(self):
        """Return our delivery notes with this side, None where none are known."""
        return None

    def _prepare_proposed(self, proposal):
        profile = proposal.profile
        columns = profile.columns or {}
        return {
            # Whatever sheet was found first is found first next month, under the
            # name of that month.
            "sheet": self.sheet,
            "header_row": 0,
            "key_pattern": profile.key_pattern,
            "date_order": profile.date_order or self.date_order,
            "sign": profile.sign,
            "tax_basis": profile.tax_basis or self.tax_basis,
            "column_ids": [
                Command.clear(),
                *(
                    Command.create({"field": name, "header": header})
                    for name, header in columns.items()
                ),
            ],
        }


def _meant(name, table):
    """What a column means on the side of the tax on which it is read."""
    return "total" if name == "amount" and table.tax_basis == "included" else name


def _shown(value):
    """A typed value as it is read in a table."""
    if value is None:
        return ""
    return format(value, "f") if hasattr(value, "as_tuple") else str(value)
