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

    red_month = fields.Date(
        string="Fault counts in",
        readonly=True,
        copy=False,
        index=True,
        help="The month of the tax invoice, or the first open one if that was closed "
        "when it had to be taken back.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"red_month"}

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
        res = super().write(vals)
        if vals.get("red_state") or vals.get("state") == "void":
            self._note_fault()
        return res

    def _note_fault(self):
        """Keep in which month it counts that these have to be taken back."""
        # The red letter of a part takes back, and is none that is taken back.
        wholes = self.filtered(lambda one: not one.red_of_ids)
        for item in wholes.filtered(lambda one: one.date and not one.red_month):
            month = item._get_counting_month(item.date)
            item._as_internal().write({"red_month": month})

    def _forget_fault(self):
        """Count nothing against these any more, unless they are taken back all the
        same: whole, or a part of them."""
        for item in self:
            back = item.red_state or item.state in ("red", "void")
            if not back and not item._is_taken_back_in_part():
                item._as_internal().write({"red_month": False})

    def _is_right(self, month):
        """Tell whether it was neither red-lettered, whole or in part, nor voided for a
        fault of ours that counts in this month."""
        self.ensure_one()
        return not self.red_ours or self.red_month != month

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
