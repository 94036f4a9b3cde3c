# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, models
from odoo.exceptions import UserError

from .rd_fapiao_import_line import _amount_key
from .rd_fapiao_red_part import ASKED


class RdFapiaoImportLine(models.Model):
    """Several tax invoices for one request: the tax authority's limit divided it."""

    _name = "rd.fapiao.import.line"
    _inherit = ["rd.fapiao.import.line"]

    def action_take_part(self, fapiao_id=None):
        """Take rows without a request of their own as parts of an open one; what is
        left of it stays open.

        :raise UserError: when a row has its answer already or cannot be taken, or the
            request is not of its buyer or not that large
        """
        self.check_access("write")
        self.env["rd.fapiao"]._check_role("finance")
        for line in self:
            line._check_free()
        whole = self._get_wholes().filtered(lambda item: item.id == fapiao_id)
        if not whole:
            raise UserError(
                self.env._(
                    "Row %(row)s: choose an open request of its buyer that comes to at "
                    "least as much.",
                    row=self[:1].row,
                )
            )
        for line in self.sorted("row"):
            line._take_part(whole)
        return True

    def _check_free(self):
        """Refuse a row that has its answer, or cannot be taken at all."""
        self.ensure_one()
        if self.verdict != "no_request":
            reason = self.env._("it is not one without a request.")
        else:
            reason = self._why_not_taken()
        if reason:
            raise UserError(
                self.env._(
                    "Row %(row)s cannot be a part of a request: %(reason)s",
                    row=self.row,
                    reason=reason,
                )
            )

    def _get_wholes(self):
        """Return the open tax invoices of which these rows can be parts: of their
        buyer, and at least as much as the rows together."""
        if not self:
            return self.env["rd.fapiao"]
        waiting = self.env["rd.fapiao"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "requested"),
                ("number", "=", False),
                ("request_id", "!=", False),
                # The tax system knows no other currency; nobody guesses the cents.
                ("currency_id", "in", self.currency_id.ids),
            ]
        )
        return waiting.filtered(
            lambda item: (
                all(line._is_for(item) for line in self) and self._fit_into(item)
            )
        )

    def _fit_into(self, fapiao):
        """Tell whether the rows come to the open tax invoice, or to less of it."""
        whole = _amount_key(fapiao)
        keys = [_amount_key(line) for line in self]
        together = tuple(sum(amounts) for amounts in zip(*keys, strict=True))
        side = -1 if whole[0] < 0 else 1
        untaxed, tax = (side * (a - b) for a, b in zip(whole, together, strict=True))
        one_side = all(side * amount >= 0 for key in keys for amount in key)
        less = untaxed > 0 and (tax > 0 or not whole[1])
        return one_side and (whole == together or less)

    def _take_part(self, whole):
        """Issue the row's share of an open tax invoice, or the rest of it."""
        self.ensure_one()
        rest = _amount_key(whole) == _amount_key(self)
        part = whole if rest else whole._split_off(self.amount_untaxed, self.amount_tax)
        self._take(part)


class RdFapiao(models.Model):
    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    def _split_off(self, untaxed, tax):
        """Return a tax invoice over a part of this open one, which keeps the rest."""
        self.ensure_one()
        internal = self.sudo()._as_internal()
        # What its red letter waits for it goes on waiting for.
        asked = internal._convert_to_write({name: internal[name] for name in ASKED})
        part = internal.copy(
            {
                **asked,
                "move_ids": [Command.set(internal.move_ids.ids)],
                "red_of_ids": [Command.set(internal.red_of_ids.ids)],
                "delivery_way": self.delivery_way,
                "amount_untaxed": untaxed,
                "amount_tax": tax,
            }
        )
        currency = self.currency_id
        internal.write(
            {
                "amount_untaxed": currency.round(self.amount_untaxed - untaxed),
                "amount_tax": currency.round(self.amount_tax - tax),
            }
        )
        return part.with_env(self.env)
