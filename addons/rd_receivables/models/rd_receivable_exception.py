# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.tools.flags import flag_search

from .rd_receivable_rule import CODES, PROPOSALS

DECISIONS = [*PROPOSALS, ("none", "Leave it as it is")]
LIVE = ("open", "waiting", "decided")
NAMED_ITEMS = 3
# What a person may write; all else is made by the system.
FREE = {"user_id", "deadline"}


class RdReceivableException(models.Model):
    """What is abnormal about one customer's debts by one rule, with a proposal.

    open → decided by a person → done, with decision and result kept; or closed by
    itself when the facts have gone. To stop deliveries a supervisor has to approve.
    """

    _name = "rd.receivable.exception"
    _description = "Receivable Exception"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.workflow.mixin",
        "rd.approval.mixin",
    ]
    _order = "deadline, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    partner_class = fields.Selection(
        related="partner_id.rd_partner_class", string="Customer class", store=True
    )
    code = fields.Selection(CODES, string="Rule", required=True, index=True)
    rule_id = fields.Many2one(
        "rd.receivable.rule",
        string="Settings of the rule",
        required=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(help="What is concerned now, in its own currency.")
    raised_amount = fields.Monetary(
        string="At first", help="What was concerned when it was found."
    )
    raised_date = fields.Date(string="Found on", required=True, index=True)
    since_date = fields.Date(string="So since", help="Day of the oldest fact.")
    item_ids = fields.One2many(
        "rd.receivable.exception.item", "exception_id", string="Evidence"
    )
    item_count = fields.Integer(compute="_compute_item_count")
    reason = fields.Char(compute="_compute_reason")
    proposal = fields.Selection(PROPOSALS, string="Suggested handling", required=True)
    state = fields.Selection(
        [
            ("open", "To decide"),
            ("waiting", "Waits for approval"),
            ("decided", "Decided"),
            ("done", "Done"),
            ("closed", "Closed by itself"),
        ],
        default="open",
        required=True,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one("res.users", string="Owner", tracking=True, index=True)
    deadline = fields.Date(tracking=True)
    late = fields.Boolean(
        compute="_compute_late",
        search="_search_late",
        help="Nobody has decided, and the clock has run out.",
    )
    escalated_date = fields.Date(string="Escalated")
    decision = fields.Selection(DECISIONS, tracking=True)
    decision_note = fields.Char(string="Why", tracking=True)
    decided_by_id = fields.Many2one("res.users")
    decided_date = fields.Datetime(string="Decided on")
    stop_id = fields.Many2one(
        "rd.delivery.stop",
        string="Stop of deliveries",
        index="btree_not_null",
        ondelete="set null",
        help="The stop that was approved for this exception.",
    )
    result = fields.Char(tracking=True, help="What came of it.")
    done_by_id = fields.Many2one("res.users")
    done_date = fields.Date(string="Done on")
    closed_reason = fields.Char(string="What closed it")
    closed_date = fields.Date(string="Closed on")

    _open_once = models.UniqueIndex(
        "(company_id, partner_id, code, currency_id) WHERE state = 'open'",
        "There is already an exception of this rule to decide for the customer.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("code", "partner_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for record in self:
            record.display_name = (
                f"{record.partner_id.name or ''}: {labels.get(record.code, '')}"
            )

    @api.depends("item_ids.live")
    def _compute_item_count(self):
        for record in self:
            record.item_count = len(record.item_ids)

    @api.depends("item_ids.note", "item_ids.live", "amount", "since_date")
    @api.depends_context("lang")
    def _compute_reason(self):
        for record in self:
            items = record.item_ids.filtered("live") or record.item_ids
            notes = "; ".join(filter(None, items[:NAMED_ITEMS].mapped("note")))
            more = len(items) - NAMED_ITEMS
            if more > 0:
                notes = self.env._(
                    "%(notes)s; and %(more)s more", notes=notes, more=more
                )
            record.reason = self.env._(
                "%(amount)s: %(notes)s.",
                amount=record.currency_id.format(record.amount or record.raised_amount),
                notes=notes,
            )

    @api.depends("state", "deadline")
    def _compute_late(self):
        for record in self:
            today = record.company_id._rd_today() if record.company_id else None
            record.late = bool(
                record.state == "open" and record.deadline and record.deadline < today
            )

    @api.model
    @flag_search
    def _search_late(self):
        past = self.env["res.company"]._rd_compare_today("deadline", "<")
        return past & fields.Domain("state", "=", "open")

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "open": ("waiting",),
            "waiting": ("open",),
            "decided": ("open", "waiting"),
            "done": ("decided",),
            "closed": LIVE,
        }

    @api.model
    def _get_guarded_fields(self):
        own = {
            name
            for name in self._get_stored_names()
            if not name.startswith(("message_", "activity_", "my_activity"))
            and name not in ("website_message_ids", "rating_ids")
        }
        return super()._get_guarded_fields() | (own - FREE)

    @api.model
    def _get_frozen_states(self):
        return ("done", "closed")

    def _frozen_refusal(self):
        return self.env._(
            "%(record)s is over and stays as it is; what is still so comes up again.",
            record=self.display_name,
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Take exceptions from the rules only."""
        if not self._is_internal():
            raise UserError(
                self.env._("Exceptions are found by the rules, not written down.")
            )
        return super().create(vals_list)

    def copy_data(self, default=None):
        """Refuse: an exception stands for facts."""
        raise UserError(
            self.env._("Exceptions are found by the rules, not written down.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(
                self.env._("An exception is decided, not deleted; decide to leave it.")
            )

    # ------------------------------------------------------------------
    # Evidence
    # ------------------------------------------------------------------
    def action_view_items(self):
        """Open the journal items behind the exception."""
        self.ensure_one()
        self.check_access("read")
        items = self.item_ids.filtered(
            lambda item: item.res_model == "account.move.line"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", items.mapped("res_id"))],
            "context": {"create": False},
        }

    def _get_state_at(self, day):
        """Return ``done``, ``closed`` or ``live`` as of the end of the day."""
        self.ensure_one()
        if self.done_date and self.done_date <= day:
            return "done"
        if self.closed_date and self.closed_date <= day:
            return "closed"
        return "live"
