# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError

# The one key that opens guarded fields. A remote client controls the context
# but can only send JSON, so it can never send this very object.
GUARD = object()


class RdGuardedMixin(models.AbstractModel):
    """Fields that no person writes, whatever the way in.

    ``readonly`` on a field only hides it in the client; ``create``, ``write``,
    ``load`` and commands of a parent still reach it. Code of the suite opens the
    guarded fields by ``_as_internal()``.
    """

    _name = "rd.guarded.mixin"
    _description = "Guarded fields"

    @api.model
    def _get_guarded_fields(self):
        """Return the names of the fields that no person writes directly."""
        return set()

    def _as_internal(self):
        """Return the records with the key to guarded fields."""
        return self.with_context(rd_guard=GUARD)

    def _is_internal(self):
        return self.env.context.get("rd_guard") is GUARD

    def _check_guarded_values(self, vals):
        for name in sorted(self._get_guarded_fields() & vals.keys()):
            raise UserError(
                self.env._(
                    "“%(field)s” of %(record)s is kept by the system; "
                    "use the buttons instead of writing it.",
                    field=self._fields[name]._description_string(self.env),
                    record=self._describe(),
                )
            )

    def _describe(self):
        """Return how a sentence names these records."""
        if len(self) == 1:
            return self.display_name
        return self.env["ir.model"]._get(self._name).name

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_internal():
            guarded = self._get_guarded_fields()
            defaults = self.default_get(list(guarded)) if guarded else {}
            for vals in vals_list:
                self._check_guarded_values(
                    {
                        name: value
                        for name, value in vals.items()
                        if name not in defaults or value != defaults[name]
                    }
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_internal():
            self._check_guarded_values(vals)
        return super().write(vals)
