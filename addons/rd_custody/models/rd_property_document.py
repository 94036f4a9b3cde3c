# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdProperty(models.Model):
    """A card knows which of its papers are filed, and which are missing."""

    _name = "rd.property"
    _inherit = ["rd.property", "rd.papers.mixin"]
