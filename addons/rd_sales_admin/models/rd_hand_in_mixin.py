# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class RdHandInMixin(models.AbstractModel):
    """A file that is handed in, read once, and recognised when it comes again.

    The model has ``company_id``, ``filename``, ``sha256`` and a ``state`` with
    ``draft`` and ``cancelled``.
    """

    _name = "rd.hand.in.mixin"
    _inherit = "rd.workflow.mixin"
    _description = "File Handed In"

    @api.model
    def _get_file_scope(self):
        """Return the fields within which one file comes once, beside the company."""
        return ()

    @api.model
    def _get_read_fields(self):
        """Return the fields that stay as they were once the file has been read."""
        return set()

    def write(self, vals):
        if not self._is_internal() and self._get_read_fields() & vals.keys():
            for record in self.filtered(lambda one: one.state != "draft"):
                raise UserError(
                    self.env._(
                        "%(file)s has been read; hand the other file in anew.",
                        file=record.filename or record.display_name,
                    )
                )
        return super().write(vals)

    def _get_earlier_file(self, sha256):
        """Return where the same content was handed in before, unless withdrawn."""
        self.ensure_one()
        same = [
            (name, "=", self._fields[name].convert_to_write(self[name], self))
            for name in ("company_id", *self._get_file_scope())
        ]
        other = [("state", "!=", "cancelled"), ("id", "!=", self.id)]
        return self.search([*same, ("sha256", "=", sha256), *other], limit=1)

    def _check_new_file(self, sha256):
        """Refuse a file that has been handed in before, naming when."""
        earlier = self._get_earlier_file(sha256)
        if earlier:
            raise UserError(
                self.env._(
                    "%(file)s was handed in on %(day)s already, as %(earlier)s.",
                    file=self.filename or self.display_name,
                    day=self.company_id._rd_local_date(earlier.create_date),
                    earlier=earlier.filename or earlier.display_name,
                )
            )
