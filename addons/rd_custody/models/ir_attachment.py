# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """Papers of an incident stay once its owner was told; photos of events stay."""

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def _rd_check_kept(self):
        res = super()._rd_check_kept()
        self._check_rd_incident()
        self._check_rd_event()
        self._check_rd_finished()
        self._check_rd_letter()
        return res

    def _check_rd_letter(self):
        """Refuse where one of the files is a letter as its owner got it."""
        files = self.filtered(
            lambda paper: paper.res_model == "rd.property.confirmation"
        )
        letters = self.env["rd.property.confirmation"].sudo()
        letters = letters.browse(files.mapped("res_id")).exists()
        sent = letters.filtered(lambda letter: letter.state != "draft")
        if sent:
            raise UserError(sent[0]._frozen_refusal())

    def _check_rd_event(self):
        """Refuse where one of the files is the photo of an event."""
        photos = self.filtered(lambda paper: paper.res_model == "rd.property.event")
        if photos:
            events = self.env["rd.property.event"].sudo()
            events = events.browse(photos.mapped("res_id")).exists()
            if events:
                raise UserError(events[:1]._append_only())

    def _check_rd_finished(self):
        """Refuse where one of the files is the photo of a finished check."""
        photos = self.filtered(lambda paper: paper.res_model == "rd.property.check")
        checks = self.env["rd.property.check"].sudo()
        checks = checks.browse(photos.mapped("res_id")).exists()
        finished = checks.filtered("verified_event_id")
        if finished:
            raise UserError(
                self.env._(
                    "The photo of “%(point)s” is evidence and is kept as it is.",
                    point=finished[0].name,
                )
            )

    def _check_rd_incident(self):
        """Refuse where one of the files is evidence of an incident that was told."""
        papers = self.filtered(lambda paper: paper.res_model == "rd.property.incident")
        if not papers:
            return
        # Whoever may not see the incident must not remove its evidence either.
        incidents = self.env["rd.property.incident"].sudo()
        told = incidents.search(
            [
                ("state", "not in", ("draft", "cancelled")),
                "|",
                ("photo_ids", "in", papers.ids),
                ("closing_document_id", "in", papers.ids),
            ],
            limit=1,
        )
        if told:
            raise UserError(
                self.env._(
                    "The papers of %(incident)s are evidence and are kept as they are.",
                    incident=told.name,
                )
            )
