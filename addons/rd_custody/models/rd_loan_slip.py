# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

import qrcode
from qrcode.image.svg import SvgPathImage

from odoo import api, models
from odoo.exceptions import UserError

SCHEME = "rd-loan:"


class RdLoan(models.Model):
    """The slip that goes with what is borrowed, and the way back from it."""

    _name = "rd.loan"
    _inherit = ["rd.loan"]

    def _get_slip_code(self):
        """Return what the slip's QR code says."""
        self.ensure_one()
        return f"{SCHEME}{self.company_id.id}:{self.name}"

    def _get_slip_image(self):
        """Return the QR code of the slip as a data URI, drawn as lines."""
        code = qrcode.make(self._get_slip_code(), image_factory=SvgPathImage, border=1)
        image = base64.b64encode(code.to_string())
        return f"data:image/svg+xml;base64,{image.decode()}"

    @api.model
    def _find_slip(self, text):
        """Return the loan that a slip names.

        :raise UserError: when there is none
        """
        company, _colon, number = text[len(SCHEME) :].partition(":")
        loan = self.search(
            [
                ("company_id", "=", int(company) if company.isdecimal() else 0),
                ("name", "=", number),
            ]
        )
        if not loan:
            raise UserError(self.env._("No loan is found for “%s”.", number))
        return loan


class RdProperty(models.Model):
    _name = "rd.property"
    _inherit = ["rd.property"]

    @api.model
    def action_open_scanned(self, code):
        """Open the loan of a slip, as the card of a label.

        :raise UserError: when there is none
        """
        text = str(code or "").strip()
        if not text.startswith(SCHEME):
            return super().action_open_scanned(code)
        loan = self.env["rd.loan"]._find_slip(text)
        return {
            "type": "ir.actions.act_window",
            "res_model": "rd.loan",
            "res_id": loan.id,
            "views": [(False, "form")],
            "name": loan.display_name,
        }
