# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_property_incident import DESK

CLERK = "rd_sales_admin.rd_sales_admin_group_clerk"
CHANNELS = [
    ("phone", "Phone"),
    ("message", "E-mail or messenger"),
    ("fax", "Fax or letter"),
    ("visit", "Brought along"),
    ("portal", "Portal"),
    ("house", "Found in the house"),
]
# What takes nothing of a delivery any more
DEAD_STATES = ("refused", "cancelled")
# In these the lines and what is said of them stay as they are
SETTLED_STATES = ("settled", "closed", *DEAD_STATES)


class RdReturn(models.Model):
    """Goods that come back from a customer: asked for, inspected, decided, settled.

    One record may hold goods of several deliveries and orders. The goods themselves
    ride on Odoo's own returns, one transfer per delivery, so that they reach the
    statement and the delivered quantity as every return does.
    """

    _name = "rd.return"
    _description = "Return of Goods"
    _inherit = ["rd.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "requested_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, default="/", copy=False, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    reason_id = fields.Many2one(
        "rd.return.reason",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    description = fields.Text(string="What is wrong")
    requested_by = fields.Char(string="Asked for by", help="Person of the customer.")
    channel = fields.Selection(
        CHANNELS, string="How it was asked for", required=True, default="phone"
    )
    requested_date = fields.Datetime(
        string="Asked for on",
        required=True,
        default=fields.Datetime.now,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handled by",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
        tracking=True,
    )
    photo_ids = fields.Many2many(
        "ir.attachment",
        "rd_return_photo_rel",
        "return_id",
        "attachment_id",
        string="Photos",
        bypass_search_access=True,
    )
    line_ids = fields.One2many("rd.return.line", "return_id", string="Goods")
    inspected_by_id = fields.Many2one(
        "res.users", string="Inspected by", readonly=True, copy=False, tracking=True
    )
    inspected_date = fields.Datetime(string="Inspected on", readonly=True, copy=False)
    inspection = fields.Text(string="What was found", copy=False, groups=DESK)
    inspection_photo_ids = fields.Many2many(
        "ir.attachment",
        "rd_return_inspection_rel",
        "return_id",
        "attachment_id",
        string="Photos of the inspection",
        copy=False,
        bypass_search_access=True,
    )
    settled_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False, tracking=True
    )
    answered_date = fields.Datetime(
        string="Answered on", readonly=True, copy=False, tracking=True
    )
    answer = fields.Text(
        string="Answer to the customer",
        copy=False,
        help="Why it is refused, or what else the customer should know.",
    )
    state = fields.Selection(
        [
            ("draft", "Asked for"),
            ("accepted", "Coming back"),
            ("inspected", "Inspected"),
            ("settled", "Decided"),
            ("closed", "Closed"),
            ("refused", "Refused"),
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
        "A return with this number exists already.",
    )

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "accepted": ("draft",),
            "inspected": ("draft", "accepted"),
            "settled": ("inspected",),
            "closed": ("settled",),
            "refused": ("draft", "accepted", "inspected"),
            "cancelled": ("draft", "accepted"),
        }

    @api.model
    def _get_frozen_states(self):
        return SETTLED_STATES

    @api.model
    def _get_open_fields(self):
        return super()._get_open_fields() | {"user_id"}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "name",
            "inspected_by_id",
            "inspected_date",
            "settled_by_id",
            "answered_date",
            "escalated_date",
        }

    def _frozen_refusal(self):
        return self.env._(
            "%(record)s is decided and does not change any more; what else comes back "
            "is another return.",
            record=self.display_name,
        )

    def _why_not(self, target):
        if target in ("accepted", "inspected") and not self.line_ids:
            return self.env._(
                "Say which goods come back with %(record)s.", record=self.display_name
            )
        if target == "inspected" and not (self.inspection or "").strip():
            return self.env._(
                "Say what was found when %(record)s was inspected.",
                record=self.display_name,
            )
        if target == "refused" and not (self.answer or "").strip():
            return self.env._(
                "Say in the answer why %(record)s is refused.",
                record=self.display_name,
            )
        return super()._why_not(target)

    @api.model
    def _check_desk(self):
        """Refuse who may report and inspect, but decides nothing."""
        if not (self.env.su or self.env.user.has_group(CLERK)):
            raise UserError(
                self.env._("What happens to returned goods is decided by the desk.")
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._give_numbers()
        records._keep_papers()
        return records

    def _give_numbers(self):
        """Number them; whoever may only report writes no number."""
        cards = self.env["rd.property"].sudo()
        for record in self.sudo()._as_internal():
            record.name = cards._next_of("rd.return", record.company_id)

    def write(self, vals):
        res = super().write(vals)
        if {"photo_ids", "inspection_photo_ids"} & vals.keys():
            self._keep_papers()
        return res

    def unlink(self):
        """Give back what was asked for of the deliveries."""
        moves = self.line_ids.move_id
        res = super().unlink()
        moves._rd_note_returning()
        return res

    def _keep_papers(self):
        """Photos belong to the return, so that its rights rule them."""
        for record in self:
            self.env["ir.attachment"]._rd_give_to(
                record, "photo_ids", "inspection_photo_ids"
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_accept(self):
        """Let the goods come; the customer sees it on the portal.

        :raise UserError: without goods
        """
        self.check_access("write")
        self._check_desk()
        self._move_to("accepted")
        return True

    def action_inspect(self):
        """Write down who inspected the goods and when; what was found is told before.

        :raise UserError: without goods, or without a word on what was found
        """
        self.check_access("write")
        self._move_to(
            "inspected",
            {
                "inspected_by_id": self.env.uid,
                "inspected_date": fields.Datetime.now(),
            },
        )
        return True

    def action_refuse(self):
        """Refuse the return with the reason in the answer; the goods stay there.

        :raise UserError: without an answer
        """
        self.check_access("write")
        self._check_desk()
        moved = self._move_to("refused", self._prepare_answered())
        moved._note_returning()
        moved._tell_customer()
        return True

    def action_cancel(self):
        """Take back what was asked for by mistake."""
        self.check_access("write")
        self._check_desk()
        self._move_to("cancelled")._note_returning()
        return True

    def action_settle(self):
        """Take the goods back and do with each line what was decided for it.

        Everything happens at once or not at all; a repeat changes nothing.

        :raise UserError: where a line has no decision, or stock refuses
        """
        self.check_access("write")
        self._check_desk()
        for record in self:
            values = {**record._prepare_answered(), "settled_by_id": self.env.uid}
            if record._move_to("settled", values):
                record.line_ids._settle()
                record._tell_customer()
        return True

    def action_close(self):
        """Close it once nothing of it is under way any more.

        :raise UserError: naming the transfers that are still open
        """
        self.check_access("write")
        self._check_desk()
        self._move_to("closed")
        return True

    def _prepare_answered(self):
        return {"answered_date": fields.Datetime.now()}

    def _note_returning(self):
        """Give back to the deliveries what no longer comes back of them."""
        self.line_ids.move_id._rd_note_returning()
