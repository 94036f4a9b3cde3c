# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .rd_collection_plan import FROZEN

# What a person plans; all else of a line is a fact of the snapshot.
TYPED = {"planned_date", "planned_amount", "way", "user_id", "note"}
RESULTS = {
    "closed_received",
    "closed_credited",
    "closed_waiting",
    "closed_on_time",
    "closed_early",
    "closed_late",
}
WAYS = [
    ("transfer", "Bank transfer"),
    ("bill", "Acceptance bill"),
    ("offset", "Offset"),
]


class RdCollectionPlanLine(models.Model):
    """One open item on the plan: what it was, and what is planned for it.

    The journal item is kept by its number and by name, not as a link that the books
    could empty: an approved line reads the same whatever becomes of the entry.
    """

    _name = "rd.collection.plan.line"
    _description = "Line of a Collection Plan"
    _inherit = ["rd.guarded.mixin"]
    _order = "plan_id, partner_name, due_date, id"
    _rec_name = "item_name"

    plan_id = fields.Many2one(
        "rd.collection.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_state = fields.Selection(related="plan_id.state", string="State of the plan")
    item_id = fields.Integer(string="Journal item no.", required=True, index=True)
    item_name = fields.Char(string="Number", required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="restrict"
    )
    partner_name = fields.Char(string="Name of the customer")
    partner_class = fields.Selection(
        [("affiliate", "Affiliate"), ("outside", "Outside customer")],
        string="Customer class",
    )
    user_id = fields.Many2one(
        "res.users", string="Owner", index="btree_not_null", ondelete="restrict"
    )
    document_date = fields.Date()
    due_date = fields.Date()
    waits_for = fields.Selection(
        selection=lambda self: self._selection_waits_for(), string="Waits for"
    )
    kind = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("due", "Due"),
            ("stage", "Stage"),
            ("retention", "Retention"),
            ("promise", "Promised"),
            ("later", "Not due yet"),
            ("waits", "Not due: waits"),
        ],
        required=True,
        index=True,
    )
    item_amount = fields.Monetary(string="Amount of the item")
    opening_amount = fields.Monetary(
        string="Open", help="Open at the end of the plan's day, bills counted by kind."
    )
    planned_date = fields.Date(string="Planned on")
    planned_amount = fields.Monetary(string="Planned")
    proposed_date = fields.Date(
        readonly=True, help="What was proposed from the facts; tells what was typed."
    )
    proposed_amount = fields.Monetary(readonly=True)
    way = fields.Selection(WAYS, default="transfer", required=True)
    target = fields.Float(string="Target (%)", digits=(5, 2), aggregator="avg")
    note = fields.Char()
    closed_received = fields.Monetary(readonly=True)
    closed_on_time = fields.Monetary(readonly=True)
    closed_credited = fields.Monetary(readonly=True)
    closed_waiting = fields.Monetary(readonly=True)
    closed_early = fields.Monetary(readonly=True)
    closed_late = fields.Monetary(readonly=True)
    change_ids = fields.One2many(
        "rd.collection.plan.change", "line_id", string="Changes since"
    )

    _item_once = models.UniqueIndex(
        "(plan_id, item_id)", "This item already stands on the plan."
    )

    @api.model
    def _selection_waits_for(self):
        return (
            self.env["account.move"]
            ._fields["rd_due_waits_for"]
            ._description_selection(self.env)
        )

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.constrains("planned_amount", "planned_date")
    def _check_planned(self):
        for line in self:
            currency = line.company_id.currency_id
            if line.planned_amount < 0 or (
                currency.compare_amounts(line.planned_amount, line.opening_amount) > 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(item)s of %(partner)s: plan between 0 and the open "
                        "%(open)s.",
                        item=line.item_name,
                        partner=line.partner_name,
                        open=currency.format(line.opening_amount),
                    )
                )
            line._check_planned_day()

    def _check_planned_day(self):
        first, last = self.plan_id._get_period()
        if self.planned_date and not first <= self.planned_date <= last:
            raise ValidationError(
                self.env._(
                    "%(item)s of %(partner)s: %(day)s does not lie in %(month)s, the "
                    "month of the plan.",
                    item=self.item_name,
                    partner=self.partner_name,
                    day=self.planned_date,
                    month=self.plan_id.name,
                )
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | (self._get_stored_names() - TYPED)

    @api.model_create_multi
    def create(self, vals_list):
        """Take lines from the proposal only: each stands for an item of the books."""
        if not self._is_internal():
            raise UserError(
                self.env._(
                    "Lines of a collection plan are proposed from the open items; use "
                    "the button on the plan."
                )
            )
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        if set(vals) - RESULTS:
            self._check_open()
        res = super().write(vals)
        if TYPED & vals.keys() and not self._is_internal():
            self.plan_id._note_editor()
        return res

    def copy_data(self, default=None):
        """Refuse: an item stands on a plan once."""
        raise UserError(self.env._("An item stands on a collection plan once."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        self._check_open()
        if not self._is_internal():
            self.plan_id._note_editor()

    def _check_open(self):
        """Refuse whatever touches a frozen baseline, from inside and outside."""
        for plan in self.plan_id:
            if plan.state in FROZEN:
                raise UserError(plan._frozen_sentence())
            if plan.state == "submitted" and not self._is_internal():
                raise UserError(
                    self.env._(
                        "The plan of %(month)s is submitted; take it back before its "
                        "lines are changed.",
                        month=plan.name,
                    )
                )

    def _keep_typed(self, vals):
        """Return the new facts of a line without what a person planned for it: what
        is still as it was proposed follows the facts."""
        self.ensure_one()
        currency = self.company_id.currency_id
        typed = currency.compare_amounts(self.planned_amount, self.proposed_amount)
        keep = {"user_id"} if self.user_id else set()
        if (
            typed
            and currency.compare_amounts(self.planned_amount, vals["opening_amount"])
            <= 0
        ):
            keep.add("planned_amount")
        if self.planned_date != self.proposed_date:
            keep.add("planned_date")
        return {name: value for name, value in vals.items() if name not in keep}

    def _get_baseline_row(self):
        """Return what the approval froze of this line."""
        self.ensure_one()
        places = self.company_id.currency_id.decimal_places
        return [
            self.item_id,
            self.item_name,
            self.partner_name,
            self.partner_class or "",
            self.document_date,
            self.due_date,
            self.waits_for or "",
            self.kind,
            *(
                f"{self[name]:.{places}f}"
                for name in ("item_amount", "opening_amount", "planned_amount")
            ),
            self.planned_date,
            self.way,
            self.user_id.id,
            f"{self.target:.2f}",
        ]

    # ------------------------------------------------------------------
    # Beside the baseline
    # ------------------------------------------------------------------
    def action_revise(self, planned_date=None, planned_amount=None, reason=None):
        """Note beside an approved baseline what is expected now, and why.

        :raise UserError: without a reason, before the approval, or for an amount
            that is not between 0 and what was open
        """
        self.ensure_one()
        self.check_access("read")
        self.plan_id.check_access("write")
        self.plan_id._check_desk()
        return self.env["rd.collection.plan.change"]._note(
            self, planned_date, planned_amount, reason
        )

    def action_open_item(self):
        """Open the journal entry of the item."""
        self.ensure_one()
        self.check_access("read")
        item = self.env["account.move.line"].browse(self.item_id).exists()
        if not item:
            raise UserError(
                self.env._(
                    "%(item)s is not in the books any more; its entry was changed "
                    "after the plan was made.",
                    item=self.item_name,
                )
            )
        item.move_id.check_access("read")
        return item.move_id._get_records_action()
