# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.tools.flags import flag_search

OUTCOMES = [
    ("good", "In good order"),
    ("worn", "Worn"),
    ("damaged", "Damaged"),
    ("unsuitable", "Unfit for use"),
    ("lost", "Lost"),
]
# What its owner has to be told, and as what
TOLD = {"damaged": "damage", "unsuitable": "unsuitable", "lost": "loss"}


class RdLoanLine(models.Model):
    """One thing that was borrowed: when it came back, and how."""

    _name = "rd.loan.line"
    _description = "Borrowed Thing"
    _inherit = ["rd.guarded.mixin"]
    _order = "loan_id desc, id"
    _check_company_auto = True

    loan_id = fields.Many2one("rd.loan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="loan_id.company_id", store=True, index=True)
    borrower_id = fields.Many2one(
        related="loan_id.borrower_id", string="Borrowed by", store=True, index=True
    )
    purpose = fields.Char(related="loan_id.purpose")
    lent_date = fields.Date(related="loan_id.lent_date", string="Lent on", store=True)
    date_due = fields.Date(related="loan_id.date_due", string="Due back", store=True)
    state = fields.Selection(related="loan_id.state", store=True, index=True)
    property_id = fields.Many2one(
        "rd.property",
        string="Thing",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(related="property_id.partner_id", string="Owner")
    shelf = fields.Char(
        readonly=True, copy=False, help="Where it lay and where it goes back to."
    )
    is_out = fields.Boolean(string="Out", readonly=True, copy=False)
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    lend_event_id = fields.Many2one(
        "rd.property.event",
        string="Lent with",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    back_event_id = fields.Many2one(
        "rd.property.event",
        string="Brought back with",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    back_date = fields.Date(string="Brought back on", readonly=True, copy=False)
    back_to_id = fields.Many2one(
        "res.users", string="Taken back by", readonly=True, copy=False
    )
    outcome = fields.Selection(OUTCOMES, string="Came back", readonly=True, copy=False)
    back_note = fields.Char(string="Remarks", readonly=True, copy=False)
    photo = fields.Image(max_width=1920, max_height=1920, readonly=True, copy=False)
    incident_id = fields.Many2one(
        "rd.property.incident", readonly=True, copy=False, ondelete="restrict"
    )

    _out_once = models.UniqueIndex(
        "(property_id) WHERE is_out", "This thing is lent to somebody already."
    )

    @api.depends("property_id.display_name", "loan_id.name")
    def _compute_display_name(self):
        for line in self:
            parts = (line.loan_id.name, line.property_id.display_name)
            line.display_name = " · ".join(part for part in parts if part)

    @api.depends("is_out", "date_due")
    def _compute_is_overdue(self):
        for line in self:
            today = (line.company_id or self.env.company)._rd_today()
            line.is_overdue = (
                line.is_out and bool(line.date_due) and line.date_due < today
            )

    @api.model
    @flag_search
    def _search_is_overdue(self):
        past = self.env["res.company"]._rd_compare_today("date_due", "<")
        return past & fields.Domain("is_out", "=", True)

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_fields(self):
        return self._get_stored_names() - {"loan_id", "property_id"}

    def _check_open(self):
        for loan in self.loan_id:
            if loan.state != "draft":
                raise UserError(loan._frozen_refusal())

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        lines.loan_id._check_may_act()
        return lines

    def write(self, vals):
        """Change what is prepared; another loan takes a line only while it is, too.

        :raise UserError: when either loan is handed out, waits for it or is over
        """
        if self._is_internal():
            return super().write(vals)
        self._check_open()
        res = super().write(vals)
        if "loan_id" in vals:
            self._check_open()
            self.loan_id._check_may_act()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_lent(self):
        self._check_open()

    def _why_not_lend(self):
        """Return why this thing cannot be lent now, or False."""
        card = self.property_id
        names = {
            "card": card.display_name,
            "holder": card.sudo().holder_id.name or "",
            "day": card.valid_until,
        }
        if card.state != "held":
            sentences = {
                "expected": self.env._("%(card)s has not been received yet.", **names),
                "out": self.env._("%(card)s is with %(holder)s already.", **names),
                "lost": self.env._("%(card)s is lost and cannot be lent.", **names),
                "returned": self.env._("%(card)s went back to its owner.", **names),
                "used": self.env._("%(card)s is used up.", **names),
                "disposed": self.env._("%(card)s was disposed of.", **names),
            }
            return sentences[card.state]
        if card.product_id:
            return self.env._(
                "%(card)s lies in the warehouse as stock; it leaves by a release.",
                **names,
            )
        if card.kind == "sample" and card.is_expired:
            return self.env._(
                "%(card)s was valid until %(day)s: extend it or dispose of it before "
                "it is lent.",
                **names,
            )
        return False

    # ------------------------------------------------------------------
    # Out and back
    # ------------------------------------------------------------------
    def _lend(self, today):
        """Write the events that hand these things out."""
        events = self.env["rd.property.event"]._as_internal()
        for line in self._as_internal():
            loan = line.loan_id
            event = events.create(
                {
                    "property_id": line.property_id.id,
                    "kind": "lend",
                    "date": today,
                    "holder_id": loan.borrower_id.id,
                    "document": loan.name,
                    "note": loan.purpose,
                }
            )
            line.write(
                {
                    "is_out": True,
                    "lend_event_id": event.id,
                    "shelf": line._get_shelf_before(event),
                }
            )

    def _get_shelf_before(self, event):
        """Return where the thing lay before it was lent."""
        placed = self.property_id.event_ids.filtered(
            lambda one: one.place and one != event
        )
        return placed.sorted(lambda one: (one.date, one.id))[-1:].place

    def _bring_back(self, outcome, note=None, photo=None):
        """Take these things back: events, what the owner has to be told, the loan.

        :param outcome: how they came back
        :raise UserError: for what is not out, or bad without a word on it
        """
        self.loan_id._check_may_act()
        if outcome not in dict(OUTCOMES):
            raise UserError(self.env._("Say in what state it came back."))
        for line in self:
            if not line.is_out:
                raise UserError(
                    self.env._(
                        "%(card)s is not out with %(loan)s.",
                        card=line.property_id.display_name,
                        loan=line.loan_id.name,
                    )
                )
            if outcome in TOLD and not (note or "").strip():
                raise UserError(
                    self.env._(
                        "Say what happened to %s.", line.property_id.display_name
                    )
                )
            line.sudo()._note_back(outcome, (note or "").strip() or False, photo)
        self.sudo().loan_id._close_if_back()

    def _note_back(self, outcome, note, photo):
        card, today = self.property_id, self.company_id._rd_today()
        incident = self.env["rd.property.incident"]
        if outcome in TOLD and not card.is_own:
            incident = incident.create(self._prepare_incident(outcome, note, photo))
        event = self.env["rd.property.event"]._as_internal()
        if outcome != "lost" or card.is_own:
            event = event.create(self._prepare_back(outcome, note, today))
        self._as_internal().write(
            {
                "is_out": False,
                "back_date": today,
                "back_to_id": self.env.uid,
                "outcome": outcome,
                "back_note": note,
                "photo": photo,
                "back_event_id": event.id,
                "incident_id": incident.id,
            }
        )

    def _prepare_back(self, outcome, note, today):
        values = {
            "property_id": self.property_id.id,
            "date": today,
            "document": self.loan_id.name,
            "note": note,
        }
        if outcome == "lost":
            return {**values, "kind": "lose", "quantity": self.property_id.quantity}
        return {
            **values,
            "kind": "move",
            "place": self.shelf or self.env._("Sample room"),
            "condition": outcome,
        }

    def _prepare_incident(self, outcome, note, photo):
        """Return the incident of a customer's thing; its clock begins now."""
        values = {
            "property_id": self.property_id.id,
            "kind": TOLD[outcome],
            "quantity": self.property_id.quantity,
            "description": note,
            "discovered_by": self.loan_id.borrower_id.name,
            "user_id": self.loan_id.user_id.id or self.env.uid,
        }
        if photo:
            picture = {"name": f"{self.loan_id.name}.jpg", "datas": photo}
            values["photo_ids"] = [fields.Command.create(picture)]
        return values

    def action_back_good(self):
        """One tap: it is back, in good order."""
        self._bring_back("good")
        return True

    def action_back(self):
        """Open the short form that says how it came back."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.property_id.display_name,
            "res_model": "rd.loan.back",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }


class RdLoan(models.Model):
    _name = "rd.loan"
    _inherit = ["rd.loan"]

    def _close_if_back(self):
        for loan in self:
            if loan.state == "lent" and not any(loan.line_ids.mapped("is_out")):
                today = loan.company_id._rd_today()
                loan._move_to("back", {"back_date": today})
                loan.activity_unlink(["mail.mail_activity_data_todo"])
