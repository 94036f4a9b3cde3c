# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models

CONDITIONS = [
    ("unchecked", "Not verified"),
    ("good", "Good"),
    ("worn", "Worn"),
    ("damaged", "Damaged"),
    ("unsuitable", "Unsuitable"),
]


class RdPropertyEventMixin(models.AbstractModel):
    """What is said of an event, in the short form as in the event itself."""

    _name = "rd.property.event.mixin"
    _description = "What Is Said of a Customer Property Event"

    property_id = fields.Many2one("rd.property", required=True)
    uom_id = fields.Many2one(
        related="property_id.uom_id", related_sudo=False, string="Unit"
    )
    held_quantity = fields.Float(
        related="property_id.quantity", related_sudo=False, string="Held at present"
    )
    kind = fields.Selection(
        selection=[
            ("receive", "Received"),
            ("verify", "Verified"),
            ("mark", "Marked"),
            ("move", "Moved or brought back"),
            ("issue", "Issued in the house"),
            ("use", "Used up"),
            ("lend", "Lent"),
            ("to_subsupplier", "Handed to a sub-supplier"),
            ("maintain", "Maintained"),
            ("count", "Counted"),
            ("damage", "Damaged"),
            ("lose", "Lost"),
            ("return", "Returned to owner"),
            ("dispose", "Disposed of"),
        ],
        string="What happened",
        required=True,
        default="receive",
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._rd_today(),
        help="The day on which it happened; it may lie in the past.",
    )
    quantity = fields.Float(digits="Product Unit")
    holder_id = fields.Many2one(
        "res.partner",
        string="To whom",
        help="Who has it from now on; empty means our own house.",
    )
    place = fields.Char(help="Where it is from now on: building, room, shelf.")
    condition = fields.Selection(
        selection=CONDITIONS,
        help="As it was found; empty leaves the condition as it was.",
    )
    document = fields.Char(
        string="Paper",
        help="Number of the paper that goes with it: note, list, letter.",
    )
    photo = fields.Image(
        max_width=1920,
        max_height=1920,
        help="As it was seen; a marking is shown by the photo of the mark.",
    )
    note = fields.Text(string="Remarks", help="What happened, why, who was there.")
