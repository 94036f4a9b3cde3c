# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

BAD = ("damaged", "unsuitable")
ANSWERS = ("result", "photo", "note")


class RdPropertyCheck(models.Model):
    """One point looked at after a receipt: the answer, its photo, who and when.

    The points come from the checklist of the kind when something is received. They
    are answered on the spot and stay as they are once the check is finished.
    """

    _name = "rd.property.check"
    _description = "Verification of Customer Property"
    _inherit = ["rd.guarded.mixin"]
    _order = "property_id, id"
    _check_company_auto = True

    property_id = fields.Many2one(
        "rd.property", string="Card", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="property_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="property_id.partner_id", string="Owner")
    receipt_id = fields.Many2one(
        "rd.property.event", required=True, ondelete="restrict"
    )
    name = fields.Char(string="What is looked at", required=True)
    is_mandatory = fields.Boolean(string="A must", default=True)
    needs_photo = fields.Boolean(string="With a photo")
    result = fields.Selection(
        [
            ("good", "As it should be"),
            ("damaged", "Damaged"),
            ("unsuitable", "Unfit or not as agreed"),
            ("na", "Does not apply"),
        ]
    )
    photo = fields.Image(max_width=1920, max_height=1920)
    note = fields.Char(string="Remarks")
    answered_by_id = fields.Many2one("res.users", string="Looked at by")
    answered_date = fields.Datetime(string="Looked at on")
    is_open = fields.Boolean(
        string="Open",
        compute="_compute_is_open",
        store=True,
        help="Keeps the property from being verified.",
    )
    verified_event_id = fields.Many2one(
        "rd.property.event",
        string="Finished with",
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.depends("result", "photo", "is_mandatory", "needs_photo")
    def _compute_is_open(self):
        for check in self:
            answered = check.result and (check.photo or not check.needs_photo)
            check.is_open = check.is_mandatory and not answered

    @api.model
    def _get_guarded_fields(self):
        return self._get_stored_names() - set(ANSWERS)

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------
    def write(self, vals):
        if self._is_internal():
            return super().write(vals)
        for check in self:
            check._check_answerable(vals)
        res = super().write(vals)
        if set(ANSWERS) & vals.keys():
            now = fields.Datetime.now()
            self._as_internal().write(
                {"answered_by_id": self.env.uid, "answered_date": now}
            )
        return res

    def _check_answerable(self, vals):
        names = {"point": self.name, "card": self.property_id.display_name}
        if self.verified_event_id:
            raise UserError(
                self.env._(
                    "“%(point)s” of %(card)s was answered and finished; what is found "
                    "later is an incident.",
                    **names,
                )
            )
        if vals.get("result") == "na" and self.is_mandatory:
            raise UserError(
                self.env._(
                    "“%(point)s” of %(card)s is a must: say how it was found.", **names
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A point of a checklist is answered, not deleted."))

    def action_good(self):
        """One tap: it is as it should be."""
        self.write({"result": "good"})
        return True

    def action_damaged(self):
        """One tap: it is damaged; the words and the photo follow in the form."""
        self.write({"result": "damaged"})
        return self._open_form()

    def action_unsuitable(self):
        """One tap: it is unfit or not as agreed."""
        self.write({"result": "unsuitable"})
        return self._open_form()

    def action_open(self):
        """Open the point, for its photo and words."""
        self.check_access("read")
        return self._open_form()

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------------
    # What the answers say
    # ------------------------------------------------------------------
    def _why_not_finish(self):
        """Return the sentence for the first point that is not answered, or False."""
        for check in self:
            names = {"point": check.name, "card": check.property_id.display_name}
            if check.is_open:
                return self.env._(
                    "%(card)s is not verified yet: answer “%(point)s”.", **names
                )
            if check.result in BAD and not (check.photo or (check.note or "").strip()):
                return self.env._(
                    "Say or show what is wrong with “%(point)s” of %(card)s.", **names
                )
        return False

    def _get_condition(self):
        """Return the worst condition that the answers amount to."""
        results = set(self.mapped("result"))
        return next((bad for bad in BAD if bad in results), "good")

    def _prepare_incident(self):
        """Return the values of the incident that tells the owner what was found."""
        card = self.property_id
        bad = self.filtered(lambda check: check.result in BAD)
        damaged = "damaged" in bad.mapped("result")
        labels = dict(self._fields["result"]._description_selection(self.env))
        said = [
            f"{check.name}: {labels[check.result]}"
            + (f" ({check.note})" if check.note else "")
            for check in bad
        ]
        return {
            "property_id": card.id,
            "kind": "damage" if damaged else "unsuitable",
            "quantity": card.quantity,
            "discovered_date": max(bad.mapped("answered_date")),
            "discovered_by": ", ".join(bad.answered_by_id.mapped("name")),
            "description": "\n".join(said),
            "photo_ids": [
                Command.create(
                    {"name": f"{check.name}.png", "raw": base64.b64decode(check.photo)}
                )
                for check in bad
                if check.photo
            ],
        }


class RdProperty(models.Model):
    """A card is verified once each mandatory point of its checklist is answered."""

    _name = "rd.property"
    _inherit = ["rd.property"]

    check_ids = fields.One2many(
        "rd.property.check", "property_id", string="Verification", copy=False
    )
    check_open_count = fields.Integer(
        string="Points to answer", compute="_compute_checks"
    )
    has_checks_to_finish = fields.Boolean(compute="_compute_checks")

    @api.depends("check_ids.is_open", "check_ids.verified_event_id")
    def _compute_checks(self):
        groups = self.env["rd.property.check"]._read_group(
            [("property_id", "in", self.ids), ("verified_event_id", "=", False)],
            ["property_id", "is_open"],
            ["__count"],
        )
        counts = {(card.id, is_open): count for card, is_open, count in groups}
        for card in self:
            open_count = counts.get((card._origin.id, True), 0)
            card.check_open_count = open_count
            card.has_checks_to_finish = bool(
                open_count or counts.get((card._origin.id, False))
            )

    def _get_unfinished_checks(self):
        return self.check_ids.filtered(lambda check: not check.verified_event_id)

    def action_finish_check(self):
        """Verify the card by its answers; the owner is told at once of what is wrong.

        :return: the incident's form where there is one
        :raise UserError: while a mandatory point is open
        """
        self.ensure_one()
        self.check_access("read")
        checks = self._get_unfinished_checks()
        if not checks:
            raise UserError(
                self.env._("Nothing of %s waits to be verified.", self.display_name)
            )
        self.env["rd.property.event"].create(self._prepare_verified(checks))
        if checks._get_condition() == "good":
            return True
        return self._tell_discrepancy(checks)

    def _prepare_verified(self, checks):
        return {
            "property_id": self.id,
            "kind": "verify",
            "date": self.company_id._rd_today(),
            "condition": checks._get_condition(),
            "document": checks.receipt_id[:1].document,
            "note": self.env._(
                "%(good)s of %(all)s points as they should be",
                good=len(checks.filtered(lambda check: check.result == "good")),
                all=len(checks),
            ),
        }

    def _tell_discrepancy(self, checks):
        """Open the incident and report it; without an address it waits for the desk."""
        incident = self.env["rd.property.incident"].create(checks._prepare_incident())
        if incident._get_recipients():
            incident.action_report()
        return {
            "type": "ir.actions.act_window",
            "name": incident.name,
            "res_model": incident._name,
            "res_id": incident.id,
            "views": [(False, "form")],
        }


class RdPropertyEvent(models.Model):
    """A receipt brings its checklist along; verifying needs its answers."""

    _name = "rd.property.event"
    _inherit = ["rd.property.event"]

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if not self._is_internal():
            events._check_answered()
        events._add_checks()
        events._finish_checks()
        return events

    def _check_answered(self):
        """Refuse to verify what its checklist still asks about."""
        cards = self.filtered(lambda event: event.kind == "verify").property_id
        for card in cards:
            if reason := card._get_unfinished_checks()._why_not_finish():
                raise UserError(reason)

    def _add_checks(self):
        """List the points to answer; an earlier receipt's open ones are enough."""
        receipts = self.filtered(lambda event: event.kind == "receive")
        if not receipts:
            return
        checks = self.env["rd.property.check"].sudo()._as_internal()
        pending = checks.search(
            [
                ("property_id", "in", receipts.property_id.ids),
                ("verified_event_id", "=", False),
            ]
        ).property_id
        lists = self.env["rd.property.checklist"]
        points = {
            company: lists._get_points(company) for company in receipts.company_id
        }
        latest = {event.property_id: event for event in receipts}
        checks.create(
            [
                event._prepare_check(point)
                for card, event in latest.items()
                if card not in pending
                for point in points[card.company_id].get(card.kind, ())
            ]
        )

    def _prepare_check(self, point):
        return {
            "property_id": self.property_id.id,
            "receipt_id": self.id,
            "name": point.name,
            "is_mandatory": point.is_mandatory,
            "needs_photo": point.needs_photo,
        }

    def _finish_checks(self):
        """Bind the answers to the event that says that all of it was looked at."""
        for event in self.filtered(lambda one: one.kind == "verify"):
            checks = event.property_id.sudo()._get_unfinished_checks()
            checks._as_internal().write({"verified_event_id": event.id})
