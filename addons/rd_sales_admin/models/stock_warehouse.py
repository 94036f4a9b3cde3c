# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import calendar
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

LIST_MODEL = "rd.shipping.list"


class StockWarehouse(models.Model):
    """When a warehouse's shipping list is expected, from whom, and to which address."""

    _name = "stock.warehouse"
    _inherit = ["stock.warehouse"]

    rd_list_rhythm = fields.Selection(
        [
            ("week", "Every week"),
            ("half", "Every half month"),
            ("month", "Every month"),
        ],
        string="Shipping list expected",
        help="How often the warehouse hands in its list; empty: whenever it likes.",
    )
    rd_list_due_days = fields.Integer(
        string="Due after (days)",
        default=2,
        help="Calendar days after the end of the period by which the list is here.",
    )
    rd_list_escalation_days = fields.Integer(
        string="Supervisor told after (days)",
        default=2,
        help="Days after the due day on which a supervisor is told as well.",
    )
    rd_list_contact_ids = fields.Many2many(
        "res.partner",
        "rd_warehouse_list_contact_rel",
        "warehouse_id",
        "partner_id",
        string="List contacts",
        help="Who sends the list: they are reminded, and may hand it in by mail.",
    )
    rd_list_user_id = fields.Many2one(
        "res.users",
        string="Asks for the list",
        domain=[("share", "=", False)],
        help="Colleague who gets an activity when the list is missing.",
    )
    rd_list_alias_id = fields.Many2one(
        "mail.alias",
        string="Address for lists",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    rd_list_alias_name = fields.Char(
        string="Address for lists (before the @)",
        compute="_compute_rd_list_alias_name",
        inverse="_inverse_rd_list_alias_name",
        help="Mail to this address hands in the attached list for this warehouse.",
    )

    @api.depends("rd_list_alias_id.alias_name")
    def _compute_rd_list_alias_name(self):
        for warehouse in self:
            # Everybody may know the address; aliases themselves are the system's.
            warehouse.rd_list_alias_name = warehouse.sudo().rd_list_alias_id.alias_name

    def _inverse_rd_list_alias_name(self):
        for warehouse in self:
            warehouse._rd_set_list_alias(warehouse.rd_list_alias_name)

    def _rd_set_list_alias(self, name):
        """Make, rename or remove the mail address of this warehouse's lists."""
        self.ensure_one()
        self.check_access("write")
        # Whoever may change the warehouse gives it its address.
        alias = self.sudo().rd_list_alias_id
        if not name:
            alias.unlink()
        elif alias:
            alias.alias_name = name
        else:
            self.sudo().rd_list_alias_id = alias.create(
                self._rd_prepare_list_alias(name)
            )

    def _rd_prepare_list_alias(self, name):
        return {
            "alias_name": name,
            "alias_domain_id": self.company_id.alias_domain_id.id,
            "alias_model_id": self.env["ir.model"]._get_id(LIST_MODEL),
            "alias_defaults": repr(
                {"warehouse_id": self.id, "company_id": self.company_id.id}
            ),
            "alias_contact": "everyone",
        }

    # ------------------------------------------------------------------
    # Periods
    # ------------------------------------------------------------------
    def _rd_get_list_periods(self, start, today):
        """Return ``[(first day, last day)]`` of the lists expected from ``start`` on
        whose period has begun by ``today``; none without a rhythm."""
        self.ensure_one()
        periods, day = [], start
        while self.rd_list_rhythm and day <= today:
            end = self._rd_get_period_end(day)
            periods.append((day, end))
            day = end + timedelta(days=1)
        return periods

    def _rd_get_period_end(self, day):
        """Return the last day of the period that ``day`` lies in."""
        if self.rd_list_rhythm == "week":
            return day + timedelta(days=6 - day.weekday())
        if self.rd_list_rhythm == "half" and day.day <= 15:
            return day.replace(day=15)
        last = calendar.monthrange(day.year, day.month)[1]
        return day.replace(day=last)

    def _rd_get_current_period(self, today):
        """Return the period a list handed in today is taken for, before it is read:
        the last two months are near enough to date rows without a year."""
        return today.replace(day=1) - relativedelta(months=1), today

    def _rd_get_senders(self):
        """Return the partners from whom a list of this warehouse is taken."""
        self.ensure_one()
        roles = ("warehouse", "clerk")
        groups = self.env["res.groups"].union(
            *(self.env.ref(f"rd_sales_admin.rd_sales_admin_group_{r}") for r in roles)
        )
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", groups.ids),
                    ("company_ids", "in", self.company_id.ids),
                    ("share", "=", False),
                ]
            )
        )
        return self.sudo().rd_list_contact_ids | users.partner_id
