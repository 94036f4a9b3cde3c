# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models

from .rd_fapiao_red import OPEN

# What is asked for and known of the confirmation, while a part is not issued.
ASKED = (
    *("red_state", "red_reason", "red_move_id"),
    *("red_confirmation", "red_started", "red_deadline"),
)


class RdFapiao(models.Model):
    """Taking a part of a tax invoice back.

    What it stands for is not lessened: a tax invoice of its own, below zero, stands
    for the credit note. Until it is issued it has the confirmation and the 72 hours
    that the whole would have; one that comes with its number is made already.
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

    must_confirm = fields.Boolean(
        string="Confirmation comes first",
        compute="_compute_must_confirm",
        help="The customer has booked what is taken back: the red letter needs their "
        "confirmation.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"red_of_ids", "red_part_ids"}

    @api.depends("red_of_ids.state", "red_state", "state")
    def _compute_must_confirm(self):
        for item in self:
            open_one = item.red_state in ("pending", "lapsed")
            item.must_confirm = open_one and item._is_booked()

    @api.depends("red_of_ids.number")
    def _compute_display_name(self):
        """Name a part that has no number yet by what it takes back."""
        res = super()._compute_display_name()
        for item in self:
            if item.red_of_ids and not item.number:
                item.display_name = self.env._(
                    "Red letter of a part of %(numbers)s", numbers=item._get_red_name()
                )
        return res

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

    def _is_booked(self):
        booked = any(whole.state == "booked" for whole in self.sudo().red_of_ids)
        return booked or super()._is_booked()

    def _get_day_taken_back(self):
        days = self.sudo().red_of_ids.filtered("date").mapped("date")
        return max(days) if days else super()._get_day_taken_back()

    def _get_red_name(self):
        wholes = self.sudo().red_of_ids.filtered("number")
        return ", ".join(wholes.mapped("number")) or super()._get_red_name()

    def _check_issuable(self):
        """Refuse a part typed in whose confirmation is not open, or was not that day.

        The tax system makes none without it: what its list says is taken.
        """
        res = super()._check_issuable()
        if self.red_of_ids and self.red_state in OPEN and not self.source_line_id:
            self._check_confirmed(self.date)
        return res

    def _after_transition(self, target):
        """A part that is issued is a red letter made; one that is dropped was asked
        for by nobody, and is no fault of the whole."""
        parts = self.filtered("red_of_ids")
        if target == "issued":
            for part in parts.filtered(lambda one: one.red_state in OPEN):
                made = {"red_number": part.number, "red_date": part.date}
                part._as_internal().write({"red_state": "done", **made})
                part.activity_unlink(["mail.mail_activity_data_todo"])
        elif target == "cancelled":
            parts._as_internal().write(dict.fromkeys(ASKED, False))
            parts.sudo().red_of_ids._forget_fault()
        return super()._after_transition(target)

    def _withdraw_red(self, reason):
        """Drop a part that is withdrawn; what it would take back stands."""
        res = super()._withdraw_red(reason)
        self.filtered(lambda one: one.red_of_ids and one.state == "requested")._move_to(
            "cancelled"
        )
        return res

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
            **self._prepare_asked(credit.display_name, credit),
        }
