# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.rd_handover_acceptance import RECORDED
from ..models.rd_handover_template import HANDOVER_CLASSES


class RdHandoverAccept(models.TransientModel):
    """The form in which the desk notes an acceptance, with its evidence."""

    _name = "rd.handover.accept"
    _description = "Note an Acceptance"

    handover_id = fields.Many2one("rd.handover", required=True)
    partner_id = fields.Many2one(related="handover_id.partner_id")
    handover_class = fields.Selection(
        HANDOVER_CLASSES, string="Class", help="Empty: everything that is still open."
    )
    channel = fields.Selection(
        selection=lambda self: [
            item
            for item in self.env["rd.handover"]
            ._fields["confirmation_channel"]
            ._description_selection(self.env)
            if item[0] in RECORDED
        ],
        string="How",
        required=True,
        default="scan",
    )
    who = fields.Char(string="Who accepted", required=True)
    contact_id = fields.Many2one(
        "res.partner",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    note = fields.Char(string="Evidence", help="What was said, number called, …")
    attachment_ids = fields.Many2many("ir.attachment", string="Stamped paper")

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        self.who = self.contact_id.name or self.who

    def action_accept(self):
        """Note the acceptance as the form says."""
        self.ensure_one()
        handover = self.handover_id
        handover._check_desk()
        handover._record_acceptance(
            self.channel,
            self.who,
            self.contact_id,
            [self.handover_class] if self.handover_class else None,
            note=self.note,
            date=self.date,
            attachments=self._adopt_papers(handover),
        )
        return {"type": "ir.actions.act_window_close"}

    def _adopt_papers(self, handover):
        papers = self.attachment_ids
        for paper in papers:
            own = paper.create_uid == self.env.user and not paper.res_field
            if not own or paper.res_model not in (False, self._name):
                raise UserError(
                    self.env._("“%s” is not a file you have uploaded.", paper.name)
                )
            self.env["rd.handover.line"]._check_photo(paper.name, paper.raw or b"")
        papers.sudo().write({"res_model": handover._name, "res_id": handover.id})
        return papers
