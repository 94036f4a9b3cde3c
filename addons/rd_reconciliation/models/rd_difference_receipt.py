# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models


class RdDifference(models.Model):
    """What the customer did not accept by the signed note, as a difference.

    It ends like every short quantity: it comes back, is settled as lost, is accepted
    by concession after all, or goes to the next month with its age.
    """

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    conceded_rejected_qty = fields.Float(
        string="Conceded of what was rejected",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="In the unit of the delivery; the rest of the concession was short.",
    )

    @api.model
    def _open_for_not_accepted(self, lines):
        """Open a difference for each line that lists what was not accepted."""
        waiting = lines.filtered(lambda line: line.zero_reason == "not_accepted")
        if not waiting:
            return self.browse()
        rule = self.env["rd.difference.rule"]._get_by_code(waiting.company_id)
        opened = self._as_internal().create(
            [
                line._prepare_receipt_difference(rule["quantity_short"])
                for line in waiting
            ]
        )
        opened._schedule_for_owners()
        return opened

    def _is_of_receipt(self):
        """Tell whether the signed note of a delivery stands behind the difference."""
        self.ensure_one()
        return bool(self.statement_line_id and self.code == "quantity_short")

    def _describe_receipt(self):
        """Return who did not accept how much, and why, by the signed note."""
        line = self.statement_line_id
        move = line.move_id
        return self.env._(
            "%(who)s signed %(note)s on %(day)s: %(short)s short, %(rejected)s "
            "rejected.",
            who=move.picking_id.rd_signer,
            note=line.note,
            day=line.date,
            short=f"{move.rd_short_qty:g}",
            rejected=f"{move.rd_rejected_qty:g}",
        )

    def _describe_signatures(self, pickings):
        """Return who signed for each of the deliveries, and when."""
        return [
            self.env._(
                "%(note)s: signed by %(who)s on %(day)s",
                note=picking._rd_get_note(),
                who=picking.rd_signer,
                day=picking.company_id._rd_local_date(picking.rd_signed_date),
            )
            for picking in pickings.filtered("rd_signed_date")
        ]

    def _describe_missing_receipt(self, pickings):
        """Return what the slot of the signed note lacks: signature or scan."""
        signed = self._describe_signatures(pickings)
        if signed:
            return self.env._("The scan is missing. %s", "; ".join(signed))
        return self.env._(
            "No signed note is attached to %(notes)s.",
            notes=", ".join(sorted({line.note or "" for line in self.line_ids})),
        )

    def _concede(self):
        """Take it as accepted by concession; the line is to be invoiced."""
        line = self.statement_line_id
        rejected = line.move_id._rd_concede(
            line.qty_to - line.qty_from, line.sale_line_id
        )
        self._as_internal().write({"conceded_rejected_qty": rejected})
        line._as_internal().write({"zero_reason": False})

    def _put_back(self):
        line = self.statement_line_id
        if self._is_of_receipt() and not line.zero_reason:
            picking = line.move_id.picking_id
            picking._rd_check_returns_open()
            line.move_id._rd_concede(
                line.qty_from - line.qty_to,
                line.sale_line_id,
                -self.conceded_rejected_qty,
            )
            picking._rd_fit_returns()
        return super()._put_back()
