# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal

from odoo import models

from ..pricing import Due, maturities, offset, shares


class RdContract(models.Model):
    """The figures of a contract's plan, to the cent."""

    _name = "rd.contract"
    _inherit = ["rd.contract"]

    def _get_stage_lines(self):
        """Return the confirmed order lines that this contract's stages settle."""
        orders = self.sudo().order_ids.filtered(lambda order: order.state == "sale")
        return orders.order_line.filtered(
            lambda line: line.rd_settlement_way == "stages"
        )

    def _get_triggers(self):
        """Return the kinds of trigger that occur in the plan."""
        stages = self.stage_ids
        return set(stages.mapped("due_trigger")) | set(stages.mapped("invoice_trigger"))

    def _accept(self, day):
        """Let the warranty begin; a later acceptance begins it anew."""
        self._as_internal().write({"accepted_on": day})
        self._move_maturities()

    def _catch_up(self):
        """Cut reached stages off order lines that were confirmed after them."""
        for contract in self:
            reached = contract.stage_ids.filtered("invoice_reached")
            if reached:
                reached.sorted("sequence")[-1]._to_invoice()
            contract.stage_ids.invalidate_recordset()

    def _get_plan(self):
        """Return ``{stage id: {due, covered, deposit, paid}}``, tax included."""
        self.ensure_one()
        stages = self.stage_ids.sorted(lambda one: (one.sequence, one._origin.id))
        dues = [
            Due(stage._origin.id, stage._decimal("due_percent")) for stage in stages
        ]
        digits = self.currency_id.decimal_places or 0
        amounts = shares(self._get_whole(), [due.percent for due in dues], digits)
        covered = self._get_covered(stages, dues, digits)
        deposits = {
            stage._origin.id: sum(stage.payment_ids._rd_get_received())
            for stage in stages
        }
        claims = [(due.ref, amount) for due, amount in zip(dues, amounts, strict=True)]
        paid = dict.fromkeys((due.ref for due in dues), Decimal(0))
        for _money, ref, amount in offset([("all", self._get_money(stages))], claims):
            paid[ref] += amount
        return {
            ref: {
                "due": float(amount),
                "covered": float(covered.get(ref, 0)),
                "deposit": deposits[ref],
                "paid": float(paid[ref]),
            }
            for ref, amount in claims
        }

    def _get_whole(self):
        """Return what the plan divides: its order lines, else the contract's amount."""
        total = 0.0
        staged = self._get_stage_lines()
        for order, lines in staged.grouped("order_id").items():
            others = order.order_line.filtered("price_total") - lines
            # The order rounds its taxes as one; parts of it by line.
            whole = sum(lines.mapped("price_total"))
            total += whole if others else order.amount_total
        return Decimal(str(self.currency_id.round(total if staged else self.amount)))

    def _get_covered(self, stages, dues, digits):
        """Return ``{stage id: amount}``: what of each due part is invoiced."""
        result = {}
        before = Decimal(0)
        for stage in stages:
            after = before + stage._decimal("invoice_percent")
            amount = sum(
                Decimal(str(item.price_total)) * -item.move_id.direction_sign
                for item in stage.line_ids._get_items()
            )
            for ref, cut in maturities(Decimal(amount), before, after, dues, digits):
                result[ref] = result.get(ref, 0) + cut
            before = after
        return result

    def _get_money(self, stages):
        """Return what the customer has paid: on its invoices, and in advance."""
        unused = sum(payment._rd_get_unused() for payment in stages.payment_ids)
        money = Decimal(str(unused + self._get_credit_left()))
        for item in stages.line_ids._get_items():
            move = item.move_id
            if move.state != "posted" or not move.amount_total:
                continue
            paid = 1 - move.amount_residual / move.amount_total
            money += Decimal(str(self.currency_id.round(item.price_total * paid)))
        return max(money, Decimal(0))
