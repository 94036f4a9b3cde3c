# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import Command, api, fields, models


class RdReportHandIn(models.TransientModel):
    """Choose the files, hand in."""

    _name = "rd.report.hand.in"
    _description = "Hand in a Report"

    due_id = fields.Many2one(
        "rd.report.due", string="Report", required=True, readonly=True
    )
    recipient = fields.Char(related="due_id.recipient")
    way = fields.Selection(related="due_id.way")
    date_due = fields.Date(related="due_id.date_due")
    version_count = fields.Integer(related="due_id.version_count")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "rd_report_hand_in_file_rel",
        "hand_in_id",
        "attachment_id",
        string="Files",
    )
    reason = fields.Char(string="What is corrected")

    @api.model
    def _open(self, due, paper=None):
        """Return the action that opens the form, with ``(name, bytes)`` attached."""
        values = {"due_id": due.id}
        if paper:
            name, raw = paper
            made = self.env["ir.attachment"].create(
                {"name": name, "raw": raw, "res_model": self._name}
            )
            values["attachment_ids"] = [Command.set(made.ids)]
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "rd_sales_admin.rd_report_hand_in_action"
            ),
            "res_id": self.create(values).id,
        }

    def action_hand_in(self):
        """Hand the files in."""
        self.ensure_one()
        papers = self.attachment_ids
        files = [
            {"name": paper.name, "data": base64.b64encode(paper.raw).decode()}
            for paper in papers
        ]
        self.due_id.action_hand_in(files, self.reason)
        # They are kept with the version now.
        papers.filtered(lambda one: one.res_model == self._name).unlink()
        return {"type": "ir.actions.act_window_close"}
