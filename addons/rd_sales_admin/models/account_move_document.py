# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class AccountMove(models.Model):
    """What papers are needed and filed."""

    _name = "account.move"
    _inherit = ["account.move", "rd.papers.mixin"]
