# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .rd_settlement_source import KIND_HANDOVER, Portion


class RdHandover(models.Model):
    """The gate: only an accepted handover reaches its milestone.

    What it releases feeds the statement of an affiliate; an outside customer is
    invoiced by Odoo's own order, from the same milestone.
    """

    _name = "rd.handover"
    _inherit = ["rd.handover", "rd.settlement.source"]

    # ------------------------------------------------------------------
    # Milestones
    # ------------------------------------------------------------------
    def _link_milestones(self):
        """Give each handover a milestone of its order line; the one that Odoo made on
        confirmation is taken first."""
        # The desk keeps handovers, not projects; who may make one was checked.
        for record in self.sudo().filtered(lambda one: not one.milestone_id):
            project = record._ensure_project()
            milestone = record._find_free_milestone() or self.env[
                "project.milestone"
            ].sudo().create(
                {
                    "name": record.name,
                    "project_id": project.id,
                    "sale_line_id": record.sale_line_id.id,
                }
            )
            record._as_internal().write(
                {"project_id": project.id, "milestone_id": milestone.id}
            )
            milestone._as_internal().write(
                {"name": record.name, "deadline": record.date_due}
            )
            milestone._rd_refresh_share()

    def _find_free_milestone(self):
        """Return a milestone of the order line that no handover has, or none."""
        milestones = (
            self.env["project.milestone"]
            .sudo()
            .search(
                [
                    ("sale_line_id", "=", self.sale_line_id.id),
                    ("is_reached", "=", False),
                ],
                order="id",
            )
        )
        return milestones.filtered(lambda one: not one.rd_handover_ids)[:1]

    def _ensure_project(self):
        """Return the project of the order line, made where there is none."""
        line = self.sale_line_id
        project = line.project_id or line.order_id.project_ids[:1]
        if not project:
            project = (
                self.env["project.project"]
                .sudo()
                .create(
                    {
                        "name": f"{line.order_id.name} {line.product_id.name}",
                        "partner_id": line.order_id.partner_id.id,
                        "company_id": self.company_id.id,
                        "allow_billable": True,
                        "allow_milestones": True,
                        "reinvoiced_sale_order_id": line.order_id.id,
                    }
                )
            )
            line.write({"project_id": project.id})
        return project

    def write(self, vals):
        """Let the milestone follow share and planned day."""
        res = super().write(vals)
        self._let_milestones_follow(vals)
        return res

    def _let_milestones_follow(self, vals):
        # The desk keeps handovers, not projects.
        records = self.sudo()
        if "share" in vals:
            records.milestone_id._rd_refresh_share()
        if "sale_line_id" in vals or "order_id" in vals:
            records._let_go_milestones()
            records._link_milestones()
        elif "date_due" in vals:
            for record in records:
                record.milestone_id._as_internal().write({"deadline": record.date_due})

    def unlink(self):
        """Take the milestones along that only these drafts had."""
        self._let_go_milestones()
        return super().unlink()

    def _let_go_milestones(self):
        milestones = self.sudo().milestone_id.filtered(lambda one: not one.is_reached)
        self.sudo()._as_internal().write({"milestone_id": False})
        milestones._as_internal().unlink()

    def _get_gate_refusal(self):
        """Return why the milestone cannot be reached, or False."""
        self.ensure_one()
        total = self._get_whole()
        if not self._is_whole(total):
            return self.env._(
                "The handovers of %(line)s (%(order)s) come to %(total)s %% together; "
                "plan the rest, so that they come to 100 %%.",
                line=self.sale_line_id.name,
                order=self.order_id.name,
                total=f"{total:g}",
            )
        return False

    def _reach_milestones(self):
        """Reach the milestones of accepted handovers: their share is delivered."""
        for record in self.sudo():
            line = record.sale_line_id
            record._as_internal().write(
                {"accepted_qty": line.product_uom_qty * record.share / 100.0}
            )
            record.milestone_id._as_internal().write({"is_reached": True})
            record.message_post(
                body=self.env._(
                    "Milestone reached: %(share)s %% of %(line)s can be invoiced.",
                    share=f"{record.share:g}",
                    line=line.name,
                )
            )

    # ------------------------------------------------------------------
    # Source of settlement
    # ------------------------------------------------------------------
    @api.model
    def _rd_get_portions(self, company, partner, until):
        """Return what accepted handovers release, oldest first.

        Each is whole: the share of the order line, on the day of the acceptance.
        """
        lines = super()._rd_get_portions(company, partner, until)
        for name in ("rd.handover", "sale.order.line", "sale.order", "res.partner"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            self._query_settlement_handovers(company, partner, until)
        )
        handovers = self.browse(row[0] for row in rows)
        return lines + [record._rd_prepare_portion(company) for record in handovers]

    @api.model
    def _query_settlement_handovers(self, company, partner, until):
        """Select accepted handovers of the orders of one invoiced partner (one query
        per affiliate)."""
        start = company.rd_start_date or fields.Date.to_date("1900-01-01")
        return SQL(
            """
            SELECT handover.id
              FROM rd_handover handover
              JOIN sale_order_line line ON line.id = handover.sale_line_id
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN res_partner invoiced ON invoiced.id = sale.partner_invoice_id
             WHERE handover.state = 'accepted'
               AND handover.company_id = %(company)s
               AND handover.confirmed_date >= %(start)s
               AND handover.confirmed_date < %(end)s
               AND invoiced.commercial_partner_id = %(partner)s
               AND line.rd_settlement_way = 'handover'
               AND line.state = 'sale'
               AND handover.accepted_qty > 0
             ORDER BY handover.confirmed_date, handover.id
            """,
            company=company.id,
            start=company._rd_day_start(start),
            end=company._rd_day_end(until),
            partner=partner.id,
        )

    def _rd_prepare_portion(self, company):
        """Return the :class:`Portion` of one accepted handover."""
        self.ensure_one()
        return Portion(
            kind=KIND_HANDOVER,
            res_id=self.id,
            sale_line_id=self.sale_line_id.id,
            quantity=self.accepted_qty,
            sign=1,
            date=company._rd_local_date(self.confirmed_date),
            note=self.name,
            zero_reason="",
        )
