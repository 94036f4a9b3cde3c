# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import format_date

from .. import dues

OPEN_FAPIAO = ("requested", "issued", "sent", "returned")


class RdChaseGuard(models.AbstractModel):
    """What holds a message to a customer back: the facts, read in batch.

    The rule itself is ``dues.holds``; here stands where each fact is found, in as
    many queries for a thousand customers as for one.
    """

    _name = "rd.chase.guard"
    _description = "Chase Guard"

    @api.model
    def _read_accounts(self, company, partners):
        """Return ``{commercial partner: (dues.Account, items)}`` of open debts.

        Read as the system: who runs the desk need not hold the rights of finance.
        """
        items = self._find_items(company, partners)
        by_partner = defaultdict(items.browse)
        for item in items:
            by_partner[item.partner_id.commercial_partner_id] |= item
        facts = self._read_facts(company, partners, items)
        return {
            partner: (self._prepare_account(partner, own, facts), own)
            for partner, own in by_partner.items()
        }

    @api.model
    def _find_items(self, company, partners):
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id.commercial_partner_id", "in", partners.ids),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual", ">", 0),
                ],
                order="date_maturity, id",
            )
        )
        items.move_id.mapped("rd_statement_id")
        return items

    @api.model
    def _read_facts(self, company, partners, items):
        """Return what each item and each customer is looked up in."""
        promises = self.env["rd.promise"].sudo()
        mine = [("company_id", "=", company.id), ("partner_id", "in", partners.ids)]
        live = promises.search([*mine, ("state", "=", "open")])
        sums, held = {}, {}
        for promise in live:
            if not promise.line_ids:
                before = sums.get(promise.partner_id.id, promise.last_day)
                sums[promise.partner_id.id] = max(before, promise.last_day)
            for item in promise.line_ids:
                held[item.id] = max(
                    held.get(item.id, promise.last_day), promise.last_day
                )
        return {
            "today": company._rd_today(),
            "unapplied": self.env["account.move.line"]._rd_get_unapplied(
                company, partners
            ),
            "sums": sums,
            "promised": held,
            "disputed": self.env["rd.chase.note"]._get_disputed(items),
            "differences": self._read_differences(company, partners),
            "fapiao": self._find_without_fapiao(company, items.move_id),
            "statement": self._find_unsigned(items.move_id),
            "address": self._find_wrong_addresses(mine),
        }

    @api.model
    def _describe(self, reason, company, partner, items):
        """Return ``(sentence, who has to do something, or nobody)`` of a reason."""
        facts = {
            dues.chasing.PAID: self._describe_paid,
            dues.chasing.PROMISE: self._describe_promise,
            dues.chasing.DISPUTE: self._describe_dispute,
            dues.chasing.DIFFERENCE: self._describe_difference,
            dues.chasing.FAPIAO: self._describe_fapiao,
            dues.chasing.STATEMENT: self._describe_statement,
            dues.chasing.ADDRESS: self._describe_address,
        }
        return facts[reason](company, partner, items)

    @api.model
    def _describe_paid(self, company, partner, _items):
        amount = self.env["account.move.line"]._rd_get_unapplied(company, partner)
        return (
            self.env._(
                "%(amount)s of %(partner)s is applied to nothing yet: let finance "
                "apply it first.",
                amount=company.currency_id.format(amount.get(partner.id, 0)),
                partner=partner.name,
            ),
            self._get_finance(company) or partner.user_id,
        )

    @api.model
    def _get_finance(self, company):
        """Return who applies payments: finance, not who sells."""
        people = self.env["rd.receivable.rule"]._get_people("finance", company)
        return people[:1].sudo()

    @api.model
    def _describe_promise(self, company, partner, items):
        promise = (
            self.env["rd.promise"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "=", partner.id),
                    ("state", "=", "open"),
                    "|",
                    ("line_ids", "=", False),
                    ("line_ids", "in", items.ids),
                ],
                order="date desc",
                limit=1,
            )
        )
        sentence = self.env._(
            "%(partner)s has promised %(amount)s for %(day)s.",
            partner=partner.name,
            amount=company.currency_id.format(promise.amount),
            day=format_date(self.env, promise.date),
        )
        return sentence, self.env["res.users"]

    @api.model
    def _describe_dispute(self, _company, partner, items):
        note = (
            self.env["rd.chase.note"]
            .sudo()
            .search(
                [("is_dispute_open", "=", True), ("line_ids", "in", items.ids)], limit=1
            )
        )
        reasons = dict(note._fields["reason"]._description_selection(self.env))
        sentence = self.env._(
            "%(partner)s disputes %(items)s since %(day)s: %(reason)s.",
            partner=partner.name,
            items=note.item_names,
            day=format_date(self.env, note.date),
            reason=reasons.get(note.reason, note.text or ""),
        )
        return sentence, note.user_id if not note.user_id.share else partner.user_id

    @api.model
    def _describe_difference(self, company, partner, _items):
        found = self._read_differences(company, partner)[partner.id]
        sentence = self.env._(
            "%(partner)s does not agree: %(first)s (%(count)s open).",
            partner=partner.name,
            first=found[0].display_name,
            count=len(found),
        )
        return sentence, found[0].user_id

    @api.model
    def _describe_fapiao(self, company, _partner, items):
        wanted = self._find_without_fapiao(company, items.move_id)
        moves = items.move_id.filtered(lambda move: move.id in wanted)
        sentence = self.env._(
            "The tax invoice of %(items)s has not been delivered.",
            items=", ".join(moves.mapped("name")),
        )
        return sentence, moves.rd_fapiao_ids.user_id[:1]

    @api.model
    def _describe_statement(self, _company, _partner, items):
        wanted = self._find_unsigned(items.move_id)
        statements = items.move_id.filtered(
            lambda move: move.id in wanted
        ).rd_statement_id
        sentence = self.env._(
            "Statement %(statements)s was not sent or not confirmed.",
            statements=", ".join(statements.mapped("name")),
        )
        return sentence, statements.user_id[:1]

    @api.model
    def _describe_address(self, _company, partner, _items):
        sentence = self.env._(
            "%(partner)s has no address for this way of asking, or nobody answers "
            "there: find one.",
            partner=partner.name,
        )
        return sentence, partner.user_id

    @api.model
    def _prepare_account(self, partner, items, facts):
        today = facts["today"]
        return dues.Account(
            debts=tuple(
                dues.Debt(
                    item.id,
                    Decimal(str(item.amount_residual)),
                    item._rd_days_overdue(today),
                    facts["promised"].get(item.id),
                    item.id in facts["disputed"],
                    item.move_id.id in facts["fapiao"],
                    item.move_id.id in facts["statement"],
                )
                for item in items
            ),
            unapplied=Decimal(str(facts["unapplied"].get(partner.id, 0))),
            promised_until=facts["sums"].get(partner.id),
            differences=len(facts["differences"].get(partner.id, ())),
            has_address=partner.id not in facts["address"],
            reached_by=self._get_ways(partner),
        )

    @api.model
    def _get_ways(self, partner):
        """Return the ways that need an address of the customer and have one."""
        contacts = partner._rd_get_statement_contacts()
        has = {
            "email": bool(contacts.filtered("email_normalized")),
            "letter": bool((partner | contacts).filtered("street")),
        }
        return frozenset(way for way, is_there in has.items() if is_there)

    # ------------------------------------------------------------------
    # Where the facts are
    # ------------------------------------------------------------------
    @api.model
    def _read_differences(self, company, partners):
        """Return ``{partner id: records}``: open differences that hold chasing back,
        and statements that are disputed."""
        mine = [
            ("company_id", "=", company.id),
            ("partner_id.commercial_partner_id", "in", partners.ids),
        ]
        found = defaultdict(list)
        for one in (
            self.env["rd.difference"]
            .sudo()
            .search([*mine, ("state", "=", "open"), ("blocks_dunning", "=", True)])
        ):
            found[one.partner_id.commercial_partner_id.id].append(one)
        for one in (
            self.env["rd.statement"].sudo().search([*mine, ("state", "=", "disputed")])
        ):
            found[one.partner_id.commercial_partner_id.id].append(one)
        return found

    @api.model
    def _find_without_fapiao(self, company, moves):
        """Return the ids of invoices whose tax invoice the customer does not have."""
        if not company.rd_tax_invoices:
            return set()
        return {
            move.id
            for move in moves
            if move.move_type == "out_invoice"
            and (
                not move.rd_fapiao_received_date
                or any(one.state in OPEN_FAPIAO for one in move.rd_fapiao_ids)
            )
        }

    @api.model
    def _find_unsigned(self, moves):
        """Return the ids of invoices whose statement was not sent, or has no word of
        a customer who confirms: a signature, his own ledger or his word on arrival."""
        return {
            move.id
            for move in moves
            if (statement := move.rd_statement_id) and self._is_unsigned(statement)
        }

    @api.model
    def _is_unsigned(self, statement):
        mode = statement.partner_id.rd_settlement_mode
        if mode == "statement_confirm":
            return statement._needs_confirmation()
        return mode == "statement_sent" and not statement.sent_date

    @api.model
    def _find_wrong_addresses(self, mine):
        """Return the ids of customers whose newest note says nobody is there."""
        newest = {}
        for note in self.env["rd.chase.note"].sudo().search(mine, order="date, id"):
            newest[note.partner_id.id] = note.outcome
        return {ref for ref, outcome in newest.items() if outcome == "wrong_address"}
