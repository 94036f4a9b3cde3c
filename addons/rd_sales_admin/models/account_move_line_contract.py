# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import frozendict

STAGE_LINKS = {"rd_stage_line_id", "rd_former_stage_line_id"}
# Odoo makes the claims by their terms; from then on the stage is theirs.
KEPT_LINKS = STAGE_LINKS | {"rd_due_stage_id"}


class AccountMoveLine(models.Model):
    """An invoice line that stands for the share of a stage."""

    _name = "account.move.line"
    _inherit = ["account.move.line"]

    rd_stage_line_id = fields.Many2one(
        "rd.contract.stage.line",
        string="Contract stage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    rd_former_stage_line_id = fields.Many2one(
        "rd.contract.stage.line",
        string="Credited contract stage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Share of a stage that this item billed until it was credited whole.",
    )
    rd_due_stage_id = fields.Many2one(
        "rd.contract.stage",
        string="Due by the stage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Stage of the contract's plan that says when this is to be paid.",
    )

    _rd_stage_line_once = models.UniqueIndex(
        "(rd_stage_line_id) "
        "WHERE rd_stage_line_id IS NOT NULL AND parent_state != 'cancel'",
        "This stage has already been invoiced.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Take links to stages from our own code only, and no second way of billing."""
        internal = self.env["rd.contract"]._is_internal()
        for vals in [self.default_get(list(STAGE_LINKS)), *vals_list]:
            if not internal and any(vals.get(name) for name in STAGE_LINKS):
                raise UserError(self._rd_stage_refusal())
        items = super().create(vals_list)
        if not internal and any("sale_line_ids" in vals for vals in vals_list):
            items._rd_check_way()
        return items

    def write(self, vals):
        internal = self.env["rd.contract"]._is_internal()
        for name in () if internal else KEPT_LINKS & vals.keys():
            if vals[name] or any(self.mapped(name)):
                due = name == "rd_due_stage_id"
                raise UserError(
                    self._rd_due_refusal() if due else self._rd_stage_refusal()
                )
        res = super().write(vals)
        if "sale_line_ids" in vals and not internal:
            self._rd_check_way()
        return res

    @api.constrains("rd_due_stage_id")
    def _check_rd_due_stage(self):
        """Take only the stages that the invoice itself is split by."""
        for item in self.filtered("rd_due_stage_id"):
            rows = item.move_id.rd_maturities or []
            if item.rd_due_stage_id.id not in [row[-1] for row in rows]:
                raise UserError(self._rd_due_refusal())

    @api.depends("rd_due_stage_id", "move_id.rd_maturities")
    def _compute_term_key(self):
        """Keep claims of two stages apart, also where they fall due on one day."""
        res = super()._compute_term_key()
        for item in self:
            if item.term_key and item.move_id.rd_maturities:
                item.term_key = frozendict(
                    {**item.term_key, "rd_due_stage_id": item.rd_due_stage_id.id}
                )
        return res

    def _rd_without_sync(self):
        """Return the items to write without Odoo's making the terms anew."""
        return self.with_context(skip_invoice_sync=True)

    def _rd_due_refusal(self):
        return self.env._("Due dates of a contract come from its plan.")

    def _rd_stage_refusal(self):
        return self.env._("A stage is invoiced by reaching it, not by hand.")

    def _rd_check_way(self):
        """Refuse to bill by hand what stages settle, or what is free of charge."""
        for item in self.filtered(lambda one: one.move_type != "out_refund"):
            closed = item.sale_line_ids.filtered(
                lambda line: line.rd_settlement_way in ("stages", "none")
            )
            if closed and not item.rd_stage_line_id:
                raise UserError(closed[0]._rd_closed_refusal())

    def _rd_is_agreed(self):
        """Tell whether another agreement than the order fixed this line's price."""
        self.ensure_one()
        return self.is_downpayment
