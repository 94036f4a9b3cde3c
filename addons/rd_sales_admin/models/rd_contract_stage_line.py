# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .rd_settlement_source import KIND_STAGE, Portion


class RdContractStageLine(models.Model):
    """What one stage invoices of one order line, once.

    It waits for the affiliate's statement or stands on an invoice of its own;
    which of the two is decided as the stage is reached and never changes.
    """

    _name = "rd.contract.stage.line"
    _description = "Share of an Order Line"
    _inherit = ["rd.settlement.source", "rd.guarded.mixin"]
    _order = "stage_id, sale_line_id, id"
    _check_company_auto = True

    stage_id = fields.Many2one(
        "rd.contract.stage", required=True, index=True, ondelete="restrict"
    )
    contract_id = fields.Many2one(
        related="stage_id.contract_id", store=True, index=True
    )
    company_id = fields.Many2one(related="stage_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="stage_id.partner_id", store=True, index=True)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        required=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(related="sale_line_id.order_id", string="Order")
    currency_id = fields.Many2one(related="sale_line_id.currency_id")
    amount = fields.Monetary(
        required=True,
        help="As the order counts its prices, with or without tax.",
    )
    by_statement = fields.Boolean(
        string="By statement", help="Invoiced from the affiliate's agreed statement."
    )
    date = fields.Date(related="stage_id.invoice_reached", string="Reached on")
    item_ids = fields.One2many("account.move.line", "rd_stage_line_id")
    former_item_ids = fields.One2many(
        "account.move.line",
        "rd_former_stage_line_id",
        help="Items that billed the share and were credited whole.",
    )

    _once = models.UniqueIndex(
        "(stage_id, sale_line_id)", "This stage has already been cut off this line."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | self._get_stored_names()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_internal(self):
        if not self._is_internal():
            raise UserError(
                self.env._("What a stage invoices is not deleted; credit its invoice.")
            )

    @api.depends("stage_id.display_name", "sale_line_id.display_name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.stage_id.display_name} / {line.sale_line_id.display_name}"
            )

    def _get_items(self):
        """Return the invoice lines that stand, drafts included."""
        return self.sudo().item_ids.filtered(lambda item: item.parent_state != "cancel")

    # ------------------------------------------------------------------
    # An invoice of its own
    # ------------------------------------------------------------------
    def action_invoice(self):
        """Make the draft invoice again where it was cancelled, deleted or credited.

        :raise UserError: for what waits for a statement, or stands on an invoice
        """
        self.env["rd.contract"]._check_desk()
        self.check_access("read")
        for line in self:
            if line.by_statement:
                raise UserError(
                    self.env._(
                        "%(line)s is invoiced by the monthly statement.",
                        line=line.display_name,
                    )
                )
            if line._get_items():
                raise UserError(
                    self.env._(
                        "%(line)s is on an invoice already.", line=line.display_name
                    )
                )
        self._invoice_at_once()
        return True

    def _invoice_at_once(self):
        """Make one draft invoice per stage and order of what is not stated."""
        lines = self.sudo().filtered(lambda line: not line.by_statement)
        # A cancelled invoice must be so in the database before its successor is there.
        self.env["account.move"].flush_model(["state"])
        self.env["account.move.line"].flush_model(["parent_state"])
        moves = self.env["account.move"]
        for (stage, order), group in lines.grouped(
            lambda line: (line.stage_id, line.order_id)
        ).items():
            move = (
                self.env["account.move"]
                .sudo()
                .with_company(order.company_id)
                .with_context(
                    default_move_type="out_invoice",
                    rd_guard=self._as_internal().env.context["rd_guard"],
                )
                .create(group._prepare_invoice(stage, order))
            )
            move._rd_set_maturities()
            stage.contract_id.message_post(
                body=self.env._(
                    "Invoice of %(amount)s made for %(stage)s.",
                    amount=move.currency_id.format(move.amount_total),
                    stage=stage.name,
                )
            )
            moves |= move
        return moves

    def _prepare_invoice(self, stage, order):
        return {
            **order._prepare_invoice(),
            "invoice_date": order.company_id._rd_today(),
            "ref": stage.contract_id.name,
            "invoice_line_ids": [Command.create(line._prepare_item()) for line in self],
        }

    def _prepare_item(self, **values):
        """Return the values of the invoice line."""
        self.ensure_one()
        line = self.sale_line_id
        prepared = line._prepare_invoice_line(
            quantity=1.0,
            price_unit=self.amount,
            discount=0.0,
            name=self._get_label(),
            rd_stage_line_id=self.id,
            **values,
        )
        return {**prepared, **self._prepare_no_goods()}

    def _prepare_no_goods(self):
        """Keep a storable part off the invoice: no goods leave the stock with it."""
        self.ensure_one()
        line = self.sale_line_id
        if not line.product_id.is_storable:
            return {}
        accounts = line.product_id.product_tmpl_id.get_product_accounts(
            line.order_id.fiscal_position_id
        )
        return {"product_id": False, "account_id": accounts["income"].id}

    def _get_label(self):
        self.ensure_one()
        stage = self.stage_id
        return " / ".join(
            (
                self.sale_line_id.product_id.name or self.sale_line_id.name,
                stage.contract_id.name,
                f"{stage.name} {stage.invoice_percent:g} %",
            )
        )

    # ------------------------------------------------------------------
    # Source of settlement
    # ------------------------------------------------------------------
    @api.model
    def _rd_get_portions(self, company, partner, until):
        """Return the reached stages of an affiliate, one portion per order line."""
        portions = super()._rd_get_portions(company, partner, until)
        lines = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("by_statement", "=", True),
                ("stage_id.invoice_reached", "<=", until),
            ]
        )
        return portions + [line._prepare_portion() for line in lines]

    def _prepare_portion(self):
        """An amount of its own: no delivered quantity stands behind it."""
        self.ensure_one()
        return Portion(
            kind=KIND_STAGE,
            res_id=self.id,
            sale_line_id=0,
            quantity=1.0,
            sign=-1 if self.amount < 0 else 1,
            date=self.date,
            note=self.contract_id.name,
            zero_reason="",
            currency_id=self.currency_id.id,
            values=self._prepare_statement_line(),
        )

    def _prepare_statement_line(self):
        """Return what the statement line keeps of the stage."""
        self.ensure_one()
        line = self.sale_line_id
        product = line.product_id
        rates = line.tax_ids.filtered(lambda tax: tax.amount_type == "percent")
        missing = not line.tax_ids
        return {
            "product_id": product.id,
            "part": product.default_code or product.name,
            "product_name": self._get_label(),
            "settlement_class": "project",
            "uom_id": line.product_uom_id.id,
            "uom_name": line.product_uom_id.name,
            "customer_order": line.order_id.client_order_ref or "",
            "customer_order_line": line.rd_customer_line or "",
            "price_unit": abs(self.amount),
            "order_price": abs(self.amount),
            "price_source": self.stage_id.display_name,
            "discount": 0.0,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "tax_rate": sum(rates.mapped("amount")),
            "zero_reason": "no_tax" if missing else False,
            "verdict": "no_price" if missing else "pending",
            "late": False,
        }
