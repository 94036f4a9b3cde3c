# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import matching
from .rd_statement import OPEN_STATES

CODES = [
    ("match", "Agrees"),
    ("rounding", "Rounding"),
    ("tax_basis", "Tax basis"),
    ("uom", "Unit of measure"),
    ("timing", "Timing"),
    ("quantity_short", "Short on receipt"),
    ("quantity", "Quantity difference"),
    ("price", "Price difference"),
    ("amount", "Amount difference"),
    ("not_in_theirs", "Missing in theirs"),
    ("not_in_ours", "Missing in ours"),
    ("duplicate", "Booked twice"),
    ("return_unposted", "Return not booked"),
    ("part_alias", "Part number difference"),
    ("doc_ref", "Document number"),
    ("party", "Booked to a sister company"),
    ("opening", "Opening balance"),
    ("payment", "Payment"),
    ("deduction", "Deduction"),
]
# Whom the matching package's owners are at the desk.
OWNERS = {"their_side": "them", "its_side": "us"}
# What one tap does for each kind of difference.
PROPOSALS = {
    "timing": "carry",
    "quantity_short": "accept_theirs",
    "quantity": "accept_theirs",
    "not_in_theirs": "carry",
    "not_in_ours": "explain",
    "duplicate": "keep_ours",
    "return_unposted": "carry",
    "part_alias": "learn",
    "doc_ref": "keep_ours",
    "uom": "learn",
    "tax_basis": "keep_ours",
    "price": "carry",
    "amount": "keep_ours",
}


class RdDifference(models.Model):
    """One thing the two sides do not agree on, and who does what about it."""

    _name = "rd.difference"
    _description = "Difference"
    _inherit = ["mail.thread", "mail.activity.mixin", "rd.guarded.mixin"]
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
    code = fields.Selection(CODES, required=True, index=True)
    reason = fields.Char(compute="_compute_reason")
    ours_qty = fields.Float(string="Our quantity", digits="Product Unit")
    theirs_qty = fields.Float(string="Their quantity", digits="Product Unit")
    quantity = fields.Float(
        string="Quantity ours − theirs", digits="Product Unit", readonly=True
    )
    ours_amount = fields.Monetary(string="Our amount")
    theirs_amount = fields.Monetary(string="Their amount")
    amount = fields.Monetary(string="Amount ours − theirs", readonly=True)
    role = fields.Selection(
        [
            ("us", "Clerk"),
            ("supervisor", "Supervisor"),
            ("salesperson", "Salesperson"),
            ("warehouse", "Warehouse"),
            ("finance", "Finance"),
            ("them", "Affiliate"),
            ("none", "Nobody"),
        ],
        string="To be settled by",
    )
    user_id = fields.Many2one("res.users", string="Owner", tracking=True)
    deadline = fields.Date(tracking=True)
    blocks = fields.Selection(
        [
            ("no", "Nothing"),
            ("line", "Its lines"),
            ("short", "The short part"),
            ("statement", "The whole statement"),
        ],
        default="line",
        required=True,
    )
    proposal = fields.Selection(
        [
            ("carry", "Carry over to next month"),
            ("accept_theirs", "Accept their quantity, carry the rest"),
            ("keep_ours", "They accept ours"),
            ("learn", "Confirm and remember"),
            ("explain", "Explain, nothing of ours"),
            ("write_off", "Settle the rest as lost"),
            ("price", "Wait for the price"),
        ],
        string="Proposed action",
    )
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
        help="A second person has to approve this write-off.",
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
        for item in self:
            item.line_ids = item.match_id.statement_line_ids | item.statement_line_id

    @api.depends("match_id.reason", "statement_line_id.zero_reason")
    @api.depends_context("lang")
    def _compute_reason(self):
        for item in self:
            # The sentence names the order, also to who may not open orders.
            line = item.sudo().statement_line_id
            if item.match_id:
                item.reason = item.match_id.reason
            elif line.zero_reason == "no_tax":
                item.reason = self.env._(
                    "%(order)s names no tax for %(part)s; set the tax on the order.",
                    order=line.order_id.name,
                    part=line.part,
                )
            else:
                item.reason = self.env._(
                    "No price was agreed for %(part)s of %(order)s on %(day)s; enter "
                    "it on the order.",
                    order=line.order_id.name,
                    part=line.part,
                    day=line.date,
                )

    @api.depends("code", "match_id", "statement_line_id")
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
        return self._as_internal().create(
            [self._prepare_values(match) for match in matches if match.code != "match"]
        )

    @api.model
    def _prepare_values(self, match):
        default = matching.CODES[match.code]
        agreed = match.code == "rounding"
        role = OWNERS.get(default.owner, default.owner)
        return {
            "statement_id": match.statement_id.id,
            "match_id": match.id,
            "code": match.code,
            "ours_qty": match.ours_qty,
            "theirs_qty": match.theirs_qty,
            "quantity": match.ours_qty - match.theirs_qty,
            "ours_amount": match.ours_amount,
            "theirs_amount": match.theirs_amount,
            "amount": match.ours_amount - match.theirs_amount,
            "role": role,
            "user_id": match.statement_id.user_id.id,
            "deadline": self._get_deadline(match.statement_id.company_id, default.days),
            "blocks": default.blocks_invoice,
            "proposal": PROPOSALS.get(match.code, "keep_ours"),
            "state": "agreed" if agreed else "open",
        }

    @api.model
    def _get_deadline(self, company, days):
        """Return the day ``days`` working days (Monday to Friday) from today."""
        day = company._rd_today()
        for _step in range(days or 0):
            day += timedelta(days=1)
            while day.weekday() >= 5:
                day += timedelta(days=1)
        return day

    @api.model
    def _open_for_missing_price(self, lines):
        """Name who has to agree a price, for each line that lacks one."""
        waiting = lines.filtered(lambda line: line.verdict == "no_price")
        return self._as_internal().create(
            [
                {
                    "statement_id": line.statement_id.id,
                    "statement_line_id": line.id,
                    "code": "price",
                    "ours_qty": line.quantity,
                    "quantity": line.quantity,
                    "role": "salesperson",
                    "user_id": line.order_id.user_id.id,
                    "deadline": self._get_deadline(line.company_id, 3),
                    "blocks": "line",
                    "proposal": "price",
                }
                for line in waiting
            ]
        )

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

    # ------------------------------------------------------------------
    # Settling
    # ------------------------------------------------------------------
    def action_settle(self):
        """Do what is proposed for each difference."""
        self._check_open()
        methods = {
            "carry": "_settle_carry",
            "accept_theirs": "_settle_accept_theirs",
            "keep_ours": "_settle_keep_ours",
            "learn": "_settle_learn",
            "explain": "_settle_explain",
            "write_off": "_settle_write_off",
            "price": "_settle_price",
        }
        for item in self:
            getattr(item, methods[item.proposal])()
        return self._settled()

    def action_carry(self):
        """Take the lines off the statement; they enter the next month."""
        self._check_open()
        for item in self:
            item._settle_carry()
        return self._settled()

    def action_keep_ours(self):
        """The other side accepts our figure; our lines are confirmed."""
        self._check_open()
        for item in self:
            item._settle_keep_ours()
        return self._settled()

    def action_accept_theirs(self):
        """Confirm what they accepted; the rest is carried over."""
        self._check_open()
        for item in self:
            item._settle_accept_theirs()
        return self._settled()

    def action_write_off(self):
        """Confirm what they accepted and settle the rest as lost at the customer.

        Above the company's limit a second person has to approve.
        """
        self._check_open()
        for item in self:
            item._settle_write_off()
        return self._settled()

    def action_approve(self):
        """Approve a write-off above the limit, as a second person.

        :raise UserError: when the asker approves himself or is no supervisor
        """
        self._check_open()
        for item in self:
            if not item.requested_by_id:
                raise UserError(
                    self.env._(
                        "%(difference)s does not wait for an approval.",
                        difference=item.display_name,
                    )
                )
            if item.requested_by_id == self.env.user or not self.env.user.has_group(
                "rd_sales_admin.rd_sales_admin_group_supervisor"
            ):
                raise UserError(
                    self.env._(
                        "%(difference)s has to be approved by a supervisor other than "
                        "%(user)s.",
                        difference=item.display_name,
                        user=item.requested_by_id.name,
                    )
                )
            item._write_off_rest()
        return self._settled()

    def action_reopen(self):
        """Take a settlement back while the statement is not agreed.

        Lines carried over by it come back to the statement.
        """
        self.statement_id._check_desk()
        for item in self:
            if item.statement_id.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(statement)s is already agreed; what is settled on it stays.",
                        statement=item.statement_id.display_name,
                    )
                )
            lines = item.line_ids
            lines._as_internal().write(
                {"verdict": "difference", "live": True, "zero_reason": False}
            )
            item._as_internal().write(
                {
                    "state": "open",
                    "settled_by_id": False,
                    "settled_date": False,
                    "requested_by_id": False,
                }
            )
            item.statement_id._recompute_amounts()
        return True

    def _check_open(self):
        """Refuse when a difference is settled or its statement agreed."""
        self.statement_id._check_desk()
        self.check_access("write")
        for item in self:
            if item.state != "open" or item.statement_id.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(difference)s of %(statement)s is already settled.",
                        difference=item.display_name,
                        statement=item.statement_id.display_name,
                    )
                )

    def _settle(self, state):
        for item in self:
            item._as_internal().write(
                {
                    "state": state,
                    "settled_by_id": self.env.uid,
                    "settled_date": fields.Datetime.now(),
                }
            )

    def _settled(self):
        """Compute the statements once for all that was settled on them."""
        self.statement_id._recompute_amounts()
        for statement in self.statement_id:
            if not statement.difference_count:
                statement.close_id._wake(statement.partner_id)
        return True

    def _settle_carry(self):
        if self.line_ids:
            self.line_ids._carry_over(self.display_name)
        self._settle("carried")

    def _settle_keep_ours(self):
        self.line_ids._as_internal().write({"verdict": "confirmed"})
        self._settle("agreed")

    def _settle_explain(self):
        self._settle("explained")

    def _settle_price(self):
        """Take the price from the order, if it is there by now, and match anew."""
        self.statement_line_id._refresh_price()
        if self.state == "open":
            raise UserError(self.reason)
        self.statement_id._recompute_amounts()
        if self.statement_id.ledger_ids:
            self.statement_id._match()

    def _settle_learn(self):
        """Confirm the lines and remember their part number and unit factor."""
        line = self.line_ids[:1]
        theirs = self.ledger_line_ids[:1]
        if line and theirs and theirs.part:
            self._learn_alias(line, theirs)
        self._settle_keep_ours()

    def _learn_alias(self, line, theirs):
        Alias = self.env["rd.part.alias"]
        known = Alias._get_codes(self.company_id, self.partner_id)
        factor = 1.0
        if self.code == "uom" and self.theirs_qty:
            factor = round(self.ours_qty / self.theirs_qty, 6)
        code = Alias.new({"code": theirs.part}).code_clean
        if code in known:
            product, _old = known[code]
            alias = Alias.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.id),
                    ("code_clean", "=", code),
                ]
            )
            if product == line.product_id:
                alias.factor = factor
            return
        Alias.create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "code": theirs.part,
                "product_id": line.product_id.id,
                "factor": factor,
                "source": "learned",
            }
        )

    def _settle_accept_theirs(self):
        rest = self._confirm_accepted()
        if rest:
            rest._carry_over(self.display_name)
        self._settle("agreed")

    def _settle_write_off(self):
        """Settle the rest as lost, or ask for approval above the limit."""
        limit = self.company_id.rd_write_off_limit
        if abs(self.amount) > limit:
            self._as_internal().write(
                {"requested_by_id": self.env.uid, "proposal": "write_off"}
            )
            return
        self._write_off_rest()

    def _write_off_rest(self):
        rest = self._confirm_accepted()
        rest._as_internal().write({"verdict": "short", "zero_reason": "short"})
        self._settle("written_off")

    def _confirm_accepted(self):
        """Confirm as much of our lines as they accepted; return the lines of the
        rest, split off where the border lies within a line."""
        accepted = abs(self.theirs_qty)
        rest = self.env["rd.statement.line"]
        for line in self.line_ids.sorted(lambda item: (item.date, item.id)):
            unit = line.sale_line_id.product_uom_id
            size = line.qty_to - line.qty_from
            if unit.compare(accepted, size) >= 0:
                line._as_internal().write({"verdict": "confirmed"})
                accepted -= size
            elif unit.compare(accepted, 0.0) > 0:
                rest |= line._split_at(accepted)
                line._as_internal().write({"verdict": "confirmed"})
                accepted = 0.0
            else:
                rest |= line
        return rest
