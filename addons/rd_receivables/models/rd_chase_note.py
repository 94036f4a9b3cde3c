# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .rd_promise import CHANNELS

OUTCOMES = [
    ("promised", "Promised"),
    ("disputed", "Disputed"),
    ("will_pay", "Will pay"),
    ("wrong_address", "Wrong address"),
    ("no_answer", "No answer"),
]
REASONS = [
    ("paid", "Paid already"),
    ("no_invoice", "Tax invoice not received"),
    ("not_received", "Goods not received"),
    ("quantity", "Quantity"),
    ("price", "Price"),
    ("quality", "Quality"),
    ("not_ours", "Not our order"),
    ("other", "Other"),
]


class RdChaseNote(models.Model):
    """What came of asking a customer for money; append-only.

    The newest note of a customer says when to ask again. A dispute holds the chasing
    of its items until it is settled or withdrawn.
    """

    _name = "rd.chase.note"
    _description = "Chasing Note"
    _inherit = ["rd.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "text"
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
    )
    line_ids = fields.Many2many(
        "account.move.line",
        "rd_chase_note_item_rel",
        "note_id",
        "item_id",
        string="Items",
        check_company=True,
        copy=False,
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._rd_today(), index=True
    )
    outcome = fields.Selection(OUTCOMES, required=True, index=True)
    reason = fields.Selection(REASONS, help="Why the items are disputed.")
    text = fields.Char(string="Note")
    who = fields.Char(string="Spoke with")
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    next_date = fields.Date(string="Next contact on", index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Noted by",
        required=True,
        default=lambda self: self.env.user,
        index=True,
    )
    promise_id = fields.Many2one(
        "rd.promise", index="btree_not_null", ondelete="restrict"
    )
    proof_ids = fields.Many2many(
        "ir.attachment",
        "rd_chase_note_proof_rel",
        "note_id",
        "attachment_id",
    )
    closed_date = fields.Date(string="Dispute closed on", readonly=True)
    closed_how = fields.Selection(
        [("settled", "Settled"), ("withdrawn", "Withdrawn")],
        string="Dispute closed",
        readonly=True,
    )
    closed_by_id = fields.Many2one("res.users", readonly=True, string="Closed by")
    closed_note = fields.Char(string="How it was closed", readonly=True)
    is_dispute_open = fields.Boolean(
        string="Dispute open", compute="_compute_is_dispute_open", store=True
    )
    item_names = fields.Char(string="For", compute="_compute_item_names")

    @api.depends("outcome", "closed_date")
    def _compute_is_dispute_open(self):
        for note in self:
            note.is_dispute_open = note.outcome == "disputed" and not note.closed_date

    @api.depends("line_ids")
    def _compute_item_names(self):
        for note in self:
            moves = note.sudo().line_ids.move_id
            note.item_names = ", ".join(
                moves.sorted(lambda move: (move.date, move.id)).mapped("name")
            )

    @api.depends("outcome", "partner_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for note in self:
            parts = [note.partner_id.name, labels.get(note.outcome), note.text]
            note.display_name = " · ".join(part for part in parts if part)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "user_id",
            "closed_date",
            "closed_how",
            "closed_by_id",
            "closed_note",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Note what came of it; a dispute without items is about all that is due.

        :raise UserError: for items of somebody else, and a next contact in the past
        """
        for vals in vals_list:
            self.env["rd.promise"]._complete(vals)
        notes = super().create(vals_list)
        for note in notes:
            note._check_new()
        return notes

    def _check_new(self):
        self.ensure_one()
        today = self.company_id._rd_today()
        if self.next_date and self.next_date < today:
            raise UserError(
                self.env._(
                    "The next contact with %(partner)s cannot lie on %(day)s, which "
                    "is past.",
                    partner=self.partner_id.name,
                    day=format_date(self.env, self.next_date),
                )
            )
        if self.outcome == "disputed":
            self._check_dispute()

    def _check_dispute(self):
        if not self.reason:
            raise UserError(
                self.env._(
                    "Say why %(partner)s disputes it.", partner=self.partner_id.name
                )
            )
        if not self.line_ids:
            items = self.env["account.move.line"]._rd_get_open_debts(
                self.company_id, self.partner_id
            )
            overdue = items.filtered(
                lambda item: item._rd_days_overdue(self.company_id._rd_today()) > 0
            )
            self._as_internal().write({"line_ids": (overdue or items).ids})
        for item in self.sudo().line_ids:
            if (
                item.partner_id.commercial_partner_id != self.partner_id
                or item.company_id != self.company_id
            ):
                raise UserError(
                    self.env._(
                        "%(item)s is not an item of %(partner)s; choose its own items.",
                        item=item.move_id.name or "",
                        partner=self.partner_id.name,
                    )
                )
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "%(partner)s has nothing open that could be disputed.",
                    partner=self.partner_id.name,
                )
            )

    def write(self, vals):
        """Keep what was noted: another contact is another note."""
        if not self._is_internal():
            raise UserError(
                self.env._("What was noted stays; note what came next instead.")
            )
        return super().write(vals)

    def copy_data(self, default=None):
        """Refuse: each contact is noted for itself."""
        raise UserError(
            self.env._("What was noted stays; note what came next instead.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("What was noted stays; note what came next instead.")
        )

    @api.model
    def _note_outcome(self, company, partner, outcome, refs=(), **said):
        """Note what came of a contact, with its promise where there is one.

        :param refs: ids of the journal items it is about
        :param said: ``amount`` and ``date`` of a promise, ``reason`` of a dispute,
            ``who``, ``channel``, ``text``
        :return: the note
        :raise UserError: as for promises and disputes
        """
        self.check_access("create")
        self.env["rd.promise"]._check_desk()
        told = {
            "company_id": company.id,
            "partner_id": partner.id,
            "line_ids": [Command.set(list(refs))],
            "who": said.get("who"),
            "channel": said.get("channel") or "phone",
        }
        values = {
            **told,
            "outcome": outcome,
            "date": company._rd_today(),
            "text": said.get("text"),
        }
        if outcome == "promised":
            promise = self._note_promise(told, said)
            values["promise_id"] = promise.id
            values["next_date"] = fields.Date.add(promise.last_day, days=1)
        elif outcome == "disputed":
            values["reason"] = said.get("reason")
        return self.create(values)

    @api.model
    def _note_promise(self, told, said):
        if not said.get("date"):
            raise UserError(self.env._("Say for which day they promise it."))
        return self.env["rd.promise"].create(
            {
                **told,
                "amount": said.get("amount") or 0,
                "date": said["date"],
                "note": said.get("text"),
            }
        )

    # ------------------------------------------------------------------
    # Disputes
    # ------------------------------------------------------------------
    @api.model
    def _get_disputed(self, items):
        """Return ``{journal item id: day since which it is disputed}``."""
        notes = self.sudo().search(
            [("is_dispute_open", "=", True), ("line_ids", "in", items.ids)],
            order="date, id",
        )
        found = {}
        for note in notes:
            for item in note.line_ids & items.sudo():
                found.setdefault(item.id, note.date)
        return found

    def _close_settled(self):
        """Close the disputes of which nothing is left to pay."""
        for note in self.filtered("is_dispute_open"):
            items = note.sudo().line_ids
            if not items.filtered(lambda item: item._rd_is_open_debt()):
                note._close("settled", self.env._("Nothing of it is open any more."))

    def _close(self, how, text):
        self._as_internal().write(
            {
                "closed_date": self.company_id[:1]._rd_today(),
                "closed_how": how,
                "closed_by_id": self.env.uid,
                "closed_note": text,
            }
        )

    def action_settle(self, text=None):
        """Close disputes that were settled: their items are chased again.

        :raise UserError: without saying how
        """
        return self._close_by_hand("settled", text)

    def action_withdraw(self, text=None):
        """Close disputes that the customer took back."""
        return self._close_by_hand("withdrawn", text or self.env._("by the customer"))

    def _close_by_hand(self, how, text):
        self.check_access("write")
        self.env["rd.promise"]._check_desk()
        for note in self:
            if note.outcome != "disputed":
                raise UserError(
                    self.env._("%(note)s is no dispute.", note=note.display_name)
                )
            if not (text or "").strip():
                raise UserError(
                    self.env._(
                        "Say how the dispute of %(partner)s was settled.",
                        partner=note.partner_id.name,
                    )
                )
            if note.is_dispute_open:
                note._close(how, text.strip())
        return True
