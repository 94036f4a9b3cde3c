# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import dues

# Where a person can still say something about it.
LIVE = ("open", "partly", "broken")
LONGEST_GRACE = 60
MISSED = [("partly", "Kept in part"), ("broken", "Broken")]
CHANNELS = [
    ("phone", "Phone"),
    ("mail", "E-mail"),
    ("visit", "Visit"),
    ("portal", "Portal"),
    ("other", "Other"),
]


class RdPromise(models.Model):
    """A promise to pay: for items, or a sum of the customer.

    open → kept, partly or broken, found from the reconciliations; renewed by another
    promise, or withdrawn. Until its day with the company's days of grace it holds
    the chasing of its items.
    """

    _name = "rd.promise"
    _description = "Promise to Pay"
    _inherit = ["mail.thread", "rd.workflow.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    line_ids = fields.Many2many(
        "account.move.line",
        "rd_promise_item_rel",
        "promise_id",
        "item_id",
        string="Items",
        check_company=True,
        copy=False,
        help="Empty: a sum of the customer, whatever it is paid for.",
    )
    amount = fields.Monetary(string="Promised", required=True, tracking=True)
    date = fields.Date(string="Promised for", required=True, index=True, tracking=True)
    who = fields.Char(string="Promised by", help="Name of the person who promised.")
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    user_id = fields.Many2one(
        "res.users",
        string="Noted by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        index=True,
    )
    noted_date = fields.Datetime(
        string="Noted on", required=True, readonly=True, default=fields.Datetime.now
    )
    note = fields.Char()
    state = fields.Selection(
        [
            ("open", "Running"),
            ("kept", "Kept"),
            ("partly", "Kept in part"),
            ("broken", "Broken"),
            ("renewed", "Renewed"),
            ("withdrawn", "Withdrawn"),
        ],
        default="open",
        required=True,
        copy=False,
        index=True,
        tracking=True,
    )
    received_before = fields.Monetary(
        string="Received before",
        readonly=True,
        copy=False,
        help="What had come in of its items when it was noted.",
    )
    received_amount = fields.Monetary(
        string="Received since",
        readonly=True,
        copy=False,
        help="Payments, counted bills and offsets by its day, the grace included, that "
        "count for no other promise; at most what was promised.",
    )
    renewed_by_id = fields.Many2one(
        "rd.promise", readonly=True, copy=False, index="btree_not_null"
    )
    missed = fields.Selection(
        MISSED,
        string="Before it was renewed",
        readonly=True,
        copy=False,
        help="What had become of it by its day: a renewed promise stays broken.",
    )
    withdrawn_reason = fields.Char(string="Why withdrawn", copy=False, tracking=True)
    last_day = fields.Date(
        string="Holds until",
        compute="_compute_last_day",
        help="The promised day and the company's days of grace.",
    )
    item_names = fields.Char(string="For", compute="_compute_item_names")

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A promise is more than 0."
    )

    @api.depends("partner_id", "amount", "date")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "%(partner)s: %(amount)s on %(day)s",
                partner=promise.partner_id.name or "",
                amount=promise.currency_id.format(promise.amount),
                day=format_date(self.env, promise.date) if promise.date else "",
            )

    @api.depends("date", "company_id.rd_promise_grace")
    def _compute_last_day(self):
        for promise in self:
            promise.last_day = promise.date and fields.Date.add(
                promise.date, days=promise.company_id.rd_promise_grace
            )

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_item_names(self):
        for promise in self:
            # Names of papers; the entries themselves are opened with own rights.
            moves = promise.sudo().line_ids.move_id
            promise.item_names = ", ".join(
                moves.sorted(lambda move: (move.date, move.id)).mapped("name")
            ) or self.env._("a sum")

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        return {
            "open": ("kept", "partly", "broken"),
            "kept": ("open", "partly", "broken"),
            "partly": ("open", "kept", "broken"),
            "broken": ("open", "kept", "partly"),
            "renewed": LIVE,
            "withdrawn": (*LIVE, "kept"),
        }

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "user_id",
            "noted_date",
            "received_before",
            "received_amount",
            "renewed_by_id",
            "missed",
            "withdrawn_reason",
        }

    @api.model
    def _check_desk(self):
        if self.env.su or self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_clerk"
        ):
            return
        raise UserError(self.env._("Only the sales administration desk does this."))

    @api.model_create_multi
    def create(self, vals_list):
        """Note promises; each is checked against what is open now.

        :raise UserError: above what is open, for a past day, or for items that are
            not the customer's, of another company or promised already
        """
        for vals in vals_list:
            self._complete(vals)
            if (vals.get("amount") or 0) <= 0:
                raise UserError(
                    self.env._("Say how much is promised; it is more than 0.")
                )
        promises = super().create(vals_list)
        for promise in promises:
            promise._check_new()
        promises._note_start()
        return promises

    @api.model
    def _complete(self, vals):
        """Take the customer itself for one of its contacts."""
        ref = vals.get("partner_id") or self.env.context.get("default_partner_id")
        partner = self.env["res.partner"].browse(ref)
        vals["partner_id"] = partner.commercial_partner_id.id

    def write(self, vals):
        """Keep what was promised as it was said: another word is another promise."""
        said = {"partner_id", "line_ids", "amount", "date", "who", "channel"}
        if said & vals.keys() and not self._is_internal():
            raise UserError(
                self.env._(
                    "What was promised stays as it was said; renew the promise or "
                    "withdraw it."
                )
            )
        return super().write(vals)

    def copy_data(self, default=None):
        """Refuse: a promise is made by somebody, not copied."""
        raise UserError(self.env._("A promise is noted anew, not copied."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A promise stays on record; withdraw it instead."))

    # ------------------------------------------------------------------
    # Checks of a new promise
    # ------------------------------------------------------------------
    def _check_new(self):
        self.ensure_one()
        if self.date < self.company_id._rd_today():
            raise UserError(
                self.env._(
                    "%(day)s is past; let %(partner)s promise it for today or a later "
                    "day.",
                    day=format_date(self.env, self.date),
                    partner=self.partner_id.name,
                )
            )
        for item in self.sudo().line_ids:
            self._check_item(item)
        self._check_not_above()

    def _check_company(self, fnames=None):
        """Say of an item of another company where its promise belongs, before Odoo
        refuses it in words of its own."""
        for promise in self:
            for item in promise.sudo().line_ids:
                if item.company_id != promise.company_id:
                    raise UserError(
                        self.env._(
                            "%(item)s belongs to %(company)s; note the promise there.",
                            item=item.move_id.name or item.name or "",
                            company=item.company_id.name,
                        )
                    )
        return super()._check_company(fnames)

    def _check_item(self, item):
        name = item.move_id.name or item.name or ""
        if item.partner_id.commercial_partner_id != self.partner_id:
            raise UserError(
                self.env._(
                    "%(item)s is not an item of %(partner)s; choose its own items.",
                    item=name,
                    partner=self.partner_id.name,
                )
            )
        if not item._rd_is_open_debt():
            raise UserError(
                self.env._("%(item)s has nothing left to pay; leave it out.", item=name)
            )
        other = self._find_live(item) - self
        if other:
            raise UserError(
                self.env._(
                    "%(item)s is promised already for %(day)s; renew that promise or "
                    "withdraw it.",
                    item=name,
                    day=format_date(self.env, other[0].date),
                )
            )

    @api.model
    def _find_live(self, items):
        """Return the open promises for these items."""
        return self.sudo().search(
            [("line_ids", "in", items.ids), ("state", "=", "open")]
        )

    def _check_not_above(self):
        """Refuse more than is open, all open promises of the customer together."""
        own = sum(self._get_items().mapped("amount_residual"))
        whole = sum(self._get_partner_items().mapped("amount_residual"))
        others = self.sudo().search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
                ("id", "!=", self.id),
            ]
        )
        rest = sum(one.amount - one.received_amount for one in others)
        most = self.currency_id.round(max(min(own, whole - rest), 0))
        if self.currency_id.compare_amounts(self.amount, most) > 0:
            raise UserError(
                self.env._(
                    "%(partner)s can promise %(most)s at most: that is what is open "
                    "and not promised yet.",
                    partner=self.partner_id.name,
                    most=self.currency_id.format(most),
                )
            )

    # ------------------------------------------------------------------
    # Items
    # ------------------------------------------------------------------
    def _get_items(self):
        """Return the open items it is about, what is due first in front."""
        self.ensure_one()
        items = self.sudo().line_ids.filtered(lambda item: item._rd_is_open_debt())
        if self.line_ids:
            return items.sorted(lambda item: (item.date_maturity or item.date, item.id))
        return self._get_partner_items()

    def _get_partner_items(self):
        """Return all open items of the customer, what is due first in front."""
        self.ensure_one()
        return self.env["account.move.line"]._rd_get_open_debts(
            self.company_id, self.partner_id
        )

    def _get_refs(self):
        """Return the ids of all debts whose receipts count for it."""
        self.ensure_one()
        if self.line_ids:
            return self.sudo().line_ids.ids
        debts = self.env["account.move.line"]._rd_get_debts_domain(
            self.company_id, self.partner_id
        )
        return self.env["account.move.line"].sudo()._search(debts).get_result_ids()

    def _read_received(self, day):
        """Return ``{promise: what has ever come in of its debts by that day}``."""
        reader = self.env["rd.receivable.reader"]
        reader._flush_read()
        refs = {promise: promise._get_refs() for promise in self}
        wanted = {ref for ids in refs.values() for ref in ids}
        partials = reader._read_partials(wanted, day)
        return {
            promise: float(
                sum(dues.received_by(partials.get(ref, ()), day) for ref in ids)
            )
            for promise, ids in refs.items()
        }

    def _note_start(self):
        """Keep what had come in before, so that only what follows counts."""
        for company in self.company_id:
            own = self.filtered(lambda one, company=company: one.company_id == company)
            for promise, amount in own._read_received(company._rd_today()).items():
                promise._as_internal().sudo().write({"received_before": amount})

    # ------------------------------------------------------------------
    # Kept, partly, broken
    # ------------------------------------------------------------------
    @api.model
    def _cron_refresh(self):
        """See what became of the promises, each in a transaction of its own."""
        due = self.search(
            [("state", "=", "open"), ("company_id.rd_start_date", "!=", False)]
        )
        self.env["ir.cron"]._rd_run_each(due, lambda promise: promise._refresh())

    @api.model
    def _find_touched(self, partners, day):
        """Return the promises of these customers that a receipt of ``day`` changes."""
        live = self.search(
            [
                ("partner_id", "in", partners.ids),
                "|",
                ("state", "=", "open"),
                "&",
                ("state", "in", ("kept", "partly", "broken")),
                ("date", ">=", fields.Date.subtract(day, days=LONGEST_GRACE)),
            ]
        )
        return live.filtered(lambda one: one.state == "open" or one.last_day >= day)

    def _refresh(self):
        """Bring received amounts and states up to date, from the reconciliations.

        Promises that were withdrawn or renewed stay as they are.
        """
        live = self.sudo().filtered(lambda one: one.state in (*LIVE, "kept"))
        for company in live.company_id:
            today = company._rd_today()
            own = live.filtered(lambda one, company=company: one.company_id == company)
            waiting = self.env["account.move.line"]._rd_get_unapplied_since(
                company, own.partner_id
            )
            for partner, promises in own.grouped("partner_id").items():
                received, pending = promises._share_out(today)
                since = waiting.get(partner.id)
                for promise in promises:
                    # Money that came after its days is not what was promised.
                    waits = bool(since and since <= promise.last_day)
                    promise._take_outcome(
                        received[promise.id], today, waits, promise.id in pending
                    )

    def _take_outcome(self, received, today, waits, is_pending):
        self.ensure_one()
        received = self.currency_id.round(received)
        # What a bill settled that does not count yet can still be paid.
        is_open = is_pending or bool(self._get_items())
        state = dues.outcome(
            self.amount, received, today, self.last_day, is_open, waits
        )
        if self.currency_id.compare_amounts(received, self.received_amount):
            self._as_internal().write({"received_amount": received})
        if state == "withdrawn":
            self._move_to(
                "withdrawn",
                {"withdrawn_reason": self.env._("Settled otherwise: nothing is open.")},
            )
        else:
            self._move_to(state)

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------
    def action_withdraw(self, reason=None):
        """Take a promise back: it holds nothing any more.

        :raise UserError: for one that was kept, or renewed
        """
        self.check_access("write")
        self._check_desk()
        for promise in self:
            if promise.state == "kept":
                raise UserError(
                    self.env._(
                        "%(promise)s was kept and stays on record.",
                        promise=promise.display_name,
                    )
                )
            promise._move_to(
                "withdrawn",
                {"withdrawn_reason": (reason or "").strip() or self.env._("by hand")},
            )
        return True

    def action_renew(self, date=None, amount=None, who=None, channel=None, note=None):
        """Note another day, or another amount, in place of this promise.

        :param date: the new day
        :param amount: the new amount; what is missing of the old one, if not given
        :return: the new promise; the old one stays broken, if it was
        :raise UserError: as for a new promise
        """
        self.ensure_one()
        self.check_access("write")
        self._check_desk()
        new_date = fields.Date.to_date(date)
        if not new_date:
            raise UserError(self.env._("Say for which day they promise it now."))
        # The nightly run may not have seen yet that its day is over.
        self._refresh()
        missed = self.state if self.state in dict(MISSED) else False
        missing = self.currency_id.round(self.amount - self.received_amount)
        items = self._get_items() if self.line_ids else self.line_ids.browse()
        if not self._move_to("renewed", {"missed": missed}):
            raise UserError(
                self.env._(
                    "%(promise)s has been renewed already; renew the newer promise.",
                    promise=self.display_name,
                )
            )
        new = self.create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "line_ids": [Command.set(items.ids)],
                "amount": amount or missing,
                "date": new_date,
                "who": who or self.who,
                "channel": channel or self.channel,
                "note": note,
            }
        )
        self._as_internal().write({"renewed_by_id": new.id})
        return new

    def _get_last(self):
        """Return the promise that stands in its place now; itself, if not renewed."""
        self.ensure_one()
        last = self
        while last.renewed_by_id:
            last = last.renewed_by_id
        return last

    def action_open_items(self):
        """Open the items it is about."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "rd.ageing.report",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", self._get_items().ids)],
        }

    @api.model
    def _propose(self, company, partner, refs=()):
        """Return ``(amount, day)`` to propose for a promise: what is overdue, or open
        where nothing is, without what is promised; in five working days.

        :param refs: ids of the items it is about; empty: whatever the customer owes
        """
        today = company._rd_today()
        items = self.env["account.move.line"]._rd_get_open_debts(company, partner)
        if refs:
            items = items.filtered(lambda item: item.id in refs)
        overdue = items.filtered(lambda item: item._rd_days_overdue(today) > 0)
        promised = self._get_promises(items)
        asked = overdue or items
        amount = sum(
            item.amount_residual - promised.get(item.id, (None, 0))[1] for item in asked
        )
        day = company._rd_days_later(today, 5)
        return company.currency_id.round(max(amount, 0)), day

    # ------------------------------------------------------------------
    # For the plan, the guard and the worklist
    # ------------------------------------------------------------------
    @api.model
    def _get_promises(self, items):
        """Return ``{journal item id: (day, amount)}`` of open promises to pay.

        A promise for items is spread over them, what is due first in front; a sum
        over what else the customer has open.

        :param items: journal items; all promises of their customers are looked at
        """
        # Whoever plans or chases need not hold the rights of bookkeeping.
        items = items.sudo()
        partners = items.partner_id.commercial_partner_id
        promises = self.sudo().search(
            [
                ("state", "=", "open"),
                ("partner_id", "in", partners.ids),
                ("company_id", "in", items.company_id.ids),
            ],
            order="date, id",
        )
        found, left = {}, {}
        for promise in promises.sorted(lambda one: (not one.line_ids, one.date)):
            amount = promise.amount - promise.received_amount
            rows = [
                (item.id, left.setdefault(item.id, item.amount_residual))
                for item in promise._get_items()
            ]
            for ref, share in dues.spread(amount, rows).items():
                left[ref] -= share
                day, before = found.get(ref, (promise.date, 0))
                found[ref] = (min(day, promise.date), before + share)
        return {ref: found[ref] for ref in items.ids if ref in found}
