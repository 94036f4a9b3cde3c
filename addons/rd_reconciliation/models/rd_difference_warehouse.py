# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

TODO = "mail.mail_activity_data_todo"
WAREHOUSE = "rd_sales_admin.rd_sales_admin_group_warehouse"


class RdDifference(models.Model):
    """What only the warehouse knows is asked where it works: on its delivery.

    The difference stays with the desk, which decides about it. Whoever works in the
    warehouse sees neither statements nor amounts; his answer comes back by itself.
    """

    _name = "rd.difference"
    _inherit = ["rd.difference"]

    asked_activity_ids = fields.One2many(
        "mail.activity",
        "rd_difference_id",
        string="Asked in the warehouse",
        groups="base.group_system",
    )

    def _schedule_for_owners(self, always=False):
        """Ask the warehouse, too, about what is its to answer; once each."""
        res = super()._schedule_for_owners(always)
        asked = self.sudo().filtered(
            lambda item: (
                item.state == "open"
                and item.role == "warehouse"
                and not item.with_context(active_test=False).asked_activity_ids
            )
        )
        # Whoever opens a difference need not work on transfers.
        self.env["mail.activity"].sudo().create(asked._prepare_warehouse_activities())
        return res

    def _prepare_warehouse_activities(self):
        """Return the values of what is asked, each on the oldest delivery it is
        about; nothing where the warehouse has nobody."""
        users = {
            company: self._get_warehouse_users(company) for company in self.company_id
        }
        values = []
        for item in self:
            line = item.line_ids.sorted("id")[:1]
            picking, own = line.move_id.picking_id, users[item.company_id]
            if not picking or not own:
                continue
            user = picking.user_id if picking.user_id in own else own[0]
            activity = item._prepare_activity(
                user,
                item._get_warehouse_question(line, user),
                item.deadline or item.company_id._rd_today(),
            )
            activity.update(
                res_model_id=self.env["ir.model"]._get_id(picking._name),
                res_id=picking.id,
                rd_difference_id=item.id,
            )
            values.append(activity)
        return values

    @api.model
    def _get_warehouse_users(self, company):
        """Return who works in the warehouses of a company, and for nothing else."""
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("group_ids", "in", self.env.ref(WAREHOUSE).ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )

    def _get_warehouse_question(self, line, user):
        self.ensure_one()
        return self.with_context(lang=user.lang or self.env.lang).env._(
            "%(quantity)s of %(part)s by %(note)s were not accepted: say what left and "
            "what is still here.",
            quantity=f"{abs(self.quantity):g}",
            part=line.part,
            note=line.note,
        )

    def _finish_activities(self):
        """Ask nobody about what is settled."""
        self.sudo().asked_activity_ids.unlink()
        return super()._finish_activities()

    def _note_answer(self, user, answer):
        """Write down what the warehouse says, and tell the owner."""
        self.ensure_one()
        owner = self.user_id
        self.with_context(lang=owner.lang or self.env.lang).message_post(
            body=self.env._(
                "%(user)s of the warehouse says: %(answer)s",
                user=user.name,
                answer=answer,
            ),
            author_id=user.partner_id.id,
            partner_ids=owner.partner_id.ids,
        )
