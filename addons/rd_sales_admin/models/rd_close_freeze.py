# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError


class RdCloseFreeze(models.Model):
    """What a month was when it was closed, word for word, under a hash.

    Append-only: closing a month again after it was reopened adds another one. What
    comes to light later changes none of them; it enters the next month.
    """

    _name = "rd.close.freeze"
    _description = "Frozen Month"
    _inherit = ["rd.guarded.mixin"]
    _order = "close_id desc, revision desc"

    close_id = fields.Many2one(
        "rd.close", string="Month", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="close_id.company_id", store=True, index=True)
    revision = fields.Integer(required=True, help="How often the month was closed.")
    date = fields.Datetime(string="Closed on", required=True)
    user_id = fields.Many2one("res.users", string="Closed by", required=True)
    content = fields.Text(required=True, help="All that was fixed, as JSON.")
    figures = fields.Text(
        compute="_compute_figures", help="What the month came to, one figure a line."
    )
    content_hash = fields.Char(
        string="Hash", required=True, help="SHA-256 of the content."
    )
    is_intact = fields.Boolean(
        string="Intact",
        compute="_compute_is_intact",
        help="The content still has the hash it was closed with.",
    )
    reopened_date = fields.Datetime(string="Reopened on")
    reopened_by_id = fields.Many2one("res.users", string="Reopened by")
    reopen_reason = fields.Text(string="Why reopened")

    _revision_once = models.UniqueIndex(
        "(close_id, revision)", "The month has been closed with this number already."
    )
    _in_force_once = models.UniqueIndex(
        "(close_id) WHERE reopened_date IS NULL", "The month is already frozen."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("What a month was when it was closed is kept."))

    @api.depends("close_id.name", "revision")
    def _compute_display_name(self):
        for freeze in self:
            freeze.display_name = f"{freeze.close_id.name} / {freeze.revision}"

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_figures(self):
        cockpit = self.env["rd.cockpit"]
        for freeze in self:
            content = freeze._get_content() if freeze.content else {"values": {}}
            labels = content.get("labels", {})
            rows = [
                (*labels.get(code, (0, code)), cockpit._write(pair))
                for code, pair in content["values"].items()
            ]
            freeze.figures = "\n".join(
                f"{label}: {value}" for _place, label, value in sorted(rows)
            )

    @api.depends("content", "content_hash")
    def _compute_is_intact(self):
        for freeze in self:
            freeze.is_intact = self._get_hash(freeze.content) == freeze.content_hash

    @api.model
    def _get_hash(self, text):
        return hashlib.sha256((text or "").encode()).hexdigest()

    @api.model
    def _get_rows_hash(self, rows):
        """Return how many rows there are and their hash, for what is too much to
        keep word for word."""
        text = json.dumps(rows, ensure_ascii=False, default=str)
        return {"count": len(rows), "hash": self._get_hash(text)}

    def _get_content(self):
        """Return the content as data."""
        self.ensure_one()
        return json.loads(self.content)
