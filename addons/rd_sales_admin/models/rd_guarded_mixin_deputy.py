# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models


class RdGuardedMixin(models.AbstractModel):
    """Whatever a deputy makes, changes or moves is written down as done for."""

    _name = "rd.guarded.mixin"
    _inherit = ["rd.guarded.mixin"]

    def _is_deputy_act(self):
        """Tell whether what happens now is to be written down."""
        return (
            self._auto
            and not self._transient
            and self._name != "rd.deputy.act"
            and bool(self.env.user._rd_get_deputy_spans())
        )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not records._is_internal() and records._is_deputy_act():
            self.env["rd.deputy.act"]._log(records, self.env._("made"))
        return records

    def write(self, vals):
        res = super().write(vals)
        told = "state" in vals or not self._is_internal()
        if told and vals and self._is_deputy_act():
            self.env["rd.deputy.act"]._log(self, self._describe_change(vals))
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_and_tell(self):
        if not self._is_internal() and self._is_deputy_act():
            self.env["rd.deputy.act"]._log(self, self.env._("deleted"))

    def _describe_change(self, vals):
        """Return what a person reads about a change: the new state, or the fields."""
        field = self._fields.get("state")
        if "state" in vals and field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return self.env._("now “%(state)s”", state=labels.get(vals["state"]))
        names = [
            self._fields[name]._description_string(self.env)
            for name in sorted(vals)
            if name in self._fields
        ]
        return self.env._("changed: %(fields)s", fields=", ".join(names))
