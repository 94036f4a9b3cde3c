# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class RdDepartment(models.Model):
    """Who makes what is ordered: a head, his people, and how long they may be quiet."""

    _name = "rd.department"
    _description = "Department"
    _inherit = ["mail.thread", "rd.guarded.mixin"]
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    head_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
    )
    member_ids = fields.Many2many(
        "res.users",
        "rd_department_member_rel",
        "department_id",
        "user_id",
        string="People",
        domain="[('share', '=', False)]",
        help="They see the open orders of the department on their phone.",
    )
    email = fields.Char(help="Where release slips are sent beside the head.")
    quiet_days = fields.Integer(
        string="News at least every (days)",
        default=3,
        required=True,
        help="An order in work without news for longer is at risk.",
    )
    release_ids = fields.One2many("rd.order.release", "department_id")
    open_count = fields.Integer(compute="_compute_open_count", string="Open orders")
    active = fields.Boolean(default=True, tracking=True)

    _quiet_positive = models.Constraint(
        "CHECK (quiet_days > 0)", "News are expected after one day at the earliest."
    )

    @api.constrains("head_id", "member_ids")
    def _check_people(self):
        for department in self:
            people = department.head_id | department.member_ids
            outsider = people.filtered("share")[:1]
            if outsider:
                raise ValidationError(
                    self.env._(
                        "%(user)s is a user of the portal and cannot work in "
                        "%(department)s; choose people of the house.",
                        user=outsider.name,
                        department=department.name,
                    )
                )

    @api.depends("release_ids.state")
    def _compute_open_count(self):
        releases = self.env["rd.order.release"]
        groups = releases._read_group(
            Domain("department_id", "in", self.ids) & releases._get_floor_domain(),
            ["department_id"],
            ["__count"],
        )
        counts = {department.id: count for department, count in groups}
        for department in self:
            department.open_count = counts.get(department.id, 0)

    def _get_people(self):
        """Return everyone who answers for the departments."""
        return self.head_id | self.member_ids

    def action_view_orders(self):
        """Open what the department has in hand."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_sales_admin.rd_order_release_action"
        )
        action["context"] = {
            "search_default_department_id": self.id,
            "search_default_open": 1,
        }
        return action
