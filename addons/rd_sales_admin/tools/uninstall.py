# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What an uninstallation of Odoo leaves behind, and how it does not."""

from odoo.tools import SQL


def forget_foreign_names(env, module):
    """Delete the external names other modules gave to parts of our models.

    A field inherited from a mixin of ``mail`` or ``portal`` gets a name under that
    module for each selection value. Removing our models deletes the values by
    cascade, but those names would stay for ever.

    :param str module: the add-on that is being uninstalled
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_data name
             USING ir_model_fields_selection value
              JOIN ir_model_fields field ON field.id = value.field_id
              JOIN ir_model_data owner
                ON owner.res_id = field.model_id AND owner.model = 'ir.model'
             WHERE owner.module = %(module)s
               AND name.model = 'ir.model.fields.selection'
               AND name.res_id = value.id
               AND name.module != %(module)s
               AND NOT EXISTS (
                   SELECT 1 FROM ir_model_data other
                    WHERE other.model = 'ir.model'
                      AND other.res_id = field.model_id
                      AND other.module NOT LIKE 'rd\\_%%'
               )
            """,
            module=module,
        )
    )
    env.invalidate_all()
