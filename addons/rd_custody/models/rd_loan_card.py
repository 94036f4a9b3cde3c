# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

# What says that a thing is somewhere else: for what is lent only the loan does
ELSEWHERE = frozenset(
    {
        "receive",
        "move",
        "issue",
        "use",
        "lend",
        "to_subsupplier",
        "return",
        "dispose",
    }
)


class RdProperty(models.Model):
    """A card that is lent, and the way to borrow it."""

    _name = "rd.property"
    _inherit = ["rd.property"]

    loan_line_ids = fields.One2many(
        "rd.loan.line", "property_id", string="Loans", copy=False
    )
    open_loan_line_id = fields.Many2one(
        "rd.loan.line", string="Lent with", compute="_compute_open_loan_line_id"
    )
    due_back = fields.Date(compute="_compute_open_loan_line_id")

    @api.depends("loan_line_ids.is_out", "loan_line_ids.date_due")
    def _compute_open_loan_line_id(self):
        lines = self.env["rd.loan.line"].search(
            [("property_id", "in", self.ids), ("is_out", "=", True)]
        )
        by_card = {line.property_id.id: line for line in lines}
        for card in self:
            line = by_card.get(card._origin.id, lines.browse())
            card.open_loan_line_id = line
            card.due_back = line.date_due

    def _is_lent_by_approval(self):
        """Tell whether a supervisor has to approve before it is lent."""
        return not self.is_own or self.sample_kind in ("sealed", "limit")

    def action_borrow(self):
        """Open the short form that lends these cards, to oneself unless changed.

        :raise UserError: for what cannot be lent now
        """
        self.check_access("read")
        lines = self.env["rd.loan.line"]
        for card in self:
            if reason := lines.new({"property_id": card.id})._why_not_lend():
                raise UserError(reason)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Borrow"),
            "res_model": "rd.loan",
            "view_mode": "form",
            "views": [(self.env.ref("rd_custody.rd_loan_view_form_borrow").id, "form")],
            "target": "new",
            "context": {
                "default_line_ids": [
                    fields.Command.create({"property_id": card.id}) for card in self
                ]
            },
        }

    def action_bring_back(self):
        """Open the short form that takes this card back.

        :raise UserError: when it is not lent
        """
        self.ensure_one()
        self.check_access("read")
        line = self.open_loan_line_id
        if not line:
            raise UserError(self.env._("%(card)s is not lent.", card=self.display_name))
        return line.action_back()


class RdPropertyEvent(models.Model):
    _name = "rd.property.event"
    _inherit = ["rd.property.event"]

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_internal():
            # a kind that is left out, or named in the context, is one all the same
            given = self.default_get(["property_id", "kind"])
            self._check_not_lent([{**given, **vals} for vals in vals_list])
        events = super().create(vals_list)
        events.filtered(lambda event: event.kind in ("lose", "count"))._end_loans()
        return events

    @api.model
    def _check_not_lent(self, vals_list):
        """What is lent comes back by its loan; nothing else says where it is."""
        cards = [
            vals.get("property_id")
            for vals in vals_list
            if vals.get("kind") in ELSEWHERE
        ]
        line = (
            self.env["rd.loan.line"]
            .sudo()
            .search([("property_id", "in", cards), ("is_out", "=", True)], limit=1)
        )
        if line:
            raise UserError(
                self.env._(
                    "%(card)s is lent to %(borrower)s with %(loan)s: take it back "
                    "there first.",
                    card=line.property_id.display_name,
                    borrower=line.borrower_id.name,
                    loan=line.loan_id.name,
                )
            )

    def _end_loans(self):
        """What is lost is not awaited back any more."""
        lost = self.property_id.filtered(lambda card: card.state == "lost")
        lines = (
            self.env["rd.loan.line"]
            .sudo()
            .search([("property_id", "in", lost.ids), ("is_out", "=", True)])
        )
        for line in lines:
            event = self.filtered(
                lambda one, card=line.property_id: one.property_id == card
            )[-1:]
            line._as_internal().write(
                {
                    "is_out": False,
                    "outcome": "lost",
                    "back_date": event.date,
                    "back_event_id": event.id,
                }
            )
        lines.loan_id._close_if_back()
