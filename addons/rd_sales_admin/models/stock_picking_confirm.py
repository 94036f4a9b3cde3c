# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

PORTAL_FIELDS = (
    "rd_portal_user_id",
    "rd_portal_date",
    "rd_portal_ip",
    "rd_portal_hash",
)


class StockPicking(models.Model):
    """An affiliate confirms a delivery as it arrives; a confirmation never changes."""

    _name = "stock.picking"
    _inherit = ["stock.picking"]

    rd_portal_user_id = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, copy=False
    )
    rd_portal_date = fields.Datetime(string="Confirmed on", readonly=True, copy=False)
    rd_portal_ip = fields.Char(
        string="Confirmed from", readonly=True, copy=False, help="Network address."
    )
    rd_portal_hash = fields.Char(
        string="Confirmed content",
        readonly=True,
        copy=False,
        help="SHA-256 of what was confirmed.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | set(PORTAL_FIELDS)

    def _rd_confirm_by_portal(self, user, quantities=None, ip=None):
        """Record that ``user`` of the customer confirmed this delivery's arrival.

        The same confirmation given again changes nothing. A delivery that nobody
        has signed for yet is signed by it: what is less than was delivered is short.

        :param user: portal user; his company must be the one invoiced
        :param quantities: ``{move id: quantity that arrived}`` in the unit of the
            move; None confirms every line in full
        :param str ip: network address the confirmation came from
        :return: True when it was recorded, False when it was there already
        :raise AccessError: for anybody but a portal user of the invoiced customer
        :raise UserError: when it differs from the confirmation given before, or
            the quantities were agreed already, or do not fit what was delivered
        """
        self.ensure_one()
        picking = self.sudo()
        picking._rd_check_portal_user(user)
        moves = picking._rd_get_confirmable()
        wanted = picking._rd_check_confirmed(moves, quantities)
        digest = picking._rd_get_confirmed_hash(moves, wanted)
        if picking.rd_portal_date:
            picking._rd_check_repeated(digest)
            return False
        picking._rd_check_signable()
        picking._rd_write_confirmation(user, wanted, digest, ip)
        return True

    def _rd_check_portal_user(self, user):
        """Refuse anybody but a portal user of the customer who is invoiced."""
        partners = self._rd_get_confirmable().sale_line_id.order_id.partner_invoice_id
        customers = partners.commercial_partner_id
        if (
            len(user) != 1
            or not user._is_portal()
            or customers != user.partner_id.commercial_partner_id
        ):
            raise AccessError(self.env._("This delivery is not yours to confirm."))

    def _rd_get_confirmable(self):
        """Return the done moves of orders, which a customer can confirm."""
        return self.move_ids.filtered(
            lambda move: (
                move.state == "done" and move.sale_line_id and move.quantity > 0
            )
        )

    def _rd_check_confirmed(self, moves, quantities):
        """Return ``{move: quantity}`` after a look at what came from outside."""
        if quantities is None:
            return {move: move.quantity for move in moves}
        known = {move.id: move for move in moves}
        if not isinstance(quantities, dict) or set(quantities) != set(known):
            raise UserError(
                self.env._(
                    "Give a quantity for each line of %(note)s.",
                    note=self._rd_get_note(),
                )
            )
        wanted = {known[key]: value for key, value in quantities.items()}
        for move, value in wanted.items():
            self._rd_check_confirmed_quantity(move, value)
        return {move: move.product_uom.round(value) for move, value in wanted.items()}

    def _rd_check_confirmed_quantity(self, move, value):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number and value >= 0 and move.product_uom.compare(value, move.quantity) < 1:
            return
        raise UserError(
            self.env._(
                "%(quantity)s of %(part)s were delivered with %(note)s; what arrived "
                "lies between 0 and that.",
                quantity=f"{move.quantity:g}",
                part=move.product_id.display_name,
                note=self._rd_get_note(),
            )
        )

    def _rd_get_confirmed_hash(self, moves, wanted):
        """Return the SHA-256 of note, parts, units and both quantities."""
        content = {
            "delivery": self.name,
            "note": self._rd_get_note(),
            "lines": [
                [
                    move.id,
                    move.product_id.default_code or move.product_id.name,
                    move.product_uom.name,
                    f"{move.quantity:.6f}",
                    f"{wanted[move]:.6f}",
                ]
                for move in moves.sorted("id")
            ],
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _rd_check_repeated(self, digest):
        if digest != self.rd_portal_hash:
            raise UserError(
                self.env._(
                    "%(note)s was confirmed by %(who)s on %(day)s and stays as it was "
                    "given; please write to us about the difference.",
                    note=self._rd_get_note(),
                    who=self.rd_portal_user_id.name,
                    day=self.company_id._rd_local_date(self.rd_portal_date),
                )
            )

    def _rd_check_withdrawable(self):
        for picking in self.filtered("rd_portal_date"):
            raise UserError(
                self.env._(
                    "%(note)s was confirmed by %(who)s on the portal; the receipt "
                    "cannot be taken back, only corrected.",
                    note=picking._rd_get_note(),
                    who=picking.sudo().rd_portal_user_id.name,
                )
            )
        return super()._rd_check_withdrawable()

    def _rd_write_confirmation(self, user, wanted, digest, ip):
        now = fields.Datetime.now()
        if not self.rd_signed_date:
            short = {
                move.id: {"short": move.quantity - value}
                for move, value in wanted.items()
            }
            self._rd_sign(user.name, now, self.env["ir.attachment"], short)
        for move, value in wanted.items():
            move._as_internal().write({"rd_confirmed_qty": value})
        self._as_internal().write(
            {
                "rd_portal_user_id": user.id,
                "rd_portal_date": now,
                "rd_portal_ip": (ip or "")[:64] or False,
                "rd_portal_hash": digest,
            }
        )
        self._rd_receipt_changed()
