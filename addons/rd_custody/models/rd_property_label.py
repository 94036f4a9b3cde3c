# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

import qrcode
from qrcode.image.svg import SvgPathImage

from odoo import api, models
from odoo.exceptions import UserError

SCHEME = "rd-property:"


class RdProperty(models.Model):
    """The label on the thing itself, and the way back from it to the card."""

    _name = "rd.property"
    _inherit = ["rd.property"]

    def _get_label_code(self):
        """Return what the label's QR code says."""
        self.ensure_one()
        return f"{SCHEME}{self.company_id.id}:{self.name}"

    def _get_label_image(self):
        """Return the QR code of the label as a data URI, drawn as lines."""
        code = qrcode.make(self._get_label_code(), image_factory=SvgPathImage, border=1)
        image = base64.b64encode(code.to_string())
        return f"data:image/svg+xml;base64,{image.decode()}"

    @api.model
    def _find_scanned(self, code):
        """Return the card of a label, or of a number typed by hand.

        :raise UserError: when there is none
        """
        text = str(code or "").strip()
        domain = [("company_id", "in", self.env.companies.ids)]
        if text.startswith(SCHEME):
            company, _colon, text = text[len(SCHEME) :].partition(":")
            if company.isdigit():
                domain = [("company_id", "=", int(company))]
        for name in ("name", "serial", "mark"):
            card = self.search(
                [*domain, (name, "=ilike", self._as_typed(text))], limit=2
            )
            if text and len(card) == 1:
                return card
        raise UserError(
            self.env._("No card is found for “%s”.", text or self.env._("nothing"))
        )

    @api.model
    def _as_typed(self, text):
        """Return the text with the signs of a pattern taken as they are."""
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

    @api.model
    def action_open_scanned(self, code):
        """Open the card of a label that was scanned or of a number that was typed.

        :raise UserError: when there is none
        """
        card = self._find_scanned(code)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": card.id,
            "views": [(False, "form")],
            "name": card.display_name,
        }
