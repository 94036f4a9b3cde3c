# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import models


class RdProperty(models.Model):
    """The sample register as the paper and the workbook show it."""

    _name = "rd.property"
    _inherit = ["rd.property"]

    def _get_register_labels(self):
        """Return the heads of the sample register's columns."""
        env = self.env
        return (
            env._("Sample no."),
            env._("Name"),
            env._("Customer, project"),
            env._("Drawing no., version"),
            env._("Kind"),
            env._("Source"),
            env._("Quantity"),
            env._("Received on"),
            env._("Valid until"),
            env._("Shelf"),
            env._("State"),
            env._("With"),
            env._("Due back"),
        )

    def _get_register_rows(self):
        """Return one row per sample among these cards, in the order of numbers."""
        self.check_access("read")
        samples = self.filtered(lambda card: card.kind == "sample")
        kinds = dict(self._fields["sample_kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        # A name is shown to whoever may read the row, as in any list.
        return [
            (
                card.name,
                card.description,
                card._get_sample_customer().name or "",
                card._get_sample_drawing(),
                kinds.get(card.sample_kind, ""),
                self.env._("Our own") if card.is_own else self.env._("Customer"),
                card.quantity,
                card.received_on or None,
                card.valid_until or None,
                card.place or "",
                states[card.state],
                (card.state == "out" and card.holder_id.name) or "",
                card.due_back or None,
            )
            for card in samples.sorted("name").sudo()
        ]
