# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import matching
from .rd_difference_actions import _need
from .rd_difference_approval import SUPERVISOR

SECTIONS = [
    ("opening", "Opening balance"),
    ("payment", "Payments"),
    ("invoice", "Invoices"),
]
# Kinds that are known on both sides and only need time: nobody has to act.
SILENT = ("match", "timing")
ROLE_GROUPS = {
    "finance": "rd_sales_admin.rd_sales_admin_group_finance",
    "supervisor": "rd_sales_admin.rd_sales_admin_group_supervisor",
}


class RdDifference(models.Model):
    """A difference of the accounts: an opening, a payment or an invoice.

    No line of the statement stands behind it, so that it is settled apart from
    the statement: it may stay open when the deliveries are agreed.
    """

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    account_section = fields.Selection(SECTIONS, readonly=True, index="btree_not_null")
    account_key = fields.Char(
        readonly=True, help="By what a new comparison knows it again."
    )
    account_rule = fields.Char(readonly=True)
    account_template = fields.Char(readonly=True)
    account_values = fields.Json(readonly=True)
    account_item_ids = fields.Many2many(
        "account.move.line",
        "rd_difference_account_item_rel",
        string="Our entries",
        readonly=True,
    )
    ledger_entry_ids = fields.Many2many(
        "rd.ledger.entry", string="Their entries", readonly=True
    )
    sister_id = fields.Many2one(
        "res.partner",
        string="Other company",
        readonly=True,
        ondelete="set null",
    )
    asked_date = fields.Date(
        string="Asked on", readonly=True, help="When its owner was asked for it."
    )

    _account_once = models.UniqueIndex(
        "(statement_id, account_key) WHERE account_key IS NOT NULL "
        "AND state != 'cancelled'",
        "This difference of the accounts is already known.",
    )

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    @api.model
    def _sync_accounts(self, statement, groups):
        """Open a difference for each group that needs a person.

        What people have decided or begun stays as it is; what has resolved itself
        since is closed, and what nobody has touched is made anew.
        """
        known = statement.difference_ids.filtered("account_section")
        groups = {_key_of(group): group for group in groups if group.code not in SILENT}
        gone = known.filtered(
            lambda item: item.state == "open" and item.account_key not in groups
        )
        begun = gone.filtered(lambda item: item._is_begun())
        begun._as_internal().write({"state": "agreed"})
        (gone - begun)._as_internal().unlink()
        there = set((known - gone).mapped("account_key"))
        rules = self.env["rd.difference.rule"]._get_by_code(statement.company_id)
        opened = self._as_internal().create(
            [
                self._prepare_account_values(statement, key, group, rules[group.code])
                for key, group in groups.items()
                if key not in there
            ]
        )
        opened._schedule_for_owners()
        return opened

    def _is_begun(self):
        self.ensure_one()
        return bool(self.asked_date or self.dispute_reason or self.evidence)

    @api.model
    def _prepare_account_values(self, statement, key, group, rule):
        section = group.key[0]
        ours, theirs = float(group.ours_amount or 0), float(group.theirs_amount or 0)
        sister = (
            group.candidates[:1]
            if group.rule in ("party_mirror", "party_balance")
            else ()
        )
        items = [ref for ref in group.ours if isinstance(ref, int)]
        entries = [ref for ref in group.theirs if isinstance(ref, int)]
        if section == "opening":
            entries = (
                statement._get_their_entries()
                .filtered(lambda entry: entry.kind == "opening")
                .ids
            )
        elif group.rule == "party_payment" or group.rule == "party_invoice":
            items = list(group.candidates)
        owner = self._get_account_owner(statement, rule)
        return {
            "statement_id": statement.id,
            "account_section": section,
            "account_key": key,
            "account_rule": group.rule,
            "account_template": group.reason.template,
            "account_values": {
                name: str(value) for name, value in group.reason.values.items()
            },
            "account_item_ids": items,
            "ledger_entry_ids": entries,
            "sister_id": sister[0] if sister else self._get_sister(items, statement),
            "code": group.code,
            "ours_amount": ours,
            "theirs_amount": theirs,
            "amount": ours - theirs,
            "role": rule.role,
            "user_id": owner.id,
            "deadline": self._get_deadline(statement.company_id, rule.days),
            "blocks": rule.blocks,
            "blocks_dunning": rule.blocks_dunning,
            "proposal": rule.proposal,
        }

    @api.model
    def _get_sister(self, items, statement):
        """Return the other company that entries of ours are booked under."""
        lines = self.env["account.move.line"].sudo().browse(items)
        partners = lines.partner_id.commercial_partner_id - statement.partner_id
        return partners[:1].id

    @api.model
    def _get_account_owner(self, statement, rule):
        """Return who gets it: whom the rule names, else a person of its role."""
        if rule.user_id:
            return rule.user_id
        people = self._get_people(rule.role, statement.company_id)
        return people & statement.user_id or people[:1] or statement.user_id

    @api.model
    def _get_people(self, role, company):
        """Return the users of a role in a company, people before robots."""
        if role not in ROLE_GROUPS:
            return self.env["res.users"]
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(ROLE_GROUPS[role]).ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        technical = self.env.ref("base.user_root") | self.env.ref("base.user_admin")
        supervisor = users.filtered(lambda user: user.has_group(SUPERVISOR))
        others = users - supervisor if role == "finance" else users
        return ((others - technical) or (users - technical)).sudo(False)

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("account_template", "account_values")
    @api.depends_context("lang")
    def _compute_reason(self):
        accounts = self.filtered("account_section")
        res = super(RdDifference, self - accounts)._compute_reason()
        translate = self.env["rd.match"]._translate_reason
        for item in accounts:
            item.reason = translate(item.account_template, item.account_values)
        return res

    @api.depends("account_section", "account_item_ids", "ledger_entry_ids")
    @api.depends_context("lang")
    def _compute_display_name(self):
        accounts = self.filtered("account_section")
        res = super(RdDifference, self - accounts)._compute_display_name()
        labels = dict(self._fields["code"]._description_selection(self.env))
        for item in accounts:
            # The name of an entry, also to who may not open entries.
            entry = item.sudo().account_item_ids[:1]
            other = item.ledger_entry_ids[:1]
            cell = other.cell and self.env._("cell %(cell)s", cell=other.cell)
            what = entry.move_name or other.number or cell or ""
            item.display_name = f"{labels[item.code]} {what}".strip()
        return res

    # ------------------------------------------------------------------
    # What may be done
    # ------------------------------------------------------------------
    def _get_action_keys(self):
        if not self.account_section:
            return super()._get_action_keys()
        self.ensure_one()
        if self.state != "open" or self.statement_id.state == "cancelled":
            return []
        keys = self._get_account_keys()
        primary = self.proposal if self.proposal in keys else keys[0]
        return [primary, *(key for key in keys if key != primary)]

    def _get_account_keys(self):
        """Return what fits: what was asked already is not proposed again."""
        asked, money = bool(self.asked_date), self.account_section != "opening"
        offered = {
            "transfer": self.code == "party",
            "found": money and self.theirs_amount > self.ours_amount,
            "explain": True,
            "ask_finance": not asked,
            "check_before": not asked and self.account_section == "opening",
            "carry": money,
            "dispute": True,
        }
        return [key for key, fits in offered.items() if fits]

    def _get_action_needs(self, key):
        if key == "found":
            lines = _need("line_ids", "lines", self.env._("Our entry"), False)
            return [{**lines, "side": "ours"}]
        if key == "transfer":
            label, value = self.env._("Note for finance"), self.reason or ""
            return [_need("reason", "text", label, value)]
        if key in ("ask_finance", "check_before"):
            label = self.env._("Question")
            need = _need("reason", "text", label, self.reason or "")
            return [{**need, "required": False}]
        return super()._get_action_needs(key)

    def find_lines(self, side, text="", limit=20):
        """Return our entries that the payment or invoice may be, the nearest first."""
        if not self.account_section:
            return super().find_lines(side, text, limit)
        self.ensure_one()
        self.check_access("read")
        words = (text or "").casefold().split()
        found = [self._prepare_found(item) for item in self._get_free_entries()]
        found = [
            shown
            for shown in found
            if all(
                word in f"{shown['text']} {shown['amount']:.2f}".casefold()
                for word in words
            )
        ]
        found.sort(
            key=lambda shown: (
                abs(shown["amount"] - self.theirs_amount),
                shown["date"],
                shown["id"],
            )
        )
        return found[: max(1, min(int(limit), 100))]

    def _get_free_entries(self):
        """Return the posted receivable entries of the company that it may be: of the
        affiliate or of another company, in the currency, of its kind."""
        self.ensure_one()
        sign = "<" if self.account_section == "payment" else ">"
        domain = [
            ("company_id", "=", self.company_id.id),
            ("currency_id", "=", self.currency_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("amount_currency", sign, 0),
        ]
        # The books keep cents: the noise of a difference of floats is in none of them.
        amount = self.currency_id.round(self.theirs_amount - self.ours_amount)
        near = [("amount_currency", "in", (amount, -amount))]
        own = [
            (
                "partner_id.commercial_partner_id",
                "=",
                self.partner_id.commercial_partner_id.id,
            )
        ]
        # Whoever settles it may know the entries that it may be.
        Item = self.env["account.move.line"].sudo()
        order = "date desc, id desc"
        return Item.search(domain + near, order=order, limit=100) | Item.search(
            domain + own, order=order, limit=200
        )

    def _prepare_found(self, item):
        name = " ".join(
            part for part in (item.move_name, item.ref, item.partner_id.name) if part
        )
        return {
            "id": item.id,
            "text": name,
            "part": "",
            "date": str(item.date),
            "quantity": 0.0,
            "amount": abs(item.amount_currency),
            "other_period": not (
                (self.statement_id.date_from or item.date)
                <= item.date
                <= self.statement_id.date_to
            ),
        }

    # ------------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------------
    def _check_open(self):
        """Accounts are settled apart: only a cancelled statement ends it."""
        accounts = self.filtered("account_section")
        super(RdDifference, self - accounts)._check_open()
        if not accounts:
            return
        accounts.statement_id._check_desk()
        accounts.check_access("write")
        for item in accounts:
            if item.state != "open":
                raise UserError(
                    self.env._(
                        "%(difference)s of %(statement)s is already settled.",
                        difference=item.display_name,
                        statement=item.statement_id.display_name,
                    )
                )

    def _check_account(self):
        self._check_open()
        for item in self:
            if not item.account_section:
                raise UserError(
                    self.env._(
                        "%(difference)s concerns deliveries, not the account.",
                        difference=item.display_name,
                    )
                )

    def action_explain(self, reason=None):
        """Close what concerns no line of ours; of an account only with evidence.

        :raise UserError: without it
        """
        accounts = self.filtered("account_section")
        accounts._check_open()
        for item in accounts:
            item._require_reason(reason or item.evidence)
        return super().action_explain(reason)

    def action_ask_finance(self, reason=None):
        """Give it to finance as a task; it stays open."""
        self._check_account()
        for item in self:
            finance = item._get_people("finance", item.company_id)[:1]
            item._hand_to("finance", finance or item.user_id, item, reason)
        return True

    def action_check_before(self, reason=None):
        """Give a supervisor the statement of the month before as a task."""
        self._check_account()
        for item in self:
            people = item._get_people("supervisor", item.company_id)
            supervisor = ((people - self.env.user) or people)[:1]
            before = item.statement_id._get_statement_before() or item.statement_id
            item._hand_to("supervisor", supervisor or item.user_id, before, reason)
        return True

    def _hand_to(self, role, user, record, reason):
        """Make somebody the owner and plan a task for him on a record."""
        self.ensure_one()
        deadline = self._get_deadline(self.company_id, 3)
        self._as_internal().write(
            {
                "role": role,
                "user_id": user.id,
                "deadline": deadline,
                "asked_date": self.company_id._rd_today(),
                "escalated_date": False,
            }
        )
        if user:
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=deadline,
                summary=self.display_name,
                note=reason or self.reason,
                user_id=user.id,
            )

    def action_transfer(self, reason=None):
        """Note for finance to which company it belongs; they book it.

        :raise UserError: without a note
        """
        self._check_account()
        for item in self:
            item._require_reason(reason or item.evidence)
            finance = item._get_people("finance", item.company_id)[:1]
            item._settle("agreed")
            item.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=item._get_deadline(item.company_id, 5),
                summary=self.env._(
                    "Transfer: %(what)s, %(sister)s",
                    what=item.display_name,
                    sister=item.sister_id.name or item.partner_id.name,
                ),
                note=reason or item.evidence,
                user_id=(finance or item.user_id or self.env.user).id,
            )
        return self._settled(reason)

    def action_found(self, line_ids, reason=None):
        """Name the entry of ours that it is.

        :param list line_ids: one id of a journal item
        :raise UserError: when it is no posted receivable entry of the company
        """
        self._check_account()
        self.ensure_one()
        wanted = set(line_ids) if isinstance(line_ids, (list, tuple)) else set()
        entry = self._get_free_entries().filtered(lambda item: item.id in wanted)
        if len(entry) != 1 or len(wanted) != 1:
            raise UserError(
                self.env._(
                    "Choose the one entry that %(difference)s is.",
                    difference=self.display_name,
                )
            )
        self._as_internal().write({"account_item_ids": [(4, entry.id)]})
        self._settle("explained")
        found = self.env._("Found: %(entry)s", entry=entry.move_name)
        return self._settled(f"{found} {reason or ''}".strip())

    def _settle_ask_finance(self):
        self.action_ask_finance(self.evidence)

    def _settle_check_before(self):
        self.action_check_before(self.evidence)

    def _settle_transfer(self):
        self.action_transfer()

    def _check_concerns_lines(self):
        for item in self.filtered("account_section"):
            raise UserError(
                self.env._(
                    "%(difference)s concerns the account, not deliveries.",
                    difference=item.display_name,
                )
            )

    def action_link(self, line_ids, remember=False):
        """Lines are put together with lines, never with an account."""
        self._check_concerns_lines()
        return super().action_link(line_ids, remember)

    def action_credit(self, reason=None):
        """What an account differs by is no deduction."""
        self._check_concerns_lines()
        return super().action_credit(reason)

    def action_keep_ours(self, reason=None):
        """Lines are confirmed; of an account the entry or the reason is named."""
        self._check_concerns_lines()
        return super().action_keep_ours(reason)

    def _settled(self, reason=None):
        """Nothing of a statement has to be computed for its accounts."""
        accounts = self.filtered("account_section")
        if (reason or "").strip():
            accounts.write({"evidence": reason.strip()})
        for statement in accounts.statement_id:
            if not statement._get_holding_differences():
                statement.close_id._wake(statement.partner_id)
        return super(RdDifference, self - accounts)._settled(reason)

    def action_reopen(self):
        """Take a settlement back; of accounts also when the statement is agreed."""
        accounts = self.filtered("account_section")
        accounts.statement_id._check_desk()
        for item in accounts:
            item._check_reopenable()
        accounts._as_internal().write(
            {
                "state": "open",
                "settled_by_id": False,
                "settled_date": False,
                "asked_date": False,
            }
        )
        return super(RdDifference, self - accounts).action_reopen()

    def _check_reopenable(self):
        if self.account_section and self.statement_id.state != "cancelled":
            return
        super()._check_reopenable()

    def _may_be_undone(self):
        if not self.account_section:
            return super()._may_be_undone()
        return self.state not in ("open", "cancelled") and bool(self.settled_by_id)

    # ------------------------------------------------------------------
    # The desk
    # ------------------------------------------------------------------
    def _prepare_row(self, labels, papers, candidates):
        row = super()._prepare_row(labels, papers, candidates)
        if self.account_section:
            label = matching.rule_label(self.account_rule)
            row["rule"] = self.env["rd.match"]._translate_reason(label, {})
        return row

    def _prepare_row_figures(self):
        figures = super()._prepare_row_figures()
        if self.account_section:
            # An account knows no quantities.
            figures.update(ours_qty=False, theirs_qty=False, quantity=False)
        return figures

    def _prepare_row_lines(self):
        if not self.account_section:
            return super()._prepare_row_lines()
        # The entries of ours are part of what the reader of a difference may know.
        ours, theirs = self.sudo().account_item_ids, self.ledger_entry_ids
        most = 20
        shown = [self._prepare_our_entry(item) for item in ours[:most]]
        if self.account_section == "opening":
            shown = [self._prepare_our_opening()]
        return {
            "ours": shown,
            "ours_more": max(0, len(ours) - most),
            "theirs": [self._prepare_their_entry(entry) for entry in theirs[:most]],
            "theirs_more": max(0, len(theirs) - most),
        }

    def _prepare_our_entry(self, item):
        own = item.partner_id.commercial_partner_id
        return {
            "id": item.id,
            "note": item.move_name or "",
            "part": item.ref or "",
            "customer_part": "",
            "name": own.name if own != self.partner_id else item.name or "",
            "date": str(item.date or ""),
            "quantity": False,
            "uom": "",
            "price": False,
            "amount": abs(item.amount_currency),
            "order": "",
            "price_source": "",
        }

    def _prepare_our_opening(self):
        day = self.statement_id.date_from
        return {
            "id": 0,
            "note": self.env._("Opening balance"),
            "part": "",
            "customer_part": "",
            "name": "",
            "date": str(day or ""),
            "quantity": False,
            "uom": "",
            "price": False,
            "amount": self.ours_amount,
            "order": "",
            "price_source": "",
        }

    def _prepare_their_entry(self, entry):
        return {
            "id": entry.id,
            "row": entry.row,
            "file": entry.ledger_id.filename or "",
            "note": entry.number or entry.display_name,
            "part": "",
            "name": entry.name or "",
            "date": str(entry.date or ""),
            "quantity": False,
            "accepted": False,
            "price": False,
            "amount": entry.amount,
            "raw": self._prepare_raw(entry.raw or {}),
            "other_period": entry.statement_id != self.statement_id,
        }

    def _prepare_evidence(self, papers):
        slots = super()._prepare_evidence(papers)
        if not self.account_section:
            return slots
        names = self.sudo().account_item_ids.mapped("move_name")
        cells = [
            self.env._(
                "%(file)s, %(cell)s",
                file=entry.ledger_id.filename or "",
                cell=entry.cell or entry.row,
            )
            for entry in self.ledger_entry_ids
        ]
        return [
            {
                "kind": "entry",
                "label": self.env._("Our entries"),
                "present": bool(names),
                "text": ", ".join(names),
                "missing": self.env._("No entry of ours."),
            },
            {
                "kind": "cell",
                "label": self.env._("Their cell"),
                "present": bool(cells),
                "text": ", ".join(cells),
                "missing": self.env._("Nothing in their ledger."),
            },
            *slots,
        ]

    def _get_waits_for(self):
        waits = super()._get_waits_for()
        if waits or self.state != "open" or not self.asked_date:
            return waits
        return self.env._(
            "Asked on %(day)s; %(user)s answers next.",
            day=fields.Date.to_string(self.asked_date),
            user=self.user_id.name or self.env._("nobody"),
        )


def _key_of(group):
    """By what a group is known again when the accounts are compared anew."""
    refs = [*map(str, group.ours), "|", *map(str, group.theirs)]
    figures = f"{group.ours_amount or 0}/{group.theirs_amount or 0}"
    return f"{group.key[0]}:{','.join(refs)}:{figures}"
