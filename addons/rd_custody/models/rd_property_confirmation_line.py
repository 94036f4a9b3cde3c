# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_property_event_mixin import CONDITIONS
from .typed_pieces import typed_pieces

DIFFERENCES = [
    ("quantity", "The quantity is another"),
    ("condition", "The condition is another"),
    ("other", "Something else is wrong"),
]


class RdPropertyConfirmationLine(models.Model):
    """One card of a letter: what we state of it, and what its owner says."""

    _name = "rd.property.confirmation.line"
    _description = "Line of a Confirmation Letter"
    _inherit = ["rd.guarded.mixin"]
    _order = "confirmation_id, change desc, number, id"
    _rec_name = "number"

    confirmation_id = fields.Many2one(
        "rd.property.confirmation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="confirmation_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="confirmation_id.partner_id", store=True, index=True
    )
    letter_state = fields.Selection(related="confirmation_id.state")
    property_id = fields.Many2one(
        "rd.property", string="Card", required=True, index=True, ondelete="restrict"
    )
    number = fields.Char()
    description = fields.Char(string="Name")
    specification = fields.Char(string="Specification, drawing no.")
    mark = fields.Char()
    quantity = fields.Float(digits="Product Unit")
    uom = fields.Char(string="Unit")
    received = fields.Date(string="Received on")
    place = fields.Char()
    condition = fields.Selection(CONDITIONS)
    before = fields.Float(string="In the last letter", digits="Product Unit")
    change = fields.Selection(
        [
            ("new", "New"),
            ("changed", "Quantity changed"),
            ("gone", "No longer here"),
            ("same", "As before"),
        ],
        string="Since the last letter",
    )
    verdict = fields.Selection(
        [
            ("waiting", "Not answered"),
            ("confirmed", "Confirmed"),
            ("disputed", "Differs"),
            ("settled", "Settled"),
        ],
        default="waiting",
        required=True,
    )
    difference = fields.Selection(DIFFERENCES)
    their_quantity = fields.Float(string="By the owner", digits="Product Unit")
    words = fields.Char(string="Owner's words")
    settlement = fields.Char(string="How it was settled")
    incident_id = fields.Many2one("rd.property.incident", ondelete="restrict")

    _once = models.UniqueIndex(
        "(confirmation_id, property_id)", "This card is in the letter already."
    )

    @api.model
    def _get_guarded_fields(self):
        return self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(self.env._("A line of a letter is answered, not deleted."))

    def _prepare_content(self):
        return [
            self.id,
            *(self[name] or "" for name in ("number", "description", "specification")),
            f"{self.quantity:.6f}",
            self.uom or "",
            self.condition or "",
            self.change,
            f"{self.before:.6f}",
        ]

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    def _confirm(self):
        self._as_internal().write({"verdict": "confirmed"})
        if self.change != "gone":
            day = self.confirmation_id.day
            self.property_id._as_internal().write({"confirmed_on": day})

    def _dispute(self, difference, words, their_quantity):
        words = (words or "").strip()[:500] if isinstance(words, str) else ""
        if difference not in dict(DIFFERENCES) or not words:
            raise UserError(
                self.env._("Say what is wrong with %(card)s.", card=self.number)
            )
        self._as_internal().write(
            {
                "verdict": "disputed",
                "difference": difference,
                "words": words,
                "their_quantity": self._as_quantity(their_quantity),
            }
        )

    @api.model
    def _as_quantity(self, text):
        """Return the number that somebody typed; 0 for an empty field.

        :raise UserError: for what is no number, or could be read in two ways
        """
        try:
            return typed_pieces(text)
        except ValueError as error:
            raise UserError(
                self.env._("“%s” is not a number of pieces.", error)
            ) from error

    def _open_incident(self):
        """Open an incident for a condition that the owner knows otherwise."""
        incident = self.env["rd.property.incident"].create(
            {
                "property_id": self.property_id.id,
                "kind": "damage",
                "quantity": self.quantity or 1.0,
                "discovered_by": self.confirmation_id.confirmed_by,
                "description": f"{self.confirmation_id.name}: {self.words}",
                "user_id": self.confirmation_id.user_id.id,
            }
        )
        self._as_internal().write({"incident_id": incident.id})

    def action_settle(self, words=None):
        """Note how the difference was settled; the last one settles the letter.

        :raise UserError: without words, or while recount or incident are open
        """
        self.check_access("read")
        self.confirmation_id.check_access("write")
        for line in self.filtered(lambda one: one.verdict == "disputed"):
            if reason := line._why_not_settle(words):
                raise UserError(reason)
            line._as_internal().write(
                {"verdict": "settled", "settlement": words.strip()}
            )
            letter = line.confirmation_id
            if "disputed" not in letter.line_ids.mapped("verdict"):
                letter.action_settle()
        return True

    def _why_not_settle(self, words):
        names = {"card": self.number}
        count = self.confirmation_id.count_id
        if not (words or "").strip():
            return self.env._(
                "Say how the difference of %(card)s was settled.", **names
            )
        if self.difference == "quantity" and count.state not in ("done", "cancelled"):
            return self.env._(
                "%(card)s is being counted again; sign the recount off first.", **names
            )
        if self.incident_id.state == "draft":
            return self.env._(
                "Report or cancel the incident of %(card)s first.", **names
            )
        return False


class RdPropertyCount(models.Model):
    """A recount looks at the cards that a letter named, and at no others."""

    _name = "rd.property.count"
    _inherit = ["rd.property.count"]

    card_ids = fields.Many2many(
        "rd.property",
        "rd_property_count_card_rel",
        "count_id",
        "property_id",
        string="Only these cards",
        copy=False,
    )

    def _get_card_domain(self):
        if self.card_ids:
            return [("id", "in", self.card_ids.ids)]
        return super()._get_card_domain()


class RdProperty(models.Model):
    _name = "rd.property"
    _inherit = ["rd.property"]

    confirmed_on = fields.Date(
        string="Confirmed as of",
        readonly=True,
        copy=False,
        help="Day of the latest letter in which its owner confirmed it.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"confirmed_on"}

    @api.model
    def _get_sequences(self):
        return {
            **super()._get_sequences(),
            "rd.property.confirmation": (
                self.env._("Confirmation of customer property"),
                "CL/",
            ),
        }
