# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models


class RdReceiptSign(models.TransientModel):
    """The form of a signed receipt: who, when, the scan, and what was not accepted."""

    _name = "rd.receipt.sign"
    _description = "Signed Receipt"

    picking_id = fields.Many2one("stock.picking", required=True)
    signed_by = fields.Char(required=True)
    signed_date = fields.Datetime(
        string="Signed on", required=True, default=fields.Datetime.now
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Scan or photo")
    line_ids = fields.One2many("rd.receipt.sign.line", "wizard_id")

    @api.model
    def default_get(self, fields):
        """Start from the receipt as it is, or with everything accepted."""
        values = super().default_get(fields)
        picking = self.env["stock.picking"].browse(values.get("picking_id"))
        picking._rd_check_signer()
        if not picking:
            return values
        # A name that nobody gave has to be said by somebody.
        named = not picking.rd_signer_assumed and picking.rd_signed_by
        guess = False if picking.rd_signed_date else picking._rd_guess_signer()
        values["signed_by"] = named or guess
        if picking.rd_signed_date:
            values["signed_date"] = picking.rd_signed_date
        values["line_ids"] = [
            Command.create(
                {
                    "move_id": move.id,
                    "short": move.rd_short_qty,
                    "rejected": move.rd_rejected_qty,
                    "conceded": move.rd_conceded_qty,
                }
            )
            for move in picking.move_ids
            if move.state == "done" and move.quantity
        ]
        return values

    def action_sign(self):
        """Record the receipt as the form says."""
        self.ensure_one()
        picking = self.picking_id
        picking._rd_check_signer()
        picking._rd_check_signable()
        papers = picking._rd_adopt_papers(self.attachment_ids)
        quantities = {
            line.move_id.id: {
                "short": line.short,
                "rejected": line.rejected,
                "conceded": line.conceded,
            }
            for line in self.line_ids
        }
        picking._rd_sign(self.signed_by, self.signed_date, papers, quantities)
        return {"type": "ir.actions.act_window_close"}
