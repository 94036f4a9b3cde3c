# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdFapiao(models.Model):
    """Whose fault a red-letter invoice was, for what the post is measured by."""

    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    red_ours = fields.Boolean(
        string="Red-lettered for our fault",
        default=True,
        copy=False,
        tracking=True,
        help="A supervisor takes the mark away where the customer caused it, say by a "
        "return; the tax invoice then does not count against the desk.",
    )

    @api.model
    def _get_open_fields(self):
        # Most are red-lettered after they have left the house.
        return super()._get_open_fields() | {"red_ours"}

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody acquit himself beforehand, by a default of his own neither."""
        records = super().create(vals_list)
        acquitted = records.filtered(lambda record: not record.red_ours)
        if acquitted:
            acquitted._check_may_judge()
        return records

    def write(self, vals):
        """Let nobody acquit himself.

        :raise UserError: when somebody else than a supervisor says whose fault it was
        """
        if "red_ours" in vals:
            self._check_may_judge()
        return super().write(vals)

    def _check_may_judge(self):
        supervisor = "rd_sales_admin.rd_sales_admin_group_supervisor"
        if self.env.su or self.env.user.has_group(supervisor):
            return
        raise UserError(
            self.env._(
                "%(number)s: only a supervisor says whose fault a red-letter "
                "invoice was.",
                number=self[:1].display_name,
            )
        )
