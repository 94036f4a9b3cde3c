# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .rd_statement import OPEN_STATES

# What is done to many differences by as many statements as to one.
SETTLED_TOGETHER = ("carry", "keep_ours", "explain", "accept_theirs", "write_off")


class RdDifference(models.Model):
    """What a person decides about a difference; each decision ends its quantity.

    Confirmed lines are agreed and invoiced, carried ones enter the next month,
    what is settled short is never invoiced. Who, when and why stays on the record.
    """

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    # ------------------------------------------------------------------
    # Decisions
    # ------------------------------------------------------------------
    def action_settle(self):
        """Do what is proposed for each difference."""
        self._check_open()
        for proposal, items in self.grouped("proposal").items():
            items._settle_as(proposal)
        return self._settled()

    def action_carry(self, reason=None):
        """Take the lines off the statement; they enter the next month."""
        return self._decide("carry", reason)

    def action_keep_ours(self, reason=None):
        """The other side accepts our figure; our lines are confirmed."""
        return self._decide("keep_ours", reason)

    def action_accept_theirs(self, reason=None):
        """Confirm what they accepted; the rest is carried over."""
        return self._decide("accept_theirs", reason)

    def action_learn(self, reason=None):
        """Confirm our lines and remember how they write part, note and unit."""
        return self._decide("learn", reason)

    def action_explain(self, reason=None):
        """Close what concerns no line of ours, with the reason."""
        return self._decide("explain", reason)

    def action_wait_price(self):
        """Take the missing price from the order.

        :raise UserError: as long as it is not there
        """
        return self._decide("price", None)

    def action_write_off(self, reason=None):
        """Confirm what they accepted and settle the rest as lost at the customer.

        Above the company's limit a second person has to approve.
        """
        return self._decide("write_off", reason)

    def action_correct_price(self, reason=None):
        """Ask a second person to let their price stand instead of ours."""
        return self._decide("correct_price", reason)

    def action_credit(self, reason=None):
        """Draft a credit note over what they deduct, above the limit once approved."""
        return self._decide("credit", reason)

    def action_return(self, reason=None):
        """Confirm what they accepted and raise a return transfer of the rest.

        The rest is carried over; the return takes it back when it is done.
        """
        return self._decide("return", reason)

    def action_split(self, quantity, reason=None):
        """Confirm ``quantity`` of our lines; the rest stays open by itself.

        :param float quantity: in the unit of the order line, more than nothing
            and less than what stands there
        :raise UserError: when it is not
        """
        self._check_open()
        for item in self:
            item._split(item._checked_number(quantity))
        return self._settled(reason)

    def action_dispute(self, user_id=None, deadline=None, reason=None):
        """Leave it open with an owner, a clock and the reason of the dispute.

        :raise UserError: without a reason
        """
        self._check_open()
        self._require_reason(reason)
        values = {"dispute_reason": reason}
        if user_id:
            values["user_id"] = self._checked_owner(user_id).id
        if deadline:
            values["deadline"] = self._checked_day(deadline)
        self._as_internal().write({**values, "escalated_date": False})
        self._schedule_for_owners(always=True)
        for statement in self.statement_id.filtered(lambda one: one.state == "sent"):
            statement._move_to("disputed")
        return True

    def action_send_proof(self, reason=None):
        """Keep ours and mail the affiliate the signed notes; they answer next.

        :raise UserError: when there is nothing to send or nobody to send it to
        """
        self._check_open()
        for item in self:
            item._settle_send_proof()
        return self._settled(reason)

    # ------------------------------------------------------------------
    # Checks and ends
    # ------------------------------------------------------------------
    def _decide(self, decision, reason):
        self._check_open()
        self._settle_as(decision)
        return self._settled(reason)

    def _settle_as(self, decision):
        """Settle all the same way: as one set where no paper is made of each."""
        settle = getattr(type(self), f"_settle_{decision}")
        if decision in SETTLED_TOGETHER:
            settle(self)
        else:
            for item in self:
                settle(item)

    def _check_open(self):
        """Refuse when a difference is settled or its statement agreed."""
        self.statement_id._check_desk()
        self.check_access("write")
        for item in self:
            if item.state != "open" or item.statement_id.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(difference)s of %(statement)s is already settled.",
                        difference=item.display_name,
                        statement=item.statement_id.display_name,
                    )
                )

    def _check_has_ours(self):
        for item in self:
            if not item.line_ids:
                raise UserError(
                    self.env._(
                        "%(difference)s concerns no delivery of ours; link it with "
                        "one, explain it or dispute it.",
                        difference=item.display_name,
                    )
                )

    def _require_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Give the reason for %(difference)s.",
                    difference=self[:1].display_name,
                )
            )

    def _checked_owner(self, user_id):
        """Return a colleague of the desk, who may read the difference."""
        if user_id not in [user["id"] for user in self._get_desk_users()]:
            raise UserError(self.env._("Choose a colleague of the desk."))
        return self.env["res.users"].browse(user_id)

    def _settle(self, state):
        self._as_internal().write(
            {
                "state": state,
                "settled_by_id": self.env.uid,
                "settled_date": fields.Datetime.now(),
                "requested_by_id": False,
                "requested_action": False,
            }
        )
        for statement, items in self.grouped("statement_id").items():
            statement._log_act("settled", items._name_for_log())

    def _name_for_log(self):
        """Return how a log names these: the first by its name, the others counted."""
        if len(self) == 1:
            return self.display_name
        return self.env._(
            "%(difference)s and %(count)s more",
            difference=self[0].display_name,
            count=len(self) - 1,
        )

    def _settled(self, reason=None):
        """Compute the statements once for all that was settled on them."""
        if (reason or "").strip():
            self.write({"evidence": reason.strip()})
        self.statement_id._recompute_amounts()
        for statement in self.statement_id:
            if not statement._get_holding_differences():
                statement.close_id._wake(statement.partner_id)
        return True

    # ------------------------------------------------------------------
    # One decision each
    # ------------------------------------------------------------------
    def _settle_carry(self):
        self._carry_lines({item: item.line_ids for item in self})
        self._settle("carried")

    @api.model
    def _carry_lines(self, lines):
        """Carry over ``{difference: lines}``, each for the reason it stands for."""
        reasons = {
            line: item.display_name for item, part in lines.items() for line in part
        }
        self.env["rd.statement.line"].concat(*reasons)._carry_over(reasons)

    def _carry_rows(self):
        """Let rows of theirs that nobody has explained meet the next month's lines.

        What they booked early would otherwise stay with a statement that is agreed
        and never find the delivery when it comes.
        """
        waiting = self.filtered(
            lambda item: item.state == "open" and not item.account_section
        )
        waiting._as_internal().write({"state": "carried"})

    def _settle_keep_ours(self):
        for item in self.filtered(lambda item: item._is_of_receipt()):
            item._concede()
        self.line_ids._as_internal().write({"verdict": "confirmed"})
        self._settle("agreed")

    def _settle_explain(self):
        for item in self:
            if item.line_ids:
                raise UserError(
                    self.env._(
                        "%(difference)s concerns deliveries of ours; decide what "
                        "becomes of them.",
                        difference=item.display_name,
                    )
                )
        self._settle("explained")

    def _settle_dispute(self):
        """Disputing needs an owner, a day and a reason: a person has to give them."""
        raise UserError(
            self.env._(
                "Open %(difference)s on the exception desk and say who answers the "
                "dispute, until when and why.",
                difference=self.display_name,
            )
        )

    def _settle_price(self):
        """Take the price from the order, if it is there by now, and match anew."""
        if not self.statement_line_id:
            raise UserError(
                self.env._(
                    "%(difference)s does not wait for a price.",
                    difference=self.display_name,
                )
            )
        self.statement_line_id._refresh_price()
        if self.state == "open":
            raise UserError(self.reason)
        self.statement_id._recompute_amounts()
        if self.statement_id.ledger_ids:
            self.statement_id._match()

    def _settle_accept_theirs(self):
        self._check_has_ours()
        self._carry_lines(self._confirm_accepted())
        self._settle("agreed")

    def _settle_write_off(self):
        """Settle the rest as lost, or ask for approval above the limit."""
        self._check_has_ours()
        asked = self.filtered(lambda item: item._needs_approval(item._get_rest_value()))
        for item in asked:
            item._ask("write_off", item._get_rest_value())
        (self - asked)._write_off_rest()

    def _get_rest_value(self):
        """Return what our pieces beyond theirs come to at our price, tax included.

        Another price of theirs must not hide how much is given up.
        """
        self.ensure_one()
        _whole, cut, rest = self._share_out(abs(self.theirs_qty))
        value = sum(line.amount_total for line in rest)
        for line, accepted in cut.items():
            size = line.qty_to - line.qty_from
            value += line.amount_total * (size - accepted) / size
        return self.currency_id.round(abs(value))

    def _write_off_rest(self):
        rests = self._confirm_accepted()
        rest = self.env["rd.statement.line"].union(*rests.values())
        rest._as_internal().write({"verdict": "short", "zero_reason": "short"})
        self._settle("written_off")

    def _checked_day(self, value):
        """Return what came from a client as a date, or refuse it."""
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError):
            raise UserError(
                self.env._("“%(value)s” is not a date.", value=value)
            ) from None

    def _checked_number(self, value):
        """Return what came from a client as a number, or refuse it."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        raise UserError(
            self.env._("Give a quantity for %(name)s.", name=self.display_name)
        )

    def _split(self, quantity):
        """Confirm a part of the lines; the rest becomes a difference of its own."""
        self.ensure_one()
        self._check_has_ours()
        unit = self.line_ids[0]._get_unit()
        whole = sum(line.qty_to - line.qty_from for line in self.line_ids)
        if unit.compare(quantity, 0.0) <= 0 or unit.compare(quantity, whole) >= 0:
            raise UserError(
                self.env._(
                    "%(difference)s stands for %(whole)s; give a quantity between 0 "
                    "and that.",
                    difference=self.display_name,
                    whole=f"{whole:g}",
                )
            )
        rest = self._confirm_quantities({self: quantity})[self]
        self.statement_id._recompute_amounts()
        match = self.env["rd.match"]._create_split(self, rest)
        rest._as_internal().write({"verdict": "difference"})
        self.env["rd.difference"]._open_for_matches(match)
        self._settle("agreed")

    def _confirm_accepted(self):
        """Confirm as much of our lines as they accepted.

        :return: ``{difference: lines of the rest}``
        """
        return self._confirm_quantities({item: abs(item.theirs_qty) for item in self})

    @api.model
    def _confirm_quantities(self, accepted):
        """Confirm ``{difference: quantity}`` of their lines, the oldest first.

        :return: ``{difference: lines of the rest}``, split off where the border lies
            within a line
        """
        Line = self.env["rd.statement.line"]
        whole, rests, cuts = Line, {}, {}
        for item, quantity in accepted.items():
            full, cut, rests[item] = item._share_out(quantity)
            cuts.update({line: (left, item) for line, left in cut.items()})
            whole |= full
        halves = Line._split_all({line: left for line, (left, _item) in cuts.items()})
        for line, (_left, item) in cuts.items():
            rests[item] |= halves[line]
            whole |= line
        whole._as_internal().write({"verdict": "confirmed"})
        return rests

    def _share_out(self, accepted):
        """Return lines that are accepted whole, ``{line: part}``, and the rest."""
        self.ensure_one()
        whole = rest = self.env["rd.statement.line"]
        cut = {}
        for line in self.line_ids.sorted(lambda item: (item.date, item.id)):
            unit = line._get_unit()
            size = line.qty_to - line.qty_from
            if unit.compare(accepted, size) >= 0:
                whole |= line
                accepted -= size
            elif unit.compare(accepted, 0.0) > 0:
                cut[line] = accepted
                accepted = 0.0
            else:
                rest |= line
        return whole, cut, rest
