# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class AccountMove(models.Model):
    """When a statement's invoice was posted: a draft of the desk may wait for finance,
    and its date says only what it is dated."""

    _name = "account.move"
    _inherit = ["account.move"]

    rd_posted_date = fields.Datetime(
        string="Posted at", readonly=True, copy=False, index="btree_not_null"
    )

    def _post(self, soft=True):
        """Keep the moment, and let the statements know."""
        posted = super()._post(soft=soft)
        posted._rd_note_posted(fields.Datetime.now())
        posted.rd_statement_id._log_act("posted")
        return posted

    def button_draft(self):
        """A draft is not posted, whatever it was before."""
        res = super().button_draft()
        self.filtered("rd_posted_date")._rd_note_posted(False)
        return res

    def _rd_note_posted(self, moment):
        moves = self.filtered("rd_statement_id")
        if not moves:
            return
        # What the journal items say has not changed by it.
        kept = moves._rd_internal().with_context(skip_invoice_sync=True)
        kept.write({"rd_posted_date": moment})
        moves.rd_statement_id._follow_posting()

    @api.model
    def _rd_get_kept(self):
        return {**super()._rd_get_kept(), "rd_posted_date": self._rd_posted_refusal}

    def _rd_posted_refusal(self):
        return self.env._(
            "When an invoice was posted is noted by posting it, not by hand."
        )
