# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """The scan of a receipt stays once the quantities on it were agreed."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def write(self, vals):
        if {"raw", "datas", "db_datas", "res_model", "res_id", "url"} & vals.keys():
            self._rd_check_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rd_kept(self):
        self._rd_check_kept()

    def _rd_check_kept(self):
        """Refuse where one of the files is evidence; each add-on adds its own."""
        self._rd_check_receipts()

    @api.model
    def _rd_give_to(self, record, *names):
        """Let the files in these fields follow the rights of the record that has them.

        What another record holds stays there. Nobody gets at a file by its number:

        :raise UserError: for a file that the user has neither uploaded nor may read
        """
        # Odoo leaves out what the user may not read, which is what to look for.
        papers = self.browse().sudo().union(*(record.sudo()[name] for name in names))
        loose = papers.filtered(lambda paper: not paper.res_id)
        held = (papers - loose).with_env(self.env)
        foreign = loose.filtered(lambda paper: paper.create_uid != self.env.user)
        if foreign or held != held._filtered_access("read"):
            raise UserError(
                self.env._(
                    "%(record)s: one of the files is not yours; upload it yourself.",
                    record=record.display_name,
                )
            )
        loose.write({"res_model": record._name, "res_id": record.id})

    def _rd_get_checksum(self, record, field):
        """Return the checksum of the file that a field of a record holds, or ""."""
        found = self.search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("res_field", "=", field),
            ],
            limit=1,
        )
        return found.checksum or ""

    def _rd_check_receipts(self):
        """Refuse where one of the files is the receipt of an agreed delivery."""
        papers = self.filtered(lambda paper: paper.res_model == "stock.picking")
        if not papers:
            return
        # Whoever may not see the delivery must not remove its proof either.
        pickings = (
            self.env["stock.picking"]
            .sudo()
            .search([("rd_receipt_ids", "in", papers.ids)])
        )
        locked = pickings._rd_get_locked()
        if locked:
            raise UserError(
                self.env._(
                    "The signed note of %(note)s is proof of agreed quantities; it "
                    "stays as it is.",
                    note=locked[0]._rd_get_note(),
                )
            )
