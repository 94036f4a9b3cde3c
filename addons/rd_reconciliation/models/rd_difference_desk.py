# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.rd_sales_admin.ledger.fields import labelled

from .rd_difference_approval import SUPERVISOR
from .rd_difference_rule import CODES
from .rd_statement import OPEN_STATES

MOST_ROWS = 100
MOST_LINES = 20


class RdDifference(models.Model):
    """What the exception desk shows and may do: read at once, acted on by name."""

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @api.model
    def get_desk(self, filters=None, offset=0, limit=MOST_ROWS):
        """Return what is left, by affiliate and kind, and the first rows of it.

        :param dict filters: statement_id, partner_id, code, mine, late, approval,
            text, state ("open" or "settled")
        :return: groups, rows (at most 100), total, offset, progress, counts, may,
            users; every list is what the user's rules allow
        """
        self.check_access("read")
        filters = filters or {}
        domain = self._get_desk_domain(filters)
        groups = self._get_desk_groups(domain)
        offset, limit = max(0, int(offset)), max(1, min(int(limit), MOST_ROWS))
        items = self._get_desk_page(domain, groups, offset, limit)
        user = self.env.user
        return {
            "groups": groups,
            "rows": items._prepare_rows(),
            "total": sum(group["count"] for group in groups),
            "offset": offset,
            "progress": self._get_desk_progress(filters),
            "counts": self._get_desk_counts(),
            "may": {
                "settle": user.has_group("rd_sales_admin.rd_sales_admin_group_clerk"),
                "approve": user.has_group(SUPERVISOR),
            },
            "users": self._get_desk_users(),
        }

    @api.model
    def _get_desk_scope(self, filters):
        """Return the domain of the statement and affiliate that were chosen."""
        domain = Domain("company_id", "in", self.env.companies.ids)
        for name in ("statement_id", "partner_id"):
            if isinstance(filters.get(name), int) and filters[name]:
                domain &= Domain(name, "=", filters[name])
        return domain

    @api.model
    def _get_desk_domain(self, filters):
        domain = self._get_desk_scope(filters)
        if filters.get("state") == "settled":
            domain &= Domain("state", "not in", ("open", "cancelled"))
            domain &= Domain("statement_id.state", "in", OPEN_STATES)
        else:
            domain &= Domain("state", "=", "open")
        if filters.get("code") in dict(CODES):
            domain &= Domain("code", "=", filters["code"])
        if filters.get("mine"):
            domain &= Domain("user_id", "=", self.env.uid)
        if filters.get("late"):
            domain &= Domain("late", "=", True)
        if filters.get("approval"):
            domain &= Domain("requested_by_id", "!=", False)
        return domain & self._get_text_domain(filters.get("text"))

    @api.model
    def _get_text_domain(self, text):
        """Return the domain of differences whose lines or affiliate hold each word."""
        names = (
            "match_id.statement_line_ids.note",
            "match_id.statement_line_ids.part",
            "match_id.statement_line_ids.customer_part",
            "match_id.ledger_line_ids.note",
            "match_id.ledger_line_ids.part",
            "statement_line_id.note",
            "statement_line_id.part",
            "partner_id.name",
        )
        domain = Domain.TRUE
        for word in str(text or "").split()[:5]:
            domain &= Domain.OR(Domain(name, "ilike", word) for name in names)
        return domain

    @api.model
    def _get_desk_groups(self, domain):
        labels = dict(self._fields["code"]._description_selection(self.env))
        order = list(dict(CODES))
        groups = self._read_group(
            domain,
            ["partner_id", "code", "statement_id.currency_id"],
            ["__count", "amount:sum"],
        )
        groups.sort(
            key=lambda row: (
                row[0].name or "",
                row[0].id,
                order.index(row[1]),
                row[2].id,
            )
        )
        return [
            {
                "partner_id": partner.id,
                "partner": partner.name,
                "code": code,
                "label": labels[code],
                "count": count,
                "amount": amount,
                "currency_id": currency.id,
            }
            for partner, code, currency, count, amount in groups
        ]

    @api.model
    def _get_desk_page(self, domain, groups, offset, limit):
        """Return the differences from ``offset`` on, in the order of the groups."""
        sizes = defaultdict(int)
        for group in groups:
            # A kind of difference may be there in several currencies.
            sizes[group["partner_id"], group["code"]] += group["count"]
        found, skip = self.browse(), offset
        for (partner_id, code), size in sizes.items():
            if skip >= size:
                skip -= size
                continue
            if len(found) >= limit:
                break
            found |= self.search(
                domain
                & Domain("partner_id", "=", partner_id)
                & Domain("code", "=", code),
                offset=skip,
                limit=limit - len(found),
                order="deadline, id",
            )
            skip = 0
        return found

    @api.model
    def _get_desk_progress(self, filters):
        """Return how much of the open statements is explained, and how much is not."""
        domain = self._get_desk_scope(filters)
        domain &= Domain("statement_id.state", "in", OPEN_STATES)
        rows = self._read_group(
            domain & Domain("state", "!=", "cancelled"),
            ["state", "statement_id.currency_id"],
            ["__count", "amount:sum"],
        )
        progress = {"open": 0, "settled": 0}
        amounts = {"open": defaultdict(float), "settled": defaultdict(float)}
        for state, currency, count, amount in rows:
            place = "open" if state == "open" else "settled"
            progress[place] += count
            amounts[place][currency.id] += amount
        for place, found in amounts.items():
            progress[f"{place}_amount"] = [
                {"currency_id": currency_id, "amount": amount}
                for currency_id, amount in sorted(found.items())
            ]
        return progress

    @api.model
    def _get_desk_counts(self):
        return {
            name: self.search_count(self._get_desk_domain({name: True}))
            for name in ("mine", "late", "approval")
        }

    @api.model
    def _get_desk_users(self):
        """Return the colleagues who may own a difference: the desk's internal users."""
        roles = ("auditor", "finance", "salesperson", "warehouse", "clerk")
        groups = self.env["res.groups"]
        for role in roles:
            groups |= self.env.ref(f"rd_sales_admin.rd_sales_admin_group_{role}")
        # Everybody of the desk may hand a difference to everybody else of it.
        users = (
            self.env["res.users"]
            .sudo()
            .search_fetch(
                [
                    ("all_group_ids", "in", groups.ids),
                    ("company_ids", "in", self.env.companies.ids),
                    ("share", "=", False),
                    ("id", "!=", self.env.ref("base.user_root").id),
                ],
                ["name"],
                order="name, id",
            )
        )
        return [{"id": user.id, "text": user.name} for user in users]

    # ------------------------------------------------------------------
    # One row
    # ------------------------------------------------------------------
    def _prepare_rows(self):
        """Return the rows of these differences, by a constant number of queries."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("code", "state", "role", "match_status")
        }
        # Read at once what the rows need, whatever the order they ask in.
        self.mapped("match_id.ledger_line_ids.ledger_id.filename")
        self.mapped("ledger_line_ids.row")
        papers = self._get_papers()
        candidates = self._get_candidates()
        return [item._prepare_row(labels, papers, candidates) for item in self]

    def _prepare_row(self, labels, papers, candidates):
        self.ensure_one()
        match = self.match_id
        actions = self._get_actions()
        return {
            "id": self.id,
            "name": self.display_name,
            "code": self.code,
            "label": labels["code"][self.code],
            "codes": [
                labels["code"][code] for code in (self.code, *(self.also_codes or ()))
            ],
            "partner_id": self.partner_id.id,
            "partner": self.partner_id.name,
            "statement_id": self.statement_id.id,
            "statement": self.statement_id.name,
            "state": self.state,
            "state_label": labels["state"][self.state],
            "rule": match.rule_label or "",
            "status": match.status or "",
            "status_label": labels["match_status"].get(match.status, ""),
            "reason": self.reason or "",
            **self._prepare_row_figures(),
            **self._prepare_row_lines(),
            "candidates": candidates.get(self.id, []),
            "evidence": self._prepare_evidence(papers),
            "deadline": str(self.deadline or ""),
            "late": self.late,
            "age": self.age,
            "owner_id": self.user_id.id,
            "owner": self.user_id.name or "",
            "role": self.role or "",
            "role_label": labels["role"].get(self.role, ""),
            "waits_for": self._get_waits_for(),
            "proposal": self.proposal or "",
            "actions": actions,
            "undo": {
                "possible": self._may_be_undone(),
                "label": self.env._("Undo"),
            },
        }

    def _prepare_row_figures(self):
        names = ("ours_qty", "theirs_qty", "quantity")
        names += ("ours_amount", "theirs_amount", "amount")
        return {
            **{name: self[name] for name in names},
            "currency_id": self.currency_id.id,
        }

    def _prepare_row_lines(self):
        ours, theirs = self.line_ids, self.ledger_line_ids
        return {
            "ours": [self._prepare_our_line(line) for line in ours[:MOST_LINES]],
            "ours_more": max(0, len(ours) - MOST_LINES),
            "theirs": [self._prepare_their_line(row) for row in theirs[:MOST_LINES]],
            "theirs_more": max(0, len(theirs) - MOST_LINES),
        }

    def _prepare_our_line(self, line):
        return {
            "id": line.id,
            "note": line.note or "",
            "part": line.part or "",
            "customer_part": line.customer_part or "",
            "name": line.product_name or "",
            "date": str(line.date or ""),
            "quantity": line.quantity,
            "uom": line.uom_name or "",
            "price": line.price_unit,
            "amount": line.amount_total,
            "order": line.customer_order or "",
            "price_source": line.price_source or "",
        }

    def _prepare_their_line(self, row):
        return {
            "id": row.id,
            "row": row.row,
            "file": row.ledger_id.filename or "",
            "note": row.note or "",
            "part": row.part or "",
            "name": row.name or "",
            "date": str(row.date or row._receipt_day() or ""),
            "quantity": row.quantity,
            "accepted": row.accepted,
            "price": row.price,
            "amount": row.amount if row.has_amount else False,
            "raw": self._prepare_raw(row.raw or {}),
            "other_period": row.statement_id != self.statement_id,
        }

    def _prepare_raw(self, raw):
        """Return their cells as written: ``[[what it is, text]]``."""
        text = self.env["rd.ledger.profile"]._text
        return [[text(labelled([name])), str(cell)] for name, cell in raw.items()]

    def _get_papers(self):
        """Return ``{delivery: names of the files attached to it}``."""
        pickings = self.line_ids.move_id.sudo().picking_id
        # Whoever may read the difference may know that there is a receipt.
        found = defaultdict(list)
        for paper in (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", "stock.picking"),
                    ("res_id", "in", pickings.ids),
                    ("res_field", "=", False),
                ],
                ["name", "res_id"],
                order="id",
            )
        ):
            found[paper.res_id].append(paper.name)
        return found

    def _get_candidates(self):
        """Return ``{difference: lines that would all fit equally}``."""
        ours, theirs = set(), set()
        for item in self:
            place = theirs if item.line_ids else ours
            place.update(item.match_id.candidates or ())
        lines = self.env["rd.statement.line"].browse(sorted(ours)).exists()
        rows = self.env["rd.ledger.line"].browse(sorted(theirs)).exists()
        found = {
            "ours": {line.id: line.display_name for line in lines},
            "theirs": {row.id: row.display_name for row in rows},
        }
        answer = {}
        for item in self:
            side = "theirs" if item.line_ids else "ours"
            answer[item.id] = [
                {"side": side, "id": ref, "text": found[side][ref]}
                for ref in item.match_id.candidates or ()
                if ref in found[side]
            ]
        return answer

    def _prepare_evidence(self, papers):
        """Return the proofs there should be; an empty slot says what is missing."""
        slots = []
        if self.line_ids:
            slots.append(self._prepare_receipt(papers))
            slots.append(self._prepare_price_slot())
        if self.ledger_line_ids or self.match_id:
            slots.append(self._prepare_cell())
        word = self.evidence or self.dispute_reason or ""
        slots.append(
            {
                "kind": "word",
                "label": self.env._("Who said what"),
                "present": bool(word),
                "text": word,
                "missing": self.env._("Nothing noted yet."),
            }
        )
        return slots

    def _prepare_receipt(self, papers):
        pickings = self.line_ids.move_id.sudo().picking_id
        names = [name for picking in pickings for name in papers.get(picking.id, ())]
        return {
            "kind": "receipt",
            "label": self.env._("Signed note"),
            "present": bool(names),
            "text": "; ".join([*self._describe_signatures(pickings), *names]),
            "missing": self._describe_missing_receipt(pickings),
            "model": "stock.picking",
            "res_id": pickings[:1].id,
        }

    def _prepare_price_slot(self):
        sources = {line.price_source for line in self.line_ids if line.price_source}
        return {
            "kind": "price",
            "label": self.env._("Our price"),
            "present": bool(sources),
            "text": ", ".join(sorted(sources)),
            "missing": self.env._("No agreed price is known."),
        }

    def _prepare_cell(self):
        rows = self.ledger_line_ids
        file = rows[:1].ledger_id.filename or ""
        return {
            "kind": "cell",
            "label": self.env._("Their row"),
            "present": bool(rows),
            "text": self.env._(
                "%(file)s, row %(rows)s",
                file=file,
                rows=", ".join(str(row.row) for row in rows[:5]),
            )
            if rows
            else "",
            "missing": self.env._("Nothing in their ledger."),
        }

    def _get_waits_for(self):
        if self.state != "open":
            return ""
        if self.requested_by_id:
            asked = dict(
                self._fields["requested_action"]._description_selection(self.env)
            )
            return self.env._(
                "Waits for approval: %(what)s, asked for by %(user)s.",
                what=asked[self.requested_action],
                user=self.requested_by_id.name,
            )
        if self.proof_sent_date:
            return self.env._(
                "Proof sent on %(day)s; %(partner)s answers next.",
                day=self.company_id._rd_local_date(self.proof_sent_date),
                partner=self.partner_id.name,
            )
        if self.dispute_reason:
            return self.env._("Disputed: %(reason)s", reason=self.dispute_reason)
        return ""

    def _may_be_undone(self):
        return (
            self.state not in ("open", "cancelled")
            and self.statement_id.state in OPEN_STATES
            and bool(self.settled_by_id)
        )
