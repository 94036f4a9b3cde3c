# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import ledger


class RdLayoutMixin(models.AbstractModel):
    """A spreadsheet whose rows count only once its layout is known.

    A first file proposes the profile of its side; a later one is compared with the
    layouts that were accepted. What the file leaves open is asked, never guessed.
    """

    _name = "rd.layout.mixin"
    _description = "Spreadsheet with a layout"
    _inherit = ["rd.guarded.mixin"]

    profile_id = fields.Many2one(
        "rd.ledger.profile",
        string="Spreadsheet profile",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    profile_proposed = fields.Boolean(related="profile_id.proposed")
    layout_state = fields.Selection(
        [("asked", "To be confirmed"), ("known", "Known")],
        string="Layout",
        readonly=True,
        copy=False,
    )
    layout_note = fields.Text(
        string="What is asked about the layout", readonly=True, copy=False
    )
    layout_preview = fields.Json(
        compute="_compute_layout_preview", string="How it would be read"
    )
    layout_tax_basis = fields.Selection(
        related="profile_id.tax_basis", readonly=False, string="Their amounts are"
    )

    @api.model
    def _get_guarded_fields(self):
        names = {"profile_id", "layout_state", "layout_note"}
        return super()._get_guarded_fields() | names

    @api.depends("layout_state", "file", "filename", "layout_tax_basis")
    @api.depends_context("lang")
    def _compute_layout_preview(self):
        for record in self:
            profile = record.profile_id
            record.layout_preview = (
                bool(profile)
                and record._is_asked()
                and (
                    profile._preview_adopted(
                        record._get_content(),
                        record.filename or "",
                        {**record._get_reading_settings(), "required": ()},
                    )
                )
            )

    def _get_content(self):
        """Return the bytes of the file, whatever size or content a form was told."""
        stored = self._origin.with_context(bin_size=False).file
        return base64.b64decode(stored or b"")

    # ------------------------------------------------------------------
    # What each kind of file answers
    # ------------------------------------------------------------------
    def _get_profile(self):
        """Return the profile of the side that this file comes from."""
        owner = self._prepare_profile_owner()
        names = ("company_id", "partner_id", "warehouse_id")
        return self.env["rd.ledger.profile"].search(
            [
                ("purpose", "=", owner.get("purpose", "account")),
                *((name, "=", owner[name]) for name in names if name in owner),
            ],
            limit=1,
        )

    def _prepare_profile_owner(self):
        """Return the values of a profile that say whose files it reads."""
        raise NotImplementedError

    def _get_reading_settings(self):
        """Return what a ``ledger.Profile`` is told beside the profile's settings."""
        raise NotImplementedError

    def _find_tax_basis(self, table):
        """Return on which side of the tax our own books say that the amounts stand."""
        return None

    def _take_rows(self, table):
        """Make the rows of a file whose layout is known."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _read_by_layout(self):
        """Read the file; its rows count, or a question about its layout stands.

        :raise UserError: one sentence when the file cannot be read
        """
        self.ensure_one()
        data, settings = self._get_content(), self._get_reading_settings()
        profile = self._get_profile()
        changes = []
        if profile:
            table, changes = profile._read_and_compare(
                data, self.filename or "", settings
            )
            self._check_table(table)
        else:
            profile, table = self._propose_profile(data, settings)
        questions = changes or self._get_doubts(profile, data, settings)
        self._as_internal().write({"profile_id": profile.id})
        if questions:
            self._ask_about_layout(changes, questions)
        else:
            self._know_layout(table)

    def _check_table(self, table):
        """Refuse a file that is not of this side at all."""

    def _propose_profile(self, data, settings):
        # Who may hand in a file need not be one who may keep profiles.
        profiles = self.env["rd.ledger.profile"].sudo()
        owner = self._prepare_profile_owner()
        profile, table = profiles._create_proposed(
            {**owner, "sample_file": self.file}, data, self.filename or "", settings
        )
        self._check_table(table)
        return profile.with_env(self.env), table

    def _get_doubts(self, profile, data, settings):
        """Return what a profile that nobody has confirmed would have to guess."""
        if not profile.proposed or profile.layouts:
            return []
        open_basis = profile._prepare_profile(**{**settings, "tax_basis": None})
        table = profile._read_file(data, self.filename or "", open_basis)
        basis = table.tax_basis or self._find_tax_basis(table)
        if basis:
            profile.sudo().write({"tax_basis": basis})
        known = ledger.Profile(negative=open_basis.negative, tax_basis=basis)
        return [profile._text(text) for text in ledger.doubts(table, known)]

    def _ask_about_layout(self, changes, questions):
        title = (
            self.env._("Changed since the last file:")
            if changes
            else self.env._("This is the first file, and it leaves open:")
        )
        note = "\n".join([title, *(f"• {text}" for text in questions)])
        self._as_internal().write({"layout_state": "asked", "layout_note": note})

    def _know_layout(self, table):
        self.profile_id.sudo()._remember_layout(table)
        self._as_internal().write({"layout_state": "known"})
        self._take_rows(table)

    # ------------------------------------------------------------------
    # Accepting
    # ------------------------------------------------------------------
    def action_accept_layout(self):
        """Take the file as the preview shows it; its layout is remembered.

        :raise UserError: when nothing is asked, or the file cannot be read
        """
        self.check_access("write")
        for record in self:
            if not record._is_asked():
                raise UserError(
                    self.env._(
                        "Nothing is asked about the layout of %(file)s.",
                        file=record.filename or record.display_name,
                    )
                )
        self._accept_layout()
        return True

    def _is_asked(self):
        """Tell whether the rows still wait for an answer about their layout."""
        return self.layout_state == "asked"

    def _profile_refusal(self):
        """Return why the profile of a file that waits for it is not deleted."""
        return self.env._(
            "%(file)s waits to be read by %(profile)s; accept its layout or withdraw "
            "it first.",
            file=self.filename or self.display_name,
            profile=self.profile_id.name,
        )

    def _accept_layout(self):
        for record in self:
            data, settings = record._get_content(), record._get_reading_settings()
            profile, name = record.profile_id, record.filename or ""
            if not profile._fits(data, name, settings):
                profile.write(profile._prepare_adopted(data, name))
            profile._as_internal().write({"proposed": False})
            table = profile._read_file(data, name, profile._prepare_profile(**settings))
            record._know_layout(table)
            profile.message_post(
                body=self.env._(
                    "The layout of %(file)s was accepted.\n%(note)s",
                    file=name,
                    note=record.layout_note or "",
                )
            )

    def action_open_profile(self):
        """Open the profile by which the file is read, to edit it with a preview."""
        self.ensure_one()
        self.check_access("read")
        self._show_as_sample()
        return {
            "type": "ir.actions.act_window",
            "res_model": "rd.ledger.profile",
            "res_id": self.profile_id.id,
            "views": [(False, "form")],
        }

    def _show_as_sample(self):
        """Let the profile's preview show this file, where it may be changed."""
        profile = self.profile_id
        if self.layout_state == "asked" and profile.has_access("write"):
            profile.write(
                {
                    "sample_file": self.with_context(bin_size=False).file,
                    "sample_filename": self.filename,
                }
            )
