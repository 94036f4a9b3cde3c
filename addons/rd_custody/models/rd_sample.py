# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

from odoo.addons.rd_sales_admin.tools.flags import flag_search


class RdProperty(models.Model):
    """A sample in the sample room: a card like any other, ours or a customer's.

    A customer's sample is customer property too. It is one record: the register of
    customers' property and the sample room are two views of it.
    """

    _name = "rd.property"
    _inherit = ["rd.property"]

    is_own = fields.Boolean(
        string="Our own",
        compute="_compute_is_own",
        store=True,
        index=True,
        help="It belongs to our own company; nobody outside has to be told of it.",
    )
    sample_kind = fields.Selection(
        [
            ("plain", "Sample"),
            ("sealed", "Sealed sample (master)"),
            ("limit", "Limit sample"),
        ],
        string="Kind of sample",
        default="plain",
        tracking=True,
        help="A sealed sample is what was agreed with the customer; a limit sample "
        "shows how bad is still good. Both are lent with approval only.",
    )
    drawing_version = fields.Char(string="Version of the drawing", tracking=True)
    sample_for_id = fields.Many2one(
        "res.partner",
        string="For customer",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="For whose project it is kept; empty for a customer's own sample.",
    )
    valid_until = fields.Date(
        tracking=True, help="After this day it may not serve as a reference any more."
    )
    is_expired = fields.Boolean(
        string="Expired", compute="_compute_is_expired", search="_search_is_expired"
    )

    _valid_samples = models.Index(
        "(company_id, valid_until) WHERE valid_until IS NOT NULL"
    )

    @api.model
    def default_get(self, fields):
        """A new sample is our own until somebody says whose it is."""
        values = super().default_get(fields)
        if values.get("kind") == "sample" and "partner_id" in fields:
            values.setdefault("partner_id", self.env.company.partner_id.id)
        return values

    @api.depends("partner_id.commercial_partner_id", "company_id.partner_id")
    def _compute_is_own(self):
        for card in self:
            owner = card.partner_id.commercial_partner_id
            card.is_own = bool(owner) and owner == card.company_id.partner_id

    @api.depends("valid_until")
    def _compute_is_expired(self):
        for card in self:
            today = (card.company_id or self.env.company)._rd_today()
            card.is_expired = bool(card.valid_until) and card.valid_until < today

    @api.model
    @flag_search
    def _search_is_expired(self):
        return self.env["res.company"]._rd_compare_today("valid_until", "<")

    def _get_sample_drawing(self):
        """Return drawing number and version as a register shows them."""
        self.ensure_one()
        return " ".join(filter(None, (self.specification, self.drawing_version)))

    def _get_sample_customer(self):
        """Return for which customer the sample is kept; empty for nobody."""
        self.ensure_one()
        return self.sample_for_id if self.is_own else self.partner_id

    # ------------------------------------------------------------------
    # Disposal
    # ------------------------------------------------------------------
    def action_dispose_samples(self):
        """Open the form that takes reason and consent for disposing of samples."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispose of samples"),
            "res_model": "rd.sample.dispose",
            "view_mode": "form",
            "target": "new",
            "context": {"default_property_ids": [fields.Command.set(self.ids)]},
        }

    def _dispose_samples(self, reason, consent=None, paper=None):
        """Dispose of all of each sample.

        :param consent: who of the owner agreed; a customer's sample needs it
        :raise UserError: for what is lent, gone, or a customer's without consent
        """
        events = self.env["rd.property.event"]
        events.create(
            [
                {
                    "property_id": card.id,
                    "kind": "dispose",
                    "date": card.company_id._rd_today(),
                    "quantity": card.quantity,
                    "note": reason,
                    "consent": consent if not card.is_own else False,
                    "document": paper,
                }
                for card in self
            ]
        )
