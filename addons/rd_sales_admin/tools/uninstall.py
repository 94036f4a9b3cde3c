# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an uninstallation of Odoo leaves behind, and how it does not."""

from odoo.tools import SQL


def forget_foreign_names(env, module):
    """Delete the external names other modules gave to parts of our models.

    What a model inherits from a mixin of ``mail`` or ``portal`` gets a name under
    that module: each selection value, and the inheritance itself. Removing our
    models deletes the rows by cascade, but those names would stay for ever.

    :param str module: the add-on that is being uninstalled
    """
    env.flush_all()
    for query in (_query_selections(), _query_inheritances()):
        env.cr.execute(SQL("%s AND %s", query, _query_only_ours(module)))
    env.invalidate_all()


def _query_selections():
    """Names of selection values, and the model each belongs to."""
    return SQL(
        """
        DELETE FROM ir_model_data name
         USING ir_model_fields_selection part
          JOIN ir_model_fields field ON field.id = part.field_id
          JOIN ir_model model ON model.id = field.model_id
         WHERE name.model = 'ir.model.fields.selection'
           AND name.res_id = part.id
        """
    )


def _query_inheritances():
    """Names of inheritances, and the model each belongs to."""
    return SQL(
        """
        DELETE FROM ir_model_data name
         USING ir_model_inherit part
          JOIN ir_model model ON model.id = part.model_id
         WHERE name.model = 'ir.model.inherit'
           AND name.res_id = part.id
        """
    )


def _query_only_ours(module):
    """Names of other modules on models that only the suite has."""
    return SQL(
        """
            name.module != %(module)s
        AND model.model LIKE 'rd.%%'
        AND EXISTS (
            SELECT 1 FROM ir_model_data owner
             WHERE owner.model = 'ir.model'
               AND owner.res_id = model.id
               AND owner.module = %(module)s
        )
        """,
        module=module,
    )
