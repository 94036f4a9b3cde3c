# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import ledger

# A side may hand in files of a few layouts in turn, one for each of its plants.
MOST_LAYOUTS = 5


class RdLedgerProfile(models.Model):
    """The layouts that were seen and accepted, and what is new in the next file."""

    _name = "rd.ledger.profile"
    _inherit = ["rd.ledger.profile"]

    proposed = fields.Boolean(
        readonly=True,
        copy=False,
        help="Made from a first file and not confirmed by a person yet.",
    )
    layouts = fields.Json(
        string="Accepted layouts",
        readonly=True,
        copy=False,
        help="How the files looked whose rows count, the latest first.",
    )

    def _remember_layout(self, table):
        """Keep the layout of a file whose rows count."""
        self.ensure_one()
        layout = ledger.layout_of(table)
        others = [known for known in self.layouts or [] if known != layout]
        self._as_internal().write({"layouts": [layout, *others][:MOST_LAYOUTS]})

    def _find_changes(self, table):
        """Return a sentence for each thing that no accepted layout had."""
        known = self.layouts or []
        found = [ledger.deviations(table, layout) for layout in known]
        fewest = min(found, key=len, default=[])
        return [self._text(text) for text in fewest]

    def _read_and_compare(self, data, filename, settings):
        """Return the table of a file and what is new in it, as sentences.

        A file that the settings do not fit any more is read by its own headings:
        it is not refused but asked about.

        :raise UserError: when it cannot be read at all
        """
        self.ensure_one()
        try:
            table = ledger.read(data, filename, self._prepare_profile(**settings))
        except ledger.Refused as refused:
            reason = self._text(refused.reason)
            table = self._read_by_headings(data, filename, settings)
            if not table:
                raise UserError(reason) from refused
            return table, [*self._find_changes(table), reason]
        return table, self._find_changes(table)

    def _read_by_headings(self, data, filename, settings):
        """Return the table as its own headings say, None where they do not."""
        settings = {**settings, "columns": None, "sheet": None, "header_row": None}
        if not self.column_ids and not self.sheet and not self.header_row:
            return None
        try:
            return ledger.read(data, filename, self._prepare_profile(**settings))
        except ledger.Refused:
            return None

    def _fits(self, data, filename, settings):
        """Tell whether the settings read the file as they stand."""
        try:
            ledger.read(data, filename, self._prepare_profile(**settings))
        except ledger.Refused:
            return False
        return True

    # ------------------------------------------------------------------
    # Adopting
    # ------------------------------------------------------------------
    def _prepare_adopted(self, data, filename):
        """Return values by which the settings fit a file that they do not fit now.

        What a person has said stays: tax basis, words and, where the note still
        stands in the same column, how it is cut out of its cell.
        """
        self.ensure_one()
        try:
            proposal = ledger.propose(
                data,
                filename,
                ledger.Profile(date_order=self.date_order),
                self._get_known_notes(),
            )
        except ledger.Refused as refused:
            raise UserError(self._text(refused.reason)) from refused
        values = {**self._prepare_proposed(proposal), "sheet": False}
        before = {column.field: column.header for column in self.column_ids}
        after = proposal.profile.columns or {}
        if not values["key_pattern"] and before.get("note") == after.get("note"):
            values["key_pattern"] = self.key_pattern
        return values

    def _preview_adopted(self, data, filename, settings):
        """Return the preview of a file by the settings that would be adopted."""
        if self._fits(data, filename, settings):
            return self._preview_file(data, filename, self._prepare_profile(**settings))
        try:
            adopted = self.new(self._prepare_adopted(data, filename), origin=self)
        except UserError as error:
            return {"refused": str(error)}
        return self._preview_file(data, filename, adopted._prepare_profile(**settings))

    @api.model
    def _create_proposed(self, owner, data, filename, settings):
        """Return a profile proposed from a first file, and the table it reads.

        :param dict owner: values that say whose files these are
        :raise UserError: when the file cannot be read
        """
        values = {**owner, "proposed": True, "sample_filename": filename}
        profile = self._as_internal().create(values)
        proposal = profile._propose(data)
        profile.write(profile._prepare_proposed(proposal))
        profile._explain_proposal(proposal)
        settings = profile._prepare_profile(**settings)
        return profile, profile._read_file(data, filename, settings)

    # ------------------------------------------------------------------
    # Confirming
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Confirm proposed settings; files that waited for them are read now.

        :raise UserError: when one of them cannot be read by the settings
        """
        self.check_access("write")
        for profile in self:
            profile._as_internal().write({"proposed": False})
            for files in profile._get_waiting_files():
                files._accept_layout()
        return True

    def _get_waiting_files(self):
        """Return record sets of files whose rows wait for these settings."""
        return [
            self.env[model]
            .search([("profile_id", "in", self.ids), ("layout_state", "=", "asked")])
            .filtered(lambda one: one._is_asked())
            for model in ("rd.shipping.list", "rd.order.list")
        ]

    def _get_files_to_read(self):
        """Return record sets of files that may still be read by these settings.

        Add-ons append those that can be read only once something is taken back.
        """
        return self._get_waiting_files()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waited_for(self):
        for files in self._get_files_to_read():
            for file in files:
                raise UserError(file._profile_refusal())
