# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

from .rd_guarded_mixin import GUARD

__all__ = ["GUARD", "RdWorkflowMixin"]


class RdWorkflowMixin(models.AbstractModel):
    """State changes as data, and guards that hold over every way in.

    A model that inherits this declares its moves in ``_get_transitions`` and
    calls ``_move_to`` from its ``action_*`` methods. Once a record rests in one
    of ``_get_frozen_states`` only the fields named by ``_get_open_fields`` can
    still be written by a person.
    """

    _name = "rd.workflow.mixin"
    _inherit = "rd.guarded.mixin"
    _description = "Workflow"

    # ------------------------------------------------------------------
    # What a model declares
    # ------------------------------------------------------------------
    @api.model
    def _get_transitions(self):
        """Return ``{target state: (source states,)}``."""
        return {}

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"state"}

    @api.model
    def _get_frozen_states(self):
        """Return the states in which a record no longer changes."""
        return ()

    @api.model
    def _get_open_fields(self):
        """Return the names of fields that stay writable in a frozen state."""
        return {
            "activity_ids",
            "message_follower_ids",
            "message_ids",
            "message_main_attachment_id",
            "message_partner_ids",
        }

    # ------------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------------
    def _move_to(self, target, values=None):
        """Move the records to ``target``; a repeat is harmless.

        :param dict values: further values of the same write
        :return: the records that moved; those already there are left out
        :raise UserError: when a record is in a state that does not lead to
            ``target``, or its ``_why_not`` names a reason; nothing has moved then
        """
        todo = self.filtered(lambda record: record.state != target)
        sources = self._get_transitions()[target]
        for record in todo:
            if record.state not in sources:
                raise UserError(record._transition_refusal(target, sources))
            if reason := record._why_not(target):
                raise UserError(reason)
        for record in todo:
            extra = record._prepare_transition_values(target)
            record._as_internal().write({"state": target, **extra, **(values or {})})
        todo._after_transition(target)
        return todo

    def _why_not(self, target):
        """Return the sentence why this record may not move, or False."""
        return False

    def _prepare_transition_values(self, target):
        """Return what is written together with the state (dates, names)."""
        return {}

    def _after_transition(self, target):
        """Hook for what follows a move; runs once for the records that moved."""

    def _transition_refusal(self, target, sources):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(record)s is in state “%(state)s” and cannot become “%(target)s”; "
            "it can from: %(sources)s.",
            record=self.display_name,
            state=labels.get(self.state, self.state),
            target=labels.get(target, target),
            sources=", ".join(labels.get(source, source) for source in sources),
        )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    def _check_frozen(self, names):
        frozen = self._get_frozen_states()
        if not frozen or not (set(names) - self._get_open_fields()):
            return
        for record in self:
            if record.state in frozen:
                raise UserError(record._frozen_refusal())

    def _frozen_refusal(self):
        """Return the sentence that refuses a change of what is frozen."""
        return self.env._(
            "%(record)s is closed and cannot be changed any more; "
            "what is still to be corrected belongs to the next month.",
            record=self.display_name,
        )

    def write(self, vals):
        if not self._is_internal():
            self._check_frozen(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_moved(self):
        """Only what never left its first state can be deleted."""
        first = self.default_get(["state"]).get("state")
        for record in self:
            if record.state != first and not self._is_internal():
                raise UserError(
                    self.env._(
                        "%(record)s has already been worked on and cannot be "
                        "deleted; cancel it instead.",
                        record=record.display_name,
                    )
                )
