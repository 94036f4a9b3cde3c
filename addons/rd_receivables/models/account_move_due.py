# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_partner_due import ANCHORS

KEPT = {"rd_due_anchor", "rd_due_anchor_date", "rd_due_waits_for"}
OWING = ("out_invoice", "out_receipt")


class DueRules(NamedTuple):
    """From what an invoice's terms are counted, and what follows them."""

    anchor: str = "invoice"
    """One of ANCHORS."""
    grace: int = 0
    """Days on top."""
    shift: str = ""
    """``next`` or ``previous`` working day; empty: stays."""


class AccountMove(models.Model):
    """Due dates of customer invoices follow the event their terms count from."""

    _name = "account.move"
    _inherit = ["account.move"]

    rd_due_anchor = fields.Selection(
        ANCHORS, string="Terms count from", readonly=True, copy=False
    )
    rd_due_anchor_date = fields.Date(
        string="Counted from",
        readonly=True,
        copy=False,
        help="Day of the event that the due dates are counted from.",
    )
    rd_due_waits_for = fields.Selection(
        ANCHORS,
        string="Not due: waits for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The event that the terms count from has not come yet, so nothing of "
        "this invoice is due.",
    )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Take the anchor from our own code only."""
        for vals in [self.default_get(list(self._rd_get_kept_of_anchor())), *vals_list]:
            self._rd_check_anchor(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._rd_check_anchor(vals)
        return super().write(vals)

    @api.model
    def _rd_get_kept_of_anchor(self):
        """Return the names of the fields that only our own code writes."""
        return KEPT

    def _rd_check_anchor(self, vals):
        # Emptied by hand, what waits for its event would be due and asked for.
        names = self._rd_get_kept_of_anchor() & vals.keys()
        if any(vals[name] or any(self.mapped(name)) for name in names):
            if not self.env["rd.guarded.mixin"]._is_internal():
                raise UserError(
                    self.env._(
                        "What the due date is counted from stands on the customer; "
                        "set it there before the invoice is posted."
                    )
                )

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------
    def _post(self, soft=True):
        """Count the due dates from the anchor that is agreed today."""
        posted = super()._post(soft=soft)
        posted._rd_start_anchor()
        return posted

    def _rd_start_anchor(self):
        owing = self.filtered(
            lambda move: move.move_type in OWING and move.state == "posted"
        )
        plain = DueRules()
        for move in owing.sudo():
            rules = move._rd_get_due_rules()
            if rules == plain and not move.rd_due_anchor:
                continue
            move._rd_anchored().write({"rd_due_anchor": rules.anchor})
            move._rd_get_instalments()._rd_forget_due()
            move._rd_count_from_anchor()

    def _rd_anchored(self):
        """Return the moves with the key to what is kept of the anchor."""
        return self._rd_internal().with_context(skip_invoice_sync=True)

    def _rd_get_due_rules(self):
        """Return the rules agreed for this invoice with the customer."""
        self.ensure_one()
        partner = self.commercial_partner_id
        return DueRules(
            partner.rd_due_anchor or "invoice",
            partner.rd_due_grace_days,
            partner.rd_due_shift or "",
        )

    def _rd_follow_anchor(self):
        """Count the due dates anew, and keep what was known of those that move;
        nothing changes where the day is the same."""
        moves = self.sudo().filtered(
            lambda move: move.rd_due_anchor and move.state == "posted"
        )
        known = moves._rd_get_instalments()._rd_get_known_dues()
        moves._rd_count_from_anchor()
        moved = {
            line: before
            for line, before in known.items()
            if line._rd_get_known_due() != before
        }
        self.env["rd.due.change"]._note(moved)

    def _rd_count_from_anchor(self):
        by_anchor = defaultdict(self.sudo().browse)
        for move in self:
            by_anchor[move.rd_due_anchor] |= move
        for anchor, some in by_anchor.items():
            days = some._rd_get_event_days(anchor)
            for move in some:
                move._rd_apply_anchor(days.get(move, move.invoice_date))

    def _rd_apply_anchor(self, day):
        """Move the due dates of one invoice to what the terms say from ``day``.

        :param day: day of the event; False: it has not come
        """
        self.ensure_one()
        waits = False if day else self.rd_due_anchor
        if (self.rd_due_anchor_date or False, self.rd_due_waits_for) != (day, waits):
            self._rd_anchored().write(
                {"rd_due_anchor_date": day, "rd_due_waits_for": waits}
            )
        # What a contract's plan lets fall due follows the plan.
        instalments = self._rd_get_instalments()
        lines = instalments.filtered(lambda line: not line.rd_due_stage_id)
        by_date = self._rd_get_terms_by_date()
        rules = self._rd_get_due_rules()
        days = self.company_id._rd_get_working_days()
        reason = self._rd_get_anchor_reason(day)
        for line in lines:
            base = line._rd_get_base(by_date)
            due = line._rd_count_due(base, by_date, day, rules, days) if day else base
            line._rd_set_due(due, base, reason)
        last = max(instalments.mapped("date_maturity"), default=False)
        if last and self.invoice_date_due != last:
            self._rd_anchored().write({"invoice_date_due": last})

    def _rd_get_instalments(self):
        return self.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def _rd_get_terms_by_date(self):
        """Return the term lines by the due date they give from the invoice."""
        by_date = defaultdict(self.env["account.payment.term.line"].browse)
        for term in self.invoice_payment_term_id.line_ids:
            by_date[term._get_due_date(self.invoice_date)] |= term
        return dict(by_date)

    def _rd_get_anchor_reason(self, day):
        labels = dict(self._fields["rd_due_anchor"]._description_selection(self.env))
        event = labels[self.rd_due_anchor]
        if day:
            return self.env._("%(event)s %(day)s", event=event, day=day)
        return self.env._("not due, waits for: %(event)s", event=event)

    # ------------------------------------------------------------------
    # The events
    # ------------------------------------------------------------------
    def _rd_get_event_days(self, anchor):
        """Return ``{move: day of the event}``, False where it has not come.

        A move that cannot have the event is left out: it counts from its own date.
        """
        methods = {
            "delivery": self._rd_get_delivery_days,
            "statement": self._rd_get_statement_days,
            "fapiao": self._rd_get_fapiao_days,
            "stage": self._rd_get_stage_days,
        }
        return methods[anchor]() if anchor in methods else {}

    def _rd_get_delivery_days(self):
        days = {}
        for move in self:
            stated = move.invoice_line_ids.rd_statement_line_id
            goods = move.invoice_line_ids.sale_line_ids.move_ids
            if stated:
                days[move] = max(
                    (day for day in stated.mapped("date") if day), default=False
                )
            elif goods:
                company = move.company_id
                done = [
                    company._rd_local_date(one.date) for one in move._rd_get_shipped()
                ]
                days[move] = max(done, default=False)
        return days

    def _rd_get_shipped(self):
        """Return the stock moves that brought what this invoice bills.

        Of each order line the pieces are billed in the order they left: what earlier
        invoices have billed is left out, and what leaves later is not this one's.
        """
        shipped = self.env["stock.move"]
        for line in self.invoice_line_ids:
            for order_line in line.sale_line_ids:
                shipped |= line._rd_get_shipped(order_line)
        return shipped

    def _rd_get_statement_days(self):
        return {
            move: move.rd_statement_id.agreed_date or move.invoice_date
            for move in self
            if move.rd_statement_id
        }

    def _rd_get_fapiao_days(self):
        return {
            move: move.rd_fapiao_received_date or False
            for move in self
            if move.company_id.rd_tax_invoices
        }

    def _rd_get_stage_days(self):
        """Return nothing: what has a stage follows it part by part, and what has
        none counts from its own date."""
        return {}

    @api.model
    def _rd_cron_follow_anchor(self):
        """Look once a day whether what invoices wait for has come; each invoice is a
        transaction of its own."""
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        self.env["ir.cron"]._rd_run_each(
            self._rd_get_waiting(companies), lambda move: move._rd_follow_anchor()
        )

    @api.model
    def _rd_get_waiting(self, companies):
        """Return the invoices of which nothing is due before their event comes."""
        return self.sudo().search(
            [("company_id", "in", companies.ids), ("rd_due_waits_for", "!=", False)]
        )
