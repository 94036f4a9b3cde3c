# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

WAYS = [
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("phone", "Phone call"),
    ("activity", "Task for the owner"),
]


class RdChaseLevel(models.Model):
    """A step of asking for money: so many days before or after the due date."""

    _name = "rd.chase.level"
    _description = "Follow-up Level"
    _inherit = ["rd.guarded.mixin"]
    _order = "company_id, days, id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    name = fields.Char(required=True, translate=True)
    days = fields.Integer(
        string="Days after due",
        required=True,
        help="Days after the due date on which an item reaches this level; below 0: "
        "before it.",
    )
    way = fields.Selection(WAYS, required=True, default="email")
    text = fields.Text(
        translate=True,
        help="What is said to the customer above the list of items.",
    )
    active = fields.Boolean(default=True)

    _days_once = models.UniqueIndex(
        "(company_id, days) WHERE active", "A level of these days is already there."
    )

    @api.constrains("days", "way", "text")
    def _check_level(self):
        for level in self:
            if not -60 <= level.days <= 3650:
                raise ValidationError(
                    self.env._(
                        "“%(level)s”: days lie between 60 before and 3650 after the "
                        "due date.",
                        level=level.name,
                    )
                )
            if level.way in ("email", "letter") and not (level.text or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(level)s” says something to the customer: write its text.",
                        level=level.name,
                    )
                )

    # ------------------------------------------------------------------
    # Defaults
    # ------------------------------------------------------------------
    @api.model
    def _ensure_all(self):
        """Give every company its levels; called when the add-on is installed."""
        everyone = [("active", "in", (True, False))]
        for company in self.env["res.company"].search(everyone, order="id"):
            self._ensure(company)

    @api.model
    def _ensure(self, company):
        """Return the company's levels; one that never had any gets the defaults."""
        levels = self.sudo().with_context(active_test=False)
        own = levels.search([("company_id", "=", company.id)])
        if not own:
            # Whoever prepares a run may bring its levels into being.
            own = self.sudo().create(self._prepare_defaults(company))
            own._translate_defaults()
        return own.filtered("active").sudo(False)

    @api.model
    def _get_defaults(self):
        """Return ``[(days, way, name, text)]`` of a company's first levels."""
        return [
            (
                -3,
                "email",
                self.env._("Friendly notice"),
                self.env._(
                    "The following items fall due in the next few days. If you still "
                    "need a document, please let us know now."
                ),
            ),
            (
                3,
                "email",
                self.env._("Reminder"),
                self.env._(
                    "We have not yet seen your payment of the following items. Please "
                    "pay them, or tell us what stands against it."
                ),
            ),
            (10, "phone", self.env._("Phone call"), ""),
            (
                30,
                "letter",
                self.env._("Letter"),
                self.env._(
                    "In spite of our reminders the following items are still open. "
                    "Please pay them within seven days of this letter."
                ),
            ),
            (60, "activity", self.env._("Decide what follows"), ""),
        ]

    @api.model
    def _prepare_defaults(self, company):
        source = self.with_context(lang="en_US")
        return [
            {
                "company_id": company.id,
                "days": days,
                "way": way,
                "name": name,
                "text": text,
            }
            for days, way, name, text in source._get_defaults()
        ]

    def _translate_defaults(self):
        """Write the first levels in every language that is installed.

        What somebody has worded otherwise stays, in each language.
        """
        source = self.with_context(lang="en_US")
        for lang, _name in self.env["res.lang"].get_installed():
            if lang == "en_US":
                continue
            target = self.with_context(lang=lang)
            words = self._pair_defaults(source, target)
            for level, origin in zip(target, source, strict=True):
                vals = {
                    name: words[origin[name]]
                    for name in ("name", "text")
                    if origin[name] in words and level[name] == origin[name]
                }
                if vals:
                    level.write(vals)

    @api.model
    def _pair_defaults(self, source, target):
        """Return ``{text of a default: its translation}``, where they differ."""
        return {
            ours: theirs
            for old, new in zip(
                source._get_defaults(), target._get_defaults(), strict=True
            )
            for ours, theirs in zip(old[2:], new[2:], strict=True)
            if ours and ours != theirs
        }
