# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import fields, models
from odoo.exceptions import UserError

from .rd_contract import RUNNING
from .rd_contract_stage import NOTED


class RdContractStage(models.Model):
    """What the desk notes by hand: triggers that the suite has no record of."""

    _name = "rd.contract.stage"
    _inherit = ["rd.contract.stage"]

    def _get_notable(self):
        """Return the triggers of one stage that are noted by hand and have not come."""
        self.ensure_one()
        if self.contract_id.state not in RUNNING:
            return set()
        columns = (
            (self.due_trigger, self.due_reached),
            (self.invoice_trigger, self.invoice_reached),
        )
        return {kind for kind, day in columns if kind in NOTED and not day}

    def _get_own_way(self, kind):
        """Return how a trigger comes by itself, as a sentence; empty: it does not.

        Goods are dispatched by deliveries and lists are accepted as handovers; both
        reach the stage without anybody's note.
        """
        self.ensure_one()
        # Whoever runs contracts need not read handovers.
        lines = self.contract_id.sudo()._get_stage_lines()
        if kind == "dispatch":
            goods = lines.filtered(lambda line: line.product_id.type != "service")
            if goods:
                return self.env._(
                    "%(order)s is dispatched by its deliveries",
                    order=goods[0].order_id.name,
                )
        if kind == "handover":
            lists = lines.rd_handover_ids.filtered(lambda one: one.state != "cancelled")
            if lists:
                return self.env._("%(handover)s waits for it", handover=lists[0].name)
        return ""

    def action_record_reached(self, reason=None, day=None):
        """Note a dispatch or handover that the suite has no record of.

        :param reason: needed of a supervisor for what comes by itself
        :param day: day on which it came, today where none is given
        :raise UserError: for other triggers, for what comes by itself, or for a day
            outside signature and today
        """
        self.env["rd.contract"]._check_desk()
        self.check_access("write")
        words = reason.strip()[:500] if isinstance(reason, str) else ""
        for stage in self:
            kinds = stage._get_notable()
            if not kinds:
                raise UserError(
                    self.env._(
                        "%(stage)s is reached by itself, or has been already.",
                        stage=stage.display_name,
                    )
                )
            stage._check_noted(kinds, words)
            stage._record_reached(kinds, words, stage._get_noted_day(day))
        return True

    def _check_noted(self, kinds, reason):
        """Leave what comes by itself to itself, unless a supervisor has a reason."""
        supervisor = self.env.user.has_group(
            "rd_sales_admin.rd_sales_admin_group_supervisor"
        )
        for kind in sorted(kinds):
            way = self._get_own_way(kind)
            if way and not (reason and (supervisor or self.env.su)):
                raise UserError(
                    self.env._(
                        "%(stage)s comes by itself: %(way)s; only a supervisor notes "
                        "it by hand, with a reason.",
                        stage=self.display_name,
                        way=way,
                    )
                )

    def _get_noted_day(self, day):
        today = self.company_id._rd_today()
        try:
            noted = fields.Date.to_date(day) or today
        except (TypeError, ValueError):
            noted = False
        signed = self.contract_id.date_signed
        if not noted or noted > today or (signed and noted < signed):
            raise UserError(
                self.env._(
                    "%(stage)s was reached between the signature (%(signed)s) and "
                    "today; choose such a day.",
                    stage=self.display_name,
                    signed=signed,
                )
            )
        return noted

    def _record_reached(self, kinds, reason, day):
        self.ensure_one()
        labels = dict(self._fields["due_trigger"]._description_selection(self.env))
        contract = self.contract_id.sudo()
        for kind in sorted(kinds):
            contract.message_post(
                body=self.env._(
                    "%(trigger)s of %(day)s noted by hand for the whole contract. "
                    "%(reason)s",
                    trigger=labels[kind],
                    day=day,
                    reason=reason,
                )
            )
            contract.stage_ids._reach(kind, day)

    def action_note(self):
        """Open the form in which a dispatch or handover is noted."""
        self.ensure_one()
        self.env["rd.contract"]._check_desk()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note as reached"),
            "res_model": "rd.contract.reached",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_stage_id": self.id},
        }
