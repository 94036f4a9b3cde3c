# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from .account_move_due import OWING


class AccountMove(models.Model):
    """Instalments that a contract's stages let fall due wait for their stage."""

    _name = "account.move"
    _inherit = ["account.move"]

    rd_stage_days = fields.Json(
        string="Stages by due day",
        readonly=True,
        copy=False,
        help="Which stage of the contract each of its due dates stands for.",
    )
    rd_contract_id = fields.Many2one(
        "rd.contract",
        string="Contract",
        compute="_compute_rd_contract_id",
        store=True,
        index="btree_not_null",
        help="The contract of all its orders; empty where they have several or none.",
    )

    @api.model
    def _rd_get_kept_of_anchor(self):
        return super()._rd_get_kept_of_anchor() | {"rd_contract_id", "rd_stage_days"}

    @api.depends("invoice_line_ids.sale_line_ids.order_id.rd_contract_id")
    def _compute_rd_contract_id(self):
        for move in self:
            orders = move.invoice_line_ids.sale_line_ids.order_id
            contracts = orders.rd_contract_id
            move.rd_contract_id = contracts if len(contracts) == 1 else False

    def _rd_set_maturities(self):
        """Keep which stage stands behind each due date of the plan."""
        res = super()._rd_set_maturities()
        for move in self.filtered("rd_maturities").sudo():
            day = move.invoice_date or move.company_id._rd_today()
            stages = move._rd_get_stage_lines().stage_id.contract_id.stage_ids
            found = {}
            for stage in stages.sorted(lambda one: (one.sequence, one.id)):
                if stage.due_percent:
                    found[str(stage._get_expected_day(day))] = stage.id
            days = {key for key, _amount in move.rd_maturities}
            move._rd_anchored().write(
                {"rd_stage_days": {key: found[key] for key in days & found.keys()}}
            )
        return res

    def _rd_start_anchor(self):
        """Tie instalments to their stages before anything is counted."""
        owing = self.filtered(
            lambda move: move.move_type in OWING and move.state == "posted"
        )
        for move in owing.sudo().filtered("rd_stage_days"):
            move._rd_get_instalments()._rd_tie_stage(move.rd_stage_days)
        return super()._rd_start_anchor()

    @api.model
    def _rd_cron_follow_anchor(self):
        """Look at the stages that instalments wait for, too."""
        res = super()._rd_cron_follow_anchor()
        waiting = self.env["account.move.line"].sudo()
        waiting.search([("rd_waits_stage", "=", True)])._rd_follow_stage()
        return res
