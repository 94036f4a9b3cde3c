# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from .. import dues
from .rd_promise import LIVE

# What these have taken of the receipts no other promise takes.
TAKING = (*LIVE, "kept", "renewed")


class RdPromise(models.Model):
    """Which promise what came in counts for: one of those whose days touch."""

    _name = "rd.promise"
    _inherit = ["rd.promise"]

    def _share_out(self, today):
        """Return ``({promise id: received}, pending)`` of one customer's promises: what
        came in for each since it was noted, by its day with the grace, and the ids of
        those that a bill not counted yet may keep. A receipt counts for one of them.
        """
        first_day = self._find_first_day()
        rivals = self._find_rivals(first_day)
        partials = rivals._read_shared(first_day, today)
        words = [promise._make_word(today) for promise in rivals]
        shares = dues.share_out(words, partials)
        unpaid = {
            ref
            for ref, some in partials.items()
            if any(one.kind == "bill" and dues.counted_on(one) > today for one in some)
        }
        pending = {
            word.ref
            for word in words
            if unpaid & (unpaid if word.items is None else word.items)
        }
        return {ref: float(amount) for ref, amount in shares.items()}, pending

    def _find_first_day(self):
        """Return the day from which on what came in may be asked for by these and by
        another promise of their customer; what was over before took none of it."""
        since = min(one.company_id._rd_local_date(one.noted_date) for one in self)
        self.flush_model(["date", "noted_date", "partner_id", "state"])
        [(day,)] = self.env.execute_query(self._query_first_day(since))
        return day or since

    def _query_first_day(self, since) -> SQL:
        """Return the query of the last day by ``since`` on which a promise was noted
        while the days of all earlier ones were over.

        Only the database looks at all promises: a customer who has promised for years
        has many, and few that are not settled for good.
        """
        company = self.company_id
        return SQL(
            """
            SELECT MAX(chain.noted)
            FROM (
                SELECT said.noted, MAX(said.until) OVER (
                    ORDER BY said.noted
                    RANGE UNBOUNDED PRECEDING EXCLUDE GROUP
                ) AS until
                FROM (
                    SELECT
                        (noted_date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                            AS noted,
                        date + %(grace)s AS until
                    FROM rd_promise
                    WHERE company_id = %(company)s AND partner_id = %(partner)s
                        AND state = ANY(%(taking)s)
                ) said
            ) chain
            WHERE chain.noted <= %(since)s
                AND (chain.until IS NULL OR chain.until < chain.noted)
            """,
            zone=company.rd_tz,
            grace=company.rd_promise_grace,
            company=company.id,
            partner=self.partner_id.id,
            taking=list(TAKING),
            since=since,
        )

    def _find_rivals(self, first_day):
        """Return these and what else may take of their receipts, in its turn."""
        start = self.company_id._rd_day_start(first_day)
        domain = [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("state", "in", TAKING),
            ("noted_date", ">=", start),
        ]
        # Who names items is served before the sums, so these need not be asked.
        if all(promise.line_ids for promise in self):
            domain.append(("line_ids", "!=", False))
        return self.sudo().search(domain, order="date, id")

    def _read_shared(self, first_day, today):
        """Return ``{journal item id: [Partial]}`` of what these share: all that ever
        came for the items they name; for sums, of the customer's other debts what came
        from that day on, and what came before as one receipt."""
        reader = self.env["rd.receivable.reader"]
        reader._flush_read()
        named = self.line_ids.ids
        partials = reader._read_partials(named, today)
        if any(not promise.line_ids for promise in self):
            debts = self.env["account.move.line"]._rd_get_debts_domain(
                self.company_id, self.partner_id
            )
            others = self.env["account.move.line"].sudo()
            others = others._search([*debts, ("id", "not in", named)])
            later, earlier = reader._read_partials_since(others, first_day, today)
            partials |= later
            day = fields.Date.subtract(first_day, days=1)
            partials[0] = [dues.Partial(earlier, day, "payment")]
        return partials

    def _make_word(self, today):
        """Return what the calculation knows of the promise, in exact amounts."""
        self.ensure_one()
        # Where another one took its place, that one takes what comes now.
        most = self.received_amount if self.state == "renewed" else self.amount
        places = self.currency_id.decimal_places
        most, before = (
            Decimal(f"{amount:.{places}f}") for amount in (most, self.received_before)
        )
        items = frozenset(self.line_ids.ids) if self.line_ids else None
        return dues.Word(self.id, items, most, before, min(self.last_day, today))
