# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import models


class MailAlias(models.Model):
    """The answer to a refused list says why, and nothing else."""

    _name = "mail.alias"
    _inherit = ["mail.alias"]

    def _get_alias_bounced_body_fallback(self, message_dict):
        refusal = message_dict.get("rd_refusal")
        if refusal:
            return Markup("<p>%s</p>") % refusal
        return super()._get_alias_bounced_body_fallback(message_dict)
