# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.tools import format_date

from ..report.rd_ageing_report import BASES


class RdReceivablesAsOf(models.TransientModel):
    """Ask for the day, and show the ageing or a plan as of it."""

    _name = "rd.receivables.as.of"
    _description = "Receivables as of a Day"

    day = fields.Date(
        string="As of", required=True, default=lambda self: self.env.company._rd_today()
    )
    basis = fields.Selection(
        BASES,
        string="Age counts from",
        required=True,
        default="due",
    )
    group = fields.Selection(
        [
            ("partner_id", "Customer"),
            ("partner_class", "Customer class"),
            ("user_id", "Owner"),
            ("contract_id", "Contract"),
        ],
        string="One row per",
        required=True,
        default="partner_id",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    plan_id = fields.Many2one("rd.collection.plan")

    def action_show(self):
        """Open the plan as of the day, or the ageing with its basis in the title."""
        self.ensure_one()
        day = fields.Date.to_string(self.day)
        if self.plan_id:
            action = self.plan_id._get_records_action()
            action["context"] = {"rd_as_of": day}
            return action
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_receivables.rd_ageing_report_action"
        )
        basis = dict(self._fields["basis"]._description_selection(self.env))[self.basis]
        # The web client prefers the second one for the title.
        action["name"] = action["display_name"] = self.env._(
            "Ageing as of %(day)s by %(basis)s",
            day=format_date(self.env, self.day),
            basis=basis,
        )
        action["context"] = {
            "rd_as_of": day,
            "rd_ageing_basis": self.basis,
            "group_by": [self.group],
        }
        # An address of its own would forget the day.
        action.pop("path", None)
        return action

    def action_print(self):
        """Print the ageing of the day."""
        report = self.env.ref("rd_receivables.action_report_ageing")
        return report.report_action(self)

    def action_print_workbook(self):
        """Write the ageing of the day as a workbook, with its items."""
        report = self.env.ref("rd_receivables.action_report_ageing_xlsx")
        return report.report_action(self)

    def _prepare_paper(self):
        """Return what the paper and the workbook show."""
        self.ensure_one()
        return self.env["rd.ageing.report"]._prepare_paper(
            self.company_id, self.day, self.basis, self.group
        )

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Ageing %(day)s", day=self.day)
