# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import api, fields, models

OVER = ("completed", "archived", "lapsed", "cancelled")


class RdContract(models.Model):
    """The papers of a contract: filed as it is signed, kept from its end on."""

    _name = "rd.contract"
    _inherit = ["rd.contract", "rd.papers.mixin"]

    ended_on = fields.Date(
        string="Ended on",
        readonly=True,
        copy=False,
        help="Completed, lapsed, cancelled or replaced; how long its papers are kept "
        "counts from here.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"ended_on"}

    def _prepare_transition_values(self, target):
        values = super()._prepare_transition_values(target)
        if target in OVER and not self.ended_on:
            values["ended_on"] = self.company_id._rd_today()
        return values

    def _after_transition(self, target):
        res = super()._after_transition(target)
        if target == "signed":
            for contract in self:
                contract._file_signed()
        elif target in OVER:
            self._end_papers()
        return res

    def _file_signed(self):
        """File text and stamped scan of a signed contract as its papers."""
        self.ensure_one()
        papers = [
            (self[f"{name}_name"] or f"{self.name}-{name}.pdf", raw)
            for name in ("document", "scan")
            if (raw := base64.b64decode(self.with_context(bin_size=False)[name] or b""))
        ]
        if papers:
            # Whoever signs does not keep the register.
            self.env["rd.document"].sudo()._file(
                "contract",
                self.env["rd.document"]._get_own_title(self, "contract"),
                papers,
                self,
                user_id=self.user_id.id or self.env.uid,
                date=self.date_signed,
            )

    def _end_papers(self):
        """Let the time of keeping of the filed papers begin."""
        papers = (
            self.env["rd.document"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("ended_date", "=", False),
                    ("state", "!=", "destroyed"),
                ]
            )
        )
        ends = {contract.id: contract.ended_on for contract in self}
        for paper in papers:
            paper.ended_date = max(ends[paper.res_id], paper.date)
