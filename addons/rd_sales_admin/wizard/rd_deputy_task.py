# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

# One screen is read in one go; what is beyond is opened as a whole by its last row.
MOST_TASKS = 50


class RdDeputyTask(models.TransientModel):
    """Today's list of a deputy: one row per piece of work, in the day's order."""

    _name = "rd.deputy.task"
    _description = "Today's List"
    _order = "sequence, date_due, id"

    handover_id = fields.Many2one("rd.deputy", required=True, ondelete="cascade")
    clerk_id = fields.Many2one(related="handover_id.user_id", string="For")
    sequence = fields.Integer(readonly=True)
    queue = fields.Char(string="Kind of work", readonly=True)
    name = fields.Char(readonly=True)
    partner_name = fields.Char(string="Customer", readonly=True)
    advice = fields.Char(string="What to do", readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    late = fields.Boolean(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)
    more_domain = fields.Json(readonly=True, help="Set on the row that opens the rest.")

    @api.model
    def action_open_today(self):
        """Make the list anew and open it.

        :raise UserError: for whoever is nobody's deputy at this moment
        """
        handovers = self.env.user._rd_get_handovers()
        if not handovers:
            raise UserError(self._explain_no_list())
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        for handover in handovers:
            self._fill(handover)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "rd_sales_admin.rd_deputy_task_action_list"
        )

    @api.model
    def _show_today(self):
        """Open today's list from the menu: who has none reads why in its place."""
        if self.env.user._rd_get_handovers():
            return self.action_open_today()
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        told = Markup('<p class="o_view_nocontent_smiling_face">%s</p>')
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "rd_sales_admin.rd_deputy_task_action_list"
            ),
            "help": told % self._explain_no_list(),
        }

    def _explain_no_list(self):
        """Return the sentence for who has no list now."""
        mine = self.env["rd.deputy"].sudo()._get_spans().get(self.env.uid, ())
        if any(span.start <= fields.Datetime.now() < span.end for span in mine):
            names = ", ".join(
                self.env["res.company"]
                .sudo()
                .browse({span.company_id for span in mine})
                .mapped("name")
            )
            return self.env._(
                "You sit in for somebody in %(companies)s only; switch the other "
                "companies off to see the list.",
                companies=names,
            )
        return self.env._("You sit in for nobody today.")

    @api.model
    def _fill(self, handover):
        """Make the rows of one handing-over, one query per kind of work."""
        handover = handover.with_env(self.env)
        today = handover.company_id._rd_today()
        for queue in handover._get_queues():
            model = self.env[queue.model]
            if not model.has_access("read"):
                continue
            order = f"{queue.date_field}, id" if queue.date_field else None
            if queue.model == "mail.activity":
                # Odoo shows a person's activities to himself: the domain names the
                # clerk, and what his deputy may not read is left out below.
                model = model.sudo()
            found = model.search(queue.domain, limit=MOST_TASKS + 1, order=order)
            rows = [
                self._prepare_task(handover, queue, record, today)
                for record in found[:MOST_TASKS]
                if self._may_read(record)
            ]
            if len(found) > MOST_TASKS:
                rows.append(self._prepare_rest(handover, queue))
            self.create(rows)

    def _may_read(self, record):
        if record._name != "mail.activity" or not record.res_model:
            return True
        target = self.env[record.res_model].browse(record.res_id)
        return bool(target.exists()) and target.has_access("read")

    def _prepare_task(self, handover, queue, record, today):
        date = record[queue.date_field] if queue.date_field else False
        if date and record._fields[queue.date_field].type == "datetime":
            date = handover.company_id._rd_local_date(date)
        partner = record["partner_id"] if "partner_id" in record._fields else False
        target = record
        if record._name == "mail.activity" and record.res_model and record.res_id:
            target = self.env[record.res_model].browse(record.res_id)
        # The other record's name is all that is told of it here.
        named = target.sudo()
        name = named.label if "label" in named._fields else named.display_name
        return {
            "handover_id": handover.id,
            "sequence": queue.sequence,
            "queue": queue.label,
            "name": name,
            "partner_name": partner.sudo().name if partner else False,
            "advice": (queue.note_field and record[queue.note_field]) or queue.advice,
            "date_due": date,
            "late": bool(date and date < today),
            "res_model": target._name,
            "res_id": target.id,
        }

    def _prepare_rest(self, handover, queue):
        return {
            "handover_id": handover.id,
            "sequence": queue.sequence,
            "queue": queue.label,
            "name": self.env._("… and more"),
            "advice": self.env._("Opens the whole list."),
            "res_model": queue.model,
            "more_domain": queue.domain,
        }

    def action_open(self):
        """Open the record of the row, in one click.

        :raise UserError: when the time is over or it is done already
        """
        self.ensure_one()
        if self.handover_id not in self.env.user._rd_get_handovers():
            raise UserError(self.env._("You no longer sit in for this work."))
        if self.more_domain:
            return {
                "type": "ir.actions.act_window",
                "name": self.queue,
                "res_model": self.res_model,
                "views": [(False, "list"), (False, "kanban"), (False, "form")],
                "domain": self.more_domain,
            }
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("%(name)s is no longer there.", name=self.name))
        return record._get_records_action()
