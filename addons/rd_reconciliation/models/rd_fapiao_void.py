# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdFapiao(models.Model):
    """Noting here what was voided in the tax system (作废).

    That is done there, within the month of the tax invoice, and takes no red letter;
    here it follows a list of the tax system that says so.
    """

    _name = "rd.fapiao"
    _inherit = ["rd.fapiao"]

    void_date = fields.Date(string="Voided on", readonly=True, copy=False)
    void_reason = fields.Char(string="Why it was voided", readonly=True, copy=False)
    may_void = fields.Boolean(compute="_compute_may_void")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"void_date", "void_reason"}

    @api.depends("state")
    def _compute_may_void(self):
        told = self._get_voided_there()
        for item in self:
            item.may_void = item.state in ("issued", "returned") and item in told

    def _get_voided_there(self):
        """Return those of which a list of the tax system says that they were voided,
        while they stand here."""
        rows = self.env["rd.fapiao.import.line"].sudo()
        domain = [("fapiao_id", "in", self.ids), ("verdict", "=", "void_live")]
        told = rows.search([*domain, ("is_voided", "=", True)])
        return self.browse(told.fapiao_id.ids)

    def action_void(self, day=None, reason=None):
        """Note that these tax invoices were voided in the tax system.

        :param day: the day of it there, in the month of the tax invoice
        :raise UserError: without day or reason, where no list says so, or when one is
            with the customer
        """
        self._check_role("finance")
        reason, day = (reason or "").strip(), self._as_day(day)
        if not reason or not day:
            raise UserError(
                self.env._("Say when the tax invoice was voided there, and why.")
            )
        told = self._get_voided_there()
        for item in self.filtered(lambda one: one.state != "void"):
            item._check_voidable(day, item in told)
            item._move_to(
                "void",
                {
                    "void_date": day,
                    "void_reason": reason,
                    "red_state": False,
                    "red_move_id": False,
                    "red_deadline": False,
                },
            )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    @api.model
    def _as_day(self, day):
        """Return the day that was said, None where it is none."""
        try:
            return fields.Date.to_date(day)
        except ValueError:
            return None

    def _check_voidable(self, day, told):
        """Refuse what is not void there, or cannot have been on that day."""
        self.ensure_one()
        if not told:
            raise UserError(
                self.env._(
                    "No list of the tax system says that %(record)s was voided; void "
                    "it there and read its list in first.",
                    record=self.display_name,
                )
            )
        first, last = self.date, fields.Date.end_of(self.date, "month")
        if not first <= day <= min(last, self.company_id._rd_today()):
            raise UserError(
                self.env._(
                    "%(record)s of %(date)s cannot have been voided on %(day)s: that "
                    "is done within its month; later only a red letter takes it back.",
                    record=self.display_name,
                    date=first,
                    day=day,
                )
            )
