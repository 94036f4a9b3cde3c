# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class RdPropertyCount(models.Model):
    """One count of customers' property: seen on the spot, signed off by another.

    What was found becomes an event of the cards only when somebody else than the
    counter has signed it off; differences are counted a second time before.
    """

    _name = "rd.property.count"
    _description = "Count of Customer Property"
    _inherit = [
        "rd.property.count.scope",
        "rd.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_due desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    plan_id = fields.Many2one(
        "rd.property.count.plan",
        string="Schedule",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    user_id = fields.Many2one(
        default=lambda self: self.env.user,
        tracking=True,
    )
    date_due = fields.Date(
        string="Due on",
        required=True,
        default=lambda self: self.env.company._rd_today(),
        tracking=True,
    )
    started_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    started_date = fields.Datetime(readonly=True, copy=False)
    signed_by_id = fields.Many2one(
        "res.users", string="Signed off by", readonly=True, copy=False, tracking=True
    )
    signed_date = fields.Datetime(string="Signed off on", readonly=True, copy=False)
    line_ids = fields.One2many(
        "rd.property.count.line", "count_id", string="Cards", copy=False
    )
    line_count = fields.Integer(compute="_compute_counts", string="Cards to count")
    counted_count = fields.Integer(compute="_compute_counts", string="Counted")
    difference_count = fields.Integer(compute="_compute_counts", string="Differences")
    is_overdue = fields.Boolean(compute="_compute_is_overdue", string="Overdue")
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("counting", "Being counted"),
            ("review", "To be signed off"),
            ("done", "Signed off"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )

    @api.depends("line_ids.is_counted", "line_ids.differs")
    def _compute_counts(self):
        for count in self:
            count.line_count = len(count.line_ids)
            count.counted_count = len(count.line_ids.filtered("is_counted"))
            count.difference_count = len(count.line_ids.filtered("differs"))

    @api.depends("date_due", "state")
    def _compute_is_overdue(self):
        for count in self:
            count.is_overdue = (
                count.state not in ("done", "cancelled")
                and bool(count.date_due)
                and count.date_due < count.company_id._rd_today()
            )

    # ------------------------------------------------------------------
    # Workflow
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "counting": ("planned", "review"),
            "review": ("counting",),
            "done": ("review",),
            "cancelled": ("planned", "counting", "review"),
        }

    @api.model
    def _get_frozen_states(self):
        return ("done", "cancelled")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "started_by_id",
            "started_date",
            "signed_by_id",
            "signed_date",
        }

    def _frozen_refusal(self):
        return self.env._(
            "%(count)s is signed off or cancelled; count again with a new count.",
            count=self.display_name,
        )

    def action_start(self):
        """List the cards that should be there, with what they should be.

        :raise UserError: when nothing is in scope
        """
        self._check_may_count()
        for count in self:
            if count.state != "planned":
                raise UserError(
                    self.env._("%s has been started already.", count.display_name)
                )
            cards = self.env["rd.property"].search(count._get_card_domain())
            if not cards:
                raise UserError(
                    self.env._(
                        "Nothing is held in the scope of %s.", count.display_name
                    )
                )
            count._start(cards)
        return True

    def action_submit(self):
        """Hand the count over to be signed off.

        :raise UserError: while a card was not looked at
        """
        self._check_may_count()
        for count in self:
            missing = count.line_ids.filtered(lambda line: not line.is_counted)
            if missing:
                raise UserError(
                    self.env._(
                        "%(cards)s of %(count)s not looked at yet, the first is "
                        "%(card)s.",
                        cards=len(missing),
                        count=count.display_name,
                        card=missing[0].property_id.display_name,
                    )
                )
            count._submit()
        return True

    def action_back(self):
        """Give it back to be counted on."""
        self.check_access("write")
        self._move_to("counting")
        return True

    def action_cancel(self):
        """Cancel a count that is not signed off; nothing of it reaches the cards."""
        self.check_access("write")
        self._move_to("cancelled")
        return True

    def action_sign_off(self):
        """Sign it off: what was found is written on the cards.

        :raise UserError: for who counted, and while a difference was not counted a
            second time
        """
        self.check_access("write")
        for count in self:
            count._move_to(
                "done",
                {"signed_by_id": self.env.uid, "signed_date": fields.Datetime.now()},
            )
        return True

    def _why_not(self, target):
        if target == "done":
            return self._why_not_sign_off()
        return super()._why_not(target)

    def _why_not_sign_off(self):
        counters = self.started_by_id | self.user_id | self.line_ids.counted_by_id
        if self.env.user in counters:
            return self.env._(
                "%s is signed off by somebody who did not count.", self.display_name
            )
        for line in self.line_ids:
            if reason := line._why_not_sign_off():
                return reason
        return False

    def _after_transition(self, target):
        if target == "done":
            self.line_ids._write_events()
        return super()._after_transition(target)

    # ------------------------------------------------------------------
    # On the spot
    # ------------------------------------------------------------------
    def action_scan(self, code):
        """Return the id of the line of a scanned card; a stray card gets a line.

        :param code: what the label says
        :raise UserError: for an unknown label, and when nothing is being counted
        """
        self.ensure_one()
        self._check_may_count()
        if self.state != "counting":
            raise UserError(
                self.env._("%s is not being counted now.", self.display_name)
            )
        card = self.env["rd.property"]._find_scanned(code)
        line = self.line_ids.filtered(lambda one: one.property_id == card)
        if not line:
            line = self._add_stray(card)
        return line.id

    def _check_may_count(self):
        """Refuse who may only look at counts; the floor has no rights on the count."""
        self.check_access("read")
        self.env["rd.property.count.line"].check_access("write")

    def _start(self, cards):
        """Freeze what should be there; the floor counts without rights on the count."""
        internal = self.sudo()._as_internal()
        internal.line_ids = [
            Command.create({"property_id": card.id, "expected_quantity": card.quantity})
            for card in cards
        ]
        internal._move_to(
            "counting",
            {"started_by_id": self.env.uid, "started_date": fields.Datetime.now()},
        )

    def _submit(self):
        self.sudo()._move_to("review")

    def _add_stray(self, card):
        """List a card that is here although it should be elsewhere."""
        lines = self.env["rd.property.count.line"].sudo()._as_internal()
        line = lines.create(
            {
                "count_id": self.id,
                "property_id": card.id,
                "expected_quantity": card.quantity,
                "is_stray": True,
            }
        )
        return line.with_env(self.env)

    @api.model
    def _get_overdue(self, company, day):
        """Return the counts that had to be signed off by ``day`` and are not."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("planned", "counting", "review")),
                ("date_due", "<=", day),
            ]
        )
