# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from .rd_order_progress import PROGRESS_STAGES

CLERK = "rd_sales_admin.rd_sales_admin_group_clerk"
RELEASE_STATES = [
    ("draft", "Draft"),
    ("sent", "Released, to be answered"),
    ("accepted", "In work"),
    ("refused", "Refused"),
    ("ready", "Finished"),
    ("cancelled", "Cancelled"),
]
# What the department was sent with the slip.
TOLD = {"order_id", "department_id", "line_ids", "wanted_date", "drawing_ids"}


class RdOrderRelease(models.Model):
    """The slip by which an order goes to a department (订单下达).

    The department accepts with a promised date or refuses with a reason; from
    then on it tells stage and date until the goods are ready.
    """

    _name = "rd.order.release"
    _description = "Order Release"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.workflow.mixin"]
    _order = "wanted_date, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    number = fields.Integer(readonly=True, copy=False)
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'sale')]",
    )
    order_name = fields.Char(related="order_id.name", store=True, string="Order number")
    order_stage = fields.Selection(
        related="order_id.rd_order_stage", store=True, string="Stage of the order"
    )
    order_kind = fields.Selection(related="order_id.rd_order_kind", store=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="order_id.partner_id.commercial_partner_id",
        store=True,
        index=True,
        string="Customer",
    )
    department_id = fields.Many2one(
        "rd.department",
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        default=lambda self: self._default_department(),
    )
    line_ids = fields.One2many("rd.order.release.line", "release_id", copy=True)
    goods = fields.Char(compute="_compute_goods", store=True)
    drawing_ids = fields.Many2many(
        "ir.attachment",
        "rd_order_release_drawing_rel",
        "release_id",
        "attachment_id",
        string="Drawings",
        bypass_search_access=True,
        copy=False,
    )
    wanted_date = fields.Date(string="Wanted on", tracking=True)
    note = fields.Text(string="Remarks")
    state = fields.Selection(
        RELEASE_STATES,
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        index=True,
    )
    stage = fields.Selection(
        PROGRESS_STAGES,
        string="Stage of the work",
        readonly=True,
        copy=False,
        tracking=True,
    )
    promised_date = fields.Date(
        string="Promised on", readonly=True, copy=False, tracking=True
    )
    released_date = fields.Datetime(readonly=True, copy=False)
    released_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    answer_due = fields.Datetime(
        string="Answer due",
        readonly=True,
        copy=False,
        help="One working day after the release.",
    )
    answered_date = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    refusal = fields.Char(
        string="Why refused", readonly=True, copy=False, tracking=True
    )
    ready_date = fields.Date(readonly=True, copy=False)
    progress_ids = fields.One2many("rd.order.progress", "release_id", readonly=True)

    _number_once = models.UniqueIndex(
        "(order_id, number)", "This number of a release slip is already in use."
    )
    _open_floor = models.Index(
        "(department_id, wanted_date) WHERE state IN ('sent', 'accepted')"
    )

    def _default_department(self):
        found = self.env["rd.department"].search(
            [("company_id", "=", self.env.company.id)], limit=2
        )
        return found if len(found) == 1 else False

    @api.depends("order_id.name", "number")
    def _compute_name(self):
        for release in self:
            parts = [release.order_id.name or "", str(release.number or "")]
            release.name = "/".join(part for part in parts if part)

    @api.depends("line_ids.name", "line_ids.part", "line_ids.quantity")
    def _compute_goods(self):
        """One line for phones: the first part, and how many more there are."""
        for release in self:
            texts = [line.part or line.name for line in release.line_ids]
            more = f" +{len(texts) - 1}" if len(texts) > 1 else ""
            release.goods = f"{texts[0]}{more}" if texts else False

    # ------------------------------------------------------------------
    # Making and guarding
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "number",
            "stage",
            "promised_date",
            "released_date",
            "released_by_id",
            "answer_due",
            "answered_date",
            "answered_by_id",
            "refusal",
            "ready_date",
            "progress_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        releases = super().create(vals_list)
        for release in releases:
            release._as_internal().number = release._get_next_number()
        releases._own_drawings()
        return releases

    def _get_next_number(self):
        groups = self.env["rd.order.release"]._read_group(
            [("order_id", "=", self.order_id.id)], [], ["number:max"]
        )
        return (groups[0][0] or 0) + 1

    def write(self, vals):
        if not self._is_internal():
            self._check_handed_over(vals)
        res = super().write(vals)
        if "drawing_ids" in vals:
            self._own_drawings()
        return res

    def _check_handed_over(self, vals):
        """What the department was told does not change behind its back."""
        told = TOLD & set(vals)
        for release in self:
            if told and release.state not in ("draft", "refused"):
                raise UserError(
                    self.env._(
                        "%(slip)s is with %(department)s; cancel it and release a new "
                        "slip with what is right.",
                        slip=release.display_name,
                        department=release.department_id.name,
                    )
                )

    def _own_drawings(self):
        """Let whoever may see the slip see its drawings, and nobody else."""
        for release in self:
            self.env["ir.attachment"]._rd_give_to(release, "drawing_ids")

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "sent": ("draft", "refused"),
            "accepted": ("sent", "ready"),
            "refused": ("sent",),
            "ready": ("sent", "accepted"),
            "cancelled": ("draft", "sent", "refused", "accepted", "ready"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("cancelled",)

    def _why_not(self, target):
        if target == "sent":
            return self._why_not_sent()
        return super()._why_not(target)

    def _why_not_sent(self):
        env, name = self.env, self.display_name
        order = self.order_id
        if order.state != "sale":
            return env._(
                "%(slip)s: confirm %(order)s first.", slip=name, order=order.name
            )
        if not order._rd_is_signed():
            return env._(
                "%(slip)s: %(order)s waits for its signature; release it when it is "
                "signed.",
                slip=name,
                order=order.name,
            )
        if not self.department_id or not self.wanted_date or not self.line_ids:
            return env._(
                "%(slip)s: name the department, the wanted date and what to make.",
                slip=name,
            )
        return self._why_too_much()

    def _why_too_much(self):
        """Return why a quantity is more than what was ordered, or False."""
        before = self.line_ids._get_released_before()
        for line in self.line_ids.filtered("sale_line_id"):
            sold = line.sale_line_id
            same = self.line_ids.filtered(
                lambda one, sold=sold: one.sale_line_id == sold
            )
            wanted = sum(same.mapped("quantity")) + before.get(sold, 0.0)
            if sold.product_uom_id.compare(wanted, sold.product_uom_qty) > 0:
                return self.env._(
                    "%(slip)s: %(wanted)s of %(part)s would be released, %(ordered)s "
                    "are ordered; lower the quantity.",
                    slip=self.display_name,
                    wanted=f"{wanted:g}",
                    part=line.part or line.name,
                    ordered=f"{sold.product_uom_qty:g}",
                )
        return False

    def action_release(self):
        """Hand the slips to their departments, with mail, slip and drawings.

        :raise UserError: when an order is not confirmed or not signed, or more
            would be released than was ordered
        """
        self.check_access("write")
        now = fields.Datetime.now()
        for release in self:
            due = release.company_id._rd_add_working_days(now, 1)
            moved = release._move_to(
                "sent",
                {
                    "released_date": now,
                    "released_by_id": self.env.uid,
                    "answer_due": due,
                    "refusal": False,
                    "reminded_date": False,
                    "escalated_date": False,
                },
            )
            moved._send_slip()
        return True

    def action_cancel(self):
        """Take slips back; the departments are told."""
        self.check_access("write")
        told = self.filtered(lambda item: item.state in ("sent", "accepted"))
        self._move_to("cancelled")
        for release in told:
            release._post_to_department(
                self.env._("%s is taken back; please stop.", release.name)
            )
        return True

    def _after_transition(self, target):
        if target != "sent":
            planned = self.sudo().filtered("activity_ids")
            planned.activity_feedback(["mail.mail_activity_data_todo"])
        return super()._after_transition(target)

    def action_open_floor(self):
        """Open the page on which the answer of the department is entered."""
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "rd_sales_admin.floor",
            "name": self.env._("News by phone"),
            "context": {"rd_release_ids": self.ids},
        }

    # ------------------------------------------------------------------
    # The department's mail
    # ------------------------------------------------------------------
    def _send_slip(self):
        for release in self:
            release._post_to_department(
                self.env._(
                    "%(slip)s for %(partner)s: %(goods)s, wanted on %(wanted)s. Please "
                    "accept with a date or refuse with a reason by %(due)s.",
                    slip=release.name,
                    partner=release.partner_id.name,
                    goods=release.goods or "",
                    wanted=release.wanted_date,
                    due=release.company_id._rd_local_date(release.answer_due),
                ),
                attachments=release._get_slip_files(),
                attachment_ids=release.drawing_ids.ids,
            )

    def _get_slip_files(self):
        content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "rd_sales_admin.action_report_order_release", self.ids
        )
        return [(f"{self.name.replace('/', '-')}.{kind}", content)]

    def _post_to_department(self, body, **kwargs):
        """Write to the head and the mailbox of the department."""
        self.ensure_one()
        department = self.department_id.sudo()
        people = department.head_id or department.member_ids
        extra = {"outgoing_email_to": department.email} if department.email else {}
        self.message_post(
            body=body,
            partner_ids=people.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **extra,
            **kwargs,
        )

    def _rd_prepare_paper(self):
        """Return all that is printed of the slip, see ``rd.paper``."""
        self.ensure_one()
        return self.env["rd.paper"]._prepare_release_slip(self)

    # ------------------------------------------------------------------
    # From the order
    # ------------------------------------------------------------------
    @api.model
    def _prepare_of_order(self, order):
        """Return values of a slip for what of an order is not released yet."""
        lines = order.order_line.filtered(
            lambda line: line.product_id and not line.display_type
        )
        before = self._get_released(lines)
        values = []
        for line in lines:
            rest = line.product_uom_qty - before.get(line, 0.0)
            if line.product_uom_id.compare(rest, 0.0) > 0:
                values.append(Command.create(self._prepare_line(line, rest)))
        wanted = order.commitment_date
        return {
            "order_id": order.id,
            "wanted_date": wanted and order.company_id._rd_local_date(wanted),
            "line_ids": values,
        }

    @api.model
    def _get_released(self, lines):
        groups = self.env["rd.order.release.line"]._read_group(
            [
                ("sale_line_id", "in", lines.ids),
                ("release_id.state", "!=", "cancelled"),
            ],
            ["sale_line_id"],
            ["quantity:sum"],
        )
        return dict(groups)

    @api.model
    def _prepare_line(self, line, quantity):
        code = line.product_id.default_code or ""
        return {
            "sale_line_id": line.id,
            "part": code,
            # The number has a column of its own.
            "name": line.name.splitlines()[0].removeprefix(f"[{code}] "),
            "quantity": quantity,
            "unit": line.product_uom_id.name,
        }

    def _check_may_answer(self):
        """Refuse whoever neither works in the department nor runs the desk.

        :raise AccessError: naming the slip
        """
        self.check_access("read")
        if self.env.user.has_group(CLERK):
            return
        for release in self:
            if self.env.user not in release.department_id.sudo()._get_people():
                raise AccessError(
                    self.env._(
                        "%(slip)s is answered by its department.", slip=release.name
                    )
                )
