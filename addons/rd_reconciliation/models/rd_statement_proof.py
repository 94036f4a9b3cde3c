# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .. import matching
from .rd_statement import AGREED_STATES
from .rd_statement_account import BALANCES, WINDOW_DAYS

ELSEWHERE = matching.Text("They booked it in another period.")


class Accounts(NamedTuple):
    """Both accounts of a statement, compared and proved."""

    ours: matching.Account
    theirs: matching.Account
    groups: list
    proof: matching.Proof
    basis: str

    def known_gap(self):
        """Return how much of our closing less theirs is explained, on their basis.

        What both sides count apart from their balances is not in it.
        """
        if self.basis == "period":
            return 0.0
        apart = {"stated", "line", "rounding"}
        if self.basis == "goods":
            apart = {"stated"}
        return float(
            sum(
                item.amount if item.side == "theirs" else -item.amount
                for item in self.proof.items
                if item.section not in apart
            )
        )


class RdStatement(models.Model):
    """The affiliate's account by their ledger, against ours, and the proof.

    Nothing of it is stored but how much of the difference was known when the
    statement was agreed: the next month begins with that.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    known_gap = fields.Monetary(
        string="Known difference of the closings",
        readonly=True,
        copy=False,
        help="Our closing less theirs, as far as it was explained when the statement "
        "was agreed.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"known_gap"}

    def _after_transition(self, target):
        if target == "agreed":
            # Where their ledger states no balance there is nothing to know.
            for statement in self.filtered("ledger_ids.entry_ids"):
                gap = statement._get_accounts().known_gap()
                statement._as_internal().write({"known_gap": gap})
        return super()._after_transition(target)

    def _get_holding_differences(self):
        """A payment that finance looks for does not hold the deliveries back."""
        return (
            super()
            ._get_holding_differences()
            .filtered(
                lambda item: not item.account_section or item.blocks == "statement"
            )
        )

    def _match_accounts(self):
        """Compare the accounts, too, once their ledger states one."""
        self.ensure_one()
        stated = self.ledger_ids.entry_ids
        if stated or self.difference_ids.filtered("account_section"):
            groups = self._get_accounts().groups
            self.env["rd.difference"]._sync_accounts(self, groups)

    # ------------------------------------------------------------------
    # Our side
    # ------------------------------------------------------------------
    def _get_our_account(self, basis):
        """Return our ``matching.Account``, and what is shipped and not invoiced.

        On the basis of goods the statements count in place of their invoices.
        """
        self.ensure_one()
        figures = self._query_account()[self.id]
        opening, increase = _money(figures["opening"]), _money(figures["increase"])
        receipts, closing = _money(figures["receipts"]), _money(figures["closing"])
        stated_before = self._get_stated_before()[self.id]
        before, now = self._get_not_invoiced(figures, stated_before)
        shipped = before + now
        if basis == "goods":
            opening += before
            increase += now
        account = matching.Account(
            opening=opening,
            increase=increase,
            receipts=receipts,
            closing=opening + increase - receipts,
            **self._get_our_entries(basis),
        )
        return account, closing, shipped

    def _get_not_invoiced(self, figures, stated_before):
        """Return what is stated and not on our account, of earlier months and of this
        statement; less than nothing where more of it was invoiced in the period.

        :param dict figures: of ``_query_account``
        :param stated_before: of ``_get_stated_before``
        """
        before = _money(stated_before) - _money(figures["stated_before"])
        return before, _money(self.amount_total) - _money(figures["stated_now"])

    def _get_stated_balances(self):
        """Return how much is stated until the end of the period and not invoiced in
        it, and our closing with that; for all statements in two queries.

        :return: ``{statement id: {"not_invoiced", "closing_stated"}}``
        """
        accounts, before = self._query_account(), self._get_stated_before()
        balances = {}
        for statement in self:
            figures = accounts[statement.id]
            parts = statement._get_not_invoiced(figures, before[statement.id])
            missing = float(sum(parts))
            whole = figures["closing"] + missing
            balances[statement.id] = {
                "not_invoiced": statement.currency_id.round(missing),
                "closing_stated": statement.currency_id.round(whole),
            }
        return balances

    def _get_stated_before(self):
        """Return ``{statement id: sum of the affiliate's earlier statements}``."""
        known = self._read_group(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("currency_id", "in", self.currency_id.ids),
                ("state", "!=", "cancelled"),
            ],
            ["company_id", "partner_id", "currency_id", "date_to:day"],
            ["amount_total:sum"],
        )
        months = defaultdict(list)
        for company, partner, currency, day, total in known:
            months[company, partner, currency].append((day, total))
        return {
            statement.id: sum(
                total
                for day, total in months[
                    statement.company_id, statement.partner_id, statement.currency_id
                ]
                if day < statement.date_to
            )
            for statement in self
        }

    def _get_earlier_domain(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("currency_id", "=", self.currency_id.id),
            ("date_to", "<", self.date_to),
            ("state", "!=", "cancelled"),
        ]

    def _get_our_entries(self, basis):
        """Return our payments and invoices in the period, and payments just after."""
        rows = self._query_account_rows(
            SQL("WHERE NOT before AND NOT (after AND charge)")
        )
        places = {True: [], False: [], "later": []}
        for item_id, charge, after in rows:
            places["later" if after else charge].append(item_id)
        return {
            "payments": self._prepare_entries(places[False], -1),
            "later": self._prepare_entries(places["later"], -1),
            "invoices": (
                self._prepare_entries(places[True], 1) if basis == "invoiced" else ()
            ),
        }

    def _prepare_entries(self, ids, sign):
        """Return journal items as entries of the matching package."""
        # Whoever may read the statement may know what stands on its account.
        items = self.env["account.move.line"].sudo().browse(ids)
        return tuple(
            matching.Entry(
                ref=item.id,
                amount=sign * _money(item.amount_currency),
                date=item.date,
                number=item._rd_get_reference(),
                name=item.move_id.name or "",
            )
            for item in items
        )

    # ------------------------------------------------------------------
    # Their side
    # ------------------------------------------------------------------
    def _get_their_entries(self):
        """Return the balances and payments that count: those of the last file that
        states any of the kind."""
        entries = self.ledger_ids.entry_ids
        last = {}
        for entry in entries.sorted(
            lambda item: (item.ledger_id.id, item.row, item.id)
        ):
            last[entry.kind] = entry.ledger_id
        return entries.filtered(lambda item: item.ledger_id == last[item.kind])

    def _get_their_account(self, basis, groups, with_earlier=True):
        """Return their ``matching.Account``; what their rows say fills what lacks."""
        entries = self._get_their_entries()
        # Where a file states a balance twice, the last one counts.
        stated = {
            entry.kind: _money(entry.amount)
            for entry in entries.sorted("row")
            if entry.kind in BALANCES
        }
        payments = entries.filtered(lambda entry: entry.kind == "payment")
        if basis == "goods" and stated and "increase" not in stated:
            if groups and self.ledger_ids.line_ids:
                rows = [group.theirs_amount or Decimal(0) for group in groups]
                stated["increase"] = sum(rows, Decimal(0))
        return matching.Account(
            **stated,
            payments=tuple(entry._prepare_account_entry() for entry in payments),
            invoices=self._get_their_invoices() if basis == "invoiced" else (),
            earlier=self._get_unmet_payments() if with_earlier else (),
        )

    def _get_their_invoices(self):
        """Return the tax invoices that their rows name, with the rows' amounts."""
        amounts = defaultdict(Decimal)
        for row in self.ledger_ids.line_ids.filtered("invoice"):
            amounts[row.invoice] += self._get_gross(row)
        return tuple(
            matching.Entry(ref=number, amount=amount, number=number)
            for number, amount in sorted(amounts.items())
        )

    def _get_unmet_payments(self):
        """Return payments of their last ledger that we had not booked by then."""
        before = self._get_statement_before()
        known = before.ledger_ids.entry_ids.filtered(lambda one: one.kind == "payment")
        if not known:
            return ()
        refs = {
            ref
            for group in before._get_accounts(with_earlier=False).groups
            if group.key == ("payment",) and not group.ours
            for ref in group.theirs
        }
        unmet = known.filtered(lambda entry: entry.id in refs)
        return tuple(entry._prepare_account_entry() for entry in unmet)

    def _get_statement_before(self):
        self.ensure_one()
        return self.search(self._get_earlier_domain(), order="date_to desc", limit=1)

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------
    def _get_account_groups(self):
        """Return every live line and every row of this statement's ledgers, once
        each, as groups whose amounts include the tax."""
        self.ensure_one()
        rows = self.ledger_ids.line_ids
        if not rows:
            return []
        lines = self._lines()
        # Of a match, only what counts in this period: other rows did in theirs.
        places = defaultdict(lambda: ([], []))
        for line in lines:
            places[line.match_id.id or f"line {line.id}"][0].append(line.id)
        for row in rows:
            own = row.match_id.statement_id == self
            places[row.match_id.id if own else f"row {row.id}"][1].append(row.id)
        # Each group reads along with all others, not by queries of its own.
        every_line, every_row = lines._prefetch_ids, rows._prefetch_ids
        return [
            self._prepare_account_group(
                lines.browse(ours).with_prefetch(every_line),
                rows.browse(theirs).with_prefetch(every_row),
            )
            for ours, theirs in places.values()
        ]

    def _prepare_account_group(self, lines, rows):
        match = lines.match_id or rows.match_id
        code = self._get_account_code(match, lines, rows)
        reason = matching.Text(match.reason or "" if code != "match" else "")
        ours = sum((_money(line.amount_total) for line in lines), Decimal(0))
        return matching.Group(
            code=code,
            rule=match.rule or "",
            reason=ELSEWHERE if code == "timing" and match.ledger_line_ids else reason,
            ours=tuple(lines.ids),
            theirs=tuple(rows.ids),
            ours_qty=None,
            theirs_qty=None,
            ours_amount=ours,
            theirs_amount=self._get_their_gross(lines, rows, ours),
        )

    def _get_account_code(self, match, lines, rows):
        """Return what kind of difference lines and rows of a match are here."""
        if not match:
            return "not_in_theirs" if lines else "not_in_ours"
        other = match.statement_id != self or (match.ledger_line_ids and not rows)
        return "timing" if other else match.difference_id.code or match.code

    def _get_their_gross(self, lines, rows, ours):
        """Return what rows come to with tax, in the proportion of our lines where
        they state amounts without it."""
        if not rows:
            return Decimal(0)
        untaxed = sum((_money(line.amount_untaxed) for line in lines), Decimal(0))
        net = all(row.has_amount and row.tax_basis == "excluded" for row in rows)
        if net and untaxed:
            stated = sum((_money(row.amount) for row in rows), Decimal(0))
            return self._round(stated * ours / untaxed)
        if lines and not any(row.has_amount for row in rows):
            return self._get_gross_by_quantity(lines, rows, ours)
        return sum((self._get_gross(row) for row in rows), Decimal(0))

    def _get_gross_by_quantity(self, lines, rows, ours):
        """Return our amount in the proportion of the quantities."""
        basis = self._get_ledger_profile().quantity_basis or "accepted"
        name = "accepted" if basis == "accepted" else "quantity"
        mine, other = sum(lines.mapped("quantity")), sum(rows.mapped(name))
        if not mine:
            return Decimal(0)
        return self._round(ours * _money(other) / _money(mine))

    def _get_gross(self, row):
        """Return what one row comes to with tax."""
        amount = _money(row.amount)
        if not row.has_amount:
            amount = _money(row.accepted) * _money(row.price)
        if row.tax_basis == "excluded":
            usual = max(self._lines().mapped("tax_rate"), default=0)
            amount *= 1 + (_money(row.tax_rate) or _money(usual) / 100)
        return self._round(amount)

    def _round(self, amount):
        return _money(self.currency_id.round(float(amount)))

    # ------------------------------------------------------------------
    # Comparison and proof
    # ------------------------------------------------------------------
    def _get_accounts(self, with_earlier=True):
        """Return the :class:`Accounts` of one statement.

        :param with_earlier: whether their ledger of the month before is asked, too
        """
        self.ensure_one()
        basis = self._get_ledger_profile().balance_basis or "goods"
        lines = self._get_account_groups()
        ours, closing, shipped = self._get_our_account(basis)
        theirs = self._get_their_account(basis, lines, with_earlier).completed()
        if theirs.closing is None:
            return self._get_period(ours, theirs, lines, basis)
        brought = self._get_brought()
        rules = matching.AccountRules(
            basis, WINDOW_DAYS, self.currency_id.decimal_places, brought
        )
        result = matching.compare_accounts(ours, theirs, rules=rules)
        if sisters := self._get_sisters(result.groups):
            result = matching.compare_accounts(ours, theirs, sisters, rules)
        received = shipped if basis == "invoiced" else Decimal(0)
        for group in lines if basis == "invoiced" else ():
            received -= (group.ours_amount or 0) - (group.theirs_amount or 0)
        items = [
            *matching.stated_items(shipped, received),
            matching.brought_item(brought),
            *matching.account_items(result.groups),
            *matching.line_items(lines),
        ]
        proof = matching.prove(closing, theirs.closing, items)
        return Accounts(ours, theirs, result.groups, proof, basis)

    def _get_period(self, ours, theirs, lines, basis):
        """Return the accounts of a ledger that states no closing: what was stated
        in the period is proved, line by line."""
        stated = [group.theirs_amount or Decimal(0) for group in lines]
        total = _money(self.amount_total)
        rows = sum(stated, Decimal(0)) if self.ledger_ids.line_ids else total
        proof = matching.prove(total, rows, matching.line_items(lines))
        return Accounts(ours, theirs, [], proof, "period")

    def _get_brought(self):
        """Return what of the difference of the openings is known since last month."""
        before = self._get_statement_before()
        if not before or before._get_ledger_basis() != self._get_ledger_basis():
            return Decimal(0)
        if before.state in AGREED_STATES:
            return _money(before.known_gap)
        return _money(before._get_accounts().known_gap())

    def _get_ledger_basis(self):
        return self._get_ledger_profile().balance_basis or "goods"

    # ------------------------------------------------------------------
    # Sister companies
    # ------------------------------------------------------------------
    def _get_sisters(self, groups):
        """Return other partners whose entries fit what is open here."""
        amounts = {
            group.theirs_amount
            for group in groups
            if group.code in ("payment", "received_not_invoiced") and not group.ours
        }
        gaps = {
            group.theirs_amount - group.ours_amount
            for group in groups
            if group.code == "opening"
        }
        if not amounts and not gaps:
            return []
        entries, openings = self._query_sisters(amounts, gaps), {}
        for partner_id, item_id, opening in entries:
            place = openings.setdefault(partner_id, [[], None])
            if item_id:
                place[0].append(item_id)
            else:
                place[1] = _money(opening)
        mirrored = self._get_mirrored_gaps(gaps)
        for partner_id in mirrored:
            openings.setdefault(partner_id, [[], None])
        partners = self.env["res.partner"].sudo().browse(openings)
        return [
            matching.Sister(
                ref=partner.id,
                name=partner.name or "",
                entries=self._prepare_sister_entries(openings[partner.id][0]),
                opening=openings[partner.id][1],
                gap=mirrored.get(partner.id),
            )
            for partner in partners
        ]

    def _prepare_sister_entries(self, ids):
        entries = self._prepare_entries(ids, 1)
        return tuple(entry._replace(amount=abs(entry.amount)) for entry in entries)

    def _get_mirrored_gaps(self, gaps):
        """Return ``{partner: its own gap}`` of openings that differ the other way."""
        found = self.env["rd.difference"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "!=", self.partner_id.id),
                ("statement_id.close_id", "=", self.close_id.id),
                ("account_section", "=", "opening"),
                ("state", "!=", "cancelled"),
            ]
        )
        return {
            item.partner_id.id: _money(item.amount)
            for item in found
            if _money(item.amount) in gaps
        }

    def _query_sisters(self, amounts, gaps):
        """Return ``[(partner, journal item or None, opening)]`` of other partners:
        entries over one of the amounts in the period, openings over one of the gaps."""
        self.env.cr.execute(
            SQL(
                """
                WITH entry AS (
                    SELECT address.commercial_partner_id AS partner_id, item.id,
                           item.amount_currency AS amount, item.date
                      FROM account_move_line item
                      JOIN account_account account
                        ON account.id = item.account_id
                       AND account.account_type = 'asset_receivable'
                      JOIN res_partner address ON address.id = item.partner_id
                     WHERE item.company_id = %(company)s
                       AND item.currency_id = %(currency)s
                       AND item.parent_state = 'posted'
                       AND address.commercial_partner_id != %(own)s
                       AND item.date <= %(last)s)
                SELECT partner_id, id, NULL
                  FROM entry
                 WHERE date >= %(first)s AND abs(amount) = ANY(%(amounts)s)
                UNION ALL
                SELECT partner_id, NULL, SUM(amount)
                  FROM entry
                 WHERE date < %(start)s
                 GROUP BY partner_id
                HAVING SUM(amount) = ANY(%(gaps)s)
                 ORDER BY 1, 2
                """,
                company=self.company_id.id,
                currency=self.currency_id.id,
                own=self.partner_id.commercial_partner_id.id,
                first=(self.date_from or self.date_to) - timedelta(days=WINDOW_DAYS),
                start=self.date_from or self.date_to,
                last=self.date_to + timedelta(days=WINDOW_DAYS),
                amounts=sorted(amounts),
                gaps=sorted(gap for gap in gaps if gap),
            )
        )
        return self.env.cr.fetchall()


def _money(value):
    """A stored figure as an exact number, without the dust of binary fractions."""
    return Decimal(str(round(value or 0, 6)))
