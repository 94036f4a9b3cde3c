# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import hashlib
import io
import zipfile
from pathlib import PurePath

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin import ledger

from .rd_property_import_words import COLUMNS, REQUIRED

OPEN_VERDICTS = ("unknown", "refused")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
MOST_PHOTOS = 5000
MOST_BYTES = 500_000_000
PHOTO_BYTES = 25_000_000


class RdPropertyImport(models.Model):
    """A register kept elsewhere, read into cards: all of its rows or none.

    Each row gets a verdict and shows the card it would become. Nothing is written
    before somebody has looked at them; what is here already is left out by name.
    """

    _name = "rd.property.import"
    _description = "Import of a Property Register"
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
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner",
        ondelete="restrict",
        check_company=True,
        help="Whose property it is where the rows name no owner.",
    )
    kind = fields.Selection(
        selection=lambda self: self.env["rd.property"]._fields["kind"].selection,
        required=True,
        default="tool",
        help="What it is where the rows say nothing.",
    )
    file = fields.Binary(string="Spreadsheet", attachment=True, required=True)
    filename = fields.Char(copy=False)
    photo_ids = fields.Many2many(
        "ir.attachment",
        "rd_property_import_photo_rel",
        "import_id",
        "attachment_id",
        string="Photos",
        bypass_search_access=True,
        copy=False,
        help="Pictures, or zip files of them; found by the name in the column “photo”, "
        "or by number, serial number or mark.",
    )
    sha256 = fields.Char(string="Content hash", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Handed in"),
            ("checked", "Checked"),
            ("applied", "Cards made"),
            ("cancelled", "Withdrawn"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("rd.property.import.line", "import_id", copy=False)
    skipped_note = fields.Text(string="Rows left out", readonly=True, copy=False)
    ready_count = fields.Integer(string="Ready", compute="_compute_counts")
    open_count = fields.Integer(string="To answer", compute="_compute_counts")
    known_count = fields.Integer(string="Here already", compute="_compute_counts")

    _file_once = models.UniqueIndex(
        "(company_id, sha256) WHERE sha256 IS NOT NULL AND state != 'cancelled'",
        "This very file has already been handed in.",
    )

    @api.depends("line_ids.verdict")
    def _compute_counts(self):
        for record in self:
            verdicts = record.line_ids.mapped("verdict")
            record.ready_count = verdicts.count("ready")
            record.known_count = verdicts.count("known")
            record.open_count = sum(one in OPEN_VERDICTS for one in verdicts)

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "checked": ("draft",),
            "applied": ("checked",),
            "cancelled": ("draft", "checked"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"sha256", "skipped_note", "line_ids"}

    @api.model
    def _get_frozen_states(self):
        return ("applied", "cancelled")

    @api.model
    def _get_read_fields(self):
        return {"file"}

    def action_cancel(self):
        """Withdraw a register that has made no card."""
        self.check_access("write")
        self._move_to("cancelled")
        return True

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def action_check(self):
        """Read the file and give each row its verdict; no card is made yet.

        :raise UserError: one sentence when the file cannot be read or was here before
        """
        self.check_access("write")
        for record in self.filtered(lambda one: one.state == "draft"):
            record._read_rows()
            record._move_to("checked")
            record.line_ids._judge()
        return True

    def action_recheck(self):
        """Look again: owners, cards and photos may have come since."""
        self.check_access("write")
        self.filtered(lambda one: one.state == "checked").line_ids._judge()
        return True

    def _read_rows(self):
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        sha256 = hashlib.sha256(data).hexdigest()
        self._check_new_file(sha256)
        texts = self.env["rd.ledger.profile"]
        try:
            found = ledger.read_list(data, self.filename or "", COLUMNS, REQUIRED)
        except ledger.Refused as refused:
            raise UserError(texts._text(refused.reason)) from refused
        skipped = [f"{item.row}: {texts._text(item.reason)}" for item in found.skipped]
        self._as_internal().write(
            {"sha256": sha256, "skipped_note": "\n".join(skipped)}
        )
        # rows come from the file alone: nobody may add one
        lines = self.env["rd.property.import.line"].sudo()._as_internal()
        lines.create(
            [{"import_id": self.id, **lines._prepare_row(*row)} for row in found.rows]
        )

    def _check_new_file(self, sha256):
        """Refuse a file that has been handed in before, naming when."""
        earlier = self._get_earlier_file(sha256)
        if earlier:
            raise UserError(
                self.env._(
                    "%(file)s was handed in on %(day)s already.",
                    file=self.filename or self.display_name,
                    day=self.company_id._rd_local_date(earlier.create_date),
                )
            )

    # ------------------------------------------------------------------
    # Photos
    # ------------------------------------------------------------------
    def _get_photo_names(self):
        """Return ``{name without ending: (attachment, member or None)}``."""
        names = {}
        for paper in self.photo_ids:
            if paper.name.lower().endswith(".zip"):
                for member in self._get_members(paper):
                    names[self._stem(member)] = (paper, member)
            elif paper.name.lower().endswith(PICTURES):
                names[self._stem(paper.name)] = (paper, None)
        return names

    @api.model
    def _stem(self, name):
        return PurePath(name.replace("\\", "/")).stem.strip().lower()

    def _get_members(self, paper):
        """Return the pictures of a zip file.

        :raise UserError: when it is none, or would grow beyond all measure
        """
        try:
            with zipfile.ZipFile(io.BytesIO(paper.raw or b"")) as archive:
                infos = [
                    info
                    for info in archive.infolist()
                    if info.filename.lower().endswith(PICTURES)
                ]
        except (zipfile.BadZipFile, ValueError) as error:
            raise UserError(
                self.env._("%s cannot be opened as a zip file.", paper.name)
            ) from error
        sizes = [info.file_size for info in infos]
        if (
            len(infos) > MOST_PHOTOS
            or sum(sizes) > MOST_BYTES
            or any(size > PHOTO_BYTES for size in sizes)
        ):
            raise UserError(
                self.env._(
                    "%(file)s is too large: at most %(count)s photos, each up to "
                    "%(size)s MB.",
                    file=paper.name,
                    count=MOST_PHOTOS,
                    size=PHOTO_BYTES // 1_000_000,
                )
            )
        return [info.filename for info in infos]

    def _read_photo(self, place):
        """Return a photo as base64 bytes."""
        paper, member = place
        data = paper.raw or b""
        if member:
            try:
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    with archive.open(member) as packed:
                        data = packed.read(PHOTO_BYTES + 1)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
                raise UserError(
                    self.env._(
                        "%(photo)s in %(file)s cannot be read.",
                        photo=member,
                        file=paper.name,
                    )
                ) from error
        return base64.b64encode(data)

    # ------------------------------------------------------------------
    # Cards
    # ------------------------------------------------------------------
    def action_apply(self):
        """Make the cards of all rows that are ready; all of them or none.

        :raise UserError: while a row waits for an answer
        """
        self.check_access("write")
        self.env["rd.property"].check_access("create")
        for record in self.filtered(lambda one: one.state != "applied"):
            record.line_ids._judge()
            record._check_answered()
            rows = record.line_ids.filtered(lambda line: line.verdict == "ready")
            record._move_to("applied")
            rows._make_cards()
        return True

    def _check_answered(self):
        waiting = self.line_ids.filtered(lambda line: line.verdict in OPEN_VERDICTS)
        if waiting:
            raise UserError(
                self.env._(
                    "%(count)s rows of %(file)s are to be answered first, row %(row)s: "
                    "%(why)s",
                    count=len(waiting),
                    file=self.filename or "",
                    row=waiting[0].row,
                    why=waiting[0].message or "",
                )
            )
        if "ready" not in self.line_ids.mapped("verdict"):
            raise UserError(
                self.env._("%s names nothing new.", self.filename or self.display_name)
            )

    def action_view_cards(self):
        """Open the cards that were made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cards of %s", self.filename or ""),
            "res_model": "rd.property",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", self.line_ids.property_id.ids)],
        }
