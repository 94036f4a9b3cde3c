# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_difference_rule import BLOCKS, CODES, PROPOSALS, ROLES


class RdDifference(models.Model):
    """One thing the two sides do not agree on, and who does what about it."""

    _name = "rd.difference"
    _description = "Difference"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "rd.guarded.mixin",
        "rd.approval.mixin",
    ]
    _order = "state, deadline, id"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "rd.statement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="statement_id.partner_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    match_id = fields.Many2one("rd.match", index="btree_not_null", ondelete="set null")
    line_ids = fields.Many2many(
        "rd.statement.line", compute="_compute_line_ids", string="Our lines"
    )
    statement_line_id = fields.Many2one(
        "rd.statement.line",
        index="btree_not_null",
        ondelete="cascade",
        help="The line concerned, where no match stands behind the difference.",
    )
    ledger_line_ids = fields.One2many(
        related="match_id.ledger_line_ids", string="Their lines"
    )
    code = fields.Selection(CODES, string="Kind", required=True, index=True)
    also_codes = fields.Json(
        string="Further kinds", help="Kinds of difference that are right as well."
    )
    match_status = fields.Selection(related="match_id.status", string="Match status")
    age = fields.Integer(
        string="Age (periods)",
        aggregator="max",
        readonly=True,
        help="How many periods the oldest of its lines has been carried over.",
    )
    reason = fields.Char(compute="_compute_reason")
    ours_qty = fields.Float(string="Our quantity", digits="Product Unit")
    theirs_qty = fields.Float(string="Their quantity", digits="Product Unit")
    quantity = fields.Float(
        string="Quantity ours − theirs", digits="Product Unit", readonly=True
    )
    ours_amount = fields.Monetary(string="Our amount")
    theirs_amount = fields.Monetary(string="Their amount")
    amount = fields.Monetary(string="Amount ours − theirs", readonly=True)
    role = fields.Selection(ROLES, string="To be settled by")
    user_id = fields.Many2one("res.users", string="Owner", tracking=True)
    deadline = fields.Date(tracking=True)
    blocks = fields.Selection(BLOCKS, default="line", required=True)
    blocks_dunning = fields.Boolean(string="Holds back chasing")
    proposal = fields.Selection(PROPOSALS, string="Proposed action")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("explained", "Explained"),
            ("agreed", "Agreed"),
            ("carried", "Carried over"),
            ("written_off", "Written off"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        required=True,
        tracking=True,
        index=True,
    )
    evidence = fields.Char(help="Document, name or call that settles it.")
    settled_by_id = fields.Many2one("res.users", readonly=True)
    settled_date = fields.Datetime(readonly=True)
    requested_by_id = fields.Many2one(
        "res.users",
        string="Approval asked by",
        readonly=True,
        help="A second person has to approve what was asked for.",
    )
    requested_action = fields.Selection(
        [
            ("write_off", "Settle the rest as lost"),
            ("correct_price", "Take their price"),
            ("credit", "Grant a credit note"),
        ],
        string="Asked for",
        readonly=True,
    )
    dispute_reason = fields.Char(readonly=True, tracking=True)
    proof_sent_date = fields.Datetime(string="Proof sent", readonly=True)
    escalated_date = fields.Date(
        string="Escalated",
        readonly=True,
        help="Day on which a supervisor was told that the clock has run out.",
    )
    credit_move_id = fields.Many2one(
        "account.move",
        string="Credit note",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    return_picking_ids = fields.Many2many(
        "stock.picking", string="Returns raised", readonly=True
    )
    alias_id = fields.Many2one(
        "rd.part.alias", string="Learned part number", readonly=True
    )
    habit_ids = fields.One2many(
        "rd.match.habit", "difference_id", string="Learned habits"
    )
    undo_values = fields.Json(
        string="What is put back",
        readonly=True,
        help="What has to be put back when the settlement is undone.",
    )

    @api.model
    def _get_guarded_fields(self):
        free = {"user_id", "deadline", "evidence"}
        own = {
            name
            for name, field in self._fields.items()
            if field.store
            and not field.related
            and name not in models.MAGIC_COLUMNS
            and not name.startswith(("message_", "activity_", "my_activity"))
            and name not in ("website_message_ids", "rating_ids")
        }
        return super()._get_guarded_fields() | (own - free)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(
                self.env._(
                    "A difference is settled, not deleted; explain it or carry it over."
                )
            )

    @api.depends("match_id.statement_line_ids", "statement_line_id")
    def _compute_line_ids(self):
        # Read for all at once what the rules would ask of each one's lines.
        (self.match_id.statement_line_ids | self.statement_line_id).mapped("company_id")
        for item in self:
            item.line_ids = item.match_id.statement_line_ids | item.statement_line_id

    @api.depends("match_id.reason", "statement_line_id.zero_reason", "code")
    @api.depends_context("lang")
    def _compute_reason(self):
        for item in self:
            # The sentence names the order, also to who may not open orders.
            line = item.sudo().statement_line_id
            if item.match_id:
                item.reason = item.match_id.reason
            elif item._is_of_receipt():
                item.reason = item._describe_receipt()
            elif line.zero_reason == "no_tax":
                item.reason = self.env._(
                    "%(order)s names no tax for %(part)s; set the tax on the order.",
                    order=line._get_sold().order_id.name,
                    part=line.part,
                )
            elif line.sale_line_id.rd_price_state == "deviates":
                item.reason = line.order_id._rd_price_refusal(line.sale_line_id)
            else:
                item.reason = self.env._(
                    "No price was agreed for %(part)s of %(order)s on %(day)s; enter "
                    "it on the order.",
                    order=line.order_id.name,
                    part=line.part,
                    day=line.date,
                )

    @api.depends("code", "match_id", "statement_line_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for item in self:
            line = item.line_ids[:1]
            ledger = item.ledger_line_ids[:1]
            what = line.display_name or ledger.display_name or ""
            item.display_name = f"{labels[item.code]} {what}".strip()

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    @api.model
    def _open_for_matches(self, matches):
        """Open a difference for each match that is not simply equal."""
        matches = matches.filtered(lambda match: match.code != "match")
        rules = {
            company: self.env["rd.difference.rule"]._get_by_code(company)
            for company in matches.company_id
        }
        opened = self._as_internal().create(
            [self._prepare_values(match, rules[match.company_id]) for match in matches]
        )
        opened._schedule_for_owners()
        return opened

    @api.model
    def _prepare_values(self, match, rules):
        rule = rules[match.code]
        age = max(match.statement_line_ids.mapped("carried_age"), default=0)
        values = {
            "statement_id": match.statement_id.id,
            "match_id": match.id,
            "age": age,
            "state": "agreed" if match.code == "rounding" else "open",
            **self._prepare_figures(match),
            **self._prepare_rule_values(rule, match),
        }
        if rule.periods and age >= rule.periods:
            # Carried often enough: somebody has to look at it now.
            values.update(role="supervisor", proposal="dispute")
        return values

    @api.model
    def _prepare_figures(self, match):
        """Return what a difference takes over from its match."""
        return {
            "code": match.code,
            "also_codes": match.also_codes,
            "ours_qty": match.ours_qty,
            "theirs_qty": match.theirs_qty,
            "quantity": match.ours_qty - match.theirs_qty,
            "ours_amount": match.ours_amount,
            "theirs_amount": match.theirs_amount,
            "amount": self._get_figure(match),
        }

    @api.model
    def _get_figure(self, match):
        """Return by how much ours is above theirs; where they state pieces only, what
        the pieces that differ come to at our price."""
        if match.ours_qty and self._lacks_amount(match):
            price = match.ours_amount / match.ours_qty
            missing = match.ours_qty - match.theirs_qty
            return match.statement_id.currency_id.round(missing * price)
        return match.ours_amount - match.theirs_amount

    @api.model
    def _lacks_amount(self, match):
        """Tell whether their rows name pieces but not what they come to."""
        if not match.theirs_qty or match.theirs_amount:
            return False
        rows = match.ledger_line_ids
        return bool(rows) and not all(row.has_amount for row in rows)

    @api.model
    def _prepare_rule_values(self, rule, match):
        """Return owner, clock and proposal by the rule of the kind."""
        company = rule.company_id
        owner = rule.user_id or match.statement_id.user_id
        if rule.role == "salesperson" and not rule.user_id:
            owner = match.statement_line_ids.order_id.user_id[:1] or owner
        return {
            "role": rule.role,
            "user_id": owner.id,
            "deadline": self._get_deadline(company, rule.days),
            "blocks": rule.blocks,
            "blocks_dunning": rule.blocks_dunning,
            "proposal": rule.proposal,
        }

    @api.model
    def _get_deadline(self, company, days):
        """Return the day ``days`` working days of the company from today."""
        return company._rd_days_later(company._rd_today(), days)

    @api.model
    def _open_for_missing_price(self, lines):
        """Name who has to agree a price, for each line that lacks one."""
        waiting = lines.filtered(lambda line: line.verdict == "no_price")
        opened = self._as_internal().create(
            [
                {
                    "statement_id": line.statement_id.id,
                    "statement_line_id": line.id,
                    "code": "price",
                    "age": line.carried_age,
                    "ours_qty": line.quantity,
                    "quantity": line.quantity,
                    "role": "salesperson",
                    "user_id": line.sudo()._get_sold().order_id.user_id.id,
                    "deadline": self._get_deadline(line.company_id, 3),
                    "blocks": "line",
                    "proposal": "price",
                }
                for line in waiting
            ]
        )
        opened._schedule_for_owners()
        return opened

    @api.model
    def _price_found(self, lines):
        found = self.search(
            [("statement_line_id", "in", lines.ids), ("state", "=", "open")]
        )
        found._as_internal().write({"state": "agreed"})

    @api.model
    def _carry_for_lines(self, lines):
        found = self.search(
            [("statement_line_id", "in", lines.ids), ("state", "=", "open")]
        )
        found._as_internal().write({"state": "carried"})
