# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

DONE = ("confirmed", "short")


class RdStatement(models.Model):
    """What the company asks for before a statement is agreed."""

    _name = "rd.statement"
    _inherit = ["rd.statement"]

    approved_hash = fields.Char(
        readonly=True,
        copy=False,
        help="Content that a second person approved in spite of its differences.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"approved_hash"}

    def _get_gate_refusal(self):
        """Return why the lines are not far enough for agreeing, or False."""
        self.ensure_one()
        gate, _approval, _tolerance = self.company_id._rd_get_gate(self.partner_id)
        if gate == "none" or self.partner_id.rd_settlement_mode == "statement_sent":
            return False
        lines = self._lines().filtered(lambda line: line.verdict not in DONE)
        if gate == "assigned":
            lines = lines.filtered(lambda line: not line._has_owner())
        if not lines:
            return False
        message = {
            "assigned": self.env._(
                "%(statement)s: %(count)s lines are neither confirmed nor have a "
                "difference with an owner, first %(line)s.",
                statement=self.name,
                count=len(lines),
                line=lines[0].display_name,
            ),
            "matched": self.env._(
                "%(statement)s: %(count)s lines are not confirmed, first %(line)s.",
                statement=self.name,
                count=len(lines),
                line=lines[0].display_name,
            ),
        }
        return message[gate]

    def _needs_approval(self):
        """Tell whether a second person still has to approve the differences."""
        self.ensure_one()
        _lines, approval, tolerance = self.company_id._rd_get_gate(self.partner_id)
        if approval == "none" or not self._get_gate_differences():
            return False
        if approval == "tolerance" and not self._is_above(tolerance):
            return False
        return self.approved_hash != self._get_content_hash()

    def _get_gate_differences(self):
        """Return the differences that count: all but rounding and cancelled ones."""
        return self.difference_ids.filtered(
            lambda item: item.code != "rounding" and item.state != "cancelled"
        )

    def _is_above(self, tolerance):
        total = sum(item._get_gate_amount() for item in self._get_gate_differences())
        company = self.company_id
        own = company._rd_in_own_currency(total, self.currency_id, self.date_to)
        return company.currency_id.compare_amounts(own, tolerance) > 0

    def _ask_to_agree(self):
        """Put the statement on the approvals list."""
        self.ensure_one()
        differences = self._get_gate_differences()
        show = self.currency_id.format
        self._ask_approval(
            "agree",
            self.env._(
                "Agree %(statement)s with %(count)s differences",
                statement=self.display_name,
                count=len(differences),
            ),
            reason="\n".join(
                f"{item.display_name}: {show(item._get_gate_amount())}"
                for item in differences[:20]
            ),
            partner_id=self.partner_id.id,
            amount=sum(item._get_gate_amount() for item in differences),
            currency_id=self.currency_id.id,
        )

    def _approved(self, approval):
        res = super()._approved(approval)
        if approval.kind == "agree":
            self._as_internal().write({"approved_hash": self._get_content_hash()})
            self.action_agree()
        return res

    def _refused(self, approval):
        res = super()._refused(approval)
        if approval.kind == "agree":
            self.message_post(
                body=self.env._(
                    "Not approved: %(reason)s", reason=approval.answer_reason
                )
            )
        return res


class RdDifference(models.Model):
    _name = "rd.difference"
    _inherit = ["rd.difference"]

    def _get_gate_amount(self):
        """Return what a difference weighs before agreeing, above zero: what was
        written off at our price, of any other what it comes to."""
        self.ensure_one()
        if self.state != "written_off" or not self.ours_qty:
            return abs(self.amount)
        price = abs(self.ours_amount / self.ours_qty)
        given_up = max(abs(self.ours_qty) - abs(self.theirs_qty), 0.0)
        return max(abs(self.amount), self.currency_id.round(given_up * price))
