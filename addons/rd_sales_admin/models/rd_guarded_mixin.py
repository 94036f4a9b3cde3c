# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models, tools
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

    @api.model
    @tools.ormcache()
    def _get_code_only_fields(self):
        """Return the names of our stored fields that only code computes.

        Odoo stores what a client writes to them, and a related company would take a
        record out of its rules.
        """
        ours = self._name.startswith("rd.")
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and field.compute
            and field.readonly
            and not field.inverse
            and (ours or name.startswith("rd_"))
        )

    @api.model
    def _get_closed_fields(self):
        """Return the names of all fields that no person writes."""
        return self._get_guarded_fields() | self._get_code_only_fields()

    @api.model
    def _get_stored_names(self):
        """Return the names of all stored fields: what a model names whose records
        are made and changed by code only."""
        return {
            name
            for name, field in self._fields.items()
            if field.store and name not in models.MAGIC_COLUMNS
        }

    def _as_internal(self):
        """Return the records with the key to guarded fields."""
        return self.with_context(rd_guard=GUARD)

    def _is_internal(self):
        return self.env.context.get("rd_guard") is GUARD

    def _check_guarded_values(self, vals):
        for name in sorted(self._get_closed_fields() & vals.keys()):
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
        if self._is_internal():
            return super().create(vals_list)
        records = self._without_foreign_defaults()
        own = records._get_own_defaults()
        # A person may keep a default of his own for any field: not for these.
        injected = records.default_get(list(self._get_closed_fields()))
        reset = {
            name: own.get(name, False)
            for name, value in injected.items()
            if name not in own or value != own[name]
        }
        for vals in vals_list:
            self._check_guarded_values(
                {
                    name: value
                    for name, value in vals.items()
                    if name not in own or value != own[name]
                }
            )
        vals_list = [{**reset, **vals} for vals in vals_list]
        return super(RdGuardedMixin, records).create(vals_list)

    def _without_foreign_defaults(self):
        """Return self without defaults for guarded fields in its context."""
        names = {f"default_{name}" for name in self._get_closed_fields()}
        context = self.env.context
        if not names & context.keys():
            return self
        # Keys are taken out, so the whole context has to be given anew.
        kept = {key: value for key, value in context.items() if key not in names}
        return self.with_context(kept)  # pylint: disable=context-overridden

    def _get_own_defaults(self):
        """Return the defaults that the guarded fields' definitions name."""
        defaults = {}
        for name in self._get_guarded_fields():
            field = self._fields[name]
            if field.default:
                value = field.default(self)
                defaults[name] = value.id if field.type == "many2one" else value
        return defaults

    def write(self, vals):
        if not self._is_internal():
            self._check_guarded_values(vals)
            self._check_same_company(vals)
        return super().write(vals)

    def _check_same_company(self, vals):
        """Refuse to take a record of ours into another company.

        Its rules would no longer be asked, and what hangs on it stays behind.
        """
        if "company_id" not in vals or not self._name.startswith("rd."):
            return
        for record in self:
            if record.company_id and record.company_id.id != vals["company_id"]:
                raise UserError(
                    self.env._(
                        "%(record)s stays with %(company)s; make another one for "
                        "another company.",
                        record=record._describe(),
                        company=record.company_id.name,
                    )
                )
