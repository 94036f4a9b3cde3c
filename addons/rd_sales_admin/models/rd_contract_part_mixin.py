# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, models
from odoo.exceptions import UserError


class RdContractPartMixin(models.AbstractModel):
    """A row of a contract: it changes as long as the contract is a draft."""

    _name = "rd.contract.part.mixin"
    _description = "Row of a Contract"
    _inherit = ["rd.guarded.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_internal():
            # the contract may be named by the context as well
            given = self.default_get(["contract_id"])
            numbers = {{**given, **vals}.get("contract_id") for vals in vals_list}
            self._check_draft(self.env["rd.contract"].browse(numbers - {None, False}))
        return super().create(vals_list)

    def write(self, vals):
        if not self._is_internal():
            self._check_draft(self.contract_id)
            self._check_draft(
                self.env["rd.contract"].browse(vals.get("contract_id") or [])
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_draft(self.contract_id)

    @api.model
    def _check_draft(self, contracts):
        # Which state it is in, everybody may be told.
        for contract in contracts.sudo():
            if contract.state != "draft":
                raise UserError(contract._frozen_refusal())
