# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models

from odoo.addons.rd_sales_admin.models.rd_close import Outcome, Step


class RdClose(models.Model):
    """The month asks finance for its invoices and waits for the tax invoices."""

    _name = "rd.close"
    _inherit = ["rd.close"]

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step("fapiao", self.env._("Tax invoice"), 70, "_run_step_fapiao"),
        ]

    def _get_company_steps(self):
        """Leave the tax invoice out where the company has none."""
        steps = super()._get_company_steps()
        if self.company_id.rd_tax_invoices:
            return steps
        return [step for step in steps if step.code != "fapiao"]

    def _run_step_post(self, partner):
        """Ask finance for what is to be posted; accept by itself where wanted."""
        statements = self._get_statements(partner)
        drafts = statements._get_draft_invoices()
        if not drafts or not self.company_id.rd_tax_invoices:
            return super()._run_step_post(partner)
        for move in drafts:
            if move._rd_needs_month():
                return Outcome(False, move._rd_get_month_note(), "finance")
        requests = self.env["rd.invoice.request"]._make(drafts)
        returned = requests.filtered(lambda item: item.state == "returned")
        if returned:
            return Outcome(
                False,
                self.env._(
                    "%(request)s was returned by finance: %(reason)s",
                    request=returned[0].name,
                    reason=returned[0].return_reason,
                ),
                "clerk",
            )
        requests.filtered(lambda item: item.state == "draft").action_request()
        if not self.company_id._rd_is_automatic("post", partner):
            return Outcome(
                False,
                self.env._(
                    "%(request)s for %(statement)s waits for finance.",
                    request=requests[0].name,
                    statement=drafts[0].rd_statement_id.name,
                ),
                "finance",
            )
        requests._accept()
        return Outcome(True)

    def _run_step_fapiao(self, partner):
        """Wait until the customer has every tax invoice of the month."""
        if not self.company_id.rd_tax_invoices:
            return Outcome(True)
        moves = self._get_statements(partner).sudo().invoice_ids
        for move in moves.filtered(lambda item: item.state == "posted").sorted("id"):
            if move.rd_fapiao_received_date or not move.amount_total:
                continue
            live = move.rd_fapiao_ids.filtered(lambda item: item._counts())
            open_ones = live.filtered(lambda item: not item.received_date)
            if open_ones:
                return Outcome(
                    False,
                    self.env._(
                        "Tax invoice %(number)s has not been received by %(partner)s "
                        "yet.",
                        number=open_ones[0].number,
                        partner=partner.name,
                    ),
                    "clerk",
                )
            return Outcome(
                False,
                self.env._(
                    "The tax invoice for %(invoice)s has to be issued.",
                    invoice=move.name,
                ),
                "finance",
            )
        return Outcome(True)
