# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.rd_sales_admin.tools.flags import flag_search

KINDS = [
    ("loss", "Lost"),
    ("damage", "Damaged"),
    ("unsuitable", "Unfit for use"),
]
DECISIONS = [
    ("repair", "Repair"),
    ("replace", "Replace"),
    ("credit", "Pay for it"),
    ("send_back", "Send back"),
    ("scrap", "Scrap"),
    ("use", "Use as it is"),
]
DESK = ",".join(
    f"rd_sales_admin.rd_sales_admin_group_{role}"
    for role in ("auditor", "floor", "warehouse", "finance", "salesperson", "clerk")
)
# What is written on the card when an incident of this kind is reported
EVENTS = {"loss": "lose", "damage": "damage", "unsuitable": "damage"}


class RdPropertyIncident(models.Model):
    """Loss, damage or unfitness of a customer's property, from discovery to closing.

    ISO 9001:2015 8.5.3 asks that the owner is told and that a record of what happened
    is kept. The clock runs from discovery to the report; hours are set per owner.
    """

    _name = "rd.property.incident"
    _description = "Customer Property Incident"
    _inherit = [
        "rd.workflow.mixin",
        "rd.confirmation.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "discovered_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, default="/", copy=False, readonly=True
    )
    property_id = fields.Many2one(
        "rd.property",
        string="Card",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        related="property_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="property_id.partner_id", string="Owner", store=True, index=True
    )
    uom_id = fields.Many2one(related="property_id.uom_id", string="Unit")
    kind = fields.Selection(KINDS, required=True, default="damage", tracking=True)
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    discovered_date = fields.Datetime(
        string="Discovered on",
        required=True,
        default=fields.Datetime.now,
        tracking=True,
    )
    discovered_by = fields.Char(string="Discovered by")
    description = fields.Text(string="What happened", required=True)
    cause = fields.Text(groups=DESK)
    containment = fields.Text(string="What was done at once")
    photo_ids = fields.Many2many(
        "ir.attachment",
        "rd_property_incident_photo_rel",
        "incident_id",
        "attachment_id",
        string="Photos",
        bypass_search_access=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handled by",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
        tracking=True,
    )
    report_deadline = fields.Datetime(
        string="Owner to be told by", compute="_compute_report_deadline", store=True
    )
    is_told_late = fields.Boolean(
        string="Told too late", compute="_compute_is_told_late", store=True
    )
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    escalated_date = fields.Datetime(readonly=True, copy=False)
    reported_date = fields.Datetime(
        string="Owner told on", readonly=True, copy=False, tracking=True
    )
    decision = fields.Selection(
        DECISIONS,
        string="Owner's decision",
        copy=False,
        tracking=True,
        readonly=True,
    )
    answer = fields.Text(string="Owner's words", copy=False, readonly=True)
    closing_note = fields.Text(string="How it ended", copy=False)
    closing_document_id = fields.Many2one(
        "ir.attachment",
        string="Closing document",
        copy=False,
        ondelete="restrict",
        bypass_search_access=True,
    )
    closed_date = fields.Date(readonly=True, copy=False)
    keep_until = fields.Date(
        string="Kept until",
        compute="_compute_keep_until",
        store=True,
        help="Before this day the record and its papers cannot be deleted.",
    )
    event_id = fields.Many2one(
        "rd.property.event", readonly=True, copy=False, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("draft", "Found"),
            ("reported", "Owner told"),
            ("answered", "Answered"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )

    _number_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "An incident with this number exists already.",
    )

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------
    def _compute_access_url(self):
        res = super()._compute_access_url()
        for incident in self:
            incident.access_url = f"/my/incidents/{incident.id}"
        return res

    @api.depends(
        "discovered_date",
        "kind",
        "partner_id.rd_damage_hours",
        "partner_id.rd_unsuitable_hours",
    )
    def _compute_report_deadline(self):
        """Discovery plus the owner's hours; they do not stop at night."""
        for incident in self:
            owner = incident.partner_id
            hours = (
                owner.rd_unsuitable_hours
                if incident.kind == "unsuitable"
                else owner.rd_damage_hours
            )
            found = incident.discovered_date
            incident.report_deadline = found and found + timedelta(hours=hours)

    @api.depends("report_deadline", "reported_date", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for incident in self:
            told = incident.reported_date or now
            incident.is_late = (
                incident.state != "cancelled"
                and bool(incident.report_deadline)
                and told > incident.report_deadline
            )

    @api.model
    @flag_search
    def _search_is_late(self):
        now = fields.Datetime.now()
        late = self._search(
            [
                ("state", "!=", "cancelled"),
                ("report_deadline", "!=", False),
                "|",
                "&",
                ("reported_date", "=", False),
                ("report_deadline", "<", now),
                "&",
                ("reported_date", "!=", False),
                ("is_told_late", "=", True),
            ]
        )
        return [("id", "in", late)]

    @api.depends("reported_date", "report_deadline")
    def _compute_is_told_late(self):
        for incident in self:
            told, deadline = incident.reported_date, incident.report_deadline
            incident.is_told_late = bool(told and deadline and told > deadline)

    @api.depends("closed_date", "company_id.rd_property_keep_years")
    def _compute_keep_until(self):
        for incident in self:
            closed = incident.closed_date
            years = incident.company_id.rd_property_keep_years
            incident.keep_until = closed and closed + relativedelta(years=years)

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.constrains("discovered_date", "quantity")
    def _check_facts(self):
        now = fields.Datetime.now()
        for incident in self:
            if incident.discovered_date > now:
                raise ValidationError(
                    self.env._(
                        "%(incident)s cannot have been discovered in the future.",
                        incident=incident.display_name,
                    )
                )
            if incident.uom_id.compare(incident.quantity, 0) <= 0:
                raise ValidationError(
                    self.env._(
                        "Say how many pieces %(incident)s is about.",
                        incident=incident.display_name,
                    )
                )

    @api.model
    def _get_transitions(self):
        return {
            "reported": ("draft",),
            "answered": ("reported",),
            "closed": ("answered", "reported"),
            "cancelled": ("draft",),
        }

    @api.model
    def _get_frozen_states(self):
        return ("reported", "answered", "closed", "cancelled")

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | {
            "access_token",
            "closing_note",
            "closing_document_id",
            "cause",
            "user_id",
            "photo_ids",
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "name",
            "company_id",
            "partner_id",
            "decision",
            "answer",
            "reported_date",
            "escalated_date",
            "closed_date",
            "event_id",
        }

    def _frozen_refusal(self):
        return self.env._(
            "The owner has been told of %(incident)s, so what was said stays; add what "
            "is new as a note.",
            incident=self.display_name,
        )

    def _check_frozen(self, names):
        """A closed incident keeps its closing as well."""
        closing = {"closing_note", "closing_document_id", "cause", "photo_ids"}
        for incident in self:
            if incident.state == "closed" and closing & set(names):
                raise UserError(incident._frozen_refusal())
        return super()._check_frozen(names)

    def _why_not(self, target):
        if target == "reported" and not self._get_recipients():
            return self.env._(
                "%(owner)s has no e-mail address; enter one before %(incident)s is "
                "reported.",
                owner=self.partner_id.name,
                incident=self.display_name,
            )
        if target == "closed" and not (
            (self.closing_note or "").strip() and self.closing_document_id
        ):
            return self.env._(
                "Say how %(incident)s ended and attach the closing document.",
                incident=self.display_name,
            )
        return super()._why_not(target)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        incidents = super().create(vals_list)
        incidents._give_numbers()
        incidents._keep_papers()
        return incidents

    def _give_numbers(self):
        """Number them; whoever may only report writes no number."""
        cards = self.env["rd.property"].sudo()
        for incident in self.sudo()._as_internal():
            number = cards._next_of("rd.property.incident", incident.company_id)
            incident.name = number

    def write(self, vals):
        shown = {
            incident: incident.photo_ids
            for incident in self
            if "photo_ids" in vals and incident.state not in ("draft", "cancelled")
        }
        res = super().write(vals)
        for incident, photos in shown.items():
            # what the owner was shown is evidence; more may come
            if photos - incident.photo_ids:
                raise UserError(incident._frozen_refusal())
        if {"photo_ids", "closing_document_id"} & vals.keys():
            self._keep_papers()
        return res

    def _keep_papers(self):
        """Papers belong to the incident, so that its rights rule them."""
        for incident in self:
            self.env["ir.attachment"]._rd_give_to(
                incident, "photo_ids", "closing_document_id"
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        """The mixin refuses what was reported; a draft may go."""
        for incident in self:
            today = incident.company_id._rd_today()
            if incident.keep_until and incident.keep_until > today:
                raise UserError(
                    self.env._(
                        "%(incident)s is kept until %(day)s and cannot be deleted "
                        "before.",
                        incident=incident.display_name,
                        day=incident.keep_until,
                    )
                )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_report(self):
        """Tell the owner: the report goes by e-mail and stands on the portal.

        The card gets its event. Reporting twice tells once.

        :raise UserError: without an address of the owner
        """
        self.check_access("write")
        for incident in self:
            if not incident._move_to(
                "reported", {"reported_date": fields.Datetime.now()}
            ):
                continue
            incident._write_event()
            incident._fix_revision()
            incident._send_report()
        return True

    def _write_event(self):
        """Write loss or damage on the card, unless its stock says it already."""
        if self.event_id or self.property_id.product_id:
            return
        event = self.env["rd.property.event"].create(
            {
                "property_id": self.property_id.id,
                "kind": EVENTS[self.kind],
                "date": self.company_id._rd_local_date(self.discovered_date),
                "quantity": self.quantity,
                "condition": "unsuitable" if self.kind == "unsuitable" else "damaged",
                "document": self.name,
                "note": self.description,
            }
        )
        self._as_internal().write({"event_id": event.id})

    def _get_recipients(self):
        """Return who of the owner is told."""
        owner = self.partner_id
        people = owner.child_ids.filtered(lambda one: one.type == "contact")
        return (people | owner).filtered("email_normalized")

    def _send_report(self):
        template = self.env.ref("rd_custody.mail_template_incident")
        template.send_mail(
            self.id,
            email_values={
                "recipient_ids": [Command.set(self._get_recipients().ids)],
                "email_to": False,
            },
        )

    def action_record_answer(self, decision, words=None, who=None, channel="phone"):
        """Write down what the owner decided by phone, fax or letter.

        :param decision: one of the decisions
        :param who: person of the owner
        :param channel: how the word came
        :raise UserError: without decision or person
        """
        self.ensure_one()
        self.check_access("write")
        if channel not in ("phone", "fax", "paper", "message", "scan"):
            raise UserError(self.env._("Say how the answer came."))
        if not (who or "").strip():
            raise UserError(self.env._("Say who of the owner answered."))
        return self._take_answer(decision, words, who.strip(), channel)

    def _take_answer(self, decision, words, who, channel, note=None):
        if self.state != "reported":
            raise UserError(
                self.env._(
                    "%(incident)s does not wait for an answer.",
                    incident=self.display_name,
                )
            )
        if decision not in dict(self._fields["decision"].selection):
            raise UserError(
                self.env._(
                    "Say what is to be done with %(incident)s.",
                    incident=self.display_name,
                )
            )
        self._record_confirmation(
            channel, who, self.revision, self.content_hash, note=note
        )
        self._move_to(
            "answered",
            {"decision": decision, "answer": (words or "").strip() or False},
        )
        return True

    def action_close(self):
        """Close it with the closing document."""
        self.check_access("write")
        for incident in self:
            today = incident.company_id._rd_today()
            incident._move_to("closed", {"closed_date": today})
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_cancel(self):
        """Take back what turned out to be nothing before the owner was told."""
        self.check_access("write")
        self._move_to("cancelled")
        return True

    # ------------------------------------------------------------------
    # What the owner sees
    # ------------------------------------------------------------------
    def _prepare_confirmation_content(self):
        self.ensure_one()
        return {
            "number": self.name,
            "card": self.property_id.name,
            "description": self.property_id.description,
            "kind": self.kind,
            "quantity": self.quantity,
            "discovered": str(self.discovered_date),
            "what": self.description,
            "containment": self.containment or "",
        }

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, hash=None, pid=None, token=None, **kwargs
    ):
        """Let no link into the messages: to read and to write them takes a login."""
        return super()._get_thread_with_access(
            thread_id, hash=None, pid=None, token=None, **kwargs
        )

    @api.model
    def _get_portal_domain(self):
        """Return the incidents that the present portal user may see."""
        return [
            ("partner_id", "=", self.env.user.partner_id.commercial_partner_id.id),
            ("state", "in", ("reported", "answered", "closed")),
        ]

    def _get_report_base_filename(self):
        """Return how the portal names the report."""
        self.ensure_one()
        return self.name

    def _get_portal_view(self):
        """Return the incidents as their page shows them: names of cards as well.

        :raise AccessError: for anybody else's incident
        """
        self.check_access("read")
        return self.sudo()

    def _portal_answer(self, decision, words, revision, content_hash, address):
        """Take the answer that a person of the owner gave on the portal.

        :raise AccessError: for anybody else's incident
        :raise UserError: for a content that has changed since
        """
        self.ensure_one()
        self.check_access("read")
        incident = self.sudo()
        if (revision, content_hash) != (incident.revision, incident.content_hash):
            raise UserError(
                self.env._(
                    "%(incident)s has changed since you opened the page; "
                    "load it again.",
                    incident=incident.name,
                )
            )
        incident._take_answer(
            decision, words, self.env.user.name, "portal", note=address
        )
        return True

    # ------------------------------------------------------------------
    # Clock
    # ------------------------------------------------------------------
    @api.model
    def _cron_escalate(self):
        """Tell the supervisors once of every incident whose owner was not told."""
        late = self.search(
            [
                ("state", "=", "draft"),
                ("report_deadline", "<", fields.Datetime.now()),
                ("escalated_date", "=", False),
            ]
        )
        self.env["ir.cron"]._rd_run_each(late, lambda incident: incident._escalate())

    def _escalate(self):
        ask = self.env["rd.approval"].new({"company_id": self.company_id.id})
        for user in ask._get_supervisors() | self.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The owner has not been told in time"),
                user_id=user.id,
            )
        self._as_internal().write({"escalated_date": fields.Datetime.now()})
