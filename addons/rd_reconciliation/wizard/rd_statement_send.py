# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models


class RdStatementSend(models.TransientModel):
    """Shows who would get what before anything is sent."""

    _name = "rd.statement.send"
    _description = "Send Statements"

    line_ids = fields.One2many("rd.statement.send.line", "wizard_id", readonly=True)
    ready_count = fields.Integer(compute="_compute_counts")
    missing_count = fields.Integer(compute="_compute_counts")

    @api.model
    def default_get(self, fields):
        """Prepare the dry run of the statements chosen in the list."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "rd.statement":
            statements = self.env["rd.statement"].browse(
                self.env.context.get("active_ids", [])
            )
            # Whoever may not send them need not know whom they would go to.
            statements.check_access("write")
            values["line_ids"] = [
                Command.create(
                    {
                        "statement_id": statement.id,
                        "contact_id": contact.id,
                        "lang": lang,
                        "missing": why_not or False,
                    }
                )
                for statement in statements.exists()
                for contact, lang, why_not in statement._prepare_sending()
            ]
        return values

    @api.depends("line_ids.missing")
    def _compute_counts(self):
        for wizard in self:
            missing = wizard.line_ids.filtered("missing")
            wizard.missing_count = len(missing)
            wizard.ready_count = len(wizard.line_ids - missing)

    def action_send(self):
        """Send what nothing is missing for; the rest stays as it is."""
        self.ensure_one()
        ready = self.line_ids.filtered(lambda line: not line.missing)
        return ready.statement_id.action_send_mail()
