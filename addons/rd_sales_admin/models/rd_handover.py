# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

DESK_ROLES = ("rd_sales_admin.rd_sales_admin_group_clerk",)
OPEN_STATES = ("draft", "open", "sent", "disputed")
EDITABLE_STATES = ("draft", "open")
# Shares are percent with two decimals: thirds of a line are 33.33 and 33.34.
SHARE_DIGITS = 2


class RdHandover(models.Model):
    """The handover of a project or tool to the one who ordered it.

    It releases a share of one order line: accepted, class by class, it reaches the
    milestone, and only then that share can be invoiced.
    """

    _name = "rd.handover"
    _description = "Project Handover"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.workflow.mixin",
        "rd.confirmation.mixin",
    ]
    _order = "date_due desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'sale')]",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        compute="_compute_sale_line_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('order_id', '=', order_id), "
        "('rd_settlement_way', 'in', ('handover', 'stages')), "
        "('qty_delivered_method', '=', 'milestones')]",
        help="The line of the order that is invoiced once this handover is accepted, "
        "or whose contract stages wait for it.",
    )
    share = fields.Float(
        string="Share (%)",
        digits=(5, SHARE_DIGITS),
        copy=False,
        compute="_compute_share",
        store=True,
        readonly=False,
        precompute=True,
        help="Percent of the order line that this handover releases; the handovers of "
        "a line come to 100 % together.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Handed over to",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    project_id = fields.Many2one(
        "project.project", readonly=True, copy=False, index=True
    )
    milestone_id = fields.Many2one(
        "project.milestone",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    template_id = fields.Many2one(
        "rd.handover.template",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    date_due = fields.Date(
        string="Planned for",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._rd_today(),
    )
    place = fields.Char(help="Where the goods are handed over.")
    department = fields.Char(string="Receiving department")
    receiver = fields.Char(
        string="Receiving person", help="Person of the other side who takes over."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    note = fields.Text(string="Remarks")
    line_ids = fields.One2many(
        "rd.handover.line", "handover_id", string="Lines", copy=True
    )
    answer_ids = fields.One2many(
        "rd.handover.answer", "handover_id", string="Answers", readonly=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Handing over"),
            ("sent", "Waits for acceptance"),
            ("disputed", "Disputed"),
            ("accepted", "Accepted"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    accepted_qty = fields.Float(
        string="Released quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Quantity of the order line that the acceptance released.",
    )
    line_count = fields.Integer(compute="_compute_progress", store=True)
    received_count = fields.Integer(
        string="Complete lines", compute="_compute_progress", store=True
    )
    missing_count = fields.Integer(
        string="Missing lines", compute="_compute_progress", store=True
    )
    progress = fields.Float(
        string="Complete (%)", compute="_compute_progress", store=True, digits=(5, 0)
    )
    class_status = fields.Json(
        compute="_compute_class_status",
        help="Per class: lines, complete, accepted, disputed, what blocks it.",
    )
    late = fields.Boolean(
        compute="_compute_late", help="Planned day is over and it is not accepted."
    )

    _share_in_range = models.Constraint(
        "CHECK (share > 0 AND share <= 100)",
        "The share of a handover lies above 0 and is at most 100 %; the other "
        "handovers of the order line may have taken it all.",
    )
    _milestone_once = models.UniqueIndex(
        "(milestone_id) WHERE (milestone_id IS NOT NULL AND state <> 'cancelled')",
        "This milestone belongs to another handover.",
    )

    # ------------------------------------------------------------------
    # What is kept by the system
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "open": ("draft", "sent", "disputed"),
            "sent": ("open", "disputed"),
            "disputed": ("sent",),
            "accepted": ("sent", "disputed"),
            "cancelled": OPEN_STATES,
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            *("name", "project_id", "milestone_id", "accepted_qty"),
            *("line_count", "received_count", "missing_count", "progress"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("accepted", "cancelled")

    def _check_frozen(self, names):
        """Keep who takes over what, once the list is with the other side."""
        heads = {"order_id", "sale_line_id", "share", "partner_id", "company_id"}
        for record in self if heads & set(names) else ():
            if record.state not in EDITABLE_STATES:
                raise UserError(
                    record.env._(
                        "%(handover)s is with %(partner)s; take it back with “Correct "
                        "the list” before order, share or receiver change.",
                        handover=record.name,
                        partner=record.partner_id.name,
                    )
                )
        return super()._check_frozen(names)

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("order_id")
    def _compute_sale_line_id(self):
        for record in self:
            lines = record.order_id.order_line.filtered("rd_is_handed_over")
            if record.sale_line_id not in lines:
                record.sale_line_id = lines[:1]

    @api.depends("sale_line_id")
    def _compute_share(self):
        totals = self.sale_line_id._rd_get_shares(self)
        before = self.sale_line_id._rd_get_reached_by_hand()
        for record in self:
            line = record.sale_line_id._origin
            total = totals.get(line, (0.0, 0.0))[0] + before.get(line, 0.0)
            record.share = max(100.0 - total, 0.0)

    @api.depends("order_id")
    def _compute_partner_id(self):
        for record in self:
            if record.partner_id not in record.order_id._rd_get_parties():
                record.partner_id = record.order_id.partner_id.commercial_partner_id

    @api.depends("line_ids.is_complete")
    def _compute_progress(self):
        for record in self:
            complete = record.line_ids.filtered("is_complete")
            record.line_count = len(record.line_ids)
            record.received_count = len(complete)
            record.missing_count = record.line_count - record.received_count
            record.progress = 100.0 * len(complete) / (record.line_count or 1)

    @api.depends("line_ids.is_complete", "line_ids.verdict", "line_ids.handover_class")
    def _compute_class_status(self):
        for record in self:
            record.class_status = record._get_class_status()

    def _get_class_status(self):
        """Return one dictionary per class of the list, in the order of classes."""
        self.ensure_one()
        status = []
        field = self.env["rd.handover.line"]._fields["handover_class"]
        for code, label in field._description_selection(self.env):
            lines = self.line_ids.filtered(
                lambda line, code=code: line.handover_class == code
            )
            if lines:
                status.append({"code": code, "label": label, **lines._get_status()})
        return status

    @api.depends("state", "date_due", "company_id")
    def _compute_late(self):
        for record in self:
            today = record.company_id._rd_today()
            pending = record.state in OPEN_STATES
            record.late = bool(pending and record.date_due and record.date_due < today)

    @api.depends("name", "partner_id.name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(
                filter(None, (record.name, record.partner_id.name))
            )

    # ------------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------------
    @api.constrains("partner_id", "order_id")
    def _check_party(self):
        for record in self:
            parties = record.order_id._rd_get_parties()
            if record.partner_id.commercial_partner_id not in parties:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is not a party of %(order)s; it can be handed "
                        "over only to %(parties)s.",
                        partner=record.partner_id.display_name,
                        order=record.order_id.name,
                        parties=", ".join(parties.mapped("name")),
                    )
                )

    @api.constrains("sale_line_id", "order_id", "state")
    def _check_sale_line(self):
        for record in self.filtered(lambda one: one.state in OPEN_STATES):
            line = record.sale_line_id
            if line.order_id != record.order_id or not line.rd_is_handed_over:
                raise ValidationError(
                    self.env._(
                        "%(line)s of %(order)s is not handed over; choose a service "
                        "line with milestones of this order.",
                        line=line.name or "?",
                        order=record.order_id.name,
                    )
                )

    @api.constrains("order_id")
    def _check_goods(self):
        self.line_ids._check_delivery_line()

    @api.constrains("share", "sale_line_id", "state")
    def _check_shares(self):
        before = self.sale_line_id._rd_get_reached_by_hand()
        for line, (share, accepted) in self.sale_line_id._rd_get_shares().items():
            total = share + before.get(line, 0.0)
            above = float_compare(total, 100.0, precision_digits=SHARE_DIGITS) > 0
            if above or (accepted and not self._is_whole(total)):
                raise ValidationError(
                    self.env._(
                        "The handovers of %(line)s (%(order)s) come to %(total)s %% "
                        "together; they have to come to 100 %%.",
                        line=line.name,
                        order=line.order_id.name,
                        total=f"{total:g}",
                    )
                )

    @api.model
    def _is_whole(self, total):
        return float_compare(total, 100.0, precision_digits=SHARE_DIGITS) == 0

    def _get_whole(self):
        """Return the percent that the live handovers of the order line come to, with
        what was reached by hand before there was one."""
        self.ensure_one()
        line = self.sale_line_id
        share = line._rd_get_shares().get(line, (0.0, 0.0))[0]
        return share + line._rd_get_reached_by_hand().get(line, 0.0)

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Number the handovers, start their lists and give each its milestone."""
        records = super().create(vals_list)
        for record in records:
            record._as_internal().write({"name": record._next_name()})
            if not record.line_ids:
                record._fill_from_template()
        records._link_milestones()
        return records

    def _next_name(self):
        return (
            self.env["ir.sequence"]
            .sudo()
            .with_company(self.company_id)
            .next_by_code("rd.handover")
            or "/"
        )

    def _fill_from_template(self):
        """Start the list with what the template and the order's goods propose."""
        self.ensure_one()
        known = {(line.handover_class, line.name) for line in self.line_ids}
        values = self.template_id._prepare_lines() if self.template_id else []
        values = [v for v in values if (v["handover_class"], v["name"]) not in known]
        values += self._prepare_delivered_lines()
        self.write({"line_ids": [Command.create(item) for item in values]})

    def _prepare_delivered_lines(self):
        """Return lines for the goods of the order: what is received of them is what
        Odoo's transfers have delivered."""
        known = self.env["rd.handover.line"].search(
            [
                ("delivery_line_id.order_id", "=", self.order_id.id),
                ("handover_id.state", "!=", "cancelled"),
            ]
        )
        goods = self.order_id.order_line.filtered(
            lambda line: line.qty_delivered_method == "stock_move" and line.product_id
        )
        return [
            line._rd_prepare_handover_line() for line in goods - known.delivery_line_id
        ]

    def action_fill(self):
        """Add what the template and the order's goods propose and the list has not."""
        self._check_desk()
        for record in self:
            record._fill_from_template()
        return True

    def copy(self, default=None):
        """Copies release nothing twice: the share is what is left of the line."""
        for record in self:
            if self._is_whole(record._get_whole()):
                raise UserError(
                    self.env._(
                        "%(handover)s cannot be copied: the handovers of its order "
                        "line come to 100 %% already.",
                        handover=record.name,
                    )
                )
        return super().copy(default)

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    def _check_desk(self):
        """Refuse whoever does not run the desk."""
        self.check_access("write")

    def action_start(self):
        """Fix the list as begun: from now on lines are received."""
        self._check_desk()
        for record in self:
            if not record.line_ids:
                raise UserError(
                    self.env._(
                        "%s has no lines; choose a template or add what is handed "
                        "over.",
                        record.name,
                    )
                )
        self._move_to("open")
        return True

    def action_send(self):
        """Show the list to the other side and ask it to accept, class by class."""
        self._check_desk()
        for record in self.filtered(lambda one: one.state == "draft"):
            record.action_start()
        self._move_to("sent")
        for record in self:
            record._fix_revision()
            record.line_ids._request_missing()
        return True

    def action_correct(self):
        """Take the list back to correct it; what was accepted of it stays."""
        self._check_desk()
        self._move_to("open")
        return True

    def action_cancel(self):
        """Cancel handovers that are not accepted; their share becomes free."""
        self._check_desk()
        self._move_to("cancelled")
        return True

    def _why_not(self, target):
        if target == "sent" and not self.line_ids:
            return self.env._("%s has no lines to accept.", self.name)
        if target == "accepted":
            return self._get_gate_refusal()
        return super()._why_not(target)

    def _after_transition(self, target):
        if target == "cancelled":
            self._let_go_milestones()
            self.line_ids._close_requests()
        elif target == "accepted":
            self._reach_milestones()
            self.line_ids._close_requests()
            self._after_accepted()
        return super()._after_transition(target)

    def _after_accepted(self):
        """Tell the stages of the contract once a line is handed over as a whole."""
        for record in self:
            line = record.sale_line_id
            released = line._rd_get_released()
            if line.product_uom_id.compare(released, line.product_uom_qty) >= 0:
                today = record.company_id._rd_today()
                self.env["rd.contract.stage"]._trigger("handover", line, today)

    def action_view_order(self):
        """Open the order of the handover."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
