# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models


class RdFapiao(models.Model):
    """Taking a part of a tax invoice back.

    What it stands for is not lessened: a tax invoice of its own, below zero, stands
    for the credit note.
    """

    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    red_of_ids = fields.Many2many(
        "rd.fapiao",
        "rd_fapiao_part_rel",
        "part_id",
        "fapiao_id",
        string="Takes back a part of",
        readonly=True,
        copy=False,
    )
    red_part_ids = fields.Many2many(
        "rd.fapiao",
        "rd_fapiao_part_rel",
        "fapiao_id",
        "part_id",
        string="Taken back in part by",
        readonly=True,
        copy=False,
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"red_of_ids", "red_part_ids"}

    def _open_part(self, credit):
        """Open the red letter of a part of these tax invoices: amounts known, number
        not yet; a list of the tax system finds it.

        :param credit: the credit note that takes the part back
        """
        if not self:
            return
        part = self.sudo()._as_internal().create(self._prepare_part(credit))
        self.sudo()._note_fault()
        part.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.env.uid,
            summary=self.env._(
                "Red-letter a part of %(numbers)s: %(credit)s",
                numbers=", ".join(self.mapped("number")),
                credit=credit.display_name,
            ),
        )

    def _is_taken_back_in_part(self):
        """Tell whether a red letter of a part of it is asked for or made."""
        self.ensure_one()
        parts = self.sudo().red_part_ids
        return any(part.state != "cancelled" for part in parts)

    def _after_transition(self, target):
        """A part that was never red-lettered is no fault of the whole."""
        if target == "cancelled":
            self.sudo().red_of_ids._forget_fault()
        return super()._after_transition(target)

    def _prepare_part(self, credit):
        first = self[0]
        return {
            "company_id": credit.company_id.id,
            "partner_id": first.partner_id.id,
            "currency_id": credit.currency_id.id,
            "move_ids": [Command.set(credit.ids)],
            "red_of_ids": [Command.set(self.ids)],
            "kind": first.kind,
            "amount_untaxed": -credit.amount_untaxed,
            "amount_tax": -credit.amount_tax,
            "delivery_way": first.delivery_way,
            "user_id": first.user_id.id,
        }
