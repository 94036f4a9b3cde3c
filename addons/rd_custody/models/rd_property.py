# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..standing import Standing
from .rd_property_event_mixin import CONDITIONS

SEQUENCE = "rd.property"
# The states in which the thing is with us or with somebody we gave it to.
HELD = ("held", "out")
# What papers about the end of a card name.
NAMED_AT_THE_END = {"serial", "value", "currency_id"}
NO_NUMBER = "/"


class RdProperty(models.Model):
    """A thing that belongs to a customer and that we keep for him.

    The card says what it is and whose it is. How many we hold, who has them,
    where and in what condition is never typed: it follows from the events.
    """

    _name = "rd.property"
    _description = "Customer Property"
    _inherit = ["rd.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "name desc, id desc"
    _rec_names_search = ["name", "description", "specification", "mark", "serial"]
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, default=NO_NUMBER, copy=False, index="trigram"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    kind = fields.Selection(
        selection=[
            ("tool", "Tool"),
            ("mould", "Mould"),
            ("fixture", "Fixture"),
            ("gauge", "Gauge"),
            ("equipment", "Equipment"),
            ("packaging", "Packaging"),
            ("material", "Material"),
            ("drawing", "Drawing"),
            ("sample", "Sample"),
            ("premises", "Premises"),
        ],
        required=True,
        default="tool",
        tracking=True,
    )
    description = fields.Char(string="Name and type", required=True, tracking=True)
    specification = fields.Char(
        string="Specification, drawing no.", index="trigram", tracking=True
    )
    mark = fields.Char(
        string="Customer's mark",
        index="trigram",
        tracking=True,
        help="What is written on the thing itself so that anyone sees whose it is.",
    )
    serial = fields.Char(
        string="Serial number", copy=False, index="trigram", tracking=True
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.ref("uom.product_uom_unit", False),
    )
    custodian_id = fields.Many2one(
        "res.users",
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
        tracking=True,
        help="Who answers for it in our house.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    value = fields.Monetary(
        string="Declared value", tracking=True, help="What the owner says it is worth."
    )
    note = fields.Text(string="Notes")
    event_ids = fields.One2many(
        "rd.property.event", "property_id", string="Timeline", copy=False
    )
    incident_ids = fields.One2many(
        "rd.property.incident", "property_id", string="Incidents", copy=False
    )
    incident_count = fields.Integer(compute="_compute_incident_count")
    # What follows from the events; named as the attributes of ``Standing``
    quantity = fields.Float(
        string="Quantity held",
        digits="Product Unit",
        aggregator=None,  # pieces and kilograms have no sum
        compute="_compute_standing",
        store=True,
    )
    state = fields.Selection(
        selection=[
            ("expected", "Expected"),
            ("held", "In custody"),
            ("out", "Outside"),
            ("returned", "Returned"),
            ("used", "Used up"),
            ("lost", "Lost"),
            ("disposed", "Disposed of"),
        ],
        compute="_compute_standing",
        store=True,
        index=True,
    )
    condition = fields.Selection(
        selection=CONDITIONS,
        compute="_compute_standing",
        store=True,
    )
    holder_id = fields.Many2one(
        "res.partner",
        compute="_compute_standing",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    place = fields.Char(compute="_compute_standing", store=True)
    received_on = fields.Date(
        string="Received on", compute="_compute_standing", store=True
    )
    received_document = fields.Char(
        string="Received with paper", compute="_compute_standing", store=True
    )
    marked_on = fields.Date(string="Marked on", compute="_compute_standing", store=True)
    verified_on = fields.Date(
        string="Verified on", compute="_compute_standing", store=True
    )
    returned_on = fields.Date(
        string="Returned on", compute="_compute_standing", store=True
    )
    last_event_on = fields.Date(
        string="Last event", compute="_compute_standing", store=True
    )

    _name_unique = models.UniqueIndex(
        "(company_id, name)",
        "A card with this number exists already; "
        "leave the number empty to get a new one.",
    )
    # an index and not a constraint: merging contacts deletes rows behind constraints
    _serial_unique = models.UniqueIndex(
        "(company_id, partner_id, serial) WHERE serial IS NOT NULL",
        "This owner already has a card with this serial number; "
        "register the event on that card.",
    )

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------
    @api.depends("name", "description")
    def _compute_display_name(self):
        for card in self:
            number = card.name if card.name != NO_NUMBER else ""
            card.display_name = " ".join(filter(None, (number, card.description)))

    @api.depends("incident_ids")
    def _compute_incident_count(self):
        counts = dict(
            self.env["rd.property.incident"]._read_group(
                [("property_id", "in", self.ids)], ["property_id"], ["__count"]
            )
        )
        for card in self:
            card.incident_count = counts.get(card._origin, 0)

    @api.depends(
        "company_id.partner_id",
        "event_ids.condition",
        "event_ids.date",
        "event_ids.document",
        "event_ids.holder_id",
        "event_ids.kind",
        "event_ids.place",
        "event_ids.quantity",
        "partner_id",
    )
    def _compute_standing(self):
        steps = self._get_steps()
        for card in self:
            standing = Standing()
            for step in steps[card._origin.id]:
                card._apply(standing, step)
            for name in Standing.__slots__:
                card[name] = getattr(standing, name)

    def _get_steps(self):
        """Return ``{card id: [step, …]}`` in the order in which things happened."""
        steps = defaultdict(list)
        for event in self.env["rd.property.event"].search_fetch(
            [("property_id", "in", self.ids)], order="date, id"
        ):
            steps[event.property_id.id].append(event._as_step())
        return steps

    def _apply(self, standing, step):
        """Let the standing of this card take one more step into account."""
        standing.apply(
            step,
            home=self.company_id.partner_id.id,
            owner=self.partner_id.id,
            rounded=self.uom_id.round,
        )

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | set(Standing.__slots__)

    @api.constrains("active")
    def _check_archived_empty(self):
        for card in self:
            if not card.active and card.quantity:
                raise ValidationError(
                    self.env._(
                        "%(card)s cannot be archived while %(quantity)s %(unit)s of it "
                        "are held; register their return first.",
                        card=card.display_name,
                        quantity=card.quantity,
                        unit=card.uom_id.name,
                    )
                )

    @api.constrains("value")
    def _check_value(self):
        for card in self:
            if card.value < 0:
                raise ValidationError(
                    self.env._(
                        "The declared value of %(card)s cannot be less than zero.",
                        card=card.display_name,
                    )
                )

    def _check_kept(self, vals):
        """Refuse changes that would give past events another meaning."""
        for card in self:
            for name in sorted(card._get_kept_fields() & vals.keys()):
                if card._would_change(name, vals[name]):
                    raise UserError(card._kept_refusal(name))

    def _get_kept_fields(self):
        """Return the names of the fields that this card no longer changes."""
        kept = {"name"}
        if self.state != "expected":
            kept |= {"company_id", "uom_id"}
        return kept if self._may_correct() else kept | self._get_corrected_fields()

    def _get_corrected_fields(self):
        """Return the names of the fields that only a supervisor still changes."""
        if self.state == "expected":
            return set()
        return {"partner_id"} | (set() if self.state in HELD else NAMED_AT_THE_END)

    def _may_correct(self):
        return self.env.su or self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_supervisor"
        )

    def _would_change(self, name, value):
        field = self._fields[name]
        cached = field.convert_to_cache(value, self)
        return field.convert_to_record(cached, self) != self[name]

    def _kept_refusal(self, name):
        field = self._fields[name]._description_string(self.env)
        if name == "partner_id":
            return self.env._(
                "%(card)s is already in use; only a supervisor can change its owner.",
                card=self.display_name,
            )
        if name in NAMED_AT_THE_END:
            return self.env._(
                "We no longer hold %(card)s; only a supervisor can change its "
                "“%(field)s”.",
                card=self.display_name,
                field=field,
            )
        return self.env._(
            "“%(field)s” of %(card)s can no longer be changed, because its events rest "
            "on it; open another card instead.",
            field=field,
            card=self.display_name,
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._clean_values(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("name", NO_NUMBER) in (False, NO_NUMBER):
                vals["name"] = self._next_number(vals.get("company_id"))
        return super().create(vals_list)

    def write(self, vals):
        vals = self._clean_values(vals)
        self._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for card in self:
            if card.event_ids:
                raise UserError(
                    self.env._(
                        "%(card)s has events and cannot be deleted; archive it once "
                        "nothing of it is held any more.",
                        card=card.display_name,
                    )
                )

    @api.model
    def _clean_values(self, vals):
        """Return the values with number and serial free of blanks around them."""
        texts = {name: vals[name] for name in ("name", "serial") if name in vals}
        return {
            **vals,
            **{name: str(text or "").strip() or False for name, text in texts.items()},
        }

    # ------------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------------
    @api.model
    def _next_number(self, company_id=None):
        company = self.env["res.company"].browse(company_id) or self.env.company
        return self._next_of(SEQUENCE, company)

    @api.model
    def _next_of(self, code, company):
        """Return the next number of a company's sequence, which is made when needed."""
        domain = [("code", "=", code), ("company_id", "=", company.id)]
        sequence = self.env["ir.sequence"].sudo().search(domain, limit=1)
        return (sequence or self._create_sequence(code, company)).next_by_id()

    @api.model
    def _get_sequences(self):
        """Return ``{code: (name, prefix)}`` of what is numbered here."""
        return {
            SEQUENCE: (self.env._("Customer property"), "CP/"),
            "rd.property.incident": (
                self.env._("Incident of customer property"),
                "CI/",
            ),
        }

    @api.model
    def _create_sequence(self, code, company):
        """Make a company's sequence; its external id makes uninstall remove it.

        Two at a time: the second one's external id conflicts, and Odoo tries the
        whole request again.
        """
        name, prefix = self._get_sequences()[code]
        values = {
            "name": name,
            "code": code,
            "company_id": company.id,
            "prefix": prefix,
            "padding": 5,
        }
        sequence = self.env["ir.sequence"].sudo().create(values)
        external = {
            "xml_id": f"rd_custody.{code.replace('.', '_')}_sequence_{company.id}",
            "record": sequence,
            "noupdate": True,
        }
        self.env["ir.model.data"].sudo()._update_xmlids([external])
        return sequence

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_register_event(self):
        """Open the short form that registers the next event of this card."""
        self.ensure_one()
        kind = self.env.context.get("default_kind")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "rd.property.register",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_property_id": self.id,
                "default_kind": kind or self._next_kind(),
            },
        }

    def action_open_incidents(self):
        """Open the incidents of this card, or the form of a new one."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Incidents"),
            "res_model": "rd.property.incident",
            "view_mode": "list,kanban,form" if self.incident_count else "form",
            "domain": [("property_id", "=", self.id)],
            "context": {"default_property_id": self.id},
        }

    def _next_kind(self):
        """Return the kind of event that most likely comes next."""
        return "move" if self.state in ("held", "out") else "receive"
