# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import invoicing
from .rd_invoice_rules import DELIVERY_WAYS, KINDS, RULE_FIELDS
from .rd_statement import OPEN_STATES


class InvoiceRules(NamedTuple):
    """How the invoices of one statement are split."""

    limits: invoicing.Limits
    by_class: bool
    by_order: bool
    by_rate: bool


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner"]

    rd_invoice_rules = fields.Selection(
        [("company", "As the company"), ("own", "Own rules")],
        string="Splitting of invoices",
        default="company",
        help="Into how many invoices a statement goes.",
    )
    rd_invoice_max_amount = fields.Monetary(
        string="Most untaxed amount per invoice", help="0: no limit."
    )
    rd_invoice_max_lines = fields.Integer(
        string="Most lines per invoice",
        help="Counted as printed: one per part, price and tax. 0: no limit.",
    )
    rd_invoice_by_class = fields.Boolean(string="One invoice per settlement class")
    rd_invoice_by_order = fields.Boolean(string="One invoice per order")
    rd_invoice_by_rate = fields.Boolean(string="One invoice per tax rate")
    rd_fapiao_kind = fields.Selection(
        KINDS, string="Kind of tax invoice", default="special"
    )
    rd_fapiao_way = fields.Selection(
        DELIVERY_WAYS, string="Tax invoices go by", default="email"
    )

    rd_statement_contact_ids = fields.Many2many(
        "res.partner",
        "rd_statement_contact_rel",
        "partner_id",
        "contact_id",
        string="Statements go to",
        help="Who gets the monthly statement by e-mail; empty: the customer itself.",
    )

    @api.constrains("rd_invoice_max_amount", "rd_invoice_max_lines")
    def _check_rd_invoice_limits(self):
        for partner in self:
            if partner.rd_invoice_max_amount < 0 or partner.rd_invoice_max_lines < 0:
                raise ValidationError(
                    self.env._(
                        "The limits of an invoice of %(partner)s cannot be below 0; "
                        "0 stands for no limit.",
                        partner=partner.display_name,
                    )
                )

    def write(self, vals):
        """What is still being collected on the old basis is collected anew."""
        if "rd_basis" in vals:
            self.check_access("write")
            self._rd_collect_anew(vals["rd_basis"])
        return super().write(vals)

    def _rd_collect_anew(self, basis):
        changed = self.filtered(lambda partner: partner.rd_basis != basis)
        # Whoever changes a customer need not see statements of all companies.
        self.env["rd.statement"].sudo()._collect_anew(changed)

    @api.constrains("rd_basis")
    def _check_rd_basis(self):
        """A statement is made on one basis; it does not change under its lines."""
        # Whoever changes a customer need not see statements of all companies.
        statements = (
            self.env["rd.statement"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("state", "in", OPEN_STATES),
                    ("line_ids.live", "=", True),
                ]
            )
        )
        # A merge of contacts writes the basis that is there already.
        statement = statements.filtered(
            lambda one: one.basis != one.partner_id.rd_basis
        )[:1]
        if statement:
            raise ValidationError(
                self.env._(
                    "%(statement)s rests on the present basis and is not agreed yet; "
                    "agree or cancel it before the basis changes.",
                    statement=statement.display_name,
                )
            )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            "rd_invoice_rules",
            *RULE_FIELDS,
            "rd_fapiao_kind",
            "rd_fapiao_way",
            "rd_statement_contact_ids",
        ]

    def _rd_get_invoice_rules(self, statement):
        """Return the :class:`InvoiceRules` for a statement of this customer."""
        self.ensure_one()
        company = statement.company_id
        partner = self.commercial_partner_id
        source = partner if partner.rd_invoice_rules == "own" else company
        amount = source.rd_invoice_max_amount
        if amount and statement.currency_id != company.currency_id:
            # The authority counts in the company's currency.
            amount = company.currency_id._convert(
                amount, statement.currency_id, company, statement.date_to
            )
        return InvoiceRules(
            invoicing.Limits(
                Decimal(str(amount)) if amount else None,
                source.rd_invoice_max_lines or None,
            ),
            source.rd_invoice_by_class,
            source.rd_invoice_by_order,
            source.rd_invoice_by_rate,
        )

    def _rd_get_statement_contacts(self):
        """Return who gets this customer's statements by e-mail."""
        self.ensure_one()
        return self.rd_statement_contact_ids or self

    def action_view_statement_columns(self):
        """Open the affiliate's own columns; at first a copy of the company's."""
        self.ensure_one()
        self.env["rd.close"]._check_desk()
        partner = self.commercial_partner_id
        self.env["rd.statement.column"]._copy_for(self.env.company, partner)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "rd_reconciliation.rd_statement_column_action"
        )
        action["domain"] = [("partner_id", "=", partner.id)]
        action["context"] = {"default_partner_id": partner.id}
        return action
