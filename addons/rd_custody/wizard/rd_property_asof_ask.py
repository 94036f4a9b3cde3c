# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import format_date


class RdPropertyAsofAsk(models.TransientModel):
    """Ask for the day and the owner, and show or print the register of then."""

    _name = "rd.property.asof.ask"
    _description = "Register as of a Day"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    day = fields.Date(
        string="As of", required=True, default=lambda self: self.env.company._rd_today()
    )
    partner_id = fields.Many2one("res.partner", string="Owner")

    def action_show(self):
        """Open the register of the day as a list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_custody.rd_property_asof_action"
        )
        # the web client prefers the second one for the title
        action["name"] = action["display_name"] = self.env._(
            "Register as of %(day)s", day=format_date(self.env, self.day)
        )
        action["context"] = {
            "rd_as_of": fields.Date.to_string(self.day),
            "search_default_present": 1,
        }
        if self.partner_id:
            action["domain"] = [("partner_id", "=", self.partner_id.id)]
        # an address of its own would forget the day
        action.pop("path", None)
        return action

    def action_print(self):
        """Print the register of the day."""
        return self._report("rd_custody.action_report_register")

    def action_workbook(self):
        """Write the register of the day as a workbook."""
        return self._report("rd_custody.action_report_register_xlsx")

    def _report(self, name):
        self.ensure_one()
        return self.env.ref(name).report_action(self)

    def _rd_prepare_paper(self):
        """Return all that is printed of the register of the day."""
        self.ensure_one()
        rows = self.env["rd.property.asof"]._get_rows(
            self.company_id, self.day, self.partner_id
        )
        heads = [(self.env._("Owner"), self.partner_id.name)] if self.partner_id else []
        paper = self.env["rd.property.paper"]
        return paper._prepare_register(self, self.day, rows, heads)
