# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

TODO = "mail.mail_activity_data_todo"


class RdDocumentVersion(models.Model):
    """A version in force asks its readers."""

    _name = "rd.document.version"
    _inherit = ["rd.document.version"]

    reading_ids = fields.One2many("rd.document.reading", "version_id")

    def _ask_readers(self):
        """Ask each reader once per version; the ones already asked stay."""
        # A version that holds asks by itself, whoever put it in force.
        for version in self.sudo().filtered(lambda one: one.state == "in_force"):
            document = version.document_id
            if document.kind != "procedure":
                continue
            users = document.reader_ids - version.reading_ids.user_id
            today = version.company_id._rd_today()
            self.env["rd.document.reading"].sudo()._as_internal().create(
                [
                    {
                        "version_id": version.id,
                        "user_id": user.id,
                        "asked_date": today,
                    }
                    for user in users
                ]
            )
            for user in users:
                document.activity_schedule(
                    TODO,
                    summary=self.env._("Read %s", version.display_name),
                    user_id=user.id,
                )
