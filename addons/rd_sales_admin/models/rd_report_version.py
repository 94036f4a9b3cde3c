# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class RdReportVersion(models.Model):
    """What was handed in, when and by whom; it never changes."""

    _name = "rd.report.version"
    _description = "Handed-in Report"
    _inherit = ["rd.guarded.mixin"]
    _order = "due_id, number desc"
    _rec_name = "number"

    due_id = fields.Many2one(
        "rd.report.due", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="due_id.company_id", store=True, index=True)
    number = fields.Integer(string="Version", required=True, aggregator=None)
    date = fields.Datetime(string="Handed in on", required=True)
    user_id = fields.Many2one("res.users", string="Handed in by", required=True)
    reason = fields.Char(string="What is corrected")
    sent_to = fields.Char()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "rd_report_version_file_rel",
        "version_id",
        "attachment_id",
        string="Files",
        bypass_search_access=True,
    )
    content_hash = fields.Char(
        string="Hash", help="SHA-256 over name and content of the files, in order."
    )

    _once = models.UniqueIndex(
        "(due_id, number)", "This version of the report is already there."
    )

    @api.depends("due_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.due_id.name or ''} V{version.number}"

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("%s was handed in and is kept.", self[0].sudo().display_name)
        )

    @api.model
    def _keep(self, due, papers, reason):
        """Make the next version of a report from ``[(name, bytes)]``."""
        # Whoever hands in writes no version himself, and need not be one who attaches.
        version = (
            self.sudo()
            ._as_internal()
            .create(
                {
                    "due_id": due.id,
                    "number": len(due.version_ids) + 1,
                    "date": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "reason": reason or False,
                    "content_hash": self._get_hash(papers),
                }
            )
        )
        made = version.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": raw,
                    "res_model": self._name,
                    "res_id": version.id,
                }
                for name, raw in papers
            ]
        )
        version.write({"attachment_ids": [Command.set(made.ids)]})
        return version

    @api.model
    def _get_hash(self, papers):
        total = hashlib.sha256()
        for name, raw in papers:
            total.update(hashlib.sha256(name.encode()).digest())
            total.update(hashlib.sha256(raw).digest())
        return total.hexdigest()

    def _send(self):
        """Mail the files to the contact of a report that goes by e-mail."""
        self.ensure_one()
        due = self.due_id
        partner = due.calendar_id.partner_id
        if due.way != "mail" or not partner.email:
            return
        due = due.with_context(lang=partner.lang or self.env.lang)
        body = due.env._("Attached: %(report)s.", report=due.name)
        if self.reason:
            body = due.env._(
                "Attached: %(report)s, corrected: %(reason)s",
                report=due.name,
                reason=self.reason,
            )
        due.message_post(
            body=body,
            subject=due.name,
            partner_ids=partner.ids,
            attachment_ids=self.attachment_ids.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self._as_internal().write({"sent_to": partner.email})
