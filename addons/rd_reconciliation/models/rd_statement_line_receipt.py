# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models

from .rd_statement import OPEN_STATES


class RdStatementLine(models.Model):
    """Lines and the signed receipts they rest on."""

    _name = "rd.statement.line"
    _inherit = ["rd.statement.line"]

    def _prepare_receipt_difference(self, rule):
        """Return the values of the difference over what was not accepted."""
        self.ensure_one()
        value = self._get_order_amount()
        return {
            "statement_id": self.statement_id.id,
            "statement_line_id": self.id,
            "code": "quantity_short",
            "age": self.carried_age,
            "ours_qty": self.quantity,
            "theirs_qty": 0.0,
            "quantity": self.quantity,
            "ours_amount": value,
            "amount": value,
            "role": rule.role,
            "user_id": (rule.user_id or self.statement_id.user_id).id,
            "deadline": self.env["rd.difference"]._get_deadline(
                self.company_id, rule.days
            ),
            "blocks": "line",
            "blocks_dunning": rule.blocks_dunning,
            "proposal": "return",
        }

    def _get_order_amount(self):
        """Return what the line would come to, tax included, were it to be invoiced."""
        self.ensure_one()
        base = self._prepare_base_line(self.sale_line_id, self, self.tax_ids)
        self._round_together([base], self.company_id)
        details = base["tax_details"]
        return self.currency_id.round(details["total_included_currency"])

    def _fit_receipts(self):
        """Let open statements follow corrected receipts.

        What is no longer due, or not in this period any more, is carried over with
        the reason, what came back of it along with it; nothing that was agreed is
        touched.
        """
        lines = self.filtered(
            lambda line: line.live and line.statement_id.state in OPEN_STATES
        )
        returned = lines.filtered(lambda line: line.quantity < 0)
        for line in returned.filtered(lambda line: not line.zero_reason):
            line._fit_return()
        delivered = lines - returned
        for move in delivered.move_id:
            own = delivered.filtered(lambda line, move=move: line.move_id == move)
            own._fit_receipt(move)
        lines.statement_id._recompute_amounts()

    def _fit_return(self):
        """Carry over what of a return is not due by its delivery's receipt."""
        self.ensure_one()
        statement, move = self.statement_id, self.move_id
        basis, unit = statement.partner_id.rd_basis, self._get_unit()
        if basis == "dispatched":
            return
        due = move._rd_get_due_return(basis, statement.company_id)
        in_time = due and due.date <= statement.date_to
        if not in_time or unit.compare(due.start, self.qty_to) >= 0:
            self._carry_for_receipt(move.origin_returned_move_id)
            return
        self._as_internal().write({"date": due.date})
        if unit.compare(due.start, self.qty_from) > 0:
            # the part that is due stays as a line of its own
            self._split_all({self: due.start - self.qty_from})
            self._carry_for_receipt(move.origin_returned_move_id)

    def _fit_gone(self):
        """Carry over, on open statements, what was not accepted and has come back.

        Nobody can settle as lost what stands in our warehouse again, and what was
        settled so and is not agreed yet is lost no more. The rest of what is asked
        about is made anew.
        """
        waiting = self.filtered(lambda line: line._is_unaccepted())
        for move in waiting.move_id:
            lines = waiting.filtered(lambda line, move=move: line.move_id == move)
            lines._carry_gone(move)
        if waiting:
            waiting.statement_id._recompute_amounts()

    def _is_unaccepted(self):
        """Tell whether the line stands for what was not accepted by the receipt.

        What no delivery stands behind (a charge, an adjustment) has none.
        """
        self.ensure_one()
        statement, move = self.statement_id, self.move_id
        return bool(
            move
            and self.zero_reason in ("not_accepted", "short")
            and self.live
            and self.quantity > 0
            and statement.basis == "accepted"
            and statement.state in OPEN_STATES
            and self._is_beyond_accepted()
        )

    def _is_beyond_accepted(self):
        """Tell whether the line begins where what the receipt accepted ends."""
        self.ensure_one()
        accepted = self.move_id._rd_to_order_unit(self.move_id.rd_accepted_qty)
        return self._get_unit().compare(self.qty_from, accepted) >= 0

    def _get_gone(self):
        """Return how much of these lines of one delivery has come back, from the end
        of each, as ``{line: quantity}``."""
        move, company = self.move_id, self.company_id
        gone = move._rd_get_gone(move._rd_get_backs(company)) if move else 0.0
        if not gone:
            return {}
        border = move._rd_to_order_unit(move.quantity) - gone
        unit = self.sale_line_id.product_uom_id
        found = {line: line.qty_to - max(border, line.qty_from) for line in self}
        return {line: size for line, size in found.items() if unit.compare(size, 0) > 0}

    def _carry_gone(self, move):
        gone = self._get_gone()
        lost = {
            line: line.qty_to - line.qty_from - size
            for line, size in gone.items()
            if line.zero_reason == "short" and size < line.qty_to - line.qty_from
        }
        rests = self._split_all(lost) if lost else {}
        notes = move._rd_describe_returns()
        lines = self.browse().concat(*(rests.get(line, line) for line in gone))
        reason = self.env._("Came back with %s.", notes)
        lines._carry_over(dict.fromkeys(lines, reason))

    def _fit_corrected(self):
        """Take off a draft what was not accepted of a delivery whose quantity was
        corrected since, decided or not; what is left of it enters anew."""
        asked = self.filtered(
            lambda line: (
                (line.zero_reason == "not_accepted" or line._is_kept_all_the_same())
                and line._get_unit().compare(line._get_moved(), line.moved_qty)
            )
        )
        asked._carry_over(
            {
                line: self.env._(
                    "The quantity of %(note)s was corrected.",
                    note=line.move_id.picking_id._rd_get_note(),
                )
                for line in asked
            }
        )

    def _is_kept_all_the_same(self):
        """Tell whether a person has decided that the line is invoiced although the
        receipt did not accept it."""
        self.ensure_one()
        move = self.move_id
        return bool(
            move
            and not self.match_id
            and self.quantity > 0
            and self.verdict == "confirmed"
            and self.statement_id.basis == "accepted"
            and self._is_beyond_accepted()
        )

    def _carry_for_receipt(self, move):
        note = move.picking_id._rd_get_note()
        reason = self.env._("The receipt of %s was corrected.", note)
        self._carry_over(dict.fromkeys(self, reason))

    def _fit_receipt(self, move):
        statement = self.statement_id[:1]
        basis = statement.partner_id.rd_basis
        if basis == "dispatched":
            return
        company, picking = statement.company_id, move.picking_id
        signed = picking.rd_signed_date
        day = company._rd_local_date(signed) if signed else None
        if day is None or day > statement.date_to:
            self._carry_for_receipt(move)
            return
        self._as_internal().write({"date": day})
        if basis == "accepted":
            self._fit_accepted(move)

    def _fit_accepted(self, move):
        """Carry over what of these lines of one move does not fit what is accepted."""
        accepted = move._rd_to_order_unit(move.rd_accepted_qty)
        beyond, cuts = self.browse(), {}
        for line in self.filtered(lambda line: line.zero_reason != "short"):
            unit = line._get_unit()
            # What was not accepted is made anew from the receipt.
            waits = line.zero_reason == "not_accepted"
            if waits or unit.compare(line.qty_from, accepted) >= 0:
                beyond |= line
            elif unit.compare(line.qty_to, accepted) > 0:
                cuts[line] = accepted - line.qty_from
        if cuts:
            beyond = beyond.concat(*self.browse()._split_all(cuts).values())
        beyond._carry_for_receipt(move)
